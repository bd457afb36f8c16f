"""feeds.yaml in a folder of its own, and what is said of it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aggregator.config import load_settings
from aggregator.errors import ConfigError, Problem
from aggregator.model.settings import Settings

Load = Callable[..., Settings]
Complain = Callable[..., tuple[Problem, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str | bytes, environment: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "feeds.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_settings(path, environment or {})

    return read


@pytest.fixture
def complain(load: Load) -> Complain:
    """Return what is wrong with a text; it must be something."""

    def read(
        text: str | bytes, environment: Mapping[str, str] | None = None
    ) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as raised:
            load(text, environment)
        return raised.value.problems

    return read

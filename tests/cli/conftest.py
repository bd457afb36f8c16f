"""A feeds.yaml with a folder of posts: everything works without a network."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aggregator.cli.main import group

Invoke = Callable[..., Result]

FEEDS = """
site: {title: Test feeds}
sources:
  notes: {posts: posts, categories: front-matter, every: 1h}
feeds:
  all: {title: Everything}
"""

POST = """---
title: {title}
date: 2026-03-0{day} 12:00:00 +0000
categories: [News]
---
Hello
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with feeds.yaml and two posts."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "posts").mkdir()
    for day, title in ((1, "First words"), (2, "More words")):
        post = POST.format(title=title, day=day)
        path = tmp_path / f"posts/2026-03-0{day}-post.md"
        path.write_text(post)
        os.utime(path, (0, 0))  # a scan leaves files of the last seconds for the next one
    return tmp_path


@pytest.fixture
def invoke(folder: Path, instance: Path) -> Invoke:
    """Return what runs a command on that folder."""

    def run(*words: str, config: Path | None = None) -> Result:
        files = ["--config", str(config or folder / "feeds.yaml")]
        places = [*files, "--instance", str(instance)]
        return CliRunner().invoke(group, [*places, *words], prog_name="aggregator")

    return run

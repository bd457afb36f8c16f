"""This program, compiled as an installed one is: ``pip install`` does it for every peer."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import aggregator
from bench.contestants.records import Contestant

_CATEGORIES = 25
_PYTHON = ("env", "-u", "PYTHONDONTWRITEBYTECODE", sys.executable, "-m")
"""Under that variable a checkout is compiled at every start, which is half a second."""


def ours() -> Contestant:
    """Return this checkout, run by this interpreter."""
    return Contestant("aggregator", aggregator.__version__, _prepare, _command)


def _prepare(folder: Path, urls: Sequence[str]) -> None:
    """Write a feeds.yaml: every feed in one of 25 categories, and all in one feed."""
    lines = [
        "site: {url: 'https://feeds.example.org/', title: Bench, contact: bench@example.org}",
        "fetch: {allow_networks: [127.0.0.0/8]}",
        "sources:",
    ]
    lines += [
        f"  feed-{number:05}: {{feed: '{url}', categories: [Topic {number % _CATEGORIES}]}}"
        for number, url in enumerate(urls)
    ]
    lines += ["feeds:", "  all: {title: Everything, match: {}}", ""]
    (folder / "feeds.yaml").write_text("\n".join(lines))
    package = str(Path(aggregator.__file__).parent)
    subprocess.run([*_PYTHON, "compileall", "-q", package], check=True)


def _command(folder: Path, turn: str) -> Sequence[str]:
    place = ["--config", str(folder / "feeds.yaml"), "--instance", str(folder / "instance")]
    command = [*_PYTHON, "aggregator", *place, "poll"]
    return command if turn == "first" else [*command, "--force"]

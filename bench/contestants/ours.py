"""This program, compiled as an installed one is: ``pip install`` does it for every peer."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import aggregator
from bench.contestants.records import Contestant, Task, count
from bench.generate import CHANGED_EVERY

_CATEGORIES = 25
_PYTHON = ("env", "-u", "PYTHONDONTWRITEBYTECODE", sys.executable, "-m")
"""Under that variable a checkout is compiled at every start, which is half a second."""


def ours() -> Contestant:
    """Return this checkout, run by this interpreter."""
    return Contestant(
        name="aggregator",
        version=aggregator.__version__,
        prepare=_prepare,
        command=_command,
        kept=lambda folder: count(folder / "instance" / "aggregator.db", "entry"),
        publishes=True,
    )


def _prepare(folder: Path, task: Task) -> None:
    """Write a feeds.yaml: every feed in one of 25 categories, and all in one feed.

    The feeds that change are spread over all categories, so that all are to be built anew.
    """
    lines = [
        "site: {url: 'https://feeds.example.org/', title: Bench, contact: bench@example.org}",
        "fetch: {allow_networks: [127.0.0.0/8]}",
        f"publish: [{{hub: '{task.hub}'}}]",
        *([f"defaults: {{ca_certificates: '{task.authorities}'}}"] if task.authorities else []),
        "sources:",
    ]
    lines += [
        f"  feed-{number:05}: {{feed: '{url}', categories: [Topic {_category(number)}]}}"
        for number, url in enumerate(task.urls)
    ]
    lines += ["feeds:", "  all: {title: Everything, match: {}}", ""]
    (folder / "feeds.yaml").write_text("\n".join(lines))
    package = str(Path(aggregator.__file__).parent)
    subprocess.run([*_PYTHON, "compileall", "-q", package], check=True)


def _category(number: int) -> int:
    return number // CHANGED_EVERY % _CATEGORIES


def _command(folder: Path, turn: str) -> Sequence[str]:
    place = ["--config", str(folder / "feeds.yaml"), "--instance", str(folder / "instance")]
    command = [*_PYTHON, "aggregator", *place, "poll"]
    return command if turn == "first" else [*command, "--force"]

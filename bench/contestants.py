"""Who is measured: how each is set up, and the command of one poll."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator import __version__

_CATEGORIES = 25


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program that polls feeds."""

    name: str
    version: str
    prepare: Callable[[Path, Sequence[str]], None]
    """Writes what the program needs into an empty folder, so that it polls these addresses."""
    command: Callable[[Path, str], Sequence[str]]
    """What polls once, in that folder; the second word is "first" or "again"."""


def _prepare_ours(folder: Path, urls: Sequence[str]) -> None:
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


def _command_of_ours(folder: Path, turn: str) -> Sequence[str]:
    place = ["--config", str(folder / "feeds.yaml"), "--instance", str(folder / "instance")]
    command = [sys.executable, "-m", "aggregator", *place, "poll"]
    return command if turn == "first" else [*command, "--force"]


OURS = Contestant("aggregator", __version__, _prepare_ours, _command_of_ours)

ALL = (OURS,)

"""The two instances: a thousand sources polled once, and ten thousand polled for years."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.contestants import Task, ours
from bench.growth.years import grow
from bench.server import Server

CONFIG, INSTANCE, DATABASE = "feeds.yaml", "instance", "aggregator.db"


def name_of(number: int) -> str:
    """Return the name of a source (``bench.contestants.ours``)."""
    return f"feed-{number:05}"


def make_small(folder: Path, server: Server, feeds: int) -> int:
    """Poll every feed of the catalogue once; returns how many entries there are."""
    contestant = ours()
    contestant.prepare(folder, Task(locations(server, feeds), server.hub))
    server.state("as-is")
    _run(contestant.command(folder, "first"))
    return contestant.kept(folder)


def make_large(
    folder: Path, server: Server, small: Path, feeds: int, times: int, entries: int
) -> int:
    """Add sources and entries to a copy of the small one; returns how many entries there are."""
    (folder / INSTANCE).mkdir()
    shutil.copy(small / INSTANCE / DATABASE, folder / INSTANCE / DATABASE)
    contestant = ours()
    addresses = locations(server, feeds * times)
    contestant.prepare(folder, Task(addresses, server.hub))
    _run([*contestant.command(folder, "first")[:-1], "list"])  # takes the new sources in
    return grow(folder / INSTANCE / DATABASE, feeds, addresses, entries)


def locations(server: Server, count: int) -> Sequence[str]:
    """Return the addresses of so many sources."""
    return [server.url(number) for number in range(count)]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

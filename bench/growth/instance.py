"""The two instances: a thousand sources polled once, and ten thousand polled for years."""

import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from aggregator import __version__
from aggregator.config import load_settings
from aggregator.core import select
from aggregator.publishing.building import ARCHIVE_VERSION
from aggregator.store import open_store
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
    kept = grow(folder / INSTANCE / DATABASE, feeds, addresses, entries)
    keep_recipes(folder)
    return kept


def keep_recipes(folder: Path) -> None:
    """Note every feed as built from the sources there are now.

    Else each page of every archive would be written again, for a source more is another recipe.
    """
    settings = load_settings(folder / CONFIG)
    database = folder / INSTANCE / DATABASE
    with closing(open_store(f"sqlite:///{database}")) as store:
        feeds = select.feeds_of(settings, store.categories())
    recipes = select.Recipes(settings)
    lines = [
        {
            "feed": feed.slug,
            "recipe": recipes.of(feed, __version__),
            "archived_by": recipes.of_archive(feed, ARCHIVE_VERSION),
        }
        for feed in feeds
    ]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "UPDATE built SET recipe = :recipe, archived_by = :archived_by WHERE feed = :feed",
            lines,
        )


def locations(server: Server, count: int) -> Sequence[str]:
    """Return the addresses of so many sources."""
    return [server.url(number) for number in range(count)]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

"""What is known of a program that is measured, and what it is told to do."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from msgspec import Struct


class Task(Struct, frozen=True):
    """What a program is to poll."""

    urls: Sequence[str]
    hub: str
    """Whom it is to tell which feeds changed, if it publishes any."""
    authorities: Path | None = None
    """Who signed the certificates of the servers, if there are any; so says the environment."""


class Contestant(Struct, frozen=True):
    """A program that polls feeds."""

    name: str
    version: str
    prepare: Callable[[Path, Task], None]
    """Writes what the program needs into an empty folder."""
    command: Callable[[Path, str], Sequence[str]]
    """What polls once, in that folder; the second word is "first" or "again"."""
    kept: Callable[[Path], int]
    """How many entries it has kept: who keeps none polls cheaply."""
    publishes: bool = False
    """It builds feeds of what it polled, and tells the hub."""


def count(database: Path, table: str) -> int:
    """Return how many rows a table of a SQLite file has."""
    connection = connect(f"file:{database}?mode=ro", uri=True)
    with closing(connection):
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(number)

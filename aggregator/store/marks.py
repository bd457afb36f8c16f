"""Which feeds must be built again.

A mark that comes while a feed is built must outlive that build: marks are counted, the count is
noted when a builder is handed the feed, and its save takes the mark away only if the count still
is the noted one.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from aggregator.store.database import insert
from aggregator.store.schema import outdated


def mark(connection: Connection, slugs: Iterable[str]) -> None:
    """Mark feeds as to be built at once."""
    marks = [{"feed": slug, "due_at": None, "marks": 1, "handed": 0} for slug in sorted(set(slugs))]
    if not marks:
        return
    again = {"due_at": None, "marks": outdated.c.marks + 1}
    statement = insert(connection, outdated)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["feed"], set_=again),
        marks,
    )


def schedule(connection: Connection, slug: str, due_at: datetime) -> None:
    """Mark a feed as to be built later, unless it is to be built at once."""
    statement = insert(connection, outdated).on_conflict_do_nothing()
    connection.execute(statement, {"feed": slug, "due_at": due_at, "marks": 1, "handed": 0})


def due(connection: Connection, now: datetime) -> frozenset[str]:
    """Return the feeds to build."""
    return frozenset(connection.scalars(select(outdated.c.feed).where(_is_due(now))))


def hand_out(connection: Connection, now: datetime) -> frozenset[str]:
    """Return the feeds to build, noting that somebody is about to."""
    connection.execute(update(outdated).where(_is_due(now)).values(handed=outdated.c.marks))
    return due(connection, now)


def settle(connection: Connection, slug: str) -> None:
    """Take away the mark of a feed that was built, unless a new one came since."""
    connection.execute(
        delete(outdated).where(outdated.c.feed == slug, outdated.c.handed == outdated.c.marks)
    )


def forget(connection: Connection, slugs: Iterable[str]) -> None:
    """Take away the marks of feeds that nobody builds any more."""
    connection.execute(delete(outdated).where(outdated.c.feed.in_(list(slugs))))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(outdated.c.due_at.is_(None), outdated.c.due_at <= now)

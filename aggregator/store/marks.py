"""Which feeds must be built again.

Marks are numbered, for ever upwards, and a builder knows the newest one there was before it looked.
So a mark that comes while a feed is built outlives that build, and a builder that was overtaken by
one that knew a newer mark does not put older bytes over newer ones.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Integer, bindparam, func, literal_column, select, update

from aggregator.model.shown import HeldFeed
from aggregator.store.database import fill, insert_by, parts
from aggregator.store.schema import outdated

if TYPE_CHECKING:
    from aggregator.store.database import Insert

_NOT_HELD: dict[str, Any] = {"held": None, "held_at": None, "held_marks": None}

_SETTLED = select(outdated.c.settled).where(outdated.c.feed == bindparam("of"))
_EXPIRED = select(outdated.c.feed).where(outdated.c.due_at <= bindparam("now")).limit(1)
_UNSETTLED = select(outdated.c.feed, outdated.c.marks).where(
    outdated.c.marks > outdated.c.settled,
    outdated.c.held_marks.is_(None) | (outdated.c.marks > outdated.c.held_marks),
)


def mark(connection: Connection, slugs: Iterable[str]) -> None:
    """Mark feeds as to be built at once."""
    lines = [(slug, 1, 0) for slug in sorted(set(slugs))]
    fill(connection, _marking(connection.dialect.name), ("feed", "marks", "settled"), lines)


@cache
def _marking(dialect: str) -> "Insert":
    return insert_by(dialect, outdated).on_conflict_do_update(
        index_elements=["feed"], set_={"marks": outdated.c.marks + literal_column("1")}
    )


def expired(connection: Connection, now: datetime) -> bool:
    """Tell whether a feed is to be marked because its time has come."""
    return connection.scalar(_EXPIRED, {"now": now}) is not None


def expire(connection: Connection, now: datetime) -> None:
    """Mark the feeds whose time has come."""
    connection.execute(
        update(outdated)
        .where(outdated.c.due_at <= now)
        .values(marks=outdated.c.marks + 1, due_at=None)
    )


def unsettled(connection: Connection) -> dict[str, int]:
    """Return the feeds to build, each with its newest mark; a held one waits for another mark."""
    return {row.feed: row.marks for row in connection.execute(_UNSETTLED)}


def newest(connection: Connection, slugs: Iterable[str]) -> dict[str, int]:
    """Return the newest mark of each of these feeds."""
    columns = (outdated.c.feed, outdated.c.marks)
    return {
        row.feed: row.marks
        for part in parts(slugs)
        for row in connection.execute(select(*columns).where(outdated.c.feed.in_(part)))
    }


def overtaken(connection: Connection, slug: str, handed: int | None) -> bool:
    """Tell whether a builder that knew a newer mark than ``handed`` was done before."""
    settled = connection.scalar(_SETTLED, {"of": slug})
    return handed is not None and settled is not None and settled > handed


def settle(connection: Connection, slug: str, handed: int | None, due_at: datetime | None) -> None:
    """Note that a feed is built as of a mark, and when it is to be marked by itself.

    Without ``handed`` it is built as of now.
    """
    row = {"feed": slug, "marks": 0, "settled": 0, "due_at": due_at, "handed": handed}
    connection.execute(_settling(connection.dialect.name), row)


@cache
def _settling(dialect: str) -> "Insert":
    statement = insert_by(dialect, outdated)
    handed = func.coalesce(bindparam("handed", type_=Integer), outdated.c.marks)
    new = {"settled": handed, "due_at": statement.excluded.due_at, **_NOT_HELD}
    return statement.on_conflict_do_update(index_elements=["feed"], set_=new)


def hold(connection: Connection, held: HeldFeed, handed: int | None, *, until_marked: bool) -> bool:
    """Note why a feed's new rendering does not leave; tells whether it was not held before."""
    of_feed = outdated.c.feed == held.slug
    before = connection.scalar(select(outdated.c.held).where(of_feed))
    values = {"held": held.reason, "held_marks": handed if until_marked else None}
    at = {} if before else {"held_at": held.at}
    connection.execute(update(outdated).where(of_feed).values(values | at))
    return before is None


def release(connection: Connection, slug: str) -> bool:
    """Have a held feed built again at once; tells whether it was held."""
    chosen = update(outdated).where(outdated.c.feed == slug, outdated.c.held.is_not(None))
    return connection.execute(chosen.values(_NOT_HELD)).rowcount > 0


def held(connection: Connection) -> tuple[HeldFeed, ...]:
    """Return the feeds that are held, by slug."""
    chosen = select(outdated).where(outdated.c.held.is_not(None)).order_by(outdated.c.feed)
    return tuple(HeldFeed(row.feed, row.held, row.held_at) for row in connection.execute(chosen))


def forget(connection: Connection, slugs: Iterable[str]) -> None:
    """Settle the marks of feeds that nobody builds any more."""
    for part in parts(slugs):
        chosen = update(outdated).where(outdated.c.feed.in_(part))
        connection.execute(chosen.values(settled=outdated.c.marks, due_at=None, **_NOT_HELD))

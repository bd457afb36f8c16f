"""Entries of floods that are held back: they stand behind everything else (``core.flood``)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, literal_column, select, update

from aggregator.core import flood
from aggregator.store import marks
from aggregator.store.schema import (
    built,
    entry,
    entry_category,
    poll_log,
    shelf_entry,
    source,
)
from aggregator.store.types import UtcTime

_HELD = (entry.c.sort_at < flood.HELD_BEFORE) & entry.c.withdrawn.is_(None)
# Grouped by a number that has no index: by source, SQLite would look at every entry there is.
_of = entry.c.source + literal_column("0")
HELD = select(_of, func.count()).where(_HELD).group_by(_of)


def held(connection: Connection) -> Mapping[int, int]:
    """Return how many entries of each source are held back; those that hold none are left out."""
    return {row[0]: row[1] for row in connection.execute(HELD)}


def accept(connection: Connection, name: str) -> int:
    """Put a source's held entries into their places; returns how many.

    Its floods count as what it is used to bring, and all feeds are looked at anew.
    """
    ids = select(source.c.id).where(source.c.name == name).scalar_subquery()
    chosen = select(entry.c.id, entry.c.sort_at).where(_HELD, entry.c.source == ids)
    found = connection.execute(chosen).all()
    of_floods = (poll_log.c.source == ids) & (poll_log.c.outcome == flood.OUTCOME)
    connection.execute(update(poll_log).where(of_floods).values(outcome="new"))
    if not found:
        return 0
    _place(connection, entry, entry.c.id, found)
    _place(connection, entry_category, entry_category.c.entry, found)
    _place(connection, shelf_entry, shelf_entry.c.entry, found)
    # What comes now comes on purpose: it is compared with nothing.
    connection.execute(update(built).values(said=None))
    marks.mark(connection, connection.scalars(select(built.c.feed)).all())
    return len(found)


def _place(connection: Connection, table: Table, key: Any, found: Sequence[Any]) -> None:
    moved = update(table).where(key == bindparam("row"))
    connection.execute(
        moved.values(sort_at=bindparam("place", type_=UtcTime)),
        [{"row": row.id, "place": row.sort_at + flood.BEHIND} for row in found],
    )

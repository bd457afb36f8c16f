"""Shelves: entries that are kept together because of what they say (``core.select``).

1. Who stands on a shelf is decided by the caller: by a poll for the entries it brings, by
   ``shelve`` for those that were there before the shelf was. What was taken back stands on none.
2. ``missed_from`` of a shelf is the first entry of which nobody decided: a new shelf begins at 0, a
   poll by a process that does not know the shelf yet puts it back, and so does a source that moves
   to other categories. ``shelve`` goes on from there, a page in a transaction, a kill in between
   costs nothing.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from aggregator.model.shown import Kept
from aggregator.store import shelves
from aggregator.store.database import insert_new, parts, wanted
from aggregator.store.schema import entry, shelf, shelf_entry

_PAGE = 200
_MISS = (
    update(shelf)
    .where(shelf.c.key.not_in(wanted()))
    .values(
        missed_from=case(
            (shelf.c.missed_from < bindparam("first"), shelf.c.missed_from),
            else_=bindparam("first"),
        )
    )
)


class Stand(NamedTuple):
    """An entry of which it was decided where it stands."""

    entry: int
    identity: str
    sort_at: datetime
    shelves: Sequence[str]


def sync(connection: Connection, keys: Collection[str]) -> None:
    """Make the shelves exactly these."""
    there = set(connection.scalars(select(shelf.c.key)))
    for part in parts(sorted(there - set(keys))):
        connection.execute(delete(shelf_entry).where(shelf_entry.c.shelf.in_(part)))
        connection.execute(delete(shelf).where(shelf.c.key.in_(part)))
    new = sorted(set(keys) - there)
    if new:
        connection.execute(
            insert_new(connection, shelf), [{"key": key, "missed_from": 0} for key in new]
        )


def shelve(
    connection: Connection, known: Collection[str], decide: Callable[[Kept], Collection[str]]
) -> int:
    """Decide of the next entries that are missed; returns how many, 0 when none is left.

    Of shelves that are not ``known`` the caller can decide nothing.
    """
    keys = unfinished(connection, known)
    if not keys:
        return 0
    begin = connection.scalar(select(func.min(shelf.c.missed_from)).where(shelf.c.key.in_(keys)))
    columns = (entry.c.id, entry.c.identity, entry.c.sort_at, entry.c.withdrawn)
    chosen = select(*columns).where(entry.c.id >= begin)
    page = connection.execute(chosen.order_by(entry.c.id).limit(_PAGE)).all()
    kept = {one.id: one for one in shelves.kept(connection, [row.id for row in page])}
    take_out(connection, kept, keys)
    stands = [
        Stand(row.id, row.identity, row.sort_at, sorted(keys.intersection(decide(kept[row.id]))))
        for row in page
        if row.withdrawn is None
    ]
    put(connection, stands)
    following = page[-1].id + 1 if len(page) == _PAGE else None
    connection.execute(update(shelf).where(shelf.c.key.in_(keys)).values(missed_from=following))
    return len(page)


def put(connection: Connection, stands: Iterable[Stand]) -> None:
    """Put entries on shelves."""
    standing = [one for one in stands if one.shelves]
    if not standing:
        return
    newest = connection.scalar(select(func.max(entry.c.id)))
    rows = [
        {
            "entry": one.entry,
            "shelf": key,
            "sort_at": one.sort_at,
            "identity": one.identity,
            "arrival": newest,
        }
        for one in standing
        for key in one.shelves
    ]
    connection.execute(insert_new(connection, shelf_entry), rows)


def take_out(connection: Connection, entries: Iterable[int], keys: Collection[str]) -> None:
    """Take entries off some of the shelves."""
    for part in parts(entries) if keys else ():
        gone = shelf_entry.c.entry.in_(part) & shelf_entry.c.shelf.in_(keys)
        connection.execute(delete(shelf_entry).where(gone))


def stood_on(
    connection: Connection, entries: Iterable[int], keys: Collection[str]
) -> dict[int, set[str]]:
    """Return on which of these shelves each entry stands; those on none are left out."""
    found: dict[int, set[str]] = {}
    for part in parts(entries) if keys else ():
        chosen = select(shelf_entry.c.entry, shelf_entry.c.shelf).where(
            shelf_entry.c.entry.in_(part), shelf_entry.c.shelf.in_(keys)
        )
        for row in connection.execute(chosen):
            found.setdefault(row.entry, set()).add(row.shelf)
    return found


def still_there(connection: Connection, keys: Collection[str]) -> frozenset[str]:
    """Return those of the shelves that are there still."""
    return frozenset(connection.scalars(select(shelf.c.key).where(shelf.c.key.in_(keys))))


def miss(connection: Connection, entries: Collection[int], decided: Collection[str]) -> None:
    """Note that of these entries nobody decided whether they stand on the other shelves."""
    if entries:
        _miss_from(connection, min(entries), decided)


def miss_source(connection: Connection, source: int) -> None:
    """Note that the entries of a source may stand on other shelves now."""
    first = connection.scalar(select(func.min(entry.c.id)).where(entry.c.source == source))
    if first is not None:
        _miss_from(connection, first, ())


def _miss_from(connection: Connection, first: int, decided: Collection[str]) -> None:
    connection.execute(_MISS, {"wanted": list(decided), "first": first})


def unfinished(connection: Connection, known: Collection[str]) -> frozenset[str]:
    """Return those of the shelves on which entries may be missing."""
    chosen = select(shelf.c.key).where(shelf.c.missed_from.is_not(None), shelf.c.key.in_(known))
    return frozenset(connection.scalars(chosen))

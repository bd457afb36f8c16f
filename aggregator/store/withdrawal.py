"""What was taken back: kept, but in no category, no feed and no archive, and never imported again.

1. A withdrawn entry keeps its row, its revisions and the ids it was announced under.
2. Its tombstone, and those of the other guids it was recognised under, say that its return in its
   source is not news. What its source itself dropped (a post whose file is gone) comes back with
   it.
3. It can be restored: its categories are remembered, and its ids are the old ones.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    RowMapping,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from aggregator.model.known import EntryKey, Filed
from aggregator.model.shown import Found, Revision, Withdrawn
from aggregator.store import archives, filing, marks, rows, shelving
from aggregator.store.database import each, insert, parts, wanted
from aggregator.store.schema import (
    alias,
    built,
    entry,
    output_item,
    revision,
    shelf_entry,
    source,
    tombstone,
)
from aggregator.store.types import bounded

_FOUND_MOST = 50

# -- looking -------------------------------------------------------------------------------------


def find(connection: Connection, words: str) -> tuple[Found, ...]:
    """Return the entries a person may mean: by published id, link, or guid, earliest first."""
    announced = select(output_item.c.entry).where(output_item.c.atom_key == bounded(words))
    linked = select(revision.c.entry).where(revision.c.link == words)
    current = (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
    columns = (entry.c.guid, entry.c.withdrawn, source.c.name, revision.c.title, revision.c.link)
    chosen = (
        select(*columns, tombstone.c.reason)
        .select_from(
            entry.join(source)
            .join(revision, current)
            .outerjoin(tombstone, tombstone.c.identity == entry.c.identity)
        )
        .where(or_(entry.c.id.in_(announced), entry.c.id.in_(linked), entry.c.guid == words))
        .order_by(entry.c.id)
        .limit(_FOUND_MOST)
    )
    return tuple(_found(row) for row in connection.execute(chosen).mappings())


def revisions(connection: Connection, key: EntryKey) -> tuple[Revision, ...]:
    """Return all that an entry ever said, the first first."""
    chosen = (
        select(revision)
        .join(entry, entry.c.id == revision.c.entry)
        .where(entry.c.identity == rows.identity(key))
        .order_by(revision.c.number)
    )
    return tuple(
        Revision(row["number"], row["at"], rows.article(row))
        for row in connection.execute(chosen).mappings()
    )


def withdrawn(connection: Connection, feed: str, limit: int) -> tuple[Withdrawn, ...]:
    """Return what a feed announced and took back, the newest first."""
    found = connection.execute(WITHDRAWN, {"of": feed, "most": limit})
    return tuple(Withdrawn(row.atom_id, row.withdrawn) for row in found)


_gone = entry.alias()
WITHDRAWN = (
    select(output_item.c.atom_id, entry.c.withdrawn)
    .join(entry, entry.c.id == output_item.c.entry)
    .where(
        output_item.c.feed == bindparam("of"),
        # Few are: of a feed there may be a million.
        output_item.c.entry.in_(select(_gone.c.id).where(_gone.c.withdrawn.is_not(None))),
    )
    .order_by(entry.c.withdrawn.desc(), output_item.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def copies(connection: Connection, keys: Iterable[EntryKey]) -> tuple[EntryKey, ...]:
    """Return the entries that tell the stories of these, them included."""
    told = select(entry.c.cluster).where(entry.c.identity.in_([*map(rows.identity, keys)]))
    columns = (source.c.name, entry.c.guid)
    chosen = select(*columns).join(source).where(entry.c.cluster.in_(told)).order_by(entry.c.id)
    return tuple(EntryKey(*row) for row in connection.execute(chosen))


# -- doing ---------------------------------------------------------------------------------------


def withdraw(
    connection: Connection,
    keys: Sequence[EntryKey],
    at: datetime,
    reason: str | None,
    *,
    by_source: bool = False,
) -> int:
    """Take entries back; returns how many were not yet.

    ``by_source``: their source dropped them, and may bring them back (``bring_back``).
    """
    if not by_source:
        _keep_down(connection, keys)
    gone = _entries(connection, keys, entry.c.withdrawn.is_(None))
    if not gone:
        return 0
    ids = [row.id for row in gone]
    filed = filing.filed_of(connection, ids)
    for row in gone:
        stone = {"at": at, "reason": reason, "by_source": by_source}
        _bury(connection, row, filed.get(row.id, ()), stone)
    for part in parts(ids):
        connection.execute(update(entry).where(entry.c.id.in_(part)).values(withdrawn=at))
        filing.take_out(connection, part)
        connection.execute(delete(shelf_entry).where(shelf_entry.c.entry.in_(part)))
    _count(connection, gone, -1)
    outdate(connection, ids)
    return len(gone)


def restore(connection: Connection, keys: Sequence[EntryKey]) -> int:
    """Give back entries that were withdrawn; returns how many."""
    back = _entries(connection, keys, entry.c.withdrawn.is_not(None))
    if not back:
        return 0
    ids = [row.id for row in back]
    stones = _tombstones(connection, [row.identity for row in back])
    for part in parts(ids):
        connection.execute(update(entry).where(entry.c.id.in_(part)).values(withdrawn=None))
        aliases = select(alias.c.identity).where(alias.c.entry.in_(part))
        connection.execute(delete(tombstone).where(tombstone.c.identity.in_(aliases)))
    for part in parts(row.identity for row in back):
        connection.execute(delete(tombstone).where(tombstone.c.identity.in_(part)))
    places = [
        filing.Place(filed, row.id, row.identity, row.sort_at, row.id)
        for row in back
        for filed in stones.get(row.identity, ())
    ]
    filing.file(connection, places)
    shelving.miss(connection, ids, ())
    _count(connection, back, 1)
    outdate(connection, ids)
    return len(back)


def bring_back(connection: Connection, keys: Iterable[EntryKey]) -> None:
    """Give back those of these entries that their source had dropped."""
    by_identity = {rows.identity(key): key for key in keys}
    dropped = each(connection, _DROPPED, by_identity)
    restore(connection, [by_identity[row.identity] for row in dropped])


_DROPPED = select(tombstone.c.identity).where(
    tombstone.c.identity.in_(wanted()), tombstone.c.by_source.is_(True)
)


def _keep_down(connection: Connection, keys: Iterable[EntryKey]) -> None:
    """Make the operator's what a source had dropped: it does not come back by itself."""
    own = [*map(rows.identity, keys)]
    others = select(alias.c.identity).join(entry).where(entry.c.identity.in_(own))
    named = tombstone.c.identity.in_(own) | tombstone.c.identity.in_(others)
    connection.execute(update(tombstone).where(named).values(by_source=False))


def _entries(
    connection: Connection, keys: Iterable[EntryKey], state: ColumnElement[bool]
) -> list[Row[Any]]:
    chosen = select(entry).where(entry.c.identity.in_(wanted()), state).order_by(entry.c.id)
    return list(each(connection, chosen, map(rows.identity, keys)))


def _bury(
    connection: Connection,
    row: Row[Any],
    filed: Sequence[Filed],
    stone: rows.Row,
) -> None:
    others = connection.scalars(select(alias.c.identity).where(alias.c.entry == row.id)).all()
    own = stone | {"filed": rows.filed_text(filed)}
    stones = [{"identity": row.identity, **own}]
    stones += [{"identity": one, **own, "filed": None} for one in others]
    statement = insert(connection, tombstone)
    new = {name: statement.excluded[name] for name in own}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["identity"], set_=new), stones
    )


def _tombstones(connection: Connection, identities: Iterable[str]) -> dict[str, tuple[Filed, ...]]:
    chosen = select(tombstone).where(tombstone.c.identity.in_(wanted()))
    return {
        row.identity: rows.filed(row.filed)
        for row in each(connection, chosen, identities)
        if row.filed
    }


def _count(connection: Connection, entries: Iterable[Row[Any]], more: int) -> None:
    for row in entries:
        counted = source.c.entries + more
        connection.execute(update(source).where(source.c.id == row.source).values(entries=counted))


def outdate(connection: Connection, ids: Sequence[int]) -> None:
    """Have all feeds built again that announced a copy of these stories, archives included.

    Each looks at everything once more, for a copy that stays may need a new place, and is compared
    with nothing: what goes now goes on purpose.
    """
    told = entry.alias()
    of_story = entry.join(told, told.c.cluster == entry.c.cluster).join(
        output_item, output_item.c.entry == told.c.id
    )
    chosen = select(output_item.c.feed).select_from(of_story).where(entry.c.id.in_(wanted()))
    named = {row.feed for row in each(connection, chosen, ids)}
    feeds = [row.feed for row in each(connection, _BUILT, named)]
    for part in parts(feeds):
        forget = update(built).where(built.c.feed.in_(part))
        connection.execute(forget.values(swept=None, said=None))
    archives.spoil(connection, ids)
    marks.mark(connection, feeds)


_BUILT = select(built.c.feed).where(built.c.feed.in_(wanted()))


def _found(row: RowMapping) -> Found:
    key = EntryKey(row["name"], row["guid"])
    return Found(key, row["title"], row["link"], row["withdrawn"], row["reason"])

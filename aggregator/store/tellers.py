"""By what entries are found and compared among those that may tell one story.

1. A key that a million entries bear costs no more than one that sixty bear: only the newest are
   looked at.
2. An edit adds keys and takes none away: who is found by an old one is compared as it is now.
3. Keys of entries that came long ago are swept up a slice of the keys at a time, for none of the
   tables has an index by entry: it would be as large as the keys.
4. Sketches go with the keys, but for those of a source's newest entries: they tell its boilerplate.
   An entry without one still stands in its story, and is found to be like nobody.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    true,
)

from aggregator.model.known import DuplicateLink, EntryKey, Stories, Teller, Traces
from aggregator.store.database import each, fill, insert_by, insert_new, wanted
from aggregator.store.rows import identity
from aggregator.store.schema import (
    duplicate_link,
    entry,
    parted,
    revision,
    source,
    story_key,
    story_sketch,
)
from aggregator.store.types import clean

if TYPE_CHECKING:
    from aggregator.store.database import Insert

_VERSION = 1
"""Of how keys and sketches are made; what another one made is not compared."""
_KEY_BITS = 31
SLICES = 64
"""Of the keys, each swept in a transaction of its own: no poll waits for long."""
_SWEPT = 500
"""Sketches that are looked at in one transaction."""

# -- keeping -------------------------------------------------------------------------------------


def keep(connection: Connection, traces: Collection[tuple[int, Traces]]) -> None:
    """Keep the traces of entries that came or changed."""
    lines = [(row, one.sketch, one.link_key, _VERSION) for row, one in traces]
    fill(connection, _keeping(connection.dialect.name), _SKETCH, lines)
    keys = [(key, row) for row, one in traces for key in one.keys]
    fill(connection, insert_new(connection, story_key), ("key", "entry"), keys)


_SKETCH = ("entry", "sketch", "link_key", "version")


@cache
def _keeping(dialect: str) -> "Insert":
    statement = insert_by(dialect, story_sketch)
    new = {name: statement.excluded[name] for name in _SKETCH[1:]}
    return statement.on_conflict_do_update(index_elements=["entry"], set_=new)


def newest_before(connection: Connection, moment: datetime) -> int:
    """Return the newest entry first seen before a moment; 0 where there is none."""
    chosen = select(entry.c.id).where(entry.c.first_seen < moment)
    return connection.scalar(chosen.order_by(entry.c.id.desc()).limit(1)) or 0


def sweep_keys(connection: Connection, last: int, place: int) -> None:
    """Forget the keys of all entries up to this one, in one of ``SLICES`` of all keys."""
    width = (1 << _KEY_BITS) // SLICES
    of_slice = story_key.c.key.between(place * width, (place + 1) * width - 1)
    connection.execute(delete(story_key).where(of_slice, story_key.c.entry <= last))


def sketched(connection: Connection, after: int, last: int) -> list[int]:
    """Return the next entries that have a sketch, no more than one sweep takes."""
    chosen = select(story_sketch.c.entry).where(
        story_sketch.c.entry > after, story_sketch.c.entry <= last
    )
    return list(connection.scalars(chosen.order_by(story_sketch.c.entry).limit(_SWEPT)))


def sweep_sketches(connection: Connection, entries: Collection[int], newest: int) -> None:
    """Forget the sketches of these entries but for a source's newest so many."""
    connection.execute(_SWEEP, {"wanted": list(entries), "offset": newest - 1})


# -- looking -------------------------------------------------------------------------------------


def bearers(
    connection: Connection, keys: Collection[int], limit: int
) -> Mapping[int, tuple[int, ...]]:
    """Return the rows of the newest ``limit`` bearers of each key, the newest first."""
    if not keys:
        return {}
    name = connection.dialect.name
    listed = sorted(keys)
    words = {"keys": listed if name == "postgresql" else json.dumps(listed), "limit": limit}
    found: dict[int, list[int]] = {}
    for key, row in connection.execute(bearing(name), words):
        if row is not None:
            found.setdefault(key, []).append(row)
    return {key: tuple(sorted(borne, reverse=True)) for key, borne in found.items()}


@cache
def bearing(dialect: str) -> Select[Any]:
    """Choose who bears keys. Built once: building it takes longer than running it."""
    return _borne_postgres() if dialect == "postgresql" else _borne_sqlite()


def _borne_sqlite() -> Select[Any]:
    """Choose the newest bearers of each key, as one stretch of the primary key.

    By an outer join: only then the list of keys surely comes first.
    """
    listed = func.json_each(bindparam("keys", type_=Text)).table_valued("value", name="wanted")
    other = story_key.alias()
    last = (
        select(other.c.entry)
        .where(other.c.key == listed.c.value)
        .order_by(other.c.entry.desc())
        .offset(_LIMIT - 1)
        .limit(1)
        .scalar_subquery()
    )
    bears = (story_key.c.key == listed.c.value) & (story_key.c.entry >= func.coalesce(last, 0))
    chosen = select(listed.c.value, story_key.c.entry)
    return chosen.select_from(listed.outerjoin(story_key, bears))


def _borne_postgres() -> Select[Any]:
    """Choose the same; a small table would be scanned for a join, for this it is not."""
    from sqlalchemy.dialects import postgresql  # 20 ms that SQLite need not pay

    keys = bindparam("keys", type_=postgresql.ARRAY(Integer))
    listed = func.unnest(keys).table_valued("value", name="wanted").render_derived()
    newest = (
        select(story_key.c.entry)
        .where(story_key.c.key == listed.c.value)
        .order_by(story_key.c.entry.desc())
        .limit(_LIMIT)
        .lateral("newest")
    )
    return select(listed.c.value, newest.c.entry).select_from(listed.join(newest, true()))


def of_rows(connection: Connection, numbers: Iterable[int]) -> tuple[Teller, ...]:
    """Return the entries of these rows."""
    return tuple(map(_teller, each(connection, _OF_ROWS, numbers)))


def told(connection: Connection, clusters: Iterable[int]) -> Stories:
    """Return all that is known of the stories of these numbers, the earliest entries first."""
    found = sorted(
        map(_teller, each(connection, _MEMBERS, set(clusters))), key=lambda one: (one.at, one.key)
    )
    keys = {one.number: one.key for one in found}
    tied = each(connection, _TIES_OF_ROWS, keys) if len(found) > 1 else ()
    ties = tuple(_link(row, keys) for row in tied if row.b in keys)
    return Stories(tuple(found), ties, _apart(connection, _PARTED_ROWS, keys))


def of_keys(connection: Connection, entries: Iterable[EntryKey]) -> tuple[Teller, ...]:
    """Return these entries, as far as they are known."""
    return tuple(map(_teller, each(connection, _OF_KEYS, map(identity, entries))))


def ties(connection: Connection, entries: Iterable[EntryKey]) -> tuple[DuplicateLink, ...]:
    """Return the active links that end at one of these entries."""
    found = {(row.a, row.b): row for row in each(connection, _TIES, map(identity, entries))}
    keys = _keys_of(connection, {end for pair in found for end in pair})
    return tuple(_link(row, keys) for row in found.values())


def apart(connection: Connection, entries: Iterable[EntryKey]) -> frozenset[frozenset[EntryKey]]:
    """Return the pairs with one of these entries that the operator parted."""
    return _apart(connection, _PARTED, map(identity, entries))


def _apart(
    connection: Connection, statement: Select[Any], ends: Iterable[Any]
) -> frozenset[frozenset[EntryKey]]:
    found = {(row.a, row.b) for row in each(connection, statement, ends)}
    keys = _keys_of(connection, {end for pair in found for end in pair})
    return frozenset(frozenset((keys[a], keys[b])) for a, b in found)


def recent(connection: Connection, name: str, limit: int) -> tuple[Teller, ...]:
    """Return the newest entries of a source, the oldest first."""
    words = {"name": clean(name), "limit": limit}
    return tuple(map(_teller, connection.execute(_RECENT, words)))[::-1]


def _link(row: Any, keys: Mapping[int, EntryKey]) -> DuplicateLink:
    return DuplicateLink(keys[row.a], keys[row.b], row.rule, row.score, row.evidence, row.by_user)


def _keys_of(connection: Connection, ids: Iterable[int]) -> dict[int, EntryKey]:
    return {row.id: EntryKey(row.name, row.guid) for row in each(connection, _NAMES, ids)}


def _teller(row: Any) -> Teller:
    return Teller(
        key=EntryKey(row.name, row.guid),
        number=row.id,
        cluster=row.cluster,
        at=row.sort_at,
        title=row.title,
        sketch=row.sketch,
        link_key=row.link_key,
        joined=getattr(row, "joined", True),
    )


_LIMIT = bindparam("limit", type_=Integer)
_NAMES = (
    select(entry.c.id, source.c.name, entry.c.guid).join(source).where(entry.c.id.in_(wanted()))
)
_TELLERS = (
    select(
        entry.c.id,
        source.c.name,
        entry.c.guid,
        entry.c.cluster,
        entry.c.sort_at,
        revision.c.title,
        func.coalesce(story_sketch.c.sketch, b"").label("sketch"),
        story_sketch.c.link_key,
    )
    .select_from(entry)
    .join(source, source.c.id == entry.c.source)
    .join(revision, (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision))
    .outerjoin(
        story_sketch,
        (story_sketch.c.entry == entry.c.id) & (story_sketch.c.version == _VERSION),
    )
)
_MEMBERS = _TELLERS.where(entry.c.cluster.in_(wanted()))
_OF_ROWS = _TELLERS.where(entry.c.id.in_(wanted()))
_OF_KEYS = _TELLERS.where(entry.c.identity.in_(wanted()))
_OTHER = entry.alias()
_RECENT = (
    _TELLERS.add_columns(
        exists()
        .where(_OTHER.c.cluster == entry.c.cluster, _OTHER.c.id != entry.c.id)
        .label("joined")
    )
    .where(source.c.name == bindparam("name"))
    .order_by(entry.c.sort_at.desc(), entry.c.identity)
    .limit(_LIMIT)
)
_LAST_SPARED = (
    select(_OTHER.c.sort_at)
    .where(_OTHER.c.source == entry.c.source)
    .order_by(_OTHER.c.sort_at.desc(), _OTHER.c.identity)
    .limit(1)
    .offset(bindparam("offset", type_=Integer))
    .correlate(entry)
    .scalar_subquery()
)
_SWEEP = delete(story_sketch).where(
    story_sketch.c.entry.in_(
        select(entry.c.id).where(entry.c.id.in_(wanted()), entry.c.sort_at < _LAST_SPARED)
    )
)
_ENDS = select(entry.c.id).where(entry.c.identity.in_(wanted()))
_TIES = select(duplicate_link).where(
    duplicate_link.c.active,
    or_(duplicate_link.c.a.in_(_ENDS), duplicate_link.c.b.in_(_ENDS)),
)
_TIES_OF_ROWS = select(duplicate_link).where(
    duplicate_link.c.active, duplicate_link.c.a.in_(wanted())
)
_PARTED = select(parted).where(or_(parted.c.a.in_(_ENDS), parted.c.b.in_(_ENDS)))
_PARTED_ROWS = select(parted).where(or_(parted.c.a.in_(wanted()), parted.c.b.in_(wanted())))

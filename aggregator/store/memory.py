"""What was known before a poll: entries by their guids and by their marks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from aggregator.model.known import EntryKey, Fingerprint, Kin, Remembered
from aggregator.store import filing, rows, stories
from aggregator.store.database import each, wanted
from aggregator.store.schema import alias, entry, fingerprint, revision, source, tombstone
from aggregator.store.types import bounded, clean

_PER_MARK = 200
"""Newest bearers of one mark, of all sources, that are looked at: what more entries bear (a home
page, a title like "Weekly links") tells no entry apart."""

_CURRENT = (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
_COLUMNS: tuple[Any, ...] = (
    entry.c.id,
    entry.c.guid,
    entry.c.identity,
    entry.c.content_hash,
    entry.c.words_hash,
    entry.c.revision,
    entry.c.published_at,
    entry.c.updated_at,
    entry.c.withdrawn,
    revision.c.published,
    revision.c.updated,
)

_OWN = select(*_COLUMNS, entry.c.identity.label("listed")).join(revision, _CURRENT)
_BY_IDENTITY = _OWN.where(entry.c.identity.in_(wanted()))
_BY_ALIAS = (
    select(*_COLUMNS, alias.c.identity.label("listed"))
    .select_from(alias)
    .join(entry, entry.c.id == alias.c.entry)
    .join(revision, _CURRENT)
    .where(alias.c.identity.in_(wanted()))
)
_BY_ID = (
    select(*_COLUMNS, source.c.name)
    .join(revision, _CURRENT)
    .join(source, source.c.id == entry.c.source)
    .where(entry.c.id.in_(wanted()))
)
_BURIED = select(tombstone.c.identity).where(
    tombstone.c.identity.in_(wanted()), tombstone.c.by_source.is_(False)
)
_LIVE = select(entry.c.guid).join(source).where(entry.c.withdrawn.is_(None))
_MARKS = select(fingerprint).where(fingerprint.c.entry.in_(wanted()))


def remembered(connection: Connection, name: str, guids: Iterable[str]) -> dict[str, Remembered]:
    """Return what is known of a source's guids; unknown ones are left out.

    A guid under which an entry was recognised stands for it; the entry's own comes with it.
    """
    asked = identities(name, guids)
    found = {row.listed: row for row in each(connection, _BY_ALIAS, asked)}
    found.update((row.listed, row) for row in each(connection, _BY_IDENTITY, asked))
    filed = filing.filed_of(connection, {row.id for row in found.values()})
    return {asked[listed]: _remembered(row, filed) for listed, row in found.items()}


def kin(connection: Connection, name: str, marks: Sequence[Fingerprint]) -> tuple[Kin, ...]:
    """Return kept entries of a source that bear one of these marks, each with all of its own."""
    bearing = {row.entry for row in stories.bearers(connection, marks, _PER_MARK)}
    of_source = [row for row in each(connection, _BY_ID, bearing) if row.name == clean(name)]
    found = sorted(of_source, key=lambda row: row.id)
    ids = [row.id for row in found]
    filed = filing.filed_of(connection, ids)
    borne = _marks_of(connection, ids, marks)
    return tuple(
        Kin(_remembered(row, filed), frozenset(borne.get(row.id, ())), row.published)
        for row in found
    )


def buried(connection: Connection, name: str, guids: Iterable[str]) -> frozenset[str]:
    """Return those of a source's guids that the operator's tombstones name."""
    asked = identities(name, guids)
    return frozenset(asked[row.identity] for row in each(connection, _BURIED, asked))


def live(connection: Connection, name: str) -> frozenset[str]:
    """Return the guids of all entries of a source that were not withdrawn."""
    return frozenset(connection.scalars(_LIVE.where(source.c.name == clean(name))))


def identities(name: str, guids: Iterable[str]) -> dict[str, str]:
    """Return the guids by identity."""
    return {rows.identity(EntryKey(name, guid)): guid for guid in guids}


def _marks_of(
    connection: Connection, entries: Iterable[int], asked: Iterable[Fingerprint]
) -> Mapping[int, list[Fingerprint]]:
    """Return the marks of entries; those that were asked for in full, be they never so long."""
    whole = {(mark.kind, bounded(mark.value)): mark for mark in asked}
    found: dict[int, list[Fingerprint]] = {}
    for row in each(connection, _MARKS, entries):
        mark = whole.get((row.kind, row.value)) or Fingerprint(row.kind, row.value)
        found.setdefault(row.entry, []).append(mark)
    return found


def _remembered(row: Row[Any], filed: Mapping[int, tuple[Any, ...]]) -> Remembered:
    return Remembered(
        guid=row.guid,
        content_hash=row.content_hash,
        revision=row.revision,
        published_at=row.published_at,
        updated_at=row.updated_at,
        stated_updated=row.updated,
        words_hash=row.words_hash,
        categories=tuple(line.slug for line in filed.get(row.id, ())),
        withdrawn=row.withdrawn is not None,
    )

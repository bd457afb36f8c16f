"""One poll: what was known before it, and all that it changes.

A poll is applied whole. Applied twice, or by two processes whose leases overlapped, it loses and
doubles nothing: an entry that is there already stays as it is, and so does a revision.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert

from aggregator.model.known import (
    ChangedEntry,
    EntryKey,
    NewEntry,
    PollPlan,
    PollState,
    Remembered,
)
from aggregator.store import filing, marks, rows, stories
from aggregator.store.database import insert, parts
from aggregator.store.schema import (
    entry,
    fingerprint,
    poll_log,
    poll_state,
    revision,
    source,
    tombstone,
)
from aggregator.store.types import bounded

# -- before --------------------------------------------------------------------------------------


def remembered(connection: Connection, name: str, guids: Iterable[str]) -> dict[str, Remembered]:
    """Return what is known of a source's guids; unknown ones are left out."""
    current = (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
    chosen = select(entry, revision.c.updated).join(revision, current)
    found = [
        row
        for part in parts(_identities(name, guids))
        for row in connection.execute(chosen.where(entry.c.identity.in_(part)))
    ]
    filed = filing.filed_of(connection, [row.id for row in found])
    return {
        row.guid: Remembered(
            guid=row.guid,
            content_hash=row.content_hash,
            revision=row.revision,
            published_at=row.published_at,
            updated_at=row.updated_at,
            stated_updated=row.updated,
            categories=tuple(line.slug for line in filed.get(row.id, ())),
        )
        for row in found
    }


def buried(connection: Connection, name: str, guids: Iterable[str]) -> frozenset[str]:
    """Return those of a source's guids that have a tombstone."""
    wanted = _identities(name, guids)
    return frozenset(
        wanted[found]
        for part in parts(wanted)
        for found in connection.scalars(
            select(tombstone.c.identity).where(tombstone.c.identity.in_(part))
        )
    )


def _identities(name: str, guids: Iterable[str]) -> dict[str, str]:
    return {rows.identity(EntryKey(name, guid)): guid for guid in guids}


# -- after ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Revised:
    """An entry with a revision that is to be added."""

    id: int
    identity: str
    sort_at: datetime
    revision: int
    said: NewEntry | ChangedEntry


def apply(connection: Connection, plan: PollPlan) -> None:
    """Do all of a plan."""
    record = plan.record
    found = connection.execute(select(source.c.id).where(source.c.name == record.source))
    source_id: int = found.scalar_one()
    _keep_state(connection, source_id, plan.state)
    connection.execute(plain_insert(poll_log), rows.record_row(record, source_id))
    if plan.info is not None:
        info = rows.info_text(plan.info)
        connection.execute(update(source).where(source.c.id == source_id).values(info=info))
    _add(connection, source_id, plan)
    _change(connection, plan)
    _see(connection, plan)
    stories.link(connection, plan.links, record.at)
    marks.mark(connection, plan.outdated)


def _keep_state(connection: Connection, source_id: int, state: PollState) -> None:
    """Keep the state and end the lease."""
    connection.execute(
        update(poll_state)
        .where(poll_state.c.source == source_id)
        .values(
            **rows.state_row(state),
            lease_until=None,
            first_ok_at=func.coalesce(poll_state.c.first_ok_at, state.last_ok_at),
        )
    )


def _add(connection: Connection, source_id: int, plan: PollPlan) -> None:
    """Insert what is new; what is there already stays as it is."""
    if not plan.new:
        return
    new = {rows.identity(EntryKey(plan.record.source, one.guid)): one for one in plan.new}
    connection.execute(
        insert(connection, entry).on_conflict_do_nothing(),
        [_entry_row(one, source_id, identity, plan.record.at) for identity, one in new.items()],
    )
    ids = _number(connection)
    added = [
        _Revised(row_id, identity, new[identity].sort_at, 1, new[identity])
        for identity, row_id in ids.items()
    ]
    entries = source.c.entries + len(added)
    connection.execute(update(source).where(source.c.id == source_id).values(entries=entries))
    _revise(connection, added, plan.record.at)


def _number(connection: Connection) -> dict[str, int]:
    """Make each entry just inserted a cluster of its own; returns their ids by identity."""
    fresh = entry.c.cluster == 0
    found = connection.execute(select(entry.c.identity, entry.c.id).where(fresh)).all()
    connection.execute(update(entry).where(fresh).values(cluster=entry.c.id))
    return {row.identity: row.id for row in found}


def _change(connection: Connection, plan: PollPlan) -> None:
    """Revise what changed; a revision that is there already stays as it is."""
    said = {rows.identity(EntryKey(plan.record.source, one.guid)): one for one in plan.changed}
    changed = [
        _Revised(row.id, row.identity, row.sort_at, said[row.identity].revision, said[row.identity])
        for part in parts(said)
        for row in connection.execute(select(entry).where(entry.c.identity.in_(part)))
        if row.revision < said[row.identity].revision
    ]
    if not changed:
        return
    connection.execute(
        update(entry).where(entry.c.id == bindparam("row")), [_change_row(one) for one in changed]
    )
    for part in parts(one.id for one in changed):
        connection.execute(delete(fingerprint).where(fingerprint.c.entry.in_(part)))
        filing.take_out(connection, part)
    _revise(connection, changed, plan.record.at)


def _see(connection: Connection, plan: PollPlan) -> None:
    """Note that entries stand in the document."""
    said: tuple[NewEntry | ChangedEntry, ...] = (*plan.new, *plan.changed)
    guids = (*plan.seen, *(one.guid for one in said))
    for part in parts(_identities(plan.record.source, guids)):
        earlier = entry.c.identity.in_(part) & (entry.c.last_seen < plan.record.at)
        connection.execute(update(entry).where(earlier).values(last_seen=plan.record.at))


def _revise(connection: Connection, revised: Sequence[_Revised], at: datetime) -> None:
    """Add revisions; file and fingerprint their entries by them."""
    if not revised:
        return
    connection.execute(plain_insert(revision), [_revision_row(one, at) for one in revised])
    prints = [line for one in revised for line in _fingerprint_rows(one)]
    if prints:
        connection.execute(insert(connection, fingerprint).on_conflict_do_nothing(), prints)
    filing.file(connection, [place for one in revised for place in _places(one)])


def _entry_row(one: NewEntry, source_id: int, identity: str, at: datetime) -> rows.Row:
    return {
        "source": source_id,
        "guid": one.guid,
        "identity": identity,
        "guid_origin": one.guid_origin,
        "cluster": 0,
        "revision": 1,
        "content_hash": one.content_hash,
        "first_seen": at,
        "last_seen": at,
        "sort_at": one.sort_at,
        "published_at": one.published_at,
        "updated_at": one.updated_at,
    }


def _change_row(one: _Revised) -> rows.Row:
    return {
        "row": one.id,
        "revision": one.revision,
        "content_hash": one.said.content_hash,
        "updated_at": one.said.updated_at,
    }


def _revision_row(one: _Revised, at: datetime) -> rows.Row:
    article = rows.article_row(one.said.article)
    return {"entry": one.id, "number": one.revision, "at": at, **article}


def _fingerprint_rows(one: _Revised) -> Iterator[rows.Row]:
    for mark in one.said.fingerprints:
        yield {"entry": one.id, "kind": mark.kind, "value": bounded(mark.value)}


def _places(one: _Revised) -> Iterator[filing.Place]:
    for filed in one.said.filed:
        yield filing.Place(filed, one.id, one.identity, one.sort_at)

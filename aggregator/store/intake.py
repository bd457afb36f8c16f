"""One poll: all that it changes.

A poll is applied whole. Applied twice, or by two processes whose leases overlapped, it loses and
doubles nothing: an entry that is there already stays as it is, and so does a revision.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert

from aggregator.model.known import (
    ChangedEntry,
    EntryKey,
    NewEntry,
    Notice,
    PollPlan,
    PollState,
)
from aggregator.model.parsed import FeedInfo
from aggregator.store import (
    archives,
    filing,
    marks,
    memory,
    rows,
    shelving,
    stories,
    tellers,
    withdrawal,
)
from aggregator.store.database import each, fill, insert_new, parts, wanted
from aggregator.store.schema import (
    alias,
    entry,
    fingerprint,
    notice,
    poll_log,
    poll_state,
    revision,
    source,
)
from aggregator.store.types import bounded

_SEEN_STEP = timedelta(days=1)
_GONE = "its file is gone"
_ALIASES = 16
"""Other guids kept of one entry."""


class _Revised(Struct, frozen=True):
    """An entry with a revision that is to be added."""

    id: int
    identity: str
    sort_at: datetime
    revision: int
    said: NewEntry | ChangedEntry
    arrival: int
    """The newest entry there is by now."""


def apply(connection: Connection, plans: Sequence[PollPlan]) -> None:
    """Do all of several plans."""
    connection.execute(_STATE, [_state_row(plan) for plan in plans])
    connection.execute(_LOG, [rows.record_row(plan.record) for plan in plans])
    for plan in plans:
        if not plan.quiet:
            _keep(connection, plan)


def _keep(connection: Connection, plan: PollPlan) -> None:
    """Keep what a document told."""
    at = plan.record.at
    source_id = connection.execute(_SOURCE, {"of": plan.record.source}).scalar_one()
    added = _add(connection, source_id, plan)
    _describe(connection, source_id, plan.info, added)
    _return(connection, plan)
    _change(connection, plan)
    _see(connection, plan)
    _alias(connection, plan)
    stories.link(connection, plan.links, at)
    stories.cut(connection, plan.cut)
    _end(connection, plan)
    marks.mark(connection, plan.outdated)
    _notify(connection, source_id, plan.notices)


# Most polls are these two statements and no more, for many at once.
_SOURCE = select(source.c.id).where(source.c.name == bindparam("of"))
_STATE = (
    update(poll_state)
    .where(poll_state.c.source == _SOURCE.scalar_subquery())
    .values(
        {name: bindparam(name) for name in rows.state_row(PollState())}
        | {
            "lease_until": None,
            "first_ok_at": func.coalesce(poll_state.c.first_ok_at, bindparam("last_ok_at")),
            # Of the address, so that a state that names none forgets nothing (polls.sync).
            "host": func.coalesce(bindparam("host"), poll_state.c.host),
        }
    )
)
_LOG = plain_insert(poll_log).values(source=_SOURCE.scalar_subquery())
_DESCRIBE = (
    update(source)
    .where(source.c.id == bindparam("row"))
    .values(
        info=func.coalesce(bindparam("said"), source.c.info),
        entries=source.c.entries + bindparam("more"),
    )
)
_INFO = select(source.c.info).where(source.c.id == bindparam("row"))
_FRESH = select(entry.c.identity, entry.c.id).where(entry.c.cluster == 0)
_NUMBER = update(entry).where(entry.c.cluster == 0).values(cluster=entry.c.id)
_SEE = (
    update(entry)
    .where(entry.c.identity.in_(wanted()), entry.c.last_seen <= bindparam("before"))
    .values(last_seen=bindparam("now"))
)
_ADD_REVISION = plain_insert(revision)
_ENTRY = (
    "source",
    "guid",
    "identity",
    "guid_origin",
    "cluster",
    "revision",
    "content_hash",
    "words_hash",
    "first_seen",
    "last_seen",
    "sort_at",
    "published_at",
    "updated_at",
)
_REVISION = (
    "entry",
    "number",
    "at",
    "published",
    "updated",
    "title",
    "link",
    "parts",
    "summary",
    "content",
)
_FINGERPRINT = ("entry", "kind", "value")
_NEWEST = select(func.max(entry.c.id))
_BY_IDENTITY = select(entry).where(entry.c.identity.in_(wanted()))


def _state_row(plan: PollPlan) -> rows.Row:
    return {"of": plan.record.source, **rows.state_row(plan.state)}


def _describe(connection: Connection, source_id: int, info: FeedInfo | None, added: int) -> None:
    """Keep what a feed says of itself, and count its entries."""
    if info is not None:
        _follow_language(connection, source_id, info)
    if info is not None or added:
        said = None if info is None else rows.info_text(info)
        connection.execute(_DESCRIBE, {"row": source_id, "said": said, "more": added})


def _follow_language(connection: Connection, source_id: int, info: FeedInfo) -> None:
    """Have entries looked at again that speak their feed's language, where it is another now."""
    before = rows.info(connection.execute(_INFO, {"row": source_id}).scalar_one())
    if before != FeedInfo() and before.language != info.language:
        shelving.miss_source(connection, source_id)


def _add(connection: Connection, source_id: int, plan: PollPlan) -> int:
    """Insert what is new, what is there already stays as it is; returns how many came."""
    if not plan.new:
        return 0
    new = {rows.identity(EntryKey(plan.record.source, one.guid)): one for one in plan.new}
    fill(
        connection,
        insert_new(connection, entry),
        _ENTRY,
        [_entry_row(one, source_id, identity, plan.record.at) for identity, one in new.items()],
    )
    ids = _number(connection)
    added = [
        _Revised(row_id, identity, new[identity].sort_at, 1, new[identity], row_id)
        for identity, row_id in ids.items()
    ]
    _revise(connection, added, plan)
    return len(added)


def _number(connection: Connection) -> dict[str, int]:
    """Make each entry just inserted a cluster of its own; returns their ids by identity."""
    found = connection.execute(_FRESH).all()
    connection.execute(_NUMBER)
    return {row.identity: row.id for row in found}


def _return(connection: Connection, plan: PollPlan) -> None:
    """Give back what was withdrawn as gone and is there again."""
    if plan.returning:
        withdrawal.bring_back(connection, [_key(plan, guid) for guid in plan.returning])


def _end(connection: Connection, plan: PollPlan) -> None:
    if plan.gone:
        keys = [_key(plan, guid) for guid in plan.gone]
        withdrawal.withdraw(connection, keys, plan.record.at, _GONE, by_source=True)


def _key(plan: PollPlan, guid: str) -> EntryKey:
    return EntryKey(plan.record.source, guid)


def _change(connection: Connection, plan: PollPlan) -> None:
    """Revise what changed; a revision that is there already stays as it is."""
    said = {rows.identity(EntryKey(plan.record.source, one.guid)): one for one in plan.changed}
    before = [
        row
        for row in each(connection, _BY_IDENTITY, said)
        if row.revision < said[row.identity].revision and row.withdrawn is None
    ]
    if not before:
        return
    newest = connection.scalar(_NEWEST) or 0
    changed = [_revised(row, said[row.identity], newest) for row in before]
    edited = {row.id for row in before if row.words_hash != said[row.identity].words_hash}
    archives.spoil(connection, sorted(edited | _moved(connection, before, said, plan.shelves)))
    connection.execute(
        update(entry).where(entry.c.id == bindparam("row")),
        [_change_row(one, plan.record.at) for one in changed],
    )
    for part in parts(one.id for one in changed):
        connection.execute(delete(fingerprint).where(fingerprint.c.entry.in_(part)))
        filing.take_out(connection, part)
        shelving.take_out(connection, part, plan.shelves)
    _revise(connection, changed, plan)


def _moved(
    connection: Connection,
    before: Sequence[Row[Any]],
    said: Mapping[str, ChangedEntry],
    decided: Collection[str],
) -> set[int]:
    """Return the entries that leave a category or a shelf, be their words the same."""
    ids = [row.id for row in before]
    filed = filing.filed_of(connection, ids)
    stood = shelving.stood_on(connection, ids, decided)
    return {
        row.id
        for row in before
        if {one.slug for one in filed.get(row.id, ())}
        - {one.slug for one in said[row.identity].filed}
        or stood.get(row.id, set()) - set(said[row.identity].shelves)
    }


def _revised(row: Row[Any], said: ChangedEntry, newest: int) -> _Revised:
    return _Revised(row.id, row.identity, row.sort_at, said.revision, said, newest)


def _see(connection: Connection, plan: PollPlan) -> None:
    """Note that entries stand in the document, to the day: no poll writes all of them anew."""
    at = plan.record.at
    for part in parts(memory.identities(plan.record.source, plan.seen)):
        connection.execute(_SEE, {"wanted": part, "before": at - _SEEN_STEP, "now": at})


def _alias(connection: Connection, plan: PollPlan) -> None:
    """Keep under which other guids entries were recognised, the newest few of each.

    Some feeds put a session into every guid: they would bring a row for each entry and poll.
    """
    if not plan.aliases:
        return
    own = memory.identities(plan.record.source, (guid for _, guid in plan.aliases))
    ids = {own[row.identity]: row.id for row in each(connection, _BY_IDENTITY, own)}
    other = [(EntryKey(plan.record.source, listed), ids[guid]) for listed, guid in plan.aliases]
    connection.execute(
        insert_new(connection, alias),
        [{"identity": rows.identity(key), "entry": row} for key, row in other],
    )
    age = func.row_number().over(partition_by=alias.c.entry, order_by=alias.c.id.desc())
    for part in parts(ids.values()):
        aged = select(alias.c.id, age.label("age")).where(alias.c.entry.in_(part)).subquery()
        old = select(aged.c.id).where(aged.c.age > _ALIASES)
        connection.execute(delete(alias).where(alias.c.id.in_(old)))


def _notify(connection: Connection, source_id: int, notices: Sequence[Notice]) -> None:
    if notices:
        connection.execute(
            plain_insert(notice),
            [
                {"source": source_id, "kind": one.kind, "at": one.at, "words": one.words}
                for one in notices
            ],
        )


def _revise(connection: Connection, revised: Sequence[_Revised], plan: PollPlan) -> None:
    """Add revisions; file, shelve and fingerprint their entries by them."""
    if not revised:
        return
    at = plan.record.at
    fill(connection, _ADD_REVISION, _REVISION, [_revision_row(one, at) for one in revised])
    prints = [line for one in revised for line in _fingerprint_rows(one)]
    fill(connection, insert_new(connection, fingerprint), _FINGERPRINT, prints)
    tellers.keep(connection, [(one.id, one.said.traces) for one in revised])
    filing.file(connection, [place for one in revised for place in _places(one)])
    _shelve(connection, revised, plan.shelves)


def _shelve(connection: Connection, revised: Sequence[_Revised], decided: Collection[str]) -> None:
    """Put entries on the shelves it was decided on; of the others nothing is known."""
    there = shelving.still_there(connection, decided) if decided else frozenset()
    shelving.put(
        connection,
        (
            shelving.Stand(
                one.id, one.identity, one.sort_at, sorted(there.intersection(one.said.shelves))
            )
            for one in revised
        ),
    )
    shelving.miss(connection, [one.id for one in revised], decided)


def _entry_row(one: NewEntry, source_id: int, identity: str, at: datetime) -> tuple[Any, ...]:
    """Return the values of ``_ENTRY``."""
    return (
        source_id,
        one.guid,
        identity,
        one.guid_origin,
        0,
        1,
        one.content_hash,
        one.words_hash,
        at,
        at,
        one.sort_at,
        one.published_at,
        one.updated_at,
    )


def _change_row(one: _Revised, at: datetime) -> rows.Row:
    return {
        "row": one.id,
        "revision": one.revision,
        "content_hash": one.said.content_hash,
        "words_hash": one.said.words_hash,
        "updated_at": one.said.updated_at,
        "last_seen": at,
    }


def _revision_row(one: _Revised, at: datetime) -> tuple[Any, ...]:
    """Return the values of ``_REVISION``."""
    article = one.said.article
    return (
        one.id,
        one.revision,
        at,
        article.published,
        article.updated,
        article.title,
        article.link,
        rows.parts_text(article),
        article.summary,
        article.content,
    )


def _fingerprint_rows(one: _Revised) -> Iterator[tuple[Any, ...]]:
    """Yield values of ``_FINGERPRINT``."""
    for mark in one.said.fingerprints:
        yield one.id, mark.kind, bounded(mark.value)


def _places(one: _Revised) -> Iterator[filing.Place]:
    for filed in one.said.filed:
        yield filing.Place(filed, one.id, one.identity, one.sort_at, one.arrival)

"""Which entries tell one story.

A cluster's number is the smallest id of its entries, so it says which entry came first, and the
clusters can be made again from ``duplicate_link``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, func, select, update

from aggregator.model.known import Candidate, DuplicateLink, EntryKey, Fingerprint
from aggregator.store.database import each, insert_new, pair_words, pairs_table, wanted
from aggregator.store.filing import filed_of
from aggregator.store.rows import identity
from aggregator.store.schema import duplicate_link, entry, fingerprint, revision, source
from aggregator.store.types import UtcTime, bounded

_PER_MARK = 60
"""Newest bearers of one mark that are candidates: what more bear is nobody's story."""

# -- links ---------------------------------------------------------------------------------------


def link(connection: Connection, links: Sequence[DuplicateLink], at: datetime) -> None:
    """Keep the evidence that entries tell one story, and make one cluster of theirs."""
    if not links:
        return
    ids, clusters = _linked(connection, links)
    pairs = [(ids[identity(line.a)], ids[identity(line.b)]) for line in links]
    connection.execute(
        insert_new(connection, duplicate_link),
        [
            {"a": a, "b": b, "rule": line.rule, "score": line.score, "at": at}
            for line, (a, b) in zip(links, pairs, strict=True)
        ],
    )
    for old, new in merged((clusters[a], clusters[b]) for a, b in pairs).items():
        connection.execute(update(entry).where(entry.c.cluster == old).values(cluster=new))


def merged(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return for every cluster that goes the one it goes into: the smallest it is tied to."""
    into: dict[int, int] = {}

    def last(cluster: int) -> int:
        while cluster in into:
            cluster = into[cluster]
        return cluster

    for pair in pairs:
        small, large = sorted(last(cluster) for cluster in pair)
        if small != large:
            into[large] = small
    return {cluster: last(cluster) for cluster in into}


def _linked(
    connection: Connection, links: Iterable[DuplicateLink]
) -> tuple[dict[str, int], dict[int, int]]:
    """Return the ids of the linked entries by identity, and their clusters by id."""
    asked = {identity(key) for line in links for key in (line.a, line.b)}
    found = list(each(connection, _CLUSTERS, asked))
    return {row.identity: row.id for row in found}, {row.id: row.cluster for row in found}


_CLUSTERS = select(entry.c.identity, entry.c.id, entry.c.cluster).where(
    entry.c.identity.in_(wanted())
)


# -- candidates ----------------------------------------------------------------------------------


def candidates(
    connection: Connection, marks: Iterable[Fingerprint], since: datetime, limit: int
) -> tuple[Candidate, ...]:
    """Return kept entries that share a fingerprint, the newest first.

    Fingerprints take turns: one that a flood of entries bears leaves the others their place.
    """
    asked = {(mark.kind, bounded(mark.value)): mark for mark in marks}
    turns: Counter[tuple[str, str]] = Counter()
    lines: list[tuple[int, int, Fingerprint]] = []
    for row in bearers(connection, asked.values(), _PER_MARK, since):
        key = (row.kind, row.value)
        turns[key] += 1
        lines.append((turns[key], -row.entry, asked[key]))
    shared: dict[int, tuple[Fingerprint, ...]] = {}
    for _, minus_id, mark in sorted(lines, key=lambda line: line[:2]):
        shared[-minus_id] = (*shared.get(-minus_id, ()), mark)
    return _described(connection, dict(list(shared.items())[:limit]))


def bearers(
    connection: Connection,
    marks: Iterable[Fingerprint],
    per_mark: int,
    since: datetime | None = None,
) -> list[Row[Any]]:
    """Return (kind, value, entry) of the newest entries that bear each mark, newest first.

    A mark that a million entries bear costs no more than one that ``per_mark`` bear.
    """
    pairs = sorted({(mark.kind, bounded(mark.value)) for mark in marks})
    if not pairs:
        return []
    chosen = bearing(connection.dialect.name, windowed=since is not None)
    words = pair_words(connection.dialect.name, pairs) | {"per_mark": per_mark - 1, "since": since}
    found = [row for row in connection.execute(chosen, words) if row.entry is not None]
    return sorted(found, key=lambda row: -row.entry)


@cache
def bearing(dialect: str, *, windowed: bool) -> Select[Any]:
    """Choose the newest bearers of each mark, each one stretch of an index; None where none is.

    Joined to a list of the marks: SQLite scans the table for ``(kind, value) IN (VALUES …)``. By
    outer joins: only then the list surely comes first, else SQLite may walk a whole kind. Built
    once: building it takes longer than running it.
    """
    pair = pairs_table(dialect)
    other = fingerprint.alias()
    last = (
        select(other.c.entry)
        .where(other.c.kind == pair.c.kind, other.c.value == pair.c.value)
        .order_by(other.c.entry.desc())
        .offset(bindparam("per_mark", type_=Integer))
        .limit(1)
        .scalar_subquery()
    )
    bears = (
        (fingerprint.c.kind == pair.c.kind)
        & (fingerprint.c.value == pair.c.value)
        & (fingerprint.c.entry >= func.coalesce(last, 0))
    )
    columns = (fingerprint.c.kind, fingerprint.c.value)
    found = pair.outerjoin(fingerprint, bears)
    if not windowed:
        return select(*columns, fingerprint.c.entry).select_from(found)
    since = bindparam("since", type_=UtcTime)
    recent = (entry.c.id == fingerprint.c.entry) & (entry.c.first_seen > since)
    return select(*columns, entry.c.id.label("entry")).select_from(found.outerjoin(entry, recent))


def _described(
    connection: Connection, shared: Mapping[int, tuple[Fingerprint, ...]]
) -> tuple[Candidate, ...]:
    filed = filed_of(connection, shared)
    found: dict[int, Candidate] = {}
    for row in each(connection, _DESCRIBED, shared):
        found[row.id] = Candidate(
            key=EntryKey(row.name, row.guid),
            title=row.title,
            link=row.link,
            fingerprints=shared[row.id],
            categories=tuple(line.slug for line in filed.get(row.id, ())),
        )
    return tuple(found[entry_id] for entry_id in shared)


_DESCRIBED = (
    select(entry.c.id, source.c.name, entry.c.guid, revision.c.title, revision.c.link)
    .select_from(
        entry.join(source).join(
            revision, (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
        )
    )
    .where(entry.c.id.in_(wanted()))
)

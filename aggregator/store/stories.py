"""Which entries tell one story.

A cluster's number is the smallest id of its entries, so it says which entry came first, and the
clusters can be made again from ``duplicate_link``.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from aggregator.model.known import Candidate, DuplicateLink, EntryKey, Fingerprint
from aggregator.store.database import insert, parts
from aggregator.store.filing import filed_of
from aggregator.store.rows import identity
from aggregator.store.schema import duplicate_link, entry, fingerprint, revision, source
from aggregator.store.types import bounded

# -- links ---------------------------------------------------------------------------------------


def link(connection: Connection, links: Sequence[DuplicateLink], at: datetime) -> None:
    """Keep the evidence that entries tell one story, and make one cluster of theirs."""
    if not links:
        return
    ids, clusters = _linked(connection, links)
    pairs = [(ids[identity(line.a)], ids[identity(line.b)]) for line in links]
    connection.execute(
        insert(connection, duplicate_link).on_conflict_do_nothing(),
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
    ids, clusters = {}, {}
    columns = (entry.c.identity, entry.c.id, entry.c.cluster)
    wanted = {identity(key) for line in links for key in (line.a, line.b)}
    for part in parts(wanted):
        for row in connection.execute(select(*columns).where(entry.c.identity.in_(part))):
            ids[row.identity] = row.id
            clusters[row.id] = row.cluster
    return ids, clusters


# -- candidates ----------------------------------------------------------------------------------


def candidates(
    connection: Connection, marks: Iterable[Fingerprint], since: datetime, limit: int
) -> tuple[Candidate, ...]:
    """Return kept entries that share a fingerprint, the newest first.

    Fingerprints take turns: one that a flood of entries bears leaves the others their place.
    """
    wanted = {(mark.kind, bounded(mark.value)): mark for mark in marks}
    turns = [
        (turn, -entry_id, wanted[kind, value])
        for kind in {mark.kind for mark in wanted.values()}
        for part in parts(value for other, value in wanted if other == kind)
        for turn, entry_id, value in _sharing(connection, kind, part, since, limit)
    ]
    shared: dict[int, tuple[Fingerprint, ...]] = {}
    for _, minus_id, mark in sorted(turns, key=lambda line: line[:2]):
        shared[-minus_id] = (*shared.get(-minus_id, ()), mark)
    return _described(connection, dict(list(shared.items())[:limit]))


def _sharing(
    connection: Connection, kind: str, values: Sequence[str], since: datetime, limit: int
) -> list[tuple[int, int, str]]:
    """Return (turn, entry, value): the newest entry of each value first, then the second…"""
    turn = func.row_number().over(
        partition_by=fingerprint.c.value, order_by=fingerprint.c.entry.desc()
    )
    numbered = (
        select(turn.label("turn"), fingerprint.c.entry, fingerprint.c.value)
        .join(entry)
        .where(fingerprint.c.kind == kind, fingerprint.c.value.in_(values))
        .where(entry.c.first_seen > since)
        .subquery()
    )
    ordered = select(numbered).order_by(numbered.c.turn, numbered.c.entry.desc()).limit(limit)
    return [(row.turn, row.entry, row.value) for row in connection.execute(ordered)]


def _described(
    connection: Connection, shared: Mapping[int, tuple[Fingerprint, ...]]
) -> tuple[Candidate, ...]:
    filed = filed_of(connection, shared)
    found: dict[int, Candidate] = {}
    columns = (entry.c.id, source.c.name, entry.c.guid, revision.c.title, revision.c.link)
    current = (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
    chosen = select(*columns).select_from(entry.join(source).join(revision, current))
    for part in parts(shared):
        for row in connection.execute(chosen.where(entry.c.id.in_(part))):
            found[row.id] = Candidate(
                key=EntryKey(row.name, row.guid),
                title=row.title,
                link=row.link,
                fingerprints=shared[row.id],
                categories=tuple(line.slug for line in filed.get(row.id, ())),
            )
    return tuple(found[entry_id] for entry_id in shared)

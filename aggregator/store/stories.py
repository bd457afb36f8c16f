"""Which entries tell one story.

A cluster's number is the smallest id of its entries, so it says which entry came first, and the
clusters can be made again from ``duplicate_link``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, delete, func, select, update

from aggregator.model.known import DuplicateLink, EntryKey, Fingerprint
from aggregator.store import archives, marks, withdrawal
from aggregator.store.database import each, insert, insert_new, pair_words, pairs_table, wanted
from aggregator.store.rows import identity
from aggregator.store.schema import (
    built,
    duplicate_link,
    entry,
    fingerprint,
    output_item,
    parted,
)
from aggregator.store.types import Number, bounded

# -- links ---------------------------------------------------------------------------------------


def link(connection: Connection, links: Sequence[DuplicateLink], at: datetime) -> None:
    """Keep the evidence that entries tell one story, and make one cluster of theirs."""
    if not links:
        return
    ids, clusters = _linked(connection, links)
    pairs = [(ids[identity(line.a)], ids[identity(line.b)]) for line in links]
    statement = insert(connection, duplicate_link)
    new = {name: statement.excluded[name] for name in _SAID}
    # What holds already stays as it was first told, but for the operator's word.
    statement = statement.on_conflict_do_update(
        index_elements=["a", "b"],
        set_=new,
        where=duplicate_link.c.active.is_(False) | statement.excluded.by_user,
    )
    connection.execute(
        statement,
        [_link_row(line, pair, at) for line, pair in zip(links, pairs, strict=True)],
    )
    tied = {clusters[end] for pair in pairs for end in pair}
    gone = merged((clusters[a], clusters[b]) for a, b in pairs)
    if gone:
        # A page it stood on alone tells the same story now as another one.
        archives.spoil_stories(connection, gone)
        lines = [{"old": old, "new": new_number} for old, new_number in gone.items()]
        connection.execute(_RENUMBER, lines)
    _outdate(connection, tied)


def cut(connection: Connection, links: Iterable[DuplicateLink]) -> None:
    """End links, and make a cluster of each part of a story that no longer holds together."""
    lines = list(links)
    if not lines:
        return
    ids, clusters = _linked(connection, lines)
    for line in lines:
        if identity(line.a) in ids and identity(line.b) in ids:
            a, b = sorted((ids[identity(line.a)], ids[identity(line.b)]))
            pair = (duplicate_link.c.a == a) & (duplicate_link.c.b == b)
            ours = pair & duplicate_link.c.by_user.is_(False)
            connection.execute(update(duplicate_link).where(ours).values(active=False))
    part(connection, clusters.values())


def part(connection: Connection, clusters: Iterable[int]) -> None:
    """Make each part of these clusters that active links hold together a cluster of its own."""
    for cluster in set(clusters):
        told = connection.scalars(select(entry.c.id).where(entry.c.cluster == cluster)).all()
        tied = [(row.a, row.b) for row in each(connection, _ACTIVE, told) if row.b in set(told)]
        into = merged(tied)
        gone = {one: into.get(one, one) for one in told if into.get(one, one) != cluster}
        if not gone:
            continue
        withdrawal.outdate(connection, told)
        connection.execute(
            update(entry).where(entry.c.id == bindparam("row")),
            [{"row": one, "cluster": number} for one, number in gone.items()],
        )


# -- the operator's word -------------------------------------------------------------------------


def split(connection: Connection, key: EntryKey, at: datetime) -> int:
    """Take an entry out of its story and part it from all others there, for good."""
    row = connection.execute(_CLUSTERS, {"wanted": [identity(key)]}).one()
    told = select(entry.c.id).where(entry.c.cluster == row.cluster, entry.c.id != row.id)
    others = connection.scalars(told).all()
    if not others:
        return 0
    ends = (duplicate_link.c.a == row.id) | (duplicate_link.c.b == row.id)
    connection.execute(update(duplicate_link).where(ends).values(active=False))
    connection.execute(
        insert_new(connection, parted),
        [{"a": min(row.id, one), "b": max(row.id, one), "at": at} for one in others],
    )
    part(connection, [row.cluster])
    return len(others)


def join(connection: Connection, line: DuplicateLink, at: datetime) -> None:
    """Make one story of two for good; that entries of theirs were parted holds no more."""
    _, clusters = _linked(connection, [line])
    told = select(entry.c.id).where(entry.c.cluster.in_(sorted(set(clusters.values()))))
    connection.execute(delete(parted).where(parted.c.a.in_(told), parted.c.b.in_(told)))
    # A page is not written again for a copy that merely comes, but for the operator's word.
    archives.spoil_stories(connection, clusters.values())
    link(connection, [line], at)


_RENUMBER = (
    update(entry)
    .where(entry.c.cluster == bindparam("old"))
    .values(cluster=bindparam("new", type_=Number))
)
_SAID = ("rule", "score", "evidence", "by_user", "active", "at")
_ACTIVE = select(duplicate_link.c.a, duplicate_link.c.b).where(
    duplicate_link.c.active, duplicate_link.c.a.in_(wanted())
)


def _link_row(line: DuplicateLink, pair: tuple[int, int], at: datetime) -> dict[str, Any]:
    return {
        "a": min(pair),
        "b": max(pair),
        "rule": line.rule,
        "score": line.score,
        "evidence": line.evidence,
        "by_user": line.by_user,
        "active": True,
        "at": at,
    }


def _outdate(connection: Connection, clusters: Iterable[int]) -> None:
    """Have the feeds built again that announced one of these stories."""
    named = {row.feed for row in each(connection, _ANNOUNCED_IN, clusters)}
    marks.mark(connection, [row.feed for row in each(connection, _BUILT, named)])


_ANNOUNCED_IN = (
    select(output_item.c.feed)
    .select_from(output_item.join(entry))
    .where(entry.c.cluster.in_(wanted()))
    .distinct()
)
_BUILT = select(built.c.feed).where(built.c.feed.in_(wanted()))


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


# -- marks within a source -----------------------------------------------------------------------


def bearers(connection: Connection, marks: Iterable[Fingerprint], per_mark: int) -> list[Row[Any]]:
    """Return (kind, value, entry) of the newest entries that bear each mark, newest first.

    A mark that a million entries bear costs no more than one that ``per_mark`` bear.
    """
    pairs = sorted({(mark.kind, bounded(mark.value)) for mark in marks})
    if not pairs:
        return []
    words = pair_words(connection.dialect.name, pairs) | {"per_mark": per_mark - 1}
    chosen = bearing(connection.dialect.name)
    found = [row for row in connection.execute(chosen, words) if row.entry is not None]
    return sorted(found, key=lambda row: -row.entry)


@cache
def bearing(dialect: str) -> Select[Any]:
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
    return select(*columns, fingerprint.c.entry).select_from(pair.outerjoin(fingerprint, bears))

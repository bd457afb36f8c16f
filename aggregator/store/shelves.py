"""What is kept, for whoever builds a feed: the newest of it, and all copies of a story."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    ScalarSelect,
    Select,
    bindparam,
    case,
    exists,
    func,
    select,
    true,
)

from aggregator.core.flood import HELD_BEFORE
from aggregator.core.select import shelf_of
from aggregator.model.known import Article, EntryKey, Filed
from aggregator.model.settings import Match
from aggregator.model.shown import Kept, Outline, Place
from aggregator.store import rows
from aggregator.store.database import each, wanted
from aggregator.store.filing import filed_of
from aggregator.store.schema import (
    category,
    entry,
    entry_category,
    revision,
    shelf_entry,
    source,
)

SHAPES = 512
"""Statements kept for feeds that ask for the same: there are as many as feeds, more or less."""
Moment = datetime | BindParameter[Any]

_ARTICLE = tuple(revision.c[name] for name in sorted(rows.ARTICLE_COLUMNS | {"parts"}))
_COLUMNS: list[Any] = [*entry.c, source.c.name, *_ARTICLE]

_CURRENT = (revision.c.entry == entry.c.id) & (revision.c.number == entry.c.revision)
_KEPT = (
    select(*_COLUMNS)
    .select_from(entry.join(source).join(revision, _CURRENT))
    .where(entry.c.id.in_(wanted()))
)
# A copy that is held back takes no other with it (``core.compose``): its place counts only where
# all copies are held.
_SHOWN_AT = case((entry.c.sort_at >= HELD_BEFORE, entry.c.sort_at))
_FIRSTS = (
    select(
        entry.c.cluster,
        func.coalesce(func.min(_SHOWN_AT), func.min(entry.c.sort_at)).label("first"),
    )
    .where(entry.c.cluster.in_(wanted()), entry.c.withdrawn.is_(None))
    .group_by(entry.c.cluster)
)
_PLACED = (
    select(entry.c.id, source.c.name, entry.c.cluster, entry.c.sort_at)
    .select_from(entry.join(source))
    .where(entry.c.id.in_(wanted()))
)
_OUTLINES = (
    select(
        *(entry.c[name] for name in ("id", "guid", "cluster", "sort_at", "first_seen")),
        *(entry.c[name] for name in ("published_at", "updated_at", "revision")),
        source.c.name,
        revision.c.link,
        (revision.c.content != "").label("full"),
        (func.length(revision.c.content) + func.length(revision.c.summary)).label("length"),
    )
    .select_from(entry.join(source).join(revision, _CURRENT))
    .where(entry.c.cluster.in_(wanted()), entry.c.withdrawn.is_(None))
)
_ARTICLES = (
    select(entry.c.id, *_ARTICLE)
    .select_from(entry.join(revision, _CURRENT))
    .where(entry.c.id.in_(wanted()))
)


def categories(connection: Connection) -> dict[str, str]:
    """Return slug to name of every category that holds an entry."""
    chosen = select(category).where(category.c.entries > 0).order_by(category.c.slug)
    return {row.slug: row.name for row in connection.execute(chosen)}


def emptied(connection: Connection) -> dict[str, str]:
    """Return slug to name of every category that entries named themselves and none is in."""
    chosen = select(category).where(category.c.entries == 0, category.c.own)
    return {row.slug: row.name for row in connection.execute(chosen.order_by(category.c.slug))}


def newest(
    connection: Connection,
    match: Match,
    since: datetime | None,
    limit: int,
    skip: int,
) -> tuple[Kept, ...]:
    """Return the newest entries that match, newest first by (sort_at, source, guid)."""
    return kept(connection, _newest(connection, match, since, limit, skip))


def places(
    connection: Connection,
    match: Match,
    since: datetime | None,
    limit: int,
    skip: int,
    without: Collection[str] = (),
    until: datetime | None = None,
) -> tuple[Place, ...]:
    """Return the newest entries without what they say, as ``newest`` orders them."""
    ids = _newest(connection, match, since, limit, skip, without, until)
    found = {row.id: row for row in each(connection, _PLACED, ids)}
    clusters = {row.cluster for row in found.values()}
    firsts = {row.cluster: row.first for row in each(connection, _FIRSTS, clusters)}
    return tuple(
        Place(row.id, row.name, row.cluster, row.sort_at, firsts[row.cluster])
        for row in (found[one] for one in ids)
    )


def _newest(
    connection: Connection,
    match: Match,
    since: datetime | None,
    limit: int,
    skip: int,
    without: Collection[str] = (),
    until: datetime | None = None,
) -> list[int]:
    found: dict[int, tuple[datetime, str]] = {}
    shape = _newest_of(match, since is not None, until is not None, tuple(sorted(without)))
    words = {"since": since, "until": until, "most": skip + limit}
    for statement in shape:
        for row in connection.execute(statement, words):
            found[row.id] = (row.sort_at, row.identity)
    by_identity = sorted(found, key=lambda entry_id: found[entry_id][1])
    newest_first = sorted(by_identity, key=lambda entry_id: found[entry_id][0], reverse=True)
    return newest_first[skip : skip + limit]


@lru_cache(maxsize=SHAPES)
def _newest_of(
    match: Match, since: bool, until: bool, without: tuple[str, ...]
) -> tuple[Select[Any], ...]:
    """Return ``stretches`` with a limit: building a statement takes longer than running it."""
    after: Moment | None = bindparam("since") if since else None
    before: Moment | None = bindparam("until") if until else None
    found = stretches(match, after, without, before)
    return tuple(stretch.limit(bindparam("most", type_=Integer)) for stretch in found)


def clusters(connection: Connection, ids: Iterable[int]) -> tuple[Outline, ...]:
    """Return all kept entries of these clusters, in the order they came, without withdrawn ones."""
    found = sorted(each(connection, _OUTLINES, ids), key=lambda row: row.id)
    filed = filed_of(connection, [row.id for row in found])
    return tuple(
        Outline(
            id=row.id,
            key=EntryKey(row.name, row.guid),
            cluster=row.cluster,
            sort_at=row.sort_at,
            first_seen=row.first_seen,
            published_at=row.published_at,
            updated_at=row.updated_at,
            revision=row.revision,
            link=row.link,
            full=row.full,
            length=row.length,
            filed=filed.get(row.id, ()),
        )
        for row in found
    )


def articles(connection: Connection, ids: Iterable[int]) -> dict[int, Article]:
    """Return what entries say, by their ids."""
    found = each(connection, _ARTICLES, ids)
    return {row.id: rows.article(row._mapping) for row in found}


def count(connection: Connection, match: Match) -> int:
    """Return how many entries match."""
    return int(connection.execute(_counted(match)).scalar_one())


@lru_cache(maxsize=SHAPES)
def _counted(match: Match) -> Select[Any]:
    shelf = shelf_of(match)
    if shelf:
        return select(func.count()).where(shelf_entry.c.shelf == shelf)
    if not match.categories:
        total = select(func.coalesce(func.sum(source.c.entries), 0))
        return total.where(source.c.name.in_(match.sources)) if match.sources else total
    if len(match.categories) == 1 and not match.sources:
        total = select(func.coalesce(func.sum(category.c.entries), 0))
        return total.where(category.c.slug == match.categories[0])
    place = entry_category.c
    each_once = func.count(place.entry.distinct())
    return _of_sources(select(each_once), match).where(place.slug.in_(match.categories))


def stretches(
    match: Match,
    since: Moment | None,
    without: Collection[str] = (),
    until: Moment | None = None,
) -> Iterator[Select[Any]]:
    """Yield (id, sort_at, identity) of what matches, newest first, each one stretch of an index.

    What stands at ``since`` is in it, what stands at ``until`` is not. An entry that stands in two
    categories is in both stretches.
    """
    shelf = shelf_of(match)
    if shelf:
        place = shelf_entry.c
        chosen = select(place.entry.label("id"), place.sort_at, place.identity)
        bounds = [place.shelf == shelf]
    elif match.categories:
        place = entry_category.c
        chosen = _of_sources(select(place.entry.label("id"), place.sort_at, place.identity), match)
        bounds = [place.slug == slug for slug in match.categories]
    else:
        place = entry.c
        chosen = select(place.id, place.sort_at, place.identity).where(place.withdrawn.is_(None))
        bounds = [place.source == _source_id(name) for name in match.sources] or [true()]
    if without:
        chosen = chosen.where(~_is_of(chosen.selected_columns.id, without))
    if since is not None:
        chosen = chosen.where(place.sort_at >= since)
    if until is not None:
        chosen = chosen.where(place.sort_at < until)
    for bound in bounds:
        yield chosen.where(bound).order_by(place.sort_at.desc(), place.identity)


def _is_of(entry_id: ColumnElement[int], sources: Collection[str]) -> ColumnElement[bool]:
    """Tell of an entry whether it is from one of the sources."""
    ids = select(source.c.id).where(source.c.name.in_(sources))
    told = entry.alias()
    return exists().where(told.c.id == entry_id, told.c.source.in_(ids))


def arrival(match: Match) -> ColumnElement[int]:
    """Return the column of its stretches that says when an entry came: the newest entry then."""
    if shelf_of(match):
        return shelf_entry.c.arrival
    return entry_category.c.arrival if match.categories else entry.c.id


def _of_sources(chosen: Select[Any], match: Match) -> Select[Any]:
    """Leave those rows of ``entry_category`` whose entry is from a source that matches."""
    if not match.sources:
        return chosen
    ids = select(source.c.id).where(source.c.name.in_(match.sources))
    return chosen.join(entry, entry.c.id == entry_category.c.entry).where(entry.c.source.in_(ids))


def _source_id(name: str) -> ScalarSelect[int]:
    return select(source.c.id).where(source.c.name == name).scalar_subquery()


def kept(connection: Connection, ids: Sequence[int]) -> tuple[Kept, ...]:
    """Return entries with their current revision, in the order of their ids."""
    filed = filed_of(connection, ids)
    found = {row.id: _kept_from(row._mapping, filed) for row in each(connection, _KEPT, ids)}
    return tuple(found[entry_id] for entry_id in ids)


def _kept_from(row: RowMapping, filed: Mapping[int, tuple[Filed, ...]]) -> Kept:
    return Kept(
        id=row["id"],
        key=EntryKey(row["name"], row["guid"]),
        cluster=row["cluster"],
        sort_at=row["sort_at"],
        first_seen=row["first_seen"],
        published_at=row["published_at"],
        updated_at=row["updated_at"],
        article=rows.article(row),
        filed=filed.get(row["id"], ()),
    )

"""The archive of each feed: what is on which page, what is on none, what is to be written again.

A page is sealed once: which items stand on it never changes. It is written again only when an
entry on it was edited or taken back (``stale_page``), or when its feed has another recipe.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, Select, bindparam, delete, func, select, update
from sqlalchemy import insert as plain_insert

from aggregator.model.settings import Match
from aggregator.model.shown import Archived, Arrivals, HeldFeed, LastBuild, Standing, Sweep
from aggregator.store import marks, rows, shelves
from aggregator.store.database import each, parts, wanted
from aggregator.store.schema import artifact, built, entry, notice, output_item, stale_page
from aggregator.store.types import Sorted, UtcTime, bounded

# -- looking -------------------------------------------------------------------------------------


def last_build(connection: Connection, feed: str) -> LastBuild:
    """Return what is remembered of a feed's last build."""
    row = connection.execute(_LAST, {"of": feed}).first()
    if row is None:
        return LastBuild()
    stale = connection.execute(_STALE, {"of": feed}).all()
    return LastBuild(
        recipe=row.recipe,
        archived_by=row.archived_by,
        pages=row.pages,
        swept=_swept(row),
        said=rows.summary(row.said) if row.said else None,
        stale=tuple(sorted({line.page for line in stale if line.page <= row.pages})),
        stale_until=max((line.id for line in stale), default=0),
        archive_at=row.archive_at,
    )


def arrivals(
    connection: Connection, feed: str, match: Match, swept: Sweep | None, most: int
) -> Arrivals:
    """Return the stories that may stand on no page: announced ones, and those never looked at.

    A feed of a million entries is not read again for every few pages of its first archive: while a
    sweep goes on, its next ``most`` entries are looked at, and only what stands before them.
    """
    newest = connection.scalar(_NEWEST) or 0
    loose = connection.execute(_LOOSE, {"of": feed}).all()
    before = Sweep(newest, _BEGINNING) if swept is None else swept
    if before.until is None:
        unseen, after = _came(connection, match, before.arrival), Sweep(newest)
    else:
        unseen, until = _next(connection, match, before.until, most)
        after = replace(before, until=until)
        loose = [row for row in loose if _standing(row) <= before.until]
    found: dict[int, Standing] = {}
    for row in (*loose, *unseen):
        standing = _standing(row)
        found[row.cluster] = min(standing, found.get(row.cluster, standing))
    oldest_first = dict(sorted(found.items(), key=lambda one: one[1]))
    return Arrivals(oldest_first, after, frozenset(row.cluster for row in loose))


def _swept(row: Row[Any]) -> Sweep | None:
    if row.swept is None:
        return None
    return Sweep(row.swept, None if row.swept_at is None else (row.swept_at, row.swept_identity))


def _standing(row: Any) -> Standing:
    return row.sort_at, row.identity


def page_clusters(connection: Connection, feed: str, page: int) -> tuple[int, ...]:
    """Return the stories that stand on a page, in no order."""
    chosen = select(entry.c.cluster).select_from(output_item.join(entry))
    on_page = (output_item.c.feed == feed) & (output_item.c.page == page)
    return tuple(connection.scalars(chosen.where(on_page).distinct()))


def matching(connection: Connection, match: Match, entries: Iterable[int]) -> frozenset[int]:
    """Return those of the entries that match."""
    found: set[int] = set()
    for part in parts(entries):
        for stretch in shelves.stretches(match, None):
            column = stretch.selected_columns.id
            chosen = stretch.where(column.in_(part)).order_by(None)
            found.update(row.id for row in connection.execute(chosen))
    return frozenset(found)


_LAST = select(built).where(built.c.feed == bindparam("of"))
_STALE = select(stale_page.c.page, stale_page.c.id).where(stale_page.c.feed == bindparam("of"))
_NEWEST = select(func.max(entry.c.id))
_LOOSE = (
    select(entry.c.cluster, entry.c.sort_at, entry.c.identity)
    .select_from(output_item.join(entry))
    .where(
        output_item.c.feed == bindparam("of"),
        output_item.c.page.is_(None),
        entry.c.withdrawn.is_(None),
    )
)


_BEGINNING = (datetime.min.replace(tzinfo=UTC), "")
"""Before all that is held back (``core.flood``), too."""


def _came(connection: Connection, match: Match, since: int) -> list[Row[Any]]:
    """Return what came since that entry was the newest."""
    return [
        row
        for statement in _arriving(match)
        for row in connection.execute(statement, {"since": since})
    ]


def _next(
    connection: Connection, match: Match, until: Standing, most: int
) -> tuple[list[Row[Any]], Standing | None]:
    """Return what stands next, and how far that is; None: to the end."""
    asked = {"at": until[0], "identity": until[1], "most": most}
    found = [connection.execute(statement, asked).all() for statement in _standing_after(match)]
    rows = sorted((row for part in found for row in part), key=_standing)
    if all(len(part) < most for part in found):
        return rows, None
    return rows[:most], _standing(rows[most - 1])


@lru_cache(maxsize=shelves.SHAPES)
def _arriving(match: Match) -> tuple[Select[Any], ...]:
    since = shelves.arrival(match) >= bindparam("since")
    stretches = shelves.stretches(match, None)
    return tuple(_with_cluster(one.order_by(None).where(since)) for one in stretches)


@lru_cache(maxsize=shelves.SHAPES)
def _standing_after(match: Match) -> tuple[Select[Any], ...]:
    at, identity = bindparam("at", type_=UtcTime), bindparam("identity", type_=Sorted)
    statements = []
    for stretch in shelves.stretches(match, None):
        place = stretch.selected_columns
        later = (place.sort_at >= at) & ((place.sort_at > at) | (place.identity > identity))
        in_order = stretch.where(later).order_by(None).order_by(place.sort_at, place.identity)
        statements.append(_with_cluster(in_order.limit(bindparam("most"))))
    return tuple(statements)


def _with_cluster(of_feed: Select[Any]) -> Select[Any]:
    chosen = of_feed.subquery()
    clusters = select(entry.c.cluster, chosen.c.sort_at, chosen.c.identity)
    return clusters.select_from(chosen.join(entry, entry.c.id == chosen.c.id))


# -- keeping -------------------------------------------------------------------------------------


def keep(connection: Connection, feed: str, archived: Archived) -> None:
    """Keep what a build did to a feed's archive."""
    if not archived.pages:
        drop(connection, feed)
        return
    _seal(connection, feed, archived)
    done = (stale_page.c.feed == feed) & (stale_page.c.id <= archived.stale_until)
    connection.execute(delete(stale_page).where(done))
    _spoil(connection, [(feed, page) for page in archived.stale])


def drop(connection: Connection, feed: str) -> None:
    """Forget a feed's archive: its items may be archived anew."""
    for statement in _DROP:
        connection.execute(statement, {"of": feed})


_DROP = (
    update(output_item)
    .where(output_item.c.feed == bindparam("of"), output_item.c.page.is_not(None))
    .values(page=None),
    delete(artifact).where(artifact.c.feed == bindparam("of"), artifact.c.page.is_not(None)),
    delete(stale_page).where(stale_page.c.feed == bindparam("of")),
)


def spoil(connection: Connection, entries: Iterable[int]) -> None:
    """Have every page written again on which a story of these entries stands."""
    found = {(row.feed, row.page) for row in each(connection, _PAGES, entries)}
    _spoil(connection, sorted(found))


def spoil_source(connection: Connection, source: int) -> None:
    """Have every page written again on which a story stands that a source tells, too."""
    found = connection.execute(_PAGES_OF_SOURCE, {"of": source})
    _spoil(connection, sorted((row.feed, row.page) for row in found))


def spoil_stories(connection: Connection, clusters: Iterable[int]) -> None:
    """Have every page written again on which one of these stories stands."""
    found = each(connection, _PAGES_OF_STORIES, clusters)
    _spoil(connection, sorted({(row.feed, row.page) for row in found}))


_PAGES_OF_STORIES = (
    select(output_item.c.feed, output_item.c.page)
    .select_from(output_item.join(entry))
    .where(entry.c.cluster.in_(wanted()), output_item.c.page.is_not(None))
    .distinct()
)
_told = entry.alias()
_PAGES_OF_COPIES = (
    select(output_item.c.feed, output_item.c.page)
    .select_from(
        entry.join(_told, _told.c.cluster == entry.c.cluster).join(
            output_item, output_item.c.entry == _told.c.id
        )
    )
    .where(output_item.c.page.is_not(None))
)
_PAGES = _PAGES_OF_COPIES.where(entry.c.id.in_(wanted()))
_PAGES_OF_SOURCE = _PAGES_OF_COPIES.where(entry.c.source == bindparam("of")).distinct()


def _spoil(connection: Connection, pages: list[tuple[str, int]]) -> None:
    if pages:
        connection.execute(
            plain_insert(stale_page), [{"feed": feed, "page": page} for feed, page in pages]
        )


def _seal(connection: Connection, feed: str, archived: Archived) -> None:
    for page, ids in archived.sealed:
        for part in parts(map(bounded, ids)):
            chosen = (output_item.c.feed == feed) & output_item.c.atom_key.in_(part)
            connection.execute(update(output_item).where(chosen).values(page=page))


# -- the gate ------------------------------------------------------------------------------------


def hold(
    connection: Connection,
    held: HeldFeed,
    handed: int | None,
    *,
    until_marked: bool,
    told: Sequence[str],
) -> bool:
    """Note that a feed does not leave, and tell its operator in feeds where that is new."""
    new = marks.hold(connection, held, handed, until_marked=until_marked)
    if new and told:
        line = {"feed": held.slug, "kind": "held", "at": held.at, "words": held.reason}
        connection.execute(plain_insert(notice), line)
        marks.mark(connection, told)
    return new


def let_pass(connection: Connection, slug: str) -> bool:
    """Have a held feed built again, and compared with nothing."""
    if not marks.release(connection, slug):
        return False
    connection.execute(update(built).where(built.c.feed == slug).values(said=None))
    marks.mark(connection, [slug])
    return True

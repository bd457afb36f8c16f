"""What is published: the bytes, and the ids that were given out."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, RowMapping, Table, bindparam, delete, select, update
from sqlalchemy import insert as plain_insert

from aggregator.errors import OvertakenError
from aggregator.model.shown import Announced, Artifact, Build, BuiltFeed, Gone, Stamp, Sweep
from aggregator.store import archives, deliveries, marks, rows
from aggregator.store.database import each, insert, insert_by, insert_new, parts, wanted
from aggregator.store.schema import artifact, built, entry, gone, origin, output_item, private
from aggregator.store.types import bounded

if TYPE_CHECKING:
    from aggregator.store.database import Insert

# -- builds --------------------------------------------------------------------------------------


def save(connection: Connection, build: Build, handed: int | None) -> None:
    """Keep one feed's new artifacts, ids and recipe, and end its being outdated.

    ``handed`` is the mark it was built for. A build that was overtaken is dropped: what is there is
    newer.
    """
    if marks.overtaken(connection, build.slug, handed):
        return
    _announce(connection, build)
    if _replace_feed(connection, build):
        deliveries.want(connection, build.targets, (build.slug,))
    archives.keep(connection, build.slug, build.archived)
    _remember(connection, build)
    marks.settle(connection, build.slug, handed, build.rebuild_at)


def save_pages(connection: Connection, artifacts: Sequence[Artifact]) -> None:
    """Keep the pages that belong to no single feed."""
    _replace(connection, connection.execute(_OF_SITE).all(), artifacts)


def built_feeds(connection: Connection) -> dict[str, BuiltFeed]:
    """Return slug to what is remembered of each feed's last build."""
    return {
        row.feed: BuiltFeed(row.recipe, row.entries, row.updated)
        for row in connection.execute(_BUILT)
    }


_BUILT = select(built.c.feed, built.c.recipe, built.c.entries, built.c.updated).order_by(
    built.c.feed
)


def unarchived(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Return the feeds whose archive is to be gone on with, those first that wait longest."""
    return tuple(connection.scalars(_UNARCHIVED, {"now": now}))


_UNARCHIVED = (
    select(built.c.feed)
    .where(built.c.archive_at <= bindparam("now"))
    .order_by(built.c.archive_at, built.c.feed)
)


def retire(
    connection: Connection,
    slugs: Collection[str],
    moved: Mapping[str, str],
    there: Collection[str],
    tokens: Mapping[str, str],
    closed: Collection[str],
) -> None:
    """Forget all of these feeds but that they were there and the ids they gave out.

    A feed that has another name now takes over the ids it gave out under the old one. Which feeds
    are private changes in the same transaction: what only some may read is open at no moment. Of
    those that are ``closed`` the token stays that they had, under whatever name.
    """
    before = _private_feeds(connection)
    led = {moved[old]: digest for old, digest in before.items() if old in moved} | before
    digests = {**{slug: led[slug] for slug in closed if slug in led}, **tokens}
    _forget(connection, {*slugs, *(before.keys() - digests.keys())})
    named = {old: new for old, new in moved.items() if old not in there and new in there}
    for old, new in named.items():
        _take_over(connection, old, new)
    # Of one that went and comes back without a token it stays known that it had one.
    _mark_gone(connection, dict.fromkeys(slugs) | named, [*{*there} - {*closed}], before)
    if before != digests:
        _replace_private(connection, digests)


def origins(connection: Connection) -> dict[str, str]:
    """Return slug to first slug of feeds that were renamed."""
    return {row.feed: row.name for row in connection.execute(select(origin))}


def secluded(connection: Connection) -> frozenset[str]:
    """Return the feeds that are private, or were when they went."""
    went = select(gone.c.feed).where(gone.c.digest.is_not(None))
    return frozenset(connection.scalars(select(private.c.feed).union(went)))


def gone_to(connection: Connection, slug: str) -> Gone | None:
    """Tell where a feed is that is no more; None: it never was."""
    columns = (gone.c.moved_to, gone.c.digest, private.c.digest)
    joined = gone.outerjoin(private, private.c.feed == gone.c.moved_to)
    chosen = select(*columns).select_from(joined).where(gone.c.feed == slug)
    row = connection.execute(chosen).first()
    return Gone(*row) if row else None


def _forget(connection: Connection, slugs: Collection[str]) -> None:
    marks.forget(connection, slugs)
    for slug in slugs:
        archives.drop(connection, slug)
    for part in parts(slugs):
        connection.execute(delete(artifact).where(artifact.c.feed.in_(part)))
        connection.execute(delete(built).where(built.c.feed.in_(part)))


def _private_feeds(connection: Connection) -> dict[str, str]:
    chosen = select(private.c.feed, private.c.digest)
    return {row.feed: row.digest for row in connection.execute(chosen)}


def _replace_private(connection: Connection, digests: Mapping[str, str]) -> None:
    connection.execute(delete(private))
    if digests:
        rows = [{"feed": slug, "digest": digest} for slug, digest in sorted(digests.items())]
        connection.execute(plain_insert(private), rows)


def _take_over(connection: Connection, old: str, new: str) -> None:
    """Have a feed that gave out no ids yet go on with those of another."""
    has_own = select(output_item.c.id).where(output_item.c.feed == new).limit(1)
    if connection.scalar(has_own) is None:
        renamed = update(output_item).where(output_item.c.feed == old)
        connection.execute(renamed.values(feed=new, page=None))
        first = origins(connection).get(old, old)
        connection.execute(insert_new(connection, origin), [{"feed": new, "name": first}])


def _mark_gone(
    connection: Connection,
    names: Mapping[str, str | None],
    there: Collection[str],
    digests: Mapping[str, str],
) -> None:
    """Remember of which feeds subscribers are told that they are gone, or where they are.

    ``digests`` are of those that were private: who has no token is told nothing of them for ever.
    """
    connection.execute(update(gone).values(moved_to=None))
    if names:
        statement = insert(connection, gone)
        new = {"moved_to": statement.excluded.moved_to}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["feed"], set_=new),
            [
                {"feed": old, "moved_to": slug, "digest": digests.get(old)}
                for old, slug in sorted(names.items())
            ],
        )
    for part in parts(there):
        connection.execute(delete(gone).where(gone.c.feed.in_(part)))


def _remember(connection: Connection, build: Build) -> None:
    row = {
        "feed": build.slug,
        "recipe": build.recipe,
        "entries": build.entries,
        "updated": build.updated,
        "pages": build.archived.pages,
        "archived_by": build.archived.recipe,
        **_sweep_row(build.archived.swept),
        "said": rows.summary_text(build.said) if build.said else None,
        "archive_at": build.archive_at,
    }
    connection.execute(_replacing(connection.dialect.name, built), row)


def _sweep_row(swept: Sweep | None) -> rows.Row:
    at, identity = swept.until if swept and swept.until else (None, None)
    arrival = swept.arrival if swept else None
    return {"swept": arrival, "swept_at": at, "swept_identity": identity}


@cache
def _replacing(dialect: str, table: Table) -> "Insert":
    """Return what puts rows into the places of those with their key."""
    statement = insert_by(dialect, table)
    (key,) = table.primary_key
    new = {one.name: statement.excluded[one.name] for one in table.c if one is not key}
    return statement.on_conflict_do_update(index_elements=[key.name], set_=new)


# -- ids -----------------------------------------------------------------------------------------

_OF_FEED = output_item.c.feed == bindparam("of")
_told = entry.alias()
# By entry: by feed, SQLite would look at all that a feed ever gave out.
ANNOUNCED = (
    select(*output_item.c, entry.c.cluster)
    .join(entry)
    .where(
        _OF_FEED,
        output_item.c.entry.in_(
            select(_told.c.id).where(_told.c.cluster.in_(wanted()), _told.c.withdrawn.is_(None))
        ),
    )
)
_TAKEN = select(output_item.c.atom_key, output_item.c.entry).where(
    _OF_FEED, output_item.c.atom_key.in_(wanted())
)
_KEPT_IDS = select(output_item.c.entry, output_item.c.atom_key).where(
    _OF_FEED, output_item.c.entry.in_(wanted())
)


def announced(connection: Connection, feed: str, clusters: Iterable[int]) -> tuple[Announced, ...]:
    """Return the ids this feed gave to entries of these clusters, first given first.

    What was withdrawn is left out: a copy of its story that stays needs an id of its own.
    """
    found = sorted(each(connection, ANNOUNCED, clusters, of=feed), key=lambda row: row.id)
    return tuple(Announced(row.entry, row.cluster, row.atom_id, row.page) for row in found)


def taken(connection: Connection, feed: str, atom_ids: Iterable[str]) -> dict[str, int]:
    """Return those of the ids that this feed has given out, and to which entry."""
    named = {bounded(atom_id): atom_id for atom_id in atom_ids}
    found = each(connection, _TAKEN, named, of=feed)
    return {named[row.atom_key]: row.entry for row in found}


def _announce(connection: Connection, build: Build) -> None:
    """Keep the ids given out for the first time.

    :raises OvertakenError: another builder has given one of these entries or ids away meanwhile
    """
    lines = (*build.announced, *build.archived.announced)
    given = {line.entry: bounded(line.atom_id) for line in lines}
    if not given:
        return
    connection.execute(
        insert_new(connection, output_item),
        [
            {
                "feed": build.slug,
                "entry": line.entry,
                "atom_id": line.atom_id,
                "atom_key": given[line.entry],
            }
            for line in lines
        ],
    )
    if _kept_ids(connection, build.slug, given) != given:
        raise OvertakenError(
            f"another process published the feed {build.slug} at the same moment; "
            "it is built again at the next round"
        )


def _kept_ids(connection: Connection, feed: str, entries: Iterable[int]) -> dict[int, str]:
    return {row.entry: row.atom_key for row in each(connection, _KEPT_IDS, entries, of=feed)}


# -- bytes ---------------------------------------------------------------------------------------


_SERVED = select(
    *(column for column in artifact.c if column.name != "pieces"), private.c.digest
).outerjoin(private, private.c.feed == artifact.c.feed)
_ON_PATH = _SERVED.where(artifact.c.path == bindparam("at"))
_WRITTEN = select(artifact).where(artifact.c.feed == bindparam("of"), artifact.c.page.is_(None))


def saved(connection: Connection, path: str) -> Artifact | None:
    """Return the saved bytes of one address."""
    row = connection.execute(_ON_PATH, {"at": path}).mappings().first()
    return _artifact(row) if row else None


def documents(connection: Connection, slug: str) -> tuple[Artifact, ...]:
    """Return the documents of a feed itself with their pieces."""
    return tuple(_artifact(row) for row in connection.execute(_WRITTEN, {"of": slug}).mappings())


def stamps(connection: Connection, slug: str | None) -> tuple[Stamp, ...]:
    """Return all documents of a feed, or of the site as a whole, by path, without their bytes."""
    columns = (artifact.c[name] for name in ("path", "feed", "etag", "last_modified"))
    chosen = select(*columns).where(artifact.c.feed == slug).order_by(artifact.c.path)
    return tuple(Stamp(*row) for row in connection.execute(chosen))


def paths(connection: Connection) -> tuple[str, ...]:
    """Return all saved paths, sorted."""
    return tuple(connection.scalars(select(artifact.c.path).order_by(artifact.c.path)))


_MARKS = tuple(
    artifact.c[name] for name in ("path", "etag", "media_type", "headers", "last_modified")
)
_OF_SITE = select(*_MARKS).where(artifact.c.feed.is_(None))
_ITSELF = select(*_MARKS).where(artifact.c.feed == bindparam("of"), artifact.c.page.is_(None))
_PAGES = select(*_MARKS).where(artifact.c.feed == bindparam("of"), artifact.c.page.in_(wanted()))


def _replace_feed(connection: Connection, build: Build) -> bool:
    """Replace a feed's own artifacts, and those pages of its archive that were written."""
    before = connection.execute(_ITSELF, {"of": build.slug}).all()
    changed = _replace(connection, before, build.artifacts)
    written = build.archived.artifacts
    if not written:
        return changed
    pages = each(connection, _PAGES, {one.page for one in written}, of=build.slug)
    return _replace(connection, tuple(pages), written) or changed


def _replace(
    connection: Connection, before: Sequence[Row[Any]], artifacts: Sequence[Artifact]
) -> bool:
    """Put artifacts into the place of those there were before; equal ones keep their dates.

    Tells whether anything was another before.
    """
    names = [column.name for column in _MARKS[:-1]]
    kept = {row.path: tuple(row)[: len(names)] for row in before}
    lines = {one.path: _row(one) for one in artifacts}
    now = {path: tuple(line[name] for name in names) for path, line in lines.items()}
    for row in before:
        if row.path in now and row.etag != now[row.path][1]:
            lines[row.path]["last_modified"] = _later(
                lines[row.path]["last_modified"], row.last_modified
            )
    stale = kept.keys() - now.keys()
    for part in parts(stale):
        connection.execute(delete(artifact).where(artifact.c.path.in_(part)))
    changed = [lines[path] for path in lines if kept.get(path) != now[path]]
    if changed:
        connection.execute(_replacing(connection.dialect.name, artifact), changed)
    return bool(changed or stale)


def _later(stated: datetime, before: datetime) -> datetime:
    """Date other bytes later than those that stood there.

    A takedown of an old entry changes nothing that is dated, and who asks by If-Modified-Since
    alone would keep it.
    """
    return max(stated, before + timedelta(seconds=1))


def _row(one: Artifact) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in artifact.c} | {
        "headers": json.dumps(one.headers),
        "pieces": rows.pieces_text(one.pieces) if one.pieces else None,
    }


def _artifact(row: RowMapping) -> Artifact:
    headers = tuple((name, value) for name, value in json.loads(row["headers"]))
    pieces = row.get("pieces")
    return Artifact(
        **{**row, "headers": headers, "pieces": rows.pieces(pieces) if pieces else None}
    )

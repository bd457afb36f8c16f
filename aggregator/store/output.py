"""What is published: the bytes, and the ids that were given out."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select

from aggregator.errors import StoreError
from aggregator.model.shown import Announced, Artifact, Build, BuiltFeed
from aggregator.store import marks
from aggregator.store.database import insert, insert_new, parts
from aggregator.store.schema import artifact, built, entry, output_item
from aggregator.store.types import bounded

# -- builds --------------------------------------------------------------------------------------


def save(connection: Connection, build: Build, handed: int | None) -> None:
    """Keep one feed's new artifacts, ids and recipe, and end its being outdated.

    ``handed`` is the mark it was built for. A build that was overtaken is dropped: what is there is
    newer.
    """
    if marks.overtaken(connection, build.slug, handed):
        return
    _announce(connection, build)
    _replace(connection, artifact.c.feed == build.slug, build.artifacts)
    _remember(connection, build)
    marks.settle(connection, build.slug, handed, build.rebuild_at)


def save_pages(connection: Connection, artifacts: Sequence[Artifact]) -> None:
    """Keep the pages that belong to no single feed."""
    _replace(connection, artifact.c.feed.is_(None), artifacts)


def built_feeds(connection: Connection) -> dict[str, BuiltFeed]:
    """Return slug to what is remembered of each feed's last build."""
    return {
        row.feed: BuiltFeed(row.recipe, row.entries, row.updated)
        for row in connection.execute(select(built).order_by(built.c.feed))
    }


def retire(connection: Connection, slugs: Iterable[str]) -> None:
    """Forget all of these feeds but the ids they gave out."""
    gone = list(slugs)
    marks.forget(connection, gone)
    for part in parts(gone):
        connection.execute(delete(artifact).where(artifact.c.feed.in_(part)))
        connection.execute(delete(built).where(built.c.feed.in_(part)))


def _remember(connection: Connection, build: Build) -> None:
    statement = insert(connection, built)
    row = {"recipe": build.recipe, "entries": build.entries, "updated": build.updated}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["feed"], set_=row),
        {"feed": build.slug, **row},
    )


# -- ids -----------------------------------------------------------------------------------------


def announced(connection: Connection, feed: str, clusters: Iterable[int]) -> tuple[Announced, ...]:
    """Return the ids this feed gave to entries of these clusters, first given first."""
    columns = (output_item.c.id, output_item.c.entry, entry.c.cluster, output_item.c.atom_id)
    chosen = select(*columns).join(entry).where(output_item.c.feed == feed)
    found = [
        row
        for part in parts(clusters)
        for row in connection.execute(chosen.where(entry.c.cluster.in_(part)))
    ]
    found.sort(key=lambda row: row.id)
    return tuple(Announced(row.entry, row.cluster, row.atom_id) for row in found)


def taken(connection: Connection, feed: str, atom_ids: Iterable[str]) -> dict[str, int]:
    """Return those of the ids that this feed has given out, and to which entry."""
    wanted = {bounded(atom_id): atom_id for atom_id in atom_ids}
    chosen = select(output_item.c.atom_key, output_item.c.entry).where(output_item.c.feed == feed)
    return {
        wanted[row.atom_key]: row.entry
        for part in parts(wanted)
        for row in connection.execute(chosen.where(output_item.c.atom_key.in_(part)))
    }


def _announce(connection: Connection, build: Build) -> None:
    """Keep the ids given out for the first time.

    :raises StoreError: another builder has given one of these entries or ids away meanwhile
    """
    given = {line.entry: bounded(line.atom_id) for line in build.announced}
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
            for line in build.announced
        ],
    )
    if _kept_ids(connection, build.slug, given) != given:
        raise StoreError(
            f"another process published the feed {build.slug} at the same moment; "
            "it is built again at the next round"
        )


def _kept_ids(connection: Connection, feed: str, entries: Iterable[int]) -> dict[int, str]:
    chosen = select(output_item.c.entry, output_item.c.atom_key).where(output_item.c.feed == feed)
    return {
        row.entry: row.atom_key
        for part in parts(entries)
        for row in connection.execute(chosen.where(output_item.c.entry.in_(part)))
    }


# -- bytes ---------------------------------------------------------------------------------------


def saved(connection: Connection, path: str) -> Artifact | None:
    """Return the saved bytes of one address."""
    row = connection.execute(select(artifact).where(artifact.c.path == path)).first()
    return Artifact(**row._mapping) if row else None


def paths(connection: Connection) -> tuple[str, ...]:
    """Return all saved paths, sorted."""
    return tuple(connection.scalars(select(artifact.c.path).order_by(artifact.c.path)))


def _replace(
    connection: Connection, before: ColumnElement[bool], artifacts: Sequence[Artifact]
) -> None:
    """Make the artifacts that ``before`` chooses exactly these; equal ones keep their dates."""
    columns = (artifact.c.path, artifact.c.etag, artifact.c.media_type)
    kept = {row.path: tuple(row) for row in connection.execute(select(*columns).where(before))}
    now = {one.path: (one.path, one.etag, one.media_type) for one in artifacts}
    for part in parts(kept.keys() - now.keys()):
        connection.execute(delete(artifact).where(artifact.c.path.in_(part)))
    changed = [one for one in artifacts if kept.get(one.path) != now[one.path]]
    if changed:
        _write(connection, changed)


def _write(connection: Connection, artifacts: Iterable[Artifact]) -> None:
    statement = insert(connection, artifact)
    new = {column.name: statement.excluded[column.name] for column in artifact.c}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["path"], set_=new),
        [_row(one) for one in artifacts],
    )


def _row(one: Artifact) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in artifact.c}

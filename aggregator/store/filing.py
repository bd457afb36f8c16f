"""In which categories entries stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, literal, select

from aggregator.core.slugs import category_slug
from aggregator.model.known import Filed
from aggregator.store.database import insert, parts
from aggregator.store.schema import category, entry, entry_category


class Place(NamedTuple):
    """One category one entry is to stand in."""

    filed: Filed
    entry: int
    identity: str
    sort_at: datetime


def file(connection: Connection, places: Sequence[Place]) -> None:
    """Put entries into categories."""
    if not places:
        return
    _name(connection, (place.filed for place in places))
    connection.execute(
        insert(connection, entry_category).on_conflict_do_nothing(),
        [
            {
                "entry": place.entry,
                "slug": place.filed.slug,
                "sort_at": place.sort_at,
                "identity": place.identity,
                "fixed": place.filed.fixed,
            }
            for place in places
        ],
    )


def take_out(connection: Connection, entries: Sequence[int]) -> None:
    """Take entries, no more than ``parts`` hands out, out of all their categories."""
    connection.execute(delete(entry_category).where(entry_category.c.entry.in_(entries)))


def refile(
    connection: Connection, source: int, before: Iterable[str], after: Iterable[str]
) -> frozenset[str]:
    """File a source's kept entries by its new fixed categories; returns the slugs of both.

    What an entry itself named stays.
    """
    old = {category_slug(name) for name in before}
    new = {category_slug(name): name for name in after}
    _name(connection, (Filed(slug, name, fixed=True) for slug, name in new.items()))
    _take_out_fixed(connection, source, old - new.keys())
    for slug in sorted(new.keys() - old):
        _file_fixed(connection, source, slug)
    return frozenset(old | new.keys())


def filed_of(connection: Connection, entries: Iterable[int]) -> Mapping[int, tuple[Filed, ...]]:
    """Return the categories of entries, by slug; entries in none are left out."""
    found: dict[int, tuple[Filed, ...]] = {}
    columns = (entry_category.c.entry, category.c.slug, category.c.name, entry_category.c.fixed)
    for part in parts(entries):
        chosen = select(*columns).join(category).where(entry_category.c.entry.in_(part))
        for line in connection.execute(chosen.order_by(category.c.slug)):
            filed = Filed(line.slug, line.name, line.fixed)
            found[line.entry] = (*found.get(line.entry, ()), filed)
    return found


def _name(connection: Connection, filed: Iterable[Filed]) -> None:
    """Keep the smallest name of a category: whoever comes first decides nothing."""
    names: dict[str, str] = {}
    for line in filed:
        names[line.slug] = min(line.name, names.get(line.slug, line.name))
    if not names:
        return
    statement = insert(connection, category)
    smaller = statement.excluded.name < category.c.name
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["slug"], set_={"name": statement.excluded.name}, where=smaller
        ),
        [{"slug": slug, "name": names[slug]} for slug in sorted(names)],
    )


def _take_out_fixed(connection: Connection, source: int, slugs: Iterable[str]) -> None:
    of_source = select(entry.c.id).where(entry.c.source == source)
    connection.execute(
        delete(entry_category).where(
            entry_category.c.slug.in_(sorted(slugs)),
            entry_category.c.fixed,
            entry_category.c.entry.in_(of_source),
        )
    )


def _file_fixed(connection: Connection, source: int, slug: str) -> None:
    chosen = select(
        entry.c.id, literal(slug), entry.c.sort_at, entry.c.identity, literal(True)
    ).where(entry.c.source == source)
    columns = ["entry", "slug", "sort_at", "identity", "fixed"]
    statement = insert(connection, entry_category).from_select(columns, chosen)
    connection.execute(statement.on_conflict_do_nothing())

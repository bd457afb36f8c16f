"""In which categories entries stand."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, case, delete, literal, not_, select, update

from aggregator.core.slugs import category_slug
from aggregator.model.known import Filed
from aggregator.store.database import each, fill, insert, insert_by, insert_new, wanted
from aggregator.store.schema import category, entry, entry_category

if TYPE_CHECKING:
    from aggregator.store.database import Insert


class Place(NamedTuple):
    """One category one entry is to stand in."""

    filed: Filed
    entry: int
    identity: str
    sort_at: datetime
    arrival: int
    """The newest entry there is by now."""


def file(connection: Connection, places: Sequence[Place]) -> None:
    """Put entries into categories."""
    if not places:
        return
    _name(connection, (place.filed for place in places))
    statement = insert_new(connection, entry_category)
    filed = connection.execute(
        statement.returning(entry_category.c.slug),
        [
            {
                "entry": place.entry,
                "slug": place.filed.slug,
                "sort_at": place.sort_at,
                "identity": place.identity,
                "fixed": place.filed.fixed,
                "arrival": place.arrival,
            }
            for place in places
        ],
    )
    _count(connection, Counter(filed.scalars()))


def take_out(connection: Connection, entries: Sequence[int]) -> None:
    """Take entries, no more than ``parts`` hands out, out of all their categories."""
    chosen = delete(entry_category).where(entry_category.c.entry.in_(entries))
    gone = connection.execute(chosen.returning(entry_category.c.slug))
    _count(connection, {slug: -count for slug, count in Counter(gone.scalars()).items()})


def refile(
    connection: Connection, source: int, before: Iterable[str], after: Iterable[str]
) -> frozenset[str]:
    """File a source's kept entries by its new fixed categories; returns the slugs of both.

    What an entry itself named stays.
    """
    old = {category_slug(name) for name in before}
    new = {category_slug(name): name for name in after}
    _name(connection, (Filed(slug, name, fixed=True) for slug, name in new.items()))
    gone = {slug: -_take_out_fixed(connection, source, slug) for slug in old - new.keys()}
    came = {slug: _file_fixed(connection, source, slug) for slug in new.keys() - old}
    _count(connection, gone | came)
    return frozenset(old | new.keys())


def filed_of(connection: Connection, entries: Iterable[int]) -> Mapping[int, tuple[Filed, ...]]:
    """Return the categories of entries, by slug; entries in none are left out."""
    found: dict[int, list[Filed]] = {}
    for line in each(connection, _FILED, entries):
        found.setdefault(line.entry, []).append(Filed(line.slug, line.name, line.fixed))
    return {entry_id: tuple(filed) for entry_id, filed in found.items()}


_FILED = (
    select(entry_category.c.entry, category.c.slug, category.c.name, entry_category.c.fixed)
    .join(category)
    .where(entry_category.c.entry.in_(wanted()))
    .order_by(category.c.slug)
)


def _name(connection: Connection, filed: Iterable[Filed]) -> None:
    """Keep the smallest name of a category: whoever comes first decides nothing."""
    names: dict[str, str] = {}
    own = set()
    for line in filed:
        if not line.fixed:
            own.add(line.slug)
        names[line.slug] = min(line.name, names.get(line.slug, line.name))
    if not names:
        return
    lines = [(slug, names[slug], 0, slug in own) for slug in sorted(names)]
    fill(connection, _naming(connection.dialect.name), ("slug", "name", "entries", "own"), lines)


@cache
def _naming(dialect: str) -> "Insert":
    statement = insert_by(dialect, category)
    smaller = statement.excluded.name < category.c.name
    more = statement.excluded.own & not_(category.c.own)
    first = case((smaller, statement.excluded.name), else_=category.c.name)
    return statement.on_conflict_do_update(
        index_elements=["slug"],
        set_={"name": first, "own": category.c.own | statement.excluded.own},
        where=smaller | more,
    )


def _count(connection: Connection, more: Mapping[str, int]) -> None:
    """Keep how many entries stand in each category: counting them is slow where there are many."""
    lines = [{"of": slug, "more": count} for slug, count in sorted(more.items()) if count]
    if lines:
        connection.execute(_COUNT, lines)


_COUNT = (
    update(category)
    .where(category.c.slug == bindparam("of"))
    .values(entries=category.c.entries + bindparam("more", type_=Integer))
)


def _take_out_fixed(connection: Connection, source: int, slug: str) -> int:
    of_source = select(entry.c.id).where(entry.c.source == source)
    gone = connection.execute(
        delete(entry_category).where(
            entry_category.c.slug == slug,
            entry_category.c.fixed,
            entry_category.c.entry.in_(of_source),
        )
    )
    return gone.rowcount


def _file_fixed(connection: Connection, source: int, slug: str) -> int:
    chosen = select(
        entry.c.id,
        literal(slug),
        entry.c.sort_at,
        entry.c.identity,
        literal(True),
        entry.c.id,
    ).where(entry.c.source == source, entry.c.withdrawn.is_(None))
    columns = ["entry", "slug", "sort_at", "identity", "fixed", "arrival"]
    statement = insert(connection, entry_category).from_select(columns, chosen)
    filed = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(filed).rowcount

"""Sources: which there are, what became of them, and how their polls went."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    case,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    update,
)

from aggregator.core import schedule
from aggregator.core.hosts import domain_of
from aggregator.model.known import KnownSource, Notice, PollRecord, PollState, Speaker
from aggregator.model.parsed import FeedInfo
from aggregator.model.settings import Source
from aggregator.store import archives, filing, floods, marks, rows, shelving
from aggregator.store.database import each, parts, wanted
from aggregator.store.schema import (
    built,
    entry,
    entry_category,
    notice,
    poll_log,
    poll_state,
    source,
)
from aggregator.store.types import clean

# -- which there are -----------------------------------------------------------------------------


def sync(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Make the source table hold exactly these."""
    said = {clean(one.name): one for one in sources}
    chosen = select(source, poll_state.c.location).join(poll_state)
    known = {row.name: row for row in connection.execute(chosen)}
    _set_removed(connection, [row for row in known.values() if row.name not in said], now)
    _set_removed(connection, [row for row in known.values() if row.name in said], None)
    _add(connection, [one for name, one in said.items() if name not in known], now)
    for name, row in known.items():
        if name in said:
            _follow(connection, row, said[name], now)


def _set_removed(
    connection: Connection, known: Iterable[Row[Any]], removed: datetime | None
) -> None:
    differ = [row.id for row in known if (row.removed is None) is not (removed is None)]
    for part in parts(differ):
        connection.execute(update(source).where(source.c.id.in_(part)).values(removed=removed))


def _add(connection: Connection, new: Sequence[Source], now: datetime) -> None:
    if not new:
        return
    connection.execute(
        insert(source),
        [
            {
                "name": one.name,
                "info": rows.info_text(FeedInfo()),
                "categories": rows.names_text(one.categories),
                "terms": rows.terms_text(one.republish),
                "credit": rows.credit_text(one),
                "entries": 0,
                # Until it is known that a feed for all holds it.
                "hidden": True,
                "added": now,
            }
            for one in new
        ],
    )
    ids = ids_of(connection, (one.name for one in new))
    first = schedule.first_polls(new, now)
    connection.execute(
        insert(poll_state),
        [
            {
                "source": ids[clean(one.name)],
                # The host before any request: a thousand of one host are not to be leased at once.
                **rows.state_row(
                    PollState(next_poll_at=first[one.name], host=domain_of(one.location))
                ),
            }
            for one in new
        ],
    )


def _follow(connection: Connection, known: Row[Any], said: Source, now: datetime) -> None:
    """Take over what feeds.yaml says of a source we know."""
    if known.location is not None and known.location != said.location:
        _ask_new_address(connection, known.id, said.location, now)
    new = {
        "terms": rows.terms_text(said.republish),
        "credit": rows.credit_text(said),
        "categories": rows.names_text(said.categories),
    }
    changed = {name: text for name, text in new.items() if text != known._mapping[name]}
    if not changed:
        return
    connection.execute(update(source).where(source.c.id == known.id).values(changed))
    # Pages of archives name it, republish it on its terms, and leave out what is filed elsewhere.
    archives.spoil_source(connection, known.id)
    if "categories" in changed:
        before = rows.names(known.categories)
        marks.mark(connection, filing.refile(connection, known.id, before, said.categories))
        shelving.miss_source(connection, known.id)


def _ask_new_address(connection: Connection, row: int, location: str, now: datetime) -> None:
    """Make a source due that has another address now: the old one's waits and 410 are not its."""
    at = poll_state.c.next_poll_at
    connection.execute(
        update(poll_state)
        .where(poll_state.c.source == row)
        .values(
            next_poll_at=case((at < now, at), else_=now),
            host=domain_of(location),
            put_off_until=None,
            paused_host=None,
            paused_until=None,
        )
    )


def misjudged(connection: Connection, names: Collection[str]) -> list[Row[Any]]:
    """Return the sources that are there and hidden though they are not named here, or shown."""
    columns = (source.c.id, source.c.name, source.c.hidden, source.c.entries)
    chosen: Select[Any] = select(*columns).where(source.c.removed.is_(None))
    there = connection.execute(chosen)
    return [row for row in there if row.hidden is not (row.name in names)]


def hide(connection: Connection, names: Collection[str]) -> None:
    """Remember which of the sources that are there stand in private feeds alone."""
    differ = misjudged(connection, names)
    for part in parts(row.id for row in differ):
        shown = update(source).where(source.c.id.in_(part))
        connection.execute(shown.values(hidden=not_(source.c.hidden)))
    told = [row.id for row in differ if row.entries]
    for one in told:
        archives.spoil_source(connection, one)
    if told:
        # Any of them may have named one as the source of another copy of a story.
        marks.mark(connection, connection.scalars(select(built.c.feed)))


def hidden(connection: Connection) -> frozenset[str]:
    """Return the sources that private feeds alone hold."""
    return frozenset(connection.scalars(select(source.c.name).where(source.c.hidden)))


def filed_outside(connection: Connection, slugs: Collection[str]) -> frozenset[str]:
    """Return the sources that have an entry in another category than these."""
    filed = exists().where(
        entry.c.source == source.c.id,
        entry_category.c.entry == entry.c.id,
        entry_category.c.slug.not_in(slugs),
    )
    return frozenset(connection.scalars(select(source.c.name).where(filed)))


def ids_of(connection: Connection, names: Iterable[str]) -> Mapping[str, int]:
    """Return the rows of sources by name."""
    found: dict[str, int] = {}
    for part in parts(names):
        chosen = select(source.c.name, source.c.id).where(source.c.name.in_(part))
        found.update((row.name, row.id) for row in connection.execute(chosen))
    return found


# -- how they do ---------------------------------------------------------------------------------


def known_sources(connection: Connection) -> tuple[KnownSource, ...]:
    """Return all sources ever known, by name."""
    chosen = select(source, poll_state).join(poll_state).order_by(source.c.name)
    held = floods.held(connection)
    return tuple(
        KnownSource(
            name=row["name"],
            info=rows.info(row["info"]),
            state=rows.state(row),
            entries=row["entries"],
            held=held.get(row["id"], 0),
            removed=row["removed"] is not None,
            leased=row["lease_until"] is not None,
            republish=rows.terms(row["terms"]),
            hidden=row["hidden"],
        )
        for row in connection.execute(chosen).mappings()
    )


def speakers(connection: Connection, names: Iterable[str]) -> dict[str, Speaker]:
    """Return what sources say of themselves, by name; unknown ones are left out."""
    return {
        row.name: Speaker(rows.info(row.info), rows.terms(row.terms))
        for row in each(connection, _SPEAKERS, names)
    }


def spoken(connection: Connection) -> str:
    """Return a hash of what all sources say of themselves, and who is told of them."""
    found = connection.execute(_SPOKEN)
    return sha256(repr(list(map(tuple, found))).encode("utf-8", "surrogatepass")).hexdigest()


_SPOKEN = select(source.c.name, source.c.info, source.c.terms, source.c.hidden).order_by(
    source.c.id
)
_SPEAKERS = select(source.c.name, source.c.info, source.c.terms).where(source.c.name.in_(wanted()))


def log(connection: Connection, name: str, limit: int) -> tuple[PollRecord, ...]:
    """Return the newest lines of a source's poll log."""
    chosen = select(poll_log).join(source).where(source.c.name == name)
    newest = chosen.order_by(poll_log.c.id.desc()).limit(limit)
    return tuple(rows.record(row, name) for row in connection.execute(newest).mappings())


def notices(connection: Connection, limit: int) -> tuple[Notice, ...]:
    """Return what operators were told, the newest first."""
    columns = (notice.c.kind, notice.c.at, notice.c.words, notice.c.feed)
    chosen = select(func.coalesce(source.c.name, ""), *columns)
    chosen = chosen.select_from(notice.outerjoin(source))
    newest = chosen.order_by(notice.c.id.desc()).limit(limit)
    return tuple(Notice(*row) for row in connection.execute(newest))


def tidy(connection: Connection, log_before: datetime) -> int:
    """Forget poll log lines older than this; returns how many went."""
    return connection.execute(delete(poll_log).where(poll_log.c.at < log_before)).rowcount

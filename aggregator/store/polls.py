"""Sources: which there are, who may ask which of them when, and how it went."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from aggregator.model.known import Due, KnownSource, PollRecord, PollState
from aggregator.model.parsed import FeedInfo
from aggregator.model.settings import Source
from aggregator.store import filing, marks, rows
from aggregator.store.database import parts
from aggregator.store.schema import poll_log, poll_state, source

# -- sources -------------------------------------------------------------------------------------


def sync(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Make the source table hold exactly these."""
    known = {row.name: row for row in connection.execute(select(source))}
    gone = [row.id for name, row in known.items() if name not in {one.name for one in sources}]
    _set_removed(connection, gone, now)
    _set_removed(connection, [known[one.name].id for one in sources if one.name in known], None)
    for one in sources:
        if one.name in known:
            _follow(connection, known[one.name], one, now)
        else:
            _add(connection, one, now)


def _set_removed(connection: Connection, ids: Iterable[int], removed: datetime | None) -> None:
    differs = source.c.removed.is_not(None) if removed is None else source.c.removed.is_(None)
    for part in parts(ids):
        chosen = source.c.id.in_(part)
        connection.execute(update(source).where(chosen, differs).values(removed=removed))


def _add(connection: Connection, new: Source, now: datetime) -> None:
    made = connection.execute(
        insert(source).returning(source.c.id),
        {
            "name": new.name,
            "info": rows.info_text(FeedInfo()),
            "categories": rows.names_text(new.categories),
            "entries": 0,
            "added": now,
        },
    ).scalar_one()
    state = rows.state_row(PollState(next_poll_at=now))
    connection.execute(insert(poll_state), {"source": made, **state})


def _follow(
    connection: Connection, known: Row[tuple[object, ...]], said: Source, now: datetime
) -> None:
    """Take over what feeds.yaml says of a source we know."""
    _ask_new_address(connection, known.id, said.location, now)
    categories = rows.names_text(said.categories)
    if categories == known.categories:
        return
    connection.execute(update(source).where(source.c.id == known.id).values(categories=categories))
    before = rows.names(known.categories)
    marks.mark(connection, filing.refile(connection, known.id, before, said.categories))


def _ask_new_address(connection: Connection, source_id: int, location: str, now: datetime) -> None:
    """Make a source due that has another address now: the old one's waits and 410 are not its."""
    connection.execute(
        update(poll_state)
        .where(poll_state.c.source == source_id, poll_state.c.location != location)
        .where(or_(poll_state.c.next_poll_at.is_(None), poll_state.c.next_poll_at > now))
        .values(next_poll_at=now)
    )


def known_sources(connection: Connection) -> tuple[KnownSource, ...]:
    """Return all sources ever known, by name."""
    chosen = select(source, poll_state).join(poll_state).order_by(source.c.name)
    return tuple(
        KnownSource(
            name=row["name"],
            info=rows.info(row["info"]),
            state=rows.state(row),
            entries=row["entries"],
            removed=row["removed"] is not None,
            leased=row["lease_until"] is not None,
        )
        for row in connection.execute(chosen).mappings()
    )


def log(connection: Connection, name: str, limit: int) -> tuple[PollRecord, ...]:
    """Return the newest lines of a source's poll log."""
    chosen = select(poll_log).join(source).where(source.c.name == name)
    newest = chosen.order_by(poll_log.c.id.desc()).limit(limit)
    return tuple(rows.record(row, name) for row in connection.execute(newest).mappings())


def tidy(connection: Connection, log_before: datetime) -> int:
    """Forget poll log lines older than this; returns how many went."""
    return connection.execute(delete(poll_log).where(poll_log.c.at < log_before)).rowcount


# -- turns ---------------------------------------------------------------------------------------


def claim_due(
    connection: Connection, now: datetime, lease: timedelta, limit: int
) -> tuple[Due, ...]:
    """Lease the sources whose time has come, the longest overdue first."""
    return _claim(connection, now, lease, poll_state.c.next_poll_at <= now, limit)


def claim_named(
    connection: Connection,
    now: datetime,
    lease: timedelta,
    limit: int,
    names: Iterable[str],
    asked_before: datetime | None,
) -> tuple[Due, ...]:
    """Lease sources by name, those that were asked later than ``asked_before`` left out."""
    asked = poll_state.c.last_poll_at
    rested = true() if asked_before is None else or_(asked.is_(None), asked <= asked_before)
    found: list[Due] = []
    for part in parts(names):
        chosen = source.c.name.in_(part) & rested
        found += _claim(connection, now, lease, chosen, limit - len(found))
    return tuple(sorted(found, key=_urgency))


def _claim(
    connection: Connection, now: datetime, lease: timedelta, due: ColumnElement[bool], limit: int
) -> tuple[Due, ...]:
    """Lease what ``due`` chooses, in one statement that passes over rows another claimer holds."""
    free = or_(poll_state.c.lease_until.is_(None), poll_state.c.lease_until <= now)
    chosen = (
        select(poll_state.c.source)
        .join(source)
        .where(due, free, source.c.removed.is_(None))
        .order_by(poll_state.c.next_poll_at.nulls_last(), source.c.name)
        .limit(limit)
        .with_for_update(skip_locked=True, of=poll_state)
        .cte("chosen")
    )
    leased = connection.execute(
        update(poll_state)
        .where(poll_state.c.source.in_(select(chosen.c.source)))
        .values(
            lease_until=now + lease,
            last_poll_at=now,
            previous_poll_at=poll_state.c.last_poll_at,
        )
        .returning(*poll_state.c)
    )
    found = leased.mappings().all()
    names = _names(connection, (row["source"] for row in found))
    dues = (
        Due(names[row["source"]], rows.state(row), first=row["first_ok_at"] is None)
        for row in found
    )
    return tuple(sorted(dues, key=_urgency))


def next_due(connection: Connection) -> datetime | None:
    """Return when the next source is due; a leased one is when its lease has run out."""
    at, lease = poll_state.c.next_poll_at, poll_state.c.lease_until
    free_at = case((lease > at, lease), else_=at)
    chosen = select(func.min(free_at)).select_from(poll_state.join(source))
    found: datetime | None = connection.scalar(chosen.where(source.c.removed.is_(None)))
    return found


def release(connection: Connection, names: Iterable[str]) -> None:
    """End leases of polls that were called off: they were no requests."""
    for part in parts(names):
        ids = select(source.c.id).where(source.c.name.in_(part))
        connection.execute(
            update(poll_state)
            .where(poll_state.c.source.in_(ids), poll_state.c.lease_until.is_not(None))
            .values(lease_until=None, last_poll_at=poll_state.c.previous_poll_at)
        )


def _names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for part in parts(ids):
        chosen = select(source.c.id, source.c.name).where(source.c.id.in_(part))
        names.update((row.id, row.name) for row in connection.execute(chosen))
    return names


def _urgency(due: Due) -> tuple[bool, datetime | None, str]:
    """Order as the statement did; what is never due by itself comes last."""
    at = due.state.next_poll_at
    return (at is None, at, due.source)

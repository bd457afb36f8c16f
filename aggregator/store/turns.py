"""Whose turn it is: which sources may be asked now, and by whom.

1. A lease is recorded before its request leaves. It counts as the source's last poll and lasts as
   long as its interval, so that a kill in between does not make us ask too soon. One of a folder is
   short.
2. A host is spared as one: no more of its sources are leased at a time than the caller says, by all
   processes together, and none while it has asked for a pause, whichever source it said so to.
3. A source whose turn comes in an hour its feed wants to be left alone in is put off without a
   request, and keeps its place: when the hour is over, it is still the longest overdue.
4. Only the one writer claims (``database``), so no source is leased to two.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from aggregator.core import schedule
from aggregator.model.known import Due
from aggregator.store import rows
from aggregator.store.database import parts
from aggregator.store.schema import poll_state, source
from aggregator.store.types import clean

_STATE = poll_state.c


class Leases(Struct, frozen=True):
    """From when sources are leased, and for how long."""

    now: datetime
    length: timedelta
    own: Mapping[str, timedelta]
    """Of sources that have leases of their own length."""

    def until(self, name: str) -> datetime:
        """Return when the lease of a source runs out."""
        return self.now + self.own.get(name, self.length)


def due(now: datetime) -> Select[Any]:
    """Choose the sources whose time has come."""
    put_off_until = func.coalesce(_STATE.put_off_until, _STATE.next_poll_at)
    return _free(now, _not_held(now)).where(_STATE.next_poll_at <= now, put_off_until <= now)


def named(now: datetime, asked_before: datetime | None, lease: timedelta) -> Select[Any]:
    """Choose sources whatever their next time says, unless asked later than ``asked_before``.

    Who names a source need not wait out the longer lease of a poll that was killed, nor be patient
    with what has no host: a folder.
    """
    free = _free(now, or_(_not_held(now), _STATE.last_poll_at <= now - lease))
    if asked_before is None:
        return free
    asked = _STATE.last_poll_at
    return free.where(or_(_STATE.host.is_(None), asked.is_(None), asked <= asked_before))


def claim(
    connection: Connection,
    chosen: Select[Any],
    leases: Leases,
    limit: int,
    per_host: int,
    spare: Collection[str],
    names: Iterable[str] | None,
) -> tuple[Due, ...]:
    """Lease the first of ``chosen``, all of them or those named.

    Who names a source does not mind the hours its feed skips.
    """
    wanted = None if names is None else {clean(name) for name in names}
    turns = _Turns(limit, per_host, spare, busy=_busy(connection, leases))
    taken: dict[int, Row[Any]] = {}
    put_off: list[Mapping[str, Any]] = []
    for row in connection.execute(chosen):
        if turns.left == 0:
            break
        until = _left_alone_until(row, leases.now) if wanted is None else None
        if until is not None:
            put_off.append({"row": row.source, "until": until})
        elif (wanted is None or row.name in wanted) and turns.take(row.host):
            taken[row.source] = row
    if put_off:
        connection.execute(_PUT_OFF, put_off)
    _lease(connection, taken.values(), leases)
    return tuple(
        Due(row.name, rows.state(row._mapping), row.first_ok_at is None, rows.info(row.info))
        for row in _leased(connection, taken)
    )


def paused(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Return the hosts that want to be left alone, and until when."""
    chosen = _pauses().having(func.max(_STATE.paused_until) > now)
    return {row.paused_host: row.until for row in connection.execute(chosen)}


def _pauses() -> Select[Any]:
    return (
        select(_STATE.paused_host, func.max(_STATE.paused_until).label("until"))
        .where(_STATE.paused_host.is_not(None))
        .group_by(_STATE.paused_host)
    )


def next_due(connection: Connection) -> datetime | None:
    """Return when the next source is due; one that is held is when that has run out."""
    pauses = _pauses().subquery()
    at: ColumnElement[datetime | None] = _STATE.next_poll_at
    held = (_STATE.lease_until, _STATE.put_off_until, _STATE.paused_until, pauses.c.until)
    for held_until in held:
        at = _later(at, held_until)
    joined = poll_state.join(source).outerjoin(pauses, pauses.c.paused_host == _STATE.host)
    chosen = select(func.min(at)).select_from(joined).where(source.c.removed.is_(None))
    found: datetime | None = connection.scalar(chosen)
    return found


def release(connection: Connection, names: Iterable[str]) -> None:
    """End leases of polls that were called off: they were no requests."""
    for part in parts(names):
        ids = select(source.c.id).where(source.c.name.in_(part))
        connection.execute(
            update(poll_state)
            .where(_STATE.source.in_(ids), _STATE.lease_until.is_not(None))
            .values(lease_until=None, last_poll_at=_STATE.previous_poll_at)
        )


class _Turns:
    """Hands out places until the round or a host has no more."""

    def __init__(
        self, limit: int, per_host: int, spare: Collection[str], busy: Counter[str]
    ) -> None:
        self.left = limit
        self._per_host = per_host
        self._spare = frozenset(spare)
        self._busy = busy

    def take(self, host: str | None) -> bool:
        """Take a place; False if its host has none. What has no host burdens nobody."""
        if host is not None:
            if host in self._spare or self._busy[host] >= self._per_host:
                return False
            self._busy[host] += 1
        self.left -= 1
        return True


def _not_held(now: datetime) -> ColumnElement[bool]:
    return or_(_STATE.lease_until.is_(None), _STATE.lease_until <= now)


def _free(now: datetime, not_held: ColumnElement[bool]) -> Select[Any]:
    """Choose sources nobody holds and whose host asked for no pause, the longest overdue first."""
    other = poll_state.alias()
    pauses = select(other.c.paused_host).where(
        other.c.paused_until > now, other.c.paused_host.is_not(None)
    )
    return (
        select(_STATE.source, source.c.name, _STATE.host, _STATE.rhythm, _STATE.last_poll_at)
        .join(source)
        .where(source.c.removed.is_(None))
        .where(not_held)
        .where(or_(_STATE.paused_until.is_(None), _STATE.paused_until <= now))
        .where(or_(_STATE.host.is_(None), _STATE.host.not_in(pauses)))
        .order_by(_STATE.next_poll_at.nulls_last(), source.c.name)
    )


def _busy(connection: Connection, leases: Leases) -> Counter[str]:
    """Count the sources of each host that somebody holds.

    One that was leased long ago was killed: it waits for its own sake, and holds up no sibling.
    """
    held = select(_STATE.host, func.count()).where(
        _STATE.lease_until > leases.now,
        _STATE.last_poll_at > leases.now - leases.length,
        _STATE.host.is_not(None),
    )
    return Counter({row[0]: row[1] for row in connection.execute(held.group_by(_STATE.host))})


_PUT_OFF = (
    update(poll_state)
    .where(_STATE.source == bindparam("row"))
    .values(put_off_until=bindparam("until"))
)
_LEASE = (
    update(poll_state)
    .where(_STATE.source == bindparam("row"))
    .values(
        lease_until=bindparam("until"),
        last_poll_at=bindparam("now"),
        previous_poll_at=_STATE.last_poll_at,
    )
)


def _lease(connection: Connection, taken: Iterable[Row[Any]], leases: Leases) -> None:
    lines = [
        {"row": row.source, "now": leases.now, "until": leases.until(row.name)} for row in taken
    ]
    if lines:
        connection.execute(_LEASE, lines)


def _leased(connection: Connection, taken: Collection[int]) -> Sequence[Row[Any]]:
    """Return the states of these sources, in their order."""
    chosen = select(source.c.name, source.c.info, *poll_state.c).join(source)
    found = {
        row.source: row
        for part in parts(taken)
        for row in connection.execute(chosen.where(_STATE.source.in_(part)))
    }
    return [found[row] for row in taken]


def _left_alone_until(row: Row[Any], now: datetime) -> datetime | None:
    rhythm = rows.rhythm(row.rhythm)
    return schedule.left_alone_until(rhythm, row.last_poll_at, now)


def _later(
    one: ColumnElement[datetime | None], other: ColumnElement[datetime | None]
) -> ColumnElement[datetime | None]:
    """Return the later of two times, the one where there is no other."""
    return case((other > one, other), else_=one)

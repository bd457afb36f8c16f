"""A flood: far more entries new at once than a source ever brought.

An archive that comes again under other ids and addresses, or a broken or hostile publisher, would
fill every feed it is in. But a real burst is news, so:

1. Entries that are known by another sign are recognised first (``core.plan.kinship``), and only
   what is new after that is counted.
2. Up to a hundred at once are nobody's flood; nor are four times as many as the source ever
   brought, or as it would have brought by its pace since it was last read, a hundred a day at most.
3. The entries of a flood stand where their own dates put them, as those of a first poll do: what is
   of today is at the top, an archive is where it was.
4. Of a day that has more than a hundred only the newest few stand there. The others are held back:
   they are kept, and stand behind everything else until the operator accepts them. A first poll is
   held to this, too.
5. A folder on this machine is the operator's own, and what is asked of an archive was asked for.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from aggregator.model.known import Due, NewEntry, PollRecord, PollState
from aggregator.model.settings import Source

Log = Callable[[], Sequence[PollRecord]]

OUTCOME = "flood"
"""Of the poll that brought one, in the log, until it is accepted."""
BEHIND = timedelta(days=365_250)
"""How far held entries stand behind their place: a thousand years, so that it can be undone."""
HELD_BEFORE = datetime(1400, 1, 1, tzinfo=UTC)
"""What stands before this is held: no date before 1583 is believed (``core.dates``)."""

_MANY = 100
_TIMES = 4
_FEW = 20
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class Came(Struct, frozen=True):
    """The new entries of a poll, and what becomes of them."""

    new: tuple[NewEntry, ...]
    """Where their own dates put them, if they are a flood."""
    flooded: bool = False
    held: frozenset[str] = frozenset()
    """Guids of those that are held back."""

    def stand(self, entry: NewEntry) -> NewEntry:
        """Put an entry behind everything else if it is held back."""
        if entry.guid not in self.held:
            return entry
        return replace(entry, sort_at=entry.sort_at - BEHIND)


def place(source: Source, due: Due, new: Sequence[NewEntry], log: Log, now: datetime) -> Came:
    """Put the new entries of a poll where they belong, if they are a flood.

    ``log`` looks up how its polls went, the newest first; it is asked only if there are many.
    """
    if not is_flood(source, due, len(new), log, now):
        return Came(tuple(new))
    placed = by_own_dates(new, now)
    held = too_many(placed)
    return Came(placed, flooded=bool(held) or not due.first, held=held)


def is_flood(source: Source, due: Due, new: int, log: Log, now: datetime) -> bool:
    """Tell whether so many new entries at once are far more than a source ever brought.

    Its first good poll listed all there was, and says nothing of that.
    """
    if source.local or new <= _MANY:
        return False
    if due.first:
        return due.state.last_ok_at is None  # else a page of its archive
    usual = max([record.new for record in log() if record.outcome == "new"][:-1], default=0)
    return new > max(_TIMES * usual, _missed(due.state, now))


def _missed(state: PollState, now: datetime) -> float:
    """Return how many a source may have published since it was last read."""
    if not state.pace or state.last_ok_at is None:
        return 0.0
    away = now - state.last_ok_at
    return min(_TIMES * (away / state.pace), _MANY * (away / _DAY))


def by_own_dates(new: Sequence[NewEntry], now: datetime) -> tuple[NewEntry, ...]:
    """Put entries where their own dates put them; those without one have just come."""
    return tuple(
        replace(entry, sort_at=min(entry.published_at, now) - position * _TICK)
        for position, entry in enumerate(new)
    )


def too_many(new: Sequence[NewEntry]) -> frozenset[str]:
    """Return the guids of all but the newest few of each day that has too many."""
    days: dict[date, list[NewEntry]] = {}
    for entry in sorted(new, key=lambda entry: entry.sort_at, reverse=True):
        days.setdefault(entry.sort_at.date(), []).append(entry)
    crowded = (of_day for of_day in days.values() if len(of_day) > _MANY)
    return frozenset(entry.guid for of_day in crowded for entry in of_day[_FEW:])


def is_held(sort_at: datetime) -> bool:
    """Tell whether an entry that stands there is held back."""
    return sort_at < HELD_BEFORE


def words(source: str, came: Came) -> str:
    """Say what happened, and what can be done."""
    happened = f"It listed {len(came.new):,} new entries at once, which looks like a flood"
    if not came.held:
        return f"{happened}. They stand where their own dates put them."
    return (
        f"{happened}. Of each day the newest {_FEW} stand in the feeds; {len(came.held):,} are "
        f"held back: they are kept and stand behind everything else. {remedy(source)}."
    )


def remedy(source: str) -> str:
    """Say what puts held entries into their places."""
    return f"`aggregator accept {source}` puts them into their places"

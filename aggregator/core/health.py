"""How a source does, in words, and what its operator must be told once.

1. A source that fails is told when it has failed six times in a row, which the back-off stretches
   over more than a day: a server that is down for a night is nobody's concern.
2. A source that said 410 twice, that moved for good, or that came back after it was told as
   failing, is told at that poll.
3. Nothing is told twice: each is a change between two states, and states are kept with the poll.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict

from aggregator.core import flood, schedule
from aggregator.model.known import KnownSource, Notice, PollState
from aggregator.model.parsed import Rhythm
from aggregator.model.settings import Source

TOLD_IN = "operator feed"
"""The slug of the operator's own feed. No feed of feeds.yaml and no category can be called so: a
slug has no space."""
FAILING = 6
"""Failures in a row: after 1 + 2 + 4 + 8 + 12 hours."""


def notices(
    source: Source, before: PollState, after: PollState, now: datetime
) -> tuple[Notice, ...]:
    """Return what changed at this poll that a person should know."""
    return tuple(
        Notice(source.name, kind, now, words) for kind, words in _changes(source, before, after)
    )


def _changes(source: Source, before: PollState, after: PollState) -> Iterator[tuple[str, str]]:
    if after.stopped and not before.stopped:
        yield "gone", f"It is never asked again: {after.stopped}."
    elif after.failures == FAILING:
        again = "It is asked again every 12 hours."
        yield (
            "failing",
            f"It failed {FAILING} times in a row, last with: {after.last_error}. {again}",
        )
    elif before.failures >= FAILING and not after.failures:
        yield "recovered", f"It answers again, after {before.failures} failures in a row."
    was, now_at = schedule.address(source, before), schedule.address(source, after)
    if was != now_at:
        yield "moved", _moved(source, was, now_at)
    if before.identity and after.identity != before.identity:
        yield (
            "identity",
            f"Its ids no longer tell its entries apart; they are named by {after.identity} now.",
        )
    if after.missing and not before.missing:
        yield (
            "missing",
            f"{after.missing} of its posts are gone at once, which is most of them: all are kept. "
            "If they are meant to go, set `deleted: remove-all` in feeds.yaml.",
        )


def _moved(source: Source, was: str, now_at: str) -> str:
    if source.republish.hide_address:
        show = f"`aggregator show {source.name}` says where"
        return f"It is asked at another address now, which is not published: {show}."
    if now_at == source.location:
        return f"It is asked at {now_at} again: {was} kept failing."
    return f"It has moved for good and is asked at {now_at}; put that into feeds.yaml."


class Health(Struct, frozen=True):
    """How one source does, for a page, a program or a terminal."""

    name: str
    title: str | None
    standing: str
    """"ok", "new", "failing", "stopped" or "removed"."""
    reason: str
    entries: int
    held: int
    """Of the entries: held back as a flood."""
    pace: str
    """How often it publishes, in words."""
    identity: str | None
    """What tells its entries apart."""
    failures: int
    """In a row."""
    moved_to: str | None
    """Where a permanent redirect leads that was seen, followed or not yet."""
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    """None: never."""

    def plain(self) -> dict[str, object]:
        """Return it as JSON has it: times in RFC 3339, whole seconds."""
        return {
            name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def examine(source: KnownSource, now: datetime) -> Health:
    """Say how a source does."""
    state = source.state
    asked = not source.removed and not state.stopped
    return Health(
        name=source.name,
        title=source.info.title,
        standing=standing(source),
        reason=reason(source, now),
        entries=source.entries,
        held=source.held,
        pace=pace(state),
        identity=state.identity,
        failures=state.failures,
        moved_to=None if source.republish.hide_address else state.moved_to,
        last_poll_at=state.last_poll_at,
        last_ok_at=state.last_ok_at,
        next_poll_at=_next(state) if asked else None,
    )


def _next(state: PollState) -> datetime | None:
    times = [at for at in (state.next_poll_at, state.put_off_until, state.paused_until) if at]
    return max(times, default=None)


def standing(source: KnownSource) -> str:
    """Return in one word how a source does: what a page colours and a program sorts by."""
    state = source.state
    if source.removed:
        return "removed"
    if state.stopped:
        return "stopped"
    if state.failures:
        return "failing"
    return "ok" if state.last_ok_at else "new"


def reason(source: KnownSource, now: datetime) -> str:
    """Say in a few words how a source does and why."""
    return f"{_standing_reason(source, now)}{_held(source)}"


def _standing_reason(source: KnownSource, now: datetime) -> str:
    state = source.state
    match standing(source):
        case "removed":
            return "removed from feeds.yaml; its entries stay"
        case "stopped":
            return f"stopped: {state.stopped}"
        case "failing":
            times = f" ({state.failures} times in a row)" if state.failures > 1 else ""
            return f"failed: {state.last_error}{times}{_pause(state, now)}"
        case "ok" if state.last_ok_at:
            return f"ok, {span(now - state.last_ok_at)} ago"
    return "not polled yet"


def pace(state: PollState) -> str:
    """Say how often a source publishes."""
    return f"an entry every {span(state.pace)}" if state.pace else "at a pace not known yet"


def asked_wait(rhythm: Rhythm) -> str | None:
    """Say how long the feed itself asks to be left alone, which outranks a shorter ``every``."""
    waits = [wait for wait in (rhythm.ttl, rhythm.update_interval) if wait]
    return f"to be asked every {span(max(waits))} at most" if waits else None


def span(length: timedelta) -> str:
    """Return "45 s", "12 min", "5 h", "3 d", "2 y"."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("y", 31_557_600), ("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _held(source: KnownSource) -> str:
    if not source.held:
        return ""
    entries = "1 entry is" if source.held == 1 else f"{source.held:,} entries are"
    return f"; {entries} held as a flood: {flood.remedy(source.name)}"


def _pause(state: PollState, now: datetime) -> str:
    if state.paused_until is None or state.paused_until <= now:
        return ""
    return f"; its host asked for a pause of {span(state.paused_until - now)}"

"""When a source is asked next.

1. Never earlier than its interval, nor the floor, nor what its server asked for; all that a server
   asks together is capped at a day, so that nobody can silence a source. Hours and days that a feed
   wants to be left alone in are looked at again when a poll's turn comes: it may come late.
2. After a failure 1, 2, 4, 8, 12, 12… hours: a source is never given up on. A 429 or 503 pauses the
   whole host: none of its sources is asked before that ends.
3. 410 Gone is asked once more a day later; said again, it ends the source.
4. A permanent redirect is believed after three sightings over a day with a valid feed behind it.
5. A source that publishes seldom is asked seldom: twice in its usual time between two entries,
   within the operator's bounds. One whose answers cost its server more than ``fetch.budget`` a day
   is asked so seldom that they do not, but never so that more than a handful of entries may have
   come meanwhile: feeds list ten, as a rule.
6. Sources that began together are spread over one interval after their first answer, and drift
   apart by a tenth of it afterwards; how far, the name says, so that it is the same everywhere.
   Many new ones of one host are spread from the start.
7. A folder in which a post waits for its day is asked at that moment, if not earlier.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core.addresses import is_public
from aggregator.core.hosts import domain_of, is_address
from aggregator.model.fetched import Failed, Fetched, NotModified, Validators, Wishes
from aggregator.model.known import PollState
from aggregator.model.parsed import Rhythm
from aggregator.model.settings import FetchSettings, Source

CEILING = timedelta(hours=24)
"""The longest anybody can make us wait."""

_DAY = timedelta(hours=24)
_BACKOFF = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8, 12))
_JITTER = 0.1
_SLOWEST = 4
"""How much slower than ``every`` a source may get where the operator says nothing."""
_PACE_ENTRIES = 20
_PACE_WEIGHT = 0.3
"""Of the newest gap: one busy afternoon does not change a weekly's pace, a month of them does."""
_COST_WEIGHT = 0.3
"""Of the newest answer in what answers cost."""
_MOST_UNSEEN = 5
_MANY_AT_ONE_HOST = 20
_FIRST_AT_ONE_HOST = 10
"""Sixty channels of one site were all asked in one minute: more than half of its requests of that
hour. Of a handful the operator wants to see something at once."""
_MOVE_SIGHTINGS = 3
_MOVE_AGE = timedelta(hours=24)


def belongs_to(state: PollState, source: Source) -> PollState:
    """Return what is remembered if it is of the address now configured, else only the times.

    Validators are one server's private word: they are not sent to another address.
    """
    if state.location in (None, source.location):
        return replace(state, location=source.location)
    return PollState(
        location=source.location,
        host=state.host,
        identity=state.identity,
        next_poll_at=state.next_poll_at,
        last_poll_at=state.last_poll_at,
    )


def first_polls(new: Sequence[Source], now: datetime) -> dict[str, datetime]:
    """Say when sources that nobody polled so far are asked, by name: at once.

    Of many of one host only the first few are; the others follow evenly over their interval, in an
    order that their names draw. A host in a private network is the operator's own.
    """
    hosts: dict[str | None, list[Source]] = {}
    for source in sorted(new, key=lambda source: _fraction(source.name)):
        hosts.setdefault(domain_of(source.location), []).append(source)
    found = {source.name: now for source in new}
    for host, sources in hosts.items():
        if host is None or len(sources) <= _MANY_AT_ONE_HOST or _is_private(host):
            continue
        later = sources[_FIRST_AT_ONE_HOST:]
        for number, source in enumerate(later, 1):
            found[source.name] = now + source.every * (number / len(later))
    return found


def _is_private(host: str) -> bool:
    return is_address(host) and not is_public(host)


def address(source: Source, state: PollState) -> str:
    """Say where to ask: the configured address, or the one it has permanently moved to."""
    if state.moved_to and _move_is_sure(state, state.last_ok_at):
        return state.moved_to
    return source.location


class News(Struct, frozen=True):
    """What a good answer brought, for the pace."""

    new: int = 0
    dates: tuple[datetime, ...] = ()
    """Stated by the entries of a first answer; none in the future."""


_NO_NEWS = News()


def after_read(
    source: Source,
    state: PollState,
    answer: Fetched | NotModified,
    rhythm: Rhythm,
    now: datetime,
    fetch: FetchSettings,
    news: News = _NO_NEWS,
) -> PollState:
    """Return the state after a good answer: a whole feed, or 304."""
    seen = _see_move(state, answer.permanent_url, now)
    paced = _with_cost(_with_pace(seen, news, now), answer.traffic.bytes_received)
    own = max(_own_pace(source, paced, now, fetch), _floor(source, fetch))
    least = max(source.every, _floor(source, fetch))
    start, drift = _spread(source, least, own, first=state.last_ok_at is None)
    wait = max(start, _asked(rhythm, answer.wishes))
    latest = now + max(start + drift, CEILING)
    after = replace(
        paced,
        validators=_validators(state, answer),
        body_hash=answer.body_hash if isinstance(answer, Fetched) else state.body_hash,
        next_poll_at=_in_time(
            _out_of_skipped(now + wait + drift, rhythm, latest), answer.wishes.due_at, now
        ),
        put_off_until=None,
        last_poll_at=now,
        last_ok_at=now,
        failures=0,
        stopped=None,
        last_error=None,
        rhythm=rhythm,
        paused_host=None,
        paused_until=None,
    )
    return _at_its_host(source, state, after)


def after_failure(
    source: Source, state: PollState, failed: Failed, now: datetime, fetch: FetchSettings
) -> PollState:
    """Return the state after no answer, or one that was no feed; validators stay as they were."""
    failures = state.failures + 1
    failing = replace(
        _at_its_host(source, state, _forget_lost_move(state, failures)),
        put_off_until=None,
        last_poll_at=now,
        failures=failures,
        last_error=str(failed.error) or "failed",
    )
    if failed.error.gone:
        return _after_gone(failing, state, now)
    wait = source.every if source.local else _backoff(failures)
    asked = min(failed.wishes.retry_after or timedelta(0), CEILING)
    next_poll_at = now + max(wait, asked, _floor(source, fetch))
    return replace(_paused(failing, failed.wishes, now), next_poll_at=next_poll_at)


def left_alone_until(
    rhythm: Rhythm, last_poll_at: datetime | None, now: datetime
) -> datetime | None:
    """Return until when a feed whose turn has come wants to be left alone; None if it does not.

    Its time was set outside of the hours it skips, but a queue, a tick or a stop may have carried
    the poll into one.
    """
    if last_poll_at is None:
        return None
    moment = _out_of_skipped(now, rhythm, last_poll_at + CEILING)
    return moment if moment > now else None


def after_calling_off(
    source: Source, state: PollState, now: datetime, fetch: FetchSettings
) -> PollState:
    """Return the state after a request that we broke off ourselves: it was one, for the floor."""
    again = now + _floor(source, fetch)
    return replace(state, last_poll_at=now, next_poll_at=again, put_off_until=None)


def _paused(state: PollState, wishes: Wishes, now: datetime) -> PollState:
    """Note which host asked to be left alone, and until when, a day at most."""
    if wishes.host_pause is None:
        return replace(state, paused_host=None, paused_until=None)
    until = now + min(wishes.host_pause.wait, CEILING)
    return replace(state, paused_host=wishes.host_pause.domain, paused_until=until)


def _at_its_host(source: Source, before: PollState, after: PollState) -> PollState:
    """Note whose host the source is asked at, where that changed."""
    now_at = address(source, after)
    if now_at == address(source, before):
        return after
    return replace(after, host=domain_of(now_at))


def _forget_lost_move(state: PollState, failures: int) -> PollState:
    """Go back to the configured address when the one it moved to keeps failing."""
    if failures < _MOVE_SIGHTINGS:
        return state
    return replace(state, moved_to=None, move_seen_at=None, move_sightings=0)


def _after_gone(failing: PollState, before: PollState, now: datetime) -> PollState:
    if before.stopped or (before.last_error or "").startswith("410"):
        return replace(failing, next_poll_at=None, stopped=f"gone: {failing.last_error}")
    return replace(failing, next_poll_at=now + _MOVE_AGE)


def _backoff(failures: int) -> timedelta:
    return _BACKOFF[min(failures, len(_BACKOFF)) - 1]


def _floor(source: Source, fetch: FetchSettings) -> timedelta:
    return timedelta(0) if source.local else fetch.floor


def _asked(rhythm: Rhythm, wishes: Wishes) -> timedelta:
    """Return the longest wait that the server or the feed asks for, a day at most."""
    wanted = (wishes.fresh_for, wishes.retry_after, rhythm.ttl, rhythm.update_interval)
    longest = max((wish for wish in wanted if wish is not None), default=timedelta(0))
    return min(longest, CEILING)


def _own_pace(source: Source, state: PollState, now: datetime, fetch: FetchSettings) -> timedelta:
    """Ask twice in the usual time between two entries, within the operator's bounds."""
    if source.local:
        return source.every
    affordable = max(source.every, _affordable(source, state, fetch))
    if state.pace is None or state.last_new_at is None:
        return affordable
    silence = max(state.pace, now - state.last_new_at)
    return max(affordable, min(silence / 2, _slowest(source)))


def _affordable(source: Source, state: PollState, fetch: FetchSettings) -> timedelta:
    """Return how far apart its answers must be to keep to the budget of a day."""
    wait = _DAY * ((state.cost or 0) / fetch.budget)
    most = _slowest(source) if state.pace is None else state.pace * _MOST_UNSEEN
    return min(wait, most, source.slowest or CEILING)


def _with_cost(state: PollState, received: int) -> PollState:
    """Note what an answer cost; the first, which is always whole, says nothing of the others."""
    if state.last_ok_at is None:
        return state
    before = received if state.cost is None else state.cost
    return replace(state, cost=round(before + (received - before) * _COST_WEIGHT))


def _slowest(source: Source) -> timedelta:
    return source.slowest or min(source.every * _SLOWEST, CEILING)


def _with_pace(state: PollState, news: News, now: datetime) -> PollState:
    if state.last_ok_at is None and news.dates:
        newest = sorted(news.dates)[-_PACE_ENTRIES:]
        gaps = len(newest) - 1
        pace = (newest[-1] - newest[0]) / gaps if gaps else None
        return replace(state, pace=pace, last_new_at=newest[-1])
    if not news.new:
        return state
    if state.last_new_at is None:
        return replace(state, last_new_at=now)
    gap = max(now - state.last_new_at, timedelta(0)) / news.new
    pace = gap if state.pace is None else state.pace + (gap - state.pace) * _PACE_WEIGHT
    return replace(state, pace=pace, last_new_at=now)


def _spread(
    source: Source, least: timedelta, own: timedelta, *, first: bool
) -> tuple[timedelta, timedelta]:
    """Return after how long a source may be asked, and how much later its name says.

    Where the longest the operator allows leaves no room behind the interval, it is before it: all
    that publish seldom and began together were asked together for ever. A folder on this machine
    need not be spread.
    """
    if source.local:
        return own, timedelta(0)
    room = own * (1 if first else _JITTER)
    longest = max(source.slowest or max(_slowest(source), source.every * 2), own)
    start = min(own, max(longest - room, least))
    return start, min(room, longest - start) * _fraction(source.name)


def _fraction(name: str) -> float:
    """Return a number in [0, 1) that belongs to the name, on every machine."""
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def _out_of_skipped(moment: datetime, rhythm: Rhythm, latest: datetime) -> datetime:
    """Move to the first hour the feed does not ask to be left alone in, up to the latest."""
    while moment < latest:
        if moment.hour not in rhythm.skip_hours and moment.weekday() not in rhythm.skip_days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return latest


def _in_time(moment: datetime, due_at: datetime | None, now: datetime) -> datetime:
    return min(moment, due_at) if due_at and due_at > now else moment


def _validators(state: PollState, answer: Fetched | NotModified) -> Validators:
    """Take the newest word of the server: all of a 200, and what a 304 carries (RFC 9111 4.3.4)."""
    if isinstance(answer, Fetched):
        return answer.validators
    return Validators(
        etag=answer.validators.etag or state.validators.etag,
        last_modified=answer.validators.last_modified or state.validators.last_modified,
    )


def _see_move(state: PollState, permanent_url: str | None, now: datetime) -> PollState:
    if _move_is_sure(state, state.last_ok_at) and permanent_url is None:
        return state
    if permanent_url is None:
        return replace(state, moved_to=None, move_seen_at=None, move_sightings=0)
    if permanent_url != state.moved_to:
        return replace(state, moved_to=permanent_url, move_seen_at=now, move_sightings=1)
    return replace(state, move_sightings=state.move_sightings + 1)


def _move_is_sure(state: PollState, last_seen: datetime | None) -> bool:
    if state.move_seen_at is None or last_seen is None:
        return False
    return state.move_sightings >= _MOVE_SIGHTINGS and last_seen - state.move_seen_at >= _MOVE_AGE

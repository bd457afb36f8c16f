"""Rules about when."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from bench.servers.guesthouse import Visit
from bench.servers.misbehaving import CATALOGUE
from bench.simulation.asked import Case, Evidence, Poll
from bench.simulation.rules.verdict import Finding
from bench.simulation.speaking import CEILING, NO_TIME
from bench.simulation.world import FETCH

_HOUR = timedelta(hours=1)
_BACKOFF = tuple(hours * _HOUR for hours in (1, 2, 4, 8, 12))
_BUSY = (429, 503)
_RETIRING = frozenset(row.name for row in CATALOGUE if row.right.startswith("410"))


def floor(evidence: Evidence) -> Iterator[Finding]:
    """Not twice within the greater of the floor and the source's own interval."""
    for case in evidence.cases:
        least = max(case.source.every, evidence.floor)
        for one, two in pairwise(case.polls):
            gap = two.when - one.when
            yield None if gap >= least else f"{_at(case, two)}: after {gap} instead of {least}"


def wishes(evidence: Evidence) -> Iterator[Finding]:
    """Not before Retry-After, max-age, Expires, ttl or sy:update* are over; a day at most."""
    for case in evidence.cases:
        for one, two in pairwise(case.polls):
            asks = _asks(evidence, one)
            if asks and one.heard:
                gap = two.when - one.when
                yield None if gap >= asks else f"{_at(case, two)}: after {gap} instead of {asks}"


def skipped(evidence: Evidence) -> Iterator[Finding]:
    """Not in an hour or on a day that the feed wants to be left alone in, but once a day."""
    for case in evidence.cases:
        kind = case.kind
        if kind is None or not (kind.skips or kind.skips_days):
            continue
        told = False
        for one, two in pairwise(case.polls):
            told = told or one.heard
            alone = two.when.hour in kind.skips or two.when.weekday() in kind.skips_days
            fine = not alone or two.when - one.when >= CEILING or not told
            yield None if fine else f"{_at(case, two)}: wants to be left alone then"


def backoff(evidence: Evidence) -> Iterator[Finding]:
    """After failures in a row 1, 2, 4, 8, 12, 12 … hours."""
    for case in evidence.cases:
        failures = 0
        for one, two in pairwise(case.log):
            failed = one.outcome in ("failed", "broken")
            failures = failures + 1 if failed else 0
            if failed and not _is_special(evidence, case, one.at, one.message or ""):
                wait = _BACKOFF[min(failures, len(_BACKOFF)) - 1]
                gap = two.at - one.at
                late = _late(evidence) + (
                    _HOUR if _killed_between(evidence, one.at, two.at) else NO_TIME
                )
                fine = wait <= gap <= wait + late
                yield None if fine else f"{case.source.name} {two.at:%d %H:%M}: {gap}, not {wait}"


def never_given_up(evidence: Evidence) -> Iterator[Finding]:
    """Asked once a day at least, whatever it answered, until it has said 410 twice."""
    for case in evidence.cases:
        if _retires(case):
            continue
        moments = sorted({one.when for one in case.polls} | {one.at for one in case.log})
        if not moments:
            yield f"{case.source.name}: never asked"
            continue
        for one, two in pairwise((*moments, evidence.kept.until)):
            late = _late(evidence) + (_HOUR if _killed_between(evidence, one, two) else NO_TIME)
            fine = two - one <= CEILING + late or _host_paused(evidence, case, one, two)
            yield None if fine else f"{case.source.name} {one:%d %H:%M}: not asked for {two - one}"


def gone(evidence: Evidence) -> Iterator[Finding]:
    """After 410 once more, a day later, and then never again; what nobody heard does not count."""
    for case in evidence.cases:
        if not _retires(case):
            continue
        heard = [poll for poll in case.polls if poll.heard]
        yield None if heard else f"{case.source.name}: never asked"
        if not heard:
            continue
        first, *more = case.polls[case.polls.index(heard[0]) :]
        for poll in more:
            gap = poll.when - first.when
            yield None if gap >= CEILING else f"{_at(case, poll)}: confirmed after {gap}"
        late = 2 * _HOUR + 2 * _late(evidence)
        due = evidence.kept.until - first.when > CEILING + late
        yield None if len(heard) == 2 or not due else f"{case.source.name}: {len(heard)} times"
        last = heard[:2][-1]
        fine = len(heard) < 2 or case.polls[-1] is last
        yield None if fine else f"{_at(case, case.polls[-1])}: asked after it was gone"


def paused(evidence: Evidence) -> Iterator[Finding]:
    """Nothing of a host that said 429 or 503 until its pause is over."""
    unheard = {
        visit
        for case in evidence.cases
        for poll in case.polls
        if not poll.heard
        for visit in poll.visits
    }
    until: dict[str, datetime] = {}
    for visit in evidence.visits:
        end = until.get(visit.host)
        if end is not None:
            yield (
                None
                if visit.when >= end
                else f"{visit.target} {visit.when:%d %H:%M}: before {end:%H:%M}"
            )
        length = _pause(evidence, visit)
        if length and visit not in unheard:
            until[visit.host] = max(visit.when + length, end or visit.when)


def one_at_a_time(evidence: Evidence) -> Iterator[Finding]:
    """One request of a host under way."""
    for visit in evidence.visits:
        yield f"{visit.target} at {visit.host}" if visit.crowded else None


def spaced(evidence: Evidence) -> Iterator[Finding]:
    """A pause between two requests of a host; in real time, so only within one round.

    The guest has the last answer after it was begun, and begins before we see its next request: a
    machine under load makes the gap longer, never shorter.
    """
    least = FETCH.spacing.total_seconds()
    before: dict[str, Visit] = {}
    for visit in evidence.visits:
        last = before.get(visit.host)
        if last is not None and last.when == visit.when:
            gap = visit.at - last.spoke_at
            yield None if gap >= least else f"{visit.target}: {gap:.3f} s"
        before[visit.host] = visit


def _late(evidence: Evidence) -> timedelta:
    """Return how much later than it could a poll may be: a restart and a kill take a tick each."""
    return 4 * evidence.tick


def _asks(evidence: Evidence, poll: Poll) -> timedelta:
    said = [evidence.said[visit].asks for visit in poll.visits if visit in evidence.said]
    return max(said, default=NO_TIME)


def _pause(evidence: Evidence, visit: Visit) -> timedelta:
    said = evidence.said.get(visit)
    if said:
        return said.pause
    return _HOUR if visit.status in _BUSY else NO_TIME


def _is_special(evidence: Evidence, case: Case, at: datetime, message: str) -> bool:
    """Tell whether something else than the back-off says when to ask next."""
    waits = message.startswith(("410", "429", "503")) or "asks to be left alone" in message
    if waits or (case.kind and case.kind.family):
        return True
    return any(_asks(evidence, poll) for poll in case.polls if poll.when == at)


def _killed_between(evidence: Evidence, one: datetime, two: datetime) -> bool:
    return any(one <= moment <= two for moment in evidence.kept.killed)


def _retires(case: Case) -> bool:
    """Tell whether a source says 410 for ever."""
    return case.kind.retires if case.kind else case.source.name in _RETIRING


def _host_paused(evidence: Evidence, case: Case, one: datetime, two: datetime) -> bool:
    """Tell whether another source of the host was told to wait meanwhile."""
    if case.kind is None or case.kind.family is None:
        return False
    family = case.kind.family
    siblings = {name for name, kind in evidence.world.kinds.items() if kind.family == family}
    return any(
        _pause(evidence, visit)
        for other in evidence.cases
        if other.source.name in siblings
        for poll in other.polls
        for visit in poll.visits
        if one <= visit.when <= two
    )


def _at(case: Case, poll: Poll) -> str:
    return f"{case.source.name} {poll.when:%d %H:%M:%S}"

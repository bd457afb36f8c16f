"""The run as a table."""

from collections.abc import Iterator, Sequence
from statistics import fmean, median

from msgspec import Struct

from bench.report import machine
from bench.simulation.asked import Case, Evidence, Poll
from bench.simulation.bombs import LIMIT_MB, Growth
from bench.simulation.rules import Verdict

MOST_REQUESTS = 15.0
MOST_KIB = 20.0
_ENOUGH = 30
"""Ordinary feeds: of a few, one large one decides what the one in the middle costs."""
_SHOWN = 20


class Cost(Struct, frozen=True):
    """What ordinary feeds cost their servers, per feed and day."""

    feeds: int
    requests: float
    kib: float
    """Of the feed in the middle."""
    mean_kib: float
    """Of all: a few large ones weigh as much as all others."""
    first_kib: float
    """Of it, what the first answers make, which are whole: a newcomer's, once."""
    unchanged: float
    """Share of 304s."""

    @property
    def fine(self) -> bool:
        """Tell whether it is within the bounds; a few feeds may cost what they like."""
        return self.requests <= MOST_REQUESTS and (self.kib <= MOST_KIB or self.feeds < _ENOUGH)


def cost(evidence: Evidence) -> Cost:
    """Add up what the ordinary feeds were asked; both directions, headers and all."""
    cases = [case for case in evidence.cases if case.kind and case.kind.group == "ordinary"]
    visits = [visit for case in cases for poll in case.polls for visit in poll.visits]
    days = (evidence.kept.until - evidence.cases[0].polls[0].when).total_seconds() / 86_400
    kib = [[_kib(poll) / days for poll in case.polls] for case in cases] or [[0.0]]
    return Cost(
        feeds=len(cases),
        requests=len(visits) / max(1, len(cases)) / days,
        kib=median(map(sum, kib)),
        mean_kib=fmean(map(sum, kib)),
        first_kib=fmean(each[0] for each in kib if each),
        unchanged=sum(visit.status == 304 for visit in visits) / max(1, len(visits)),
    )


def _kib(poll: Poll) -> float:
    return sum(visit.sent + visit.received for visit in poll.visits) / 1024


def lines(
    evidence: Evidence, verdicts: Sequence[Verdict], spent: Cost, grown: Sequence[Growth]
) -> Iterator[str]:
    """Write the table."""
    yield from _about(evidence)
    yield ""
    yield "| rule | checked | broken |"
    yield "|---|---:|---:|"
    for verdict in verdicts:
        yield f"| {verdict.rule} | {verdict.checked:,} | {len(verdict.broken)} |"
    yield ""
    yield (
        f"Ordinary feeds ({spent.feeds}), per feed and day: {spent.requests:.1f} requests (at most "
        f"{MOST_REQUESTS:g}); {spent.kib:.1f} KiB for the feed in the middle (at most "
        f"{MOST_KIB:g}), {spent.mean_kib:.1f} on average, {spent.first_kib:.1f} of them first "
        f"answers; {spent.unchanged:.0%} of the requests were answered with 304."
    )
    most = max(grown, key=lambda one: one.megabytes)
    yield (
        f"Memory: at most {most.megabytes:.1f} MB more on any of {len(grown) - 1} bombs or all "
        f"at once ({most.name}; fewer than {LIMIT_MB} allowed)."
    )
    yield f"Contacts with forbidden addresses: {len(evidence.world.canary)}."


def broken(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Name what is broken, some of each rule."""
    for verdict in verdicts:
        for words in verdict.broken[:_SHOWN]:
            yield f"BROKEN {verdict.rule}: {words}"


def _about(evidence: Evidence) -> Iterator[str]:
    kept = evidence.kept
    asked = [case for case in evidence.cases if _kind_of_behaviour(case)]
    hours = (kept.until - evidence.cases[0].polls[0].when).total_seconds() / 3600
    yield (
        f"{len(asked)} behaviours, {hours:.0f} virtual hours, {len(evidence.visits):,} requests, "
        f"{kept.rounds:,} rounds, {kept.restarts} restarts, {len(kept.killed)} kills."
    )
    here = machine()
    yield f"{here['date']}, {here['machine']}, Python {here['python']}."


def _kind_of_behaviour(case: Case) -> bool:
    return case.kind is None or case.kind.group != "ordinary"

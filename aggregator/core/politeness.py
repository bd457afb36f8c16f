"""What we did to the hosts we poll, from our own log, beside what we promise.

1. A host is everything under one registrable domain; what is asked of nobody (a folder on this
   machine, an address that was refused before a connection) burdens nobody.
2. Counted are requests, redirects too; a gap is between two polls of one source.
3. Broken is a gap under the floor, and a poll of a host that had asked to be left alone till later.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from aggregator.model.known import PollRecord

REQUESTS_A_DAY = 15
"""Of one feed, on a mixed list: what we promise."""

_DAY = timedelta(days=1)
_FAILED = ("failed", "broken")


class HostConduct(Struct, frozen=True):
    """How one host was treated."""

    host: str
    sources: int
    polls: int
    requests: int
    bytes_received: int
    not_modified: int
    """Polls that were answered with 304."""
    failures: int
    """Polls without a usable answer."""
    shortest_gap: timedelta | None
    """Between two polls of one source; None where none was polled twice."""
    under_floor: int
    """Gaps shorter than the floor."""
    within_pause: int
    """Polls while the host had asked to be left alone."""
    requests_a_day: float
    """Of one source."""

    @property
    def broken(self) -> int:
        """Count what breaks a promise."""
        return self.under_floor + self.within_pause

    @property
    def share_unchanged(self) -> float:
        """Return which part of the polls was answered with 304."""
        return self.not_modified / self.polls if self.polls else 0.0


def conduct(
    log: Iterable[PollRecord],
    hosts: Mapping[str, str | None],
    floor: timedelta,
    period: timedelta,
) -> tuple[HostConduct, ...]:
    """Add up a poll log, the oldest line first; what breaks a promise first, then the busiest host.

    ``hosts`` says whose host each source is asked at; None for a folder.
    """
    found: dict[str, _Host] = {}
    pauses: dict[str, datetime] = {}
    for record in log:
        host = hosts.get(record.source)
        if host and record.traffic.requests:
            found.setdefault(host, _Host(host)).add(record, floor, pauses.get(host))
        if record.paused_host and record.paused_until:
            before = pauses.get(record.paused_host, record.paused_until)
            pauses[record.paused_host] = max(before, record.paused_until)
    return tuple(sorted((one.told(period) for one in found.values()), key=_worst_first))


def total(hosts: Iterable[HostConduct]) -> HostConduct:
    """Add up all hosts."""
    every = tuple(hosts)
    sources = sum(one.sources for one in every)
    gaps = [one.shortest_gap for one in every if one.shortest_gap is not None]
    daily = sum(one.requests_a_day * one.sources for one in every)
    return HostConduct(
        host="all",
        sources=sources,
        polls=sum(one.polls for one in every),
        requests=sum(one.requests for one in every),
        bytes_received=sum(one.bytes_received for one in every),
        not_modified=sum(one.not_modified for one in every),
        failures=sum(one.failures for one in every),
        shortest_gap=min(gaps, default=None),
        under_floor=sum(one.under_floor for one in every),
        within_pause=sum(one.within_pause for one in every),
        requests_a_day=daily / sources if sources else 0.0,
    )


def faults(host: HostConduct) -> Iterator[str]:
    """Say in words which promises were broken."""
    if host.under_floor:
        yield f"{host.under_floor} polls sooner than the floor after the last"
    if host.within_pause:
        yield f"{host.within_pause} polls while it had asked to be left alone"


def _worst_first(host: HostConduct) -> tuple[int, int, str]:
    return (-host.broken, -host.requests, host.host)


class _Host(Struct):
    """Sums of one host while the log is read."""

    name: str
    polls: int = 0
    requests: int = 0
    bytes_received: int = 0
    not_modified: int = 0
    failures: int = 0
    under_floor: int = 0
    within_pause: int = 0
    shortest_gap: timedelta | None = None
    last: dict[str, datetime] = field(default_factory=dict)
    """When each source was polled last."""

    def add(self, record: PollRecord, floor: timedelta, paused_until: datetime | None) -> None:
        self.polls += 1
        self.requests += record.traffic.requests
        self.bytes_received += record.traffic.bytes_received
        self.not_modified += record.outcome == "not-modified"
        self.failures += record.outcome in _FAILED
        self.within_pause += paused_until is not None and record.at < paused_until
        before = self.last.get(record.source)
        if before is not None:
            self._add_gap(record.at - before, floor)
        self.last[record.source] = record.at

    def _add_gap(self, gap: timedelta, floor: timedelta) -> None:
        self.under_floor += gap < floor
        self.shortest_gap = gap if self.shortest_gap is None else min(gap, self.shortest_gap)

    def told(self, period: timedelta) -> HostConduct:
        return HostConduct(
            host=self.name,
            sources=len(self.last),
            polls=self.polls,
            requests=self.requests,
            bytes_received=self.bytes_received,
            not_modified=self.not_modified,
            failures=self.failures,
            shortest_gap=self.shortest_gap,
            under_floor=self.under_floor,
            within_pause=self.within_pause,
            requests_a_day=self.requests * (_DAY / period) / len(self.last),
        )

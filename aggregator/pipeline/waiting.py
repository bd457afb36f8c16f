"""The sources of one round that are leased to us and whose answers have not come yet."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator.core import schedule
from aggregator.model.fetched import Answer, Request
from aggregator.model.known import Due
from aggregator.model.settings import Source

PER_HOST = 20
"""Sources of one host in hand at once. Its requests follow each other a second apart, or half a
minute where it stalls: more of them would outlast their leases, and fill the round for others."""


class Job(Struct, frozen=True):
    """One leased source."""

    source: Source
    due: Due

    def request(self, paused: Mapping[str, datetime]) -> Request:
        """Return what to ask; ``paused`` are the hosts that nobody is sent to."""
        state = self.due.state
        place = schedule.address(self.source, state)
        return Request(self.source, place, state.validators, paused)


class Waiting(Struct):
    """Jobs by the source's name, and which of them nobody has been asked for yet."""

    sources: Mapping[str, Source]
    leases: Mapping[str, timedelta]
    """How long each source is left alone after it was asked, even if nobody lived to note it."""
    paused: Mapping[str, datetime] = field(default_factory=dict)
    """Hosts that asked to be left alone before this round, and until when."""
    jobs: dict[str, Job] = field(default_factory=dict)
    _unasked: dict[str, list[Job]] = field(default_factory=dict)

    def add(self, due: Iterable[Due]) -> None:
        """Take leased sources in; what is remembered of another address is dropped."""
        for line in due:
            source = self.sources.get(line.source)
            if source is None:
                continue
            own = replace(line, state=schedule.belongs_to(line.state, source))
            self.jobs[source.name] = Job(source, own)
            self._unasked.setdefault(source.kind, []).append(self.jobs[source.name])

    def hand_out(self, kind: str) -> Sequence[Request]:
        """Return the requests of a kind that were not handed out yet."""
        return [job.request(self.paused) for job in self._unasked.pop(kind, ())]

    def take(self, answer: Answer) -> Job:
        """Return the job an answer belongs to: it waits no longer."""
        return self.jobs.pop(answer.request.source.name)

    @property
    def unasked(self) -> tuple[str, ...]:
        """Return the kinds that have requests to hand out."""
        return tuple(self._unasked)

    @property
    def full_hosts(self) -> frozenset[str]:
        """Return the hosts that have as many sources in hand as they may."""
        hosts = Counter(job.due.state.host for job in self.jobs.values())
        return frozenset(host for host, count in hosts.items() if host and count >= PER_HOST)

"""The book of visits, sorted into polls."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from aggregator.model.known import PollRecord
from aggregator.model.settings import Source
from bench.servers.guesthouse import Visit
from bench.simulation.running import Kept
from bench.simulation.speaking import Kind, Said
from bench.simulation.world import World, source_of

_REDIRECTS = (301, 302, 303, 307, 308)


class Poll(Struct):
    """One request and what its redirects led to."""

    visits: list[Visit]
    heard: bool = True
    """Its answer came in time and was kept: we were not killed before, which our log says."""

    @property
    def when(self) -> datetime:
        """Return its moment."""
        return self.visits[0].when


class Case(Struct, frozen=True):
    """One source, and how it was asked."""

    source: Source
    kind: Kind | None
    polls: tuple[Poll, ...]
    log: Sequence[PollRecord]


class Evidence(Struct, frozen=True):
    """All that is judged."""

    world: World
    kept: Kept
    cases: tuple[Case, ...]
    visits: tuple[Visit, ...]
    floor: timedelta
    tick: timedelta
    said: Mapping[Visit, Said] = field(default_factory=dict)


def gather(world: World, kept: Kept, floor: timedelta, tick: timedelta) -> Evidence:
    """Sort what the servers saw by source and poll."""
    visits = tuple(world.visits)
    by_source: dict[str, list[Visit]] = {}
    for visit in visits:
        by_source.setdefault(source_of(visit), []).append(visit)
    cases = tuple(
        Case(
            source,
            world.kinds.get(source.name),
            tuple(_polls(by_source.get(source.name, ()), kept, source.name)),
            kept.log[source.name],
        )
        for source in world.sources
    )
    return Evidence(world, kept, cases, visits, floor, tick, world.book.said)


def _polls(visits: Iterable[Visit], kept: Kept, name: str) -> list[Poll]:
    heard = {record.at for record in kept.log[name] if " within " not in (record.message or "")}
    polls: list[Poll] = []
    before: Visit | None = None
    for visit in visits:
        hop = before is not None and before.status in _REDIRECTS and before.when == visit.when
        if hop:
            polls[-1].visits.append(visit)
        else:
            polls.append(Poll([visit], visit.when in heard))
        before = visit
    return polls

"""Rounds: who is asked now, in which order answers are kept, and when feeds are built."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import force_setattr

from aggregator.core.retention import log_horizon
from aggregator.errors import UsageError
from aggregator.model.events import (
    Backfilled,
    Bug,
    Event,
    Observer,
    Polled,
    Round,
    RoundGrew,
    RoundStarted,
)
from aggregator.model.fetched import Request
from aggregator.model.known import Due
from aggregator.model.settings import Settings, Source
from aggregator.pipeline.intake import Intake, Kind
from aggregator.pipeline.waiting import PER_HOST, Waiting
from aggregator.ports import Clock, Store
from aggregator.publishing import Publishing

_AT_ONCE = 1000
"""Sources in hand; the others stay due, for whoever comes next."""
_LEASE = timedelta(minutes=15)
_FOLDER_LEASE = timedelta(minutes=1)
_PUBLISH_EVERY = timedelta(seconds=30)
"""In a long round: what came early need not wait for a slow host."""


def _never() -> bool:
    return False


class Pipeline(Struct, frozen=True):
    """Everything put together; made by ``aggregator.app.build``."""

    settings: Settings
    store: Store
    kinds: Mapping[str, Kind]
    publishing: Publishing
    clock: Clock
    observe: Observer
    _sources: Mapping[str, Source] = {}
    """Those of the settings, by name."""

    def __post_init__(self) -> None:
        force_setattr(self, "_sources", {source.name: source for source in self.settings.sources})

    def start(self) -> None:
        """Make the store hold the sources of the settings, and mark feeds whose recipe changed."""
        self.store.sync(self.settings.sources, self.clock())
        self.publishing.start()

    def poll_due(
        self,
        names: Sequence[str] | None = None,
        *,
        force: bool = False,
        stop: Callable[[], bool] = _never,
    ) -> Round:
        """Poll what is due at the clock's time, and build the feeds that changed.

        What becomes due while the round goes on is taken along, so that a slow host holds up no
        other. With ``names`` those sources are due now, unless they were asked within the floor;
        ``force`` breaks the floor as well. ``stop`` ends the round early; what was begun is
        finished or left for the next round.

        :raises UsageError: a name is not in feeds.yaml
        :raises StoreError: the database cannot be had; nothing half-done stays
        """
        claim = self._claim_due if names is None and not force else self._claim_named(names, force)
        events: list[Event] = []
        built: list[str] = []
        published = self.clock()
        for event in self._poll(claim, stop):
            events.append(event)
            if self.clock() - published >= _PUBLISH_EVERY:
                built += self.publishing.publish(stop)
                published = self.clock()
        built += self.publishing.publish(stop)
        return Round(
            polls=tuple(event for event in events if isinstance(event, Polled)),
            built=tuple(dict.fromkeys(built)),
            bugs=sum(isinstance(event, Bug) for event in events),
        )

    def backfill(self, name: str, pages: int) -> Backfilled:
        """Take in a source's older entries from the archive of its feed, at most so many pages.

        :raises UsageError: no source is called so, or it was asked within the floor
        """
        from aggregator.pipeline.older import Backfill

        source = self._source(name)
        kind = self.kinds[source.kind]
        done = Backfill(self.settings, self.store, source, kind, self.clock).run(pages)
        self.publishing.publish(_never)
        return done

    def tidy(self) -> int:
        """Forget what is kept for a season only; returns how many lines of the log went."""
        from aggregator.core.stories import KEPT_FOR, WINDOW

        self.store.forget_traces(self.clock() - KEPT_FOR, WINDOW)
        return self.store.tidy(log_horizon(self.clock()))

    # -- who is asked ----------------------------------------------------------------------------

    def _claim_due(self, waiting: Waiting) -> Sequence[Due]:
        room = _AT_ONCE - len(waiting.jobs)
        if room <= 0:
            return ()
        return self.store.claim(
            self.clock(),
            self._lease,
            limit=room,
            per_host=PER_HOST,
            spare=waiting.full_hosts,
            own=waiting.leases,
        )

    def _claim_named(
        self, names: Sequence[str] | None, force: bool
    ) -> Callable[[Waiting], Sequence[Due]]:
        """Return what claims these sources, each once."""
        left = {self._source(name).name for name in names} if names else set(self._sources)
        floor = None if force else self.clock() - self.settings.fetch.floor

        def claim(waiting: Waiting) -> Sequence[Due]:
            if not left:
                return ()
            found = self.store.claim(
                self.clock(),
                self._lease,
                limit=_AT_ONCE,
                per_host=PER_HOST,
                spare=waiting.full_hosts,
                names=sorted(left),
                asked_before=floor,
                own=waiting.leases,
            )
            left.difference_update(line.source for line in found)
            return found

        return claim

    @property
    def _lease(self) -> timedelta:
        return max(_LEASE, self.settings.fetch.floor)

    def _lease_of(self, source: Source) -> timedelta:
        """Return how long a source is left alone after a kill: a folder asks nobody."""
        return _FOLDER_LEASE if source.local else max(self._lease, source.every)

    def _source(self, name: str) -> Source:
        found = self._sources.get(name)
        if found:
            return found
        near = get_close_matches(name, self._sources, n=1)
        hint = f"did you mean {near[0]}?" if near else "`aggregator list` names them all"
        raise UsageError(f"no source is called {name}: {hint}")

    # -- one round -------------------------------------------------------------------------------

    def _poll(
        self, claim: Callable[[Waiting], Sequence[Due]], stop: Callable[[], bool]
    ) -> Iterator[Event]:
        waiting = self._waiting()
        waiting.add(claim(waiting))
        if waiting.jobs:
            waiting.paused = self.store.paused(self.clock())
        self._tell(RoundStarted(len(waiting.jobs)))

        def follow() -> None:
            found = claim(waiting)
            waiting.add(found)
            if found:
                self._tell(RoundGrew(len(found)))

        while waiting.unasked and not stop():
            for kind in waiting.unasked:
                yield from self._answers(kind, waiting, stop, follow)
        # Those nobody asked. After an error, who was asked is not known: then leases run out.
        self.store.release(waiting.jobs)

    def _answers(
        self, name: str, waiting: Waiting, stop: Callable[[], bool], follow: Callable[[], None]
    ) -> Iterator[Event]:
        """Ask the sources of a kind; those of another that become due meanwhile go in between."""
        kind = self.kinds[name]
        intake = Intake(self.settings, self.store)

        def more() -> Sequence[Request]:
            intake.keep()
            follow()
            return waiting.hand_out(name)

        for answer in kind.fetch(waiting.hand_out(name), stop, more):
            job = waiting.take(answer)
            yield from self._told(intake.take(job, kind, answer))
            for other in waiting.unasked:
                if other != name:
                    yield from self._answers(other, waiting, stop, _nothing)
        intake.keep()
        yield from self._told(intake.kept())

    def _waiting(self) -> Waiting:
        return Waiting(
            sources=self._sources,
            leases={name: self._lease_of(source) for name, source in self._sources.items()},
        )

    def _told(self, events: Iterable[Polled | Bug]) -> Iterator[Event]:
        for event in events:
            self._tell(event)
            yield event

    def _tell(self, event: Event) -> None:
        self.observe(event)


def _nothing() -> None:
    """Follow nothing."""

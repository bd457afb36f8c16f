"""One answer: from what came to what is kept."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from aggregator.core import plan
from aggregator.errors import FetchError, ParseError, StoreError
from aggregator.model.events import Bug, Polled
from aggregator.model.fetched import Answer, CalledOff, Failed, Fetched, NotModified
from aggregator.model.known import PollPlan
from aggregator.model.settings import Settings
from aggregator.pipeline.waiting import Job
from aggregator.ports import Fetcher, Parser, Store

if TYPE_CHECKING:
    from aggregator.pipeline.deciding import Decider

_MOST_HELD = 100
"""Polls that told nothing, kept in one transaction."""


class Kind(Struct, frozen=True):
    """A kind of source: how it is asked and how its answers are read."""

    fetch: Fetcher
    parse: Parser


class Intake(Struct):
    """Keeps answers, each in one transaction."""

    settings: Settings
    store: Store
    decider: "Decider | None" = None
    """There is one as soon as a document is read."""
    held: list[tuple[plan.Poll, PollPlan]] = field(default_factory=list)
    """What is to be kept together."""
    untold: deque[Polled | Bug] = field(default_factory=deque)

    def take(self, job: Job, kind: Kind, answer: Answer) -> Iterator[Polled | Bug]:
        """Decide on one answer, and keep it: at once if it tells something, else with its likes.

        Yields what was kept, in the order of the answers. A bug in the handling of one source harms
        no other.

        :raises StoreError: the database cannot be had
        """
        poll = plan.Poll(self.settings, job.source, job.due, answer)
        try:
            made = self._plan(poll, kind)
        except StoreError:
            raise
        except Exception as error:
            self.keep()
            self.untold.append(self._after_bug(poll, error))
        else:
            self.held.append((poll, made))
            if made.quiet and len(self.held) <= _MOST_HELD:
                return
            self.keep()
        yield from self.kept()

    def keep(self) -> None:
        """Keep the polls that wait for it, in one transaction; each alone where that fails.

        A thousand answers of 304 need not wait for the disk a thousand times. One that was not
        kept when we are killed was leased before it was asked, and counts.

        :raises StoreError: the database cannot be had
        """
        held = tuple(self.held)
        self.held.clear()
        if not held:
            return
        try:
            self.store.apply(*(made for _, made in held))
        except StoreError:
            raise
        except Exception:
            self.untold.extend(self._alone(poll, made) for poll, made in held)
        else:
            self.untold.extend(_polled(made) for _, made in held)

    def kept(self) -> Iterator[Polled | Bug]:
        """Yield polls that were kept and not told of yet."""
        while self.untold:
            yield self.untold.popleft()

    def _alone(self, poll: plan.Poll, made: PollPlan) -> Polled | Bug:
        try:
            self.store.apply(made)
        except StoreError:
            raise
        except Exception as error:
            return self._after_bug(poll, error)
        return _polled(made)

    def _after_bug(self, poll: plan.Poll, error: Exception) -> Bug:
        words = f"a fault of the aggregator's own: {type(error).__name__}: {error}"
        self.store.apply(plan.failed(poll, Failed(FetchError(words)), "broken"))
        return Bug(poll.source.name, error)

    def _plan(self, poll: plan.Poll, kind: Kind) -> PollPlan:
        outcome = poll.answer.outcome
        if isinstance(outcome, Failed):
            return plan.failed(poll, outcome)
        if isinstance(outcome, CalledOff):
            return plan.called_off(poll)
        if isinstance(outcome, NotModified) or outcome.body_hash == poll.due.state.body_hash:
            return plan.unchanged(poll, outcome)
        return self._read(poll, kind, outcome)

    def _read(self, poll: plan.Poll, kind: Kind, fetched: Fetched) -> PollPlan:
        try:
            feed = kind.parse(fetched.document)
        except ParseError as error:
            broken = Failed(FetchError(str(error)), fetched.wishes, fetched.traffic)
            return plan.failed(poll, broken, "broken")
        return self._decider().decide(poll, fetched, feed)

    def _decider(self) -> "Decider":
        """Return what decides on documents. Imported here: a round of 304s needs none of it."""
        if self.decider is None:
            from aggregator.pipeline.deciding import Decider

            self.decider = Decider(self.settings, self.store)
        return self.decider


def _polled(made: PollPlan) -> Polled:
    return Polled(made.record, made.state.next_poll_at)

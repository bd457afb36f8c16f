"""Deciding on a document: what is known of it is looked up, ``core.plan`` says what changes."""

from collections.abc import Sequence

from msgspec import Struct, field

from aggregator.core.identity import choose_policy, identify
from aggregator.core.plan.reading import read
from aggregator.core.plan.records import Memory, Poll
from aggregator.core.stories import Desk, Usual
from aggregator.model.fetched import Fetched
from aggregator.model.known import Fingerprint, Kin, PollPlan
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Settings
from aggregator.pipeline.tellers import Tellers
from aggregator.ports import Store

_LOG = 5000
"""Lines of a source's poll log that are looked at where many entries are new: a season of them."""
_MOST_USUAL = 2000
"""Sources whose boilerplate is at hand at once: some kilobytes each."""


class Decider(Struct, frozen=True):
    """Decides on the documents of one round."""

    settings: Settings
    store: Store
    usual: dict[str, Usual] = field(default_factory=dict)
    """Boilerplate of the sources that were polled or compared in this round."""
    reach: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """How far copies are looked for, and in one script only, by source."""

    def decide(self, poll: Poll, fetched: Fetched, feed: ParsedFeed) -> PollPlan:
        """Plan for a document that was read."""
        name = poll.source.name
        policy = choose_policy(poll.source.identity, poll.due.state.identity, feed.entries)
        entries = identify(feed.entries, policy)
        guids = [entry.guid for entry in entries]

        def kin(marks: Sequence[Fingerprint]) -> Sequence[Kin]:
            return self.store.kin(name, marks)

        memory = Memory(
            remembered=self.store.remembered(name, guids),
            buried=self.store.buried(name, guids),
            info=poll.due.info,
            kin=kin,
            log=lambda: self.store.log(name, _LOG),
            live=lambda: self.store.live(name),
        )
        desk = Desk(Tellers(self.store, self.settings, self.reach), self._known())
        made = read(poll, fetched, feed, entries, policy, memory, desk)
        self.usual.update(desk.learned())
        return made

    def _known(self) -> dict[str, Usual]:
        if len(self.usual) > _MOST_USUAL:
            self.usual.clear()
        return self.usual

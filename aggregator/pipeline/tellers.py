"""What the desk of stories asks of the store."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.core.stories import PER_KEY, WINDOW, Tie, Told, keeping
from aggregator.model.known import EntryKey, Teller
from aggregator.ports import Store


@dataclass(frozen=True, slots=True)
class Tellers:
    """``core.stories.Index`` over a store."""

    store: Store
    level: Callable[[str], str]
    """How far stories of a source are put together."""

    def bearers(self, keys: Sequence[int], since: datetime) -> Sequence[Told]:
        """Return who bears the keys, those that bear most first."""
        return self._told(self.store.bearers(keys, since, PER_KEY))

    def members(self, clusters: Collection[int]) -> Sequence[Told]:
        """Return all entries of these clusters."""
        return self._told(self.store.members(clusters))

    def ties(self, entries: Collection[EntryKey]) -> Sequence[Tie]:
        """Return the links that end at one of these entries."""
        return [keeping.tie(link) for link in self.store.ties(entries)]

    def apart(self, entries: Collection[EntryKey]) -> Collection[frozenset[EntryKey]]:
        """Return the pairs with one of these entries that the operator parted."""
        return self.store.apart(entries)

    def recent(self, source: str) -> Sequence[Told]:
        """Return the newest entries of a source, oldest first."""
        return self._told(self.store.recent(source, WINDOW))

    def _told(self, tellers: Sequence[Teller]) -> Sequence[Told]:
        return [keeping.told(one, self.level(one.key.source)) for one in tellers]

"""What the desk of stories asks of the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.core.select import dedupe_level
from aggregator.core.stories import PER_KEY, WINDOW, Tie, Told, keeping
from aggregator.model.known import EntryKey, Teller
from aggregator.model.settings import Settings
from aggregator.ports import Store


@dataclass(frozen=True, slots=True)
class Tellers:
    """``core.stories.Index`` over a store."""

    store: Store
    settings: Settings
    levels: dict[str, str] = field(default_factory=dict)
    """How far copies are looked for, by source, as far as it was asked."""

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

    def told(self, entries: Sequence[EntryKey]) -> Sequence[Told]:
        """Return these entries, as far as they are known."""
        return self._told(self.store.tellers(entries))

    def _told(self, tellers: Sequence[Teller]) -> Sequence[Told]:
        return [keeping.told(one, self._level(one.key.source)) for one in tellers]

    def _level(self, name: str) -> str:
        if name not in self.levels:
            source = next((one for one in self.settings.sources if one.name == name), None)
            self.levels[name] = dedupe_level(self.settings, source)
        return self.levels[name]

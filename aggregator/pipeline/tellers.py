"""What the desk of stories asks of the store."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from aggregator.core.select import dedupe_level, keeps_scripts
from aggregator.core.stories import PER_KEY, WINDOW, Told, Whole, keeping
from aggregator.model.known import EntryKey, Teller
from aggregator.model.settings import Settings
from aggregator.ports import Store


class Tellers(Struct, frozen=True):
    """``core.stories.Index`` over a store."""

    store: Store
    settings: Settings
    reach: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """How far copies are looked for, and in one script only, by source, as far as it was asked."""

    def bearers(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the newest bearers of each key, by their rows."""
        return self.store.bearers(keys, PER_KEY)

    def told(self, numbers: Collection[int]) -> Sequence[Told]:
        """Return the entries of these rows."""
        return self._told(self.store.numbered(numbers))

    def stories(self, clusters: Collection[int]) -> Whole:
        """Return these stories."""
        found = self.store.stories(clusters)
        return Whole(self._told(found.tellers), list(map(keeping.tie, found.ties)), found.apart)

    def recent(self, source: str) -> Sequence[Told]:
        """Return the newest entries of a source, oldest first."""
        return self._told(self.store.recent(source, WINDOW))

    def named(self, entries: Collection[EntryKey]) -> Sequence[Told]:
        """Return these entries, as far as they are known."""
        return self._told(self.store.tellers(entries))

    def _told(self, tellers: Sequence[Teller]) -> Sequence[Told]:
        return [self._one(teller) for teller in tellers]

    def _one(self, teller: Teller) -> Told:
        level, keep_scripts = self._reach_of(teller.key.source)
        return keeping.told(teller, level, keep_scripts=keep_scripts)

    def _reach_of(self, name: str) -> tuple[str, bool]:
        if name not in self.reach:
            source = next((one for one in self.settings.sources if one.name == name), None)
            level = dedupe_level(self.settings, source)
            self.reach[name] = level, keeps_scripts(self.settings, source)
        return self.reach[name]

"""What the desk asks of whoever keeps the entries.

An entry is asked about three times at most, and all entries of a poll together: who bears its keys,
how those are compared, and the whole stories of those that tell the same.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec import Struct

from aggregator.core.stories.records import Tie, Told
from aggregator.model.known import EntryKey

KEPT_FOR = timedelta(days=14)
"""How long an entry can be found by its keys."""
PER_KEY = 60
"""Newest bearers of a key that are looked at: what more bear is nobody's story."""


class Whole(Struct, frozen=True):
    """Some stories, whole."""

    members: Sequence[Told] = ()
    ties: Sequence[Tie] = ()
    """The active links between them."""
    apart: Collection[frozenset[EntryKey]] = ()
    """Pairs with one of them that the operator parted."""


class Index(Protocol):
    """What is known of kept entries."""

    def bearers(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """The newest ``PER_KEY`` bearers of each key, by their numbers, the newest first."""

    def told(self, numbers: Collection[int]) -> Sequence[Told]:
        """These entries."""

    def stories(self, clusters: Collection[int]) -> Whole:
        """These stories."""

    def named(self, entries: Collection[EntryKey]) -> Sequence[Told]:
        """These entries, as far as they are known."""

    def recent(self, source: str) -> Sequence[Told]:
        """The newest ``habits.WINDOW`` entries of a source, oldest first."""


class Nothing:
    """An index that knows nothing yet."""

    def bearers(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return nobody."""
        return {}

    def told(self, numbers: Collection[int]) -> Sequence[Told]:
        """Return nobody."""
        return ()

    def stories(self, clusters: Collection[int]) -> Whole:
        """Return no story."""
        return Whole()

    def named(self, entries: Collection[EntryKey]) -> Sequence[Told]:
        """Return nobody."""
        return ()

    def recent(self, source: str) -> Sequence[Told]:
        """Return nobody."""
        return ()

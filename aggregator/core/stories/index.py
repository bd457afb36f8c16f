"""What the desk asks of whoever keeps the entries."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.core.stories.records import Tie, Told
from aggregator.model.known import EntryKey

KEPT_FOR = timedelta(days=14)
"""How long an entry can be found by its keys."""
PER_KEY = 60
"""Newest bearers of a key that are looked at: what more bear is nobody's story."""


class Index(Protocol):
    """What is known of kept entries."""

    def bearers(self, keys: Sequence[int], since: datetime) -> Sequence[Told]:
        """Entries first seen after ``since`` that bear a key, those that bear most first.

        At most ``PER_KEY``, chosen among the newest ``PER_KEY`` bearers of each key.
        """

    def members(self, clusters: Collection[int]) -> Sequence[Told]:
        """All entries of these clusters."""

    def ties(self, entries: Collection[EntryKey]) -> Sequence[Tie]:
        """Active links that end at one of these entries."""

    def apart(self, entries: Collection[EntryKey]) -> Collection[frozenset[EntryKey]]:
        """Pairs with one of these entries that the operator parted."""

    def recent(self, source: str) -> Sequence[Told]:
        """The newest ``habits.WINDOW`` entries of a source, oldest first."""


class Nothing:
    """An index that knows nothing yet."""

    def bearers(self, keys: Sequence[int], since: datetime) -> Sequence[Told]:
        """Return nobody."""
        return ()

    def members(self, clusters: Collection[int]) -> Sequence[Told]:
        """Return nobody."""
        return ()

    def ties(self, entries: Collection[EntryKey]) -> Sequence[Tie]:
        """Return no links."""
        return ()

    def apart(self, entries: Collection[EntryKey]) -> Collection[frozenset[EntryKey]]:
        """Return no pairs."""
        return ()

    def recent(self, source: str) -> Sequence[Told]:
        """Return nobody."""
        return ()

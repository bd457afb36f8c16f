"""What a decision is made from."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from aggregator.model.fetched import Answer
from aggregator.model.known import Due, Fingerprint, Kin, PollRecord, Remembered
from aggregator.model.parsed import FeedInfo
from aggregator.model.settings import Settings, Source

KinSearch = Callable[[Sequence[Fingerprint]], Sequence[Kin]]
"""Looks up kept entries of the same source that share a fingerprint."""
GuidSearch = Callable[[], frozenset[str]]
"""Looks up the guids of all entries of the source that are not withdrawn."""


def _nobody(marks: Sequence[Fingerprint]) -> Sequence[Kin]:
    return ()


def _no_log() -> Sequence[PollRecord]:
    return ()


def _no_guids() -> frozenset[str]:
    return frozenset()


class Poll(Struct, frozen=True):
    """One poll under way: what was due, what came back, by which settings."""

    settings: Settings
    source: Source
    due: Due
    answer: Answer


class Memory(Struct, frozen=True):
    """What the store knows of the guids a document lists."""

    remembered: Mapping[str, Remembered] = field(default_factory=dict)
    """By the guid as listed; the entry's own may be another."""
    buried: frozenset[str] = frozenset()
    info: FeedInfo = field(default_factory=FeedInfo)
    kin: KinSearch = _nobody
    log: Callable[[], Sequence[PollRecord]] = _no_log
    """Looks up how the source's polls went, the newest first."""
    live: GuidSearch = _no_guids

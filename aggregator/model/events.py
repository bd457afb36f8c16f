"""What the pipeline tells whoever watches: the progress bar, the log, the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aggregator.model.known import PollRecord


@dataclass(frozen=True, slots=True)
class RoundStarted:
    """So many sources are due."""

    sources: int


@dataclass(frozen=True, slots=True)
class RoundGrew:
    """So many more have become due while the round went on."""

    sources: int


@dataclass(frozen=True, slots=True)
class Polled:
    """One source was asked and its answer is kept."""

    record: PollRecord
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True)
class Built:
    """One feed was written anew."""

    slug: str
    entries: int


@dataclass(frozen=True, slots=True)
class Held:
    """A feed could not be written; its last good bytes stay."""

    slug: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shelved:
    """So many kept entries were looked at for feeds that match by what articles say."""

    entries: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A target beside the database has what it is to have of so many feeds."""

    target: str
    feeds: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A target could not be served; it is tried again."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bug:
    """Our own fault while a source was handled; the round went on."""

    source: str
    error: Exception


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What the archive of a source's feed brought."""

    pages: int
    new: int
    trouble: str | None = None
    """Why it ended before the last page."""


Event = RoundStarted | RoundGrew | Polled | Built | Held | Bug | Shelved | Delivered | Undelivered
Observer = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    polls: tuple[Polled, ...] = ()
    built: tuple[str, ...] = ()
    bugs: int = 0

    @property
    def failed(self) -> tuple[Polled, ...]:
        """Return the polls that brought no usable answer."""
        return tuple(poll for poll in self.polls if poll.record.outcome in ("failed", "broken"))

    @property
    def new(self) -> int:
        """Count the new entries."""
        return sum(poll.record.new for poll in self.polls)

    @property
    def changed(self) -> int:
        """Count the edited entries."""
        return sum(poll.record.changed for poll in self.polls)

    @property
    def duplicates(self) -> int:
        """Count the new entries that tell a story we had."""
        return sum(poll.record.duplicates for poll in self.polls)

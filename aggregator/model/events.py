"""What the pipeline tells whoever watches: the progress bar, the log, the tests."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from aggregator.model.known import PollRecord


class RoundStarted(Struct, frozen=True):
    """So many sources are due."""

    sources: int


class RoundGrew(Struct, frozen=True):
    """So many more have become due while the round went on."""

    sources: int


class Polled(Struct, frozen=True):
    """One source was asked and its answer is kept."""

    record: PollRecord
    next_poll_at: datetime | None


class Built(Struct, frozen=True):
    """One feed was written anew."""

    slug: str
    entries: int


class Held(Struct, frozen=True):
    """A feed could not be written; its last good bytes stay."""

    slug: str
    reason: str


class Shelved(Struct, frozen=True):
    """So many kept entries were looked at for feeds that match by what articles say."""

    entries: int


class Delivered(Struct, frozen=True):
    """A target beside the database has what it is to have of so many feeds."""

    target: str
    feeds: int


class Undelivered(Struct, frozen=True):
    """A target could not be served; it is tried again."""

    target: str
    reason: str


class Bug(Struct, frozen=True):
    """Our own fault while a source was handled; the round went on."""

    source: str
    error: Exception


class Backfilled(Struct, frozen=True):
    """What the archive of a source's feed brought."""

    pages: int
    new: int
    trouble: str | None = None
    """Why it ended before the last page."""


Event = RoundStarted | RoundGrew | Polled | Built | Held | Bug | Shelved | Delivered | Undelivered
Observer = Callable[[Event], None]


class Round(Struct, frozen=True):
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

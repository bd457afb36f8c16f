"""The seams: small protocols between the rooms. ``aggregator.plugins`` says who fills them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model.fetched import Answer, Document, PostFolder, Request
from aggregator.model.known import (
    Candidate,
    Due,
    Fingerprint,
    Kin,
    KnownSource,
    Notice,
    PollPlan,
    PollRecord,
    Remembered,
)
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Match, Source
from aggregator.model.shown import (
    Announced,
    Artifact,
    Build,
    BuiltFeed,
    Directory,
    Kept,
    Publication,
)

Clock = Callable[[], datetime]
"""The current time, aware, UTC. Handed in by the composition root, so that tests own it."""

Parser = Callable[[Document | PostFolder], ParsedFeed]
"""Reads bytes. Raises ParseError where they are no feed; never opens anything."""

Renderer = Callable[[Publication], bytes]
"""Writes one format. Equal publications give equal bytes."""

DirectoryRenderer = Callable[[Directory], bytes]
"""Writes a list of all feeds (the index page, the OPML)."""

Check = Callable[[bytes], None]
"""Raises RenderError unless the bytes are a whole, well-formed document of their format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A way to publish a feed."""

    render: Renderer
    check: Check
    media_type: str
    path: str
    """With "{slug}" where the feed's name goes."""


@dataclass(frozen=True, slots=True)
class SitePage:
    """A way to publish the list of all feeds."""

    render: DirectoryRenderer
    check: Check
    media_type: str
    path: str


class Fetcher(Protocol):
    """Asks many sources of one kind and yields each answer as it comes in.

    No request's failure stops another's: what goes wrong is a ``Failed`` answer. A request that was
    never started, because its host asked for a pause or the round was stopped, has no answer.
    ``stop`` is looked at between answers; once it is true no further request is started and those
    in flight are answered as ``CalledOff``. ``more`` is asked about once a second for requests that
    have become due meanwhile, so that a slow host does not hold up the next tick's sources.
    """

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = ...,
        more: Callable[[], Sequence[Request]] = ...,
    ) -> Iterator[Answer]: ...


class Store(Protocol):
    """The database. Every method is one transaction; all raise StoreError without it."""

    # -- sources ---------------------------------------------------------------------------------

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """Make the source table hold exactly these, marking those that are gone as removed.

        A source that is new is due at once. Where the fixed categories of a source changed, its
        kept entries are filed anew and the feeds of both are outdated.
        """

    def sources(self) -> tuple[KnownSource, ...]:
        """All sources ever known, by name."""

    def notices(self, limit: int) -> tuple[Notice, ...]:
        """What operators were told of sources, the newest first."""

    def log(self, source: str, limit: int) -> tuple[PollRecord, ...]:
        """The newest lines of a source's poll log."""

    # -- intake ----------------------------------------------------------------------------------

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        limit: int,
        per_host: int,
        spare: Collection[str] = (),
        names: Sequence[str] | None = None,
        asked_before: datetime | None = None,
    ) -> tuple[Due, ...]:
        """Lease due sources, the longest overdue first; nobody else gets them until it runs out.

        At most ``per_host`` of one host are leased, and none of a host in ``spare`` or of one that
        asked for a pause. With ``names``, those are due whatever their next time says, unless they
        were asked after ``asked_before``. The lease is recorded before a request leaves, so that a
        killed poll counts as a request.
        """

    def next_due(self) -> datetime | None:
        """When the next source is due; None where none is."""

    def remembered(self, source: str, guids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of these guids; unknown ones are left out."""

    def kin(self, source: str, marks: Sequence[Fingerprint]) -> tuple[Kin, ...]:
        """Kept entries of a source that bear one of these marks, each with all of its own."""

    def buried(self, source: str, guids: Sequence[str]) -> frozenset[str]:
        """Those of the guids that have a tombstone: their return is not news."""

    def candidates(
        self, fingerprints: Sequence[Fingerprint], since: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        """Kept entries first seen after ``since`` that share a fingerprint."""

    def apply(self, plan: PollPlan) -> None:
        """Do all of a plan or nothing, and end the source's lease."""

    def release(self, names: Iterable[str]) -> None:
        """End leases of polls that were called off before any request left."""

    # -- outgo -----------------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        """Slug to name of every category that holds an entry."""

    def outdate(self, slugs: Iterable[str]) -> None:
        """Mark feeds as to be built again."""

    def outdated(self, now: datetime) -> frozenset[str]:
        """Slugs of the feeds to build."""

    def built(self) -> dict[str, BuiltFeed]:
        """Slug to what is remembered of each feed's last build."""

    def newest(
        self, match: Match, *, since: datetime | None, limit: int, skip: int = 0
    ) -> tuple[Kept, ...]:
        """The newest entries that match, newest first by (sort_at, source, guid)."""

    def clusters(self, ids: Sequence[int]) -> tuple[Kept, ...]:
        """All kept entries of these clusters, earliest first."""

    def announced(self, feed: str, clusters: Sequence[int]) -> tuple[Announced, ...]:
        """Ids under which this feed announced entries of these clusters, first given first."""

    def taken(self, feed: str, atom_ids: Sequence[str]) -> dict[str, int]:
        """Of these ids the ones this feed has given out already, and to which entry."""

    def count(self, match: Match) -> int:
        """How many entries match."""

    def save(self, build: Build) -> None:
        """Replace a feed's artifacts and end its being outdated; only what differs is written."""

    def save_pages(self, artifacts: Sequence[Artifact]) -> None:
        """Replace pages that belong to no single feed; only what differs is written."""

    def retire(self, slugs: Iterable[str]) -> None:
        """Remove the artifacts of feeds that are no longer configured; ids stay remembered."""

    def artifact(self, path: str) -> Artifact | None:
        """The saved bytes of one address."""

    def artifacts(self) -> tuple[str, ...]:
        """All saved paths."""

    # -- housekeeping ----------------------------------------------------------------------------

    def tidy(self, log_before: datetime) -> int:
        """Forget poll log lines older than this; how many went."""

    def check(self) -> None:
        """Raise StoreError unless the database answers and has our schema."""

    def close(self) -> None:
        """Give back connections."""

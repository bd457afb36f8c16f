"""The seams: small protocols between the rooms. ``aggregator.plugins`` says who fills them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from aggregator.model.fetched import Answer, Document, PostFolder, Request
from aggregator.model.known import (
    Article,
    Due,
    DuplicateLink,
    EntryKey,
    Fingerprint,
    Kin,
    KnownSource,
    Notice,
    PollPlan,
    PollRecord,
    Remembered,
    Speaker,
    Stories,
    Teller,
)
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Feed, Match, Source
from aggregator.model.shown import (
    Announced,
    Arrivals,
    Artifact,
    Asked,
    Build,
    BuiltFeed,
    Delivery,
    Directory,
    Found,
    Gone,
    HeldFeed,
    Kept,
    LastBuild,
    Outline,
    Place,
    Publication,
    Question,
    Revision,
    Stamp,
    Subscriber,
    Summary,
    Sweep,
    Withdrawn,
    Written,
)

Clock = Callable[[], datetime]
"""The current time, aware, UTC. Handed in by the composition root, so that tests own it."""

Parser = Callable[[Document | PostFolder], ParsedFeed]
"""Reads bytes. Raises ParseError where they are no feed; never opens anything."""

Border = Callable[[Publication], Publication]
"""Clears a publication of all that no format can hold; renderers do it where it is not done."""

Renderer = Callable[[Publication], Written]
"""Writes one format. Equal publications give equal bytes, and so do equal items in one feed: what
is before, between and after them depends on none of them but by the publication's own fields."""

DirectoryRenderer = Callable[[Directory], bytes]
"""Writes a list of all feeds (the index page, the OPML)."""

Check = Callable[[bytes], Summary | None]
"""Raises RenderError unless the bytes are a whole, well-formed document of their format.

Returns what the document says, where it is a feed.
"""


class Format(Struct, frozen=True):
    """A way to publish a feed."""

    render: Renderer
    check: Check
    media_type: str
    path: str
    """With "{slug}" where the feed's name goes."""
    archive: str
    """Of a page of its archive, with "{slug}" and "{page}"."""
    label: Callable[[], str] = str
    """Of what writes its items besides the program: items of another label are written anew."""


class SitePage(Struct, frozen=True):
    """A way to publish the list of all feeds."""

    render: DirectoryRenderer
    check: Check
    media_type: str
    path: str
    timeless: bool = False
    """Whether it says nothing of what is in the feeds: news makes no other page of it."""


class Release(Struct, frozen=True):
    """What a target is to have now; which part of it is filled is said by ``Target.needs``."""

    at: datetime
    topics: tuple[str, ...] = ()
    """Absolute URLs of the feeds that changed, every format."""
    stamps: tuple[Stamp, ...] = ()
    """All documents of those feeds, and the pages of the site."""
    load: Callable[[str], Artifact | None] = lambda path: None
    """Hands out the bytes of one of them, by its path."""
    publications: tuple[Publication, ...] = ()
    retired: tuple[str, ...] = ()
    """Slugs of feeds it is to have no longer."""


class Target(Struct, frozen=True):
    """Somebody beside the database who gets what is published."""

    name: str
    """For the log, and for what is remembered of it."""
    publish: Callable[[Release], Sequence[str]]
    """Idempotent; returns one line for each thing that was left out. Raises PublishError."""
    wants: Callable[[Feed], bool]
    needs: str = "topics"
    """"topics", "artifacts" or "stories" (publications)."""
    remote: bool = False
    """Somewhere on the network: no round waits for it."""
    again_at: Callable[[], datetime | None] = lambda: None
    """When it is to be served again though nothing changes, as it knows after it was served."""


class Call(Struct, frozen=True):
    """One request to a hub or a subscriber."""

    url: str
    method: str = "POST"
    """"POST" or "GET"."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Reply(Struct, frozen=True):
    """What came of a call."""

    status: int = 0
    """0: there was no answer."""
    body: bytes = b""
    """How it begins."""
    fault: str = ""
    """Why there was no answer."""


Caller = Callable[[Sequence[Call]], Sequence[Reply]]
"""Makes calls side by side and returns their replies in order; redirects are not followed."""


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

        A source that is new is due at once; many of one host are spread (``core.schedule``). Where
        the fixed categories of a source changed, its kept entries are filed anew and the feeds of
        both are outdated.
        """

    def speakers(self, names: Collection[str]) -> dict[str, Speaker]:
        """What these sources say of themselves, as far as they are known, by name."""

    def spoken(self) -> str:
        """A hash of what all sources say of themselves: another one, and one says other things."""

    def sources(self) -> tuple[KnownSource, ...]:
        """All sources ever known, by name."""

    def hide(self, names: Collection[str]) -> None:
        """Make exactly these of the sources that are there ``hidden``; feeds that told of another
        set are marked."""

    def hidden(self) -> frozenset[str]:
        """Names of the sources that private feeds alone hold."""

    def filed_outside(self, slugs: Collection[str]) -> frozenset[str]:
        """Names of sources that have an entry in another category than these."""

    def notices(self, limit: int) -> tuple[Notice, ...]:
        """What operators were told of sources, the newest first."""

    def log(self, source: str, limit: int) -> tuple[PollRecord, ...]:
        """The newest lines of a source's poll log."""

    def log_since(self, moment: datetime) -> Iterator[PollRecord]:
        """The lines of all sources from a moment on, the oldest first, a few at a time."""

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
        own: Mapping[str, timedelta] = ...,
    ) -> tuple[Due, ...]:
        """Lease due sources, the longest overdue first; nobody else gets them until it runs out.

        ``own`` has sources with leases of their own: as long as their interval, so that none is
        asked sooner after a kill, or short, where nobody is asked.

        At most ``per_host`` of one host are leased, and none of a host in ``spare`` or of one that
        asked for a pause. A source whose feed wants to be left alone at this hour is put off and
        keeps its place. With ``names``, those are due whatever their next time says, unless they
        were asked after ``asked_before``. The lease is recorded before a request leaves, so that a
        killed poll counts as a request.
        """

    def paused(self, now: datetime) -> Mapping[str, datetime]:
        """Hosts that want to be left alone at a moment, and until when."""

    def next_due(self) -> datetime | None:
        """When the next source is due; None where none is."""

    def remembered(self, source: str, guids: Sequence[str]) -> dict[str, Remembered]:
        """What is known of these guids; unknown ones are left out."""

    def kin(self, source: str, marks: Sequence[Fingerprint]) -> tuple[Kin, ...]:
        """Kept entries of a source that bear one of these marks, each with all of its own."""

    def buried(self, source: str, guids: Sequence[str]) -> frozenset[str]:
        """Those of the guids that the operator withdrew: their return is not news."""

    def live(self, source: str) -> frozenset[str]:
        """The guids of all entries of a source that are not withdrawn."""

    def bearers(self, keys: Collection[int], limit: int) -> Mapping[int, Sequence[int]]:
        """The rows of the newest ``limit`` bearers of each key; keys that nobody bears left out."""

    def numbered(self, rows: Collection[int]) -> Sequence[Teller]:
        """The entries of these rows, as they are compared."""

    def stories(self, clusters: Collection[int]) -> Stories:
        """All that is known of these stories."""

    def tellers(self, entries: Collection[EntryKey]) -> Sequence[Teller]:
        """These entries, as they are compared."""

    def ties(self, entries: Collection[EntryKey]) -> Sequence[DuplicateLink]:
        """Active links that end at one of these entries."""

    def apart(self, entries: Collection[EntryKey]) -> Collection[frozenset[EntryKey]]:
        """Pairs with one of these entries that the operator parted."""

    def recent(self, source: str, limit: int) -> Sequence[Teller]:
        """The newest entries of a source, oldest first."""

    def apply(self, *plans: PollPlan) -> None:
        """Do all of these plans or nothing, and end the leases of their sources."""

    def release(self, names: Iterable[str]) -> None:
        """End leases of polls that were called off before any request left."""

    # -- outgo -----------------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        """Slug to name of every category that holds an entry."""

    def emptied(self) -> dict[str, str]:
        """Slug to name of categories that entries named themselves, once, and none is in."""

    def outdate(self, slugs: Iterable[str]) -> None:
        """Mark feeds as to be built again."""

    def outdated(self, now: datetime) -> frozenset[str]:
        """Slugs of the feeds to build."""

    def built(self) -> dict[str, BuiltFeed]:
        """Slug to what is remembered of each feed's last build."""

    def sync_shelves(self, keys: Collection[str]) -> None:
        """Make the shelves exactly these; on new ones all entries are missing at first."""

    def shelve(self, known: Collection[str], decide: Callable[[Kept], Collection[str]]) -> int:
        """Put the next entries that may be missing on those known shelves they belong on.

        Returns how many were looked at; 0 once none is left.
        """

    def newest(
        self,
        match: Match,
        *,
        since: datetime | None,
        limit: int,
        skip: int = 0,
    ) -> tuple[Kept, ...]:
        """The newest entries that match, newest first by (sort_at, source, guid).

        ``skip`` of them are passed over.
        """

    def places(
        self,
        match: Match,
        *,
        since: datetime | None,
        limit: int,
        skip: int = 0,
        without: Collection[str] = (),
        until: datetime | None = None,
    ) -> tuple[Place, ...]:
        """The newest entries as ``newest`` orders them, without what they say.

        With ``until`` only those that stand before it. None of the sources in ``without``, and
        ``skip`` of the others are passed over.
        """

    def articles(self, entries: Collection[int]) -> dict[int, Article]:
        """What these entries say."""

    def clusters(self, ids: Sequence[int]) -> tuple[Outline, ...]:
        """All kept entries of these clusters, earliest first."""

    def announced(self, feed: str, clusters: Sequence[int]) -> tuple[Announced, ...]:
        """Ids under which this feed announced entries of these clusters, first given first."""

    def taken(self, feed: str, atom_ids: Sequence[str]) -> dict[str, int]:
        """Of these ids the ones this feed has given out already, and to which entry."""

    def count(self, match: Match) -> int:
        """How many entries match."""

    def unarchived(self, now: datetime) -> tuple[str, ...]:
        """Slugs of the feeds whose archive is to be gone on with, the longest waiting first."""

    def last_build(self, feed: str) -> LastBuild:
        """What is remembered of a feed's last build."""

    def arrivals(self, feed: str, match: Match, swept: Sweep | None, most: int) -> Arrivals:
        """Stories that may be on no page of the archive: announced ones, and ones never looked at.

        A sweep of all that match, which None begins, goes on by ``most`` entries; after it all that
        came since are returned.
        """

    def page_clusters(self, feed: str, page: int) -> tuple[int, ...]:
        """The stories on a page of a feed's archive, in no order."""

    def matching(self, match: Match, entries: Iterable[int]) -> frozenset[int]:
        """Those of the entries that match."""

    def withdrawn(self, feed: str, limit: int) -> tuple[Withdrawn, ...]:
        """What the feed announced and took back, the newest first."""

    def hold(self, held: HeldFeed, *, until_marked: bool, told: Sequence[str]) -> bool:
        """Note that a feed's new rendering does not leave; tells whether it was not held before.

        Then its operator is told, and the feeds in ``told`` are outdated. With ``until_marked`` it
        is built again only once it is outdated anew.
        """

    def held(self) -> tuple[HeldFeed, ...]:
        """The feeds whose last rendering did not leave, by slug."""

    def let_pass(self, slug: str) -> bool:
        """Have a held feed built again and compared with nothing; tells whether it was held."""

    def save(self, build: Build) -> None:
        """Replace a feed's artifacts and end its being outdated; only what differs is written."""

    def save_pages(self, artifacts: Sequence[Artifact]) -> None:
        """Replace pages that belong to no single feed; only what differs is written."""

    def retire(
        self,
        slugs: Collection[str],
        moved: Mapping[str, str],
        there: Collection[str],
        private: Mapping[str, str],
        closed: Collection[str] = (),
    ) -> None:
        """Remove the artifacts of feeds that are no longer configured; ids stay remembered.

        ``moved`` tells of slugs that feeds had before which they have now; ``there`` are all there
        are. A feed that is new goes on with the ids it gave out under its old slug, its own among
        them. ``private`` are exactly those that only they get who know a token, slug to its hash;
        what was written of one that is private no more is removed, too: its links hold the token.
        ``closed`` are those that were private and stay so, as they are, for who knows the token
        they had.
        """

    def origins(self) -> dict[str, str]:
        """Slug to the first slug of a feed, of those that took over the ids of another."""

    def secluded(self) -> frozenset[str]:
        """Slugs of feeds that are private or were when they went: nobody is told their names."""

    def gone(self, feed: str) -> Gone | None:
        """Tell of a slug whether a feed had it and has it no more."""

    def artifact(self, path: str) -> Artifact | None:
        """The saved bytes of one address."""

    def artifacts(self) -> tuple[str, ...]:
        """All saved paths."""

    def documents(self, feed: str) -> tuple[Artifact, ...]:
        """The saved documents of a feed itself, with their pieces."""

    def stamps(self, feed: str | None) -> tuple[Stamp, ...]:
        """The documents of a feed, or, without one, the pages of the whole site, by path."""

    # -- deliveries ------------------------------------------------------------------------------

    def sync_targets(self, targets: Mapping[str, Collection[str]]) -> None:
        """Make the targets exactly these, each with the slugs of the feeds it is to have.

        What a target has not had, or is to have no longer, is asked to be delivered.
        """

    def pending(self, target: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """What is to be delivered to a target now."""

    def undelivered(self) -> tuple[Delivery, ...]:
        """All that could not be delivered so far, for `status`."""

    def delivered(self, done: Sequence[Delivery], gone: Sequence[Delivery] = ()) -> None:
        """Note what was delivered, and of which feeds a target has nothing any more."""

    def want_later(self, target: str, feed: str, at: datetime) -> None:
        """Ask for a feed to be delivered once more then, unless it is to be delivered anyway."""

    def put_off(self, target: str, until: datetime, error: str) -> None:
        """Note that a target could not be served, why, and when it is tried again."""

    def accept(self, source: str) -> int:
        """Put a source's entries that are held as a flood into their places; returns how many."""

    # -- withdrawal ------------------------------------------------------------------------------

    def find(self, words: str) -> tuple[Found, ...]:
        """Entries of that published id, link or guid, the earliest first, at most some dozens."""

    def revisions(self, key: EntryKey) -> tuple[Revision, ...]:
        """All that an entry ever said, the first first."""

    def copies(self, keys: Sequence[EntryKey]) -> tuple[EntryKey, ...]:
        """The entries that tell the stories of these, them included."""

    def withdraw(self, keys: Sequence[EntryKey], at: datetime, reason: str | None) -> int:
        """Take entries back for good, out of every feed and archive; returns how many.

        They are kept, and their return in their source is no news (``buried``).
        """

    def restore(self, keys: Sequence[EntryKey]) -> int:
        """Give back entries that were withdrawn, under their old ids; returns how many."""

    # -- the operator's word on stories ------------------------------------------------------------

    def split(self, entry: EntryKey, at: datetime) -> int:
        """Take an entry out of its story for good; returns how many it is parted from."""

    def join(self, link: DuplicateLink, at: datetime) -> None:
        """Make one story of two for good, whatever was said before."""

    # -- our own hub -----------------------------------------------------------------------------

    def ask(self, asked: Asked) -> bool:
        """Note what somebody asks of our hub; False where there is no room for it."""

    def questions(self, now: datetime, limit: int) -> tuple[Question, ...]:
        """Whom to ask now whether it was meant."""

    def answered(self, question: Question, meant: bool, now: datetime) -> None:
        """Do what was asked, or forget it; a new subscriber has the present edition."""

    def ask_again(self, question: Question, at: datetime) -> None:
        """Note that a subscriber could not be asked, and when it is tried again."""

    def unsent(self, now: datetime, limit: int) -> tuple[Subscriber, ...]:
        """Who is to get the present edition of a feed now, feed by feed."""

    def sent(self, subscribers: Sequence[Subscriber], etag: str) -> None:
        """Note that subscribers have this edition, or that they are not to get it any more."""

    def send_again(self, subscriber: Subscriber, at: datetime) -> None:
        """Note that an edition could not be delivered, and when it is tried again."""

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Forget a subscriber that is gone."""

    def expire_subscriptions(self, now: datetime) -> None:
        """Forget those whose lease has run out."""

    # -- housekeeping ----------------------------------------------------------------------------

    def tidy(self, log_before: datetime) -> int:
        """Forget poll log lines older than this; how many went."""

    def forget_traces(self, before: datetime, newest: int) -> None:
        """Let entries first seen before this be found by no further copy of their stories.

        How they are compared is forgotten too, but for a source's ``newest`` entries. Done in
        slices, each one transaction.
        """

    def written(self) -> Callable[[], int | None]:
        """Return what tells, in the thread that calls it, whether anybody wrote meanwhile.

        Two equal numbers: everything is as it was. None: it cannot be told for a few µs.
        """

    def check(self) -> None:
        """Raise StoreError unless the database answers and has our schema."""

    def close(self) -> None:
        """Give back connections."""

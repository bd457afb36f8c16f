"""What we publish: from kept entries to bytes."""

from collections.abc import Mapping
from datetime import datetime
from gzip import decompress

from msgspec import Struct, field

from aggregator.model.known import Article, EntryKey, Filed
from aggregator.model.parsed import Person


class Copy(Struct, frozen=True):
    """What the store holds of an entry beside what it says."""

    id: int
    """The row. Never leaves the program."""
    key: EntryKey
    cluster: int
    """Entries of one number tell one story."""
    sort_at: datetime
    first_seen: datetime
    published_at: datetime
    updated_at: datetime


class Kept(Copy, frozen=True):
    """An entry as the store holds it, with its current revision."""

    article: Article
    filed: tuple[Filed, ...] = ()


class Outline(Copy, frozen=True):
    """A kept entry without what it says."""

    revision: int
    """The current one: with the row it pins what the entry says."""
    link: str | None
    full: bool
    """Whether it has a full text."""
    length: int
    """Characters of its texts."""
    filed: tuple[Filed, ...] = ()


class Place(Struct, frozen=True):
    """An entry as it stands in a feed's order, without what it says."""

    entry: int
    """The row."""
    source: str
    cluster: int
    sort_at: datetime
    story_at: datetime
    """Where its story stands: the first of its copies, in the feed or not."""


class Announced(Struct, frozen=True):
    """The id under which a feed announced an entry, once and for ever."""

    entry: int
    cluster: int
    atom_id: str
    page: int | None = None
    """Of the feed's archive, from 1; None: in none yet."""


class Credit(Struct, frozen=True):
    """The source an item is attributed to (atom:source, RSS source, JSON _source)."""

    name: str
    """The key in feeds.yaml."""
    id: str
    title: str
    link: str | None = None
    feed_url: str | None = None
    rights: str | None = None
    updated: datetime | None = None
    authors: tuple[Person, ...] = ()
    """Of the feed: they stand for entries that name none (RFC 4287 4.2.1)."""
    subtitle: str | None = None
    icon: str | None = None
    logo: str | None = None


class Via(Struct, frozen=True):
    """Another source that told the same story."""

    title: str
    link: str


class Item(Struct, frozen=True):
    """One story in one feed, ready to be written in any format."""

    id: str
    """atom:id, RSS guid, JSON id: the same in all formats, unique in the feed."""
    title: str
    link: str | None
    published: datetime
    updated: datetime
    article: Article
    source: Credit
    terms: tuple[str, ...] = ()
    """Names of the categories it is filed under here, then the publisher's own."""
    via: tuple[Via, ...] = ()


class Slot(Struct, frozen=True):
    """An item of a feed, of which it may not be needed what it says."""

    key: str
    """Hash of all that it is written from."""
    id: str
    link: str | None
    published: datetime
    words: int | None = None
    """No more of its text is shown; None: all that its source allows."""
    came: datetime | None = None
    """When the copy that is shown was first seen; None where it is made of others."""


class Withdrawn(Struct, frozen=True):
    """An item that was taken back (RFC 6721)."""

    id: str
    when: datetime


class Publication(Struct, frozen=True):
    """One feed, composed: equal publications render to equal bytes."""

    slug: str
    id: str
    title: str
    description: str | None
    language: str
    home: str
    """The feed's HTML page."""
    addresses: tuple[tuple[str, str], ...]
    """(format, absolute URL) of every format it is published in."""
    updated: datetime
    """The newest change of an item; the Unix epoch where there is none."""
    items: tuple[Item, ...] = ()
    generator: str = "aggregator"
    author: str = ""
    """Who publishes the feed: the site's title; "" is the feed's own."""
    site_url: str = ""
    """The page that lists all feeds."""
    hubs: tuple[str, ...] = ()
    """WebSub hubs that are told of changes."""
    archive: bool = False
    """An immutable page of older items (RFC 5005 4)."""
    complete: bool = False
    """Holds every item there is: what is not in it is no more (RFC 5005 2)."""
    pages: tuple[tuple[str, str, str], ...] = ()
    """(rel, format, absolute URL) of the neighbours: "prev-archive", "next-archive", "current"."""
    withdrawn: tuple[Withdrawn, ...] = ()
    noindex: bool = False
    """Search engines are asked to leave it out."""
    cleared: bool = False
    """It went through ``formats.writing.border``: no text of it is hostile to a writer."""


class Written(Struct, frozen=True):
    """A document in pieces: what begins it, its items, what ends it."""

    head: bytes
    items: tuple[bytes, ...]
    tail: bytes
    joint: bytes = b""
    """Between two items."""

    def whole(self) -> bytes:
        """Join the pieces."""
        return self.head + self.joint.join(self.items) + self.tail


class Run(Struct, frozen=True):
    """Items of a document that are compressed together (``core.packing``)."""

    items: int
    """How many."""
    deflated: int
    """Bytes, compressed."""
    length: int
    """Bytes."""
    crc: int
    digest: str


class Pieces(Struct, frozen=True):
    """Where the items of a document stand in it, so that they can be taken over."""

    label: str
    """Of what wrote them."""
    joint: int
    """Bytes between two."""
    keys: tuple[str, ...]
    """Of all that each was made from."""
    lengths: tuple[int, ...]
    start: int
    """Where the first run stands in the gzip."""
    runs: tuple[Run, ...]
    """All of them, one after the other; each but the first begins with the joint."""


class Artifact(Struct, frozen=True):
    """One published file: exactly the bytes that are served.

    They are kept compressed, as most clients ask for them.
    """

    path: str
    """Below the site's root, without a leading "/": "feeds/python.atom", "feeds/python/", ""."""
    media_type: str
    """With charset."""
    gzip: bytes
    etag: str
    """Strong, quoted, from the bytes."""
    last_modified: datetime
    """Whole seconds: when this content changed, by the content."""
    feed: str | None = None
    """Slug; None for pages of the whole site."""
    headers: tuple[tuple[str, str], ...] = ()
    """What it is served with besides what every artifact is."""
    page: int | None = None
    """Of the feed's archive, from 1; None: the feed itself."""
    pieces: Pieces | None = None
    """Of a feed itself, for its next build."""
    digest: str | None = None
    """Hash of the token of a private feed; None: everybody gets it."""

    @property
    def body(self) -> bytes:
        """Return the bytes as they are."""
        return decompress(self.gzip)

    @property
    def size_bytes(self) -> int:
        """Return how many bytes it has; gzip ends with that number (RFC 1952 2.3.1)."""
        return int.from_bytes(self.gzip[-4:], "little")


class Stamp(Struct, frozen=True):
    """An artifact without its bytes."""

    path: str
    feed: str | None
    etag: str
    last_modified: datetime


class FeedLine(Struct, frozen=True):
    """One feed in the list of all: the index page, the OPML, `aggregator list`."""

    slug: str
    title: str
    description: str | None
    entries: int
    updated: datetime
    addresses: tuple[tuple[str, str], ...]
    home: str
    private: bool = False
    """Whether its addresses answer only with its token behind them, which stands in no list."""


class Directory(Struct, frozen=True):
    """The site's own list of feeds and sources."""

    title: str
    url: str
    language: str
    feeds: tuple[FeedLine, ...]
    sources: tuple[Credit, ...] = ()


class Summary(Struct, frozen=True):
    """What a feed document says, as far as the gate compares it."""

    ids: tuple[str, ...]
    links: Mapping[str, str] = field(default_factory=dict)
    """Permalink to id."""
    newest: datetime | None = None
    """When the newest of its entries came, or was published where that is not known."""


Standing = tuple[datetime, str]
"""Where an entry stands among others: ``sort_at`` and identity."""


class Sweep(Struct, frozen=True):
    """How far the entries of a feed were looked at for its archive, the oldest first."""

    arrival: int
    """The newest entry there was when it began: what came later is looked at after it.

    An older one where stories are held back: the first of those.
    """
    until: Standing | None = None
    """The last that was looked at; None: all were."""


class LastBuild(Struct, frozen=True):
    """What is remembered of one feed and its archive, for its next build."""

    recipe: str = ""
    """"" where it was never built."""
    archived_by: str = ""
    """The recipe of its archive."""
    pages: int = 0
    """How many its archive has."""
    swept: Sweep | None = None
    """None: everything is to be looked at."""
    said: Summary | None = None
    """What it said last; None: the next build is compared with nothing."""
    stale: tuple[int, ...] = ()
    """Pages to write again."""
    stale_until: int = 0
    """Number of the newest wish to write one again."""
    archive_at: datetime | None = None
    """When its archive is gone on with; None: it lacks nothing."""


class Arrivals(Struct, frozen=True):
    """Stories of a feed that may stand on no page of its archive."""

    clusters: Mapping[int, Standing]
    """Oldest first: those announced and on no page, and those no build looked at yet."""
    swept: Sweep
    """Those included."""
    announced: frozenset[int] = frozenset()
    """Those of them that were announced: they may match no more."""


class Archived(Struct, frozen=True):
    """What one build does to a feed's archive."""

    recipe: str = ""
    pages: int = 0
    """How many there are afterwards; 0: the archive goes."""
    artifacts: tuple[Artifact, ...] = ()
    """Of new pages and of those written again."""
    announced: tuple[Announced, ...] = ()
    """Ids given out for the first time on its pages."""
    sealed: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """(page, ids of the items on it) of the new ones."""
    swept: Sweep | None = None
    """None: all must be looked at again."""
    stale: tuple[int, ...] = ()
    """Pages that are still to be written again."""
    stale_until: int = 0

    @property
    def written(self) -> frozenset[int | None]:
        """Return the pages that were written."""
        return frozenset(one.page for one in self.artifacts)


class Build(Struct, frozen=True):
    """One feed's new artifacts and what must be remembered with them: one transaction."""

    slug: str
    recipe: str
    """Hash of the settings it was built by: another recipe, another build."""
    artifacts: tuple[Artifact, ...]
    entries: int = 0
    """How many stories it shows, or kept entries where there are more than it shows."""
    updated: datetime | None = None
    """The newest change of an item that is shown; None where there is none."""
    announced: tuple[Announced, ...] = ()
    """Ids given out for the first time."""
    rebuild_at: datetime | None = None
    """When it is another one though nothing comes; None: at no moment."""
    archive_at: datetime | None = None
    """When its archive is to be gone on with, if it lacks pages."""
    said: Summary | None = None
    archived: Archived = field(default_factory=Archived)
    targets: tuple[str, ...] = ()
    """Names of those to be told if its bytes changed."""


class BuiltFeed(Struct, frozen=True):
    """What is remembered of a feed's last build."""

    recipe: str
    entries: int
    updated: datetime | None


class Gone(Struct, frozen=True):
    """A feed that was published and is no more."""

    moved_to: str | None = None
    """The slug it has now."""
    digest: str | None = None
    """Hash of its last token, if it was private."""
    moved_digest: str | None = None
    """Hash of the token of the feed it is now, if that is private."""


class HeldFeed(Struct, frozen=True):
    """A feed whose new rendering does not leave: its last good bytes stay."""

    slug: str
    reason: str
    at: datetime


class Found(Struct, frozen=True):
    """A kept entry as a person looks for it."""

    key: EntryKey
    title: str
    link: str | None
    withdrawn: datetime | None = None
    reason: str | None = None
    """Why it was withdrawn."""


class Revision(Struct, frozen=True):
    """What an entry said from one moment on."""

    number: int
    """From 1."""
    at: datetime
    """When we saw it."""
    article: Article


class Delivery(Struct, frozen=True):
    """A feed that is to be delivered to a target."""

    target: str
    feed: str
    """Slug."""
    wanted: int
    """How often it was asked for, ever."""
    attempts: int = 0
    """In vain."""
    error: str | None = None


class Asked(Struct, frozen=True):
    """Somebody wants a feed delivered by our hub (WebSub), or no longer."""

    mode: str
    """"subscribe" or "unsubscribe"."""
    topic: str
    """Path of the feed below the site's root."""
    callback: str
    host: str
    """Registrable domain of the callback."""
    lease_s: int
    secret: str | None = None


class Question(Struct, frozen=True):
    """A subscriber is to be asked whether it meant what was asked for in its name."""

    id: int
    """The row."""
    asked: Asked
    attempts: int
    """In vain."""


class Subscriber(Struct, frozen=True):
    """One that is to get the present edition of a feed."""

    id: int
    """The row."""
    topic: str
    """Path of the feed below the site's root."""
    callback: str
    secret: str | None
    attempts: int
    """In vain, of this edition or those before."""

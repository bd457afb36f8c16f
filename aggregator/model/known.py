"""What we keep, and what one poll would change in it.

Identity is (source, guid). Feed dates are shown, never believed: change is a hash of the article,
order is ``sort_at``, set once.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct, field

from aggregator.model.fetched import Traffic, Validators
from aggregator.model.parsed import (
    Enclosure,
    FeedInfo,
    Link,
    Origin,
    ParsedEntry,
    Person,
    Rhythm,
    Term,
)
from aggregator.model.settings import Republish


class EntryKey(NamedTuple):
    """Who an entry is, for ever."""

    source: str
    guid: str


class Identified(Struct, frozen=True):
    """An entry that has been told apart from its neighbours."""

    guid: str
    guid_origin: str
    """"declared", "link" or "hash": where the guid came from."""
    entry: ParsedEntry
    content_hash: str
    """Of the article as stated, dates left out (``core.identity.article_hash``)."""


class Article(Struct, frozen=True):
    """The clean text of one revision: safe HTML, absolute http(s) links, no control characters."""

    title: str
    """Plain text; may be empty."""
    link: str | None = None
    summary: str = ""
    """Safe HTML."""
    content: str = ""
    """Safe HTML; empty where the source gives only a summary."""
    published: datetime | None = None
    """As stated by the source."""
    updated: datetime | None = None
    """As stated by the source."""
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    terms: tuple[Term, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    links: tuple[Link, ...] = ()
    comments: str | None = None
    rights: str | None = None
    language: str | None = None
    origin: Origin | None = None
    image: str | None = None
    duration_s: int | None = None
    explicit: bool | None = None
    season: int | None = None
    episode: int | None = None


class Remembered(Struct, frozen=True):
    """What the store answers about a guid it has seen."""

    guid: str
    content_hash: str
    revision: int
    published_at: datetime
    updated_at: datetime
    stated_updated: datetime | None
    """The ``updated`` its last revision stated: an edit whose date did not move is dated by us."""
    words_hash: str = ""
    """Of what its last revision says (``core.plan.kinship.words_hash``)."""
    categories: tuple[str, ...] = ()
    """Slugs it is filed under: an edit that leaves one changes that feed, too."""
    withdrawn: bool = False
    """It was taken back: nothing its source says of it is kept."""


class Filed(Struct, frozen=True):
    """One category an entry stands in."""

    slug: str
    name: str
    fixed: bool
    """By the source's setting; else by the entry's own word."""


class Fingerprint(Struct, frozen=True):
    """A mark by which an entry is known again within its source (``core.plan.kinship``)."""

    kind: str
    """"guid", "link", "title", "text" or "short text"."""
    value: str


class Kin(Struct, frozen=True):
    """A kept entry of the same source that a fresh one may be, under another guid."""

    remembered: Remembered
    marks: frozenset[Fingerprint]
    published: datetime | None
    """As stated."""


class Traces(Struct, frozen=True):
    """What an entry is found and compared by among those that may tell its story."""

    sketch: bytes = b""
    """``core.stories.pack``."""
    link_key: int | None = None
    """31 bits."""
    keys: tuple[int, ...] = ()
    """31 bits each: whoever bears one may tell the same story."""


class Teller(Struct, frozen=True):
    """A kept entry as it is compared with others."""

    key: EntryKey
    number: int
    """Its row."""
    cluster: int
    at: datetime
    """Where it stands in time (``NewEntry.sort_at``)."""
    title: str
    """As it is stated now."""
    sketch: bytes
    """Empty where it was forgotten."""
    link_key: int | None
    joined: bool = True
    """False where nobody else tells its story."""


class Stories(Struct, frozen=True):
    """All that is known of some stories."""

    tellers: tuple[Teller, ...]
    ties: tuple["DuplicateLink", ...]
    """Active ones."""
    apart: frozenset[frozenset[EntryKey]]
    """Pairs with one of them that the operator parted."""


class NewEntry(Struct, frozen=True):
    """An entry to insert with its first revision."""

    guid: str
    guid_origin: str
    content_hash: str
    words_hash: str
    article: Article
    sort_at: datetime
    """Unique order: its own date on a source's first poll and in a flood, its arrival otherwise."""
    published_at: datetime
    """What readers are shown."""
    updated_at: datetime
    filed: tuple[Filed, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    shelves: tuple[str, ...] = ()
    """Those it stands on, of the plan's."""
    traces: Traces = Traces()


class ChangedEntry(Struct, frozen=True):
    """A further revision of an entry that is known."""

    guid: str
    revision: int
    """The new number, from 2."""
    content_hash: str
    words_hash: str
    article: Article
    updated_at: datetime
    filed: tuple[Filed, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    shelves: tuple[str, ...] = ()
    """Those it stands on, of the plan's."""
    traces: Traces = Traces()


class DuplicateLink(Struct, frozen=True):
    """The evidence that two entries tell one story; neither is ever deleted for it."""

    a: EntryKey
    b: EntryKey
    rule: str
    score: float
    evidence: str = "{}"
    """JSON, for ``core.stories`` to read."""
    by_user: bool = False
    """The operator's word, which outranks ours."""


class PollState(Struct, frozen=True):
    """What is remembered between two polls of a source."""

    location: str | None = None
    """The configured address all this belongs to: another one starts afresh."""
    validators: Validators = field(default_factory=Validators)
    body_hash: str | None = None
    next_poll_at: datetime | None = None
    """None: never again (410)."""
    put_off_until: datetime | None = None
    """Its turn came in an hour that its feed skips: it keeps its place and waits till then."""
    last_poll_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0
    """In a row."""
    moved_to: str | None = None
    """The address a permanent redirect names; adopted only after enough sightings."""
    move_seen_at: datetime | None = None
    move_sightings: int = 0
    stopped: str | None = None
    """Why it is never polled again, in words."""
    last_error: str | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)
    pace: timedelta | None = None
    """The usual time between two new entries, as far as it is known."""
    last_new_at: datetime | None = None
    """When an entry came last; of a first poll, the date of its newest entry."""
    cost: int | None = None
    """Bytes of a good answer, on average; None before the second."""
    host: str | None = None
    """Registrable domain, or address, that it is asked at; None: on this machine."""
    paused_host: str | None = None
    """The host that asked it for a pause (429, 503): its own, or one it was redirected to."""
    paused_until: datetime | None = None
    """Until when: no source of that host is asked before."""
    identity: str | None = None
    """What tells its entries apart ("guid", "link", "link+date", "content"): once taken, kept."""
    missing: int = 0
    """How many entries' files were gone at once: too many to be believed, so all were kept."""


class Due(Struct, frozen=True):
    """A source that may be polled now, leased to us."""

    source: str
    state: PollState
    first: bool
    """No poll of it ever succeeded."""
    info: FeedInfo = field(default_factory=FeedInfo)
    """What it said of itself before."""


class PollRecord(Struct, frozen=True):
    """One line of the poll log."""

    source: str
    at: datetime
    outcome: str
    """"new", "flood" (far more new than ever), "unchanged", "not-modified", "older" (a page of its
    archive), "failed", "broken" (answered, but not readable) or "called-off" (we were stopped
    meanwhile)."""
    traffic: Traffic = field(default_factory=Traffic)
    new: int = 0
    changed: int = 0
    duplicates: int = 0
    message: str | None = None
    """Why it failed, or what was repaired."""
    paused_host: str | None = None
    """The host that asked for a pause, if one did."""
    paused_until: datetime | None = None


class Notice(Struct, frozen=True):
    """Something about a source or a feed that its operator is told once, in a feed of its own."""

    source: str
    """"" where it is about a feed of ours."""
    kind: str
    """"failing", "recovered", "gone", "moved", "identity", "flood", "missing", "held"."""
    at: datetime
    words: str
    feed: str | None = None
    """Slug of the feed it is about."""


class PollPlan(Struct, frozen=True):
    """All that one poll changes, decided before anything is done; applied in one transaction."""

    record: PollRecord
    state: PollState
    info: FeedInfo | None = None
    """None: unchanged."""
    new: tuple[NewEntry, ...] = ()
    changed: tuple[ChangedEntry, ...] = ()
    seen: tuple[str, ...] = ()
    """Guids of entries the document listed that are known and unchanged."""
    gone: tuple[str, ...] = ()
    """Guids of entries that a complete document no longer lists: withdrawn until they return."""
    returning: tuple[str, ...] = ()
    """Guids of known entries it lists: those that were withdrawn as gone come back."""
    aliases: tuple[tuple[str, str], ...] = ()
    """(guid as listed, the entry's own guid) of entries recognised under another guid."""
    links: tuple[DuplicateLink, ...] = ()
    cut: tuple[DuplicateLink, ...] = ()
    """Links that were kept and do not hold any more."""
    outdated: tuple[str, ...] = ()
    """Slugs of the feeds to build again."""
    shelves: tuple[str, ...] = ()
    """All shelves that were decided on: who is on others is not known (``core.select``)."""
    notices: tuple[Notice, ...] = ()

    @property
    def quiet(self) -> bool:
        """Nothing but the state of the source changes, and the poll log."""
        return self == PollPlan(self.record, self.state)


class Speaker(Struct, frozen=True):
    """A source as feeds name it: by its own word, and on what terms it is republished."""

    info: FeedInfo = field(default_factory=FeedInfo)
    republish: Republish = field(default_factory=Republish)
    """As feeds.yaml says, or said while it was there."""


class KnownSource(Struct, frozen=True):
    """A source as the store knows it: its own word for attribution, and its state for `status`."""

    name: str
    info: FeedInfo
    state: PollState
    entries: int = 0
    held: int = 0
    """Of the entries: held back as a flood (``core.flood``)."""
    removed: bool = False
    """No longer in feeds.yaml; its entries stay."""
    leased: bool = False
    """Somebody is polling it now."""
    republish: Republish = field(default_factory=Republish)
    """As feeds.yaml says, or said while it was there."""
    hidden: bool = False
    """Private feeds alone hold it: nobody is told of it who does not know their tokens."""

"""What a feed said, not yet believed: text is hostile until ``core.normalise`` ran."""

from datetime import datetime, timedelta

from msgspec import Struct


class Text(Struct, frozen=True):
    """A text construct as it stood (RFC 4287 3.1)."""

    value: str
    is_html: bool = False
    base: str = ""
    """Absolute URL that its relative links hang on (xml:base, else the feed's); "" unknown."""


class Person(Struct, frozen=True):
    """An author or contributor; any part may be missing, never all."""

    name: str | None = None
    email: str | None = None
    url: str | None = None


class Term(Struct, frozen=True):
    """What a publisher filed an entry under (RFC 4287 4.2.2; RSS category and its domain)."""

    term: str
    scheme: str | None = None
    label: str | None = None


class Enclosure(Struct, frozen=True):
    """A file that belongs to an entry (RSS enclosure, Atom rel=enclosure, Media RSS content)."""

    url: str
    media_type: str | None = None
    length_bytes: int | None = None
    title: str | None = None
    duration_s: int | None = None


class Link(Struct, frozen=True):
    """A further link of an entry: rel is "via", "related", "replies", "license"… or an IRI."""

    href: str
    rel: str
    media_type: str | None = None
    title: str | None = None


TRANSCRIPT = "https://podcastindex.org/namespace/1.0#transcript"
CHAPTERS = "https://podcastindex.org/namespace/1.0#chapters"
"""``Link.rel`` of a podcast's transcript and chapters: an IRI, as RFC 4287 4.2.7.2 wants of names
that are not registered."""


class Origin(Struct, frozen=True):
    """The feed an entry first appeared in (atom:source, RSS source), if an aggregator told us."""

    title: str | None = None
    link: str | None = None
    """The site."""
    feed_url: str | None = None
    id: str | None = None
    rights: str | None = None


class ParsedEntry(Struct, frozen=True):
    """One entry as its source states it."""

    guid: str | None = None
    """Raw, as declared: never resolved, so that it survives a move of the feed."""
    link: str | None = None
    """The permalink, absolute."""
    title: Text = Text("")
    summary: Text | None = None
    content: Text | None = None
    published: datetime | None = None
    updated: datetime | None = None
    """Aware, UTC. None where missing or unreadable: nobody guesses."""
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    terms: tuple[Term, ...] = ()
    categories: tuple[str, ...] = ()
    """Front matter's categories: where the entry is filed here (``Source.own_categories``)."""
    enclosures: tuple[Enclosure, ...] = ()
    links: tuple[Link, ...] = ()
    comments: str | None = None
    """URL of the discussion page."""
    rights: str | None = None
    language: str | None = None
    """BCP 47, the entry's own where it differs from its feed's."""
    origin: Origin | None = None
    image: str | None = None
    """URL of a picture that stands for the entry."""
    duration_s: int | None = None
    explicit: bool | None = None
    season: int | None = None
    episode: int | None = None


class Rhythm(Struct, frozen=True):
    """When a feed says it should be asked (RSS ttl, skipHours, skipDays, sy:update*)."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, UTC, 0 to 23."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, Monday is 0."""
    update_interval: timedelta | None = None
    """sy:updatePeriod divided by sy:updateFrequency."""


class FeedInfo(Struct, frozen=True):
    """What a feed says of itself; kept for attribution."""

    title: str | None = None
    subtitle: str | None = None
    link: str | None = None
    """The site's page, absolute."""
    feed_url: str | None = None
    """rel=self."""
    id: str | None = None
    language: str | None = None
    rights: str | None = None
    authors: tuple[Person, ...] = ()
    image: str | None = None
    icon: str | None = None
    generator: str | None = None
    hubs: tuple[str, ...] = ()


class ParsedFeed(Struct, frozen=True):
    """One document, read."""

    version: str
    """"rss20", "rss10", "rss091", "atom10", "atom03", "json11", "posts"…"""
    info: FeedInfo
    entries: tuple[ParsedEntry, ...] = ()
    """In document order."""
    updated: datetime | None = None
    """The feed's own date, if it has one: what dates an undated entry of a first poll."""
    rhythm: Rhythm = Rhythm()
    warnings: tuple[str, ...] = ()
    """One line for each thing that was repaired or left out."""
    older: str | None = None
    """Where the next older entries are (prev-archive, next, JSON next_url); absolute."""
    whole: bool = True
    """False if the document broke off or had to be repaired so that entries may be missing."""
    complete: bool = False
    """True if it lists all there is: an entry that is not in it is gone. Only a folder says so."""

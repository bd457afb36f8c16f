"""What the operator said: feeds.yaml as frozen records, every value checked.

``aggregator.config`` is the only maker of these in production; tests build them directly.
"""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from msgspec import Struct, field

DEDUPE_LEVELS = ("off", "identity", "link", "text", "text+short")
"""How far copies of a story are looked for, each further than the one before."""


class Site(Struct, frozen=True):
    """Who publishes: the public address and the name under which ids are minted."""

    url: str
    """Absolute http(s) URL of the site's root, ends with "/"."""
    title: str = "Feeds"
    contact: str | None = None
    """An address or URL for the operators of polled sites; part of the User-Agent."""
    language: str = "en"
    tag: str = ""
    """Authority and date of minted ids (RFC 4151), e.g. "feeds.example.org,2026". Never changes."""
    timezone: str = "UTC"
    """IANA zone in which the days and weeks of digests begin."""


class Secret(Struct, frozen=True):
    """A word that must leave in no log, error, output or dump; both of its reprs hide it."""

    value: str

    def __repr__(self) -> str:
        """Name what it is, and nothing of it."""
        return "Secret()"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Name nothing: rich has its own way to show a struct, past the repr."""
        return []


class PostsOptions(Struct, frozen=True):
    """How a folder of posts is read."""

    engine: str = "auto"
    """"auto", "jekyll", "hexo", "hugo", "pelican", "zola", "docusaurus", "eleventy", "nikola" or
    "plain"."""
    include: tuple[str, ...] = ()
    """gitignore patterns; empty: every known extension."""
    exclude: tuple[str, ...] = ()
    """gitignore patterns."""
    base_url: str | None = None
    """The written site's address: permalinks and relative links hang on it."""
    permalink: str | None = None
    """The engine's pattern, e.g. "/:categories/:year/:month/:day/:title.html"."""
    timezone: str | None = None
    """IANA zone of dates that state none; None: what the site's own engine takes them for."""
    encoding: str | None = None
    """Of files that are no UTF-8; None: detected, with a warning."""
    date_formats: tuple[str, ...] = ()
    """strptime patterns, tried where the grammar does not read a date."""
    undated: str = "first-seen"
    """"skip", "first-seen", "mtime" or "git"."""
    drafts: bool = False
    future: str = "hold"
    """"hold" (appears when it is due), "show" or "skip"."""
    link: str = "permalink"
    """Where the entry's link is: "permalink", "body" (the last bare <URL>), "front-matter:KEY"."""
    id_pattern: str | None = None
    """RE2; its first group that matches in the body is the identity."""
    source_name: str | None = None
    """RE2 on the text; its first group is the name of the original source."""
    remove: tuple[str, ...] = ()
    """CSS selectors of boilerplate."""
    folders: bool = False
    """File each entry under its folders, too."""
    split_words: str = "engine"
    """"engine", "comma", "space" or "never": what a string of categories is cut at."""
    body: str = "full"
    """"full" or "excerpt"."""
    limit: int | None = None
    """Newest files considered in one scan."""
    deleted: str = "keep"
    """What becomes of the entry of a file that is gone: "keep", "remove" (but not of most entries
    at once) or "remove-all"."""


class HttpOptions(Struct, frozen=True):
    """How one source is asked over HTTP, where it differs from the others."""

    headers: tuple[tuple[str, Secret], ...] = ()
    user_agent: str | None = None
    cookies: tuple[tuple[str, Secret], ...] = ()
    basic: tuple[str, Secret] | None = None
    """User and password (RFC 7617)."""
    bearer: Secret | None = None
    """RFC 6750."""
    proxy: Secret | None = None
    """http, https, socks5 or socks5h URL; it may hold a password."""
    client_certificate: Path | None = None
    """PEM."""
    client_key: Path | None = None
    """PEM; None: in the certificate's file."""
    ca_certificates: Path | None = None
    """PEM bundle believed instead of the public authorities."""
    timeout: timedelta | None = None
    max_bytes: int | None = None


class Republish(Struct, frozen=True):
    """How much of a source's articles is shown here, and on which terms."""

    how: str = "full"
    """"full", "excerpt" (the first words of the text) or "link" (no text, no files)."""
    excerpt_words: int = 60
    noindex: bool = False
    """Ask search engines to leave out what holds an article of it."""
    rights: str | None = None
    """Stands for what its feed says of its rights."""
    attribution: str | None = None
    """A line under every text of it."""
    hide_address: bool = False
    """Publish no address of its feed: whoever knows it can read what is meant for one reader."""


class Source(Struct, frozen=True):
    """One source: a feed to poll or a folder of posts to scan."""

    name: str
    """The key in feeds.yaml. Its history hangs on it, for ever."""
    kind: str
    """A key of ``plugins.SOURCE_KINDS``: "feed" or "posts"."""
    location: str
    """An absolute http(s) URL, or an absolute path."""
    categories: tuple[str, ...] = ()
    """Names of the categories every entry is filed under."""
    own_categories: bool = False
    """File each entry under the categories it names itself (front matter), too."""
    every: timedelta = timedelta(hours=1)
    """The shortest interval between two polls."""
    slowest: timedelta | None = None
    """The longest interval a source that publishes seldom is slowed to; None: four times ``every``,
    a day at most."""
    title: str | None = None
    """Overrides the title the feed states."""
    identity: str = "auto"
    """"auto", "guid", "link", "link+date" or "content": what tells its entries apart."""
    edits: str = "words"
    """What moves the date of an entry that was edited: "words", "all" or "none"."""
    dedupe: str | None = None
    """How far copies of its entries are looked for in other sources: "off", "identity", "link",
    "text" or "text+short"; None: as its categories say."""
    strip_tracking: bool = True
    """Take tracking parameters out of links, and tracking pixels out of texts."""
    http: HttpOptions = field(default_factory=HttpOptions)
    posts: PostsOptions = field(default_factory=PostsOptions)
    republish: Republish = field(default_factory=Republish)

    @property
    def local(self) -> bool:
        """True for a folder on this machine: nobody else's server needs sparing."""
        return "://" not in self.location


class Match(Struct, frozen=True):
    """Which entries a feed holds (``core.matching``).

    An empty tuple asks nothing, so ``Match()`` is everything. Any value of a key will do, but all
    keys must hold, and all of the words.
    """

    categories: tuple[str, ...] = ()
    """Category slugs."""
    sources: tuple[str, ...] = ()
    """Source names."""
    tags: tuple[str, ...] = ()
    """What publishers filed their entries under."""
    languages: tuple[str, ...] = ()
    """BCP 47; "en" takes "en-GB" along."""
    authors: tuple[str, ...] = ()
    """Names or e-mail addresses."""
    words: tuple[str, ...] = ()
    """Words and phrases that stand in the title or in the text."""
    without: "Match | None" = None
    """What fits any of these values stays out."""


class Feed(Struct, frozen=True):
    """One feed that leaves here."""

    slug: str
    """[a-z0-9-], at most 64: the name in its address."""
    title: str
    match: Match
    description: str | None = None
    newest: int = 50
    max_age: timedelta | None = None
    formats: tuple[str, ...] = ("atom", "rss", "json")
    """Keys of ``plugins.RENDERERS``."""
    per_source: int | None = None
    """At most so many entries of one source, so that none fills the feed alone."""
    noindex: bool = False
    """Ask search engines to leave it out."""
    archive: bool = True
    """Keep older entries on pages of their own (RFC 5005)."""
    moved_from: tuple[str, ...] = ()
    """Slugs it had before: their addresses lead here."""
    token: Secret | None = None
    """Only who knows it gets the feed; None: everybody does."""
    public: bool = False
    """Open, though it had a token."""
    origin: str | None = None
    """The slug it had first, which its own id is made of; None: the one it has."""
    closed: bool = False
    """It had a token, and nobody said that it is open now: it stays as it was."""
    digest: str | None = None
    """"daily" or "weekly": an entry for each period that is over, instead of one for each story."""
    prefer: tuple[str, ...] = ()
    """Sources whose copy of a story is shown rather than others', the best first."""
    hold_back: timedelta | None = None
    """A story is shown so long after its first copy came: the best of several can be chosen."""

    @property
    def private(self) -> bool:
        """True for a feed that stands in no list and is handed on to nobody."""
        return self.token is not None or self.closed


class Category(Struct, frozen=True):
    """What feeds.yaml says of a category; every category has feeds without being named there."""

    name: str
    title: str | None = None
    description: str | None = None
    newest: int | None = None
    max_age: timedelta | None = None
    formats: tuple[str, ...] | None = None
    per_source: int | None = None
    noindex: bool | None = None
    archive: bool | None = None
    prefer: tuple[str, ...] | None = None
    hold_back: timedelta | None = None
    dedupe: str | None = None
    keep_scripts: bool | None = None
    moved_from: tuple[str, ...] = ()
    """Slugs it had before."""
    token: Secret | None = None
    public: bool = False
    """Open, though it had a token."""


class FetchSettings(Struct, frozen=True):
    """How we behave towards the servers we poll."""

    floor: timedelta = timedelta(minutes=15)
    """No source is asked twice within this, whatever ``every`` says, kills included."""
    spacing: timedelta = timedelta(seconds=1)
    """Between two requests to one registrable domain."""
    timeout: timedelta = timedelta(seconds=30)
    """One request in all, from the look-up of the name to the last byte."""
    connect_timeout: timedelta = timedelta(seconds=10)
    max_bytes: int = 10 * 1024 * 1024
    """Of one body, as received and as inflated."""
    budget: int = 100 * 1024
    """Bytes a source may cost its server in a day before it is asked more seldom for it."""
    parallel: int = 32
    """Requests in flight over all hosts."""
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Private networks that may be polled; none by default."""
    user_agent: str | None = None
    """Overrides the one made from our name, version, site and contact."""


class PostsTarget(Struct, frozen=True):
    """A folder of posts that a static site is built from."""

    folder: Path
    """Absolute."""
    engine: str
    """"jekyll", "hexo", "hugo", "zola", "eleventy", "pelican" or "nikola"."""
    feeds: tuple[str, ...] = ()
    """Slugs; empty: every category."""
    body: str = "summary"
    """"full", "summary" or "link": how much of others' articles is shown."""
    keep_days: int | None = None
    """Posts whose entry is older go."""
    keep_posts: int | None = None
    """All but the newest so many go."""
    archive: Path | None = None
    """Where posts go that go; None: they are deleted."""
    index_pages: Path | None = None
    """A folder that gets one page per category; None: there are none."""
    front_matter: tuple[tuple[str, str], ...] = ()
    """Fixed keys of every post, e.g. ("layout", "post")."""
    timezone: str = "UTC"
    """IANA zone of the dates and of the days in file names."""


class FilesTarget(Struct, frozen=True):
    """A folder that a web server serves as it is: laid out as the URLs are."""

    folder: Path
    """Absolute."""


class HubTarget(Struct, frozen=True):
    """A WebSub hub that is told which feeds changed."""

    url: str
    """Absolute http(s) URL; "self" is the hub of our own web server."""

    @property
    def own(self) -> bool:
        """True for the hub this program is itself."""
        return self.url == "self"


class Settings(Struct, frozen=True):
    """All of feeds.yaml."""

    path: Path
    """The file; relative paths in it are relative to its folder."""
    site: Site
    sources: tuple[Source, ...] = ()
    categories: tuple[Category, ...] = ()
    feeds: tuple[Feed, ...] = ()
    """Feeds that are not one category."""
    fetch: FetchSettings = field(default_factory=FetchSettings)
    defaults: Category = field(default_factory=lambda: Category(name="defaults"))
    """newest, max_age and formats of categories that do not say."""
    publish: tuple[PostsTarget | FilesTarget | HubTarget, ...] = ()
    """Where all is written besides the database."""
    closed: frozenset[str] = frozenset()
    """Slugs of feeds that had a token and have none: no word of feeds.yaml, but of what was."""

"""What a server or a folder answered: bytes and headers, nothing read yet."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct, field

from aggregator.errors import FetchError
from aggregator.model.settings import PostsOptions, Source


class Validators(Struct, frozen=True):
    """What a server gave to ask with next time: opaque, echoed byte for byte (RFC 9110 13.1).

    Header text is kept as latin-1, so every byte survives the way to the database and back.
    """

    etag: str | None = None
    last_modified: str | None = None


class Request(Struct, frozen=True):
    """One source to ask, and what we remember of its last answer."""

    source: Source
    location: str
    """Where to ask: the source's own location, or the address it has permanently moved to."""
    validators: Validators = field(default_factory=Validators)
    paused: Mapping[str, datetime] = field(default_factory=dict)
    """Hosts that asked to be left alone, and until when: no redirect is followed there."""


class Document(Struct, frozen=True):
    """One body of one feed. Parsers get this and never a URL or path to open."""

    url: str
    """Where it came from in the end: the base of its relative links."""
    media_type: str
    """As declared, lower case, without parameters; "" where none was."""
    charset: str | None
    """As declared in Content-Type."""
    body: bytes


class PostFile(Struct, frozen=True):
    """One file of a post folder."""

    path: str
    """Relative to the folder, with "/"."""
    body: bytes
    fallback_date: datetime | None = None
    """What ``undated: mtime`` or ``undated: git`` dates it by; None otherwise."""


class PostSite(Struct, frozen=True):
    """The written site a post folder belongs to, as found in it or above it."""

    folder: str = ""
    """The post folder's path below the site's root, with "/"; "" if it is the root."""
    files: tuple[PostFile, ...] = ()
    """The engine's configuration, and lists of authors; paths are relative to the root. Programs
    (.py, .js, .ts) are here to be recognised by their names, not to be run."""
    folders: tuple[str, ...] = ()
    """Folders below the root that tell engines apart: "source/_posts", "content"."""


class PostFolder(Struct, frozen=True):
    """All readable files of a post folder, sorted by path."""

    name: str
    """The source's name."""
    files: tuple[PostFile, ...]
    options: PostsOptions
    warnings: tuple[str, ...] = ()
    """One line for each file that was left out: "path:1: reason"."""
    site: PostSite = field(default_factory=PostSite)
    now: datetime = datetime(9000, 1, 1, tzinfo=UTC)
    """When it was scanned: later posts are held back until they are due. By default none is."""
    complete: bool = True
    """False if files were left out: a post that is not here may still be there."""


class Traffic(Struct, frozen=True):
    """What one poll cost the other side and us."""

    requests: int = 0
    bytes_received: int = 0
    """Bodies and headers as they crossed the wire."""
    elapsed_s: float = 0.0


class HostPause(Struct, frozen=True):
    """A host that wants to be left alone: none of its sources is to be asked meanwhile."""

    domain: str
    """The registrable domain, or the address (``core.hosts.registrable_domain``)."""
    wait: timedelta


class Wishes(Struct, frozen=True):
    """What the server asked about when to come back; nonsense is already dropped."""

    fresh_for: timedelta | None = None
    """Cache-Control max-age or Expires (RFC 9111 5.2.2.1, 5.3)."""
    retry_after: timedelta | None = None
    """Retry-After, of seconds or of a date (RFC 9110 10.2.3)."""
    host_pause: HostPause | None = None
    """After a 429 or 503: asked for by Retry-After, else an hour."""
    due_at: datetime | None = None
    """When a post that waits for its day appears: a folder is to be asked by then."""


class Fetched(Struct, frozen=True):
    """A whole, successful answer."""

    document: Document | PostFolder
    body_hash: str
    """Equal to last time's: nothing needs reading."""
    validators: Validators = field(default_factory=Validators)
    wishes: Wishes = field(default_factory=Wishes)
    traffic: Traffic = field(default_factory=Traffic)
    permanent_url: str | None = None
    """Where an unbroken chain of 301/308 led, if it did."""


class NotModified(Struct, frozen=True):
    """A 304, or a folder in which no file moved."""

    validators: Validators = field(default_factory=Validators)
    """Those of the 304 itself; a field it does not carry is None (RFC 9111 4.3.4)."""
    wishes: Wishes = field(default_factory=Wishes)
    traffic: Traffic = field(default_factory=Traffic)
    permanent_url: str | None = None


class Failed(Struct, frozen=True):
    """No usable answer; the reason is for a person to read."""

    error: FetchError
    wishes: Wishes = field(default_factory=Wishes)
    traffic: Traffic = field(default_factory=Traffic)


class CalledOff(Struct, frozen=True):
    """The round was stopped while the server was being asked: that counts as having asked."""

    traffic: Traffic = field(default_factory=Traffic)


Outcome = Fetched | NotModified | Failed | CalledOff


class Answer(Struct, frozen=True):
    """A request with its outcome, in the order answers come in."""

    request: Request
    outcome: Outcome
    at: datetime
    """When the answer was complete, by the clock of the composition root."""

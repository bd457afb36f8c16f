"""How a simulated server speaks: what it is asked, what it says, and what it may expect then."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from bench.servers.guesthouse import Behaviour, Guest, Visit

CEILING = timedelta(hours=24)
"""A wish for more counts as this much."""
NO_TIME = timedelta(0)


class Call(Struct, frozen=True):
    """One request."""

    now: datetime
    since: timedelta
    """Since the beginning of the simulation."""
    number: int
    """From 1: how many requests for this path came, with it."""
    rest: str
    """Of the path, behind the name."""
    root: str
    """Address of the behaviour: "http://127.0.1.1:8080/name"."""
    visit: Visit

    def asked(self, name: str) -> bytes | None:
        """Return the value of a header."""
        return next(iter(self.visit.values(name)), None)


class Marks(Struct, frozen=True):
    """Validators as a server gave them."""

    etag: bytes | None = None
    last_modified: bytes | None = None


class Said(Struct, frozen=True):
    """An answer, and what follows from it for a good guest."""

    status: str = "200 OK"
    headers: tuple[bytes, ...] = ()
    body: bytes = b""
    good: bool = False
    """A whole feed, or a 304 to one."""
    marks: Marks | None = None
    """What is to be echoed from now on; None: as before."""
    asks: timedelta = NO_TIME
    """How long it must not be asked again."""
    pause: timedelta = NO_TIME
    """How long nothing of its host must be asked."""
    shown: frozenset[str] = frozenset()
    """Titles of the stories it listed."""
    leads_to: str | None = None
    """Where a permanent redirect points; None: it is none."""

    def saying(self, *headers: bytes, asks: timedelta = NO_TIME) -> "Said":
        """Add headers, and what they ask for."""
        return replace(
            self, headers=(*self.headers, *headers), asks=max(self.asks, min(asks, CEILING))
        )


Speaker = Callable[[Call], Said]


class Kind(Struct, frozen=True):
    """One behaviour of a server that goes by the clock."""

    group: str
    name: str
    speaker: Speaker
    family: str | None = None
    """Kinds of one family share a host."""
    every: timedelta | None = None
    moves: bool | None = None
    """True: its new address must be learned; False: none must ever be."""
    retires: bool = False
    """It says 410 at every request: it is asked twice in all."""
    tells: bool = True
    """Its stories must be kept, each once."""
    skips: frozenset[int] = frozenset()
    """Hours in which it wants no request."""
    skips_days: frozenset[int] = frozenset()
    max_bytes: int | None = None


class Book(Struct):
    """What was answered to each visit."""

    said: dict[Visit, Said] = field(default_factory=dict)


def behaviour(kind: Kind, book: Book, clock: Callable[[], datetime], began: datetime) -> Behaviour:
    """Let a kind answer at its address."""

    async def behave(guest: Guest) -> None:
        visit = guest.visit
        call = Call(
            now=clock(),
            since=clock() - began,
            number=guest.number,
            rest=visit.target.removeprefix(f"/{kind.name}"),
            root=f"http://{visit.host}:{guest.port}/{kind.name}",
            visit=visit,
        )
        said = kind.speaker(call)
        book.said[visit] = said
        await guest.send(written(said))

    return behave


def written(said: Said) -> bytes:
    """Write an answer as it crosses the wire."""
    lines = [f"HTTP/1.1 {said.status}".encode(), *said.headers]
    named = {line.partition(b":")[0].lower() for line in said.headers}
    if not said.status.startswith("304") and b"content-length" not in named:
        lines.append(f"Content-Length: {len(said.body)}".encode())
    return b"\r\n".join((*lines, b"", said.body))

"""A server that treats each guest as the first part of the path says, and keeps a book of them.

It listens on the whole loopback network, so that every behaviour has an address, and with it a
host, of its own: ``http://127.0.3.7:PORT/cut-gzip``. A connection to 127.9.0.0/16 is one that
nobody may make: the canary counts it.
"""

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from bench.servers.threaded import Threaded

CANARY = "127.9.9.9"

_STATUS = re.compile(rb"HTTP/1\.\d (\d{3})\b")
_HANGING_UP_S = 0.02
_TURNS = 50
"""Of the loop, in which every connection that waits is met and every request read."""


_HEAD_KEPT = 400


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False)
class Visit:
    """One request as it came, and what was said to it."""

    host: str
    """The address it came to."""
    target: str
    lines: tuple[bytes, ...]
    """Header lines without their ends."""
    at: float
    """By the monotonic clock, in seconds."""
    when: datetime
    """By the clock of the house."""
    method: str = "GET"
    received: int = 0
    """Bytes of the request."""
    sent: int = 0
    """Bytes of the answer, as far as it went."""
    head: bytes = b""
    """How the answer begins."""
    spoke_at: float = 0.0
    """When the last part of the answer was begun: the guest cannot have had it whole before."""
    crowded: bool = False
    """Another request of the same host was still under way when it came."""

    @property
    def status(self) -> int:
        """Return the status of the answer; 0 where none was given."""
        found = _STATUS.match(self.head)
        return int(found[1]) if found else 0

    def values(self, name: str) -> list[bytes]:
        """Return all values of a header, untouched but for the space after the colon."""
        start = name.lower().encode() + b":"
        return [
            line[len(start) :].removeprefix(b" ")
            for line in self.lines
            if line.lower().startswith(start)
        ]


@dataclass
class Guest:
    """One connection, as a behaviour sees it."""

    visit: Visit
    number: int
    """From 1: how many requests for this path came before and with it."""
    port: int
    write: asyncio.StreamWriter
    read: asyncio.StreamReader

    async def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self.visit.head = (self.visit.head + part)[:_HEAD_KEPT]
            self.visit.sent += len(part)
            self.visit.spoke_at = monotonic()
            self.write.write(part)
            await self.write.drain()


Behaviour = Callable[[Guest], Awaitable[None]]
"""Answers one request. The connection is kept open afterwards unless it closes it."""


@dataclass
class Guesthouse(Threaded):
    """The server, running in a thread of its own while it is entered."""

    behaviours: dict[str, Behaviour]
    tls: ssl.SSLContext | None = None
    clock: Callable[[], datetime] = _now
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Addresses of behaviours that must have a certain one; several may share it."""
    visits: list[Visit] = field(default_factory=list)
    canary: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _open: dict[str, set[asyncio.StreamReader]] = field(default_factory=dict)
    """Connections with a request under way, by address."""
    _asked: Counter[str] = field(default_factory=Counter)

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(
            self._meet, "0.0.0.0", 0, ssl=self.tls, backlog=512, limit=2**20
        )

    def settle(self) -> None:
        """Take in all that was sent until now, by guests that are gone, too."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result()

    async def _settle(self) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    def host(self, name: str) -> str:
        """Return the address of a behaviour."""
        if name in self.hosts:
            return self.hosts[name]
        number = sorted(self.behaviours).index(name)
        return f"127.0.{number // 250}.{number % 250 + 1}"

    def url(self, name: str, rest: str = "") -> str:
        """Return where a behaviour is met."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{self.host(name)}:{self.port}/{name}{rest}"

    def visits_of(self, name: str) -> list[Visit]:
        """Return the requests for a behaviour."""
        return [visit for visit in self.visits if name_of(visit.target) == name]

    async def _meet(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        host = write.get_extra_info("sockname")[0]
        self.connections += 1
        if host.startswith("127.9."):
            self.canary.append(host)
        gone = (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError, ssl.SSLError)
        with suppress(*gone):
            while not write.is_closing():
                await self._serve(host, read, write)
        write.transport.abort()

    async def _serve(
        self, host: str, read: asyncio.StreamReader, write: asyncio.StreamWriter
    ) -> None:
        head = await read.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].split(b"\r\n")
        method, target, *_ = first.decode("latin-1").split(" ")
        visit = Visit(host, target, tuple(lines), monotonic(), self.clock(), method, len(head))
        visit.spoke_at = visit.at
        self.visits.append(visit)
        self._asked[target] += 1
        behave = self.behaviours.get(name_of(target))
        if behave is None:
            write.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        under_way = self._open.setdefault(host, set())
        visit.crowded = await self._is_crowded(under_way)
        under_way.add(read)
        try:
            await behave(Guest(visit, self._asked[target], self.port, write, read))
        finally:
            under_way.discard(read)

    async def _is_crowded(self, others: set[asyncio.StreamReader]) -> bool:
        """Tell whether another guest of a host is still waiting: one that hung up is not."""
        if any(map(_listens, others)):
            await asyncio.sleep(_HANGING_UP_S)  # its end may be in the same turn of the loop
        return any(map(_listens, others))


def _listens(read: asyncio.StreamReader) -> bool:
    return not read.at_eof() and read.exception() is None


def name_of(target: str) -> str:
    """Return the behaviour a path names."""
    return target.lstrip("/").partition("/")[0].partition("?")[0]


def answer(
    status: str = "200 OK",
    headers: Sequence[bytes] = (),
    body: bytes = b"<rss/>",
    *,
    length: bool = True,
) -> bytes:
    """Write an ordinary answer."""
    lines = [f"HTTP/1.1 {status}".encode(), *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}".encode())
    return b"\r\n".join((*lines, b"", body))

"""A server that treats each guest as the first part of the path says, and keeps a book of them.

It listens on the whole loopback network, so that every behaviour has an address, and with it a
host, of its own: ``http://127.0.3.7:PORT/cut-gzip``. A connection to 127.9.0.0/16 is one that
nobody may make: the canary counts it.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Self

CANARY = "127.9.9.9"


@dataclass(frozen=True)
class Visit:
    """One request as it came."""

    host: str
    """The address it came to."""
    target: str
    lines: tuple[bytes, ...]
    """Header lines without their ends."""
    at: float
    """By the monotonic clock, in seconds."""

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
            self.write.write(part)
            await self.write.drain()


Behaviour = Callable[[Guest], Awaitable[None]]
"""Answers one request. The connection is kept open afterwards unless it closes it."""


@dataclass
class Guesthouse:
    """The server, running in a thread of its own while it is entered."""

    behaviours: dict[str, Behaviour]
    tls: ssl.SSLContext | None = None
    visits: list[Visit] = field(default_factory=list)
    canary: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(
            self._meet, "0.0.0.0", 0, ssl=self.tls, backlog=512, limit=2**20
        )
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not mine]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def host(self, name: str) -> str:
        """Return the address of a behaviour."""
        number = sorted(self.behaviours).index(name)
        return f"127.0.{number // 250}.{number % 250 + 1}"

    def url(self, name: str, rest: str = "") -> str:
        """Return where a behaviour is met."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{self.host(name)}:{self.port}/{name}{rest}"

    def visits_of(self, name: str) -> list[Visit]:
        """Return the requests for a behaviour."""
        return [visit for visit in self.visits if _name(visit.target) == name]

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
        visit = Visit(host, first.split(b" ")[1].decode("latin-1"), tuple(lines), monotonic())
        self.visits.append(visit)
        behave = self.behaviours.get(_name(visit.target))
        if behave is None:
            write.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        number = sum(other.target == visit.target for other in self.visits)
        await behave(Guest(visit, number, self.port, write, read))


def _name(target: str) -> str:
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

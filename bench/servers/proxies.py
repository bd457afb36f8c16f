"""A proxy that works: HTTP, CONNECT and SOCKS5 (RFC 1928, 1929) on one port.

It keeps a book of what it saw, and finds hosts by a list of its own, as a proxy finds what its
guest cannot.
"""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.servers.threaded import Threaded

_SOCKS = 5
_NAME, _IPV4 = 3, 1
_BY_PASSWORD, _BY_NOTHING, _BY_NONE_OF_THESE = 2, 0, 255
_CHUNK = 65536

Place = tuple[str, int]


@dataclass
class Proxy(Threaded):
    """The server, running in a thread of its own while it is entered."""

    login: tuple[str, str] | None = None
    """User and password it asks for."""
    tls: ssl.SSLContext | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Hosts to addresses; others are found as usual."""
    heads: list[bytes] = field(default_factory=list)
    """Of the HTTP requests and CONNECTs that came."""
    logins: list[tuple[str, str]] = field(default_factory=list)
    """Users and passwords that were given by SOCKS5."""
    asked: list[Place] = field(default_factory=list)
    """Whom it was to connect to."""
    port: int = 0

    async def _start(self) -> asyncio.Server:
        return await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=self.tls)

    async def _meet(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        gone = (asyncio.IncompleteReadError, OSError, asyncio.CancelledError, ssl.SSLError)
        with suppress(*gone):
            first = await read.readexactly(1)
            if first[0] == _SOCKS:
                await self._socks(read, write)
            else:
                await self._http(first + await read.readuntil(b"\r\n\r\n"), read, write)
        write.transport.abort()

    async def _reach(self, place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.asked.append(place)
        return await asyncio.open_connection(self.names.get(place[0], place[0]), place[1])

    # -- HTTP ------------------------------------------------------------------------------------

    async def _http(
        self, head: bytes, read: asyncio.StreamReader, write: asyncio.StreamWriter
    ) -> None:
        while self._may_enter(head):
            first, *lines = head[:-4].split(b"\r\n")
            method, target, _ = first.decode("latin-1").split(" ")
            if method == "CONNECT":
                host, _, port = target.rpartition(":")
                there = await self._reach((host, int(port)))
                write.write(b"HTTP/1.1 200 Go on\r\n\r\n")
                await _join((read, write), there)
                return
            head = await self._forward(f"{method} {{}} HTTP/1.1", target, lines, read, write)
        write.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
        await write.drain()

    async def _forward(
        self,
        first: str,
        target: str,
        lines: list[bytes],
        read: asyncio.StreamReader,
        write: asyncio.StreamWriter,
    ) -> bytes:
        """Pass a request on and its answer back; returns the head of the next request."""
        parts = urlsplit(target)
        there = await self._reach((parts.hostname or "", parts.port or 80))
        own = [line for line in lines if not line.lower().startswith(b"proxy-")]
        there[1].write(b"\r\n".join((first.format(parts.path).encode(), *own, b"", b"")))
        back = asyncio.create_task(_carry(there[0], write))
        try:
            return await read.readuntil(b"\r\n\r\n")
        finally:
            back.cancel()
            there[1].transport.abort()

    def _may_enter(self, head: bytes) -> bool:
        self.heads.append(head)
        if self.login is None:
            return True
        word = b64encode(":".join(self.login).encode())
        return b"\r\nProxy-Authorization: Basic " + word + b"\r\n" in head

    # -- SOCKS5 ----------------------------------------------------------------------------------

    async def _socks(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        methods = await _counted(read)
        method = _BY_PASSWORD if self.login else _BY_NOTHING
        if method not in methods:
            write.write(bytes((_SOCKS, _BY_NONE_OF_THESE)))
            await write.drain()
            return
        write.write(bytes((_SOCKS, method)))
        if self.login and not await self._knows(read, write):
            return
        place = await _destination(read)
        there = await self._reach(place)
        write.write(bytes((_SOCKS, 0, 0, _IPV4, 0, 0, 0, 0, 0, 0)))
        await _join((read, write), there)

    async def _knows(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> bool:
        await read.readexactly(1)
        user, password = await _counted(read), await _counted(read)
        self.logins.append((user.decode(), password.decode()))
        right = self.logins[-1] == self.login
        write.write(bytes((1, not right)))
        await write.drain()
        return right


async def _counted(read: asyncio.StreamReader) -> bytes:
    """Read a length and so many bytes."""
    return await read.readexactly((await read.readexactly(1))[0])


async def _destination(read: asyncio.StreamReader) -> Place:
    """Read what a guest wants to be connected to."""
    _, _, _, kind = await read.readexactly(4)
    if kind == _NAME:
        host = (await _counted(read)).decode()
    else:
        host = ".".join(str(number) for number in await read.readexactly(4))
    return host, int.from_bytes(await read.readexactly(2))


async def _join(
    one: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    other: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Carry bytes both ways until either side is done."""
    ways = [asyncio.create_task(_carry(one[0], other[1]))]
    ways.append(asyncio.create_task(_carry(other[0], one[1])))
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        other[1].transport.abort()


async def _carry(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
    while data := await read.read(_CHUNK):
        write.write(data)
        await write.drain()

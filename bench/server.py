"""A cheap loopback server for a catalogue, in a process of its own.

Each feed has a loopback address of its own, so that each is its own host and politeness costs no
waiting. It answers with ETag and Last-Modified, 304 to either of them, and gzip where accepted. The
same is had over TLS at another port, and a hub takes and counts what it is told.
"""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from urllib.request import ProxyHandler, build_opener

import certifi
from msgspec import Struct, field
from msgspec.structs import replace

from bench.generate import START, Listed, file_of
from bench.servers.certificates import Certificates, make_certificates

HTTPS_HOSTS = 100
"""As many of the feeds are had over TLS as well."""

_COPIES = 10
"""Addresses of each feed; at all but the first it never changes."""
_LIMIT = 64 * 1024
_CONTROL = "127.0.0.1"
_HUB = "127.0.0.2"
_LENGTH = "content-length"


def address_of(number: int) -> str:
    """Return the loopback address of a feed: none ends in .0 or .255."""
    high, low = divmod(number, 250)
    return f"127.{10 + high // 250}.{high % 250}.{low + 1}"


class Catalogue(Struct):
    """What is answered, and what was asked."""

    folder: Path
    listed: Mapping[str, Listed]
    """By address."""
    changed: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> bytes:
        """Return a whole answer."""
        if path.startswith("/control/"):
            return _plain(json.dumps(self._control(path)).encode())
        if path == "/hub":
            self.counts["pings"] += 1
            return _plain(b"", "204 No Content")
        feed = self.listed.get(host)
        if feed is None or path != "/feed":
            return _plain(b"nothing here", "404 Not Found")
        self.counts["requests"] += 1
        changed = self.changed and feed.changes
        packed = "gzip" in headers.get("accept-encoding", "")
        etag, body = _body(self.folder, feed.number, changed, packed)
        head = f"ETag: {etag}\r\nLast-Modified: {_date(changed)}\r\n"
        if _same(headers, etag, _date(changed)):
            self.counts["not modified"] += 1
            return f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode()
        self.counts["bytes"] += len(body)
        coding = "Content-Encoding: gzip\r\n" if packed else ""
        return (
            f"HTTP/1.1 200 OK\r\n{head}{coding}Content-Type: {feed.media_type}\r\n"
            f"Vary: Accept-Encoding\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def _control(self, path: str) -> dict[str, int]:
        """Change what is answered; returns the counts since the last such request."""
        self.changed = path == "/control/changed"
        counts = dict(self.counts)
        self.counts.clear()
        return counts


def _same(headers: Mapping[str, str], etag: str, date: str) -> bool:
    """RFC 9110 13.2.2: If-Modified-Since counts only without If-None-Match."""
    asked = headers.get("if-none-match")
    return asked == etag if asked is not None else headers.get("if-modified-since") == date


def _date(changed: bool) -> str:
    return format_datetime(START.replace(year=START.year + changed), usegmt=True)


@lru_cache(maxsize=64)
def _body(folder: Path, number: int, changed: bool, packed: bool) -> tuple[str, bytes]:
    body = file_of(folder, number, changed=changed, packed=packed).read_bytes()
    digest = blake2b(f"{number} {changed} {packed}".encode(), digest_size=8)
    return f'"{digest.hexdigest()}"', body


def _plain(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class _Connection(asyncio.Protocol):
    """Reads one request after the other."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._received = b""
        self._passed_over = 0
        """Bytes of a body that are still to come; nobody reads them."""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("sockname")[0].startswith("127."):
            transport.abort()  # the socket listens for all of 127.0.0.0/8, and so for more

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._received += data
        self._skip(0)
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            named = (line.partition(":") for line in lines)
            headers = {name.strip().lower(): value.strip() for name, _, value in named}
            host = self._transport.get_extra_info("sockname")[0]
            path = first.split(" ")[1]
            self._skip(int(headers.get(_LENGTH, "0")))
            self._transport.write(self._catalogue.answer(host, path, headers))
        if len(self._received) > _LIMIT:
            self._transport.abort()

    def _skip(self, more: int) -> None:
        self._passed_over += more
        here = min(self._passed_over, len(self._received))
        self._received = self._received[here:]
        self._passed_over -= here


async def serve(folder: Path, certificates: Certificates) -> None:
    """Serve a catalogue until standard input is closed; both ports are printed first."""
    found = json.loads((folder / "index.json").read_text())["listed"]
    feeds = [Listed(**line) for line in found]
    listed = {
        address_of(feed.number + copy * len(feeds)): feed
        if copy == 0
        else replace(feed, changes=False)
        for copy in range(_COPIES)
        for feed in feeds
    }
    catalogue = Catalogue(folder, listed)
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(
            lambda: _Connection(catalogue), "0.0.0.0", 0, ssl=context, backlog=2048
        )
        for context in (None, certificates.server("good"))
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    for server in servers:
        server.close()


class Server:
    """The server's process, from this side."""

    def __init__(self, folder: Path) -> None:
        self._place = TemporaryDirectory(prefix="bench-certificates-")
        place = Path(self._place.name)
        certificates = make_certificates(place, [address_of(one) for one in range(HTTPS_HOSTS)])
        self.authorities = place / "all.pem"
        """The public authorities with our own: a file of one would be read too soon."""
        self.authorities.write_bytes(
            Path(certifi.where()).read_bytes() + certificates.authority.read_bytes()
        )
        command = [sys.executable, "-m", "bench.server", str(folder), str(place)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        self._port, self._tls_port = map(int, self._process.stdout.readline().split())

    @property
    def hub(self) -> str:
        """Return the address of the hub."""
        return f"http://{_HUB}:{self._port}/hub"

    @property
    def control(self) -> str:
        """Return the address of which the rest says what is to be answered."""
        return f"http://{_CONTROL}:{self._port}/control/"

    def url(self, number: int, *, tls: bool = False) -> str:
        """Return the address of a feed; behind the last of the catalogue, of a copy."""
        if tls:
            return f"https://{address_of(number)}:{self._tls_port}/feed"
        return f"http://{address_of(number)}:{self._port}/feed"

    def state(self, name: str) -> dict[str, int]:
        """Set what is answered ("as-is", "changed"); returns the counts since the last call."""
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"{self.control}{name}", timeout=10) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._place.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Certificates(Path(sys.argv[2]))))

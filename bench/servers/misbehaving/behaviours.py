"""Ways to answer, and the row that gives one a name."""

import asyncio
import struct
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET

from bench.servers.guesthouse import Behaviour, Guest, answer

FETCHED = "fetched"
NOT_MODIFIED = "not modified"
FEED = b"<rss><channel><title>A feed</title></channel></rss>"
MAX_BYTES = 200_000
"""The limit the catalogue is made for."""
STALL_S = 5.0
"""Longer than the deadline the catalogue is made for."""


@dataclass(frozen=True)
class Row:
    """One thing a server does."""

    group: str
    name: str
    behaviour: Behaviour
    right: str = FETCHED
    then: str = ""


def says(*parts: bytes, close: bool = True) -> Behaviour:
    """Send these bytes, whatever was asked."""

    async def behave(guest: Guest) -> None:
        await guest.send(*parts)
        if close:
            guest.write.close()

    return behave


def says_then_stalls(*parts: bytes) -> Behaviour:
    """Send these bytes and nothing more."""

    async def behave(guest: Guest) -> None:
        await guest.send(*parts)
        await asyncio.sleep(STALL_S)

    return behave


def drips(data: bytes) -> Behaviour:
    """Send a byte now and then, so that no single read times out."""

    async def behave(guest: Guest) -> None:
        for byte in data:
            await guest.send(bytes([byte]))
            await asyncio.sleep(0.1)

    return behave


def never_ends(start: bytes, more: bytes) -> Behaviour:
    """Send the same bytes as long as somebody takes them."""

    async def behave(guest: Guest) -> None:
        await guest.send(start)
        while True:
            await guest.send(more)
            await asyncio.sleep(0)

    return behave


def resets(*parts: bytes) -> Behaviour:
    """Send these bytes and reset the connection."""

    async def behave(guest: Guest) -> None:
        await guest.send(*parts)
        await asyncio.sleep(0.05)
        guest.write.get_extra_info("socket").setsockopt(
            SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0)
        )
        guest.write.transport.abort()

    return behave


def redirects(status: int, location: bytes, body: bytes = b"") -> Behaviour:
    """Answer with a redirect; PORT in it is the server's. What it leads to is a feed."""

    async def behave(guest: Guest) -> None:
        if guest.visit.target.endswith("/feed"):
            await guest.send(answer(body=FEED))
            return
        there = location.replace(b"PORT", str(guest.port).encode())
        headers = [b"Location: " + there]
        await guest.send(answer(f"{status} Moved", headers, body))

    return behave


def chain(length: int, statuses: tuple[int, ...] = (301,)) -> Behaviour:
    """Redirect so many times to another place of the same host, then give a feed."""

    async def behave(guest: Guest) -> None:
        name, _, number = guest.visit.target.lstrip("/").partition("/")
        step = int(number or 0)
        if step >= length:
            await guest.send(answer(body=FEED))
            return
        location = f"Location: /{name}/{step + 1}".encode()
        await guest.send(answer(f"{statuses[step % len(statuses)]} Moved", [location], b""))

    return behave


def validated(*headers: bytes, etag: bytes | None, last_modified: bytes | None) -> Behaviour:
    """Give a feed with validators; 304 if they come back byte for byte, and nothing else does.

    Who brings none gets the feed again, as a guest does that was killed over the first answer.
    """

    async def behave(guest: Guest) -> None:
        asked = (guest.visit.values("If-None-Match"), guest.visit.values("If-Modified-Since"))
        right = (_one(etag), _one(last_modified))
        if guest.number == 1 or (asked == ([], []) != right):
            await guest.send(answer(headers=headers, body=FEED))
        elif asked == right:
            await guest.send(answer("304 Not Modified", length=False, body=b""))
        else:
            await guest.send(answer("500 You sent something else"))

    return behave


def _one(value: bytes | None) -> list[bytes]:
    return [] if value is None else [value]


def then(first: Behaviour, second: Behaviour) -> Behaviour:
    async def behave(guest: Guest) -> None:
        await (first if guest.number == 1 else second)(guest)

    return behave


def in_two(data: bytes) -> Behaviour:
    async def behave(guest: Guest) -> None:
        await guest.send(data[:30])
        await asyncio.sleep(0.1)
        await guest.send(data[30:])

    return behave

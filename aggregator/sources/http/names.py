"""Addresses of hosts.

libcurl looks names up with twenty threads; forty dead name servers keep all of them busy for
minutes, and every good host waits and then fails (measured with libcurl 8.23). Here a lookup that
hangs holds up nothing but itself: there are as many threads as lookups under way, which the loop
bounds. What was found is what is checked and what is connected to: no second lookup can differ.
"""

import socket
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from msgspec import Struct

from aggregator.sources.http.trip import Trip

_FRESH_S = 60.0
_IDLE_S = 2.0
_ADDRESSES = 8
_REMEMBERED = 10_000


class Found(Struct, frozen=True):
    """What a lookup brought."""

    trip: Trip
    addresses: tuple[str, ...] = ()
    fault: str = ""
    """Why there are none, for a person."""


class Names:
    """Looks names up, several at a time; only the loop's thread calls its methods."""

    def __init__(self, ring: Callable[[], None]) -> None:
        """``ring`` is called, by another thread, when something was found."""
        self._ring = ring
        self._changed = Condition()
        self._wanted: deque[Trip] = deque()
        self._idle = 0
        self._found: deque[Found] = deque()
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}

    def known(self, host: str, now: float) -> tuple[str, ...]:
        """Return the addresses of a host if they were found a moment ago."""
        found_at, addresses = self._known.get(host, (0.0, ()))
        return addresses if now - found_at < _FRESH_S else ()

    def look_up(self, trip: Trip) -> None:
        """Begin to look for the addresses of a trip's host."""
        with self._changed:
            self._wanted.append(trip)
            if self._idle >= len(self._wanted):
                self._changed.notify()
                return
        Thread(target=self._work, name="name lookup", daemon=True).start()

    def found(self) -> list[Found]:
        """Return what was found since last time."""
        taken = []
        while self._found:
            taken.append(self._found.popleft())
        for found in taken:
            self._remember(found)
        return taken

    def _remember(self, found: Found) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        if found.addresses:
            self._known[found.trip.place.host] = (time.monotonic(), found.addresses)

    def _work(self) -> None:
        while trip := self._next():
            self._found.append(_look_up(trip))
            self._ring()

    def _next(self) -> Trip | None:
        """Wait a little for something to do; None ends the thread."""
        with self._changed:
            if not self._wanted:
                self._idle += 1
                self._changed.wait(_IDLE_S)
                self._idle -= 1
            return self._wanted.popleft() if self._wanted else None


def _look_up(trip: Trip) -> Found:
    host = trip.place.host
    try:
        lines = socket.getaddrinfo(host.encode(), trip.place.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            return Found(trip, fault=f"no name server knows the host {host} just now")
        return Found(trip, fault=f"cannot find the host {host}")
    except (OSError, ValueError):
        return Found(trip, fault=f"cannot find the host {host}")
    addresses = dict.fromkeys(str(line[4][0]) for line in lines)
    return Found(trip, tuple(addresses)[:_ADDRESSES])

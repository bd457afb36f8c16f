"""Whose turn it is.

1. A host has one request under way, and a pause (``fetch.spacing``) from the end of one to the
   start of the next. The host is everything under one registrable domain.
2. Hosts never wait for each other, and take turns: who became free first goes first, so that a
   host with a thousand feeds takes one place in the row like any other.
3. A host that asks for a pause loses what waits for it; a redirect under way is told.
"""

from collections import deque
from heapq import heappop, heappush
from itertools import count

from aggregator.sources.http.trip import Trip


class Turns:
    """All that waits, by host. Times are those of the monotonic clock, in seconds."""

    def __init__(self, spacing_s: float, free_at: dict[str, float]) -> None:
        """``free_at`` remembers when each host may be asked again, from one round to the next."""
        self._spacing_s = spacing_s
        self._free_at = free_at
        self._waiting: dict[str, deque[Trip]] = {}
        self._row: list[tuple[float, int, str]] = []
        self._in_row: set[str] = set()
        self._busy: set[str] = set()
        self._paused: dict[str, float] = {}
        self._number = count()

    def add(self, trip: Trip, now: float, *, first: bool = False) -> bool:
        """Let a trip wait for its host; false if the host wants to be left alone.

        ``first``: before all others, because it has begun already.
        """
        host = trip.domain
        if self._paused.get(host, now) > now:
            return False
        queue = self._waiting.setdefault(host, deque())
        if first:
            queue.appendleft(trip)
        else:
            queue.append(trip)
        self._join_row(host)
        return True

    def take(self, now: float) -> Trip | None:
        """Return the trip whose turn it is; its host is busy until ``done``."""
        while self._row and self._row[0][0] <= now:
            host = heappop(self._row)[2]
            self._in_row.discard(host)
            if self._free_at.get(host, now) > now:
                self._join_row(host)
            elif host in self._waiting:
                self._busy.add(host)
                return self._next_of(host)
        return None

    def done(self, host: str, now: float) -> None:
        """Begin the pause after a request of a host."""
        self._busy.discard(host)
        self._free_at[host] = now + self._spacing_s
        self._join_row(host)

    def pause(self, host: str, now: float, wait_s: float) -> list[Trip]:
        """Leave a host alone; returns the trips that lose their turn by it."""
        until = max(now + wait_s, self._paused.get(host, now))
        if until <= now:
            return []
        self._paused[host] = until
        return list(self._waiting.pop(host, ()))

    def paused_for(self, host: str, now: float) -> float:
        """Say for how many seconds more a host is left alone."""
        return max(0.0, self._paused.get(host, now) - now)

    def next_at(self) -> float | None:
        """Say when a turn comes; in the past if one has come."""
        return self._row[0][0] if self._row else None

    def _next_of(self, host: str) -> Trip:
        queue = self._waiting[host]
        trip = queue.popleft()
        if not queue:
            del self._waiting[host]
        return trip

    def _join_row(self, host: str) -> None:
        if host in self._waiting and host not in self._busy and host not in self._in_row:
            self._in_row.add(host)
            heappush(self._row, (self._free_at.get(host, 0.0), next(self._number), host))

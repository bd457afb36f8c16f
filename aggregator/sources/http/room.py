"""Room for bodies: those under way, and those nobody has read yet.

1. The beginning of a body always has room, and most feeds are no longer than that.
2. Of large ones, those that would go on wait while all together hold enough. If what holds the
   room is under way, one goes on nevertheless: so everybody gets his turn.
3. One that stalls while others wait for its room loses it.

Without it 32 servers that answered together, or eight times as many that had waited for each
other, held ten megabytes each.
"""

from collections.abc import Callable

BEGINNING = 128 * 1024
LIMIT = 32 * 1024 * 1024


class Room:
    """Counts what bodies hold; one thread calls it."""

    def __init__(self, unread: Callable[[], int]) -> None:
        """``unread`` says how many bytes wait to be read."""
        self._unread = unread
        self._under_way = 0
        self._first: object | None = None
        """Who goes on though there is no room."""

    @property
    def free(self) -> bool:
        """Tell whether somebody who waits may go on."""
        unread = self._unread()
        return unread + self._under_way < LIMIT or (unread < LIMIT and self._first is None)

    def allows(self, who: object, size: int) -> bool:
        """Tell whether a body of this size may grow."""
        if size < BEGINNING or self._first is who:
            return True
        unread = self._unread()
        if unread + self._under_way < LIMIT:
            return True
        if unread < LIMIT and self._first is None:
            self._first = who
        return self._first is who

    def grow(self, count: int) -> None:
        """Count bytes that came."""
        self._under_way += count

    def leave(self, who: object, size: int) -> None:
        """Give back what a body under way held."""
        self._under_way -= size
        if self._first is who:
            self._first = None

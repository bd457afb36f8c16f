"""Between the thread that asks and the one that reads and keeps the answers.

Both may be slow without harm: requests wait here for the loop, answers for the pipeline. What the
answers hold is bounded, and they are unpacked one by one by whoever takes them; while it is too
much, the loop starts nothing new, and goes on with what is under way.
"""

import socket
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import Condition

from msgspec import Struct

from aggregator.model.fetched import Answer, Request
from aggregator.sources.http.outcome import Landed
from aggregator.sources.http.room import LIMIT

_ANSWERS = 64


class Dropped(Struct, frozen=True):
    """A request that gets no answer in this round."""

    request: Request


class Broken(Struct, frozen=True):
    """The loop ended by a fault of our own."""

    error: BaseException


Item = Answer | Landed | Dropped | Broken


class Channel:
    """Requests one way, answers the other."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._requests: list[Request] = []
        self._items: deque[Item] = deque()
        self._unread = 0
        self._closing = False
        self.alarm, self._bell = socket.socketpair()
        """``alarm`` becomes readable when the loop has something to look at."""
        self.alarm.setblocking(False)
        self._bell.setblocking(False)

    # -- the pipeline's end ----------------------------------------------------------------------

    def submit(self, requests: Iterable[Request]) -> None:
        """Hand requests to the loop."""
        with self._changed:
            self._requests.extend(requests)
        self.ring()

    def take(self, wait_s: float) -> Item | None:
        """Return the next answer, or nothing after a while."""
        with self._changed:
            if not self._items:
                self._changed.wait(wait_s)
            if not self._items:
                return None
            was_full = self.full
            item = self._items.popleft()
            self._unread -= _size(item)
        if was_full:
            self.ring()
        return item

    def close(self) -> None:
        """Tell the loop to end."""
        self._closing = True
        self.ring()

    # -- the loop's end --------------------------------------------------------------------------

    def listen(self) -> bool:
        """Take back the alarm, then look; false if nobody wants another answer.

        In this order: what rings in between is heard next time.
        """
        with suppress(BlockingIOError):
            self.alarm.recv(4096)
        return not self._closing

    @property
    def full(self) -> bool:
        """Tell whether enough waits to be read."""
        return self._unread >= LIMIT or len(self._items) >= _ANSWERS

    def unread(self) -> int:
        """Return how many bytes of bodies wait to be read."""
        return self._unread

    def requests(self) -> Sequence[Request]:
        """Take the requests that have come."""
        if not self._requests:
            return ()
        with self._changed:
            taken, self._requests = self._requests, []
        return taken

    def put(self, item: Item) -> None:
        """Give an answer."""
        with self._changed:
            self._items.append(item)
            self._unread += _size(item)
            self._changed.notify()

    # -- both ------------------------------------------------------------------------------------

    def ring(self) -> None:
        """Wake the loop. A full pipe rings already; a closed one has nobody to wake."""
        with self._changed:
            if self._bell.fileno() >= 0:
                with suppress(BlockingIOError):
                    self._bell.send(b"!")

    def hang_up(self) -> None:
        """Give back both ends of the bell: nobody looks at it any more."""
        with self._changed:
            self.alarm.close()
            self._bell.close()


def _size(item: Item) -> int:
    return item.size if isinstance(item, Landed) else 0

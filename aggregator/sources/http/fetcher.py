"""The port: many requests in, each answer out as it comes."""

import time
from collections.abc import Callable, Iterator, Sequence
from threading import Thread

from msgspec import Struct, field

from aggregator.model.fetched import Answer, Request
from aggregator.model.settings import FetchSettings
from aggregator.ports import Clock
from aggregator.sources.http.channel import Broken, Channel, Item
from aggregator.sources.http.loop import Loop
from aggregator.sources.http.outcome import Landed

_GLANCE_S = 0.1
_ASK_S = 1.0
_SHORT = 64
_END_S = 2.0
"""How long the loop may take to end: only closing connections remains."""


def _never() -> bool:
    return False


def _nothing() -> Sequence[Request]:
    return ()


class HttpFetcher:
    """A ``Fetcher`` of feeds. One call at a time: hosts are spared over all of them."""

    def __init__(self, settings: FetchSettings, agent: str, clock: Clock) -> None:
        """``agent`` is the User-Agent of every request."""
        self._settings = settings
        self._agent = agent
        self._clock = clock
        self._free_at: dict[str, float] = {}

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = _never,
        more: Callable[[], Sequence[Request]] = _nothing,
    ) -> Iterator[Answer]:
        """Ask, and yield each answer as it comes; see ``ports.Fetcher``.

        ``stop`` and ``more`` are called by the thread that takes the answers. An answer that is
        complete when the round is stopped is still given: its server was asked.
        """
        # Before anything is handed over: the other thread asks as soon as it can.
        first = [] if stop() else (requests or more())
        if not first:
            return
        self._forget_free_hosts()
        channel = Channel()
        loop = Loop(self._settings, self._agent, self._clock, channel, self._free_at)
        thread = Thread(target=loop.run, name="http", daemon=True)
        thread.start()
        try:
            yield from _Round(channel, thread, stop, more).answers(first)
        finally:
            channel.close()
            thread.join(_END_S)

    def _forget_free_hosts(self) -> None:
        now = time.monotonic()
        self._free_at = {host: moment for host, moment in self._free_at.items() if moment > now}


class _Round(Struct):
    """The reading end of one round."""

    channel: Channel
    thread: Thread
    stop: Callable[[], bool]
    more: Callable[[], Sequence[Request]]
    left: int = 0
    """Requests that have no answer yet."""
    asked_at: float = field(default_factory=time.monotonic)
    fruitful: bool = True
    """There were more requests when we asked last."""

    def answers(self, first: Sequence[Request]) -> Iterator[Answer]:
        self.submit(first)
        while not self.stop():
            self.ask_for_more()
            if not self.left:
                return
            yield from self.settle(self.channel.take(_GLANCE_S))
        self.channel.close()
        self.thread.join(_END_S)
        while item := self.channel.take(0):
            yield from self.settle(item)

    def submit(self, requests: Sequence[Request]) -> None:
        if requests:
            self.left += len(requests)
            self.channel.submit(requests)

    def ask_for_more(self) -> None:
        """Ask once a second, and at once when the row runs short and there may be more."""
        now = time.monotonic()
        short = self.left == 0 or (self.fruitful and self.left < _SHORT)
        if not short and now - self.asked_at < _ASK_S:
            return
        found = self.more()
        self.asked_at, self.fruitful = now, bool(found)
        self.submit(found)

    def settle(self, item: Item | None) -> Iterator[Answer]:
        """Count an answer off, and yield it if it is one."""
        if isinstance(item, Broken):
            raise item.error
        if item is not None:
            self.left -= 1
        if isinstance(item, Landed):
            yield item.answer()
        elif isinstance(item, Answer):
            yield item

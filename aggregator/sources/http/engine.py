"""libcurl's multi interface, driven by the events of its sockets.

By events and not by ``perform``: the work of a step does not grow with the number of transfers,
and no file descriptor is too large (select stops at 1024).
"""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector

import pycurl

_MILLISECOND = 1000


class Engine:
    """Runs easy handles; one thread at a time may call it."""

    def __init__(self, alarm: socket.socket, idle_connections: int) -> None:
        """``alarm`` ends a wait when it becomes readable."""
        self._alarm = alarm.fileno()
        self._selector = DefaultSelector()
        self._selector.register(self._alarm, EVENT_READ)
        self._timer_at: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, idle_connections)

    def add(self, easy: pycurl.Curl) -> None:
        """Begin a transfer."""
        self._multi.add_handle(easy)

    def remove(self, easy: pycurl.Curl) -> None:
        """End a transfer, finished or not."""
        self._multi.remove_handle(easy)

    def run(self, patience_s: float) -> None:
        """Wait for something to happen, and let libcurl deal with it."""
        if self._timer_at is not None:
            patience_s = min(patience_s, self._timer_at - time.monotonic())
        for key, events in self._selector.select(max(patience_s, 0.0)):
            if key.fd != self._alarm:
                self._multi.socket_action(key.fd, _for_curl(events))
        if self._timer_at is not None and time.monotonic() >= self._timer_at:
            self._timer_at = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def finished(self) -> Iterator[tuple[pycurl.Curl, int]]:
        """Yield the transfers that ended, each with libcurl's result."""
        queued = 1
        while queued:
            queued, done, failed = self._multi.info_read()
            yield from ((easy, 0) for easy in done)
            yield from ((easy, code) for easy, code, _ in failed)

    def close(self) -> None:
        """Close all connections."""
        self._multi.close()
        self._selector.close()

    # -- what libcurl calls ----------------------------------------------------------------------

    def _on_socket(self, event: int, fd: int, multi: object, data: object) -> None:
        if event == pycurl.POLL_REMOVE:
            with suppress(KeyError):
                self._selector.unregister(fd)
            return
        wanted = (EVENT_READ if event & pycurl.POLL_IN else 0) | (
            EVENT_WRITE if event & pycurl.POLL_OUT else 0
        )
        if fd in self._selector.get_map():
            self._selector.modify(fd, wanted)
        else:
            self._selector.register(fd, wanted)

    def _on_timer(self, milliseconds: int) -> None:
        if milliseconds < 0:
            self._timer_at = None
        else:
            self._timer_at = time.monotonic() + milliseconds / _MILLISECOND


def _for_curl(events: int) -> int:
    return (pycurl.CSELECT_IN if events & EVENT_READ else 0) | (
        pycurl.CSELECT_OUT if events & EVENT_WRITE else 0
    )

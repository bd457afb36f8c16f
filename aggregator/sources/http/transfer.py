"""One libcurl handle, and the answer it receives.

1. Every address is looked at before a socket is made, whatever found it.
2. Only the body of a 200 is read. Any other answer ends with its headers, a redirect above all.
3. Headers are bounded in number and size, interim answers in number; what comes after the headers
   of the final answer (trailers) is no header.
4. A body that finds no room (``room``) waits, within its deadline.
5. A server that sends a byte now and then makes no progress.
"""

import socket
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import pycurl

from aggregator.core.addresses import Network, allowed
from aggregator.core.headers import Headers, header, read_headers
from aggregator.core.hosts import is_address
from aggregator.errors import FetchError
from aggregator.model.settings import FetchSettings
from aggregator.sources.http import options, words
from aggregator.sources.http.body import Body, coding_of, declared_empty, framing_of
from aggregator.sources.http.outcome import Reply
from aggregator.sources.http.room import BEGINNING, Room
from aggregator.sources.http.trip import Trip

_HEAD_BYTES = 64 * 1024
_HEAD_LINES = 256
_INTERIM = 16
_PROGRESS_BYTES = 64 * 1024
_PROGRESS_S = 1.0
_STOP = 0
"""What a callback returns that wants no more; None is "go on"."""
_SECOND = timedelta(seconds=1)
_OK = 200
_NOT_MODIFIED = 304
_NO_STATUS = 0


class _SocketAddress(Protocol):
    """What pycurl hands to the callback that makes a socket."""

    family: int
    socktype: int
    protocol: int
    addr: tuple[str, int]


class _Lent(socket.socket):
    """A socket of which pycurl makes a copy of its own: ours goes when it is let go."""

    def __del__(self) -> None:
        self.close()


class Transfer:
    """A handle that is used for one hop after another."""

    def __init__(self, settings: FetchSettings, agent: str, room: Room) -> None:
        """``room`` is shared by all transfers of a round."""
        self.easy = pycurl.Curl()
        self._settings = settings
        self._networks: Sequence[Network] = settings.allow_networks
        self._agent = agent
        self._room = room
        options.set_basics(self.easy)
        self.easy.setopt(pycurl.HEADERFUNCTION, self._on_header)
        self.easy.setopt(pycurl.WRITEFUNCTION, self._on_body)
        self.easy.setopt(pycurl.OPENSOCKETFUNCTION, self._on_socket)

    @property
    def reusable(self) -> bool:
        """Tell whether the handle may serve another source."""
        return not options.is_special(self.trip.request.source.http)

    def aim(self, trip: Trip, addresses: Sequence[str], now: float) -> None:
        """Get ready for a hop.

        ``addresses`` are those of the host that may be connected to; none where a proxy finds them.

        :raises FetchError: the source's settings cannot be sent
        """
        self._forget(trip)
        self._good = addresses
        own, place = trip.request.source.http, trip.place
        if options.is_special(own):
            options.set_own(self.easy, own, at_home=trip.at_home)
        left_s = self._deadline_s - trip.spent_s - (now - trip.started_at)
        named = addresses and not is_address(place.host)
        found = [f"+{place.host}:{place.port}:{','.join(addresses)}"] if named else []
        self.easy.setopt(pycurl.RESOLVE, found)
        self.easy.setopt(pycurl.HTTPHEADER, trip.header_lines(self._agent))
        self.easy.setopt(pycurl.TIMEOUT_MS, _milliseconds(left_s))
        self.easy.setopt(pycurl.CONNECTTIMEOUT_MS, _milliseconds(self._connect_s))
        self.easy.setopt(pycurl.URL, place.url)

    def _forget(self, trip: Trip) -> None:
        own = trip.request.source.http
        self.trip = trip
        self.waits = False
        """Its body waits for room."""
        self._unmarked = 0
        """Bytes of its body since it made progress."""
        self._proxied = own.proxy is not None
        self._max_bytes = own.max_bytes or self._settings.max_bytes
        self._deadline_s = deadline_s(trip, self._settings)
        self._connect_s = connect_s(trip, self._settings)
        self._status = 0
        self._lines: list[bytes] = []
        self._headers: Headers = ()
        self._head_bytes = 0
        self._interim = 0
        self._complete = False
        self._body = Body(self._max_bytes)
        self._fault = ""
        self._refused = ""

    # -- what libcurl calls ----------------------------------------------------------------------

    def _on_socket(self, purpose: int, address: _SocketAddress) -> socket.socket | int:
        """Make a socket for an address that may be connected to. A proxy is the operator's word."""
        target = address.addr[0]
        good = target in self._good or self._proxied or allowed(target, self._networks)
        if not good:
            self._refused = target
            return int(pycurl.SOCKET_BAD)
        self.trip.moved_at = time.monotonic()
        return _Lent(address.family, address.socktype, address.protocol)

    def _on_header(self, line: bytes) -> int | None:
        if self._complete:
            return None
        self.trip.bytes_received += len(line)
        self._head_bytes += len(line)
        if self._head_bytes > _HEAD_BYTES or len(self._lines) > _HEAD_LINES:
            self._fault = "the headers of the answer are too large"
            return _STOP
        if not line.rstrip(b"\r\n"):
            return self._end_head()
        if line.startswith(b"HTTP/"):
            return self._begin_head(line)
        self._lines.append(line)
        return None

    def _begin_head(self, line: bytes) -> int | None:
        self.trip.moved_at = time.monotonic()
        self._lines = []
        self._status = _status_of(line)
        return None

    def _end_head(self) -> int | None:
        if 100 <= self._status < 200 and self._status != 101:
            self._interim += 1
            if self._interim > _INTERIM:
                self._fault = "it sends interim answers without end"
                return _STOP
            return None
        self._complete = True
        self._headers = read_headers(self._lines)
        if self._status == _OK:
            return self._begin_body()
        if self._status == _NOT_MODIFIED or declared_empty(self._headers):
            return None
        return _STOP

    def _begin_body(self) -> int | None:
        coding, fault = coding_of(self._headers)
        chunked, fault_of_transfer = framing_of(self._headers)
        self._body = Body(self._max_bytes, coding, chunked=chunked)
        self._fault = fault or fault_of_transfer
        if self._fault or (not chunked and not self._body.announce(self._length())):
            return _STOP
        return None

    def _length(self) -> str | None:
        return header(self._headers, "content-length")

    def _on_body(self, chunk: bytes) -> int | None:
        if not self._room.allows(self, self._body.size):
            self.waits = True
            return int(pycurl.WRITEFUNC_PAUSE)
        self._mark_progress(len(chunk))
        if self._status != _OK:
            return _STOP
        before = self._body.size
        wanted = self._body.add(chunk)
        self._room.grow(self._body.size - before)
        return None if wanted else _STOP

    def _mark_progress(self, received: int) -> None:
        self.trip.bytes_received += received
        self._unmarked += received
        if self._unmarked >= _PROGRESS_BYTES:
            self._unmarked = 0
            self.trip.moved_at = time.monotonic()

    def go_on(self) -> bool:
        """Take what waited for room; it may wait again. False: it has ended by that."""
        self.waits = False
        self.trip.moved_at = time.monotonic()
        try:
            self.easy.pause(pycurl.PAUSE_CONT)
        except pycurl.error:  # what had waited was too much
            return False
        return True

    def wastes_room(self, now: float) -> bool:
        """Tell whether it holds much and makes no progress."""
        idle = not self.waits and now - self.trip.moved_at > _PROGRESS_S
        return idle and self._body.size >= BEGINNING

    def give_up(self) -> None:
        """Make it a failure, for the sake of others."""
        self._fault = "it stalls in the middle of a large answer, while others wait"

    # -- what came of it -------------------------------------------------------------------------

    def reply(self, code: int) -> Reply:
        """Return the answer, and keep nothing of it; ``code`` is libcurl's result."""
        body, headers = self._body, self._headers
        self._room.leave(self, body.size)
        self._body, self._headers, self._lines = Body(0), (), []
        if self._complete and self._status not in (_OK, _NOT_MODIFIED, _NO_STATUS):
            return Reply(self._status, headers)
        fault = self._fault or body.fault or self._fault_of(code)
        if fault:
            return Reply(fault=fault)
        return Reply(self._status, headers, body if self._status == _OK else None)

    def _fault_of(self, code: int) -> str:
        host = self.trip.place.host
        if self._complete and self._status == _NO_STATUS:
            return words.fault(pycurl.E_FTP_WEIRD_SERVER_REPLY, self.easy, host)
        if code == pycurl.E_OK:
            return "" if self._complete else words.fault(pycurl.E_PARTIAL_FILE, self.easy, host)
        if self._refused and code == pycurl.E_COULDNT_CONNECT:
            return words.not_public(host, self._refused)
        whom = "its proxy" if self._proxied and not self._status else host
        if code == pycurl.E_OPERATION_TIMEDOUT:
            encrypted = self.trip.place.scheme == "https"
            moment = pycurl.APPCONNECT_TIME if encrypted else pycurl.CONNECT_TIME
            connected = self.easy.getinfo(moment) > 0
            limit = self._deadline_s if connected else self._connect_s
            return words.late(whom, limit, connected=connected)
        return words.fault(code, self.easy, whom)


def _status_of(line: bytes) -> int:
    """Read a status line (RFC 9112 4); libcurl takes the first three of twenty digits."""
    digits = line.split()[1:2]
    if digits and len(digits[0]) == 3 and digits[0].isdigit():
        return int(digits[0])
    return _NO_STATUS


def deadline_s(trip: Trip, settings: FetchSettings) -> float:
    """Say how long a trip may take in all, in seconds."""
    return (trip.request.source.http.timeout or settings.timeout) / _SECOND


def connect_s(trip: Trip, settings: FetchSettings) -> float:
    """Say how long a connection may take to come about, in seconds."""
    return min(settings.connect_timeout / _SECOND, deadline_s(trip, settings))


def require_public(
    host: str, addresses: Sequence[str], networks: Sequence[Network]
) -> tuple[str, ...]:
    """Return those of a host's addresses that may be connected to.

    :raises FetchError: none
    """
    good = tuple(address for address in addresses if allowed(address, networks))
    if good:
        return good
    raise FetchError(words.not_public(host, addresses[0]))


def _milliseconds(seconds: float) -> int:
    """Round for libcurl, to which 0 means for ever."""
    return max(1, round(seconds * 1000))

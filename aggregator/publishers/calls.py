"""Requests to hubs and their subscribers: side by side, bounded, to public addresses only.

The address that is connected to is checked when its socket is made, as when feeds are fetched: a
subscriber is a stranger, and its name may point into the network we run in. Redirects are not
followed, no proxy of the environment is used, and of an answer only the beginning is read.
"""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from queue import SimpleQueue
from typing import Any

import certifi
import pycurl

from aggregator.core.addresses import allowed
from aggregator.model.settings import FetchSettings
from aggregator.ports import Call, Reply

_SIDE_BY_SIDE = 8
_DEADLINE_MS = 10_000
_CONNECT_MS = 5_000
_READ_BYTES = 16 * 1024
_WEB = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
_STOPPED_BY_US = (pycurl.E_WRITE_ERROR, pycurl.E_OK)


class _Lent(socket.socket):
    """A socket of which pycurl makes a copy of its own: ours goes when it is let go."""

    def __del__(self) -> None:
        self.close()


class HttpCaller:
    """Makes calls."""

    def __init__(self, settings: FetchSettings, agent: str) -> None:
        self._networks = settings.allow_networks
        self._agent = agent

    def __call__(self, calls: Sequence[Call]) -> Sequence[Reply]:
        """Make all of them; none raises, and none takes longer than ten seconds."""
        if not calls:
            return ()
        many = min(len(calls), _SIDE_BY_SIDE)
        # A handle that is used again keeps its connection: most calls go to one hub.
        free: SimpleQueue[pycurl.Curl] = SimpleQueue()
        for _ in range(many):
            free.put(pycurl.Curl())
        with ThreadPoolExecutor(many) as threads:
            replies = tuple(threads.map(partial(self._make, free), calls))
        for _ in range(many):
            free.get().close()
        return replies

    def _make(self, free: "SimpleQueue[pycurl.Curl]", call: Call) -> Reply:
        answer = _Beginning()
        easy = free.get()
        try:
            self._aim(easy, call, answer)
            easy.perform()
        except pycurl.error as error:
            if error.args[0] not in _STOPPED_BY_US:
                return Reply(fault=_words(error))
        except (ValueError, UnicodeError):
            return Reply(fault="its address or a header cannot be sent")
        finally:
            status = easy.getinfo(pycurl.RESPONSE_CODE)
            easy.reset()
            free.put(easy)
        return Reply(status, answer.body)

    def _aim(self, easy: pycurl.Curl, call: Call, answer: "_Beginning") -> None:
        lines = [f"{name}: {value}" for name, value in call.headers]
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.PROTOCOLS, _WEB),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.HTTP09_ALLOWED, 0),
            (pycurl.PROXY, ""),
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.CAINFO, certifi.where()),
            (pycurl.TIMEOUT_MS, _DEADLINE_MS),
            (pycurl.CONNECTTIMEOUT_MS, _CONNECT_MS),
            (pycurl.USERAGENT, self._agent),
            (pycurl.HTTPHEADER, [*lines, "Expect:"]),
            (pycurl.OPENSOCKETFUNCTION, self._open),
            (pycurl.WRITEFUNCTION, answer.add),
            (pycurl.URL, call.url),
        ):
            easy.setopt(option, value)
        if call.method == "POST":
            easy.setopt(pycurl.POST, 1)
            easy.setopt(pycurl.POSTFIELDSIZE_LARGE, len(call.body))
            easy.setopt(pycurl.READFUNCTION, BytesIO(call.body).read)

    def _open(self, purpose: int, address: Any) -> socket.socket | int:
        """Make a socket for an address that may be connected to."""
        if not allowed(address.addr[0], self._networks):
            return int(pycurl.SOCKET_BAD)
        return _Lent(address.family, address.socktype, address.protocol)


class _Beginning:
    """The first bytes of an answer."""

    def __init__(self) -> None:
        self.body = b""

    def add(self, chunk: bytes) -> int | None:
        """Take more of it; stops the transfer once there is enough."""
        self.body = (self.body + chunk)[:_READ_BYTES]
        return None if len(self.body) < _READ_BYTES else 0


def _words(error: pycurl.error) -> str:
    known: dict[int, str] = {
        pycurl.E_COULDNT_RESOLVE_HOST: "there is no such host",
        pycurl.E_COULDNT_CONNECT: "it cannot be connected to, or its address is not public",
        pycurl.E_OPERATION_TIMEDOUT: "it does not answer in time",
        pycurl.E_PEER_FAILED_VERIFICATION: "its certificate is not valid",
    }
    return known.get(error.args[0], f"no answer (libcurl {error.args[0]})")

"""Codings that pack better than gzip, where they are installed (the extra ``compression``).

gzip is prepared when a feed is built. These cost more, and few clients ask for them: a body is
packed when it is asked for so for the first time, and kept for those who come after, as long as
there is room. Bytes of one ETag are always the same, so nothing kept is ever stale.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from threading import Lock

from aggregator.model.shown import Artifact

_ROOM_BYTES = 32 * 1024 * 1024
_LEAST_BYTES = 1000
"""Shorter bodies are one packet as they are."""
_BROTLI_QUALITY = 5
_ZSTD_LEVEL = 6


class Packer:
    """Packs bodies, and keeps those that were asked for last. Safe with threads."""

    def __init__(self, room_bytes: int = _ROOM_BYTES) -> None:
        self._room = room_bytes
        self.held_bytes = 0
        self._packed: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()
        self._ways = _installed()

    def codings(self, artifact: Artifact) -> tuple[str, ...]:
        """Name the codings an artifact may be asked for in, the best first."""
        return tuple(self._ways) if artifact.size_bytes >= _LEAST_BYTES else ()

    def pack(self, artifact: Artifact, coding: str) -> bytes:
        """Return the body of an artifact in one of its codings."""
        key = (artifact.etag, coding)
        with self._lock:
            if key in self._packed:
                self._packed.move_to_end(key)
                return self._packed[key]
        body = self._ways[coding](artifact.body)
        with self._lock:
            self._keep(key, body)
        return body

    def _keep(self, key: tuple[str, str], body: bytes) -> None:
        self.held_bytes += len(body) - len(self._packed.pop(key, b""))
        self._packed[key] = body
        while self.held_bytes > self._room:
            self.held_bytes -= len(self._packed.popitem(last=False)[1])


def _installed() -> Mapping[str, Callable[[bytes], bytes]]:
    ways: dict[str, Callable[[bytes], bytes]] = {}
    if find_spec("brotli"):
        ways["br"] = _brotli
    if find_spec("zstandard"):
        ways["zstd"] = _zstd
    return ways


def _brotli(body: bytes) -> bytes:
    packed: bytes = import_module("brotli").compress(body, quality=_BROTLI_QUALITY)
    return packed


def _zstd(body: bytes) -> bytes:
    packer = import_module("zstandard").ZstdCompressor(level=_ZSTD_LEVEL)
    packed: bytes = packer.compress(body)
    return packed

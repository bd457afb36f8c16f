"""A body as it comes in: counted as it crosses the wire, kept so, and unpacked when it is read.

1. Every byte counts, those of the framing, too: an extension of a chunk has no end of its own.
2. We inflate ourselves: libcurl takes a gzip stream that breaks off for a whole one. One coding is
   undone, the one we ask for; a chain of them is how bombs are built (CVE-2025-66418).
3. Nothing is inflated before somebody reads it: forty bombs of ten kilobytes that came together
   took 370 MB.
"""

import zlib

from aggregator.core.headers import Headers, listed

_GZIP = ("gzip", "x-gzip")
_UNASKED = frozenset(
    ("br", "zstd", "deflate", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip")
)
_CHUNKED = "chunked"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"
_MEMBERS = 100
_SIZE_CHARACTERS = 32
"""Of the line before a chunk: more than any size has."""


class Body:
    """Takes chunks, and says no when there is something wrong with them."""

    def __init__(self, max_bytes: int, coding: str = "", *, chunked: bool = False) -> None:
        self.fault = ""
        """Words for a person; "" as long as all is well."""
        self._max_bytes = max_bytes
        self._gzip = bool(coding)
        self._chunks = _Chunks() if chunked else None
        self._data = bytearray()
        self._received = 0

    @property
    def size(self) -> int:
        """Return how many bytes it holds."""
        return len(self._data)

    def announce(self, length: str | None) -> bool:
        """Take what Content-Length says; false if so much is not wanted."""
        if length and length.isdecimal() and int(length[:_SIZE_CHARACTERS]) > self._max_bytes:
            self.fault = _too_large(self._max_bytes)
        return not self.fault

    def add(self, chunk: bytes) -> bool:
        """Take a chunk; false if no more is wanted."""
        self._received += len(chunk)
        if self._received > self._max_bytes:
            self.fault = _too_large(self._max_bytes)
            self._data.clear()
            return False
        self._data += self._chunks.stripped(chunk) if self._chunks else chunk
        return True

    def unpacked(self) -> bytes:
        """Return the whole body; look at ``fault`` afterwards."""
        if not self._gzip or not self._data or self.fault:
            return bytes(self._data)
        try:
            return self._inflated()
        except zlib.error:
            self.fault = "it says that it is gzip and is not"
            return b""

    def _inflated(self) -> bytes:
        """Inflate all gzip streams of the body (RFC 1952 2.2); what follows them is padding.

        Streams of a few bytes each are work without end: there are never many.
        """
        parts: list[bytes] = []
        rest, room = bytes(self._data), self._max_bytes + 1
        while len(parts) < _MEMBERS:
            inflater = zlib.decompressobj(_GZIP_WINDOW)
            parts.append(inflater.decompress(rest, room))
            room -= len(parts[-1])
            if room <= 0:
                self.fault = _too_large(self._max_bytes)
                return b""
            if not inflater.eof:
                self.fault = "its gzip stream breaks off"
                return b""
            rest = inflater.unused_data
            if not rest.startswith(_GZIP_START):
                break
        return b"".join(parts)


class _Chunks:
    """Takes the framing off a body that comes in chunks (RFC 9112 7.1).

    libcurl reads it beside us, and ends a transfer at what is wrong with it; but it gives no count
    of what it left out, and an extension without end was received as long as the deadline allows.
    """

    def __init__(self) -> None:
        self._line = bytearray()
        self._left = 0
        self._ended = False

    def stripped(self, data: bytes) -> bytes:
        """Return what is content."""
        found = bytearray()
        at = 0
        while at < len(data) and not self._ended:
            if self._left:
                part = data[at : at + self._left]
                found += part
                at += len(part)
                self._left -= len(part)
            else:
                at = self._read_line(data, at)
        return bytes(found)

    def _read_line(self, data: bytes, at: int) -> int:
        """Read the size of the next chunk; returns where the data goes on."""
        end = data.find(b"\n", at)
        stop = len(data) if end < 0 else end
        self._line += data[at : min(stop, at + _SIZE_CHARACTERS - len(self._line))]
        if end < 0:
            return stop
        size = bytes(self._line).partition(b";")[0].strip()
        self._line.clear()
        if size:  # not the line end behind a chunk
            self._left = _hexadecimal(size)
            self._ended = not self._left
        return end + 1


def _hexadecimal(size: bytes) -> int:
    try:
        return max(0, int(size, 16))
    except ValueError:
        return 0


def coding_of(headers: Headers) -> tuple[str, str]:
    """Return the coding to undo ("" for none), and what is wrong with the declaration ("").

    A word that names no coding ("utf-8", "none") is a mistake many servers make, and means none.
    """
    codings = [name for name in listed(headers, "content-encoding") if _is_coding(name)]
    if len(codings) > 1:
        return "", "it is encoded more than once"
    if not codings:
        return "", ""
    if codings[0] not in _GZIP:
        return "", f"it is encoded as {codings[0]}, which was not asked for"
    return "gzip", ""


def framing_of(headers: Headers) -> tuple[bool, str]:
    """Tell whether a body comes in chunks, and what is wrong with the declaration ("")."""
    codings = {name for name in listed(headers, "transfer-encoding") if name != "identity"}
    if codings - {_CHUNKED}:
        return False, "its transfer is encoded in a way that was not asked for"
    return bool(codings), ""


def declared_empty(headers: Headers) -> bool:
    """Tell whether an answer announces that it has no body."""
    return {value for name, value in headers if name == "content-length"} == {"0"}


def _is_coding(name: str) -> bool:
    return name in _GZIP or name in _UNASKED


def _too_large(limit: int) -> str:
    return f"it is larger than {_size(limit)}"


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{count} bytes"
    return f"{count // (1024 * 1024)} MiB"

"""A body as it comes in: counted before and after inflating, and whole or not.

We inflate ourselves: libcurl takes a gzip stream that breaks off for a whole one. One coding is
undone, the one we ask for; a chain of them is how bombs are built (CVE-2025-66418).
"""

import zlib
from collections.abc import Sequence

from aggregator.core.headers import Headers, listed

_GZIP = ("gzip", "x-gzip")
_UNASKED = frozenset(
    ("br", "zstd", "deflate", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip")
)
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"
_MEMBERS = 100


class Body:
    """Takes chunks, and says no when there is something wrong with them."""

    def __init__(self, max_bytes: int, coding: str = "") -> None:
        self.data = bytearray()
        self.fault = ""
        """Words for a person; "" as long as all is well."""
        self._max_bytes = max_bytes
        self._received = 0
        self._inflater = zlib.decompressobj(_GZIP_WINDOW) if coding else None
        self._members = 1

    def add(self, chunk: bytes) -> bool:
        """Take a chunk; false if no more is wanted."""
        self._received += len(chunk)
        if self._inflater is None:
            self.data += chunk
        else:
            self._inflate(self._inflater, chunk)
        if max(self._received, len(self.data)) > self._max_bytes:
            self.fault = f"it is larger than {_size(self._max_bytes)}"
        return not self.fault

    def finish(self) -> bytes:
        """Return the whole body; look at ``fault`` afterwards."""
        if self._inflater and self._received and not self._inflater.eof and not self.fault:
            self.fault = "its gzip stream breaks off"
        return bytes(self.data)

    def _inflate(self, inflater: "zlib._Decompress", chunk: bytes) -> None:
        try:
            while chunk:
                if inflater.eof and not self._goes_on(chunk):
                    return
                if inflater.eof:
                    self._inflater = inflater = zlib.decompressobj(_GZIP_WINDOW)
                self.data += inflater.decompress(chunk, self._max_bytes - len(self.data) + 1)
                if len(self.data) > self._max_bytes:
                    return
                chunk = inflater.unused_data
        except zlib.error:
            self.fault = "it says that it is gzip and is not"

    def _goes_on(self, rest: bytes) -> bool:
        """Tell whether another gzip stream follows in the same file; else the rest is padding.

        Streams of a few bytes each are work without end: there are never many (RFC 1952 2.2).
        """
        self._members += 1
        return rest.startswith(_GZIP_START) and self._members <= _MEMBERS


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


def declared_empty(headers: Headers) -> bool:
    """Tell whether an answer announces that it has no body."""
    lengths: Sequence[str] = [value for name, value in headers if name == "content-length"]
    return bool(lengths) and set(lengths) == {"0"}


def _is_coding(name: str) -> bool:
    return name in _GZIP or name in _UNASKED


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{count} bytes"
    return f"{count // (1024 * 1024)} MiB"

"""What was read of each file at the last scan: only what changed is read again.

A file is the same if its bytes and the rules it is read by are; a text that names other posts, if
they still have the addresses it was given. Texts are kept packed, up to a bound; heads always.
"""

import zlib
from collections.abc import Callable
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from aggregator.formats.reading.posts.bodies import Body
from aggregator.formats.reading.posts.heads import Head
from aggregator.formats.reading.posts.notes import Note

_ROOM = 64 * 1024 * 1024
"""Bytes of packed texts over all sources: some 30,000 posts of usual length."""


class Kept(Struct):
    """One file as it was read."""

    digest: bytes
    head: Head
    notes: tuple[Note, ...]
    counted: tuple[str, ...]
    body: Body | None = None
    """Without its texts."""
    packed: bytes = b""
    body_notes: tuple[Note, ...] = ()
    body_counted: tuple[str, ...] = ()

    def pack(self, body: Body) -> None:
        """Keep a text."""
        texts = f"{body.content}\0{body.excerpt}".encode("utf-8", "surrogatepass")
        self.packed = zlib.compress(texts, 1)
        self.body = replace(body, content="", excerpt="")

    def unpack(self, resolve: Callable[[str], str | None]) -> Body | None:
        """Return the text; None where it is not kept, or a post it names has moved."""
        body = self.body
        if body is None or any(resolve(name) != url for name, url in body.linked.items()):
            return None
        texts = zlib.decompress(self.packed).decode("utf-8", "surrogatepass")
        content, _, excerpt = texts.partition("\0")
        return replace(body, content=content, excerpt=excerpt)

    def forget_text(self) -> None:
        """Keep the head only."""
        self.body, self.packed = None, b""


class Memo:
    """What was read of all sources' files."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room = room
        self._sources: dict[str, dict[str, Kept]] = {}

    def of(self, source: str) -> dict[str, Kept]:
        """Return what is kept of a source's files, by path."""
        return self._sources.get(source, {})

    def keep(self, source: str, files: dict[str, Kept]) -> None:
        """Replace what is kept of a source; texts that find no room are read again next time."""
        self._sources.pop(source, None)
        others = (kept for each in self._sources.values() for kept in each.values())
        room = self._room - sum(len(kept.packed) for kept in others)
        for kept in files.values():
            if len(kept.packed) > room:
                kept.forget_text()
            room -= len(kept.packed)
        self._sources[source] = files


def digest_of(*parts: bytes) -> bytes:
    """Hash what decides how a file is read."""
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()

"""The mark of a scan, kept as the source's ETag: what was there, and when to look again."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from msgspec import Struct

from aggregator.model.settings import PostsOptions
from aggregator.sources.folder.walk import Found, LeftOut

_READER = "1"
"""Raised when the reader changes so that unchanged files must be read again."""


class Mark(Struct, frozen=True):
    """What one scan saw."""

    digest: str
    count: int
    """How many files there were."""
    due: datetime | None = None
    """When a post that waits must be read, if one does."""

    def __str__(self) -> str:
        return f"{self.digest} {self.count} {self.due.isoformat() if self.due else '-'}"


def parse_mark(text: str | None) -> Mark | None:
    """Read a mark back; None for what is none."""
    parts = (text or "").split(" ")
    if len(parts) != 3 or not parts[1].isdecimal():
        return None
    try:
        due = datetime.fromisoformat(parts[2]) if parts[2] != "-" else None
    except ValueError:
        return None
    return Mark(parts[0], int(parts[1][:9]), due) if not due or due.tzinfo else None


def digest(
    options: PostsOptions, found: Iterable[Found], left_out: Iterable[LeftOut], extra: str = ""
) -> str:
    """Hash all that must be the same for nothing to have changed."""
    lines = [f"{_READER} {options!r} {extra}"]
    lines += [
        f"{path}\0{size} {time} {inode} {ctime}" for path, _, size, time, inode, ctime in found
    ]
    lines += [f"{path}\0{reason}" for path, reason in left_out]
    return blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

"""Open files that may be swapped, grow or vanish while we look."""

import os
import stat

from aggregator.sources.folder.walk import Found

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of one post; the largest real one known is a notebook of 1.2 MB."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class CannotReadError(Exception):
    """A file gives no bytes; the message says why, for its line."""


def read_file(found: Found, limit: int = SIZE_LIMIT) -> bytes:
    """Read a file that is still what the listing saw.

    :raises CannotReadError: it is too large, unreadable, gone, no file, or being written
    """
    if found.size > limit:
        raise CannotReadError(f"is {found.size} bytes long, over {limit}")
    try:
        descriptor = os.open(found.full, _FLAGS)
    except FileNotFoundError as error:
        raise CannotReadError("vanished while it was read") from error
    except OSError as error:
        raise CannotReadError(f"cannot be read: {error.strerror}") from error
    try:
        return _read(descriptor, found)
    except OSError as error:
        raise CannotReadError(f"cannot be read: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _read(descriptor: int, found: Found) -> bytes:
    # What is opened may not be what was listed: a pipe in a file's place would be waited for.
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise CannotReadError("is no file any more")
    body = b""
    while len(body) <= found.size and (part := os.read(descriptor, found.size + 1 - len(body))):
        body += part
    after = os.fstat(descriptor)
    if (after.st_size, after.st_mtime_ns) != (found.size, found.mtime_ns) or len(
        body
    ) != found.size:
        raise CannotReadError("is being written; it is read at the next scan")
    return body

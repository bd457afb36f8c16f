"""Column types that mean the same on SQLite and PostgreSQL.

1. Times are aware and leave as UTC; a naive one is refused.
2. Text that we echo or compare (``Raw``) comes back exactly, odd bytes included: what PostgreSQL
   cannot store (NUL, lone surrogates) is escaped. It sorts by code point on both databases.
3. Text that is shown (``Clean``) loses NUL and lone surrogates: the layers above clean text, and
   one string they overlooked must not stop a poll.
4. What is indexed is bounded: PostgreSQL refuses rows of more than 2,704 bytes in an index, and a
   guid may be a megabyte long.
"""

import re
from datetime import UTC, datetime
from hashlib import blake2b

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Number = BigInteger().with_variant(Integer, "sqlite")
"""Of rows: SQLite counts up an INTEGER PRIMARY KEY and nothing else."""

_BOUND = 255
_DIGEST_LENGTH = 32

_ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def escape(text: str) -> str:
    r"""Write control characters, lone surrogates and the backslash as \\uXXXX."""
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """Undo ``escape``."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def clean(text: str) -> str:
    """Put U+FFFD for what no database stores."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


def bounded(text: str) -> str:
    """Return escaped text, its tail replaced by a hash where it is too long for an index."""
    escaped = escape(text)
    if len(escaped) <= _BOUND:
        return escaped
    digest = blake2b(escaped.encode(), digest_size=_DIGEST_LENGTH // 2).hexdigest()
    return escaped[: _BOUND - _DIGEST_LENGTH] + digest


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC.

    :raises ValueError: it has no zone; this is a bug of ours, nobody else's
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC)


class UtcTime(TypeDecorator[datetime]):
    """An aware time; SQLite keeps it as text that sorts, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time."""
        return None if value is None else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives naive times back, PostgreSQL those of the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Clean(TypeDecorator[str]):
    """Text for people."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Put U+FFFD for what no database stores."""
        return None if value is None else clean(value)


class Sorted(TypeDecorator[str]):
    """Clean text that sorts by code point, whatever the locale of the database."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """SQLite sorts by code point of itself."""
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(Text(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Put U+FFFD for what no database stores."""
        return None if value is None else clean(value)


class Raw(TypeDecorator[str]):
    """Text that comes back as it was given: guids, header text, addresses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape it."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo the escaping."""
        return None if value is None else unescape(value)

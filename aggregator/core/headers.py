"""What the headers of an answer say, read as hostile text.

1. Validators are opaque: echoed byte for byte, only the white space around a value is no part of
   it (RFC 9110 5.5). What could not be sent back as one header line is no validator.
2. Of a header that must come once and comes twice, the first counts.
3. A wish is a length of time; nonsense is no wish, and a number of any length is safe.

Names are lower case; text is latin-1, so that every byte survives.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aggregator.model.fetched import Validators

Headers = Sequence[tuple[str, str]]
"""(name in lower case, value without white space around it), in the order they came."""

_SENDABLE = re.compile(r"[\t\x20-\x7e\x80-\xff]{1,4096}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,60}")
_SPACE = " \t"
_LONGEST = timedelta(days=3650)
_DATE_LENGTH = 64
_DIGITS = re.compile(r"[0-9]+")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:+-]{1,40})""", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"(?:[a-z]{3,9},? +)?(\d{1,2})[ -]([a-z]{3})[ -](\d{4}|\d{2}) +"
    r"(\d{1,2}):(\d{2}):(\d{2}) *(?:gmt|utc|z|[+-]0000)?",
    re.IGNORECASE | re.ASCII,
)
_ASCTIME = re.compile(
    r"(?:[a-z]{3} +)?([a-z]{3}) +(\d{1,2}) +(\d{1,2}):(\d{2}):(\d{2}) +(\d{4})",
    re.IGNORECASE | re.ASCII,
)


def read_headers(lines: Sequence[bytes]) -> tuple[tuple[str, str], ...]:
    """Split header lines as they came; a folded line goes on with the one before (RFC 9112 5.2)."""
    found: list[tuple[str, str]] = []
    for line in lines:
        text = line.rstrip(b"\r\n").decode("latin-1")
        if text.startswith((" ", "\t")):
            if found:
                name, value = found.pop()
                found.append((name, f"{value} {text.strip(_SPACE)}".strip(_SPACE)))
            continue
        name, colon, value = text.partition(":")
        if colon:
            found.append((name.strip(_SPACE).lower(), value.strip(_SPACE)))
    return tuple(found)


def header(headers: Headers, name: str) -> str | None:
    """Return the first value of a header."""
    return next((value for key, value in headers if key == name), None)


def listed(headers: Headers, name: str) -> list[str]:
    """Return the members of a header that is a list, over all its lines, in lower case."""
    values = ",".join(value for key, value in headers if key == name)
    return [member.strip().lower() for member in values.split(",") if member.strip()]


def sendable(text: str) -> bool:
    """Tell whether this is the value of one header line, with nothing that could end it."""
    return _SENDABLE.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Tell whether this is the name of a header (RFC 9110 5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def validators(headers: Headers) -> Validators:
    """Return what the answer gave to ask with next time, untouched."""
    return Validators(
        etag=_validator(headers, "etag"), last_modified=_validator(headers, "last-modified")
    )


def _validator(headers: Headers, name: str) -> str | None:
    value = header(headers, name)
    return value if value and sendable(value) else None


def content_type(headers: Headers) -> tuple[str, str | None]:
    """Return the media type in lower case, "" where none is declared, and the charset."""
    value = header(headers, "content-type") or ""
    media_type, _, parameters = value.partition(";")
    media_type = media_type.strip().lower()
    charset = _CHARSET.search(parameters)
    well_formed = all(map(is_token, media_type.split("/"))) and media_type.count("/") == 1
    return media_type if well_formed else "", charset[1].lower() if charset else None


def fresh_for(headers: Headers, now: datetime) -> timedelta | None:
    """Say how long the answer counts as fresh from now on (RFC 9111 4.2).

    ``max-age`` goes before ``Expires``; what is stale at once, or must be asked for each time
    anyway, is no wish.
    """
    directives = _directives(headers)
    if "no-store" in directives or "no-cache" in directives:
        return None
    age = _seconds(header(headers, "age")) or timedelta(0)
    lifetime = _seconds(directives.get("max-age"))
    if lifetime is None:
        lifetime = _until_expires(headers, now)
    if lifetime is None or lifetime <= age:
        return None
    return lifetime - age


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """Say how long the server wants to be left alone (RFC 9110 10.2.3)."""
    value = header(headers, "retry-after") or ""
    wait = _seconds(value)
    if wait is None:
        date = http_date(value)
        wait = date - now if date else None
    if wait is None or wait <= timedelta(0):
        return None
    return min(wait, _LONGEST)


def http_date(text: str) -> datetime | None:
    """Read a date in one of HTTP's three forms (RFC 9110 5.6.7); None if it is none."""
    if len(text) > _DATE_LENGTH:
        return None
    found = _DATE.fullmatch(text)
    if found:
        day, month, year, *clock = found.groups()
        return _moment(year, month, day, clock)
    found = _ASCTIME.fullmatch(text)
    if found:
        month, day, *clock, year = found.groups()
        return _moment(year, month, day, clock)
    return None


def _moment(year: str, month: str, day: str, clock: Sequence[str]) -> datetime | None:
    hour, minute, second = map(int, clock)
    try:
        number = _MONTHS.index(month.lower()) + 1
        return datetime(_century(year), number, int(day), hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def _century(year: str) -> int:
    """Read the two digits of RFC 850 as the years 1970 to 2069."""
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < 70 else 1900)


def _directives(headers: Headers) -> dict[str, str]:
    found: dict[str, str] = {}
    for member in listed(headers, "cache-control"):
        name, _, value = member.partition("=")
        found.setdefault(name.rstrip(), value.strip().strip('"'))
    return found


def _seconds(text: str | None) -> timedelta | None:
    """Read a number of seconds of any length; beyond ten years it is ten years."""
    if text is None or not _DIGITS.fullmatch(text):
        return None
    digits = text.lstrip("0") or "0"
    if len(digits) > 9:
        return _LONGEST
    return min(timedelta(seconds=int(digits)), _LONGEST)


def _until_expires(headers: Headers, now: datetime) -> timedelta | None:
    expires = http_date(header(headers, "expires") or "")
    if expires is None:
        return None
    sent = http_date(header(headers, "date") or "") or now
    return min(expires - sent, _LONGEST)

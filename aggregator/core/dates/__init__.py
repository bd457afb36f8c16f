"""Dates as feeds write them, read by one strict grammar and its listed fallbacks.

1. What states a day is read: RFC 822 and its descendants, ISO 8601, asctime, seconds since 1970,
   and the languages feeds are written in. What does not ("12", "May", "yesterday") is None: the
   order of entries rests on when they were first seen, so a missing date does no harm and a guessed
   one near today does.
2. A day or time that never was (30 February, 25:00) is None, never the next one that was.
3. The name of a day is not believed; it only decides between 3 April and 4 March.
4. A zone that is not stated is the caller's.
5. A date is short: longer texts are not looked at, and every pattern here takes linear time.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from aggregator.core.dates.eastern import KOREA, is_korean, westernised
from aggregator.core.dates.iso import iso
from aggregator.core.dates.rfc822 import rfc822
from aggregator.core.dates.words import folded
from aggregator.core.dates.written import written
from aggregator.core.dates.zones import named_zone, shortened

__all__ = ["parse_date"]

_LONGEST = 128
_AROUND = " \t\r\n\f\v\u00a0\u200b\ufeff'\"“”"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# From 2001 to 2033: other lengths mean other things, and so do ten digits that begin with a year.
_SECONDS = re.compile(r"(1\d{9})(?:(\d{3})|\.\d{1,9})?")
# A zone in round brackets, or in the square ones of RFC 9557; there also the name of a calendar.
_COMMENT = re.compile(r"\(([^()]*)\)|\[!?([^][]*)\]")


def parse_date(text: str, zone: tzinfo = UTC) -> datetime | None:
    """Return the instant a text states, in UTC; ``zone`` is that of texts that state none.

    None where it states no day, one that never was, or a year not from 1583 to 2200. Never raises.
    """
    plain = text[: 4 * _LONGEST].strip(_AROUND)
    if not plain or len(plain) > _LONGEST:
        return None
    try:
        return rfc822(plain) or _read(folded(plain), zone)
    except (ValueError, OverflowError):
        return None


def _read(text: str, zone: tzinfo) -> datetime | None:
    """Read a folded text.

    :raises ValueError: there is no such day, time or zone
    """
    if moment := iso(text, zone):
        return moment
    if seconds := _SECONDS.fullmatch(text):
        return _EPOCH + timedelta(seconds=int(seconds[1]), milliseconds=int(seconds[2] or 0))
    uncommented = _COMMENT.sub(_zone_or_nothing, text)
    return written(shortened(westernised(uncommented)), KOREA if is_korean(text) else zone)


def _zone_or_nothing(comment: "re.Match[str]") -> str:
    """Keep what a comment says if it is a zone: "12:00 (EST)"."""
    name = (comment[1] or comment[2] or "").strip()
    return f" {name} " if named_zone(name) else " "

"""ISO 8601 and W3CDTF.

Extended, basic, week and ordinal dates, year and month, year alone; a fraction after a point or a
comma; 24:00; the two-digit years of ISO 8601:1988 ("031231", "03-12-31", "-0312", "03335"). Of the
forms without a year none is read: they would need a today.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from aggregator.core.dates.moment import full_year, instant, time_of_day
from aggregator.core.dates.zones import offset_zone

Match = re.Match[str]

_SPLIT = re.compile(r"([^t ]+)(?:t| |$)(.*)")
_COMPACT = re.compile(r"(\d{8})(\d{4}|\d{6})")
_ZONE = r"(z|[+-](?:0?\d{1,2}:\d{2}|\d{4}|\d{1,2}))?z?"
_TIME = re.compile(rf"(\d{{1,2}})(?::(\d{{1,2}})(?::(\d{{1,2}})(?:[.,](\d{{1,18}}))?)?)? ?{_ZONE}")
_BASIC_TIME = re.compile(rf"(\d{{2}})(\d{{2}})(?:(\d{{2}})(?:[.,](\d{{1,18}}))?)? ?{_ZONE}")


def iso(text: str, default: tzinfo) -> datetime | None:
    """Return the instant of a text in lower case with single spaces, None where it is no ISO date.

    :raises ValueError: it has the shape of a date, but there is no such day or time
    """
    parts = _COMPACT.fullmatch(text) or _SPLIT.fullmatch(text)
    day = _day(parts[1]) if parts else None
    if parts is None or day is None:
        return None
    if not parts[2]:
        return instant(day, timedelta(0), default)
    match = _TIME.fullmatch(parts[2]) or _BASIC_TIME.fullmatch(parts[2])
    if not match:
        return None
    zone = _zone(match[5], default)
    return instant(day, time_of_day(match[1], match[2] or "0", match[3], match[4] or ""), zone)


def _day(text: str) -> date | None:
    for pattern, read in _DAYS:
        if match := pattern.fullmatch(text):
            return read(match)
    return None


def _zone(text: str | None, default: tzinfo) -> tzinfo:
    if not text:
        return default
    zone = offset_zone("+0" if text == "z" else text)
    if zone is None:
        raise ValueError(f"no zone: {text}")
    return zone


def _calendar(match: Match) -> date:
    return date(full_year(match["y"]), int(match["m"]), int(match["d"]))


def _month(match: Match) -> date:
    return date(full_year(match["y"]), int(match["m"]), 1)


def _week(match: Match) -> date:
    return date.fromisocalendar(int(match["y"]), int(match["w"]), int(match["d"] or 1))


def _ordinal(match: Match) -> date:
    day = date(full_year(match["y"]), 1, 1) + timedelta(days=int(match["o"]) - 1)
    if day.year != full_year(match["y"]):
        raise ValueError(f"no day of the year: {match['o']}")
    return day


_DAYS: tuple[tuple[re.Pattern[str], Callable[[Match], date]], ...] = (
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"), _calendar),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"), _calendar),
    (re.compile(r"(?P<y>\d{2})(?P<s>-?)(?P<m>\d{2})(?P=s)(?P<d>\d{2})"), _calendar),
    (re.compile(r"(?P<y>\d{4})-?w(?P<w>\d{2})(?:-?(?P<d>[1-7]))?"), _week),
    (re.compile(r"(?P<y>\d{4}|\d{2})-?(?P<o>\d{3})"), _ordinal),
    (re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})"), _month),
    (re.compile(r"-(?P<y>\d{2})-?(?P<m>\d{2})"), _month),
    (re.compile(r"(?P<y>\d{4})"), lambda match: date(int(match["y"]), 1, 1)),
)

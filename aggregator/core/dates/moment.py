"""From a day, a time of day and a zone to an instant, or to nothing where there is none."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

FIRST_YEAR = 1583
"""The first whole year of the calendar. Years of the Persian and the Islamic one lie before it, and
so does the year 1, which Go and .NET write for "no date"."""
LAST_YEAR = 2200
"""The years of the Buddhist calendar lie behind it, and so does 9999, "for ever"."""

_CENTURY = 50


def full_year(digits: str) -> int:
    """Complete a year as RFC 5322 4.3 does: 49 is 2049, 50 is 1950, 104 is 2004 (Y2K bugs)."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < _CENTURY else 1900)
    return year + 1900 if len(digits) == 3 else year


def time_of_day(hour: str, minute: str, second: str | None = None, fraction: str = "") -> timedelta:
    """Return the time since midnight; 24:00 ends a day, and second 60 is a leap second.

    :raises ValueError: there is no such time
    """
    hours, minutes, seconds = int(hour), int(minute), int(second or 0)
    since = timedelta(
        hours=hours, minutes=minutes, seconds=seconds, microseconds=int(fraction[:6].ljust(6, "0"))
    )
    if minutes > 59 or seconds > 60 or since > timedelta(days=1):
        raise ValueError(f"no time: {hour}:{minute}:{second}")
    return since


def instant(day: date, since_midnight: timedelta, zone: tzinfo) -> datetime | None:
    """Return the instant in UTC; None for a year nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return (datetime.combine(day, time.min, zone) + since_midnight).astimezone(UTC)

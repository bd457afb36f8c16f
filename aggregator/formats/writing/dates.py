"""Dates as feeds write them: always UTC, whole seconds, in every locale alike."""

from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rfc3339(moment: datetime) -> str:
    """Write "2026-03-02T12:00:00Z" (RFC 3339 5.6)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def rfc822(moment: datetime) -> str:
    """Write "Mon, 02 Mar 2026 12:00:00 GMT" (RFC 822 5, with RSS's four-digit year)."""
    at = moment.astimezone(UTC)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    time = at.time().isoformat(timespec="seconds")
    return f"{day}, {at.day:02} {month} {at.year:04} {time} GMT"

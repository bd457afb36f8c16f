"""What is kept how long: entries for ever, the log of polls for a season."""

from datetime import datetime, timedelta

_LOG_KEPT = timedelta(days=90)


def log_horizon(now: datetime) -> datetime:
    """Return the moment before which lines of the poll log are forgotten."""
    return now - _LOG_KEPT

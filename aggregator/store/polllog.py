"""The poll log of all sources, read from end to end."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model.known import PollRecord
from aggregator.store import rows
from aggregator.store.schema import poll_log, source

_AT_ONCE = 1000
"""Lines in memory: ninety days of ten thousand sources are millions."""


def log_since(connection: Connection, moment: datetime) -> Iterator[PollRecord]:
    """Yield the lines of all sources from a moment on, the oldest first."""
    chosen = (
        select(poll_log, source.c.name)
        .join(source)
        .where(poll_log.c.at >= moment)
        .order_by(poll_log.c.at, poll_log.c.id)
    )
    found = connection.execution_options(yield_per=_AT_ONCE).execute(chosen)
    for row in found.mappings():
        yield rows.record(row, row["name"])

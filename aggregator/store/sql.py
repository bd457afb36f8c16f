"""``ports.Store`` on a SQL database: every method is one transaction.

What happens in each is in a module of its own: ``polls`` (sources and their turns), ``intake``
(one poll), ``stories`` (duplicates), ``filing`` (categories), ``shelves`` (what is kept), ``marks``
(what to build) and ``output`` (what is published).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aggregator.model.known import (
    Candidate,
    Due,
    Fingerprint,
    KnownSource,
    PollPlan,
    PollRecord,
    Remembered,
)
from aggregator.model.settings import Match, Source
from aggregator.model.shown import Announced, Artifact, Build, BuiltFeed, Kept
from aggregator.store import intake, marks, migrate, output, polls, shelves, stories
from aggregator.store.database import Database


def open_store(url: str) -> "SqlStore":
    """Open a database, making its tables or bringing them up to date.

    :raises StoreError: it cannot be had, or a newer release made it
    """
    database = Database(url)
    try:
        migrate.migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


class SqlStore:
    """A database whose schema is the one of this release. Safe with threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- sources ---------------------------------------------------------------------------------

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        with self._database.write() as connection:
            polls.sync(connection, sources, now)

    def sources(self) -> tuple[KnownSource, ...]:
        with self._database.read() as connection:
            return polls.known_sources(connection)

    def log(self, source: str, limit: int) -> tuple[PollRecord, ...]:
        with self._database.read() as connection:
            return polls.log(connection, source, limit)

    # -- intake ----------------------------------------------------------------------------------

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        limit: int,
        names: Sequence[str] | None = None,
        asked_before: datetime | None = None,
    ) -> tuple[Due, ...]:
        with self._database.write() as connection:
            if names is None:
                return polls.claim_due(connection, now, lease, limit)
            return polls.claim_named(connection, now, lease, limit, names, asked_before)

    def next_due(self) -> datetime | None:
        with self._database.read() as connection:
            return polls.next_due(connection)

    def remembered(self, source: str, guids: Sequence[str]) -> dict[str, Remembered]:
        with self._database.read() as connection:
            return intake.remembered(connection, source, guids)

    def buried(self, source: str, guids: Sequence[str]) -> frozenset[str]:
        with self._database.read() as connection:
            return intake.buried(connection, source, guids)

    def candidates(
        self, fingerprints: Sequence[Fingerprint], since: datetime, limit: int
    ) -> tuple[Candidate, ...]:
        with self._database.read() as connection:
            return stories.candidates(connection, fingerprints, since, limit)

    def apply(self, plan: PollPlan) -> None:
        with self._database.write() as connection:
            intake.apply(connection, plan)

    def release(self, names: Iterable[str]) -> None:
        with self._database.write() as connection:
            polls.release(connection, names)

    # -- outgo -----------------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        with self._database.read() as connection:
            return shelves.categories(connection)

    def outdate(self, slugs: Iterable[str]) -> None:
        with self._database.write() as connection:
            marks.mark(connection, slugs)

    def outdated(self, now: datetime) -> frozenset[str]:
        with self._database.read() as connection:
            if not marks.due(connection, now):
                return frozenset()
        with self._database.write() as connection:
            return marks.hand_out(connection, now)

    def built(self) -> dict[str, BuiltFeed]:
        with self._database.read() as connection:
            return output.built_feeds(connection)

    def newest(
        self, match: Match, *, since: datetime | None, limit: int, skip: int = 0
    ) -> tuple[Kept, ...]:
        with self._database.read() as connection:
            return shelves.newest(connection, match, since, limit, skip)

    def clusters(self, ids: Sequence[int]) -> tuple[Kept, ...]:
        with self._database.read() as connection:
            return shelves.clusters(connection, ids)

    def announced(self, feed: str, clusters: Sequence[int]) -> tuple[Announced, ...]:
        with self._database.read() as connection:
            return output.announced(connection, feed, clusters)

    def taken(self, feed: str, atom_ids: Sequence[str]) -> dict[str, int]:
        with self._database.read() as connection:
            return output.taken(connection, feed, atom_ids)

    def count(self, match: Match) -> int:
        with self._database.read() as connection:
            return shelves.count(connection, match)

    def save(self, build: Build) -> None:
        with self._database.write() as connection:
            output.save(connection, build)

    def save_pages(self, artifacts: Sequence[Artifact]) -> None:
        with self._database.write() as connection:
            output.save_pages(connection, artifacts)

    def retire(self, slugs: Iterable[str]) -> None:
        with self._database.write() as connection:
            output.retire(connection, slugs)

    def artifact(self, path: str) -> Artifact | None:
        with self._database.read() as connection:
            return output.saved(connection, path)

    def artifacts(self) -> tuple[str, ...]:
        with self._database.read() as connection:
            return output.paths(connection)

    # -- housekeeping ----------------------------------------------------------------------------

    def tidy(self, log_before: datetime) -> int:
        with self._database.write() as connection:
            return polls.tidy(connection, log_before)

    def check(self) -> None:
        with self._database.read() as connection:
            migrate.check(connection)

    def close(self) -> None:
        self._database.close()

"""``ports.Store`` on a SQL database: every method is one transaction.

What happens in each is in a module of its own: ``polls`` (sources), ``turns`` (who may ask which),
``memory`` and ``intake`` (what was known before a poll, what it changes), ``stories`` (duplicates),
``filing`` (categories), ``shelves`` (what is kept), ``marks`` (what to build) and ``output`` (what
is published).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from aggregator.model.known import (
    Candidate,
    Due,
    Fingerprint,
    Kin,
    KnownSource,
    Notice,
    PollPlan,
    PollRecord,
    Remembered,
)
from aggregator.model.settings import Match, Source
from aggregator.model.shown import Announced, Artifact, Build, BuiltFeed, Kept
from aggregator.store import (
    intake,
    marks,
    memory,
    migrate,
    output,
    polls,
    shelves,
    stories,
    turns,
)
from aggregator.store.database import WAIT_S, Database


def open_store(url: str, wait_s: float = WAIT_S) -> "SqlStore":
    """Open a database, making its tables or bringing them up to date.

    ``wait_s`` is how long another program's lock is waited for.

    :raises StoreError: it cannot be had, or a newer release made it
    """
    database = Database(url, wait_s)
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
        self._handed: dict[str, int] = {}
        """Which mark of a feed its builder was handed (``marks``)."""

    # -- sources ---------------------------------------------------------------------------------

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        with self._database.write() as connection:
            polls.sync(connection, sources, now)

    def sources(self) -> tuple[KnownSource, ...]:
        with self._database.read() as connection:
            return polls.known_sources(connection)

    def notices(self, limit: int) -> tuple[Notice, ...]:
        with self._database.read() as connection:
            return polls.notices(connection, limit)

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
        per_host: int,
        spare: Collection[str] = (),
        names: Sequence[str] | None = None,
        asked_before: datetime | None = None,
    ) -> tuple[Due, ...]:
        chosen = turns.due(now) if names is None else turns.named(now, asked_before)
        with self._database.read() as connection:
            if connection.execute(chosen.limit(1)).first() is None:
                return ()  # asked once a second: the writer is not held up for it
        with self._database.write() as connection:
            leased = (now, now + lease)
            return turns.claim(connection, chosen, leased, limit, per_host, spare, names)

    def next_due(self) -> datetime | None:
        with self._database.read() as connection:
            return turns.next_due(connection)

    def remembered(self, source: str, guids: Sequence[str]) -> dict[str, Remembered]:
        with self._database.read() as connection:
            return memory.remembered(connection, source, guids)

    def kin(self, source: str, marks: Sequence[Fingerprint]) -> tuple[Kin, ...]:
        with self._database.read() as connection:
            return memory.kin(connection, source, marks)

    def buried(self, source: str, guids: Sequence[str]) -> frozenset[str]:
        with self._database.read() as connection:
            return memory.buried(connection, source, guids)

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
            turns.release(connection, names)

    # -- outgo -----------------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        with self._database.read() as connection:
            return shelves.categories(connection)

    def outdate(self, slugs: Iterable[str]) -> None:
        with self._database.write() as connection:
            marks.mark(connection, slugs)

    def outdated(self, now: datetime) -> frozenset[str]:
        with self._database.read() as connection:
            expired = marks.expired(connection, now)
        if expired:
            with self._database.write() as connection:
                marks.expire(connection, now)
        with self._database.read() as connection:
            handed = marks.unsettled(connection)
        self._handed.update(handed)
        return frozenset(handed)

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
            output.save(connection, build, self._handed.get(build.slug))

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

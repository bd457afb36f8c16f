"""``ports.Store`` on a SQL database: every method is one transaction.

What happens in each is in a module of its own: ``polls`` (sources), ``turns`` (who may ask which),
``memory`` and ``intake`` (what was known before a poll, what it changes), ``stories`` and
``tellers`` (which entries tell one story, by what they are found), ``floods`` (what is held back),
``filing`` (categories), ``shelves`` (what is kept), ``marks`` (what to build) ``output`` (what
is published), ``archives`` (its older pages) and ``withdrawal`` (what was taken back).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from aggregator.model.known import (
    Article,
    Due,
    DuplicateLink,
    EntryKey,
    Fingerprint,
    Kin,
    KnownSource,
    Notice,
    PollPlan,
    PollRecord,
    Remembered,
    Speaker,
    Stories,
    Teller,
)
from aggregator.model.settings import Match, Source
from aggregator.model.shown import (
    Announced,
    Arrivals,
    Artifact,
    Asked,
    Build,
    BuiltFeed,
    Delivery,
    Found,
    Gone,
    HeldFeed,
    Kept,
    LastBuild,
    Outline,
    Place,
    Question,
    Revision,
    Stamp,
    Subscriber,
    Sweep,
    Withdrawn,
)
from aggregator.store import (
    archives,
    deliveries,
    floods,
    intake,
    marks,
    memory,
    migrate,
    output,
    polllog,
    polls,
    shelves,
    shelving,
    stories,
    subscriptions,
    tellers,
    turns,
    withdrawal,
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

    def speakers(self, names: Collection[str]) -> dict[str, Speaker]:
        with self._database.read() as connection:
            return polls.speakers(connection, names)

    def spoken(self) -> str:
        with self._database.read() as connection:
            return polls.spoken(connection)

    def sources(self) -> tuple[KnownSource, ...]:
        with self._database.read() as connection:
            return polls.known_sources(connection)

    def hide(self, names: Collection[str]) -> None:
        with self._database.read() as connection:
            if not polls.misjudged(connection, names):
                return
        with self._database.write() as connection:
            polls.hide(connection, names)

    def hidden(self) -> frozenset[str]:
        with self._database.read() as connection:
            return polls.hidden(connection)

    def filed_outside(self, slugs: Collection[str]) -> frozenset[str]:
        with self._database.read() as connection:
            return polls.filed_outside(connection, slugs)

    def notices(self, limit: int) -> tuple[Notice, ...]:
        with self._database.read() as connection:
            return polls.notices(connection, limit)

    def log(self, source: str, limit: int) -> tuple[PollRecord, ...]:
        with self._database.read() as connection:
            return polls.log(connection, source, limit)

    def log_since(self, moment: datetime) -> Iterator[PollRecord]:
        with self._database.read() as connection:
            yield from polllog.log_since(connection, moment)

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
        own: Mapping[str, timedelta] = MappingProxyType({}),
    ) -> tuple[Due, ...]:
        chosen = turns.due(now) if names is None else turns.named(now, asked_before, lease)
        with self._database.read() as connection:
            if connection.execute(chosen.limit(1)).first() is None:
                return ()  # asked once a second: the writer is not held up for it
        with self._database.write() as connection:
            leases = turns.Leases(now, lease, own)
            return turns.claim(connection, chosen, leases, limit, per_host, spare, names)

    def paused(self, now: datetime) -> dict[str, datetime]:
        with self._database.read() as connection:
            return turns.paused(connection, now)

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

    def live(self, source: str) -> frozenset[str]:
        with self._database.read() as connection:
            return memory.live(connection, source)

    def bearers(self, keys: Collection[int], limit: int) -> Mapping[int, tuple[int, ...]]:
        with self._database.read() as connection:
            return tellers.bearers(connection, keys, limit)

    def numbered(self, rows: Collection[int]) -> tuple[Teller, ...]:
        with self._database.read() as connection:
            return tellers.of_rows(connection, rows)

    def stories(self, clusters: Collection[int]) -> Stories:
        with self._database.read() as connection:
            return tellers.told(connection, clusters)

    def tellers(self, entries: Collection[EntryKey]) -> tuple[Teller, ...]:
        with self._database.read() as connection:
            return tellers.of_keys(connection, entries)

    def ties(self, entries: Collection[EntryKey]) -> tuple[DuplicateLink, ...]:
        with self._database.read() as connection:
            return tellers.ties(connection, entries)

    def apart(self, entries: Collection[EntryKey]) -> frozenset[frozenset[EntryKey]]:
        with self._database.read() as connection:
            return tellers.apart(connection, entries)

    def recent(self, source: str, limit: int) -> tuple[Teller, ...]:
        with self._database.read() as connection:
            return tellers.recent(connection, source, limit)

    def apply(self, *plans: PollPlan) -> None:
        with self._database.write() as connection:
            intake.apply(connection, plans)

    def release(self, names: Iterable[str]) -> None:
        with self._database.write() as connection:
            turns.release(connection, names)

    # -- outgo -----------------------------------------------------------------------------------

    def categories(self) -> dict[str, str]:
        with self._database.read() as connection:
            return shelves.categories(connection)

    def emptied(self) -> dict[str, str]:
        with self._database.read() as connection:
            return shelves.emptied(connection)

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

    def sync_shelves(self, keys: Collection[str]) -> None:
        with self._database.write() as connection:
            shelving.sync(connection, keys)

    def shelve(self, known: Collection[str], decide: Callable[[Kept], Collection[str]]) -> int:
        if not known:
            return 0
        with self._database.read() as connection:
            if not shelving.unfinished(connection, known):
                return 0  # asked at every tick: the writer is not held up for it
        with self._database.write() as connection:
            return shelving.shelve(connection, known, decide)

    def newest(
        self,
        match: Match,
        *,
        since: datetime | None,
        limit: int,
        skip: int = 0,
    ) -> tuple[Kept, ...]:
        with self._database.read() as connection:
            return shelves.newest(connection, match, since, limit, skip)

    def places(
        self,
        match: Match,
        *,
        since: datetime | None,
        limit: int,
        skip: int = 0,
        without: Collection[str] = (),
        until: datetime | None = None,
    ) -> tuple[Place, ...]:
        with self._database.read() as connection:
            return shelves.places(connection, match, since, limit, skip, without, until)

    def articles(self, entries: Collection[int]) -> dict[int, Article]:
        with self._database.read() as connection:
            return shelves.articles(connection, entries)

    def clusters(self, ids: Sequence[int]) -> tuple[Outline, ...]:
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

    def unarchived(self, now: datetime) -> tuple[str, ...]:
        with self._database.read() as connection:
            found = output.unarchived(connection, now)
            self._handed.update(marks.newest(connection, found))
        return found

    def last_build(self, feed: str) -> LastBuild:
        with self._database.read() as connection:
            return archives.last_build(connection, feed)

    def arrivals(self, feed: str, match: Match, swept: Sweep | None, most: int) -> Arrivals:
        with self._database.read() as connection:
            return archives.arrivals(connection, feed, match, swept, most)

    def page_clusters(self, feed: str, page: int) -> tuple[int, ...]:
        with self._database.read() as connection:
            return archives.page_clusters(connection, feed, page)

    def matching(self, match: Match, entries: Iterable[int]) -> frozenset[int]:
        with self._database.read() as connection:
            return archives.matching(connection, match, entries)

    def withdrawn(self, feed: str, limit: int) -> tuple[Withdrawn, ...]:
        with self._database.read() as connection:
            return withdrawal.withdrawn(connection, feed, limit)

    def hold(self, held: HeldFeed, *, until_marked: bool, told: Sequence[str]) -> bool:
        with self._database.write() as connection:
            handed = self._handed.get(held.slug)
            return archives.hold(connection, held, handed, until_marked=until_marked, told=told)

    def held(self) -> tuple[HeldFeed, ...]:
        with self._database.read() as connection:
            return marks.held(connection)

    def let_pass(self, slug: str) -> bool:
        with self._database.write() as connection:
            return archives.let_pass(connection, slug)

    def save(self, build: Build) -> None:
        with self._database.write() as connection:
            output.save(connection, build, self._handed.get(build.slug))

    def save_pages(self, artifacts: Sequence[Artifact]) -> None:
        with self._database.write() as connection:
            output.save_pages(connection, artifacts)

    def retire(
        self,
        slugs: Collection[str],
        moved: Mapping[str, str],
        there: Collection[str],
        private: Mapping[str, str],
        closed: Collection[str] = (),
    ) -> None:
        with self._database.write() as connection:
            output.retire(connection, slugs, moved, there, private, closed)

    def origins(self) -> dict[str, str]:
        with self._database.read() as connection:
            return output.origins(connection)

    def secluded(self) -> frozenset[str]:
        with self._database.read() as connection:
            return output.secluded(connection)

    def gone(self, feed: str) -> Gone | None:
        with self._database.read() as connection:
            return output.gone_to(connection, feed)

    def artifact(self, path: str) -> Artifact | None:
        with self._database.read() as connection:
            return output.saved(connection, path)

    def artifacts(self) -> tuple[str, ...]:
        with self._database.read() as connection:
            return output.paths(connection)

    def documents(self, feed: str) -> tuple[Artifact, ...]:
        with self._database.read() as connection:
            return output.documents(connection, feed)

    def stamps(self, feed: str | None) -> tuple[Stamp, ...]:
        with self._database.read() as connection:
            return output.stamps(connection, feed)

    # -- deliveries ------------------------------------------------------------------------------

    def sync_targets(self, targets: Mapping[str, Collection[str]]) -> None:
        with self._database.write() as connection:
            deliveries.sync(connection, targets)

    def pending(self, target: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
        with self._database.read() as connection:
            return deliveries.pending(connection, target, now, limit)

    def undelivered(self) -> tuple[Delivery, ...]:
        with self._database.read() as connection:
            return deliveries.failing(connection)

    def delivered(self, done: Sequence[Delivery], gone: Sequence[Delivery] = ()) -> None:
        with self._database.write() as connection:
            deliveries.done(connection, done)
            deliveries.forget(connection, gone)

    def want_later(self, target: str, feed: str, at: datetime) -> None:
        with self._database.write() as connection:
            deliveries.want_later(connection, target, feed, at)

    def put_off(self, target: str, until: datetime, error: str) -> None:
        with self._database.write() as connection:
            deliveries.put_off(connection, target, until, error)

    def accept(self, source: str) -> int:
        with self._database.write() as connection:
            return floods.accept(connection, source)

    # -- withdrawal ------------------------------------------------------------------------------

    def find(self, words: str) -> tuple[Found, ...]:
        with self._database.read() as connection:
            return withdrawal.find(connection, words)

    def revisions(self, key: EntryKey) -> tuple[Revision, ...]:
        with self._database.read() as connection:
            return withdrawal.revisions(connection, key)

    def copies(self, keys: Sequence[EntryKey]) -> tuple[EntryKey, ...]:
        with self._database.read() as connection:
            return withdrawal.copies(connection, keys)

    def withdraw(self, keys: Sequence[EntryKey], at: datetime, reason: str | None) -> int:
        with self._database.write() as connection:
            return withdrawal.withdraw(connection, keys, at, reason)

    def restore(self, keys: Sequence[EntryKey]) -> int:
        with self._database.write() as connection:
            return withdrawal.restore(connection, keys)

    # -- the operator's word on stories ------------------------------------------------------------

    def split(self, entry: EntryKey, at: datetime) -> int:
        with self._database.write() as connection:
            return stories.split(connection, entry, at)

    def join(self, link: DuplicateLink, at: datetime) -> None:
        with self._database.write() as connection:
            stories.join(connection, link, at)

    # -- our own hub -----------------------------------------------------------------------------

    def ask(self, asked: Asked) -> bool:
        with self._database.write() as connection:
            return subscriptions.ask(connection, asked)

    def questions(self, now: datetime, limit: int) -> tuple[Question, ...]:
        with self._database.read() as connection:
            return subscriptions.questions(connection, now, limit)

    def answered(self, question: Question, meant: bool, now: datetime) -> None:
        with self._database.write() as connection:
            subscriptions.answered(connection, question, meant, now)

    def ask_again(self, question: Question, at: datetime) -> None:
        with self._database.write() as connection:
            subscriptions.ask_again(connection, question, at)

    def unsent(self, now: datetime, limit: int) -> tuple[Subscriber, ...]:
        with self._database.read() as connection:
            return subscriptions.unsent(connection, now, limit)

    def sent(self, subscribers: Sequence[Subscriber], etag: str) -> None:
        with self._database.write() as connection:
            subscriptions.sent(connection, subscribers, etag)

    def send_again(self, subscriber: Subscriber, at: datetime) -> None:
        with self._database.write() as connection:
            subscriptions.send_again(connection, subscriber, at)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        with self._database.write() as connection:
            subscriptions.remove(connection, subscriber.id)

    def expire_subscriptions(self, now: datetime) -> None:
        with self._database.read() as connection:
            if not subscriptions.expired(connection, now):
                return
        with self._database.write() as connection:
            subscriptions.expire(connection, now)

    # -- housekeeping ----------------------------------------------------------------------------

    def tidy(self, log_before: datetime) -> int:
        with self._database.write() as connection:
            return polls.tidy(connection, log_before)

    def forget_traces(self, before: datetime, newest: int) -> None:
        with self._database.read() as connection:
            last = tellers.newest_before(connection, before)
        for place in range(tellers.SLICES if last else 0):
            with self._database.write() as connection:
                tellers.sweep_keys(connection, last, place)
        after = 0
        while after < last:
            with self._database.write() as connection:
                entries = tellers.sketched(connection, after, last)
                tellers.sweep_sketches(connection, entries, newest)
            after = max(entries, default=last)

    def check(self) -> None:
        with self._database.read() as connection:
            migrate.check(connection)

    def written(self) -> Callable[[], int | None]:
        return self._database.written()

    def close(self) -> None:
        self._database.close()

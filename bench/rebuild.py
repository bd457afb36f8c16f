"""What it costs to build a feed again: one new entry among fifty, one category among ten thousand.

CPU seconds of this process, medians; the same store, the same settings, imports done before.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape
from pathlib import Path
from random import Random
from statistics import median
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator import __version__, app, plugins
from aggregator.core.fragments import Fragments
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.events import Built, Event, Polled
from aggregator.model.fetched import Answer, Document, Fetched, PostFolder, Request
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Settings, Site, Source
from aggregator.model.shown import Publication
from aggregator.pipeline import Kind, Pipeline
from bench.prose import Prose

ENTRIES = 50
CATEGORIES = 10_000
_RUNS = 9
_START = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SITE = Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026")
_ENTRY_BYTES = 5_700
"""As in the catalogue of ``python -m bench``, on average."""
_SOURCES = 10

_T = TypeVar("_T")


class _Told(Struct):
    """A fetcher of documents made here."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    now: datetime = _START

    def clock(self) -> datetime:
        return self.now

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = bool,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        for request in requests:
            body = self.bodies[request.location]
            document = Document(request.location, "", None, body)
            yield Answer(request, Fetched(document, sha256(body).hexdigest()), self.now)


class Rebuild(Struct, frozen=True):
    """CPU seconds of one feed: from the store to saved bytes, and of that the writing."""

    whole_s: float
    one_new_s: float
    whole_written_s: float
    one_new_written_s: float

    @property
    def ratio(self) -> float:
        return self.one_new_s / self.whole_s

    @property
    def written_ratio(self) -> float:
        return self.one_new_written_s / self.whole_written_s


class Touched(Struct, frozen=True):
    """One entry among many categories."""

    categories: int
    built: tuple[str, ...]
    all_s: float
    one_s: float


def one_new_entry(instance: Path, runs: int = _RUNS) -> Rebuild:
    """Build a feed of fifty with one new entry, and whole, as often as ``runs`` says."""
    bench = _Bench(instance, 1)
    prose = Prose(Random(1))
    entries = [_entry(number, "Bench", prose.body(_ENTRY_BYTES)) for number in range(999)]
    costs: list[tuple[float, ...]] = []
    for run in range(runs + 1):
        bench.poll([entries[: ENTRIES + run]])
        one_new, one_new_written = bench.publish(), bench.written_s()
        whole, whole_written = bench.publish_whole(run), bench.written_s()
        costs.append((whole, one_new, whole_written, one_new_written))
        bench.publish_again()
    return Rebuild(*map(median, zip(*costs[1:], strict=True)))


def one_category(instance: Path, categories: int = CATEGORIES) -> Touched:
    """Build so many categories, then have one entry in one of them."""
    bench = _Bench(instance, _SOURCES)
    share = categories // _SOURCES
    entries = [
        [_entry(number, f"Topic {number}", "<p>Few words.</p>") for number in numbers]
        for numbers in (range(first, first + share) for first in range(0, categories, share))
    ]
    bench.poll(entries)
    all_s = bench.publish()
    entries[0].append(_entry(categories, "Topic 7", "<p>One more.</p>"))
    bench.poll(entries)
    bench.events.clear()
    one_s = bench.publish()
    built = tuple(event.slug for event in bench.events if isinstance(event, Built))
    return Touched(share * _SOURCES, built, all_s, one_s)


class _Bench:
    """A pipeline over documents made here; its clock goes a day further with each poll."""

    def __init__(self, instance: Path, sources: int) -> None:
        self.events: list[Event] = []
        self._told = _Told()
        self._polled = 0
        self._written_s = 0.0
        settings = Settings(path=Path("feeds.yaml"), site=_SITE, sources=_sources(sources))
        store = app.open_instance(instance)
        base = app.assemble(settings, store, self._told.clock, self._observe)
        publishing = replace(
            base.publishing,
            fragments=self._fragments(__version__),
            formats={
                name: replace(form, render=self._watched(form.render))
                for name, form in base.publishing.formats.items()
            },
        )
        kinds = {"feed": Kind(self._told, _parse)}
        self._pipeline = replace(base, kinds=kinds, publishing=publishing)
        self._pipeline.start()

    def poll(self, entries: Sequence[Sequence[str]]) -> None:
        """Take in these entries of each source, and build nothing."""
        self._told.now += timedelta(days=1)
        self._told.bodies = {
            _address(number): _rss(list(own)) for number, own in enumerate(entries)
        }
        self._polled = 0
        self._pipeline.poll_due(force=True, stop=lambda: self._polled >= len(entries))

    def publish(self) -> float:
        """Build what is to be built; returns the CPU seconds it took."""
        return _cpu_s(self._pipeline)

    def _fragments(self, version: str) -> Fragments:
        return Fragments(self._watched(plugins.border), version)

    def publish_whole(self, run: int) -> float:
        """Build the feed of ``one_new_entry`` as another version of the program would."""
        version = f"other {run}"
        fragments = self._fragments(version)
        other = replace(self._pipeline.publishing, version=version, fragments=fragments)
        self._pipeline.store.outdate(["bench"])
        return _cpu_s(replace(self._pipeline, publishing=other))

    def publish_again(self) -> None:
        """Go back to this version."""
        self._pipeline.store.outdate(["bench"])
        self._pipeline.publishing.publish(bool)

    def written_s(self) -> float:
        """Return the CPU seconds that formats took since this was asked last."""
        spent, self._written_s = self._written_s, 0.0
        return spent

    def _watched(self, work: Callable[[Publication], _T]) -> Callable[[Publication], _T]:
        def watched(publication: Publication) -> _T:
            began = time.process_time()
            try:
                return work(publication)
            finally:
                self._written_s += time.process_time() - began

        return watched

    def _observe(self, event: Event) -> None:
        self.events.append(event)
        self._polled += isinstance(event, Polled)


def _parse(document: Document | PostFolder) -> ParsedFeed:
    """File the entries of a feed by what they say, as those of a folder of posts are."""
    feed = read_feed(document)
    filed = [
        replace(entry, categories=tuple(term.term for term in entry.terms))
        for entry in feed.entries
    ]
    return replace(feed, entries=tuple(filed))


def _cpu_s(pipeline: Pipeline) -> float:
    began = time.process_time()
    pipeline.publishing.publish(bool)
    return time.process_time() - began


def _sources(count: int) -> tuple[Source, ...]:
    return tuple(
        Source(f"s{number}", "feed", _address(number), own_categories=True)
        for number in range(count)
    )


def _address(number: int) -> str:
    return f"https://s{number}.example/feed"


def _entry(number: int, category: str, html: str) -> str:
    link = f"https://s.example/{number}"
    date = (_START - timedelta(days=900) + timedelta(hours=number)).strftime("%d %b %Y %H:%M:%S")
    return (
        f"<item><guid>{link}</guid><link>{link}</link><title>Story {number}</title>"
        f"<pubDate>{date} GMT</pubDate><category>{category}</category>"
        f"<description>{escape(html)}</description></item>"
    )


def _rss(entries: Sequence[str]) -> bytes:
    """Write the newest last entry first."""
    items = "".join(reversed(entries))
    return f'<rss version="2.0"><channel><title>S</title>{items}</channel></rss>'.encode()

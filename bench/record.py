"""``python -m bench.record FOLDER``: feeds made of a folder of captured ones, and if they hold.

Every file is a source that is polled as often as ``--turns`` says, with a part of its entries more
each time. Then all feeds are read back: each document by a strict parser and by feedparser; each
archive is walked from the current document and compared with what the store holds of the feed; and
all of it is built once more in another database and compared byte for byte.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import feedparser
from msgspec import Struct
from msgspec.structs import replace

from aggregator import app
from aggregator.errors import RenderError
from aggregator.formats.gate import check_atom, check_html, check_json, check_rss
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.events import Bug, Event, Held
from aggregator.model.fetched import Answer, Document, Fetched, PostFolder, Request
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Category, Feed, Match, Settings, Site, Source
from aggregator.pipeline import Kind, Pipeline
from bench import rebuild
from bench.validity import BREACHES, advice

_START = datetime(2026, 3, 2, 12, tzinfo=UTC)
_SITE = Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026")
_CHECKS = {".atom": check_atom, ".rss": check_rss, ".json": check_json, "/": check_html}
_ENDINGS = ("atom", "rss", "json")
_GROUPS = 6
"""Categories the files are spread over."""


class _Captured(Struct):
    """A fetcher over files, and a parser that shows more of each document turn by turn."""

    folder: Path
    turns: int
    turn: int = 0
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
            name = request.location.rpartition("/")[2]
            body = (self.folder / name).read_bytes()
            document = Document(request.location, "", None, body)
            stamp = sha256(f"{name} {self.turn}".encode()).hexdigest()
            yield Answer(request, Fetched(document, stamp), self.now)

    def parse(self, document: Document | PostFolder) -> ParsedFeed:
        """Read a document without those of its first entries that later turns bring."""
        feed = read_feed(document)
        later = len(feed.entries) * (self.turns - 1 - self.turn) // (2 * self.turns)
        return replace(feed, entries=feed.entries[later:])


class Report(Struct, frozen=True):
    """What was found."""

    files: int
    stories: int
    documents: Counter[str]
    errors: tuple[str, ...]
    walks: int
    walked: int
    differing: tuple[str, ...]


def main(words: list[str] | None = None) -> int:
    """Build twice, look, print; returns 1 if anything is wrong."""
    said = _parser().parse_args(words)
    if said.rebuild:
        print(_rebuilt())
        return 0
    if said.folder is None:
        _parser().error("name a folder of captured feeds")
    with tempfile.TemporaryDirectory(prefix="record-") as place:
        first, faults = _build(said.folder, Path(place) / "1", said.turns, said.newest)
        second, _ = _build(said.folder, Path(place) / "2", said.turns, said.newest)
        report = _look(first, second, faults, said.folder)
        print(_text(report))
    return 1 if report.errors or report.differing or report.walked < report.walks else 0


def _build(
    folder: Path, instance: Path, turns: int, newest: int
) -> tuple[Pipeline, tuple[str, ...]]:
    """Poll every file so often, a day apart, and publish."""
    world = _Captured(folder, turns)
    events: list[Event] = []
    store = app.open_instance(instance)
    base = app.assemble(_settings(folder, newest), store, world.clock, events.append)
    pipeline = replace(base, kinds={"feed": Kind(world, world.parse)})
    pipeline.start()
    for turn in range(turns):
        world.turn = turn
        pipeline.poll_due(force=True)
        _publish_all(pipeline)
        world.now += timedelta(days=1)
    _publish_all(pipeline)
    faults = [f"held: {event.slug}: {event.reason}" for event in events if isinstance(event, Held)]
    faults += [f"bug: {event.source}: {event.error}" for event in events if isinstance(event, Bug)]
    return pipeline, tuple(faults)


def _publish_all(pipeline: Pipeline) -> None:
    """Build all there is to build, archives included."""
    while pipeline.publishing.publish(bool):
        """What one build leaves for the next."""


def _settings(folder: Path, newest: int) -> Settings:
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    sources = tuple(
        Source(
            f"s{number}",
            "feed",
            f"https://captured.example/{name}",
            categories=(f"Group {number % _GROUPS}",),
        )
        for number, name in enumerate(names)
    )
    return Settings(
        path=Path("feeds.yaml"),
        site=_SITE,
        sources=sources,
        feeds=(Feed("all", "Everything", Match(), newest=newest),),
        defaults=Category("defaults", newest=newest),
    )


# -- looking -------------------------------------------------------------------------------------


def _look(first: Pipeline, second: Pipeline, faults: tuple[str, ...], folder: Path) -> Report:
    store = first.store
    paths = store.artifacts()
    bodies = {path: _body(first, path) for path in paths}
    others = {path: _body(second, path) for path in second.store.artifacts()}
    slugs = [line.slug for line in first.publishing.directory().feeds]
    held = {slug: _stories(first, slug) for slug in slugs}
    walks = [(slug, ending, _walk(bodies, slug, ending)) for slug in slugs for ending in _ENDINGS]
    return Report(
        files=sum(1 for path in folder.iterdir() if path.is_file()),
        stories=len(held.get("all", frozenset())),
        documents=Counter(_kind(path) for path in paths),
        errors=(*faults, *(error for path in paths for error in _errors(path, bodies[path]))),
        walks=len(walks),
        walked=sum(frozenset(found) == held[slug] for slug, _, found in walks),
        differing=tuple(
            sorted(
                path
                for path in bodies.keys() | others.keys()
                if bodies.get(path) != others.get(path)
            )
        ),
    )


def _body(pipeline: Pipeline, path: str) -> bytes:
    saved = pipeline.store.artifact(path)
    return saved.body if saved else b""


def _stories(pipeline: Pipeline, slug: str) -> frozenset[str]:
    """Return the ids under which a feed announced what the store holds of it, from the entries."""
    feeds = {feed.slug: feed for feed in pipeline.publishing.feeds()}
    rows = pipeline.store.newest(feeds[slug].match, since=None, limit=10**6)
    clusters = sorted({row.cluster for row in rows})
    first: dict[int, str] = {cluster: f"not announced: {cluster}" for cluster in clusters}
    for line in reversed(pipeline.store.announced(slug, clusters)):
        first[line.cluster] = line.atom_id
    return frozenset(first.values())


def _walk(bodies: dict[str, bytes], slug: str, ending: str) -> list[str]:
    """Return all ids from the current document back."""
    found: list[str] = []
    path: str | None = f"feeds/{slug}.{ending}"
    seen: set[str] = set()
    while path and path not in seen:
        seen.add(path)
        ids, path = _read(bodies[path], ending)
        found += ids
    return found


def _read(body: bytes, ending: str) -> tuple[list[str], str | None]:
    if ending == "json":
        document = json.loads(body)
        ids, older = [item["id"] for item in document["items"]], document.get("next_url")
    else:
        parsed = feedparser.parse(body)
        ids = [entry.id for entry in parsed.entries]
        links = (link.href for link in parsed.feed.links if link.rel == "prev-archive")
        older = next(links, None)
    return ids, older.removeprefix(_SITE.url) if older else None


def _errors(path: str, body: bytes) -> Iterator[str]:
    """Yield what a strict parser, the rules of its format and feedparser say against a document."""
    for ending, check in _CHECKS.items():
        if path.endswith(ending):
            try:
                check(body)
            except RenderError as error:
                yield f"{path}: {error}"
    ending = path.rpartition(".")[2]
    if ending in BREACHES:
        yield from (f"{path}: {words}" for words in BREACHES[ending](body))
        yield from (f"{path}: {words}" for words in advice(body, f"{_SITE.url}{path}"))
    if path.endswith((".atom", ".rss")):
        parsed = feedparser.parse(body)
        if parsed.bozo:
            yield f"{path}: {parsed.bozo_exception}"


def _kind(path: str) -> str:
    ending = path.rpartition(".")[2] if "." in path else "html"
    return f"{ending} pages" if "/archive/" in path else ending


def _text(report: Report) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.documents.items()))
    lines = [
        f"captured files:          {report.files}",
        f"stories kept:            {report.stories}",
        f"documents:               {sum(report.documents.values())} ({kinds})",
        f"errors:                  {len(report.errors)}",
        f"walks equal to store:    {report.walked} of {report.walks}",
        f"differ in a rebuild:     {len(report.differing)}",
    ]
    lines += [f"  {line}" for line in (*report.errors[:20], *report.differing[:20])]
    return "\n".join(lines)


def _rebuilt() -> str:
    with tempfile.TemporaryDirectory(prefix="record-") as place:
        feed = rebuild.one_new_entry(Path(place) / "one")
        touched = rebuild.one_category(Path(place) / "many")
    return "\n".join(
        (
            f"a feed of {rebuild.ENTRIES} entries, CPU ms from the store to saved bytes:",
            f"  built whole:           {feed.whole_s * 1000:.1f}",
            f"  with one new entry:    {feed.one_new_s * 1000:.1f}",
            f"  ratio:                 {feed.ratio:.2f}",
            f"  writing alone, whole:  {feed.whole_written_s * 1000:.1f}",
            f"  with one new entry:    {feed.one_new_written_s * 1000:.1f}",
            f"  ratio:                 {feed.written_ratio:.2f}",
            f"{touched.categories} categories, CPU s:",
            f"  all built:             {touched.all_s:.1f}",
            f"  one entry touched:     {touched.one_s:.2f}",
            f"  feeds built for it:    {len(touched.built)} ({', '.join(touched.built)})",
        )
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.record", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="of captured feeds, one a file")
    parser.add_argument(
        "--rebuild", action="store_true", help="measure what building a feed again costs instead"
    )
    parser.add_argument("--turns", type=int, default=4, help="polls of each (4)")
    parser.add_argument("--newest", type=int, default=50, help="entries of a current document (50)")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""kill -9 at any moment: nothing is lost, nothing announced twice, nothing torn.

A process polls a small world against a real database and is killed, at a statement or at a
moment that a seed chose; then another takes over an hour later by the world's clock. Whatever a
reader could have fetched in between is looked at, and remembered.
"""

import gzip
import json
import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace
from sqlalchemy import Engine, event, text

from aggregator import app
from aggregator.model.events import Bug, Event, Held
from aggregator.model.fetched import (
    Answer,
    Document,
    Fetched,
    NotModified,
    PostFolder,
    Request,
    Validators,
)
from aggregator.model.parsed import FeedInfo, ParsedEntry, ParsedFeed, Text
from aggregator.model.settings import Feed, Match, Settings, Site, Source
from aggregator.model.shown import Artifact
from aggregator.pipeline import Kind, Pipeline
from aggregator.store import open_store
from aggregator.store.database import Database

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("AGGREGATOR_TEST_KILLS", "60"))
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = ("a", "b", "c", "d")
WINDOW = 400
"""Hours an item is listed: longer than the longest row of rounds that were all killed too early to
read anything, or the world would forget items that nobody had a chance to keep."""
SHARED = 5
EDITED = 7
EMPTY = 11

SETTINGS = Settings(
    path=Path("feeds.yaml"),
    site=Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026"),
    sources=tuple(
        Source(name, "feed", f"https://{name}.example/feed", categories=("News", name.upper()))
        for name in NAMES
    ),
    feeds=(Feed("all", "Everything", Match(), newest=99_999),),
)


# -- the world -----------------------------------------------------------------------------------


def items(name: str, hours: int) -> list[dict[str, str]]:
    """Return what a source lists after so many hours: an item an hour, the newest first.

    Every fifth is the same story in two sources, every seventh is corrected two hours later.
    """
    listed = []
    for number in range(hours, max(-1, hours - WINDOW), -1):
        shared = number % SHARED == 0 and name in "ab"
        host = "agency" if shared else name
        title = f"{host} reports item {number}"
        edited = not shared and number % EDITED == 0 and hours >= number + 2
        listed.append(
            {
                "guid": f"{name}-{number}",
                "link": f"https://{host}.example/{number}",
                "title": f"{title}, corrected" if edited else title,
                "published": (START + number * HOUR).isoformat(),
            }
        )
    return listed


def read_items(document: Document | PostFolder) -> ParsedFeed:
    """Read a body of the world."""
    assert isinstance(document, Document)
    entries = tuple(
        ParsedEntry(
            guid=item["guid"],
            link=item["link"],
            title=Text(item["title"]),
            content=Text(f"<p>About {item['title']}</p>", is_html=True),
            published=datetime.fromisoformat(item["published"]),
        )
        for item in json.loads(document.body)
    )
    return ParsedFeed("rss20", FeedInfo(title=document.url), entries)


def etag_of(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()}"'


@dataclass
class World:
    """A clock and what each source says at its time; it ends at some hour."""

    now: datetime
    end: int

    def clock(self) -> datetime:
        return self.now

    def fetch(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = bool,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        for request in requests:
            hours = min((self.now - START) // HOUR, self.end)
            empty = hours % EMPTY == EMPTY - 1 and hours < self.end
            listed = [] if empty else items(request.source.name, hours)
            body = json.dumps(listed).encode()
            etag = etag_of(body)
            if request.validators.etag == etag:
                yield Answer(request, NotModified(Validators(etag)), self.now)
                continue
            document = Document(request.location, "application/json", None, body)
            yield Answer(request, Fetched(document, etag, Validators(etag)), self.now)


def pipeline(url: str, world: World) -> Pipeline:
    base = app.assemble(SETTINGS, open_store(url), world.clock, _complain)
    return replace(base, kinds={"feed": Kind(world.fetch, read_items)})


def _complain(told: Event) -> None:
    """Let no fault of ours pass as a failed poll, and no held feed as an old one."""
    if isinstance(told, Bug):
        raise told.error
    assert not isinstance(told, Held), told


def run(url: str, hours: int, rounds: int, end: int) -> None:
    """Poll for some rounds, an hour apart."""
    world = World(START + hours * HOUR, end)
    made = pipeline(url, world)
    made.start()
    for _ in range(rounds):
        made.poll_due()
        world.now += HOUR
    made.store.close()


def run_and_die(url: str, hours: int, statement: int) -> None:
    """Poll on; before a certain statement the process is gone."""
    left = [statement]

    def count(*told: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    run(url, hours, 6, end=10**6)


# -- what a reader sees --------------------------------------------------------------------------


@dataclass
class Ledger:
    """What was ever seen in the published feed: which id stands for which story."""

    ids: dict[str, str] = field(default_factory=dict)
    entries: set[tuple[str, str]] = field(default_factory=set)

    def look(self, url: str) -> None:
        """Fetch every artifact, and compare with what was seen before."""
        store = open_store(url)
        store.check()
        for path in store.artifacts():
            artifact = store.artifact(path)
            assert artifact is not None
            assert gzip.decompress(artifact.gzip) == artifact.body, path
            _parse(artifact)
        feed = store.artifact("feeds/all.atom")
        if feed:
            self._read(feed.body)
        newest = store.newest(Match(), since=None, limit=10**6)
        kept = {(one.key.source, one.key.guid) for one in newest}
        assert self.entries <= kept, "an entry was lost"
        self.entries = kept
        for known in store.sources():
            listed = _listed_with(known.name, known.state.validators.etag)
            assert listed <= kept, "validators were kept, but not all they vouch for"
        store.close()
        _check_integrity(url)

    def _read(self, body: bytes) -> None:
        root = etree.fromstring(body)
        atom = "{http://www.w3.org/2005/Atom}"
        seen = [
            (
                entry.findtext(f"{atom}id"),
                next(link.get("href") for link in entry.iter(f"{atom}link")),
            )
            for entry in root.iter(f"{atom}entry")
        ]
        stories = [link for _, link in seen]
        assert len(set(stories)) == len(stories), "a story stands in the feed twice"
        assert self.ids.keys() <= set(stories), "a story left the feed"
        for atom_id, link in seen:
            assert self.ids.setdefault(link, atom_id) == atom_id, "announced again: another id"  # type: ignore[arg-type]
        assert len(set(self.ids.values())) == len(self.ids), "one id for two stories"


@cache
def _bodies(name: str) -> dict[str, frozenset[tuple[str, str]]]:
    """Return what a source lists at every hour, by ETag."""
    found = {}
    for hours in range(10 * KILLS):
        listed = items(name, hours)
        entries = frozenset((name, item["guid"]) for item in listed)
        found[etag_of(json.dumps(listed).encode())] = entries
    return found


def _listed_with(name: str, etag: str | None) -> frozenset[tuple[str, str]]:
    return _bodies(name).get(etag or "", frozenset())


def _parse(artifact: Artifact) -> None:
    if "xml" in artifact.media_type:
        etree.fromstring(artifact.body)
    elif "json" in artifact.media_type:
        json.loads(artifact.body)
    elif "html" in artifact.media_type:
        assert artifact.body.rstrip().endswith(b"</html>"), artifact.path


def _check_integrity(url: str) -> None:
    if not url.startswith("sqlite"):
        return
    database = Database(url)
    with database.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).fetchall() == [("ok",)]
        assert connection.execute(text("PRAGMA foreign_key_check")).fetchall() == []
    database.close()


# -- the test ------------------------------------------------------------------------------------


def test_kills_lose_nothing_and_repeat_nothing(database_url: str) -> None:
    chance = random.Random(20260302)
    ledger = Ledger()
    hours, killed = 0, 0
    for _ in range(KILLS):
        statement = 10**9 if chance.random() < 0.4 else chance.randrange(1, 150)
        killed += _kill(database_url, hours, statement, chance.uniform(0.0, 0.15))
        ledger.look(database_url)
        hours += chance.randrange(2, 6)
    assert killed > KILLS / 2
    run(database_url, hours + 6, 12, end=hours)
    ledger.look(database_url)
    told = {(name, f"{name}-{number}") for name in NAMES for number in range(hours + 1)}
    assert ledger.entries >= told
    stories = {item["link"] for name in NAMES for item in items(name, hours)}
    assert set(ledger.ids) >= stories


def _kill(url: str, hours: int, statement: int, after_s: float) -> bool:
    """Start a process and end it; tell whether it was still at work."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=run_and_die, args=(url, hours, statement))
    process.start()
    process.join(30 if statement < 10**9 else after_s)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode == -signal.SIGKILL

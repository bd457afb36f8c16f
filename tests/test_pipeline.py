"""Both flows, end to end, with a clock that tests own: days pass in a second."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import feedparser
import pytest
from msgspec import Struct
from msgspec.structs import replace

from aggregator import app, plugins
from aggregator.core.hosts import domain_of
from aggregator.errors import FetchError, RenderError, UsageError
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.events import Bug, Event, Polled
from aggregator.model.fetched import (
    Answer,
    Document,
    Failed,
    Fetched,
    HostPause,
    NotModified,
    PostFolder,
    Request,
    Validators,
    Wishes,
)
from aggregator.model.known import PollPlan
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Category, Feed, Match, Republish, Settings, Site, Source
from aggregator.model.shown import Directory
from aggregator.pipeline import Kind, Pipeline
from aggregator.ports import SitePage, Store

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Time:
    """A clock that moves when it is told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, length: timedelta) -> None:
        self.now += length


@dataclass
class World:
    """A fetcher over a dictionary: what each address answers now, and who asked when."""

    clock: Time
    bodies: dict[str, bytes | FetchError] = field(default_factory=dict)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    pauses: dict[str, timedelta] = field(default_factory=dict)
    """What each address asks for with its failure."""
    slow: dict[str, timedelta] = field(default_factory=dict)
    """How long each source takes to answer."""

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = bool,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        while requests:
            for request in requests:
                if stop():
                    return
                self.asked.append((request.source.name, self.clock()))
                self.clock.pass_by(self.slow.get(request.source.name, timedelta(0)))
                yield Answer(request, self._outcome(request), self.clock())
            requests = more()

    def _outcome(self, request: Request) -> Fetched | NotModified | Failed:
        body = self.bodies.get(request.location, FetchError("404 Not Found", status=404))
        if isinstance(body, FetchError):
            return Failed(body, self._wishes(request.location))
        etag = f'"{sha256(body).hexdigest()[:8]}"'
        if request.validators.etag == etag:
            return NotModified(Validators(etag))
        document = Document(request.location, "application/rss+xml", None, body)
        return Fetched(document, sha256(body).hexdigest(), Validators(etag))

    def _wishes(self, location: str) -> Wishes:
        wait = self.pauses.get(location)
        if wait is None:
            return Wishes()
        return Wishes(wait, wait, HostPause(domain_of(location) or "", wait))


def rss(*items: tuple[int, str], title: str = "A feed", host: str = "a.example") -> bytes:
    """Write a feed of items (number, title), the first the newest, one an hour."""
    lines = [
        f"<item><title>{words}</title><link>https://{host}/{number}</link>"
        f"<guid>https://{host}/{number}</guid>"
        f"<description>About {words}</description>"
        f"<pubDate>{START - timedelta(days=1) + number * HOUR:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        "</item>"
        for number, words in items
    ]
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://{host}/</link><description/>{''.join(lines)}</channel></rss>"
    ).encode()


A = Source("a", "feed", "https://a.example/feed", categories=("News",), slowest=HOUR)
B = Source("b", "feed", "https://b.example/feed", categories=("News", "Other"), slowest=HOUR)
SETTINGS = Settings(
    path=Path("feeds.yaml"),
    site=Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026"),
    sources=(A, B),
    feeds=(Feed("all", "Everything", Match()),),
)


class Case(Struct):
    """A pipeline over a real store, its world and its clock."""

    pipeline: Pipeline
    world: World
    clock: Time
    events: list[Event]

    def poll(self, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
        """Let time pass and poll what is due; returns (source, outcome)."""
        self.clock.pass_by(after)
        done = self.pipeline.poll_due()
        return [(poll.record.source, poll.record.outcome) for poll in done.polls]

    def body(self, path: str) -> bytes:
        artifact = self.pipeline.store.artifact(path)
        assert artifact is not None, path
        return artifact.body

    def entries(self, slug: str = "news") -> list[tuple[str, str]]:
        """Return (id, title) of a category's Atom feed, as a reader sees them."""
        parsed = feedparser.parse(self.body(f"feeds/{slug}.atom"))
        return [(entry.id, entry.title) for entry in parsed.entries]


def assemble(
    store: Store, settings: Settings = SETTINGS, clock: Time | None = None, parse=read_feed
) -> Case:  # type: ignore[no-untyped-def]
    clock = clock or Time()
    world, events = World(clock), list[Event]()
    base = app.assemble(settings, store, clock, events.append)
    publishing = replace(base.publishing, settle=timedelta(0))
    pipeline = replace(base, kinds={"feed": Kind(world, parse)}, publishing=publishing)
    pipeline.start()
    return Case(pipeline, world, clock, events)


@pytest.fixture
def case(store: Store) -> Case:
    return assemble(store)


def test_a_poll_ends_in_a_feed(case: Case) -> None:
    case.world.bodies = {A.location: rss((2, "Two"), (1, "One"))}
    assert case.poll() == [("a", "new"), ("b", "failed")]
    assert case.entries() == [("https://a.example/2", "Two"), ("https://a.example/1", "One")]
    assert case.entries("all") == case.entries()


@pytest.mark.parametrize("ending", ["atom", "rss"])
@pytest.mark.parametrize("location", ["https://feeds.example/feeds/news.%s", "https://p.example/"])
def test_what_we_publish_does_not_come_back_as_news(
    store: Store, ending: str, location: str
) -> None:
    """An entry without an id of its own came round at every poll, each time under another one."""
    planet = Source("planet", "feed", location.replace("%s", ending), ("News",), slowest=HOUR)
    case = assemble(store, replace(SETTINGS, sources=(A, planet)))
    bare = rss((2, "Two"), (1, "One")).replace(b"<guid>https://a.example/1</guid>", b"")
    bare = bare.replace(b"<link>https://a.example/1</link>", b"")
    case.world.bodies = {A.location: bare}
    case.poll()
    before = case.entries()
    for _ in range(3):
        ours = case.body(f"feeds/news.{ending}")
        if planet.location == "https://p.example/":
            ours = ours.replace(b"https://feeds.example/feeds/", b"https://p.example/")
        case.world.bodies[planet.location] = ours
        case.poll(2 * HOUR)
    assert case.entries() == before


def test_one_sources_failure_harms_no_other(case: Case) -> None:
    case.world.bodies = {A.location: b"<html>not a feed</html>", B.location: rss((1, "One"))}
    assert case.poll() == [("a", "broken"), ("b", "new")]
    assert case.entries("other") == [("https://a.example/1", "One")]


def test_nothing_is_asked_before_it_is_due(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "One"), host="b.example")}
    assert len(case.poll()) == 2
    assert case.poll(timedelta(minutes=59)) == []
    assert case.poll(timedelta(minutes=61)) == [("a", "not-modified"), ("b", "not-modified")]


def test_a_restart_asks_nothing_early_and_announces_nothing_twice(store: Store) -> None:
    first = assemble(store)
    first.world.bodies = {A.location: rss((1, "One"))}
    first.poll()
    before = first.body("feeds/news.atom")
    again = assemble(store, clock=Time(START + timedelta(minutes=30)))
    assert again.poll() == []
    assert again.body("feeds/news.atom") == before


def test_an_unchanged_answer_builds_no_feed(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One"))}
    case.poll()
    case.clock.pass_by(2 * HOUR)
    assert case.pipeline.poll_due(["a"]).built == ()


def test_a_new_entry_builds_only_the_feeds_it_is_in(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "B"), host="b.example")}
    case.poll()
    case.world.bodies[A.location] = rss((2, "Two"), (1, "One"))
    case.clock.pass_by(2 * HOUR)
    assert set(case.pipeline.poll_due().built) == {"news", "all"}


def test_the_lists_follow_what_sources_and_feeds_are_called(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One"), title="First"), B.location: rss((2, "Two"))}
    case.poll()
    listed = case.body("opml.xml")
    assert b'title="First"' in listed
    case.world.bodies[A.location] = rss((3, "Three"), (1, "One"), title="First")
    case.poll(2 * HOUR)
    assert case.body("opml.xml") == listed
    assert b"3 entries" in case.body("")
    case.world.bodies[A.location] = rss((4, "Four"), (1, "One"), title="Second")
    case.poll(2 * HOUR)
    assert case.body("opml.xml") == listed.replace(b'"First"', b'"Second"')
    assert b"<bdi>Second</bdi>" in case.body("")
    assert b"<bdi>First</bdi>" not in case.body("")


def test_lists_follow_though_a_page_could_not_be_written_in_between(case: Case) -> None:
    fails = [False, True, False]

    def fragile(_: Directory) -> bytes:
        if fails.pop(0):
            raise RenderError("the template fails")
        return b"A list"

    page = SitePage(fragile, lambda _: None, "text/plain", "list.txt")
    publishing = case.pipeline.publishing
    publishing = replace(publishing, pages=(page, *publishing.pages))
    case = replace(case, pipeline=replace(case.pipeline, publishing=publishing))
    case.world.bodies = {A.location: rss((1, "One"), title="First")}
    case.poll()
    case.world.bodies[A.location] = rss((2, "Two"), (1, "One"), title="Second")
    with pytest.raises(RenderError):
        case.poll(2 * HOUR)
    case.world.bodies[A.location] = rss((3, "Three"), (1, "One"), title="Second")
    case.poll(2 * HOUR)
    assert b'title="Second"' in case.body("opml.xml")


def test_an_edit_keeps_its_id_and_its_place_and_moves_updated(case: Case) -> None:
    case.world.bodies = {A.location: rss((2, "Two"), (1, "One"))}
    case.poll()
    case.world.bodies[A.location] = rss((2, "Two"), (1, "One, corrected"))
    case.poll(2 * HOUR)
    assert case.entries() == [
        ("https://a.example/2", "Two"),
        ("https://a.example/1", "One, corrected"),
    ]
    edited = feedparser.parse(case.body("feeds/news.atom")).entries[1]
    assert edited.updated == "2026-03-02T14:00:00Z"
    assert edited.published == "2026-03-01T13:00:00Z"


def test_an_empty_answer_deletes_nothing_and_a_return_is_no_news(case: Case) -> None:
    case.world.bodies = {A.location: rss((2, "Two"), (1, "One"))}
    case.poll()
    before = case.body("feeds/news.atom")
    case.world.bodies[A.location] = rss()
    case.poll(2 * HOUR)
    case.world.bodies[A.location] = rss((2, "Two"), (1, "One"))
    case.poll(2 * HOUR)
    assert case.body("feeds/news.atom") == before


def test_a_feed_that_is_re_dated_announces_nothing(case: Case) -> None:
    body = rss((2, "Two"), (1, "One"))
    case.world.bodies = {A.location: body}
    case.poll()
    before = case.body("feeds/news.atom")
    case.world.bodies[A.location] = body.replace(b"Mar 2026", b"Feb 2026")
    case.poll(2 * HOUR)
    assert case.body("feeds/news.atom") == before


def test_one_story_in_two_sources_is_told_once_with_the_other_named(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "Storm hits coast"))}
    case.poll()
    case.world.bodies[B.location] = rss((1, "STORM hits coast!"), title="B")
    case.poll(2 * HOUR)
    assert [title for _, title in case.entries()] == ["Storm hits coast"]
    assert [title for _, title in case.entries("other")] == ["Storm hits coast"]


def test_entries_whose_ids_and_addresses_change_at_once_are_no_news(case: Case) -> None:
    words = [
        f"Article {number}, about things that nobody else writes about" for number in range(30)
    ]
    case.world.bodies = {A.location: rss(*enumerate(words))}
    case.poll()
    before = case.entries()
    moved = rss(*enumerate(words)).replace(b"https://a.example/", b"http://new.a.example/p")
    case.world.bodies[A.location] = moved
    case.poll(2 * HOUR)
    case.world.bodies[A.location] = moved.replace(b"Article 7", b"Article seven")
    case.poll(2 * HOUR)
    after = case.entries()
    assert [entry_id for entry_id, _ in after] == [entry_id for entry_id, _ in before]
    assert [now for now in after if now not in before] == [
        ("https://a.example/7", "Article seven, about things that nobody else writes about")
    ]


def test_an_address_that_becomes_https_is_no_edit(case: Case) -> None:
    body = rss((2, "Two"), (1, "One"))
    case.world.bodies = {A.location: body.replace(b"https://a.example/", b"http://a.example/")}
    case.poll()
    before = feedparser.parse(case.body("feeds/news.atom")).entries
    case.world.bodies[A.location] = body
    case.poll(2 * HOUR)
    after = feedparser.parse(case.body("feeds/news.atom")).entries
    assert [(one.id, one.updated) for one in after] == [(one.id, one.updated) for one in before]
    assert [one.link for one in after] == ["https://a.example/2", "https://a.example/1"]


def test_a_host_that_asks_for_a_pause_is_left_alone_by_all_its_sources(store: Store) -> None:
    other = Source("c", "feed", "https://feeds.a.example/other", slowest=HOUR)
    case = assemble(store, replace(SETTINGS, sources=(A, B, other)))
    busy = FetchError("429 Too Many Requests", status=429)
    case.world.pauses = {A.location: 5 * HOUR}
    case.world.bodies = {A.location: busy, B.location: rss((1, "B"), host="b.example")}
    case.poll()
    asked = [(name, at) for name, at in case.world.asked if name != "c"]
    assert [name for name, _ in asked] == ["a", "b"]
    case.world.asked.clear()
    for _ in range(4):
        case.poll(HOUR)
    assert {name for name, _ in case.world.asked} == {"b"}
    case.poll(2 * HOUR)
    assert {name for name, _ in case.world.asked} == {"a", "b", "c"}


def test_what_becomes_due_while_a_round_goes_on_is_taken_along(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "B"), host="b.example")}
    case.pipeline.poll_due(["a"])
    case.clock.pass_by(-3 * HOUR)
    case.pipeline.poll_due(["b"], force=True)
    case.clock.pass_by(4 * HOUR)
    case.world.slow = {"b": 2 * HOUR}
    assert [poll.record.source for poll in case.pipeline.poll_due().polls] == ["b", "a"]


def test_the_operator_is_told_once_in_a_feed_of_its_own(case: Case) -> None:
    case.world.bodies = {B.location: rss((1, "B"), host="b.example")}
    for _ in range(9):
        case.poll(12 * HOUR)
    told = feedparser.parse(case.body("operator.atom")).entries
    assert [entry.title for entry in told] == ["a keeps failing"]
    assert case.entries() == [("https://b.example/1", "B")], "and nobody else is"
    case.world.bodies[A.location] = rss((1, "One"))
    case.poll(12 * HOUR)
    told = feedparser.parse(case.body("operator.atom")).entries
    assert [entry.title for entry in told] == ["a answers again", "a keeps failing"]


def test_equal_input_gives_equal_bytes_in_another_database(store: Store, tmp_path: Path) -> None:
    bodies = {A.location: rss((2, "Two"), (1, "One")), B.location: rss((3, "B"), host="b.example")}
    ones, others = assemble(store), assemble(app.open_instance(tmp_path))
    others.clock.pass_by(timedelta(days=3))
    for one in (ones, others):
        one.world.bodies = dict(bodies)  # type: ignore[arg-type]
        one.poll()
    paths = ones.pipeline.store.artifacts()
    assert "feeds/news.rss" in paths
    assert {path: ones.body(path) for path in paths} == {path: others.body(path) for path in paths}


def test_a_second_build_writes_the_same_bytes(case: Case) -> None:
    case.world.bodies = {A.location: rss((2, "Two"), (1, "One"))}
    case.poll()
    before = {path: case.body(path) for path in case.pipeline.store.artifacts()}
    case.clock.pass_by(timedelta(days=1))
    case.pipeline.store.outdate(["news", "all", "other"])
    case.pipeline.publishing.publish(bool)
    assert before == {path: case.body(path) for path in case.pipeline.store.artifacts()}


def test_a_named_source_is_asked_at_once_but_not_within_the_floor(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One"))}
    case.poll()
    assert len(case.pipeline.poll_due(["a"]).polls) == 0
    case.clock.pass_by(timedelta(minutes=16))
    assert len(case.pipeline.poll_due(["a"]).polls) == 1
    assert len(case.pipeline.poll_due(["a"], force=True).polls) == 1


def test_an_unknown_source_is_told_with_the_nearest_name(case: Case) -> None:
    with pytest.raises(UsageError, match="no source is called aa: did you mean a"):
        case.pipeline.poll_due(["aa"])


def test_a_bug_in_one_sources_handling_is_recorded_and_the_round_goes_on(store: Store) -> None:
    def parse(document: Document | PostFolder) -> ParsedFeed:
        if isinstance(document, Document) and document.url == A.location:
            raise ZeroDivisionError("oops")
        return read_feed(document)

    case = assemble(store, parse=parse)
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "B"), host="b.example")}
    done = case.pipeline.poll_due()
    assert [poll.record.source for poll in done.polls] == ["b"]
    bug = next(event for event in case.events if isinstance(event, Bug))
    assert (bug.source, str(bug.error)) == ("a", "oops")
    state = next(source.state for source in store.sources() if source.name == "a")
    assert state.last_error == "a fault of the aggregator's own: ZeroDivisionError: oops"


class Choosy:
    """A store that takes nothing from "a" but its failures."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def apply(self, *plans: PollPlan) -> None:
        if any(one.record.source == "a" and one.record.outcome != "broken" for one in plans):
            raise ZeroDivisionError("oops")
        self._store.apply(*plans)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_a_poll_that_cannot_be_kept_takes_none_along_that_are_kept_with_it(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "B"), host="b.example")}
    case.poll()
    choosy = Choosy(case.pipeline.store)
    pipeline = replace(case.pipeline, store=choosy)  # type: ignore[arg-type]
    again = replace(case, pipeline=pipeline)
    assert again.poll(2 * HOUR) == [("b", "not-modified")]
    assert [event.source for event in case.events if isinstance(event, Bug)] == ["a"]
    log = case.pipeline.store.log("a", 9)
    assert [record.outcome for record in log] == ["broken", "new"]


def test_a_token_in_an_address_leaves_in_nothing_that_is_published(store: Store) -> None:
    address = "https://a.example/feed?token=sesame"
    private = replace(A, location=address, republish=Republish(hide_address=True))
    case = assemble(store, replace(SETTINGS, sources=(private,)))
    own = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{address}"/>'
    source = f'<description/><item><source url="{address}">A feed</source>'
    body = rss((1, "One")).replace(b"<link>", own.encode() + b"<link>", 1)
    case.world.bodies = {address: body.replace(b"<description/><item>", source.encode())}
    assert case.poll() == [("a", "new")]
    paths = store.artifacts()
    assert "feeds/news.atom" in paths
    assert [path for path in paths if b"sesame" in case.body(path)] == []


def test_a_round_that_is_stopped_leaves_the_rest_for_the_next(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One")), B.location: rss((1, "B"), host="b.example")}
    case.pipeline.poll_due(stop=lambda: bool(case.world.asked))
    assert [name for name, _ in case.world.asked] == ["a"]
    assert case.poll(timedelta(minutes=1)) == [("b", "new")]


def test_a_round_killed_after_its_requests_asks_again_only_after_the_floor(case: Case) -> None:
    case.world.bodies = {A.location: rss((1, "One"))}
    case.pipeline.store.claim(case.clock(), 15 * MINUTE, limit=9, per_host=9)  # then kill -9
    assert case.poll(timedelta(minutes=14)) == []
    assert len(case.poll(timedelta(minutes=2))) == 2


def test_a_feed_forgets_entries_that_grow_too_old(store: Store) -> None:
    settings = replace(SETTINGS, categories=(Category("News", max_age=timedelta(days=2)),))
    case = assemble(store, settings)
    case.world.bodies = {A.location: rss((30, "Later"), (1, "One"))}
    case.poll()
    assert [title for _, title in case.entries()] == ["Later", "One"]
    case.poll(timedelta(days=1, hours=2))
    assert [title for _, title in case.entries()] == ["Later"]


def test_a_change_of_settings_builds_the_feed_anew(store: Store) -> None:
    case = assemble(store)
    case.world.bodies = {A.location: rss((1, "One"))}
    case.poll()
    titled = replace(SETTINGS, categories=(Category("News", title="All the news"),))
    again = assemble(store, titled, case.clock)
    assert again.poll(timedelta(minutes=1)) == []
    assert feedparser.parse(again.body("feeds/news.atom")).feed.title == "All the news"


def test_a_source_moved_to_another_category_takes_its_entries_along(store: Store) -> None:
    case = assemble(store)
    case.world.bodies = {A.location: rss((1, "One"))}
    case.poll()
    moved = replace(SETTINGS, sources=(replace(A, categories=("Fresh",)), B))
    again = assemble(store, moved, case.clock)
    again.poll(timedelta(minutes=1))
    assert [title for _, title in again.entries("fresh")] == ["One"]
    assert again.entries("news") == []


def test_polls_are_told_with_their_next_time(case: Case) -> None:
    case.poll()
    told = [event for event in case.events if isinstance(event, Polled)]
    assert [event.next_poll_at for event in told] == [START + HOUR, START + HOUR]


def test_the_kinds_of_source_that_are_there_have_their_parts(tmp_path: Path) -> None:
    pipeline = app.build(SETTINGS, tmp_path)
    assert set(pipeline.kinds) == {source.kind for source in SETTINGS.sources}
    assert set(plugins.SOURCE_KINDS) == {"feed", "posts"}

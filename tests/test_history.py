"""What left the current document: archives, withdrawal, the gate, backfill, as readers see them."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import lxml.html
import pytest
from msgspec.structs import replace
from test_pipeline import HOUR, SETTINGS, START, A, B, Case, Time, assemble, rss

from aggregator import app
from aggregator.core import archive
from aggregator.errors import UsageError
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.events import Built
from aggregator.model.fetched import Document, PostFolder
from aggregator.model.known import DuplicateLink, PollPlan, PollRecord
from aggregator.model.parsed import ParsedEntry, ParsedFeed, Term
from aggregator.model.settings import Category, Feed, Match, Settings
from aggregator.model.shown import Arrivals, Place, Publication, Sweep, Written
from aggregator.ports import Format, Store

ROOT = SETTINGS.site.url
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def news(first: int, last: int, host: str = "a.example", words: str = "Story") -> bytes:
    """Write a feed of the stories from ``last`` down to ``first``."""
    numbers = range(last, first - 1, -1)
    return rss(*((number, f"{words} {number} of {host}") for number in numbers), host=host)


def of_size(newest: int, **words: object) -> Settings:
    """Return settings under which the category News shows so many entries."""
    return replace(SETTINGS, categories=(Category("News", newest=newest, **words),))  # type: ignore[arg-type]


def documents(case: Case, ending: str = "atom", slug: str = "news") -> Iterator[tuple[str, bytes]]:
    """Walk a feed back from its current document; yields path and bytes."""
    path: str | None = f"feeds/{slug}.{ending}"
    for _ in range(10_000):
        if path is None:
            return
        body = case.body(path)
        yield path, body
        path = older(body, ending)
    raise AssertionError("the walk has no end")


def older(body: bytes, ending: str) -> str | None:
    if ending == "json":
        url = json.loads(body).get("next_url")
    else:
        links = feedparser.parse(body).feed.links
        url = next((link.href for link in links if link.rel == "prev-archive"), None)
    return url.removeprefix(ROOT) if url else None


def ids(body: bytes, ending: str = "atom") -> list[str]:
    if ending == "json":
        return [item["id"] for item in json.loads(body)["items"]]
    return [entry.id for entry in feedparser.parse(body).entries]


def walk(case: Case, ending: str = "atom", slug: str = "news") -> list[str]:
    """Return all ids of a feed and its archive, newest first, each once."""
    return list(
        dict.fromkeys(one for _, body in documents(case, ending, slug) for one in ids(body, ending))
    )


def told(numbers: Sequence[int], host: str = "a.example") -> list[str]:
    return [f"https://{host}/{number}" for number in numbers]


def pages(case: Case) -> dict[str, bytes]:
    paths = [path for path in case.pipeline.store.artifacts() if "/archive/" in path]
    return {path: case.body(path) for path in paths}


# -- archives ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_walking_back_yields_all_that_is_kept_each_story_once(store: Store, ending: str) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 130)}
    case.poll(9 * DAY)
    found = [ids(body, ending) for _, body in documents(case, ending)]
    assert found[0] == told([130, 129, 128])
    assert [one for page in found for one in page] == told(range(130, 0, -1))
    assert all(len(page) <= 50 for page in found)


@pytest.mark.slow
@pytest.mark.parametrize("newest", [1, 2, 3, 5, 20])
def test_a_page_never_changes_while_news_come(store: Store, newest: int) -> None:
    case = assemble(store, of_size(newest))
    before: dict[str, bytes] = {}
    last = 7
    for more in (0, 1, 3, 1, 1, 60, 2, 1):
        last += more
        case.world.bodies = {A.location: news(max(1, last - 70), last)}
        case.poll(2 * HOUR)
        now = pages(case)
        assert {path: now[path] for path in before} == before
        assert walk(case) == told(range(last, 0, -1))
        assert len(ids(case.body("feeds/news.atom"))) == min(newest, last)
        before = now


def test_a_new_feed_shows_its_news_at_once_and_its_archive_when_it_has_settled(
    store: Store,
) -> None:
    case = assemble(store, of_size(3))
    later = replace(case.pipeline.publishing, settle=10 * MINUTE)
    case = replace(case, pipeline=replace(case.pipeline, publishing=later))
    case.world.bodies = {A.location: news(1, 7)}
    case.poll()
    case.poll(5 * MINUTE)
    assert ids(case.body("feeds/news.atom")) == told([7, 6, 5])
    assert not pages(case)
    assert b"complete" not in case.body("feeds/news.atom")
    case.poll(6 * MINUTE)
    assert walk(case) == told(range(7, 0, -1))
    case.world.bodies = {A.location: news(1, 8)}
    case.poll(2 * HOUR)
    assert walk(case) == told(range(8, 0, -1)), "what leaves now is archived with the same build"


def test_a_late_copy_of_an_old_story_takes_no_place_of_a_newer_one(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    case.world.bodies[B.location] = news(61, 90, "b.example")
    case.poll(2 * HOUR)
    for number in range(1, 31):
        old = store.find(f"https://a.example/{number}")[0].key
        late = store.find(f"https://b.example/{number + 60}")[0].key
        store.join(DuplicateLink(late, old, "by hand", 1.0), case.clock())
    store.outdate(["news"])
    case.pipeline.publishing.publish(bool)
    assert ids(case.body("feeds/news.atom")) == told([60, 59, 58])


def test_a_small_feed_says_that_it_is_complete(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 3)}
    case.poll()
    assert b"complete" in case.body("feeds/news.atom")
    case.world.bodies = {A.location: news(1, 4)}
    case.poll(2 * HOUR)
    assert b"complete" not in case.body("feeds/news.atom")
    assert walk(case) == told([4, 3, 2, 1])


def test_a_new_feed_that_lacks_nothing_is_built_once(store: Store) -> None:
    """Each was built again ten minutes later, for an archive that there was none of."""
    case = assemble(store)
    case.world.bodies = {A.location: news(1, 3)}
    case.poll()
    case.poll(timedelta(minutes=30))
    assert [event.slug for event in case.events if isinstance(event, Built)] == [
        "all",
        "news",
        "other",
    ]


@pytest.mark.slow
def test_what_grows_too_old_for_the_feed_goes_into_its_archive(store: Store) -> None:
    case = assemble(store, of_size(50, max_age=2 * DAY))
    case.world.bodies = {A.location: news(1, 30)}
    case.poll()
    for _ in range(12):
        case.poll(6 * HOUR)
        assert walk(case) == told(range(30, 0, -1))
    assert ids(case.body("feeds/news.atom")) == []
    assert b"complete" not in case.body("feeds/news.atom")


def test_a_page_says_what_it_is_and_where_the_feed_is(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    page = case.body("feeds/news/archive/2.atom")
    links = feedparser.parse(page).feed.links
    assert {link.rel: link.href for link in links if "atom" in link.type} == {
        "self": f"{ROOT}feeds/news/archive/2.atom",
        "prev-archive": f"{ROOT}feeds/news/archive/1.atom",
        "current": f"{ROOT}feeds/news.atom",
    }
    assert b"<fh:archive" in page
    as_json = json.loads(case.body("feeds/news/archive/2.json"))
    assert as_json["feed_url"] == f"{ROOT}feeds/news.json"


def test_an_edit_of_an_archived_entry_is_written_into_its_page_and_no_other(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(-100, 19)}
    case.poll()
    before = pages(case)
    case.world.bodies = {
        A.location: news(-100, 19).replace(b"Story -93 of", b"Corrected story -93 of")
    }
    case.poll(2 * HOUR)
    changed = {path for path, body in pages(case).items() if before[path] != body}
    assert {path for path in changed if "news" in path} == {
        f"feeds/news/archive/1{ending}" for ending in (".atom", ".rss", ".json", "/")
    }
    assert b"Corrected story -93 of" in case.body("feeds/news/archive/1.atom")


@pytest.mark.slow
def test_a_feed_that_matches_less_archives_less(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60), B.location: news(1, 60, "b.example")}
    case.poll()
    assert len(walk(case)) == 120
    moved = replace(of_size(3), sources=(A, replace(B, categories=("Other",))))
    again = assemble(store, moved, case.clock)
    again.poll(timedelta(minutes=1))
    assert walk(again) == told(range(60, 0, -1))


def test_a_source_that_is_called_otherwise_is_so_on_its_pages_too(store: Store) -> None:
    title = "The first paper"
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    assert title not in str(pages(case))
    renamed = replace(of_size(3), sources=(replace(A, title=title), B))
    again = assemble(store, renamed, case.clock)
    again.poll(timedelta(minutes=1))
    assert all(title in body.decode() for path, body in pages(again).items() if ".atom" in path)
    assert walk(again) == told(range(9, 0, -1))


class Labels:
    """A parser that files entries by their number: front matter or tags, as a test has it."""

    def __init__(self) -> None:
        self.left: set[str] = set()

    def __call__(self, document: Document | PostFolder) -> ParsedFeed:
        feed = read_feed(document)
        return replace(feed, entries=tuple(map(self._labelled, feed.entries)))

    def _labelled(self, entry: ParsedEntry) -> ParsedEntry:
        label = "Coffee" if entry.guid in self.left else "Tea"
        return replace(entry, categories=(label,), terms=(Term(label),))


@pytest.mark.parametrize("slug", ["tea", "tagged"])
def test_an_archived_entry_that_is_filed_elsewhere_leaves_its_page(store: Store, slug: str) -> None:
    labels = Labels()
    own = replace(A, categories=(), own_categories=True)
    tagged = Feed("tagged", "Tagged", Match(tags=("tea",)), newest=3)
    settings = replace(of_size(3), sources=(own,), feeds=(tagged,))
    settings = replace(settings, categories=(Category("Tea", newest=3),))
    case = assemble(store, settings, parse=labels)
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    assert walk(case, slug=slug) == told(range(9, 0, -1))
    labels.left = {told([2])[0]}
    case.world.bodies = {A.location: news(1, 9) + b"<!-- filed anew -->"}
    case.poll(2 * HOUR)
    assert walk(case, slug=slug) == told([9, 8, 7, 6, 5, 4, 3, 1])


def test_what_was_taken_back_is_no_change_under_another_guid(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    take_back(case, "https://a.example/4")
    renamed = news(1, 9).replace(b"https://a.example/4</guid>", b"http://a.example/4</guid>")
    assert renamed != news(1, 9)
    renamed = renamed.replace(b"Story 4 of", b"Corrected story 4 of")
    for turn in range(3):
        case.world.bodies = {A.location: renamed + b"<!-- %d -->" % turn}
        case.poll(2 * HOUR)
        assert case.pipeline.store.log("a", 1)[0].changed == 0
    assert walk(case) == told([9, 8, 7, 6, 5, 3, 2, 1])


@pytest.mark.slow
def test_a_feed_that_is_new_over_a_full_database_archives_all_of_it(store: Store) -> None:
    case = assemble(store, SETTINGS)
    case.world.bodies = {A.location: news(1, 2200)}
    case.poll(99 * DAY)
    more = replace(SETTINGS, feeds=(*SETTINGS.feeds, Feed("late", "Late", Match(), newest=5)))
    again = assemble(store, more, case.clock)
    for _ in range(6):
        again.poll(timedelta(minutes=1))
    assert walk(again, slug="late") == told(range(2200, 0, -1))


class Watched:
    """A store that notes from where on archives look for what they lack."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.swept: list[Sweep | None] = []

    def arrivals(self, feed: str, match: Match, swept: Sweep | None, most: int) -> Arrivals:
        self.swept.append(swept)
        return self._store.arrivals(feed, match, swept, most)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_what_is_left_of_a_burst_is_not_looked_for_among_all_there_is(store: Store) -> None:
    """Whatever was left had the whole history looked through, for every few pages of it."""
    watched = Watched(store)
    case = assemble(watched, of_size(5))  # type: ignore[arg-type]
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    watched.swept.clear()
    case.world.bodies = {A.location: news(61, 260)}
    case.poll(2 * HOUR)
    assert len(watched.swept) > 2
    assert None not in watched.swept
    assert sorted(walk(case)) == sorted(told(range(1, 261)))


class Endless(Watched):
    """A store with more entries than anybody looks at, all of them on pages."""

    def arrivals(self, feed: str, match: Match, swept: Sweep | None, most: int) -> Arrivals:
        self.swept.append(swept)
        return Arrivals({}, Sweep(1, (START, str(len(self.swept)))))


def test_archives_that_are_looked_through_hold_up_no_round(store: Store) -> None:
    case = assemble(store, of_size(5))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    again = assemble(Endless(store), of_size(6), case.clock)  # type: ignore[arg-type]
    again.pipeline.publishing.publish(lambda: len(again.events) > 2 * archive.ROUND)
    assert 1 < len(again.events) <= archive.ROUND + len(again.pipeline.publishing.feeds())


def test_an_archive_that_is_switched_off_goes(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    again = assemble(store, of_size(3, archive=False), case.clock)
    again.poll(timedelta(minutes=1))
    assert not [path for path in pages(again) if path.startswith("feeds/news/")]
    assert walk(again) == told([60, 59, 58])
    back = assemble(store, of_size(3), case.clock)
    back.poll(timedelta(minutes=1))
    assert walk(back) == told(range(60, 0, -1))


@pytest.mark.slow
def test_equal_input_gives_equal_pages_in_another_database(store: Store, tmp_path: Path) -> None:
    ones, others = assemble(store, of_size(5)), assemble(app.open_instance(tmp_path), of_size(5))
    for one in (ones, others):
        for last in (20, 21, 90, 95):
            one.world.bodies = {
                A.location: news(1, last),
                B.location: news(max(1, last - 5), last, "b.example"),
            }
            one.poll(2 * HOUR)
    assert "feeds/news/archive/2.json" in pages(ones)
    assert pages(ones) == pages(others)


@pytest.mark.slow
def test_a_new_entry_writes_no_page_of_the_archive_again(store: Store) -> None:
    """Whatever the archive holds, one entry more costs the current document only."""
    case = assemble(store, of_size(50))
    for last in (400, 401):
        case.world.bodies = {A.location: news(1, last)}
        case.poll(2 * HOUR)
    written: list[bool] = []

    def noted(form: Format) -> Format:
        def render(publication: Publication) -> Written:
            written.append(publication.archive)
            return form.render(publication)

        return replace(form, render=render)

    publishing = case.pipeline.publishing
    formats = {name: noted(form) for name, form in publishing.formats.items()}
    watched = replace(publishing, formats=formats)
    again = replace(case, pipeline=replace(case.pipeline, publishing=watched))
    again.world.bodies = {A.location: news(1, 402)}
    again.poll(2 * HOUR)
    assert written
    assert not any(written)


def test_a_story_that_turns_out_to_be_an_archived_one_stays_on_its_page(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(21, 23)}
    case.poll()
    case.world.bodies = {A.location: news(21, 23), B.location: news(1, 20, "b.example")}
    case.poll(2 * HOUR)
    case.poll(2 * HOUR)
    before = walk(case)
    assert len(before) == 23
    first = store.find("https://a.example/21")[0].key
    older = store.find("https://b.example/5")[0].key
    poll = PollRecord("b", case.clock(), "new")
    state = next(known.state for known in store.sources() if known.name == "b")
    link = DuplicateLink(older, first, "by hand", 1.0)
    store.apply(PollPlan(poll, state, links=(link,), outdated=("news",)))
    case.pipeline.publishing.publish(bool)
    case.world.bodies = {A.location: news(21, 27)}
    case.poll(2 * HOUR)
    after = walk(case)
    assert len(after) == 26
    assert len({"https://a.example/21", "https://b.example/5"}.intersection(after)) == 1


@pytest.mark.slow
def test_two_stories_that_turn_out_to_be_one_stand_where_the_first_did(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60), B.location: news(1, 60, "b.example")}
    case.poll()
    before = walk(case)
    assert len(before) == 120
    pair = [store.find(f"https://{host}.example/5")[0].key for host in ("a", "b")]
    poll = PollRecord("b", case.clock(), "new")
    state = next(known.state for known in store.sources() if known.name == "b")
    link = DuplicateLink(pair[1], pair[0], "by hand", 1.0)
    store.apply(PollPlan(poll, state, links=(link,), outdated=("news",)))
    case.pipeline.publishing.publish(bool)
    after = walk(case)
    assert len(after) == 119
    assert set(before) - set(after) <= {f"https://{host}.example/5" for host in ("a", "b")}


@pytest.mark.parametrize(("edits", "moves"), [("words", False), ("all", True), ("none", False)])
def test_which_changes_move_the_date_is_up_to_the_settings(
    store: Store, edits: str, moves: bool
) -> None:
    case = assemble(store, replace(SETTINGS, sources=(replace(A, edits=edits), B)))
    case.world.bodies = {A.location: news(1, 2)}
    case.poll()
    before = feedparser.parse(case.body("feeds/news.atom")).feed.updated
    linked = news(1, 2).replace(b"About Story 2", b"&lt;b&gt;About&lt;/b&gt; Story 2")
    case.world.bodies = {A.location: linked}
    case.poll(2 * HOUR)
    after = feedparser.parse(case.body("feeds/news.atom")).feed.updated
    assert (after != before) is moves
    assert b"&lt;b&gt;About" in case.body("feeds/news.atom")


# -- withdrawal ----------------------------------------------------------------------------------


def take_back(case: Case, words: str, *, copies: bool = False) -> int:
    keys = [found.key for found in case.pipeline.store.find(words)]
    keys = list(case.pipeline.store.copies(keys)) if copies else keys
    gone = case.pipeline.store.withdraw(keys, case.clock(), "asked to")
    case.pipeline.publishing.publish(bool)
    return gone


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 60, 118, 119])
def test_what_is_taken_back_is_nowhere_and_leaves_a_tombstone(store: Store, number: int) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 120)}
    case.poll(5 * DAY)
    words = f"Story {number} of"
    assert take_back(case, f"https://a.example/{number}") == 1
    left = [one for one in range(120, 0, -1) if one != number]
    for ending in ("atom", "rss", "json"):
        assert walk(case, ending) == told(left)
        assert words.encode() not in b"".join(body for _, body in documents(case, ending))
    assert words.encode() not in case.body("feeds/news/")
    tombstone = f'ref="https://a.example/{number}" when="2026-03-07T12:00:00Z"'
    assert tombstone.encode() in case.body("feeds/news.atom")


def test_a_takedown_is_news_to_who_asks_by_the_date_alone(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    paths = ("feeds/news.atom", "feeds/news.rss", "feeds/news.json", "feeds/news/archive/1.atom")
    before = {path: case.pipeline.store.artifact(path) for path in paths}
    for number in (2, 8):
        take_back(case, f"https://a.example/{number}")
    for path, old in before.items():
        new = case.pipeline.store.artifact(path)
        assert old and new
        assert new.last_modified > old.last_modified


def test_what_is_taken_back_never_returns(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 5)}
    case.poll()
    take_back(case, "https://a.example/4")
    for body in (news(1, 6), news(1, 6, words="Corrected story"), news(4, 4), news(1, 7)):
        case.world.bodies = {A.location: body}
        case.poll(2 * HOUR)
        assert told([4])[0] not in walk(case)
    assert walk(case) == told([7, 6, 5, 3, 2, 1])


def test_a_takedown_that_is_undone_brings_the_old_id_back(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    before = {path: case.body(path) for path in case.pipeline.store.artifacts()}
    for number in (2, 59):
        take_back(case, f"https://a.example/{number}")
    found = [one.key for words in told([2, 59]) for one in case.pipeline.store.find(words)]
    assert case.pipeline.store.restore(found) == 2
    case.pipeline.publishing.publish(bool)
    now = {path: case.body(path) for path in case.pipeline.store.artifacts()}
    assert walk(case) == told(range(60, 0, -1))
    assert {path for path in before if before[path] != now[path]} == set()


def test_a_copy_that_stays_is_shown_under_an_id_of_its_own(store: Store) -> None:
    words = "Storm hits coast and many other places"
    case = assemble(store)
    case.world.bodies = {A.location: rss((1, words))}
    case.poll()
    case.world.bodies[B.location] = rss((1, words), host="a.example").replace(
        b"<guid>https://a.example/1", b"<guid>https://b.example/1"
    )
    case.poll(2 * HOUR)
    assert walk(case) == told([1])
    own = [one.key for one in case.pipeline.store.find("https://a.example/1")]
    case.pipeline.store.withdraw(own[:1], case.clock(), None)
    case.pipeline.publishing.publish(bool)
    assert walk(case) == told([1], "b.example")
    assert take_back(case, "https://b.example/1", copies=True) == 1
    assert walk(case) == []


def test_an_entry_that_was_filed_nowhere_since_is_restored_to_its_categories(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {B.location: news(1, 9, "b.example")}
    case.poll()
    before = [walk(case, slug=slug) for slug in ("news", "other", "all")]
    take_back(case, "https://b.example/9")
    assert all(
        "https://b.example/9" not in walk(case, slug=one) for one in ("news", "other", "all")
    )
    case.pipeline.store.restore(
        [one.key for one in case.pipeline.store.find("https://b.example/9")]
    )
    case.pipeline.publishing.publish(bool)
    assert [walk(case, slug=slug) for slug in ("news", "other", "all")] == before


# -- the gate ------------------------------------------------------------------------------------


class Blind:
    """A store that finds no entry where a feed asks for its newest."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def places(self, match: Match, **words: object) -> tuple[Place, ...]:
        return ()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_what_an_operator_joins_or_parts_is_so_on_pages_too(store: Store) -> None:
    case = assemble(store, of_size(2))
    case.world.bodies = {A.location: news(1, 5)}
    case.poll()
    case.world.bodies |= {B.location: news(1, 5, "b.example")}
    case.poll(2 * HOUR)
    before = walk(case)
    one, other = (store.find(f"https://{name}.example/1")[0].key for name in "ab")
    store.join(DuplicateLink(one, other, "by hand", 1.0, by_user=True), case.clock())
    case.poll(MINUTE)
    assert set(before) - set(walk(case)) == {"https://b.example/1"}
    assert [path for path, body in documents(case) if b'<link rel="via"' in body]
    store.split(other, case.clock())
    case.poll(MINUTE)
    assert sorted(walk(case)) == sorted(before)
    assert not [path for path, body in documents(case) if b'rel="via"' in body]


def test_a_sealed_page_keeps_what_a_source_called_itself_then(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    page = case.body("feeds/news/archive/1.atom")
    assert b"<title>A feed</title>" in page
    renamed = news(1, 10).replace(b"A feed", b"Another name")
    case.world.bodies = {A.location: renamed}
    case.poll(2 * HOUR)
    assert case.body("feeds/news/archive/1.atom") == page
    assert b"Another name" in case.body("feeds/news.atom")
    assert b"A feed" not in case.body("feeds/news.atom")
    by_us = replace(of_size(3), sources=(replace(A, title="Our name for it"), B))
    again = assemble(store, by_us, case.clock)
    again.pipeline.publishing.publish(bool)
    assert b"Our name for it" in again.body("feeds/news/archive/1.atom")


def mistaken(case: Case) -> Case:
    """Return the case with a publishing that takes every feed for empty."""
    store = Blind(case.pipeline.store)
    publishing = replace(case.pipeline.publishing, store=store)  # type: ignore[arg-type]
    return replace(case, pipeline=replace(case.pipeline, publishing=publishing))


def test_a_feed_that_is_suddenly_empty_is_held_and_told_once(store: Store) -> None:
    good = assemble(store, of_size(50))
    good.world.bodies = {A.location: news(1, 9)}
    good.poll()
    before = good.body("feeds/news.atom")
    bad = mistaken(good)
    for last in (10, 11, 12):
        bad.world.bodies = {A.location: news(1, last)}
        bad.poll(2 * HOUR)
        bad.poll(timedelta(minutes=1))
    assert bad.body("feeds/news.atom") == before
    held = {one.slug: one.reason for one in store.held()}
    assert held.keys() == {"news", "all"}
    assert "suddenly empty: it had 9 entries" in held["news"]
    assert sum("news" in notice.words for notice in store.notices(99)) == 1
    good.poll(2 * HOUR)
    assert len(walk(good)) == 9, "nothing came since: it is not tried again"
    good.world.bodies = {A.location: news(1, 13)}
    good.poll(2 * HOUR)
    assert walk(good) == told(range(13, 0, -1))
    assert store.held() == ()


def test_a_burst_of_news_with_older_dates_is_no_fault(store: Store) -> None:
    """A hundred sources brought fifty entries at once, none dated after those of another one."""
    case = assemble(store, of_size(5))
    case.world.bodies = {A.location: news(1, 2), B.location: news(90, 99, host="b.example")}
    case.poll()
    case.world.bodies[A.location] = news(1, 12)
    case.poll(2 * HOUR)
    titles = [title for _, title in case.entries()]
    assert titles == [f"Story {number} of a.example" for number in range(12, 7, -1)]
    assert store.held() == ()


@pytest.mark.slow
def test_a_held_feed_is_released(store: Store) -> None:
    good = assemble(store, of_size(50))
    good.world.bodies = {A.location: news(1, 9)}
    good.poll()
    bad = mistaken(good)
    bad.world.bodies = {A.location: news(1, 10)}
    bad.poll(2 * HOUR)
    assert store.let_pass("news")
    assert not store.let_pass("other")
    bad.pipeline.publishing.publish(bool)
    assert ids(bad.body("feeds/news.atom")) == []
    assert [one.slug for one in store.held()] == ["all"]


def test_what_goes_on_purpose_is_not_held(store: Store) -> None:
    case = assemble(store, of_size(50))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    for one in told(range(1, 10)):
        take_back(case, one)
    assert walk(case) == []
    assert store.held() == ()


def test_the_operator_reads_of_a_held_feed(store: Store) -> None:
    case = assemble(store, of_size(50))
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    case = mistaken(case)
    case.world.bodies = {A.location: news(1, 10)}
    case.poll(2 * HOUR)
    case.poll(timedelta(minutes=1))
    titles = [entry.title for entry in feedparser.parse(case.body("operator.atom")).entries]
    assert sorted(titles) == ["feed all is held", "feed news is held"]


# -- the archives of others ----------------------------------------------------------------------


def with_older(body: bytes, url: str) -> bytes:
    link = f'<link xmlns="http://www.w3.org/2005/Atom" rel="prev-archive" href="{url}"/>'
    return body.replace(b"<description/>", b"<description/>" + link.encode())


@pytest.mark.slow
def test_the_archive_of_a_source_is_taken_in_without_being_news(store: Store) -> None:
    case = assemble(store, of_size(3), Time(START + 9 * DAY))
    page = "https://a.example/old"
    case.world.bodies = {
        A.location: with_older(news(90, 99), f"{page}/2"),
        f"{page}/2": with_older(news(45, 92, words="Old state of story"), f"{page}/1"),
        f"{page}/1": news(1, 50),
    }
    case.poll()
    before = case.body("feeds/news.atom")
    case.clock.pass_by(HOUR)
    done = case.pipeline.backfill("a", 10)
    assert (done.pages, done.new, done.trouble) == (2, 89, None)
    assert sorted(walk(case)) == sorted(told(range(1, 100)))
    assert ids(case.body("feeds/news.atom")) == ids(before)
    assert b"Old state of story 90" not in case.body("feeds/news/archive/1.atom")
    assert case.poll() == [("b", "failed")], "the source was asked just now"


def test_a_backfill_stops_where_it_is_told_and_keeps_what_it_has(store: Store) -> None:
    case = assemble(store)
    case.world.bodies = {
        A.location: with_older(news(90, 99), "https://a.example/2"),
        "https://a.example/2": with_older(news(50, 89), "https://a.example/1"),
        "https://a.example/1": b"<html>gone</html>",
    }
    case.poll()
    case.clock.pass_by(HOUR)
    assert case.pipeline.backfill("a", 1).new == 40
    with pytest.raises(UsageError, match="a moment ago"):
        case.pipeline.backfill("a", 1)
    case.clock.pass_by(HOUR)
    done = case.pipeline.backfill("a", 9)
    assert (done.pages, done.new) == (1, 0)
    assert "HTML" in str(done.trouble)


@pytest.mark.parametrize("url", ["https://elsewhere.example/1", "https://a.example/feed"])
def test_an_archive_that_leads_elsewhere_or_round_is_left(store: Store, url: str) -> None:
    case = assemble(store)
    case.world.bodies = {A.location: with_older(news(1, 3), url), url: news(50, 60)}
    case.world.bodies[A.location] = with_older(news(1, 3), url)
    case.poll()
    case.clock.pass_by(HOUR)
    assert case.pipeline.backfill("a", 9).new == 0
    assert len([name for name, _ in case.world.asked if name == "a"]) == 2


def test_people_find_older_entries_by_links(store: Store) -> None:
    case = assemble(store, of_size(3))
    case.world.bodies = {A.location: news(1, 60)}
    case.poll()
    path: str | None = "feeds/news/"
    found: list[str] = []
    for _ in range(9):
        page = lxml.html.fromstring(case.body(path)) if path else None
        if page is None:
            break
        found += page.xpath("//article/h2/a/@href")
        (style,) = page.xpath("//link[@rel='stylesheet']/@href")
        assert urljoin(f"{ROOT}{path}", style) == f"{ROOT}style.css"
        older_url = next(iter(page.xpath("//a[@rel='prev']/@href")), None)
        path = older_url.removeprefix(ROOT) if older_url else None
    assert found == told(range(60, 0, -1))


def test_a_feed_that_robots_leave_out_says_so_in_every_format(store: Store) -> None:
    case = assemble(store, of_size(3, noindex=True))
    case.world.bodies = {A.location: news(1, 2)}
    case.poll()
    assert b'indexing:index="no"' in case.body("feeds/news.atom")
    assert b'<channel indexing:index="no">' in case.body("feeds/news.rss")
    assert json.loads(case.body("feeds/news.json"))["_robots"] == {"noindex": True}
    assert b'content="noindex"' in case.body("feeds/news/")

"""Feeds by what articles say, a share for each source, and what sources allow, end to end."""

from collections.abc import Iterator
from datetime import timedelta

import feedparser
import pytest
from msgspec.structs import replace
from test_pipeline import HOUR, SETTINGS, A, B, Case, Time, assemble, rss

from aggregator.model.events import Built, Shelved
from aggregator.model.settings import Feed, Match, Republish, Settings
from aggregator.ports import Store
from aggregator.store import SqlStore, open_store

TEA = Feed("tea", "Tea", Match(words=("tea",)))


def with_feeds(*feeds: Feed) -> Settings:
    return replace(SETTINGS, feeds=feeds)


def titles(case: Case, slug: str = "tea") -> list[str]:
    return [title for _, title in case.entries(slug)]


@pytest.fixture
def again(database_url: str) -> Iterator[SqlStore]:
    """Open the database of ``store`` a second time, as another process does."""
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_a_feed_holds_what_its_words_say(store: Store) -> None:
    case = assemble(store, with_feeds(TEA))
    case.world.bodies = {A.location: rss((3, "Green tea"), (2, "Steam"), (1, "Tea, black"))}
    case.poll()
    assert titles(case) == ["Green tea", "Tea, black"]
    assert len(case.entries("news")) == 3


def test_all_keys_of_a_match_must_hold(store: Store) -> None:
    match = Match(
        words=("tea",), sources=("b",), categories=("other",), without=Match(words=("black",))
    )
    case = assemble(store, with_feeds(replace(TEA, match=match)))
    case.world.bodies = {
        A.location: rss((1, "Tea of a")),
        B.location: rss((2, "Black tea of b"), (1, "Tea of b"), host="b.example"),
    }
    case.poll()
    assert titles(case) == ["Tea of b"]


def test_an_edit_moves_an_entry_from_feed_to_feed(store: Store) -> None:
    coffee = Feed("coffee", "Coffee", Match(words=("coffee",)))
    case = assemble(store, with_feeds(TEA, coffee))
    case.world.bodies = {A.location: rss((1, "On tea"))}
    case.poll()
    case.world.bodies = {A.location: rss((1, "On coffee")).replace(b"About On coffee", b"Text")}
    case.poll(2 * HOUR)
    assert (titles(case), titles(case, "coffee")) == ([], ["On coffee"])


def test_an_entry_that_does_not_match_builds_no_feed(store: Store) -> None:
    case = assemble(store, with_feeds(TEA))
    case.world.bodies = {A.location: rss((1, "Tea"))}
    case.poll()
    case.events.clear()
    case.world.bodies = {A.location: rss((2, "Steam"), (1, "Tea"))}
    case.poll(2 * HOUR)
    assert {event.slug for event in case.events if isinstance(event, Built)} == {"news"}


@pytest.mark.slow
def test_a_new_match_finds_what_is_kept_already(store: Store) -> None:
    first = assemble(store, with_feeds())
    many = [
        (number, f"Tea {number}" if number % 7 == 0 else f"No {number}")
        for number in range(-450, 0)
    ]
    first.world.bodies = {A.location: rss(*reversed(many))}
    first.poll()
    second = assemble(store, with_feeds(replace(TEA, newest=100)), first.clock)
    assert [event.entries for event in second.events if isinstance(event, Shelved)] == [
        200,
        400,
        450,
    ]
    second.poll()
    assert titles(second) == [f"Tea {number}" for number in range(-7, -451, -7)]
    third = assemble(store, with_feeds(replace(TEA, newest=100)), first.clock)
    assert not [event for event in third.events if isinstance(event, Shelved)]


def test_a_changed_match_lets_go_and_keeps_ids(store: Store) -> None:
    first = assemble(store, with_feeds(TEA))
    first.world.bodies = {A.location: rss((3, "Green tea"), (2, "Coffee"), (1, "Black tea"))}
    first.poll()
    before = {title: entry for entry, title in first.entries("tea")}
    changed = replace(TEA, match=Match(words=("black",)))
    second = assemble(store, with_feeds(changed), first.clock)
    second.poll()
    assert second.entries("tea") == [(before["Black tea"], "Black tea")]


def test_what_a_process_with_older_settings_brings_is_not_lost(
    store: Store, again: SqlStore
) -> None:
    older = assemble(again, with_feeds())
    older.world.bodies = {A.location: rss((1, "Tea"))}
    newer = assemble(store, with_feeds(TEA), older.clock)
    older.poll()
    newer.poll()
    newer.poll()
    assert titles(newer) == ["Tea"]


def test_a_source_in_other_categories_stands_in_other_feeds(store: Store) -> None:
    match = Match(words=("tea",), categories=("drinks",))
    feeds = with_feeds(replace(TEA, match=match))
    first = assemble(store, feeds)
    first.world.bodies = {A.location: rss((1, "Tea"))}
    first.poll()
    assert titles(first) == []
    moved = replace(feeds, sources=(replace(A, categories=("Drinks",)), B))
    second = assemble(store, moved, first.clock)
    second.poll()
    assert titles(second) == ["Tea"]


def test_a_feed_that_states_another_language_moves_its_entries(store: Store) -> None:
    case = assemble(store, with_feeds(replace(TEA, match=Match(languages=("de",)))))
    english = rss((1, "Tee")).replace(b"<description/>", b"<language>en</language>")
    case.world.bodies = {A.location: english}
    case.poll()
    assert titles(case) == []
    case.world.bodies = {A.location: english.replace(b">en<", b">de<")}
    case.poll(2 * HOUR)
    assert titles(case) == ["Tee"]


def noisy(store: Store, feed: Feed) -> Case:
    case = assemble(store, with_feeds(feed))
    case.world.bodies = {
        A.location: rss(*((number, f"a{number}") for number in range(300, 0, -1))),
        B.location: rss(*((number, f"b{number}") for number in range(4, 0, -1)), host="b.example"),
    }
    case.poll()
    return case


def test_no_source_fills_a_feed(store: Store) -> None:
    case = noisy(store, Feed("all", "All", Match(), newest=6, per_source=3))
    assert sorted(titles(case, "all")) == ["a298", "a299", "a300", "b2", "b3", "b4"]


@pytest.mark.slow
def test_a_share_is_of_the_newest_also_behind_many_of_another_source(store: Store) -> None:
    case = noisy(store, Feed("all", "All", Match(categories=("news",)), per_source=2))
    assert sorted(titles(case, "all")) == ["a299", "a300", "b3", "b4"]


@pytest.mark.slow
def test_a_share_holds_on_shelves_too(store: Store) -> None:
    case = noisy(store, Feed("all", "All", Match(words=("about",)), per_source=1))
    assert sorted(titles(case, "all")) == ["a300", "b4"]


@pytest.mark.slow
def test_what_is_over_a_share_stands_in_the_archive(store: Store) -> None:
    case = noisy(store, Feed("all", "All", Match(), newest=10, per_source=3))
    while case.pipeline.publishing.publish(bool):
        pass
    paths = [path for path in case.pipeline.store.artifacts() if path.startswith("feeds/all/arc")]
    pages = [feedparser.parse(case.body(path)) for path in paths if path.endswith(".atom")]
    archived = {entry.title for page in pages for entry in page.entries}
    assert len(archived | set(titles(case, "all"))) == 304


def licensed(terms: Republish) -> Settings:
    return replace(SETTINGS, sources=(replace(A, republish=terms), B))


def test_what_a_source_allows_holds_in_every_format(store: Store) -> None:
    case = assemble(store, licensed(Republish("link", noindex=True, rights="CC BY")))
    case.world.bodies = {A.location: rss((1, "Tea"))}
    case.poll()
    for name in ("news.atom", "news.rss", "news.json", "news/"):
        assert b"About Tea" not in case.body(f"feeds/{name}")
    for name in ("news.atom", "news.rss"):
        assert b'indexing:index="no"' in case.body(f"feeds/{name}")
    assert b'name="robots" content="noindex"' in case.body("feeds/news/")
    assert feedparser.parse(case.body("feeds/news.atom")).entries[0].rights == "CC BY"
    artifact = case.pipeline.store.artifact("feeds/news.json")
    assert artifact is not None
    assert ("X-Robots-Tag", "noindex") in artifact.headers


def test_other_terms_build_a_feed_anew(store: Store) -> None:
    first = assemble(store)
    first.world.bodies = {A.location: rss((1, "Tea"))}
    first.poll()
    assert b"About Tea" in first.body("feeds/news.atom")
    second = assemble(store, licensed(Republish("excerpt", excerpt_words=1)), first.clock)
    second.poll()
    assert b"About\xe2\x80\xa6" in second.body("feeds/news.atom")
    assert b"About Tea" not in second.body("feeds/news.atom")


def test_terms_hold_when_the_source_is_gone(store: Store) -> None:
    first = assemble(store, licensed(Republish("link")))
    first.world.bodies = {A.location: rss((1, "Tea"))}
    first.poll()
    second = assemble(store, replace(SETTINGS, sources=(B,)), Time(first.clock.now + HOUR))
    second.world.bodies = {B.location: rss((1, "Other"), host="b.example")}
    second.poll(timedelta(minutes=1))
    assert "Tea" in titles(second, "news")
    assert b"About Tea" not in second.body("feeds/news.atom")

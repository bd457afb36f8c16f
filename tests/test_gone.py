"""Feeds that are no more, and those that have another name, as subscribers find them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from msgspec.structs import replace
from test_history import ids, news, told, walk
from test_pipeline import HOUR, SETTINGS, A, Case, assemble

from aggregator.formats.reading.feeds import read_feed
from aggregator.formats.writing.pages import Pages
from aggregator.model.fetched import Document
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Category, Feed, Match, Settings, Source
from aggregator.ports import Store
from aggregator.web import create_app

MINUTE = timedelta(minutes=1)
EXTRA = Feed("extra", "Extra", Match(), newest=3)
WITH_EXTRA = replace(SETTINGS, feeds=(*SETTINGS.feeds, EXTRA))


def answer(case: Case, path: str) -> tuple[int, str | None]:
    pages = Pages([Path(__file__).parents[1] / "templates"])
    got = create_app(case.pipeline.store, pages, case.clock).test_client().get(path)
    return got.status_code, got.headers.get("Location")


def after(store: Store, before: Settings, now: Settings) -> Case:
    """Publish under the first settings, then under the others."""
    case = assemble(store, before)
    case.world.bodies = {A.location: news(1, 7)}
    case.poll()
    again = assemble(store, now, case.clock)
    again.world.bodies = case.world.bodies
    again.poll(MINUTE)
    return again


def moved(name: str, *old: str) -> Settings:
    feed = replace(EXTRA, slug=name, moved_from=old)
    return replace(SETTINGS, feeds=(*SETTINGS.feeds, feed))


@pytest.mark.parametrize(
    "path", ["extra.atom", "extra.rss", "extra.json", "extra/", "extra", "extra/archive/1.atom"]
)
def test_a_feed_that_was_removed_is_gone(store: Store, path: str) -> None:
    case = after(store, WITH_EXTRA, SETTINGS)
    assert answer(case, f"/feeds/{path}")[0] == 410
    assert answer(case, "/feeds/never.atom")[0] == 404
    assert answer(case, "/feeds/news.atom")[0] == 200


def test_a_feed_that_comes_back_is_there(store: Store) -> None:
    case = after(store, WITH_EXTRA, SETTINGS)
    again = assemble(store, WITH_EXTRA, case.clock)
    again.poll(MINUTE)
    assert answer(again, "/feeds/extra.atom")[0] == 200
    assert walk(again, slug="extra") == told(range(7, 0, -1))


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("extra.atom", "other.atom"),
        ("extra.json", "other.json"),
        ("extra/", "../other/"),
        ("extra/archive/1.atom", "../../other/archive/1.atom"),
    ],
)
def test_the_address_of_a_feed_leads_to_its_new_name(
    store: Store, path: str, location: str
) -> None:
    case = after(store, WITH_EXTRA, moved("other", "extra"))
    assert answer(case, f"/feeds/{path}") == (301, location)
    assert answer(case, "/feeds/other.atom")[0] == 200


def test_a_feed_that_is_renamed_gives_out_no_new_ids(store: Store) -> None:
    case = assemble(store, WITH_EXTRA)
    case.world.bodies = {A.location: news(1, 7).replace(b"https://a.example/7</guid>", b"7</guid>")}
    case.poll()
    before = ids(case.body("feeds/extra.atom"))
    other = moved("other", "extra")
    renamed = replace(other, site=replace(other.site, tag="moved.example,2027"))
    again = assemble(store, renamed, case.clock)
    again.poll(MINUTE)
    assert ids(again.body("feeds/other.atom")) == before


def own_id(case: Case, slug: str) -> str:
    found: str = feedparser.parse(case.body(f"feeds/{slug}.atom")).feed.id
    return found


def test_a_feed_that_is_renamed_again_and_again_is_the_same_feed(store: Store) -> None:
    case = after(store, WITH_EXTRA, moved("other", "extra"))
    assert own_id(case, "other") == "tag:feeds.example,2026:feed/extra"
    for settings, slug in (
        (moved("third", "other", "extra"), "third"),
        (moved("third"), "third"),
        (moved("extra", "third"), "extra"),
    ):
        case = assemble(store, settings, case.clock)
        case.poll(MINUTE)
        assert own_id(case, slug) == "tag:feeds.example,2026:feed/extra"


def test_a_new_feed_under_a_name_that_another_had_first_is_another_feed(store: Store) -> None:
    case = after(store, WITH_EXTRA, moved("other", "extra"))
    both = replace(SETTINGS, feeds=(*SETTINGS.feeds, EXTRA, replace(EXTRA, slug="other")))
    again = assemble(store, both, case.clock)
    again.poll(MINUTE)
    assert own_id(again, "other") == "tag:feeds.example,2026:feed/extra"
    assert own_id(again, "extra") == "tag:feeds.example,2026:feed/extra.2"


def test_a_name_that_is_forgotten_again_is_gone(store: Store) -> None:
    case = after(store, WITH_EXTRA, moved("other", "extra"))
    again = assemble(store, moved("other"), case.clock)
    again.poll(MINUTE)
    assert answer(again, "/feeds/extra.atom")[0] == 410


def test_a_category_that_nothing_is_filed_under_any_more_is_gone(store: Store) -> None:
    sport = replace(A, categories=("Sport",))
    case = after(store, SETTINGS, replace(SETTINGS, sources=(sport,)))
    assert answer(case, "/feeds/sport.atom")[0] == 200
    assert answer(case, "/feeds/news.atom")[0] == 410


def test_a_category_that_was_renamed_leads_to_the_new_one(store: Store) -> None:
    now = replace(
        SETTINGS,
        sources=(replace(A, categories=("Sport",)),),
        categories=(Category("Sport", moved_from=("news",)),),
    )
    case = after(store, SETTINGS, now)
    assert answer(case, "/feeds/news.rss") == (301, "sport.rss")


def test_a_category_that_is_merely_empty_is_there(store: Store) -> None:
    sources = (Source("c", "feed", "https://c.example/feed", categories=("Quiet",)),)
    quiet = replace(SETTINGS, sources=(*SETTINGS.sources, *sources))
    case = after(store, quiet, quiet)
    assert answer(case, "/feeds/quiet.atom")[0] == 200


def test_a_category_of_entries_that_were_all_taken_back_is_there(store: Store) -> None:
    own = replace(SETTINGS, sources=(replace(A, categories=(), own_categories=True),))
    case = assemble(store, own, parse=filed_under("Tales"))
    case.world.bodies = {A.location: news(1, 7)}
    case.poll()
    assert answer(case, "/feeds/tales.atom")[0] == 200
    for number in range(1, 8):
        found = store.find(f"https://a.example/{number}")
        store.withdraw([one.key for one in found], case.clock(), None)
    again = assemble(store, own, case.clock, parse=filed_under("Tales"))
    again.poll(2 * HOUR)
    assert ids(again.body("feeds/tales.atom")) == []
    assert answer(again, "/feeds/tales.atom")[0] == 200


def filed_under(name: str) -> Callable[[Document], ParsedFeed]:
    """Return a parser of feeds whose entries name their category."""

    def parse(document: Document) -> ParsedFeed:
        feed = read_feed(document)
        entries = tuple(replace(entry, categories=(name,)) for entry in feed.entries)
        return replace(feed, entries=entries)

    return parse

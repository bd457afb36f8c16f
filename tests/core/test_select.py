"""Which feeds there are, and which of them an entry touches."""

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from aggregator.core import select
from aggregator.model.settings import Category, Feed, Match, Settings, Site, Source

SETTINGS = Settings(
    path=Path("feeds.yaml"),
    site=Site(url="https://feeds.example/", tag="feeds.example,2026"),
    sources=(
        Source("planet", "feed", "https://planet.example/feed", categories=("Python",)),
        Source("news", "posts", "/srv/posts", own_categories=True),
    ),
    categories=(Category("Python", title="All Python", newest=7),),
    feeds=(
        Feed("all", "Everything", Match()),
        Feed("mine", "Mine", Match(categories=("python",), sources=("planet",))),
    ),
    defaults=Category("defaults", newest=20, max_age=timedelta(days=9)),
)


def slugs(settings: Settings, **kept: str) -> list[str]:
    return [feed.slug for feed in select.feeds_of(settings, kept)]


def test_every_category_has_a_feed_named_or_kept() -> None:
    assert slugs(SETTINGS, kept="Kept") == ["all", "mine", "kept", "python"]


def test_a_category_is_dressed_by_its_settings_then_by_the_defaults() -> None:
    feed = select.feeds_of(SETTINGS, {})[2]
    assert (feed.title, feed.newest, feed.max_age) == ("All Python", 7, timedelta(days=9))
    assert feed.match == Match(categories=("python",))


def test_a_category_named_like_a_combined_feed_steps_aside() -> None:
    feeds = {feed.slug: feed.match for feed in select.feeds_of(SETTINGS, {"all": "All"})}
    assert feeds["all"] == Match()
    assert feeds["all-category"] == Match(categories=("all",))
    assert "all-category" in select.touched(SETTINGS, "news", {"all"})


def test_an_entry_touches_its_categories_and_the_combined_feeds_that_may_hold_it() -> None:
    assert select.touched(SETTINGS, "planet", {"python"}) == {"all", "mine", "python"}
    assert select.touched(SETTINGS, "news", {"python"}) == {"all", "python"}
    assert select.touched(SETTINGS, "planet", set()) == {"all"}


def test_an_entry_touches_no_digest() -> None:
    daily = replace(SETTINGS, feeds=(Feed("all", "All", Match(), digest="daily"),))
    assert select.touched(daily, "planet", {"python", "all"}) == {"python", "all-category"}


def test_a_recipe_changes_with_the_settings_of_its_feed_and_of_its_sources_only() -> None:
    _, mine, python = select.feeds_of(SETTINGS, {})
    before = select.Recipes(SETTINGS).of(mine, "1")
    assert select.Recipes(SETTINGS).of(replace(mine, newest=3), "1") != before
    assert select.Recipes(SETTINGS).of(mine, "2") != before
    other = Source("other", "feed", "https://other.example/feed", categories=("Go",))
    more = replace(SETTINGS, sources=(*SETTINGS.sources, other))
    assert select.Recipes(more).of(mine, "1") == before
    renamed = replace(SETTINGS.sources[0], title="Planet")
    titled = replace(SETTINGS, sources=(renamed, SETTINGS.sources[1]))
    assert select.Recipes(titled).of(mine, "1") != before
    assert select.Recipes(titled).of(python, "1") != select.Recipes(SETTINGS).of(python, "1")


def test_one_source_more_has_no_page_of_an_archive_written_again() -> None:
    everything, mine, _ = select.feeds_of(SETTINGS, {})
    other = Source("other", "feed", "https://other.example/feed", categories=("Python",))
    more = select.Recipes(replace(SETTINGS, sources=(*SETTINGS.sources, other)))
    before = select.Recipes(SETTINGS)
    assert more.of(everything, "1") != before.of(everything, "1")
    assert more.of_archive(everything, "1") == before.of_archive(everything, "1")
    assert before.of_archive(replace(mine, newest=3), "1") != before.of_archive(mine, "1")

"""Days and weeks of any zone, and the entry for one of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aggregator.core import compose, digest
from aggregator.core.republishing import republished
from aggregator.model.known import Article
from aggregator.model.settings import Feed, Match, Republish, Secret, Site
from aggregator.model.shown import Credit, Item, Publication, Via

SITE = Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026")
FEED = Feed("day", "The day", Match(), digest="daily")
NAMES = compose.Names(site=SITE, configured={}, known={}.get)
FRAME = compose.frame(FEED, (), compose.Ids(), NAMES).publication
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ODD_ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia", "Africa/Cairo")


def item(number: int = 1, *, content: str = "<p>Text</p>", **words: object) -> Item:
    shown = Item(
        id=f"https://paper.example/{number}",
        title=f"Story {number}",
        link=f"https://paper.example/{number}",
        published=NOON,
        updated=NOON,
        article=Article(title="", summary=content),
        source=Credit("paper", "urn:paper", "The Paper", "https://paper.example/"),
    )
    return replace(shown, **words)  # type: ignore[arg-type]


def told(*items: Item) -> Publication:
    return replace(FRAME, items=items)


def content(*items: Item) -> str:
    day = digest.period_of(NOON, "daily", UTC)
    return digest.digest_of(day, told(*items), FEED).article.content


@pytest.mark.parametrize(
    ("moment", "kind", "zone", "name", "since", "until"),
    [
        ("2026-03-02T00:00", "daily", "UTC", "2026-03-02", "2026-03-02T00:00", "2026-03-03T00:00"),
        ("2026-03-01T23:59", "daily", "UTC", "2026-03-01", "2026-03-01T00:00", "2026-03-02T00:00"),
        ("2026-03-01T23:59", "weekly", "UTC", "2026-W09", "2026-02-23T00:00", "2026-03-02T00:00"),
        ("2021-01-02T08:00", "weekly", "UTC", "2020-W53", "2020-12-28T00:00", "2021-01-04T00:00"),
        (  # the clocks go forward: a day of 23 hours
            "2026-03-29T12:00",
            "daily",
            "Europe/Berlin",
            "2026-03-29",
            "2026-03-28T23:00",
            "2026-03-29T22:00",
        ),
        (  # they go back at midnight and one: the 30th comes twice
            "2010-11-07T03:00",
            "daily",
            "America/St_Johns",
            "2010-11-07",
            "2010-11-07T02:30",
            "2010-11-08T03:30",
        ),
        (  # there was no 30 December 2011
            "2011-12-30T10:00",
            "daily",
            "Pacific/Apia",
            "2011-12-31",
            "2011-12-30T10:00",
            "2011-12-31T10:00",
        ),
    ],
)
def test_a_period_has_a_name_and_two_ends(
    moment: str, kind: str, zone: str, name: str, since: str, until: str
) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    period = digest.period_of(at, kind, ZoneInfo(zone))
    ends = [
        end.replace(tzinfo=None).isoformat(timespec="minutes")
        for end in (period.since, period.until)
    ]
    assert (period.name, *ends) == (name, since, until)


@given(
    st.integers(-1_000_000, 1_000_000).map(lambda hours: NOON + hours * HOUR / 2),
    st.sampled_from(("daily", "weekly")),
    st.sampled_from(ODD_ZONES),
)
def test_every_moment_is_in_one_period(moment: datetime, kind: str, zone: str) -> None:
    here = ZoneInfo(zone)
    period = digest.period_of(moment, kind, here)
    assert period.since <= moment < period.until
    assert digest.period_of(period.since, kind, here) == period
    assert digest.period_of(period.until, kind, here).since == period.until


def test_a_period_is_open_until_what_came_at_its_end_is_kept() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    almost = midnight + timedelta(minutes=4)
    assert digest.open_period(almost, "daily", UTC).name == "2026-03-02"
    assert digest.closes_at(almost, "daily", UTC) == midnight + digest.GRACE
    closed = midnight + digest.GRACE
    assert digest.open_period(closed, "daily", UTC).name == "2026-03-03"
    assert digest.closes_at(closed, "daily", UTC) == closed + 24 * HOUR


def test_a_story_is_listed_with_all_who_told_it_and_its_rights() -> None:
    shown = item(via=(Via("The Wire", "https://wire.example/?a=1&b=2"),))
    shown = replace(shown, article=replace(shown.article, rights="© A & B"))
    assert content(shown) == (
        '<section id="2026-03-02"><h3><a href="https://paper.example/1">Story 1</a></h3><p>Text</p>'
        '<p><a href="https://paper.example/">The Paper</a>,'
        ' <a href="https://wire.example/?a=1&amp;b=2">The Wire</a> · © A &amp; B</p></section>'
    )


@pytest.mark.parametrize(
    ("shown", "heading"),
    [
        (
            item(title='<b> & "c"'),
            '<a href="https://paper.example/1">&lt;b&gt; &amp; &quot;c&quot;</a>',
        ),
        (item(title=""), '<a href="https://paper.example/1">Text</a>'),
        (
            item(title="", content=""),
            '<a href="https://paper.example/1">https://paper.example/1</a>',
        ),
        (item(title="", content="", link=None), "The Paper"),
        (item(link=None), "Story 1"),
    ],
)
def test_every_story_is_called_something(shown: Item, heading: str) -> None:
    assert f"<h3>{heading}</h3>" in content(shown)


def test_a_long_day_is_cut_and_says_so() -> None:
    stories = [item(number) for number in range(digest.MOST + 1)]
    assert content(*stories).count("<h3>") == digest.MOST
    assert content(*stories).endswith("<p>There were more.</p></section>")
    assert "more" not in content(*stories[:-1])


def test_a_digest_of_a_private_feed_links_to_no_address_with_its_token() -> None:
    hidden = replace(FEED, token=Secret("a-secret-word"))
    frame = compose.frame(hidden, (), compose.Ids(), NAMES).publication
    day = digest.period_of(NOON, "daily", UTC)
    assert "a-secret-word" not in repr(
        digest.digest_of(day, replace(frame, items=(item(),)), hidden)
    )


def test_a_feed_is_as_old_as_its_newest_digest() -> None:
    days = [digest.period_of(NOON - n * 24 * HOUR, "daily", UTC) for n in range(2)]
    made = [digest.digest_of(day, told(item()), FEED) for day in days]
    feed = digest.publication_of(FRAME, made, noindex=True)
    assert (feed.updated, feed.items, feed.noindex) == (days[0].until, tuple(made), True)
    assert digest.publication_of(FRAME, (), noindex=False).updated == compose.EPOCH


@pytest.mark.parametrize(
    ("terms", "summary"),
    [
        (Republish(), "<p>one two…</p>"),
        (Republish(how="excerpt", excerpt_words=1), "<p>one…</p>"),
        (Republish(how="excerpt", excerpt_words=9), "<p>one two…</p>"),
        (Republish(how="link"), ""),
        (Republish(attribution="By leave"), "<p>one two…</p><p>By leave</p>"),
    ],
)
def test_of_an_article_is_shown_no_more_than_asked_nor_than_allowed(
    terms: Republish, summary: str
) -> None:
    shown = republished(Article(title="T", content="<p>one two three</p>"), terms, 2)
    assert (shown.content, shown.summary) == ("", summary)

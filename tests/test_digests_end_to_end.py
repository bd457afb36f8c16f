"""Digests: what feeds.yaml says and sources tell, and the one entry a day that comes of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from test_pipeline import HOUR, MINUTE, START, Case, Time, assemble, rss

from aggregator import app
from aggregator.config import load_settings
from aggregator.ports import Store
from bench.validity import BREACHES, advice

DAY = 24 * HOUR
A, B = "https://a.example/feed", "https://b.example/feed"
SITE = "site: {url: https://feeds.example/, title: Feeds, tag: 'feeds.example,2026'%s}\n"
SOURCES = """
sources:
  a: {feed: "https://a.example/feed", title: The A, categories: [News], slowest: 1h}
  b: {feed: "https://b.example/feed", title: The B, categories: [News, Other], slowest: 1h%s}
"""
DAILY = "feeds: {news-daily: {title: News of the day, digest: daily, match: {categories: [News]}}}"

TWO = """
feeds:
  all: {title: All, digest: daily}
  others: {title: Others, digest: daily, match: {categories: [Other]}}
"""


def given(
    store: Store,
    tmp_path: Path,
    feeds: str = DAILY,
    *,
    site: str = "",
    b: str = "",
    clock: Time | None = None,
) -> Case:
    """Start with a feeds.yaml."""
    path = tmp_path / "feeds.yaml"
    path.write_text(SITE % site + SOURCES % b + feeds)
    return assemble(store, load_settings(path, {}), clock)


def digests(case: Case, slug: str = "news-daily") -> list[tuple[str, list[str]]]:
    """Return the date of each digest with the titles that it lists."""
    entries = feedparser.parse(case.body(f"feeds/{slug}.atom")).entries
    return [(entry.updated, listed(entry.content[0].value)) for entry in entries]


def listed(content: str) -> list[str]:
    return [part.split("</a>")[0].partition(">")[2] for part in content.split("<h3>")[1:]]


def test_each_day_that_is_over_is_one_entry_that_lists_its_stories(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((12, "Today"), (10, "Late"), (9, "Early"), (-14, "Before"))}
    case.poll()
    assert digests(case) == [
        ("2026-03-02T00:00:00Z", ["Late", "Early"]),
        ("2026-03-01T00:00:00Z", ["Before"]),
    ]
    first = feedparser.parse(case.body("feeds/news-daily.atom")).entries[0]
    assert first.title == "News of the day, 2026-03-01"
    assert first.id == "tag:feeds.example,2026:feed/news-daily/2026-03-01"
    assert first.link == "https://feeds.example/feeds/news-daily/#2026-03-01"
    assert first.published == first.updated
    assert (
        '<h3><a href="https://a.example/10">Late</a></h3><p>About Late</p>'
        '<p><a href="https://a.example/">The A</a></p>'
    ) in first.content[0].value


def test_a_day_that_ends_is_told_a_little_later_and_no_poll_before_builds_it(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    before = case.body("feeds/news-daily.atom")
    case.world.bodies[A] = rss((2, "Two"), (1, "One"))
    case.clock.pass_by(2 * HOUR)
    assert "news-daily" not in case.pipeline.poll_due().built
    case.clock.now = datetime(2026, 3, 3, 0, 4, tzinfo=UTC)
    case.poll()
    assert case.body("feeds/news-daily.atom") == before
    case.poll(MINUTE)
    assert digests(case) == [
        ("2026-03-03T00:00:00Z", ["Two"]),
        ("2026-03-02T00:00:00Z", ["One"]),
    ]


def test_a_day_without_a_story_has_no_entry_and_the_bytes_stay(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    before = case.body("feeds/news-daily.atom")
    for _ in range(4):
        case.poll(DAY)
    assert case.body("feeds/news-daily.atom") == before
    case.world.bodies[A] = rss((2, "Two"), (1, "One"))
    case.poll(DAY)
    case.poll(DAY)
    assert digests(case) == [
        ("2026-03-08T00:00:00Z", ["Two"]),
        ("2026-03-02T00:00:00Z", ["One"]),
    ]


def test_a_week_begins_on_monday(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path, "feeds: {all: {title: All, digest: weekly}}")
    case.world.bodies = {A: rss((12, "Monday"), (11, "Sunday"), (-150, "Last Monday"))}
    case.poll()
    assert digests(case, "all") == [("2026-03-02T00:00:00Z", ["Sunday", "Last Monday"])]
    entry = feedparser.parse(case.body("feeds/all.atom")).entries[0]
    assert entry.title == "All, 2026-02-23 – 2026-03-01"
    assert entry.id == "tag:feeds.example,2026:feed/all/2026-W09"
    case.clock.now = datetime(2026, 3, 9, 0, 5, tzinfo=UTC)
    case.poll()
    assert [one for one, _ in digests(case, "all")] == [
        "2026-03-09T00:00:00Z",
        "2026-03-02T00:00:00Z",
    ]


def test_days_are_those_of_the_sites_zone(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path, site=", timezone: Asia/Tokyo")
    case.world.bodies = {A: rss((3, "After midnight in Tokyo"), (2, "Before it"))}
    case.poll()
    assert digests(case) == [("2026-03-01T15:00:00Z", ["Before it"])]
    case.clock.now = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)
    case.poll()
    assert digests(case)[0] == ("2026-03-02T15:00:00Z", ["After midnight in Tokyo"])


def test_all_formats_and_the_page_tell_the_same_and_break_no_rule(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path, b=", rights: CC BY 4.0 & more")
    hostile = rss((2, "A &lt;b&gt;bold&lt;/b&gt; &amp;amp; \u201cquoted\u201d"), host="b.example")
    case.world.bodies = {A: rss((1, "One")), B: hostile}
    case.poll()
    atom = feedparser.parse(case.body("feeds/news-daily.atom")).entries
    rss_ = feedparser.parse(case.body("feeds/news-daily.rss")).entries
    items = json.loads(case.body("feeds/news-daily.json"))["items"]
    content = [entry.content[0].value for entry in atom]
    assert content == [entry.summary for entry in rss_]
    assert content == [item["content_html"] for item in items]
    assert [entry.id for entry in atom] == [entry.id for entry in rss_]
    assert [entry.id for entry in atom] == [item["id"] for item in items]
    assert "The B</a> · CC BY 4.0 &amp; more" in content[0]
    assert content[0] in case.body("feeds/news-daily/").decode()
    for name, broken in BREACHES.items():
        path = f"feeds/news-daily.{name}"
        assert broken(case.body(path)) == []
        assert advice(case.body(path), f"https://feeds.example/{path}") == []


def test_what_a_source_allows_holds_in_a_digest(store: Store, tmp_path: Path) -> None:
    words = " ".join(f"w{number}" for number in range(100))
    feed = rss((1, "One")).replace(b"About One", words.encode())
    shown = {}
    for terms in ("", ", republish: excerpt, excerpt_words: 3", ", republish: link"):
        case = given(store, tmp_path, b=f"{terms}, attribution: By leave of B, noindex: true")
        case.world.bodies = {B: feed}
        case.poll()
        document = feedparser.parse(case.body("feeds/news-daily.atom"))
        shown[terms] = document.entries[0].content[0].value
        assert b"noindex" in case.body("feeds/news-daily/")
        assert "<p>By leave of B</p>" in shown[terms]
    assert "w39…</p>" in shown[""]
    assert "<p>w0 w1 w2…</p>" in shown[", republish: excerpt, excerpt_words: 3"]
    assert "w0" not in shown[", republish: link"]


def test_a_story_that_is_withdrawn_leaves_its_digest_at_once(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((2, "Two"), (1, "One"), (-20, "Old"))}
    case.poll()
    keys = [one.key for one in store.find("https://a.example/2")]
    store.withdraw(keys, case.clock(), None)
    assert "news-daily" in case.pipeline.publishing.publish(bool)
    assert digests(case) == [
        ("2026-03-02T00:00:00Z", ["One"]),
        ("2026-03-01T00:00:00Z", ["Old"]),
    ]
    keys = [one.key for one in store.find("https://a.example/1")]
    store.withdraw(keys, case.clock(), None)
    case.pipeline.publishing.publish(bool)
    assert digests(case) == [("2026-03-01T00:00:00Z", ["Old"])]
    store.restore(keys)
    case.pipeline.publishing.publish(bool)
    assert digests(case)[0] == ("2026-03-02T00:00:00Z", ["One"]), "and comes back to it"


def test_a_story_told_again_on_another_day_is_in_the_first_days_digest_alone(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path, TWO)
    storm = "A storm hits the coast of Elbonia"
    case.world.bodies = {A: rss((1, storm)), B: rss((0, "B"), host="b.example")}
    case.poll()
    case.world.bodies[B] = rss((2, storm), (0, "B"), host="b.example")
    case.poll(2 * HOUR)
    case.poll(DAY)
    assert [titles for _, titles in digests(case, "all")] == [[storm, "B"]]
    assert [titles for _, titles in digests(case, "others")] == [[storm], ["B"]], "there it is new"
    content = feedparser.parse(case.body("feeds/all.atom")).entries[0].content[0].value
    assert '">The A</a>, <a href="https://b.example/2">The B</a>' in content


@pytest.mark.parametrize("shape", ["newest: 2", "max_age: 2d"])
def test_a_digest_feed_holds_so_many_digests(store: Store, tmp_path: Path, shape: str) -> None:
    case = given(store, tmp_path, f"feeds: {{all: {{title: All, digest: daily, {shape}}}}}")
    days = [(10, "One"), (9, "Two"), (-14, "Three"), (-38, "Four"), (-62, "Five")]
    case.world.bodies = {A: rss(*days)}
    case.poll()
    assert [titles for _, titles in digests(case, "all")] == [["One", "Two"], ["Three"]]


def test_one_source_cannot_fill_a_digest(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path, "feeds: {all: {title: All, digest: daily, per_source: 2}}")
    case.world.bodies = {
        A: rss(*((number, f"Item {number}, of its own") for number in range(10, 0, -1))),
        B: rss((1, "B"), host="b.example"),
    }
    case.poll()
    assert [titles for _, titles in digests(case, "all")] == [
        ["Item 10, of its own", "Item 9, of its own", "B"]
    ]


def test_a_late_copy_of_yesterdays_story_is_no_part_of_a_sources_share(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path, "feeds: {all: {title: All, digest: daily, per_source: 1}}")
    storm = "A storm hits the coast of Elbonia"
    case.world.bodies = {A: rss((1, storm)), B: rss((0, "B"), host="b.example")}
    case.poll()
    case.world.bodies[B] = rss((2, "Of its own"), (0, "B"), host="b.example")
    case.poll(2 * HOUR)
    case.world.bodies[B] = rss((3, storm), (2, "Of its own"), (0, "B"), host="b.example")
    case.poll(2 * HOUR)
    case.poll(DAY)
    assert [titles for _, titles in digests(case, "all")] == [["Of its own"], [storm, "B"]]


def test_equal_news_give_equal_digests_whoever_was_asked_first_and_when(
    store: Store, tmp_path: Path
) -> None:
    bodies = {A: rss((2, "Two"), (1, "One")), B: rss((3, "B"), host="b.example")}
    case = given(store, tmp_path)
    case.world.bodies = dict(bodies)
    case.poll()
    other = given(app.open_instance(tmp_path / "i"), tmp_path, clock=Time(START + DAY))
    other.world.bodies = dict(bodies)
    other.pipeline.poll_due(["b"])
    other.pipeline.poll_due(["a"])
    for _ in range(2):
        other.poll(DAY)
        case.poll(DAY)
    for ending in (".atom", ".rss", ".json", "/"):
        path = f"feeds/news-daily{ending}"
        assert other.body(path) == case.body(path)


def test_a_digest_keeps_its_ids_when_its_title_changes(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    before = feedparser.parse(case.body("feeds/news-daily.atom")).entries[0]
    again = given(store, tmp_path, DAILY.replace("News of the day", "Tidings"), clock=case.clock)
    again.pipeline.publishing.publish(bool)
    after = feedparser.parse(again.body("feeds/news-daily.atom")).entries[0]
    assert (after.title, after.id, after.updated) == (
        "Tidings, 2026-03-01",
        before.id,
        before.updated,
    )


def test_a_private_digest_names_its_token_in_no_entry(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path, "feeds: {all: {digest: daily, token: mDkW3nPq_8fXz-27}}")
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    for ending in ("atom", "rss"):
        document = feedparser.parse(case.body(f"feeds/all.{ending}"))
        assert "mDkW3nPq" not in str(document.entries)
        assert "mDkW3nPq" in str(document.feed)
    assert b"noindex" in case.body("feeds/all/")


def test_a_digest_is_written_with_the_other_files(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path, f"{DAILY}\npublish: [{{files: public}}]")
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    public = tmp_path / "public"
    for path in ("feeds/news-daily.atom", "feeds/news-daily.rss", "feeds/news-daily.json"):
        assert (public / path).read_bytes() == case.body(path)
    assert "news-daily.atom" in (public / "opml.xml").read_text()


def test_a_digest_is_written_as_a_post_where_that_is_asked_for(
    store: Store, tmp_path: Path
) -> None:
    posts = "publish: [{posts: site/_posts, engine: jekyll, feeds: news-daily, body: full}]"
    case = given(store, tmp_path, f"{DAILY}\n{posts}")
    case.world.bodies = {A: rss((1, "One"))}
    case.poll()
    (post,) = (tmp_path / "site/_posts").rglob("*news-of*")
    assert "2026-03-02" in post.name
    assert "https://a.example/1" in post.read_text()


def test_the_archive_of_a_feed_that_becomes_a_digest_goes(store: Store, tmp_path: Path) -> None:
    plain = "feeds: {all: {title: All, newest: 1}}"
    case = given(store, tmp_path, plain)
    case.world.bodies = {A: rss((2, "Two"), (1, "One"))}
    case.poll()
    assert "feeds/all/archive/1.atom" in store.artifacts()
    again = given(store, tmp_path, plain.replace("newest: 1", "digest: daily"), clock=case.clock)
    again.pipeline.publishing.publish(bool)
    assert digests(again, "all") == [("2026-03-02T00:00:00Z", ["Two", "One"])]
    assert not [path for path in store.artifacts() if path.startswith("feeds/all/archive")]
    back = given(store, tmp_path, plain, clock=case.clock)
    back.pipeline.publishing.publish(bool)
    back.pipeline.publishing.publish(bool)
    assert back.entries("all") == [("https://a.example/2", "Two")]
    assert "feeds/all/archive/1.atom" in store.artifacts()


def test_two_stories_that_claim_one_id_stand_in_digests_of_two_days(
    store: Store, tmp_path: Path
) -> None:
    case = given(store, tmp_path)
    other = rss((-20, "An unlike thing"), host="b.example")
    case.world.bodies = {
        A: rss((1, "One")),
        B: other.replace(b"<guid>https://b.example/-20", b"<guid>https://a.example/1"),
    }
    case.poll()
    assert [titles for _, titles in digests(case)] == [["One"], ["An unlike thing"]]


def test_a_digest_feed_that_is_renamed_announces_none_again(store: Store, tmp_path: Path) -> None:
    case = given(store, tmp_path)
    case.world.bodies = {A: rss((12, "Today"), (10, "Late"), (-14, "Before"))}
    case.poll()
    before = feedparser.parse(case.body("feeds/news-daily.atom")).entries
    renamed = DAILY.replace("news-daily: {", "day: {moved_from: news-daily, ")
    again = given(store, tmp_path, renamed, clock=case.clock)
    again.poll(MINUTE)
    now = feedparser.parse(again.body("feeds/day.atom")).entries
    assert [entry.id for entry in now] == [entry.id for entry in before]
    assert [entry.updated for entry in now] == [entry.updated for entry in before]
    assert now[0].link == "https://feeds.example/feeds/day/#2026-03-01"

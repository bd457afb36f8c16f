"""Which sources there are, and what is told of them."""

from datetime import datetime

import pytest
from msgspec.structs import fields
from store_cases import (
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NEWS,
    NOW,
    SPORT,
    Rows,
    changed,
    new,
    plan,
    ready,
    source,
    state,
)

from aggregator.model.fetched import Traffic, Validators
from aggregator.model.known import Notice, PollRecord, PollState, Speaker
from aggregator.model.parsed import FeedInfo, Person, Rhythm
from aggregator.model.settings import Match
from aggregator.store import SqlStore

WHOLE = PollState(
    location="https://a.example/feed",
    validators=Validators('W/"\\ \xe9"', "Mon, 02 Mar 2026"),
    body_hash="abc",
    next_poll_at=NOW + HOUR,
    put_off_until=NOW + 2 * HOUR,
    missing=3,
    last_poll_at=NOW,
    last_ok_at=NOW - HOUR,
    failures=3,
    moved_to="https://b.example/feed",
    move_seen_at=NOW - DAY,
    move_sightings=2,
    stopped="410 Gone",
    last_error="500 Oops",
    rhythm=Rhythm(HOUR, frozenset({0, 23}), frozenset({6}), 2 * HOUR),
    pace=36 * HOUR,
    last_new_at=NOW - 3 * HOUR,
    cost=12345,
    host="a.example",
    paused_host="b.example",
    paused_until=NOW + 2 * HOUR,
    identity="link",
)


def names(store: SqlStore) -> list[tuple[str, bool]]:
    return [(known.name, known.removed) for known in store.sources()]


def slugs(store: SqlStore, name: str = "a") -> list[list[str]]:
    kept = store.newest(Match(sources=(name,)), since=None, limit=9)
    return [[filed.slug for filed in one.filed] for one in kept]


def claimed(store: SqlStore, now: datetime = NOW) -> list[str]:
    return [due.source for due in store.claim(now, LEASE, limit=9, per_host=9)]


def test_new_sources_are_known_by_name_and_due_at_once(store: SqlStore) -> None:
    ready(store, "b", "a")
    assert names(store) == [("a", False), ("b", False)]
    assert store.next_due() == NOW
    assert sorted(claimed(store)) == ["a", "b"]


def test_a_source_that_goes_is_removed_and_never_asked_and_returns_as_it_was(
    store: SqlStore,
) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1"),), state=state(failures=2)))
    store.sync([source("b")], NOW + HOUR)
    assert names(store) == [("a", True), ("b", False)]
    assert claimed(store, NOW + DAY) == ["b"]
    store.sync([source("a"), source("b")], NOW + 2 * DAY)
    assert names(store) == [("a", False), ("b", False)]
    assert store.sources()[0].state.failures == 2
    assert store.sources()[0].entries == 1


def test_all_gone_is_all_removed(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.sync([], NOW)
    assert names(store) == [("a", True), ("b", True)]
    assert store.next_due() is None


def test_the_time_of_removal_is_the_first(store: SqlStore, rows: Rows) -> None:
    ready(store)
    store.sync([], NOW)
    before = rows("SELECT removed FROM source")
    store.sync([], NOW + DAY)
    assert rows("SELECT removed FROM source") == before


def test_syncing_again_changes_nothing(store: SqlStore, statements: list[str]) -> None:
    ready(store, "a", "b")
    statements.clear()
    ready(store, "a", "b")
    assert len(statements) == 1


def test_a_source_at_another_address_is_due_at_once_even_if_it_was_never(store: SqlStore) -> None:
    ready(store)
    gone = state(location="https://a.example/feed", next_poll_at=None, paused_until=NOW + DAY)
    store.apply(plan(state=gone))
    store.sync([source()], NOW + HOUR)
    assert store.next_due() is None
    store.sync([source(location="https://new.example/feed")], NOW + HOUR)
    assert store.next_due() == NOW + HOUR
    assert claimed(store, NOW + HOUR) == ["a"]


def test_another_address_does_not_put_off_what_is_due_earlier(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(state=state(location="https://a.example/feed", next_poll_at=NOW + MINUTE)))
    store.sync([source(location="https://new.example/feed")], NOW + HOUR)
    assert store.next_due() == NOW + MINUTE


def test_other_categories_refile_kept_entries_and_mark_the_feeds_of_both(store: SqlStore) -> None:
    store.sync([source(categories=("News",)), source("b", categories=("News",))], NOW)
    store.apply(plan("a", new=(new("1", NEWS), new("2", NEWS, SPORT))))
    store.apply(plan("b", new=(new("1", NEWS),)))
    store.sync([source(categories=("Fresh",)), source("b", categories=("News",))], NOW)
    assert slugs(store) == [["fresh"], ["fresh", "sport"]]
    assert slugs(store, "b") == [["news"]]
    assert store.outdated(NOW) == {"news", "fresh"}
    assert store.categories() == {"fresh": "Fresh", "news": "News", "sport": "Sport"}


def counted(store: SqlStore, rows: Rows) -> bool:
    """Tell whether the counts that are kept are those that are found by counting."""
    kept = "SELECT slug, entries FROM category ORDER BY slug"
    found = (
        "SELECT slug, (SELECT count(*) FROM entry_category AS place"
        " WHERE place.slug = category.slug) FROM category ORDER BY slug"
    )
    return rows(kept) == rows(found)


def test_counts_of_categories_follow_every_filing(store: SqlStore, rows: Rows) -> None:
    store.sync([source(categories=("News",)), source("b", categories=("News",))], NOW)
    store.apply(plan("a", new=(new("1", NEWS), new("2", NEWS, SPORT), new("3", SPORT))))
    store.apply(plan("a", new=(new("1", NEWS), new("4", NEWS))))
    store.apply(plan("b", new=(new("1", NEWS),)))
    assert (store.count(Match(("news",))), counted(store, rows)) == (4, True)
    store.apply(plan("a", changed=(changed("1", SPORT), changed("2", NEWS, SPORT))))
    assert (store.count(Match(("news",))), counted(store, rows)) == (3, True)
    store.sync([source(categories=("Sport", "Fresh")), source("b", categories=("News",))], NOW)
    assert (store.count(Match(("fresh",))), counted(store, rows)) == (4, True)
    assert (store.count(Match(("sport",))), store.count(Match(("news",)))) == (4, 1)
    store.sync([source(), source("b")], NOW)
    assert (store.count(Match(("fresh",))), counted(store, rows)) == (0, True)
    assert store.categories() == {"sport": "Sport"}


def test_a_category_an_entry_names_itself_stays_when_the_source_leaves_it(store: SqlStore) -> None:
    store.sync([source(categories=("Sport",))], NOW)
    store.apply(plan(new=(new("1", SPORT),)))
    store.sync([source()], NOW)
    assert slugs(store) == [["sport"]]


def test_categories_of_another_spelling_are_the_same(store: SqlStore) -> None:
    store.sync([source(categories=("News",))], NOW)
    store.apply(plan(new=(new("1", NEWS),)))
    store.sync([source(categories=("NEWS",))], NOW)
    assert slugs(store) == [["news"]]


def test_new_sources_know_whose_host_they_burden(store: SqlStore) -> None:
    locations = {
        "a": "https://feeds.example.co.uk/rss",
        "b": "http://0x7f.1:8080/",
        "c": "/srv/posts",
        "d": "https://[::1",
    }
    store.sync([source(name, location) for name, location in locations.items()], NOW)
    hosts = [known.state.host for known in store.sources()]
    assert hosts == ["example.co.uk", "127.0.0.1", None, None]


def test_a_state_comes_back_as_it_was(store: SqlStore) -> None:
    unset = [field.name for field in fields(WHOLE) if getattr(WHOLE, field.name) == field.default]
    assert unset == []
    ready(store)
    store.apply(plan(state=WHOLE))
    assert store.sources()[0].state == WHOLE


def test_what_a_feed_says_of_itself_comes_back(store: SqlStore) -> None:
    info = FeedInfo(
        title="A <b>",
        link="https://a.example/",
        language="zh-CN",
        authors=(Person("Ann"), Person(email="b@example.org")),
        hubs=("https://hub.example/",),
    )
    ready(store)
    assert store.sources()[0].info == FeedInfo()
    store.apply(plan(info=info))
    store.apply(plan(info=None))
    assert store.sources()[0].info == info


def test_entries_are_counted(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1"), new("2"))))
    store.apply(plan("a", new=(new("2"), new("3"))))
    assert [known.entries for known in store.sources()] == [3, 0]


def test_the_log_gives_the_newest_lines_of_one_source(store: SqlStore) -> None:
    ready(store, "a", "b")
    whole = PollRecord("a", NOW, "new", Traffic(2, 5_000_000_000, 0.25), 3, 2, 1, "odd \x00 date")
    store.apply(plan("a", record=whole))
    store.apply(plan("b"))
    store.apply(plan("a", at=NOW + HOUR, outcome="failed"))
    assert [(line.at, line.outcome) for line in store.log("a", 9)] == [
        (NOW + HOUR, "failed"),
        (NOW, "new"),
    ]
    kept = store.log("a", 9)[1]
    assert (kept.traffic, kept.new, kept.changed, kept.duplicates) == (whole.traffic, 3, 2, 1)
    assert kept.message == "odd \ufffd date"
    assert [line.at for line in store.log("a", 1)] == [NOW + HOUR]
    assert store.log("nobody", 9) == ()


def test_tidying_forgets_old_lines_of_the_log_only(store: SqlStore) -> None:
    ready(store)
    for age in range(4):
        store.apply(plan(at=NOW - age * DAY, new=(new(str(age)),)))
    assert store.tidy(NOW - DAY) == 2
    assert [line.at for line in store.log("a", 9)] == [NOW - DAY, NOW]
    assert store.sources()[0].entries == 4
    assert store.tidy(NOW - DAY) == 0


def test_notices_come_back_newest_first_of_all_sources(store: SqlStore) -> None:
    ready(store, "a", "b")
    failing = Notice("a", "failing", NOW, "It failed six times.")
    gone = Notice("b", "gone", NOW + HOUR, "Never again.")
    moved = Notice("b", "moved", NOW + HOUR, "It has moved.")
    store.apply(plan("a", notices=(failing,)))
    store.apply(plan("b", notices=(gone, moved)))
    assert store.notices(9) == (moved, gone, failing)
    assert store.notices(1) == (moved,)


@pytest.mark.parametrize("count", [1, 501, 1200])
def test_any_number_of_sources_is_synced(store: SqlStore, count: int) -> None:
    many = [source(f"s{number:04}") for number in range(count)]
    store.sync(many, NOW)
    store.sync(many[1:], NOW)
    assert [known.removed for known in store.sources()] == [True] + [False] * (count - 1)


def test_the_log_of_all_sources_is_read_from_a_moment_on_oldest_first(store: SqlStore) -> None:
    ready(store, "a", "b")
    for hours, name in ((3, "b"), (1, "a"), (2, "b"), (0, "a")):
        store.apply(plan(name, record=PollRecord(name, NOW + hours * HOUR, "unchanged")))
    found = [(line.source, line.at - NOW) for line in store.log_since(NOW + HOUR)]
    assert found == [("a", HOUR), ("b", 2 * HOUR), ("b", 3 * HOUR)]


def test_the_log_remembers_who_asked_for_a_pause(store: SqlStore) -> None:
    ready(store)
    record = PollRecord("a", NOW, "failed", paused_host="x.example", paused_until=NOW + HOUR)
    store.apply(plan(record=record))
    assert list(store.log_since(NOW)) == [record]
    assert store.log("a", 1) == (record,)


def test_what_sources_say_of_themselves_is_looked_up_by_name(store: SqlStore) -> None:
    ready(store, "a", "b")
    silent = store.spoken()
    store.apply(plan(info=FeedInfo(title="A")))
    assert store.speakers(["a", "gone"]) == {"a": Speaker(FeedInfo(title="A"))}
    assert store.spoken() != silent
    said = store.spoken()
    store.apply(plan("b", at=NOW + HOUR, outcome="unchanged"))
    assert store.spoken() == said

"""What is published, and what must be built again."""

from datetime import timedelta

import pytest
from store_cases import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    artifact,
    build,
    ids_of,
    link,
    new,
    plan,
    ready,
)

from aggregator.errors import StoreError
from aggregator.model.shown import Announced, BuiltFeed, Gone
from aggregator.store import SqlStore, open_store


@pytest.fixture
def kept(store: SqlStore) -> dict[str, int]:
    """Keep three entries, two of them one story; returns their rows by guid."""
    ready(store)
    links = (link(("a", "1"), ("a", "2")),)
    store.apply(plan(new=(new("1"), new("2"), new("3")), links=links))
    return {guid: row for (_, guid), row in ids_of(store).items()}


def ids(store: SqlStore, *clusters: int, feed: str = "news") -> list[tuple[int, str]]:
    return [(one.entry, one.atom_id) for one in store.announced(feed, clusters)]


# -- bytes ---------------------------------------------------------------------------------------


def test_saved_bytes_come_back(store: SqlStore) -> None:
    odd = artifact("feeds/news.atom", bytes(range(256)))
    index = artifact("", b"index", feed=None)
    store.save(build("news", odd))
    store.save_pages([index])
    assert store.artifact("feeds/news.atom") == odd
    assert store.artifact("") == index
    assert store.artifact("feeds/other.atom") is None
    assert store.artifacts() == ("", "feeds/news.atom")


def test_a_build_replaces_the_feeds_artifacts_and_no_others(store: SqlStore) -> None:
    store.save(build("news", artifact("n.atom"), artifact("n.rss")))
    store.save(build("sport", artifact("s.atom", feed="sport")))
    store.save_pages([artifact("", feed=None)])
    store.save(build("news", artifact("n.atom", b"new"), artifact("n.json")))
    assert store.artifacts() == ("", "n.atom", "n.json", "s.atom")
    later = NOW + timedelta(seconds=1)
    assert store.artifact("n.atom") == artifact("n.atom", b"new", last_modified=later)


def test_unchanged_bytes_keep_their_date_and_are_not_written(
    store: SqlStore, statements: list[str]
) -> None:
    store.save(build("news", artifact("n.atom"), artifact("n.rss")))
    statements.clear()
    later = {"last_modified": NOW + DAY}
    store.save(build("news", artifact("n.atom", **later), artifact("n.rss", b"new", **later)))
    dates = [store.artifact(path).last_modified for path in ("n.atom", "n.rss")]  # type: ignore[union-attr]
    assert dates == [NOW, NOW + DAY]
    store.save_pages([artifact("", feed=None)])
    statements.clear()
    store.save_pages([artifact("", feed=None, **later)])
    assert [line for line in statements if not line.startswith("SELECT")] == []


def test_another_media_type_is_a_change(store: SqlStore) -> None:
    store.save(build("news", artifact("n")))
    store.save(build("news", artifact("n", media_type="text/plain")))
    assert store.artifact("n") == artifact("n", media_type="text/plain")


def test_a_page_that_is_no_longer_made_goes(store: SqlStore) -> None:
    store.save_pages([artifact("", feed=None), artifact("opml.xml", feed=None)])
    store.save_pages([artifact("", feed=None)])
    assert store.artifacts() == ("",)


def test_what_was_built_is_remembered(store: SqlStore) -> None:
    assert store.built() == {}
    store.save(build("news", recipe="one", entries=3, updated=NOW))
    store.save(build("sport", recipe="two"))
    store.save(build("news", recipe="three", entries=4, updated=NOW + HOUR))
    assert store.built() == {
        "news": BuiltFeed("three", 4, NOW + HOUR),
        "sport": BuiltFeed("two", 0, None),
    }


def test_a_retired_feed_leaves_its_ids_and_nothing_else(
    store: SqlStore, kept: dict[str, int]
) -> None:
    given = ((kept["3"], kept["3"], "urn:3"),)
    store.outdate(["news", "sport"])
    store.save(build("news", artifact("n.atom"), announced=given, rebuild_at=NOW + HOUR))
    store.save(build("sport", artifact("s.atom", feed="sport")))
    store.retire(["news", "nobody"], {}, ["sport"], {})
    assert (store.gone("news"), store.gone("sport")) == (Gone(), None)
    assert store.artifacts() == ("s.atom",)
    assert list(store.built()) == ["sport"]
    assert store.outdated(NOW + DAY) == frozenset()
    assert store.taken("news", ["urn:3"]) == {"urn:3": kept["3"]}
    store.outdate(["news"])
    assert store.outdated(NOW) == {"news"}


# -- ids -----------------------------------------------------------------------------------------


def test_ids_are_kept_by_feed_in_the_order_they_were_given(
    store: SqlStore, kept: dict[str, int]
) -> None:
    one, two, three = kept["1"], kept["2"], kept["3"]
    store.save(build("news", announced=((two, one, "urn:2"), (three, three, "urn:3"))))
    store.save(build("news", announced=((one, one, "urn:1"),)))
    store.save(build("all", announced=((one, one, "urn:other"),)))
    assert ids(store, one, three) == [(two, "urn:2"), (three, "urn:3"), (one, "urn:1")]
    assert ids(store, three) == [(three, "urn:3")]
    assert ids(store, one, feed="all") == [(one, "urn:other")]
    assert ids(store, feed="all") == []
    assert store.announced("news", [one])[0] == Announced(two, one, "urn:2")


def test_an_id_moves_to_the_cluster_its_entry_moves_to(
    store: SqlStore, kept: dict[str, int]
) -> None:
    store.save(build("news", announced=((kept["3"], kept["3"], "urn:3"),)))
    store.apply(plan(links=(link(("a", "1"), ("a", "3")),)))
    assert ids(store, kept["1"]) == [(kept["3"], "urn:3")]


def test_taken_ids_tell_who_has_them(store: SqlStore, kept: dict[str, int]) -> None:
    long = "urn:" + "x" * 9000
    given = ((kept["1"], kept["1"], "urn:\x00\\"), (kept["3"], kept["3"], long))
    store.save(build("news", announced=given))
    assert store.taken("news", ["urn:\x00\\", long, long + "x", "urn:free"]) == {
        "urn:\x00\\": kept["1"],
        long: kept["3"],
    }
    assert store.taken("all", ["urn:\x00\\"]) == {}
    assert ids(store, kept["1"], kept["3"]) == [(kept["1"], "urn:\x00\\"), (kept["3"], long)]


def test_giving_the_same_ids_again_changes_nothing(store: SqlStore, kept: dict[str, int]) -> None:
    given = ((kept["1"], kept["1"], "urn:1"), (kept["3"], kept["3"], "urn:3"))
    store.save(build("news", announced=given))
    store.save(build("news", announced=given))
    assert ids(store, kept["1"], kept["3"]) == [(kept["1"], "urn:1"), (kept["3"], "urn:3")]


@pytest.mark.parametrize("mine", [("1", "urn:other"), ("3", "urn:1")], ids=["entry", "id"])
def test_an_id_given_away_meanwhile_stops_the_whole_build(
    store: SqlStore, kept: dict[str, int], mine: tuple[str, str]
) -> None:
    """Another builder was quicker: its ids are what readers have seen."""
    store.save(build("news", artifact("n.atom"), announced=((kept["1"], kept["1"], "urn:1"),)))
    store.outdate(["news"])
    entry, atom_id = kept[mine[0]], mine[1]
    late = build("news", artifact("n.atom", b"late"), announced=((entry, entry, atom_id),))
    with pytest.raises(StoreError, match="another process published the feed news"):
        store.save(late)
    assert store.artifact("n.atom") == artifact("n.atom")
    assert ids(store, *kept.values()) == [(kept["1"], "urn:1")]
    assert store.outdated(NOW) == {"news"}


# -- marks ---------------------------------------------------------------------------------------


def test_a_mark_lasts_until_the_feed_is_saved(store: SqlStore) -> None:
    assert store.outdated(NOW) == frozenset()
    store.outdate(["news", "sport", "news"])
    assert store.outdated(NOW) == {"news", "sport"}
    assert store.outdated(NOW) == {"news", "sport"}
    store.save(build("news"))
    assert store.outdated(NOW) == {"sport"}
    store.outdate([])
    assert store.outdated(NOW) == {"sport"}


def test_a_poll_marks_in_its_own_transaction(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(outdated=("news", "all")))
    assert store.outdated(NOW) == {"news", "all"}


def test_a_mark_that_comes_during_a_build_outlives_it(store: SqlStore) -> None:
    store.outdate(["news"])
    assert store.outdated(NOW) == {"news"}
    store.outdate(["news"])
    store.save(build("news", artifact("n.atom")))
    assert store.outdated(NOW) == {"news"}
    store.save(build("news", artifact("n.atom")))
    assert store.outdated(NOW) == frozenset()


def test_a_build_that_was_overtaken_is_dropped(store: SqlStore, database_url: str) -> None:
    """It began before a mark whose build was quicker: older bytes do not replace newer ones."""
    other = open_store(database_url)
    store.outdate(["news"])
    assert store.outdated(NOW) == {"news"}
    store.outdate(["news"])
    assert other.outdated(NOW) == {"news"}
    other.save(build("news", artifact("n.atom", b"newer")))
    store.save(build("news", artifact("n.atom", b"older"), recipe="older"))
    assert store.artifact("n.atom") == artifact("n.atom", b"newer")
    assert store.built()["news"].recipe == "recipe"
    assert store.outdated(NOW) == frozenset()
    other.close()


def test_an_older_build_that_ends_first_leaves_the_newer_mark(
    store: SqlStore, database_url: str
) -> None:
    other = open_store(database_url)
    store.outdate(["news"])
    store.outdated(NOW)
    store.outdate(["news"])
    other.outdated(NOW)
    store.save(build("news", artifact("n.atom", b"older")))
    assert other.outdated(NOW) == {"news"}
    other.save(build("news", artifact("n.atom", b"newer")))
    kept = store.artifact("n.atom")
    assert kept
    assert kept.body == b"newer"
    assert store.outdated(NOW) == frozenset()
    other.close()


def test_a_feed_becomes_outdated_when_an_item_grows_too_old(store: SqlStore) -> None:
    store.save(build("news", rebuild_at=NOW + HOUR))
    assert store.outdated(NOW + HOUR - MINUTE) == frozenset()
    assert store.outdated(NOW + HOUR) == {"news"}
    assert store.outdated(NOW) == {"news"}
    store.save(build("news", rebuild_at=NOW + DAY))
    assert store.outdated(NOW + HOUR) == frozenset()
    store.save(build("news"))
    assert store.outdated(NOW + 999 * DAY) == frozenset()


def test_a_mark_at_once_goes_before_a_later_time(store: SqlStore) -> None:
    store.save(build("news", rebuild_at=NOW + HOUR))
    store.outdate(["news"])
    assert store.outdated(NOW) == {"news"}


def test_looking_for_outdated_feeds_writes_nothing(store: SqlStore, statements: list[str]) -> None:
    store.outdate(["news"])
    statements.clear()
    store.outdated(NOW)
    assert [line for line in statements if not line.startswith("SELECT")] == []


def test_a_feed_wanted_later_is_delivered_then_unless_it_is_wanted_sooner(store: SqlStore) -> None:
    store.save(build("news", artifact("feeds/news.atom", b"1"), targets=("site",)))
    assert [one.feed for one in store.pending("site", NOW, 9)] == ["news"]
    store.want_later("site", "news", NOW + HOUR)
    assert [one.feed for one in store.pending("site", NOW, 9)] == ["news"]
    store.delivered(store.pending("site", NOW, 9))
    store.want_later("site", "news", NOW + HOUR)
    assert store.pending("site", NOW, 9) == ()
    assert store.undelivered() == ()
    assert [one.feed for one in store.pending("site", NOW + HOUR, 9)] == ["news"]
    store.delivered(store.pending("site", NOW + HOUR, 9))
    assert store.pending("site", NOW + HOUR, 9) == ()

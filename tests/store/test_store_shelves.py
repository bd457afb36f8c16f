"""What is kept, for whoever builds a feed."""

from datetime import datetime
from itertools import combinations

import pytest
from sqlalchemy import text
from store_cases import HOUR, NEWS, NOW, SPORT, new, plan, ready

from aggregator.model.known import Filed
from aggregator.model.settings import Match
from aggregator.store import SqlStore
from aggregator.store.database import Database


def guids(
    store: SqlStore,
    match: Match = Match(),
    since: datetime | None = None,
    limit: int = 99,
    skip: int = 0,
) -> list[str]:
    return [one.key.guid for one in store.newest(match, since=since, limit=limit, skip=skip)]


@pytest.fixture
def shelf(store: SqlStore) -> SqlStore:
    """Keep six entries, an hour apart, in two sources and two categories."""
    ready(store, "a", "b", "c")
    places = {"1": [NEWS], "2": [NEWS], "3": [SPORT], "4": [NEWS, SPORT], "5": [], "6": [SPORT]}
    for name, guids_of_one in {"a": "13", "b": "245", "c": "6"}.items():
        for guid in guids_of_one:
            at = NOW + int(guid) * HOUR
            store.apply(plan(name, new=(new(guid, *places[guid], sort_at=at),)))
    return store


OF_CATEGORY = {"news": {"1", "2", "4"}, "sport": {"3", "4", "6"}, "none": set[str]()}
OF_SOURCE = {"a": {"1", "3"}, "b": {"2", "4", "5"}, "c": {"6"}, "nobody": set[str]()}
CATEGORIES = [some for size in range(4) for some in combinations(OF_CATEGORY, size)]
SOURCES = [some for size in range(3) for some in combinations(OF_SOURCE, size)]


def matching(categories: tuple[str, ...], sources: tuple[str, ...]) -> set[str]:
    found = {"1", "2", "3", "4", "5", "6"}
    if categories:
        found &= set().union(*(OF_CATEGORY[slug] for slug in categories))
    if sources:
        found &= set().union(*(OF_SOURCE[name] for name in sources))
    return found


def test_every_match_gives_what_is_in_any_category_and_any_source(shelf: SqlStore) -> None:
    for categories in CATEGORIES:
        for sources in SOURCES:
            match = Match(categories, sources)
            wanted = sorted(matching(categories, sources), reverse=True)
            assert guids(shelf, match) == wanted, match
            assert shelf.count(match) == len(wanted), match
            late = [guid for guid in wanted if guid >= "3"]
            assert guids(shelf, match, since=NOW + 3 * HOUR) == late, match
            assert guids(shelf, match, limit=2, skip=1) == wanted[1:3], match
            between = shelf.places(
                match, since=NOW + 2 * HOUR, until=NOW + 4 * HOUR, limit=99, skip=0
            )
            stand = {NOW + int(guid) * HOUR for guid in wanted if guid in "23"}
            assert {place.sort_at for place in between} == stand, match


def test_what_is_skipped_and_limited_pages_through_everything_once(shelf: SqlStore) -> None:
    match = Match(("news", "sport"))
    pages = [guids(shelf, match, limit=2, skip=skip) for skip in (0, 2, 4, 6)]
    assert pages == [["6", "4"], ["3", "2"], ["1"], []]
    assert guids(shelf, limit=0) == []


def test_of_one_moment_the_order_is_by_source_and_guid_by_code_point(store: SqlStore) -> None:
    names = ["B", "a", "ab", "é", "中", "😀"]
    odd = ["", " ", "A", "\\", "a", "a\x01", "b", "é", "\ufffd", "😀", "\x7f"]
    ready(store, *reversed(names))
    for name in names:
        store.apply(plan(name, new=tuple(new(guid) for guid in reversed(odd))))
    order = [one.key for one in store.newest(Match(), since=None, limit=999)]
    assert [key.source for key in order] == sorted(key.source for key in order)
    plain = [guid for guid in odd if guid.isprintable() and "\\" not in guid]
    mine = [key.guid for key in order if key.source == "a"]
    assert [guid for guid in mine if guid in plain] == sorted(plain)
    assert set(mine) == set(odd)


def test_the_order_is_to_the_microsecond_and_over_centuries(store: SqlStore) -> None:
    ready(store)
    times = {
        "ancient": datetime(1, 1, 2, tzinfo=NOW.tzinfo),
        "old": datetime(999, 12, 31, tzinfo=NOW.tzinfo),
        "epoch": datetime(1970, 1, 1, tzinfo=NOW.tzinfo),
        "first": NOW,
        "second": NOW.replace(microsecond=1),
        "third": NOW.replace(microsecond=10),
        "far": datetime(9999, 12, 30, tzinfo=NOW.tzinfo),
    }
    store.apply(plan(new=tuple(new(guid, sort_at=at) for guid, at in times.items())))
    assert guids(store) == list(reversed(times))
    kept = store.newest(Match(), since=None, limit=99)
    assert {one.key.guid: one.sort_at for one in kept} == times


def test_categories_are_those_that_hold_an_entry(store: SqlStore) -> None:
    ready(store)
    assert store.categories() == {}
    store.apply(plan(new=(new("1", NEWS), new("2", SPORT))))
    assert store.categories() == {"news": "News", "sport": "Sport"}


@pytest.mark.parametrize("order", [("TechWeb", "Techweb"), ("Techweb", "TechWeb")])
def test_the_name_of_a_category_hangs_on_no_order(store: SqlStore, order: tuple[str, str]) -> None:
    ready(store)
    for number, name in enumerate(order):
        store.apply(plan(new=(new(str(number), Filed("techweb", name, fixed=False)),)))
    assert store.categories() == {"techweb": "TechWeb"}


def test_a_feed_is_read_at_one_moment_though_somebody_writes(
    store: SqlStore, database_url: str
) -> None:
    ready(store)
    database = Database(database_url)
    with database.read() as connection:
        before = connection.scalar(text("SELECT count(*) FROM entry"))
        store.apply(plan(new=(new("1"),)))
        assert connection.scalar(text("SELECT count(*) FROM entry")) == before == 0
    database.close()
    assert guids(store) == ["1"]


def test_a_reader_does_not_wait_for_the_writer(store: SqlStore, database_url: str) -> None:
    ready(store)
    store.apply(plan(new=(new("1"),)))
    database = Database(database_url)
    with database.write():
        assert guids(store) == ["1"]
        store.check()
    database.close()

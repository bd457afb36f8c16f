"""Which entries may tell one story, and which do."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import DAY, HOUR, NEWS, NOW, SPORT, Rows, ids_of, link, mark_of, new, plan, ready

from aggregator.model.known import Candidate, EntryKey
from aggregator.model.settings import Match
from aggregator.store import SqlStore
from aggregator.store.stories import merged


def found(store: SqlStore, *marks: str, limit: int = 99, since: datetime = NOW - DAY) -> list[str]:
    shared = store.candidates([mark_of(mark) for mark in marks], since, limit)
    return [one.key.guid for one in shared]


def clusters(store: SqlStore) -> list[list[str]]:
    """Return the guids of each cluster, the earliest first."""
    kept = store.newest(Match(), since=None, limit=99)
    numbers = sorted({one.cluster for one in kept})
    return [[one.key.guid for one in store.clusters([number])] for number in numbers]


def test_a_candidate_says_who_it_is_and_what_it_shares(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1", NEWS, SPORT, marks=["x", "title:t", "z"]),)))
    store.apply(plan("b", new=(new("2", marks=["w"]),)))
    (one,) = store.candidates([mark_of("x"), mark_of("title:t"), mark_of("y")], NOW - DAY, 9)
    assert one == Candidate(
        EntryKey("a", "1"), "Title 1", None, one.fingerprints, ("news", "sport")
    )
    assert set(one.fingerprints) == {mark_of("x"), mark_of("title:t")}


def test_a_mark_of_another_kind_is_another_mark(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1", marks=["link:x"]),)))
    assert found(store, "title:x") == []
    assert found(store) == []


def test_entries_first_seen_before_the_window_are_left_out(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(at=NOW - DAY, new=(new("old", marks=["x"]),)))
    store.apply(plan(at=NOW, new=(new("new", marks=["x"]),)))
    assert found(store, "x", since=NOW - DAY) == ["new"]
    assert found(store, "x", since=NOW - DAY - HOUR) == ["new", "old"]


def test_the_newest_come_first_and_a_flood_leaves_others_their_place(store: SqlStore) -> None:
    ready(store)
    rare = tuple(new(f"rare {number}", marks=["rare"]) for number in range(2))
    flood = tuple(new(f"flood {number:02}", marks=["flood"]) for number in range(99))
    store.apply(plan(new=(*rare, *flood)))
    assert found(store, "flood", "rare", limit=4) == ["flood 98", "rare 1", "flood 97", "rare 0"]
    assert len(found(store, "flood", "rare")) == 62


def test_a_shared_long_mark_comes_back_whole(store: SqlStore) -> None:
    long = "https://a.example/" + "\\" + "x" * 5000
    ready(store)
    store.apply(plan(new=(new("1", marks=[f"link:{long.removeprefix('https:')}"]),)))
    mark = mark_of(f"link:{long.removeprefix('https:')}")
    (one,) = store.candidates([mark], NOW - DAY, 9)
    assert one.fingerprints == (mark,)


def test_any_number_of_marks_is_looked_up(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1", marks=["4999"]),)))
    assert found(store, *(str(number) for number in range(5000))) == ["1"]


def test_linked_entries_are_one_cluster_numbered_by_the_earliest(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1"), new("2"), new("3"))))
    store.apply(plan("b", new=(new("4"),), links=(link(("a", "2"), ("b", "4")),)))
    assert clusters(store) == [["1"], ["2", "4"], ["3"]]
    ids = ids_of(store)
    assert [one.cluster for one in store.clusters([ids["a", "2"]])] == [ids["a", "2"]] * 2


def test_links_join_clusters_across_plans_and_inside_one(store: SqlStore) -> None:
    ready(store)
    pairs = (("1", "2"), ("3", "4"))
    store.apply(
        plan(
            new=tuple(new(guid) for guid in "12345"),
            links=tuple(link(("a", one), ("a", other)) for one, other in pairs),
        )
    )
    assert clusters(store) == [["1", "2"], ["3", "4"], ["5"]]
    store.apply(plan(links=(link(("a", "5"), ("a", "4")), link(("a", "2"), ("a", "3")))))
    assert clusters(store) == [["1", "2", "3", "4", "5"]]


def test_the_evidence_is_kept_once_as_it_was_first_told(store: SqlStore, rows: Rows) -> None:
    ready(store)
    store.apply(plan(new=(new("1"), new("2")), links=(link(("a", "1"), ("a", "2"), "text", 0.5),)))
    store.apply(plan(at=NOW + DAY, links=(link(("a", "1"), ("a", "2"), "link", 1.0),)))
    assert rows("SELECT rule, score FROM duplicate_link") == [("text", 0.5)]


def test_clusters_nobody_knows_are_empty(store: SqlStore) -> None:
    assert store.clusters([1, 2]) == ()
    assert store.clusters([]) == ()


PAIRS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12)


@given(PAIRS)
@settings(max_examples=60, deadline=None)
def test_merging_joins_exactly_what_is_tied_under_the_smallest(
    pairs: list[tuple[int, int]],
) -> None:
    into = merged(pairs)
    groups = [{number} for number in range(1, 10)]
    for pair in pairs:
        tied = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if not group & set(pair)] + [set().union(*tied)]
    smallest = {number: min(group) for group in groups for number in group}
    assert {number: into.get(number, number) for number in range(1, 10)} == smallest


@pytest.mark.parametrize("pairs", [[(1, 1)], []])
def test_nothing_tied_merges_nothing(pairs: list[tuple[int, int]]) -> None:
    assert merged(pairs) == {}

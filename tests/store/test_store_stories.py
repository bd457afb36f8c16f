"""Which entries may tell one story, and which do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import DAY, NOW, Rows, ids_of, link, new, plan, ready

from aggregator.model.settings import Match
from aggregator.store import SqlStore
from aggregator.store.stories import merged


def clusters(store: SqlStore) -> list[list[str]]:
    """Return the guids of each cluster, the earliest first."""
    kept = store.newest(Match(), since=None, limit=99)
    numbers = sorted({one.cluster for one in kept})
    return [[one.key.guid for one in store.clusters([number])] for number in numbers]


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

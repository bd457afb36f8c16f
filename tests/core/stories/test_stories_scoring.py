"""The arithmetic of a score, on sets small enough to count by hand."""

from datetime import UTC, datetime

from aggregator.core.stories import Arrival, features
from aggregator.core.stories.scoring import Family, Label, attached, score, subsets
from aggregator.model.known import EntryKey

TRUTH = {
    "a": Label("one", "pos", frozenset({"original"})),
    "b": Label("one", "pos", frozenset({"truncated_summary"})),
    "c": Label("one", "pos", frozenset({"footer"})),
    "d": Label("two", "neg_like"),
    "e": Label("three", "neg_like"),
}


def test_all_right() -> None:
    found = score(TRUTH, {"a": 1, "b": 1, "c": 1, "d": 2, "e": 3})
    assert (found.precision, found.recall, found.removed, found.copies) == (1, 1, 2, 2)
    assert (found.negatives, found.negatives_merged) == (2, 0)


def test_who_has_no_story_stands_alone() -> None:
    found = score(TRUTH, {"a": 1, "b": 1})
    assert (found.pairs, found.pairs_right, found.pairs_true, found.removed) == (1, 1, 3, 1)


def test_a_wrong_merge_counts_for_every_entry_in_it() -> None:
    found = score(TRUTH, {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3})
    assert (found.precision, found.recall) == (1 / 2, 1 / 3)
    assert found.negatives_merged == 1
    assert found.families == {
        "neg_like": Family(entries=2, wrongly_merged=1, copies=0, removed=0),
        "pos": Family(entries=3, wrongly_merged=1, copies=2, removed=1),
    }


def test_nothing_to_find_is_found() -> None:
    found = score({}, {})
    assert (found.precision, found.recall, found.copies) == (1, 1, 0)


def test_summaries_and_long_copies_are_counted_by_themselves() -> None:
    long = " ".join(f"The {n}th sentence of a text that goes on and on." for n in range(40))
    arrivals = [
        Arrival(EntryKey("s", one), datetime(2026, 1, 1, tzinfo=UTC), features("", "", long, None))
        for one in TRUTH
    ]
    chosen = subsets(TRUTH, arrivals)
    assert chosen == {"summaries attached": ["b"], "long attached": ["c"]}
    found = {"a": 1, "b": 1, "c": 2}
    assert [attached(TRUTH, found, ids) for ids in chosen.values()] == [(1, 1), (0, 1)]

"""What a feed is about to say, seen from what it said last."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.core.plausible import plausible
from aggregator.model.shown import Summary

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def said(numbers: range, newest: datetime | None = NOON, mark: str = "") -> Summary:
    links = {f"https://paper.example/{n}": f"urn:{mark}{n}" for n in numbers}
    return Summary(tuple(links.values()), links, newest)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (None, said(range(0))),
        (said(range(0)), said(range(10))),
        (said(range(10)), said(range(10))),
        (said(range(10)), said(range(5, 15), NOON + DAY)),
        (said(range(10)), said(range(20, 30), NOON + DAY)),
        (said(range(3)), said(range(0), None)),
        (said(range(4)), said(range(10, 14))),
        (said(range(50)), said(range(1))),
    ],
)
def test_an_ordinary_day_is_plausible(before: Summary | None, now: Summary) -> None:
    assert plausible(before, now) is None


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        (said(range(10)), said(range(0), None), "suddenly empty"),
        (said(range(10)), said(range(10), mark="x"), "10 known entries would be announced again"),
        (said(range(10)), said(range(20, 30)), "nothing is newer"),
        (said(range(10)), said(range(20, 30), NOON - DAY), "nothing is newer"),
    ],
)
def test_a_fault_of_ours_is_held(before: Summary, now: Summary, says: str) -> None:
    assert says in str(plausible(before, now))


def test_new_ids_are_held_though_newer_entries_came_too() -> None:
    now = said(range(10), NOON + DAY, mark="x")
    more = said(range(10, 14), NOON + DAY)
    both = Summary(now.ids + more.ids, {**now.links, **more.links}, NOON + DAY)
    assert "new ids" in str(plausible(said(range(10)), both))

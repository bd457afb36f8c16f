"""How the entries of a feed are looked at for its archive."""

from datetime import timedelta

import pytest
from store_cases import HOUR, NEWS, NOW, SPORT, build, ids_of, link, new, plan, ready

from aggregator.model.settings import Match
from aggregator.model.shown import Archived, Arrivals, Sweep
from aggregator.store import SqlStore

MATCHES = [
    Match(),
    Match(("news",)),
    Match(("news", "sport")),
    Match(sources=("a",)),
    Match(("news",), ("a",)),
]


def kept(store: SqlStore, count: int = 25) -> None:
    """Keep entries an hour apart, the newest first; three stand at one moment."""
    ready(store)
    hours = [max(number, 3) for number in range(count)]
    entries = (
        new(str(number), NEWS, SPORT, sort_at=NOW - hour * HOUR)
        for number, hour in enumerate(hours)
    )
    store.apply(plan(new=tuple(entries)))


def sweep(store: SqlStore, match: Match, most: int, begun: Sweep | None = None) -> list[Arrivals]:
    """Look at all there is, so many at a time."""
    found = [store.arrivals("news", match, begun, most)]
    while found[-1].swept.until:
        found.append(store.arrivals("news", match, found[-1].swept, most))
    return found


@pytest.mark.parametrize("match", MATCHES, ids=repr)
@pytest.mark.parametrize("most", [1, 7, 24, 25, 26])
def test_a_sweep_meets_every_entry_once_the_oldest_first(
    store: SqlStore, match: Match, most: int
) -> None:
    kept(store)
    found = sweep(store, match, most)
    met = [cluster for one in found for cluster in one.clusters]
    newest_first = store.newest(match, since=None, limit=99)
    assert sorted(met) == sorted({one.cluster for one in newest_first})
    places = [place for one in found for place in one.clusters.values()]
    assert places == sorted(places)
    assert all(len(one.clusters) <= most for one in found)


def test_a_story_of_two_copies_stands_where_the_older_one_does(store: SqlStore) -> None:
    kept(store)
    store.apply(plan(links=(link(("a", "1"), ("a", "20")),)))
    rows = ids_of(store)
    first = store.arrivals("news", Match(), None, 10)
    assert first.clusters[rows["a", "1"]][0] == NOW - 20 * HOUR
    assert rows["a", "20"] not in first.clusters


def test_what_comes_during_a_sweep_is_looked_at_after_it_however_old(store: SqlStore) -> None:
    kept(store)
    first = store.arrivals("news", Match(("news",)), None, 10)
    store.apply(plan(new=(new("late", NEWS, sort_at=NOW - timedelta(days=99)),)))
    late = ids_of(store)["a", "late"]
    rest = sweep(store, Match(("news",)), 10, first.swept)
    assert all(late not in one.clusters for one in rest)
    after = store.arrivals("news", Match(("news",)), rest[-1].swept, 10)
    assert late in after.clusters
    assert after.swept == Sweep(late)


def test_how_far_a_sweep_came_is_remembered_with_the_build(store: SqlStore) -> None:
    kept(store)
    swept = store.arrivals("news", Match(), None, 10).swept
    assert swept.until is not None
    store.save(build(archived=Archived(pages=1, swept=swept)))
    assert store.last_build("news").swept == swept
    store.save(build(archived=Archived(pages=1, swept=Sweep(25))))
    assert store.last_build("news").swept == Sweep(25)

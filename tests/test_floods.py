"""Floods, end to end: what readers see, what the operator is told, and what accepting does."""

import pytest
from test_pipeline import HOUR, START, A, Case, Time, assemble, rss

from aggregator.model.settings import Match
from aggregator.store import SqlStore

LONG = " ".join(f"word{number} of a text" for number in range(60))


def undated(count: int, host: str = "a.example", name: str = "Entry") -> bytes:
    items = "".join(
        f"<item><title>{name} {number}</title><link>https://{host}/{name}/{number}</link></item>"
        for number in range(count)
    )
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>'
    return f"{head}{items}</channel></rss>".encode()


def kinds_told(case: Case) -> list[str]:
    return [notice.kind for notice in case.pipeline.store.notices(99) if notice.source == "a"]


def with_neighbour(store: SqlStore) -> Case:
    """Let "b" have forty entries in the same category, the newest of today."""
    case = assemble(store)
    listed = ((number, f"Neighbour {number}") for number in range(24, -16, -1))
    case.world.bodies["https://b.example/feed"] = rss(*listed, host="b.example")
    return case


@pytest.mark.slow
def test_a_first_poll_of_hundreds_drowns_nobody_and_loses_nothing(store: SqlStore) -> None:
    case = with_neighbour(store)
    case.world.bodies[A.location] = undated(500)
    assert case.poll() == [("a", "flood"), ("b", "new")]
    assert sum(title.startswith("Neighbour") for _, title in case.entries()) == 30
    assert store.count(Match(sources=("a",))) == 500
    assert kinds_told(case) == ["flood"]
    assert next(one.held for one in store.sources() if one.name == "a") == 480


def test_a_source_that_is_alone_in_its_feed_is_shown_all_the_same(store: SqlStore) -> None:
    case = assemble(store)
    case.world.bodies[A.location] = undated(300)
    case.poll()
    assert [title for _, title in case.entries()] == [f"Entry {number}" for number in range(50)]


def test_a_real_burst_appears(store: SqlStore) -> None:
    case = with_neighbour(store)
    case.world.bodies[A.location] = undated(5)
    case.poll()
    case.world.bodies[A.location] = undated(60, name="Live")
    assert ("a", "new") in case.poll(2 * HOUR)
    assert [title for _, title in case.entries()] == [f"Live {number}" for number in range(50)]
    assert kinds_told(case) == []


@pytest.mark.slow
def test_a_flood_is_held_told_once_and_accepted(store: SqlStore) -> None:
    case = with_neighbour(store)
    case.world.bodies[A.location] = undated(5)
    case.poll()
    case.world.bodies[A.location] = undated(200, name="Other")
    assert ("a", "flood") in case.poll(2 * HOUR)
    titles = [title for _, title in case.entries()]
    assert titles[:20] == [f"Other {number}" for number in range(20)]
    assert sum(title.startswith("Neighbour") for title in titles) >= 25
    case.world.bodies[A.location] = undated(200, name="Third")
    assert ("a", "flood") in case.poll(4 * HOUR)
    assert kinds_told(case) == ["flood"]
    assert b"aggregator accept a" in case.body("operator.atom")
    assert store.accept("a") == 2 * 180
    case.pipeline.publishing.publish(bool)
    titles = [title for _, title in case.entries()]
    assert titles == [f"Third {number}" for number in range(50)]
    assert next(one.held for one in store.sources() if one.name == "a") == 0
    case.world.bodies[A.location] = undated(200, name="Fourth")
    assert ("a", "new") in case.poll(8 * HOUR)
    assert store.accept("a") == 0


def test_an_archive_that_returns_under_new_ids_and_words_stands_where_it_was(
    store: SqlStore,
) -> None:
    case = with_neighbour(store)
    case.world.bodies[A.location] = rss((20, "Known"))
    case.poll()
    titles = case.entries()
    old = ((number, f"Old {number}") for number in range(-400, -2400, -13))
    case.world.bodies[A.location] = rss(*old)
    assert ("a", "flood") in case.poll(2 * HOUR)
    assert case.entries()[: len(titles)] == titles
    assert store.count(Match(sources=("a",))) == 1 + 154
    assert kinds_told(case) == ["flood"]


def test_a_held_copy_does_not_take_anothers_story_away(store: SqlStore) -> None:
    case = assemble(store, clock=Time(START))
    story = f"<item><title>Great news today</title><description>{LONG}</description></item>"
    theirs = rss((24, "Something else"), host="b.example").replace(
        b"</channel>", story.encode() + b"</channel>"
    )
    case.world.bodies["https://b.example/feed"] = theirs
    case.world.bodies[A.location] = undated(300).replace(
        b"</channel>", story.encode() + b"</channel>"
    )
    case.poll()
    told = [title for _, title in case.entries()]
    assert told.index("Great news today") < 25


def test_ids_that_change_all_at_once_are_recognised_before_they_are_counted(
    store: SqlStore,
) -> None:
    case = assemble(store)
    items = [(number, f"Story {number}") for number in range(24, -126, -1)]
    case.world.bodies[A.location] = rss(*items)
    case.poll()
    again = rss(*items).replace(b"<guid>https://", b"<guid>urn:moved:")
    case.world.bodies[A.location] = again
    assert ("a", "unchanged") in case.poll(2 * HOUR)
    assert kinds_told(case) == []
    assert store.count(Match(sources=("a",))) == 150


def test_a_held_copy_hides_no_story_of_another_from_a_full_feed(store: SqlStore) -> None:
    """A story counted as standing where its held copy does, below all that a full feed shows."""
    case = assemble(store, clock=Time(START))
    story = (
        "<item><title>Great news today</title><link>https://b.example/great</link>"
        f"<guid>https://b.example/great</guid><description>{LONG}</description></item>"
    )
    others = ((number, f"Neighbour {number}") for number in range(23, -37, -1))
    case.world.bodies["https://b.example/feed"] = rss(
        (24, "Something else"), *others, host="b.example"
    ).replace(b"<item>", story.encode() + b"<item>", 1)
    case.world.bodies[A.location] = undated(5)
    case.poll()
    case.world.bodies[A.location] = undated(200, name="Other").replace(
        b"</channel>", story.encode() + b"</channel>"
    )
    assert ("a", "flood") in case.poll(2 * HOUR)
    assert "Great news today" in [title for _, title in case.entries()]

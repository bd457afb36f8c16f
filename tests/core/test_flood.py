"""Far more entries new at once than a source ever brought."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.core import flood
from aggregator.model.known import Article, Due, NewEntry, PollRecord, PollState
from aggregator.model.settings import Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source("planet", "feed", "https://planet.example/feed")
KNOWN = Due("planet", PollState(last_ok_at=NOW - HOUR), first=False)
FIRST = Due("planet", PollState(), first=True)


def record(new: int, outcome: str = "new") -> PollRecord:
    return PollRecord("planet", NOW, outcome, new=new)


def floods(new: int, *log: PollRecord, due: Due = KNOWN, source: Source = SOURCE) -> bool:
    """Judge; the log is the newest first and ends with a first poll."""
    return flood.is_flood(source, due, new, lambda: (*log, record(900)), NOW)


def entries(*published: datetime) -> list[NewEntry]:
    return [
        NewEntry(str(number), "declared", "", "", Article(str(number)), at, at, at)
        for number, at in enumerate(published)
    ]


def come(new: Sequence[NewEntry], due: Due = FIRST) -> flood.Came:
    return flood.place(SOURCE, due, new, tuple, NOW)


def held(new: Sequence[NewEntry]) -> list[str]:
    """Place a first poll, and return the guids of what stands behind everything."""
    came = come(new)
    return [one.guid for one in map(came.stand, came.new) if flood.is_held(one.sort_at)]


@pytest.mark.parametrize("new", [1, 60, 100])
def test_up_to_a_hundred_are_nobodys_flood(new: int) -> None:
    assert not floods(new)


def test_far_more_than_ever_between_two_polls_is_a_flood() -> None:
    assert floods(101)
    assert floods(101, record(25))
    assert not floods(120, record(2), record(30), record(0))
    assert floods(121, record(2), record(30), record(0))


def test_what_a_source_listed_first_or_in_a_flood_or_archive_is_not_its_usual() -> None:
    assert floods(200, record(500, "flood"), record(800, "older"))
    assert not floods(200, record(500))


def test_what_its_pace_would_have_brought_meanwhile_is_no_flood() -> None:
    """A site that could not be reached for a month has a month to tell."""
    due = Due("planet", PollState(last_ok_at=NOW - 30 * DAY, pace=6 * HOUR), first=False)
    assert not floods(480, due=due)
    assert floods(481, due=due)


def test_entries_of_one_moment_are_no_pace_that_lets_everything_in() -> None:
    """A feed whose entries all bear the time of its making seemed to publish one each second."""
    state = PollState(last_ok_at=NOW - HOUR, pace=timedelta(seconds=1))
    assert floods(101, due=Due("planet", state, first=False))


def test_a_first_poll_is_judged_by_its_days_and_a_page_of_the_archive_is_not() -> None:
    assert floods(101, due=FIRST)
    assert not floods(100, due=FIRST)
    assert not floods(5000, due=Due("planet", KNOWN.state, first=True))


def test_a_folder_is_the_operators_own() -> None:
    assert not floods(5000, source=Source("posts", "posts", "/srv/posts"))


def test_the_log_is_not_read_for_a_few() -> None:
    asked: list[int] = []

    def log() -> list[PollRecord]:
        asked.append(1)
        return []

    flood.is_flood(SOURCE, KNOWN, 100, log, NOW)
    assert asked == []
    flood.is_flood(SOURCE, KNOWN, 101, log, NOW)
    assert asked == [1]


def test_entries_of_a_flood_stand_by_their_own_dates_and_none_in_the_future() -> None:
    placed = flood.by_own_dates(entries(NOW - 90 * DAY, NOW, NOW), NOW)
    tick = timedelta(microseconds=1)
    assert [one.sort_at for one in placed] == [NOW - 90 * DAY, NOW - tick, NOW - 2 * tick]


def test_of_a_day_with_too_many_all_but_the_newest_twenty_are_held_and_keep_their_order() -> None:
    minute = timedelta(minutes=1)
    new = entries(*(NOW - number * minute for number in range(101)))
    assert held(new) == [str(number) for number in range(20, 101)]
    came = come(new)
    stand = [came.stand(one) for one in came.new]
    by_place = sorted(stand, key=lambda one: one.sort_at, reverse=True)
    assert [one.guid for one in by_place] == [one.guid for one in new]
    assert [one.sort_at + flood.BEHIND for one in stand[20:]] == [
        one.sort_at for one in came.new[20:]
    ]


def test_an_archive_of_years_holds_nothing_back() -> None:
    assert held(entries(*(NOW - number * DAY for number in range(5000)))) == []
    assert held(entries(*(NOW - number * HOUR for number in range(500)))) == []


def test_a_first_poll_that_holds_nothing_back_is_no_flood_and_a_later_one_is() -> None:
    years = entries(*(NOW - number * DAY for number in range(500)))
    assert not come(years).flooded
    assert come(years, KNOWN).flooded


def test_what_is_no_flood_stays_where_it_is() -> None:
    new = entries(*[NOW - 90 * DAY] * 100)
    assert come(new, KNOWN) == flood.Came(tuple(new))


def test_the_oldest_date_that_is_believed_can_be_held_and_is_not_taken_for_held() -> None:
    oldest = datetime(1583, 1, 1, 12, tzinfo=UTC)
    assert held(entries(*[oldest] * 130)) == [str(number) for number in range(20, 130)]
    assert not any(flood.is_held(one.sort_at) for one in come(entries(*[oldest] * 130)).new)


def test_it_is_said_what_can_be_done() -> None:
    many = come(entries(*[NOW] * 5000))
    assert flood.words("planet", many) == (
        "It listed 5,000 new entries at once, which looks like a flood. Of each day the newest 20 "
        "stand in the feeds; 4,980 are held back: they are kept and stand behind everything else. "
        "`aggregator accept planet` puts them into their places."
    )
    old = come(entries(*(NOW - number * DAY for number in range(500))), KNOWN)
    assert flood.words("planet", old).endswith("They stand where their own dates put them.")

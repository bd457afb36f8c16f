"""How a source does, in words, and what its operator is told once."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from aggregator.core import health
from aggregator.model.known import KnownSource, PollState
from aggregator.model.parsed import FeedInfo, Rhythm
from aggregator.model.settings import Republish, Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = Source(name="planet", kind="feed", location="https://planet.example/feed")
GOOD = PollState(last_ok_at=NOW - HOUR, identity="guid")
FAILING = replace(GOOD, failures=6, last_error="500 Internal Server Error")
MOVED = replace(
    GOOD,
    moved_to="https://new.example/feed",
    move_seen_at=NOW - 30 * HOUR,
    move_sightings=3,
)


def told(before: PollState, after: PollState) -> list[tuple[str, str]]:
    return [(notice.kind, notice.words) for notice in health.notices(SOURCE, before, after, NOW)]


def test_an_ordinary_poll_tells_nothing() -> None:
    assert told(GOOD, replace(GOOD, last_ok_at=NOW)) == []


@pytest.mark.parametrize("failures", [1, 5, 7, 100])
def test_a_failure_among_many_tells_nothing(failures: int) -> None:
    assert told(replace(GOOD, failures=failures - 1), replace(FAILING, failures=failures)) == []


def test_the_sixth_failure_in_a_row_is_told() -> None:
    assert told(replace(FAILING, failures=5), FAILING) == [
        (
            "failing",
            "It failed 6 times in a row, last with: 500 Internal Server Error. "
            "It is asked again every 12 hours.",
        )
    ]


def test_a_source_that_was_told_as_failing_is_told_when_it_answers_again() -> None:
    assert told(FAILING, GOOD) == [("recovered", "It answers again, after 6 failures in a row.")]


def test_a_source_that_is_gone_is_told() -> None:
    gone = replace(FAILING, failures=2, stopped="gone: 410 Gone")
    assert told(GOOD, gone) == [("gone", "It is never asked again: gone: 410 Gone.")]


def test_a_move_is_told_when_it_is_followed_and_when_it_is_given_up() -> None:
    assert told(replace(MOVED, move_sightings=2), MOVED) == [
        (
            "moved",
            "It has moved for good and is asked at https://new.example/feed; "
            "put that into feeds.yaml.",
        )
    ]
    assert told(MOVED, GOOD) == [
        (
            "moved",
            "It is asked at https://planet.example/feed again: "
            "https://new.example/feed kept failing.",
        )
    ]


def test_a_move_of_a_source_whose_address_is_a_secret_is_told_without_it() -> None:
    private = replace(SOURCE, republish=Republish(hide_address=True))
    (notice,) = health.notices(private, replace(MOVED, move_sightings=2), MOVED, NOW)
    assert "example" not in notice.words
    known = KnownSource("planet", FeedInfo(), MOVED, republish=private.republish)
    assert health.examine(known, NOW).moved_to is None


def test_another_policy_of_identity_is_told_but_not_the_first() -> None:
    assert told(replace(GOOD, identity=None), GOOD) == []
    assert told(GOOD, replace(GOOD, identity="link")) == [
        ("identity", "Its ids no longer tell its entries apart; they are named by link now.")
    ]


@pytest.mark.parametrize(
    ("state", "removed", "standing", "reason"),
    [
        (PollState(), False, "new", "not polled yet"),
        (GOOD, False, "ok", "ok, 1 h ago"),
        (
            FAILING,
            False,
            "failing",
            "failed: 500 Internal Server Error (6 times in a row)",
        ),
        (
            PollState(failures=1, last_error="429", paused_until=NOW + 2 * HOUR),
            False,
            "failing",
            "failed: 429; its host asked for a pause of 2 h",
        ),
        (PollState(stopped="gone: 410"), False, "stopped", "stopped: gone: 410"),
        (GOOD, True, "removed", "removed from feeds.yaml; its entries stay"),
    ],
)
def test_how_a_source_does_is_said_in_words(
    state: PollState, removed: bool, standing: str, reason: str
) -> None:
    source = KnownSource("planet", FeedInfo(), state, removed=removed)
    assert (health.standing(source), health.reason(source, NOW)) == (standing, reason)


def test_the_wait_that_a_feed_asks_for_is_said_in_words() -> None:
    rhythm = Rhythm(ttl=timedelta(minutes=2), update_interval=HOUR)
    assert health.asked_wait(rhythm) == "to be asked every 1 h at most"
    assert health.asked_wait(Rhythm()) is None


def test_the_pace_is_said_in_words() -> None:
    assert health.pace(PollState(pace=timedelta(hours=30))) == "an entry every 1 d"
    assert health.pace(PollState(pace=timedelta(days=1178))) == "an entry every 3 y"
    assert health.pace(PollState()) == "at a pace not known yet"

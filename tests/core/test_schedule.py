"""When a source is asked next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from aggregator.core import schedule
from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Document,
    Failed,
    Fetched,
    HostPause,
    NotModified,
    Traffic,
    Validators,
    Wishes,
)
from aggregator.model.known import PollState
from aggregator.model.parsed import Rhythm
from aggregator.model.settings import FetchSettings, Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
FETCH = FetchSettings()
SOURCE = Source(name="planet", kind="feed", location="https://planet.example/feed", every=HOUR)
FOLDER = Source(name="posts", kind="posts", location="/srv/posts", every=timedelta(minutes=1))
DOCUMENT = Document("https://planet.example/feed", "application/rss+xml", None, b"<rss/>")


def fetched(wishes: Wishes = Wishes(), permanent_url: str | None = None) -> Fetched:
    validators = Validators('"1"', "Mon, 02 Mar 2026 11:00:00 GMT")
    return Fetched(DOCUMENT, "hash", validators, wishes, permanent_url=permanent_url)


def wait(
    source: Source = SOURCE,
    wishes: Wishes = Wishes(),
    rhythm: Rhythm = Rhythm(),
    before: PollState = PollState(last_ok_at=NOW - HOUR),
) -> timedelta:
    state = schedule.after_read(source, before, fetched(wishes), rhythm, NOW, FETCH)
    assert state.next_poll_at is not None
    return state.next_poll_at - NOW


def fail(state: PollState, now: datetime = NOW, **words: object) -> PollState:
    wishes = Wishes(retry_after=words.pop("retry_after", None))  # type: ignore[arg-type]
    error = FetchError(str(words.pop("message", "500")), **words)  # type: ignore[arg-type]
    return schedule.after_failure(SOURCE, state, Failed(error, wishes), now, FETCH)


def test_a_source_is_asked_after_its_interval_and_at_most_a_tenth_later() -> None:
    assert HOUR <= wait() < HOUR * 1.1


@pytest.mark.parametrize(
    ("due", "seconds"), [(17, 17), (3600, 60), (-5, 60)], ids=["soon", "later", "past"]
)
def test_a_folder_is_asked_when_a_post_that_waits_is_due(due: int, seconds: int) -> None:
    wishes = Wishes(due_at=NOW + timedelta(seconds=due))
    assert wait(FOLDER, wishes) == timedelta(seconds=seconds)


def test_sources_that_began_together_drift_apart() -> None:
    waits = {wait(replace(SOURCE, name=f"source-{number}")) for number in range(100)}
    assert len(waits) == 100


def test_sources_that_begin_together_are_spread_over_one_interval() -> None:
    waits = sorted(
        wait(replace(SOURCE, name=f"source-{number}"), before=PollState()) for number in range(100)
    )
    assert waits[0] >= HOUR
    assert waits[-1] < 2 * HOUR
    assert max(later - earlier for earlier, later in pairwise(waits)) < HOUR / 10


def paced(pace: timedelta | None, silent: timedelta = timedelta(0)) -> PollState:
    return PollState(last_ok_at=NOW - HOUR, pace=pace, last_new_at=NOW - silent)


@pytest.mark.parametrize(
    ("before", "hours"),
    [
        (paced(None), 1),
        (paced(timedelta(minutes=10)), 1),
        (paced(5 * HOUR), 2.5),
        (paced(timedelta(minutes=10), silent=6 * HOUR), 3),
    ],
    ids=["unknown", "busy", "in between", "fallen silent"],
)
def test_a_source_is_asked_twice_in_its_usual_gap_within_bounds(
    before: PollState, hours: float
) -> None:
    assert hours * HOUR <= wait(before=before) < hours * HOUR * 1.1


def test_the_operator_bounds_how_slow_a_source_gets() -> None:
    assert wait(replace(SOURCE, slowest=HOUR), before=paced(24 * HOUR)) == HOUR
    assert wait(replace(SOURCE, slowest=48 * HOUR), before=paced(48 * HOUR)) >= 24 * HOUR


def test_sources_that_publish_seldom_drift_apart_too() -> None:
    seldom = paced(24 * HOUR)
    waits = {wait(replace(SOURCE, name=f"seldom-{number}"), before=seldom) for number in range(50)}
    assert len(waits) == 50
    assert 3.6 * HOUR <= min(waits) <= max(waits) <= 4 * HOUR


# -- what answers cost -----------------------------------------------------------------------------

KIB = 1024


def costly(kib: int, pace: timedelta | None, **words: object) -> timedelta:
    """Return the wait after an answer of so many KiB, by a source that always sends as much."""
    source = replace(SOURCE, **words)  # type: ignore[arg-type]
    before = replace(paced(pace), cost=kib * KIB)
    answer = replace(fetched(), traffic=Traffic(1, kib * KIB))
    state = schedule.after_read(source, before, answer, Rhythm(), NOW, FETCH)
    assert state.next_poll_at is not None
    return state.next_poll_at - NOW


@pytest.mark.parametrize(
    ("kib", "pace", "hours"),
    [
        (4, HOUR, 1),
        (10, HOUR, 2.4),
        (50, HOUR, 5),
        (50, 30 * HOUR, 12),
        (5000, 30 * HOUR, 24),
        (50, None, 4),
    ],
    ids=["small", "larger", "five entries", "large", "a day at most", "unknown pace"],
)
def test_a_source_that_costs_its_server_much_is_asked_more_seldom(
    kib: int, pace: timedelta | None, hours: float
) -> None:
    assert hours * HOUR * 0.9 <= costly(kib, pace) <= hours * HOUR * 1.1


def test_the_operator_bounds_what_cost_makes_of_the_interval() -> None:
    assert costly(5000, 30 * HOUR, slowest=HOUR) == HOUR
    assert costly(5000, 30 * HOUR, slowest=6 * HOUR) <= 6 * HOUR


def test_what_answers_cost_is_an_average_without_the_first() -> None:
    def cost(before: PollState, received: int) -> int | None:
        answer = NotModified(traffic=Traffic(1, received))
        return schedule.after_read(SOURCE, before, answer, Rhythm(), NOW, FETCH).cost

    assert cost(PollState(), 50_000) is None
    assert cost(paced(None), 300) == 300
    assert cost(replace(paced(None), cost=300), 10_300) == 3300


def test_the_first_spread_stays_within_the_operators_bounds() -> None:
    for number in range(50):
        slow = replace(SOURCE, name=f"source-{number}", slowest=2 * HOUR)
        state = PollState(pace=9 * HOUR, last_new_at=NOW - 9 * HOUR)
        assert HOUR <= wait(slow, before=state) <= 2 * HOUR


def test_the_first_answer_tells_the_pace_by_its_dates() -> None:
    dates = tuple(NOW - number * 6 * HOUR for number in range(1, 9))
    news = schedule.News(new=8, dates=dates)
    state = schedule.after_read(SOURCE, PollState(), fetched(), Rhythm(), NOW, FETCH, news)
    assert (state.pace, state.last_new_at) == (6 * HOUR, NOW - 6 * HOUR)


def test_each_new_entry_moves_the_pace_a_little() -> None:
    before = paced(10 * HOUR, silent=4 * HOUR)
    news = schedule.News(new=2)
    state = schedule.after_read(SOURCE, before, fetched(), Rhythm(), NOW, FETCH, news)
    assert (state.pace, state.last_new_at) == (7.6 * HOUR, NOW)


def test_an_answer_without_news_leaves_the_pace() -> None:
    before = paced(10 * HOUR, silent=4 * HOUR)
    state = schedule.after_read(SOURCE, before, fetched(), Rhythm(), NOW, FETCH)
    assert (state.pace, state.last_new_at) == (before.pace, before.last_new_at)


def test_the_floor_holds_whatever_the_interval_says() -> None:
    assert wait(replace(SOURCE, every=timedelta(minutes=1))) >= FETCH.floor


def test_a_folder_has_no_floor() -> None:
    assert wait(FOLDER) < timedelta(minutes=1.1)


@pytest.mark.parametrize(
    ("wishes", "rhythm"),
    [
        (Wishes(fresh_for=4 * HOUR), Rhythm()),
        (Wishes(retry_after=4 * HOUR), Rhythm()),
        (Wishes(), Rhythm(ttl=4 * HOUR)),
        (Wishes(), Rhythm(update_interval=4 * HOUR)),
    ],
)
def test_what_the_server_or_the_feed_asks_is_kept(wishes: Wishes, rhythm: Rhythm) -> None:
    assert 4 * HOUR <= wait(wishes=wishes, rhythm=rhythm) < 4.1 * HOUR


def test_nobody_can_silence_a_source_for_more_than_about_a_day() -> None:
    century = timedelta(days=36_500)
    assert wait(wishes=Wishes(fresh_for=century), rhythm=Rhythm(ttl=century)) < 25 * HOUR


def test_a_short_wish_does_not_shorten_the_interval() -> None:
    assert wait(wishes=Wishes(fresh_for=timedelta(0)), rhythm=Rhythm(ttl=timedelta(0))) >= HOUR


def test_skipped_hours_are_left_alone() -> None:
    moment = NOW + wait(rhythm=Rhythm(skip_hours=frozenset({13, 14, 15})))
    assert moment == NOW.replace(hour=16)


def test_a_turn_that_comes_in_a_skipped_hour_is_put_off_a_day_at_most() -> None:
    night = Rhythm(skip_hours=frozenset({12, 13}), skip_days=frozenset({1}))
    asked = NOW - HOUR
    half_past = NOW + HOUR / 2
    assert schedule.left_alone_until(night, asked, half_past) == NOW + 2 * HOUR
    assert schedule.left_alone_until(night, asked, NOW + 2 * HOUR) is None
    assert schedule.left_alone_until(night, asked, NOW + 13 * HOUR) == asked + 24 * HOUR
    assert schedule.left_alone_until(night, NOW - 30 * HOUR, NOW) is None
    assert schedule.left_alone_until(night, None, NOW) is None
    assert schedule.left_alone_until(Rhythm(), asked, NOW) is None


def test_skipped_days_are_left_alone_for_a_day_at_most() -> None:
    rhythm = Rhythm(skip_days=frozenset(range(7)))
    assert wait(rhythm=rhythm) == 24 * HOUR


@pytest.mark.parametrize("before", [PollState(), PollState(last_ok_at=NOW - HOUR)])
def test_all_that_a_server_asks_together_is_a_day_at_most(before: PollState) -> None:
    """A freshness of a year, skipped hours and the spread of a first poll came to two days."""
    forever = Wishes(fresh_for=timedelta(days=365))
    rhythm = Rhythm(ttl=30 * HOUR, skip_hours=frozenset(range(24)))
    assert wait(wishes=forever, before=before) == 24 * HOUR
    assert wait(wishes=forever, rhythm=rhythm, before=before) == 24 * HOUR


def test_what_the_operator_says_may_be_longer_than_a_day() -> None:
    weekly = replace(SOURCE, every=timedelta(days=7))
    assert timedelta(days=7) < wait(weekly) < timedelta(days=7.7)


def test_failures_wait_1_2_4_8_12_12_hours_and_never_give_up() -> None:
    state, waits = PollState(), []
    for _ in range(6):
        state = fail(state)
        assert state.next_poll_at is not None
        waits.append(state.next_poll_at - NOW)
    assert waits == [1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 12 * HOUR]


def test_a_good_answer_ends_the_row_of_failures() -> None:
    state = schedule.after_read(SOURCE, fail(PollState()), fetched(), Rhythm(), NOW, FETCH)
    assert (state.failures, state.last_error) == (0, None)


def test_retry_after_outlasts_the_back_off_up_to_a_day() -> None:
    assert fail(PollState(), retry_after=5 * HOUR).next_poll_at == NOW + 5 * HOUR
    assert fail(PollState(), retry_after=timedelta(days=900)).next_poll_at == NOW + 24 * HOUR


def paused(wait: timedelta) -> PollState:
    wishes = Wishes(retry_after=wait, host_pause=HostPause("planet.example", wait))
    busy = Failed(FetchError("503 Service Unavailable", status=503), wishes)
    return schedule.after_failure(SOURCE, PollState(), busy, NOW, FETCH)


def test_a_host_that_asks_for_a_pause_is_noted_with_its_end_a_day_at_most() -> None:
    state = paused(3 * HOUR)
    assert (state.paused_host, state.paused_until) == ("planet.example", NOW + 3 * HOUR)
    assert paused(timedelta(days=30)).paused_until == NOW + 24 * HOUR


def test_the_next_answer_without_that_wish_ends_the_pause() -> None:
    state = schedule.after_read(SOURCE, paused(HOUR), fetched(), Rhythm(), NOW, FETCH)
    assert (state.paused_host, state.paused_until) == (None, None)
    assert fail(paused(HOUR)).paused_host is None


def test_a_source_that_moved_counts_among_its_new_hosts() -> None:
    state = polls((0, MOVED), (12, MOVED), (24, MOVED))
    assert state.host == "new.example"
    for _ in range(3):
        state = fail(state)
    assert state.host == "planet.example"


def test_a_failure_keeps_the_validators_of_the_last_good_answer() -> None:
    validators = Validators('"1"')
    assert fail(PollState(validators=validators)).validators == validators


def test_an_unmounted_folder_is_looked_for_at_its_own_interval() -> None:
    failed = Failed(FetchError("no such folder"))
    state = schedule.after_failure(FOLDER, PollState(failures=4), failed, NOW, FETCH)
    assert state.next_poll_at == NOW + FOLDER.every


def test_410_is_asked_once_more_a_day_later_and_then_never_again() -> None:
    once = fail(PollState(), message="410 Gone", gone=True)
    assert (once.next_poll_at, once.stopped) == (NOW + 24 * HOUR, None)
    twice = fail(once, NOW + 24 * HOUR, message="410 Gone", gone=True)
    assert (twice.next_poll_at, twice.stopped) == (None, "gone: 410 Gone")


def test_a_410_after_another_failure_is_the_first_one() -> None:
    state = fail(fail(PollState(), message="410 Gone", gone=True), message="500 Broken")
    assert fail(state, message="410 Gone", gone=True).stopped is None


def test_a_304_refreshes_only_the_validators_it_carries() -> None:
    before = PollState(validators=Validators('"old"', "Mon, 02 Mar 2026 10:00:00 GMT"))
    answer = NotModified(Validators('"new"', None))
    state = schedule.after_read(SOURCE, before, answer, Rhythm(), NOW, FETCH)
    assert state.validators == Validators('"new"', "Mon, 02 Mar 2026 10:00:00 GMT")


def test_a_200_replaces_both_validators() -> None:
    before = PollState(validators=Validators('"old"', "Mon, 02 Mar 2026 10:00:00 GMT"))
    answer = replace(fetched(), validators=Validators('"new"', None))
    state = schedule.after_read(SOURCE, before, answer, Rhythm(), NOW, FETCH)
    assert state.validators == Validators('"new"', None)


def test_validators_are_not_sent_to_another_address() -> None:
    state = PollState(location="https://old.example/", validators=Validators('"1"'), failures=3)
    assert schedule.belongs_to(state, SOURCE) == PollState(location=SOURCE.location)


MOVED = "https://new.example/feed"


def polls(*answers: tuple[int, str | None]) -> PollState:
    """Poll at the given hours, each answer with where permanent redirects led."""
    state = PollState()
    for hour, url in answers:
        now = NOW + hour * HOUR
        state = schedule.after_read(SOURCE, state, fetched(permanent_url=url), Rhythm(), now, FETCH)
    return state


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (polls((0, MOVED)), SOURCE.location),
        (polls((0, MOVED), (12, MOVED)), SOURCE.location),
        (polls((0, MOVED), (1, MOVED), (2, MOVED)), SOURCE.location),
        (polls((0, MOVED), (12, MOVED), (24, MOVED)), MOVED),
        (polls((0, MOVED), (12, None), (24, MOVED), (25, MOVED)), SOURCE.location),
        (polls((0, MOVED), (12, "https://other.example/"), (24, MOVED)), SOURCE.location),
    ],
    ids=["once", "twice", "within a day", "three times over a day", "interrupted", "two targets"],
)
def test_a_move_is_believed_after_three_sightings_over_a_day(state: PollState, asked: str) -> None:
    assert schedule.address(SOURCE, state) == asked


def test_a_believed_move_is_kept_by_the_good_answers_of_the_new_address() -> None:
    state = polls((0, MOVED), (12, MOVED), (24, MOVED), (25, None), (26, None))
    assert schedule.address(SOURCE, state) == MOVED


def test_the_configured_address_is_tried_again_when_the_new_one_keeps_failing() -> None:
    state = polls((0, MOVED), (12, MOVED), (24, MOVED))
    for _ in range(3):
        state = fail(state)
    assert schedule.address(SOURCE, state) == SOURCE.location


# -- the first poll ------------------------------------------------------------------------------


def first(count: int, place: str) -> list[timedelta]:
    """Return after what time each of so many new sources is asked, the first first."""
    new = [
        replace(SOURCE, name=f"{place} {number}", location=f"{place}/{number}")
        for number in range(count)
    ]
    return sorted(at - NOW for at in schedule.first_polls(new, NOW).values())


def test_new_sources_are_asked_at_once() -> None:
    assert first(1, "https://x.example") == [timedelta(0)]
    assert first(20, "https://x.example") == [timedelta(0)] * 20
    assert first(500, "/srv/posts") == [timedelta(0)] * 500
    assert first(500, "http://127.0.0.1") == [timedelta(0)] * 500
    hosts = [replace(SOURCE, name=str(n), location=f"https://x{n}.example/") for n in range(500)]
    assert set(schedule.first_polls(hosts, NOW).values()) == {NOW}


@pytest.mark.parametrize("count", [21, 60, 300])
def test_many_new_sources_of_one_host_are_spread_over_their_interval(count: int) -> None:
    waits = first(count, "https://x.example")
    assert waits[:10] == [timedelta(0)] * 10
    gaps = {round((two - one).total_seconds()) for one, two in pairwise(waits[9:])}
    assert gaps <= {round(3600 / (count - 10)), round(3600 / (count - 10)) + 1}
    assert waits[-1] == HOUR
    for minute in range(60):
        within = [one for one in waits if minute <= one / timedelta(minutes=1) < minute + 1]
        assert len(within) <= count / 2


def test_the_order_of_first_polls_is_drawn_by_the_names() -> None:
    new = [replace(SOURCE, name=f"source {number}") for number in range(30)]
    polls = schedule.first_polls(new, NOW)
    assert polls == schedule.first_polls(new[::-1], NOW)
    assert sorted(polls, key=lambda name: polls[name]) != sorted(polls)

"""The report of our own conduct."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from aggregator.core.politeness import HostConduct, conduct, faults, total
from aggregator.model.fetched import Traffic
from aggregator.model.known import PollRecord

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FLOOR = 15 * MINUTE
DAY = timedelta(days=1)
HOSTS = {"a": "one.example", "b": "one.example", "c": "two.example", "posts": None}


def poll(source: str, minutes: float, outcome: str = "not-modified") -> PollRecord:
    return PollRecord(source, NOW + minutes * MINUTE, outcome, Traffic(1, 200))


def paused(source: str, minutes: float, until: float, host: str = "one.example") -> PollRecord:
    failed = poll(source, minutes, "failed")
    return replace(failed, paused_host=host, paused_until=NOW + until * MINUTE)


def report(*log: PollRecord) -> dict[str, HostConduct]:
    return {one.host: one for one in conduct(log, HOSTS, FLOOR, DAY)}


def test_what_a_host_was_asked_is_added_up() -> None:
    found = report(poll("a", 0, "new"), poll("b", 1), poll("a", 60), poll("b", 61, "broken"))
    one = found["one.example"]
    assert (one.sources, one.polls, one.requests, one.bytes_received) == (2, 4, 4, 800)
    assert (one.not_modified, one.failures, one.share_unchanged) == (2, 1, 0.5)
    assert (one.shortest_gap, one.broken) == (60 * MINUTE, 0)
    assert one.requests_a_day == 2.0


def test_redirects_are_requests() -> None:
    log = replace(poll("c", 0), traffic=Traffic(3, 900))
    assert report(log)["two.example"].requests == 3


def test_a_gap_of_the_floor_is_right_and_a_shorter_one_is_not() -> None:
    found = report(poll("a", 0), poll("a", 15), poll("a", 29))
    assert found["one.example"].under_floor == 1
    assert found["one.example"].shortest_gap == 14 * MINUTE


def test_two_sources_of_a_host_may_follow_each_other() -> None:
    assert report(poll("a", 0), poll("b", 0.1))["one.example"].shortest_gap is None


def test_a_poll_within_a_pause_counts_whichever_source_was_told() -> None:
    found = report(paused("a", 0, until=60), poll("b", 59), poll("a", 60), poll("c", 30))
    assert found["one.example"].within_pause == 1
    assert found["two.example"].within_pause == 0


def test_a_pause_of_the_host_it_was_redirected_to_is_that_hosts() -> None:
    found = report(paused("a", 0, until=60, host="two.example"), poll("c", 30), poll("b", 30))
    assert found["two.example"].within_pause == 1
    assert found["one.example"].within_pause == 0


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    found = report(paused("a", 0, until=60), paused("b", 1, until=2), poll("a", 30))
    assert found["one.example"].within_pause == 2


def test_a_folder_and_an_address_that_was_refused_burden_nobody() -> None:
    refused = replace(poll("a", 0, "failed"), traffic=Traffic(0, 0))
    assert report(refused, poll("posts", 0), poll("unknown", 0)) == {}


def test_what_breaks_a_promise_comes_first_and_is_said() -> None:
    found = conduct(
        [poll("a", 0), poll("c", 0), poll("a", 20), poll("a", 40), poll("c", 1)], HOSTS, FLOOR, DAY
    )
    assert [one.host for one in found] == ["two.example", "one.example"]
    assert list(faults(found[0])) == ["1 polls sooner than the floor after the last"]
    assert list(faults(found[1])) == []


def test_all_hosts_are_added_up() -> None:
    every = total(report(poll("a", 0), poll("b", 0), poll("c", 0), poll("c", 60)).values())
    assert (every.sources, every.polls, every.not_modified) == (3, 4, 4)
    assert every.shortest_gap == 60 * MINUTE
    assert every.requests_a_day == 4 / 3


def test_an_empty_log_is_no_fault() -> None:
    every = total(())
    assert (every.polls, every.broken, every.requests_a_day, every.shortest_gap) == (
        0,
        0,
        0.0,
        None,
    )

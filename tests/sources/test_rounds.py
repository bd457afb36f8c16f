"""A round of many requests: turns, stalls, slow readers, stopping and going on."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from aggregator.model.fetched import CalledOff, Fetched, Request, Validators
from aggregator.model.settings import HttpOptions
from aggregator.sources.http import HttpFetcher
from bench.servers.asking import AGENT, NOW, QUICK, ask, fetcher, request, words
from bench.servers.guesthouse import Behaviour, Guest, Guesthouse, answer
from bench.servers.misbehaving.behaviours import FEED, drips, says, says_then_stalls

SPACED = replace(QUICK, spacing=timedelta(seconds=0.12))
PATIENT = replace(QUICK, timeout=timedelta(seconds=20), connect_timeout=timedelta(seconds=20))


class Crowd:
    """Counts how many requests are there at once, over all hosts and per host."""

    def __init__(self) -> None:
        self.here: list[str] = []
        self.most = 0
        self.most_of_one = 0

    async def __call__(self, guest: Guest) -> None:
        host = guest.visit.host
        self.here.append(host)
        self.most = max(self.most, len(self.here))
        self.most_of_one = max(self.most_of_one, self.here.count(host))
        await asyncio.sleep(0.05)
        self.here.remove(host)
        await guest.send(answer(body=FEED))


def behaviours() -> dict[str, Behaviour]:
    return {
        "feed": says(answer(body=FEED), close=False),
        "304": says(answer("304 Not Modified", body=b"", length=False), close=False),
        "stalls": says_then_stalls(),
    }


@pytest.fixture
def house() -> Iterator[Guesthouse]:
    with Guesthouse(behaviours()) as house:
        yield house


def at(house: Guesthouse, number: int, name: str) -> Request:
    """Ask a host of its own for something."""
    host = f"127.0.{100 + number // 200}.{number % 200 + 1}"
    return request(
        f"http://{host}:{house.port}/{name}/{number}",
        Validators('"1"'),
        name=f"{name}-{number}",
    )


def ended() -> bool:
    """Tell whether no thread of a round is left."""
    return not any(thread.name == "http" for thread in threading.enumerate())


def test_a_host_has_a_pause_between_two_requests_over_rounds(house: Guesthouse) -> None:
    fetch = HttpFetcher(SPACED, AGENT, lambda: NOW)
    url = house.url("feed")
    for names in (("1", "2"), ("3",)):
        assert len(list(fetch([request(url, name=name) for name in names]))) == len(names)
    moments = [visit.at for visit in house.visits]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) >= 0.12
    assert len(gaps) == 2


def test_a_connection_is_used_again(house: Guesthouse) -> None:
    url = house.url("feed")
    assert len(ask([request(url, name=str(number)) for number in range(5)])) == 5
    assert house.connections == 1


def test_one_request_at_a_time_per_host_and_so_many_in_all() -> None:
    crowd = Crowd()
    with Guesthouse({"feed": crowd}) as house:
        wanted = [at(house, number % 6, "feed") for number in range(12)]
        wanted = [
            request(f"{each.location}/{number}", name=str(number))
            for number, each in enumerate(wanted)
        ]
        answers = ask(wanted, replace(QUICK, parallel=4))
    assert all(isinstance(outcome, Fetched) for outcome in answers.values())
    assert len(answers) == 12
    assert (crowd.most, crowd.most_of_one) == (4, 1)


@pytest.mark.slow
def test_a_row_of_stalled_hosts_holds_up_no_other(house: Guesthouse) -> None:
    stalled = [at(house, number, "stalls") for number in range(8)]
    good = [at(house, 20 + number, "feed") for number in range(5)]
    names = []
    for one in fetcher(replace(PATIENT, parallel=4))([*stalled, *good]):
        names.append(one.request.source.name)
        if len(names) == len(good):
            break
    assert set(names) == {each.source.name for each in good}


@pytest.mark.slow
def test_a_row_of_drips_holds_up_no_other() -> None:
    head = answer(headers=[b"Content-Length: 9999"], length=False, body=b"")
    with Guesthouse(behaviours() | {"drips": drips(head + b"x" * 9999)}) as house:
        dripping = [at(house, number, "drips") for number in range(8)]
        answers = fetcher(replace(PATIENT, parallel=4))([*dripping, at(house, 20, "feed")])
        assert next(answers).request.source.name == "feed-20"
        answers.close()


@pytest.mark.slow
def test_large_answers_that_stall_hold_up_no_other() -> None:
    """They lose their room to those that wait for it; the small ones need none."""
    large = answer(headers=[b"Content-Length: 9999999"], length=False, body=b"x" * 9_000_000)
    whole = says(answer(body=b"x" * 1_000_000))
    stalls = says_then_stalls(large)
    roomy = replace(PATIENT, max_bytes=10_000_000)
    with Guesthouse(behaviours() | {"whole": whole, "half": stalls, "over": grows}) as house:
        halves = [at(house, number, "half") for number in range(6)]
        good = [at(house, 50, "whole"), at(house, 51, "whole"), at(house, 52, "feed")]
        small = HttpOptions(max_bytes=150_000)
        over = request(at(house, 60, "over").location, name="over", http=small)
        answers = fetcher(roomy)([*halves, *good, over])
        outcomes = {one.request.source.name: one.outcome for one in answers}
    assert all(isinstance(outcomes[one.source.name], Fetched) for one in good)
    assert words(outcomes["over"]) == "it is larger than 150000 bytes"


async def grows(guest: Guest) -> None:
    """Send what is too much for its source once the others hold all room."""
    await guest.send(answer(length=False, body=b""))
    for _ in range(9):
        await asyncio.sleep(0.1)
        await guest.send(b"x" * 30_000)


@pytest.mark.slow
def test_a_slow_reader_makes_nobody_late(house: Guesthouse) -> None:
    """The other requests are answered within their deadline while the first answer is read."""
    wanted = [at(house, number, "feed") for number in range(50)]
    outcomes = []
    for one in fetcher(replace(QUICK, parallel=2))(wanted):
        if not outcomes:
            time.sleep(0.7)  # longer than the deadline of the others
        outcomes.append(one.outcome)
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)
    assert len(outcomes) == 50


def test_few_answers_wait_for_a_slow_reader(house: Guesthouse) -> None:
    wanted = [at(house, number, "304") for number in range(400)]
    answers = fetcher()(wanted)
    next(answers)
    time.sleep(0.3)
    waiting = len(house.visits)
    assert waiting <= 1 + 64 + QUICK.parallel
    assert len(list(answers)) == 399


def test_the_bytes_that_wait_are_few() -> None:
    body = says(answer(body=b"x" * 2_000_000), close=False)
    roomy = replace(QUICK, max_bytes=4_000_000, timeout=timedelta(seconds=5))
    with Guesthouse({"feed": body}) as house:
        answers = fetcher(replace(roomy, parallel=2))([at(house, n, "feed") for n in range(40)])
        next(answers)
        time.sleep(0.3)
        assert len(house.visits) <= 17 + 2 + 1
        assert len(list(answers)) == 39


def test_leaving_early_ends_the_round(house: Guesthouse) -> None:
    answers = fetcher(PATIENT)([at(house, 1, "feed"), at(house, 2, "stalls")])
    next(answers)
    answers.close()
    assert ended()


def test_an_error_of_the_reader_ends_the_round(house: Guesthouse) -> None:
    def read() -> None:
        for _ in fetcher(PATIENT)([at(house, 1, "feed"), at(house, 2, "stalls")]):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read()
    assert ended()


def test_stopping_calls_off_what_is_under_way_and_starts_nothing(house: Guesthouse) -> None:
    seen: list[tuple[str, bool]] = []
    wanted = [at(house, 1, "feed"), at(house, 2, "stalls"), *[at(house, 1, "feed")] * 3]
    for one in fetcher(replace(PATIENT, spacing=timedelta(seconds=9)))(wanted, lambda: bool(seen)):
        seen.append((one.request.source.name, isinstance(one.outcome, CalledOff)))
    assert seen == [("feed-1", False), ("stalls-2", True)]
    assert ended()


def test_a_round_that_is_stopped_before_it_starts_asks_nobody(house: Guesthouse) -> None:
    wanted = at(house, 1, "feed")
    assert list(fetcher()([wanted], lambda: True)) == []
    # Another run of tests may knock at a port that was its own a moment ago.
    assert [visit.target for visit in house.visits if wanted.location.endswith(visit.target)] == []


def test_more_requests_join_until_there_are_none(house: Guesthouse) -> None:
    batches = [[at(house, number, "feed")] for number in range(3)]

    def more() -> Sequence[Request]:
        return batches.pop() if batches else []

    answers = list(fetcher()([at(house, 9, "feed")], more=more))
    assert sorted(one.request.source.name for one in answers) == [
        "feed-0",
        "feed-1",
        "feed-2",
        "feed-9",
    ]


def test_more_requests_do_not_wait_for_a_slow_host(house: Guesthouse) -> None:
    seen: list[str] = []
    turns: list[Sequence[Request]] = [[], [at(house, 3, "feed")]]

    def more() -> Sequence[Request]:
        return turns.pop(0) if turns else []

    for one in fetcher(PATIENT)([at(house, 1, "stalls")], lambda: bool(seen), more):
        seen.append(one.request.source.name)
    assert seen == ["feed-3", "stalls-1"], "the slow one is called off"


def test_a_round_may_begin_with_more(house: Guesthouse) -> None:
    batches = [[at(house, 1, "feed")]]
    answers = list(fetcher()([], more=lambda: batches.pop() if batches else []))
    assert len(answers) == 1
    assert list(fetcher()([])) == []


def test_a_fault_of_our_own_is_not_swallowed(house: Guesthouse) -> None:
    def broken_clock() -> None:
        raise ZeroDivisionError

    fetch = HttpFetcher(QUICK, AGENT, broken_clock)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        list(fetch([at(house, 1, "feed")]))
    assert ended()


@pytest.mark.slow
def test_ten_thousand_hosts_are_asked_in_one_round(house: Guesthouse) -> None:
    wanted = [
        request(
            f"http://127.0.{number // 250}.{number % 250 + 1}:{house.port}/304",
            Validators('"1"'),
            name=str(number),
        )
        for number in range(10_000)
    ]
    patient = replace(QUICK, timeout=timedelta(seconds=20), connect_timeout=timedelta(seconds=20))
    assert len(list(fetcher(patient)(wanted))) == 10_000

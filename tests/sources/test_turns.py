"""Whose turn it is."""

from aggregator.model.fetched import Request
from aggregator.model.settings import Source
from aggregator.sources.http.trip import Trip, begin
from aggregator.sources.http.turns import Turns


def trip(host: str, name: str = "") -> Trip:
    url = f"https://{host}/{name}"
    return begin(Request(Source(name=url, kind="feed", location=url), url))


def taken(turns: Turns, now: float) -> list[str]:
    """Take every turn there is."""
    found = []
    while one := turns.take(now):
        found.append(one.place.host + one.place.target)
    return found


def test_hosts_take_turns_whatever_the_order_of_their_requests() -> None:
    turns = Turns(1.0, {})
    for name in ("1", "2", "3"):
        turns.add(trip("a.example", name), 0.0)
    turns.add(trip("b.example", "1"), 0.0)
    assert taken(turns, 0.0) == ["a.example/1", "b.example/1"]
    turns.done("a.example", 0.2)
    turns.add(trip("c.example", "1"), 1.0)
    assert taken(turns, 1.1) == ["c.example/1"]
    assert taken(turns, 1.2) == ["a.example/2"]


def test_a_host_with_a_thousand_feeds_takes_one_place_in_the_row() -> None:
    turns = Turns(0.0, {})
    for number in range(1000):
        turns.add(trip("big.example", str(number)), 0.0)
    turns.add(trip("small.example"), 0.0)
    assert taken(turns, 0.0) == ["big.example/0", "small.example/"]


def test_the_pause_begins_when_a_request_ends_and_outlives_the_round() -> None:
    free_at: dict[str, float] = {}
    turns = Turns(1.0, free_at)
    turns.add(trip("a.example"), 0.0)
    assert taken(turns, 0.0) == ["a.example/"]
    turns.done("a.example", 5.0)
    later = Turns(1.0, free_at)
    later.add(trip("a.example"), 5.5)
    assert taken(later, 5.9) == []
    assert later.next_at() == 6.0
    assert taken(later, 6.0) == ["a.example/"]


def test_one_domain_is_one_host() -> None:
    turns = Turns(1.0, {})
    for host in ("www.a.example", "feeds.a.example", "a.example", "b.example"):
        turns.add(trip(host), 0.0)
    assert taken(turns, 0.0) == ["www.a.example/", "b.example/"]


def test_what_has_begun_goes_first() -> None:
    turns = Turns(1.0, {})
    turns.add(trip("a.example", "waits"), 0.0)
    turns.add(trip("a.example", "redirected"), 0.0, first=True)
    assert taken(turns, 0.0) == ["a.example/redirected"]


def test_a_host_that_asks_for_a_pause_gets_it() -> None:
    turns = Turns(1.0, {})
    for name in ("1", "2", "3"):
        turns.add(trip("a.example", name), 0.0)
    assert taken(turns, 0.0) == ["a.example/1"]
    turns.done("a.example", 0.5)
    assert [one.place.target for one in turns.pause("a.example", 0.5, 60.0)] == ["/2", "/3"]
    assert not turns.add(trip("www.a.example", "4"), 60.0)
    assert taken(turns, 1000.0) == []
    assert turns.add(trip("a.example", "5"), 61.0)
    assert taken(turns, 61.0) == ["a.example/5"]

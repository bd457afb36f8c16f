"""Who may ask which source, and when."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import pytest
from store_cases import DAY, HOUR, LEASE, MINUTE, NOW, new, plan, ready, source, state

from aggregator.model.known import Due
from aggregator.model.parsed import Rhythm
from aggregator.store import SqlStore, open_store

Claim = Callable[..., list[str]]


def due(store: SqlStore, now: datetime = NOW, **words: Any) -> tuple[Due, ...]:
    return store.claim(now, LEASE, **({"limit": 99, "per_host": 99} | words))


def claim(store: SqlStore, now: datetime = NOW, **words: Any) -> list[str]:
    return [line.source for line in due(store, now, **words)]


def poll(store: SqlStore, name: str, **words: Any) -> None:
    store.apply(plan(name, state=state(**words)))


def test_the_longest_overdue_comes_first_then_by_name(store: SqlStore) -> None:
    ready(store, "a", "b", "c", "d")
    poll(store, "a", next_poll_at=NOW - MINUTE)
    poll(store, "d", next_poll_at=NOW - HOUR)
    assert claim(store) == ["d", "a", "b", "c"]


def test_a_limit_leaves_the_rest_for_the_next(store: SqlStore) -> None:
    ready(store, "a", "b", "c")
    assert claim(store, limit=2) == ["a", "b"]
    assert claim(store, limit=2) == ["c"]


def test_what_is_not_due_is_not_claimed(store: SqlStore) -> None:
    ready(store)
    poll(store, "a", next_poll_at=NOW + HOUR)
    assert claim(store, NOW + HOUR - MINUTE) == []
    assert claim(store, NOW + HOUR) == ["a"]


def test_what_is_never_due_is_claimed_by_name_only(store: SqlStore) -> None:
    ready(store)
    poll(store, "a", next_poll_at=None, stopped="410 Gone")
    assert claim(store, NOW + 999 * DAY) == []
    assert claim(store, names=["a"]) == ["a"]


def test_a_lease_keeps_others_away_until_it_has_run_out(store: SqlStore) -> None:
    ready(store)
    assert claim(store) == ["a"]
    assert claim(store, NOW + LEASE - MINUTE) == []
    assert claim(store, NOW + LEASE - MINUTE, names=["a"]) == []
    assert claim(store, NOW + LEASE) == ["a"]


def test_a_lease_is_as_long_as_its_source_needs(store: SqlStore) -> None:
    """After a kill a source of ``every: 1h`` was asked again within a quarter of an hour."""
    ready(store, "a", "b", "c")
    own = {"a": HOUR, "b": MINUTE, "nobody": DAY}
    assert claim(store, own=own) == ["a", "b", "c"]
    assert claim(store, NOW + MINUTE, own=own) == ["b"]
    assert claim(store, NOW + LEASE, own=own) == ["b", "c"]
    assert claim(store, NOW + HOUR, own=own) == ["a", "b", "c"]


def test_who_names_a_source_need_not_wait_out_a_long_lease(store: SqlStore) -> None:
    ready(store)
    claim(store, own={"a": DAY})
    assert claim(store, NOW + LEASE - MINUTE, names=["a"]) == []
    assert claim(store, NOW + LEASE, names=["a"], asked_before=NOW - MINUTE) == []
    assert claim(store, NOW + LEASE, names=["a"], asked_before=NOW) == ["a"]


def test_a_lease_counts_as_a_poll_before_any_answer(store: SqlStore) -> None:
    ready(store)
    claim(store)
    assert store.sources()[0].state.last_poll_at == NOW
    assert store.sources()[0].leased


def test_applying_ends_the_lease(store: SqlStore) -> None:
    ready(store)
    claim(store)
    poll(store, "a", next_poll_at=NOW + MINUTE)
    assert not store.sources()[0].leased
    assert claim(store, NOW + MINUTE) == ["a"]


def test_a_claim_hands_out_what_is_remembered(store: SqlStore) -> None:
    ready(store)
    first = due(store)[0]
    assert first.first
    assert first.state.host == "a.example"
    poll(store, "a", next_poll_at=NOW, failures=4, body_hash="abc")
    second = due(store)[0]
    assert (second.first, second.state.failures, second.state.body_hash) == (False, 4, "abc")


def test_a_source_that_only_failed_is_still_at_its_first(store: SqlStore) -> None:
    ready(store)
    poll(store, "a", next_poll_at=NOW, last_ok_at=None, failures=1)
    assert due(store)[0].first
    poll(store, "a", next_poll_at=NOW, last_ok_at=NOW)
    poll(store, "a", next_poll_at=NOW, last_ok_at=None)
    assert not due(store)[0].first


def test_names_are_due_whatever_their_time_says(store: SqlStore) -> None:
    ready(store, "a", "b", "c")
    for name in "abc":
        poll(store, name, next_poll_at=NOW + DAY)
    assert claim(store, names=["c", "a", "nobody"]) == ["a", "c"]
    assert claim(store, names=[]) == []


def test_names_asked_a_moment_ago_are_left_out(store: SqlStore) -> None:
    ready(store, "a", "b", "c")
    poll(store, "a", last_poll_at=NOW - MINUTE, host="a.example")
    poll(store, "b", last_poll_at=NOW - HOUR, host="b.example")
    assert claim(store, names=["a", "b", "c"], asked_before=NOW - HOUR) == ["c", "b"]


def test_a_folder_that_is_named_is_looked_at_however_lately_it_was(store: SqlStore) -> None:
    """It burdens nobody: who has just saved a post and asks for it was told to wait 15 minutes."""
    store.sync([source("a", "/srv/site/_posts")], NOW)
    poll(store, "a", last_poll_at=NOW - MINUTE)
    assert claim(store, names=["a"], asked_before=NOW - HOUR) == ["a"]
    assert claim(store, names=["a"], asked_before=NOW - HOUR) == []


def test_any_number_of_names_is_taken_in_order_of_urgency(store: SqlStore) -> None:
    names = [f"s{number:04}" for number in range(1200)]
    ready(store, *names)
    poll(store, "s1100", next_poll_at=NOW - DAY)
    assert claim(store, names=names, limit=3) == ["s1100", "s0000", "s0001"]
    assert len(claim(store, names=names, limit=9999)) == 1197


# -- hosts ---------------------------------------------------------------------------------------


def on_hosts(store: SqlStore, **hosts: str) -> None:
    sources = [source(name, f"https://{host}/{name}") for name, host in hosts.items()]
    store.sync(sources, NOW)


def test_of_one_host_only_so_many_are_leased_even_if_all_are_new(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="www.x.example", c="x.example", d="y.example")
    assert claim(store, per_host=2) == ["a", "b", "d"]


def test_many_new_sources_of_one_host_come_one_after_the_other(store: SqlStore) -> None:
    on_hosts(store, **{f"s{number:02}": "x.example" for number in range(40)})
    assert len(claim(store)) == 10
    assert len(claim(store, NOW + HOUR / 2)) == 15 + 10
    assert store.next_due() == NOW + HOUR / 2 + 2 * MINUTE
    on_hosts(store, **{f"s{number:02}": "x.example" for number in range(41)})
    assert "s40" in claim(store)


def test_a_long_lease_holds_up_a_sibling_no_longer_than_another(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="x.example")
    assert claim(store, per_host=1, own={"a": DAY}) == ["a"]
    assert claim(store, NOW + LEASE - MINUTE, per_host=1) == []
    assert claim(store, NOW + LEASE, per_host=1) == ["b"]


def test_sources_others_hold_count_for_the_host(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="x.example", c="x.example")
    assert claim(store, per_host=2) == ["a", "b"]
    assert claim(store, per_host=2) == []
    poll(store, "a")
    assert claim(store, per_host=2) == ["c"]


def test_leases_that_have_run_out_count_for_no_host(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="x.example")
    poll(store, "b", next_poll_at=NOW + DAY)
    assert claim(store, per_host=1) == ["a"]
    assert claim(store, NOW + LEASE, names=["b"], per_host=1) == ["b"]


def test_a_spared_host_is_passed_over(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="y.example")
    assert claim(store, spare=["x.example"]) == ["b"]
    assert claim(store, spare=["x.example"], names=["a"]) == []


def test_folders_have_no_host_and_burden_nobody(store: SqlStore) -> None:
    store.sync([source(name, f"/srv/{name}") for name in "abc"], NOW)
    assert claim(store, per_host=1) == ["a", "b", "c"]


def test_a_host_that_asked_one_source_for_a_pause_is_left_alone_by_all(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="www.x.example", c="y.example")
    poll(store, "a", paused_host="x.example", paused_until=NOW + HOUR, next_poll_at=NOW)
    assert claim(store) == ["c"]
    assert claim(store, names=["a", "b"]) == []
    assert claim(store, NOW + HOUR) == ["a", "b", "c"]


def test_a_pause_holds_for_the_host_a_source_was_sent_on_to_and_for_itself(
    store: SqlStore,
) -> None:
    on_hosts(store, a="x.example", b="x.example", c="y.example")
    poll(store, "a", paused_host="y.example", paused_until=NOW + HOUR, next_poll_at=NOW)
    assert claim(store) == ["b"]


def test_hosts_that_want_a_pause_are_named_with_its_longest_end(store: SqlStore) -> None:
    on_hosts(store, a="a.example", b="b.example", c="c.example")
    poll(store, "a", paused_host="y.example", paused_until=NOW + HOUR)
    poll(store, "b", paused_host="y.example", paused_until=NOW + 2 * HOUR)
    poll(store, "c", paused_host="z.example", paused_until=NOW)
    assert store.paused(NOW) == {"y.example": NOW + 2 * HOUR}
    assert store.paused(NOW + 2 * HOUR) == {}


def test_a_source_at_another_address_owes_the_old_host_no_pause(store: SqlStore) -> None:
    on_hosts(store, a="x.example")
    paused = {"paused_host": "x.example", "paused_until": NOW + HOUR}
    poll(store, "a", location="https://x.example/a", **paused)
    on_hosts(store, a="y.example")
    assert [line.state.host for line in due(store)] == ["y.example"]


def test_the_host_stays_known_when_a_state_names_none(store: SqlStore) -> None:
    on_hosts(store, a="x.example")
    poll(store, "a", host=None, next_poll_at=NOW)
    assert due(store)[0].state.host == "x.example"


# -- when ----------------------------------------------------------------------------------------


def test_the_next_time_is_the_earliest_of_sources_that_may_be_asked(store: SqlStore) -> None:
    assert store.next_due() is None
    ready(store, "a", "b", "c")
    poll(store, "a", next_poll_at=NOW + HOUR)
    poll(store, "b", next_poll_at=NOW + MINUTE)
    poll(store, "c", next_poll_at=None)
    assert store.next_due() == NOW + MINUTE
    store.sync([source("a"), source("c")], NOW)
    assert store.next_due() == NOW + HOUR


def test_a_leased_source_is_next_when_its_lease_runs_out(store: SqlStore) -> None:
    ready(store)
    claim(store)
    assert store.next_due() == NOW + LEASE


def test_a_paused_source_is_next_when_the_pause_is_over(store: SqlStore) -> None:
    on_hosts(store, a="x.example", b="x.example")
    poll(store, "a", paused_host="x.example", paused_until=NOW + DAY, next_poll_at=NOW + HOUR)
    assert store.next_due() == NOW + DAY


AT_NOON = Rhythm(skip_hours=frozenset({12}))


def test_a_turn_in_a_skipped_hour_is_put_off_and_keeps_its_place(store: SqlStore) -> None:
    """A poll that was due before the hour but waited in a queue was made within it."""
    ready(store, "a", "b")
    waiting = {"next_poll_at": NOW - MINUTE, "last_poll_at": NOW - HOUR}
    poll(store, "a", rhythm=AT_NOON, **waiting)
    poll(store, "b", next_poll_at=NOW, last_poll_at=NOW - HOUR)
    assert claim(store, NOW + MINUTE, limit=1) == ["b"]
    poll(store, "b", next_poll_at=NOW + HOUR)
    assert claim(store, NOW + HOUR - MINUTE) == []
    state_of = {known.name: known.state for known in store.sources()}["a"]
    assert (state_of.put_off_until, state_of.last_poll_at) == (NOW + HOUR, NOW - HOUR)
    assert store.next_due() == NOW + HOUR
    assert claim(store, NOW + HOUR) == ["a", "b"]


def test_a_source_is_put_off_for_a_day_at_most(store: SqlStore) -> None:
    ready(store)
    always = Rhythm(skip_hours=frozenset(range(24)))
    poll(store, "a", rhythm=always, next_poll_at=NOW, last_poll_at=NOW - HOUR)
    assert claim(store) == []
    assert store.next_due() == NOW - HOUR + DAY
    assert claim(store, NOW - HOUR + DAY) == ["a"]


def test_who_names_a_source_does_not_mind_the_hours_it_skips(store: SqlStore) -> None:
    ready(store)
    poll(store, "a", rhythm=AT_NOON, next_poll_at=NOW, last_poll_at=NOW - HOUR)
    assert claim(store) == []
    assert claim(store, names=["a"]) == ["a"]


def test_a_poll_and_another_address_end_what_a_source_was_put_off_by(store: SqlStore) -> None:
    ready(store, "a", "b")
    for name in "ab":
        poll(
            store,
            name,
            rhythm=AT_NOON,
            location=f"https://{name}.example/feed",
            next_poll_at=NOW,
            last_poll_at=NOW - HOUR,
        )
    assert claim(store) == []
    poll(store, "a", next_poll_at=NOW)
    store.sync([source("a"), source("b", "https://new.example/feed")], NOW)
    assert {known.state.put_off_until for known in store.sources()} == {None}


def test_a_claim_called_off_was_no_request(store: SqlStore) -> None:
    ready(store, "a", "b")
    poll(store, "a", last_poll_at=NOW - HOUR, next_poll_at=NOW)
    claim(store)
    store.release(["a", "b", "nobody"])
    assert [known.state.last_poll_at for known in store.sources()] == [NOW - HOUR, None]
    assert claim(store) == ["a", "b"]


def test_releasing_what_is_not_leased_changes_nothing(store: SqlStore) -> None:
    ready(store)
    poll(store, "a", last_poll_at=NOW)
    store.release(["a"])
    assert store.sources()[0].state.last_poll_at == NOW


# -- at once -------------------------------------------------------------------------------------

SOURCES = [f"s{number:03}" for number in range(60)]


def claim_all(store: SqlStore) -> list[str]:
    found: list[str] = []
    while some := claim(store, limit=3):
        found += some
    return found


def test_threads_that_claim_at_once_never_get_the_same(store: SqlStore) -> None:
    ready(store, *SOURCES)
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(claim_all, [store] * 6))
    assert sorted(name for names in got for name in names) == SOURCES


def claim_in_process(url: str, start: Any, answer: Connection) -> None:
    store = open_store(url)
    start.wait()
    answer.send(claim_all(store))
    store.close()


@pytest.mark.slow
def test_processes_that_claim_at_once_never_get_the_same(
    store: SqlStore, database_url: str
) -> None:
    ready(store, *SOURCES)
    got = in_processes(4, claim_in_process, database_url)
    assert sorted(name for names in got for name in names) == SOURCES


def in_processes(count: int, work: Callable[..., None], url: str) -> Sequence[Any]:
    """Run ``work`` in processes that begin at one moment; returns what each sends."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(count)
    pipes = [context.Pipe() for _ in range(count)]
    processes = [context.Process(target=work, args=(url, start, end)) for _, end in pipes]
    for process in processes:
        process.start()
    got = [mine.recv() for mine, _ in pipes]
    for process in processes:
        process.join()
    for pipe in pipes:
        for end in pipe:
            end.close()
    return got


def apply_in_process(url: str, start: Any, answer: Connection) -> None:
    store = open_store(url)
    start.wait()
    for step in range(15):
        store.apply(plan(new=(new(str(step)), new(str(step + 1))), outdated=("news",)))
    store.close()
    answer.send(None)


@pytest.mark.slow
def test_processes_whose_leases_overlap_double_and_lose_nothing(
    store: SqlStore, database_url: str
) -> None:
    ready(store)
    in_processes(3, apply_in_process, database_url)
    assert len(store.remembered("a", [str(step) for step in range(99)])) == 16
    assert store.sources()[0].entries == 16
    assert len(store.log("a", 99)) == 45


@pytest.mark.parametrize("held", [0, 7])
def test_claims_of_many_at_once_keep_their_limit(store: SqlStore, held: int) -> None:
    ready(store, *SOURCES)
    claim(store, limit=held)
    assert len(claim(store, limit=20)) == 20

"""A good guest on hostile ground: the whole program among misbehaving servers, in virtual time."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model.fetched import Traffic
from aggregator.model.known import PollRecord
from aggregator.model.settings import Source
from bench.servers.guesthouse import Guesthouse, Visit
from bench.simulation.asked import Case, Evidence, Poll, gather
from bench.simulation.crowd import crowd
from bench.simulation.kinds import all_kinds
from bench.simulation.rules import RULES, results, times, words
from bench.simulation.rules.verdict import Rule
from bench.simulation.running import Kept, Plan
from bench.simulation.speaking import Book, Kind, Marks, Said
from bench.simulation.trial import simulate
from bench.simulation.world import BEGAN, CONTACT, Clock, World

HOUR = timedelta(hours=1)
TICK = timedelta(minutes=5)


# -- the run -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_day_among_misbehaving_servers_breaks_no_rule(tmp_path: Path) -> None:
    plan = Plan(length=26 * HOUR, tick=HOUR, restarts=1, kills=1)
    trial = simulate(tmp_path, plan, step=20)
    assert trial.faults == ()
    assert len(trial.evidence.cases) > 30
    assert trial.evidence.kept.killed


@pytest.mark.slow
def test_three_days_among_all_of_them_break_no_rule(tmp_path: Path) -> None:
    plan = Plan(length=76 * HOUR, tick=timedelta(minutes=10), restarts=12, kills=12)
    trial = simulate(tmp_path, plan)
    assert trial.faults == ()
    assert all(verdict.checked for verdict in trial.verdicts)


@pytest.mark.slow
def test_a_crowd_takes_no_more_memory_from_day_to_day(tmp_path: Path) -> None:
    assert crowd(tmp_path, 300, 4) == 0


def test_there_are_many_kinds_and_their_names_are_unique() -> None:
    assert len(all_kinds()) > 200


# -- every rule can be broken ---------------------------------------------------------------------

KIND = Kind("stories", "news", lambda call: Said())


def visit(hours: float, *lines: str, target: str = "/news", status: str = "200 OK") -> Visit:
    asked = tuple(line.encode() for line in (f"User-Agent: a ({CONTACT})", *lines))
    seconds = hours * 3600
    head = f"HTTP/1.1 {status}".encode()
    when = BEGAN + hours * HOUR
    return Visit("127.0.1.1", target, asked, seconds, when, head=head, spoke_at=seconds)


def evidence(*visits: Visit, said: dict[Visit, Said] | None = None, kind: Kind = KIND) -> Evidence:
    """Put visits into the book of a world with one source, and into its log."""
    house = Guesthouse({}, visits=list(visits))
    source = Source(kind.name, "feed", f"http://127.0.1.1:1/{kind.name}")
    world = World(Clock(), Book(said or {}), house, {}, {kind.name: kind}, (source,))
    log = [PollRecord(kind.name, one.when, "new", Traffic(1)) for one in visits]
    kept = Kept(log={kind.name: log}, titles={kind.name: []}, until=visits[-1].when)
    return gather(world, kept, timedelta(minutes=15), TICK)


def faults(rule: Rule, case: Evidence) -> int:
    return sum(found is not None for found in rule(case))


def test_a_poll_within_the_interval_is_told() -> None:
    assert faults(times.floor, evidence(visit(0), visit(1), visit(1.99))) == 1


def test_a_poll_before_the_end_of_a_wish_is_told() -> None:
    first = visit(0)
    wanted = {first: Said(asks=4 * HOUR)}
    assert faults(times.wishes, evidence(first, visit(3.9), said=wanted)) == 1
    assert faults(times.wishes, evidence(first, visit(4), said=wanted)) == 0


def test_a_poll_in_a_skipped_hour_is_told() -> None:
    kind = Kind("wishes", "news", KIND.speaker, skips=frozenset({(BEGAN + 2 * HOUR).hour}))
    assert faults(times.skipped, evidence(visit(0), visit(2), kind=kind)) == 1


def test_a_wrong_back_off_is_told() -> None:
    case = evidence(visit(0), visit(1), visit(2))
    failing = [PollRecord("news", one.when, "failed") for one in case.visits]
    failed = Case(case.cases[0].source, KIND, case.cases[0].polls, failing)
    assert faults(times.backoff, _with(case, failed)) == 1


def _with(case: Evidence, other: Case) -> Evidence:
    return Evidence(case.world, case.kept, (other,), case.visits, case.floor, case.tick, case.said)


def test_a_source_that_is_given_up_is_told() -> None:
    assert faults(times.never_given_up, evidence(visit(0), visit(30))) == 1
    assert faults(times.never_given_up, evidence(visit(0), visit(24))) == 0


RETIRING = Kind("failures", "news", KIND.speaker, retires=True)


def retired(*hours: float, unheard: tuple[float, ...] = ()) -> Evidence:
    """Say 410 at these hours; a killed poll was not heard."""
    case = evidence(*map(gone, hours), kind=RETIRING)
    case.kept.log["news"] = [
        record for record in case.kept.log["news"] if (record.at - BEGAN) / HOUR not in unheard
    ]
    case.kept.until = BEGAN + 72 * HOUR
    return gather(case.world, case.kept, case.floor, case.tick)


def test_a_third_poll_after_410_is_told() -> None:
    assert faults(times.gone, retired(0, 24)) == 0
    assert faults(times.gone, retired(0, 23)) == 1
    assert faults(times.gone, retired(0)) == 1
    assert faults(times.gone, retired(0, 24, 48)) == 2


def test_a_410_that_was_not_heard_is_asked_for_again_but_not_too_soon() -> None:
    assert faults(times.gone, retired(0, 1, 25, unheard=(0,))) == 0
    assert faults(times.gone, retired(0, 24, 25, unheard=(24,))) == 0
    assert faults(times.gone, retired(0, 1, 25, unheard=(1,))) == 1
    assert faults(times.gone, retired(0, 24, 25, unheard=(25,))) == 1


def test_a_source_that_retires_must_not_be_asked_daily_and_one_that_does_not_must() -> None:
    assert faults(times.never_given_up, retired(0, 24)) == 0
    assert faults(times.never_given_up, evidence(gone(0), gone(24), visit(72))) == 1


def gone(hours: float) -> Visit:
    return visit(hours, status="410 Gone")


def test_a_poll_within_a_pause_of_the_host_is_told() -> None:
    busy = visit(0, status="429 Slow down")
    assert faults(times.paused, evidence(busy, visit(0.5, target="/other"))) == 1
    assert faults(times.paused, evidence(busy, visit(1, target="/other"))) == 0


def test_two_requests_at_a_time_or_too_close_are_told() -> None:
    crowded = visit(1)
    crowded.crowded = True
    assert faults(times.one_at_a_time, evidence(visit(0), crowded)) == 1
    assert faults(times.spaced, evidence(visit(0), visit(0, target="/other"))) == 1


def test_a_validator_that_is_not_the_newest_is_told() -> None:
    first, second = visit(0), visit(1, 'If-None-Match: "1"')
    marked = Said(good=True, marks=Marks(b'"1"'))
    moved = Said("304 x", good=True, marks=Marks(b'"2"'))
    third = visit(2, 'If-None-Match: "1"')
    said = {first: marked, second: moved}
    assert faults(words.validators, evidence(first, second, third, said=said)) == 1
    newest = visit(2, 'If-None-Match: "2"')
    assert faults(words.validators, evidence(first, second, newest, said=said)) == 0


def test_a_validator_of_a_broken_body_is_told() -> None:
    first = visit(0)
    said = {first: Said(good=False, headers=(b'ETag: "bad"',))}
    assert faults(words.validators, evidence(first, visit(1, 'If-None-Match: "bad"'), said=said))


@pytest.mark.parametrize("line", ["Cookie: id=1", "Referer: x", "Authorization: x", "A-IM: feed"])
def test_a_header_too_many_is_told(line: str) -> None:
    assert faults(words.headers, evidence(visit(0, line))) == 1


def test_another_user_agent_or_path_is_told() -> None:
    other = visit(1)
    other.lines = (b"User-Agent: Mozilla",)
    assert faults(words.user_agent, evidence(visit(0), other)) == 1
    assert faults(words.paths, evidence(visit(0), visit(1, target="/news/favicon.ico"))) == 1


def moving(*hours: float, moves: bool) -> Evidence:
    """See a permanent redirect at these hours, then ask the new address directly."""
    hops = [(visit(at, status="301 x"), visit(at, target="/news/new")) for at in hours]
    said = {new: Said(good=True) for _, new in hops}
    direct = visit(hours[-1] + 1, target="/news/new")
    kind = Kind("moves", "news", KIND.speaker, moves=moves)
    return evidence(*(one for hop in hops for one in hop), direct, said=said, kind=kind)


def test_a_move_to_another_place_than_was_seen_is_told() -> None:
    case = moving(0, 12, 24, moves=True)
    case.world.house.visits[-1].target = "/news/other"
    assert faults(words.moves, gather(case.world, case.kept, case.floor, case.tick)) == 1
    case = moving(0, 12, 24, moves=True)
    case.world.house.visits[3].target = "/news/other"
    said = {**case.said}
    again = gather(case.world, case.kept, case.floor, case.tick)
    assert again.said == said
    assert faults(words.moves, again) == 1


def test_a_move_that_is_believed_too_soon_is_told() -> None:
    assert faults(words.moves, moving(0, 12, 24, moves=True)) == 0
    assert faults(words.moves, moving(0, 6, 12, moves=True)) == 1
    assert faults(words.moves, moving(0, 24, moves=True)) == 1
    assert faults(words.moves, moving(0, 12, 24, moves=False)) == 1


def test_a_poll_that_was_killed_between_two_hops_does_not_unsee_a_move() -> None:
    case = moving(0, 12, 24, moves=True)
    case.world.house.visits.insert(4, visit(18, status="301 x"))
    assert faults(words.moves, gather(case.world, case.kept, case.floor, case.tick)) == 0


def test_a_story_that_is_lost_or_there_twice_is_told() -> None:
    first = visit(0)
    said = {first: Said(good=True, shown=frozenset({"one", "two"}))}
    case = evidence(first, said=said)
    case.kept.titles["news"] = ["one", "one"]
    assert faults(results.lost, case) == 1
    assert faults(results.twice, case) == 1


def test_a_request_that_is_not_in_the_log_is_told() -> None:
    case = evidence(visit(0), visit(1))
    short = Case(case.cases[0].source, KIND, case.cases[0].polls, case.cases[0].log[:1])
    assert faults(results.logged, _with(case, short)) == 1


def test_a_bug_and_an_output_that_cannot_be_read_are_told() -> None:
    case = evidence(visit(0))
    case.kept.bugs.append("news: KeyError")
    case.kept.pages.append(("feeds/all.atom", b"<feed>"))
    assert faults(results.bugs, case) == 1
    assert faults(results.outputs, case) == 1


def test_a_contact_with_the_canary_is_told() -> None:
    case = evidence(visit(0))
    case.world.house.canary.append("127.9.9.9")
    assert faults(words.forbidden, case) == 1


def test_every_rule_is_in_the_table() -> None:
    assert len(RULES) == 21


def test_what_was_not_heard_binds_nobody() -> None:
    first: Visit = visit(0)
    case = evidence(first, visit(1), said={first: Said(asks=4 * HOUR)})
    del case.kept.log["news"][0]
    heard = gather(case.world, case.kept, case.floor, case.tick)
    assert [poll.heard for poll in heard.cases[0].polls] == [False, True]
    assert faults(times.wishes, heard) == 0


def test_validators_of_an_answer_that_was_not_heard_are_not_echoed() -> None:
    first = visit(0)
    said = {first: Said(good=True, marks=Marks(b'"1"'))}
    case = evidence(first, visit(1, 'If-None-Match: "1"'), said=said)
    assert faults(words.validators, case) == 0
    del case.kept.log["news"][0]
    deaf = gather(case.world, case.kept, case.floor, case.tick)
    assert faults(words.validators, deaf) == 1


def test_an_hour_that_is_skipped_is_skipped_after_a_kill_too() -> None:
    kind = Kind("wishes", "news", KIND.speaker, skips=frozenset({(BEGAN + 2 * HOUR).hour}))
    case = evidence(visit(0), visit(1), visit(2), kind=kind)
    del case.kept.log["news"][1]
    assert faults(times.skipped, gather(case.world, case.kept, case.floor, case.tick)) == 1


def test_redirects_belong_to_the_poll_that_was_sent_there() -> None:
    case = evidence(visit(0, status="302 x"), visit(0, target="/news/new"), visit(1))
    polls: list[Poll] = list(case.cases[0].polls)
    assert [len(poll.visits) for poll in polls] == [2, 1]

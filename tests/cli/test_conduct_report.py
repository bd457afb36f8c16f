"""The report of our own conduct."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import Result

from aggregator import app
from aggregator.model.fetched import Traffic
from aggregator.model.known import PollPlan, PollRecord, PollState
from aggregator.model.settings import Source

Invoke = Callable[..., Result]

MINUTE = timedelta(minutes=1)


def polled(folder: Path, *minutes_ago: float, paused: float | None = None) -> None:
    """Put polls of one source into the database; ``paused``: minutes of a pause after the first."""
    store = app.open_instance(folder / "instance")
    source = Source("planet", "feed", "https://www.planet.example/feed")
    now = datetime.now(UTC)
    store.sync([source], now)
    for number, ago in enumerate(minutes_ago):
        at = now - ago * MINUTE
        record = PollRecord("planet", at, "not-modified", Traffic(1, 2048))
        if paused and number == 0:
            until = at + paused * MINUTE
            record = PollRecord(
                "planet", at, "failed", paused_host="planet.example", paused_until=until
            )
        store.apply(PollPlan(record, PollState(host="planet.example", last_poll_at=at)))
    store.close()


def test_it_tells_how_each_host_was_treated(invoke: Invoke, folder: Path) -> None:
    polled(folder, 180, 120, 60)
    result = invoke("politeness")
    assert result.exit_code == 0
    assert "planet.example" in result.stdout
    assert "no promise was broken" in result.stdout


def test_it_says_which_promise_was_broken(invoke: Invoke, folder: Path) -> None:
    polled(folder, 60, 50, paused=30)
    assert "polls while it had asked to be left alone" in invoke("politeness").stdout
    polled(folder, 20, 10)
    assert "sooner than the floor after the last" in invoke("politeness").stdout


def test_programs_get_every_figure(invoke: Invoke, folder: Path) -> None:
    polled(folder, 180, 120, 60)
    every, planet = json.loads(invoke("politeness", "--days", "1", "--json").stdout)
    assert every["host"] == "all"
    assert planet["host"] == "planet.example"
    assert planet["polls"] == 3
    assert planet["bytes_received"] == 3 * 2048
    assert planet["shortest_gap"] == 3600
    assert planet["share_unchanged"] == 1.0
    assert planet["broken"] == 0


def test_it_looks_back_as_far_as_it_is_told(invoke: Invoke, folder: Path) -> None:
    polled(folder, 3000, 60)
    every = json.loads(invoke("politeness", "--days", "1", "--json").stdout)[0]
    assert every["polls"] == 1


def test_before_the_first_poll_there_is_nothing_to_tell(invoke: Invoke) -> None:
    result = invoke("politeness")
    assert result.exit_code == 0
    assert "no promise was broken" in result.stdout

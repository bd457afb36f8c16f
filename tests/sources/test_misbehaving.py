"""Every behaviour of the catalogue comes to what is right for it, all of them polled together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from aggregator.model.fetched import Failed, Outcome, Validators
from bench.servers.asking import QUICK, ask, request, words
from bench.servers.guesthouse import Guesthouse
from bench.servers.misbehaving import BEHAVIOURS, CATALOGUE, Row

SETTINGS = replace(QUICK, timeout=timedelta(seconds=2.5), connect_timeout=timedelta(seconds=2))
"""A good server on a busy machine must have its time."""


@dataclass(frozen=True)
class Tour:
    """What two polls of every behaviour came to."""

    house: Guesthouse
    first: dict[str, Outcome]
    second: dict[str, Outcome]


@pytest.fixture(scope="module")
def tour() -> Iterator[Tour]:
    with Guesthouse(BEHAVIOURS) as house:
        first = ask([request(house.url(name), name=name) for name in BEHAVIOURS], SETTINGS)
        again = [row.name for row in CATALOGUE if row.then]
        second = ask(
            [request(house.url(name), _validators(first[name]), name=name) for name in again],
            SETTINGS,
        )
        yield Tour(house, first, second)


def _validators(outcome: Outcome) -> Validators:
    return Validators() if isinstance(outcome, Failed) else outcome.validators


def _named(row: Row) -> str:
    return row.name


@pytest.mark.parametrize("row", CATALOGUE, ids=_named)
def test_a_poll_comes_to_what_is_right(tour: Tour, row: Row) -> None:
    assert row.right in words(tour.first[row.name])


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.then], ids=_named)
def test_the_next_poll_comes_to_what_is_right(tour: Tour, row: Row) -> None:
    assert row.then in words(tour.second[row.name])


def test_nobody_was_led_to_a_forbidden_address(tour: Tour) -> None:
    assert tour.house.canary == []


def test_the_catalogue_is_long_and_its_names_are_unique() -> None:
    assert len(BEHAVIOURS) == len(CATALOGUE) >= 100

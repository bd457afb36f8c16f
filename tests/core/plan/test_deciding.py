"""One poll's plan: what is remembered of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.core import plan
from aggregator.core.plan import reading
from aggregator.core.stories import Desk
from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Answer,
    Document,
    Failed,
    Fetched,
    HostPause,
    Outcome,
    Request,
    Validators,
    Wishes,
)
from aggregator.model.known import Due, PollPlan, PollState
from aggregator.model.parsed import FeedInfo, ParsedFeed
from aggregator.model.settings import Settings, Site, Source

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCE = Source("planet", "feed", "https://planet.example/feed")
SETTINGS = Settings(Path("feeds.yaml"), Site("https://feeds.example/"), (SOURCE,))
BEFORE = PollState(validators=Validators('"1"', "yesterday"), body_hash="one", last_ok_at=NOW)
DOCUMENT = Document(SOURCE.location, "application/rss+xml", None, b"<rss>")
FETCHED = Fetched(DOCUMENT, "two", Validators('"2"', "today"))


def poll(outcome: Outcome, before: PollState = BEFORE) -> plan.Poll:
    answer = Answer(Request(SOURCE, SOURCE.location), outcome, NOW)
    return plan.Poll(SETTINGS, SOURCE, Due("planet", before, first=False), answer)


def read(*, whole: bool, before: PollState = BEFORE) -> PollPlan:
    feed = ParsedFeed("rss20", FeedInfo(), (), whole=whole)
    found = poll(FETCHED, before)
    return reading.read(found, FETCHED, feed, (), "guid", plan.Memory(), Desk())


def test_the_validators_of_a_whole_document_are_kept() -> None:
    state = read(whole=True).state
    assert (state.validators, state.body_hash) == (FETCHED.validators, "two")


def test_a_document_that_broke_off_leaves_the_validators_of_the_last_whole_one() -> None:
    """They were dropped: the next poll asked for everything, though nothing had changed."""
    state = read(whole=False).state
    assert (state.validators, state.body_hash) == (BEFORE.validators, "one")


def test_a_first_document_that_broke_off_leaves_nothing_to_ask_with() -> None:
    state = read(whole=False, before=PollState()).state
    assert (state.validators, state.body_hash) == (Validators(), "")


def test_the_log_says_who_asked_for_a_pause() -> None:
    wishes = Wishes(HOUR, HOUR, HostPause("planet.example", 2 * HOUR))
    busy = Failed(FetchError("429 Too Many Requests", status=429), wishes)
    record = plan.failed(poll(busy), busy).record
    assert (record.paused_host, record.paused_until) == ("planet.example", NOW + 2 * HOUR)
    plain = Failed(FetchError("500"))
    assert plan.failed(poll(plain), plain).record.paused_until is None

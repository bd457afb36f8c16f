"""What the tests of fetching have in common."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

from aggregator.model.fetched import Answer, Failed, Fetched, Outcome, Request, Validators
from aggregator.model.settings import FetchSettings, HttpOptions, Source
from aggregator.sources.http import HttpFetcher

AGENT = "aggregator/test (+https://feeds.example.org/)"
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
QUICK = FetchSettings(
    spacing=timedelta(0),
    timeout=timedelta(seconds=0.6),
    connect_timeout=timedelta(seconds=0.3),
    max_bytes=200_000,
    allow_networks=(IPv4Network("127.0.0.0/16"),),
)


_NO_VALIDATORS = Validators()
_PLAIN = HttpOptions()


def request(
    url: str,
    validators: Validators = _NO_VALIDATORS,
    *,
    name: str = "planet",
    configured: str | None = None,
    http: HttpOptions = _PLAIN,
) -> Request:
    """Make a request of a source of its own."""
    source = Source(name=name, kind="feed", location=configured or url, http=http)
    return Request(source, url, validators)


def fetcher(settings: FetchSettings = QUICK) -> HttpFetcher:
    """Make a fetcher whose clock stands still."""
    return HttpFetcher(settings, AGENT, lambda: NOW)


def ask(
    requests: Sequence[Request] | Request, settings: FetchSettings = QUICK
) -> dict[str, Outcome]:
    """Fetch, and return the outcomes by the sources' names."""
    wanted = [requests] if isinstance(requests, Request) else requests
    answers: list[Answer] = list(fetcher(settings)(wanted))
    return {answer.request.source.name: answer.outcome for answer in answers}


def ask_one(wanted: Request, settings: FetchSettings = QUICK) -> Outcome:
    """Fetch one source."""
    return ask(wanted, settings)[wanted.source.name]


def words(outcome: Outcome) -> str:
    """Say what came of it in one word, or in the words of its failure."""
    if isinstance(outcome, Failed):
        return str(outcome.error)
    return "fetched" if isinstance(outcome, Fetched) else "not modified"

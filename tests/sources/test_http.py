"""How feeds are asked over HTTP, beside what the catalogue of misbehaviours shows."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from ipaddress import ip_network

import pytest
from msgspec.structs import replace

from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Document,
    Failed,
    Fetched,
    HostPause,
    NotModified,
    Validators,
    Wishes,
)
from aggregator.model.settings import FetchSettings, HttpOptions, Secret
from aggregator.sources.http import user_agent
from bench.servers.asking import AGENT, NOW, QUICK, ask, ask_one, request, words
from bench.servers.guesthouse import Guest, Guesthouse, answer
from bench.servers.misbehaving.behaviours import FEED, chain, redirects, says

HOUR = timedelta(hours=1)
WORD = "sesame-7f3a"


async def echo(guest: Guest) -> None:
    """Send the request's header lines back."""
    await guest.send(answer(body=b"\n".join(guest.visit.lines)))


async def away(guest: Guest) -> None:
    """Redirect to another host."""
    await guest.send(_found(f"http://127.0.80.1:{guest.port}/echo"))


async def away_and_back(guest: Guest) -> None:
    """Redirect to another host, and from there back again."""
    if guest.visit.host == "127.0.80.2":
        home = guest.visit.target.rpartition("?")[2]
        await guest.send(_found(f"http://{home}:{guest.port}/echo"))
        return
    there = f"http://127.0.80.2:{guest.port}/away-and-back?{guest.visit.host}"
    await guest.send(_found(there))


async def refuses_others(guest: Guest) -> None:
    """Redirect to another host that wants credentials."""
    if guest.visit.host == "127.0.80.3":
        await guest.send(answer("401 Unauthorized"))
        return
    await guest.send(_found(f"http://127.0.80.3:{guest.port}/refuses-others"))


def _found(location: str) -> bytes:
    return answer("302 Found", [f"Location: {location}".encode()], b"")


GIVES = answer(
    headers=[
        b'ETag: W/"1"',
        b"Last-Modified: Mon, 02 Mar 2026 11:00:00 GMT",
        b"Content-Type: Application/RSS+XML; charset=GBK",
        b"Cache-Control: max-age=7200",
    ],
    body=FEED,
)
BUSY = answer("429 Too Many Requests", [b"Retry-After: 7200"])
UNCHANGED = answer(
    "304 Not Modified", [b'ETag: "2"', b"Cache-Control: max-age=7200"], b"", length=False
)

BEHAVIOURS = {
    "echo": echo,
    "feed": says(GIVES, close=False),
    "304": says(UNCHANGED, close=False),
    "away": away,
    "away-and-back": away_and_back,
    "refuses-others": refuses_others,
    "stays": redirects(302, b"/echo"),
    "moved": redirects(301, b"/feed"),
    "moved-308": redirects(308, b"/feed"),
    "found": redirects(302, b"/feed"),
    "moved-then-found": chain(2, (301, 302)),
    "found-then-moved": chain(2, (302, 301)),
    "moved-twice": chain(2, (301, 308)),
    "busy": says(BUSY, close=False),
    "down": says(answer("503 Service Unavailable"), close=False),
    "gone": says(answer("410 Gone"), close=False),
    "to-gone": says(_found("/gone"), close=False),
    "moved-to-gone": says(answer("301 Moved", [b"Location: /gone"], b""), close=False),
    "to-busy": redirects(302, b"http://127.0.81.1:PORT/busy"),
    "elsewhere": redirects(302, b"http://127.0.82.1:PORT/feed"),
    "large": says(answer(body=b"x" * 5000), close=False),
    "http:": echo,
}


@pytest.fixture(scope="module")
def house() -> Iterator[Guesthouse]:
    with Guesthouse(BEHAVIOURS) as house:
        yield house


def sent(house: Guesthouse, wanted: str, http: HttpOptions, rest: str = "") -> bytes:
    """Return the header lines that came in the end."""
    outcome = ask_one(request(house.url(wanted, rest), http=http))
    assert isinstance(outcome, Fetched)
    assert isinstance(outcome.document, Document)
    return outcome.document.body


# -- what is asked -------------------------------------------------------------------------------


def test_a_first_request_says_who_asks_and_nothing_about_last_time(house: Guesthouse) -> None:
    ask_one(request(house.url("feed", "/first")))
    names = {line.partition(b":")[0] for line in house.visits_of("feed")[-1].lines}
    assert names == {b"Host", b"User-Agent", b"Accept", b"Accept-Encoding"}
    assert house.visits_of("feed")[-1].values("User-Agent") == [AGENT.encode()]


def test_only_the_validators_there_are_go_out(house: Guesthouse) -> None:
    ask_one(request(house.url("304", "/etag"), Validators(etag='W/"a, \xe9"')))
    visit = house.visits_of("304")[-1]
    assert visit.values("If-None-Match") == [b'W/"a, \xe9"']
    assert visit.values("If-Modified-Since") == []


@pytest.mark.parametrize("evil", ['"a"\r\nX-Evil: 1', '"a"\nX-Evil: 1', '"\x00"', "日本"])
def test_no_validator_ends_its_line(house: Guesthouse, evil: str) -> None:
    outcome = ask_one(request(house.url("echo", "/evil"), Validators(evil, evil)))
    visit = house.visits_of("echo")[-1]
    assert "fetched" in words(outcome)
    assert visit.values("If-None-Match") == visit.values("X-Evil") == []


def test_a_source_may_have_headers_of_its_own(house: Guesthouse) -> None:
    http = HttpOptions(
        headers=(("X-Key", Secret(WORD)), ("accept", Secret("text/xml")), ("X-Empty", Secret(""))),
        cookies=(("a", Secret("1")), ("b", Secret("2"))),
        user_agent="another",
    )
    lines = sent(house, "echo", http).splitlines()
    expected = {b"X-Key: sesame-7f3a", b"accept: text/xml", b"X-Empty:", b"Cookie: a=1; b=2"}
    assert expected | {b"User-Agent: another"} <= set(lines)
    assert not any(line.startswith(b"Accept:") for line in lines)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("X-Key", Secret(f"{WORD}\r\nX: y")), "the header X-Key a value that cannot be sent"),
        (("X Key", Secret(WORD)), "a header that cannot be sent"),
        (("", Secret(WORD)), "a header that cannot be sent"),
    ],
)
def test_a_header_that_cannot_be_sent_is_said_without_its_value(
    house: Guesthouse, header: tuple[str, Secret], expected: str
) -> None:
    outcome = ask_one(request(house.url("echo"), http=HttpOptions(headers=(header,))))
    assert expected in words(outcome)
    assert WORD not in repr(outcome)


@pytest.mark.parametrize(
    ("site", "contact", "override", "expected"),
    [
        ("https://a.example/", None, None, " (+https://a.example/)"),
        ("https://a.example/", "me@a.example", None, " (+https://a.example/; me@a.example)"),
        ("https://a.example/", "me@a.example", "mine/1", "mine/1"),
    ],
)
def test_user_agent(site: str, contact: str | None, override: str | None, expected: str) -> None:
    assert user_agent(site, contact, override).endswith(expected)


# -- what comes ----------------------------------------------------------------------------------


def test_a_whole_answer(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("feed")))
    assert isinstance(outcome, Fetched)
    assert outcome.document == Document(house.url("feed"), "application/rss+xml", "gbk", FEED)
    assert outcome.body_hash == blake2b(FEED, digest_size=16).hexdigest()
    assert outcome.validators == Validators('W/"1"', "Mon, 02 Mar 2026 11:00:00 GMT")
    assert outcome.wishes == Wishes(fresh_for=2 * HOUR)
    assert (outcome.traffic.requests, outcome.traffic.bytes_received) == (1, len(GIVES))
    assert outcome.traffic.elapsed_s > 0
    assert outcome.permanent_url is None


def test_an_unchanged_answer_carries_validators_and_wishes_of_its_own(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("304"), Validators('"1"', "yesterday")))
    assert isinstance(outcome, NotModified)
    assert outcome.validators == Validators('"2"')
    assert outcome.wishes == Wishes(fresh_for=2 * HOUR)
    assert outcome.traffic.bytes_received == len(UNCHANGED)


@pytest.mark.parametrize(
    ("name", "permanent"),
    [
        ("feed", None),
        ("moved", "/feed"),
        ("moved-308", "/feed"),
        ("moved-twice", "/moved-twice/2"),
        ("found", None),
        ("moved-then-found", None),
        ("found-then-moved", None),
    ],
)
def test_only_a_permanent_chain_says_where_a_source_has_moved(
    house: Guesthouse, name: str, permanent: str | None
) -> None:
    outcome = ask_one(request(house.url(name)))
    assert isinstance(outcome, Fetched)
    there = permanent and f"http://{house.host(name)}:{house.port}{permanent}"
    assert outcome.permanent_url == there


def test_the_document_is_of_where_it_was_found(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("found")))
    assert isinstance(outcome, Fetched)
    assert isinstance(outcome.document, Document)
    assert outcome.document.url == f"http://{house.host('found')}:{house.port}/feed"
    assert outcome.traffic.requests == 2


def test_gone_is_told_apart(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("gone")))
    assert isinstance(outcome, Failed)
    assert (outcome.error.gone, outcome.error.status) == (True, 410)


@pytest.mark.parametrize(("name", "gone"), [("to-gone", False), ("moved-to-gone", True)])
def test_a_source_is_gone_by_its_own_word_only(house: Guesthouse, name: str, gone: bool) -> None:
    outcome = ask_one(request(house.url(name)))
    assert isinstance(outcome, Failed)
    assert (outcome.error.gone, outcome.error.status) == (gone, 410)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://example.org/", "only http and https are fetched, not “ftp”"),
        ("file:///etc/passwd", "only http and https are fetched, not “file”"),
        ("example.org/feed", "only http and https are fetched"),
        ("http://", "its address names no host"),
        ("http://[::1", "its address is malformed"),
        ("http://127.0.0.1:99999/", "its address is malformed"),
        ("http://a\x1bb c/", "its address names no host: “ab c”"),
        ("http://nowhere.invalid/", "cannot find the host nowhere.invalid"),
        ("http://127.0.82.1:1/", "127.0.82.1 refuses the connection"),
        ("http://127.1:1/", "127.0.0.1 refuses the connection"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url: str, expected: str) -> None:
    outcome = ask_one(request(url))
    assert expected in words(outcome)
    assert "\x1b" not in words(outcome)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]"])
def test_nothing_private_is_asked_unless_it_is_allowed(house: Guesthouse, host: str) -> None:
    before = house.connections
    settings = replace(QUICK, allow_networks=())
    outcome = ask_one(request(f"http://{host}:{house.port}/feed"), settings)
    assert "is no public address" in words(outcome)
    assert house.connections == before


def test_a_name_is_asked_where_its_address_is_allowed(house: Guesthouse) -> None:
    settings = replace(QUICK, allow_networks=(ip_network("127.0.0.1/32"),))
    assert words(ask_one(request(f"http://localhost:{house.port}/feed"), settings)) == "fetched"


def test_a_source_may_have_limits_of_its_own(house: Guesthouse) -> None:
    small, large = HttpOptions(max_bytes=100), HttpOptions(max_bytes=10_000)
    tight = replace(QUICK, max_bytes=1000)
    answers = ask(
        [
            request(house.url("large"), name="small", http=small),
            request(house.url("large"), name="large", http=large),
            request(house.url("large"), name="neither"),
        ],
        tight,
    )
    assert {name: words(outcome) for name, outcome in answers.items()} == {
        "small": "it is larger than 100 bytes",
        "large": "fetched",
        "neither": "it is larger than 1000 bytes",
    }


# -- a host that is busy -------------------------------------------------------------------------


def test_a_busy_host_is_left_alone_and_no_other(house: Guesthouse) -> None:
    same = [request(house.url("busy", f"/{number}"), name=f"busy-{number}") for number in range(4)]
    answers = ask([*same, request(house.url("feed"), name="other")])
    assert set(answers) == {"busy-0", "other"}
    assert answers["busy-0"].wishes == Wishes(
        retry_after=2 * HOUR, host_pause=HostPause(house.host("busy"), 2 * HOUR)
    )


def test_a_host_that_does_not_say_how_long_it_is_busy_has_an_hour(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("down")))
    assert outcome.wishes == Wishes(host_pause=HostPause(house.host("down"), HOUR))


def test_a_redirect_to_a_busy_host_fails_and_waits_for_nothing(house: Guesthouse) -> None:
    busy = f"http://127.0.81.1:{house.port}/busy"
    answers = ask(
        [
            request(busy, name="busy"),
            request(house.url("to-busy"), name="sent-there"),
            request(house.url("to-busy", "/again"), name="sent-there-later"),
        ]
    )
    reasons = {name: words(outcome) for name, outcome in answers.items()}
    asked = [visit for visit in house.visits_of("busy") if visit.host == "127.0.81.1"]
    assert set(reasons) == {"busy", "sent-there", "sent-there-later"}
    assert all(
        "asks to be left alone" in reasons[name] or "429" in reasons[name] for name in reasons
    )
    assert len(asked) == 1


def test_a_redirect_to_a_host_that_asked_for_a_pause_earlier_is_not_followed(
    house: Guesthouse,
) -> None:
    later, over = NOW + HOUR, NOW - HOUR
    sent = replace(request(house.url("elsewhere")), paused={"127.0.82.1": later})
    outcome = ask_one(sent)
    assert "asks to be left alone" in words(outcome)
    assert outcome.wishes.retry_after == pytest.approx(HOUR, abs=timedelta(seconds=9))
    assert not [visit for visit in house.visits if visit.host == "127.0.82.1"]
    assert words(ask_one(replace(sent, paused={"127.0.82.1": over}))) == "fetched"


# -- credentials ---------------------------------------------------------------------------------

OPTIONS = [
    HttpOptions(headers=(("X-Key", Secret(WORD)),)),
    HttpOptions(cookies=(("session", Secret(WORD)),)),
    HttpOptions(bearer=Secret(WORD)),
    HttpOptions(basic=("me", Secret(WORD))),
]
KINDS = ["header", "cookie", "bearer", "basic"]
ENCODED = b"bWU6c2VzYW1lLTdmM2E="


def told(lines: bytes) -> bool:
    return WORD.encode() in lines or ENCODED in lines


@pytest.mark.parametrize("http", OPTIONS, ids=KINDS)
@pytest.mark.parametrize(
    ("name", "expected"),
    [("echo", True), ("stays", True), ("away", False), ("away-and-back", False)],
)
def test_credentials_stay_at_home(
    house: Guesthouse, http: HttpOptions, name: str, expected: bool
) -> None:
    assert told(sent(house, name, http)) is expected


def test_credentials_are_not_sent_to_where_a_source_has_moved(house: Guesthouse) -> None:
    moved = f"http://127.0.83.1:{house.port}/echo"
    outcome = ask_one(request(moved, configured=house.url("echo"), http=OPTIONS[3]))
    assert isinstance(outcome, Fetched)
    assert isinstance(outcome.document, Document)
    assert not told(outcome.document.body)


def test_a_name_and_password_in_an_address_are_credentials(house: Guesthouse) -> None:
    for name, expected in (("echo", True), ("away", False)):
        url = house.url(name).replace("://", f"://me:{WORD}@")
        outcome = ask_one(request(url))
        assert isinstance(outcome, Fetched)
        assert isinstance(outcome.document, Document)
        assert told(outcome.document.body) is expected
        assert WORD not in outcome.document.url


def test_it_is_said_why_credentials_did_not_help(house: Guesthouse) -> None:
    outcome = ask_one(request(house.url("refuses-others"), http=OPTIONS[2]))
    assert words(outcome) == (
        "401 Unauthorized: it redirects to 127.0.80.3, where its credentials are not sent"
    )


# -- proxies -------------------------------------------------------------------------------------


def test_a_proxy_finds_the_host(house: Guesthouse) -> None:
    proxy = HttpOptions(proxy=Secret(f"http://me:{WORD}@127.7.7.7:{house.port}"))
    outcome = ask_one(request("http://nowhere.invalid/feed", http=proxy))
    assert words(outcome) == "fetched"
    visit = house.visits_of("http:")[-1]
    assert visit.target == "http://nowhere.invalid/feed"
    assert visit.values("Proxy-Authorization") == [b"Basic " + ENCODED]


def test_a_proxy_is_no_way_into_the_network(house: Guesthouse) -> None:
    proxy = HttpOptions(proxy=Secret(f"http://127.7.7.7:{house.port}"))
    outcome = ask_one(request("http://169.254.169.254/meta-data", http=proxy))
    assert "169.254.169.254 is no public address" in words(outcome)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_a_proxy_that_is_away_is_told_without_its_password(scheme: str) -> None:
    proxy = HttpOptions(proxy=Secret(f"{scheme}://me:{WORD}@127.0.0.1:1"))
    outcome = ask_one(request("http://nowhere.invalid/feed", http=proxy))
    assert words(outcome) == "its proxy refuses the connection"
    assert WORD not in repr(outcome)


def test_a_plain_source_does_not_use_the_proxy_of_another(house: Guesthouse) -> None:
    proxy = HttpOptions(proxy=Secret("http://127.0.0.1:1"))
    one_by_one = replace(QUICK, parallel=1)
    answers = ask(
        [
            request("http://nowhere.invalid/", name="through-proxy", http=proxy),
            request(house.url("feed"), name="plain"),
        ],
        one_by_one,
    )
    assert words(answers["plain"]) == "fetched"


def test_the_environment_has_no_say(house: Guesthouse) -> None:
    script = (
        "from bench.servers.asking import ask_one, request, words\n"
        f"print(words(ask_one(request('{house.url('feed', '/environment')}'))))"
    )
    nowhere = "http://127.0.0.1:1"
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy")
    environment = {**dict.fromkeys(names, nowhere), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "fetched\n"


def test_a_fetch_error_is_what_a_failure_holds() -> None:
    outcome = ask_one(request("ftp://a/"), FetchSettings())
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, FetchError)

"""Sources that are asked through a proxy: it works, and its password goes to nobody else."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from aggregator.model.fetched import Fetched, Outcome
from aggregator.model.settings import HttpOptions, Secret
from bench.servers.asking import QUICK, ask, ask_one, request, words
from bench.servers.certificates import Certificates, make_certificates
from bench.servers.guesthouse import Guest, Guesthouse, answer
from bench.servers.misbehaving.behaviours import redirects
from bench.servers.proxies import Proxy

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs the openssl program")

PATIENT = replace(QUICK, timeout=timedelta(seconds=10), connect_timeout=timedelta(seconds=10))
USER, PASSWORD = "me", "sesame-7f3a"
LOGIN = b"Basic " + b64encode(f"{USER}:{PASSWORD}".encode())
OWN = HttpOptions(
    headers=(("X-Key", Secret("own-key")),),
    cookies=(("session", Secret("own-cookie")),),
    bearer=Secret("own-token"),
)
NAMES = {"feeds.example": "127.0.0.1", "other.example": "127.0.0.1"}
SCHEMES = ["http", "https", "socks5", "socks5h"]
BY_NAME = ["http", "https", "socks5h"]
"""What finds hosts itself; socks5 has us find them."""


async def echo(guest: Guest) -> None:
    """Send the request's header lines back."""
    await guest.send(answer(body=b"\n".join(guest.visit.lines)))


BEHAVIOURS = {"echo": echo, "away": redirects(302, b"http://other.example:PORT/echo")}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def house() -> Iterator[Guesthouse]:
    with Guesthouse(BEHAVIOURS) as house:
        yield house


@pytest.fixture(scope="module")
def locked(certificates: Certificates) -> Iterator[Guesthouse]:
    """Return a server with TLS; its certificate is for localhost."""
    with Guesthouse(BEHAVIOURS, certificates.server("good")) as house:
        yield house


@pytest.fixture
def proxies(certificates: Certificates) -> Iterator[dict[str, Proxy]]:
    """Return a proxy for each scheme; all want a password."""
    with (
        Proxy((USER, PASSWORD), names=NAMES) as plain,
        Proxy((USER, PASSWORD), certificates.server("good"), NAMES) as encrypted,
    ):
        yield {"http": plain, "https": encrypted, "socks5": plain, "socks5h": plain}


def through(
    proxy: Proxy, scheme: str, certificates: Certificates, word: str = PASSWORD
) -> HttpOptions:
    address = f"{scheme}://{USER}:{word}@127.0.0.1:{proxy.port}"
    return replace(OWN, proxy=Secret(address), ca_certificates=certificates.authority)


def text(outcome: Outcome) -> bytes:
    assert isinstance(outcome, Fetched), words(outcome)
    return outcome.document.body  # type: ignore[union-attr]


@pytest.mark.parametrize("scheme", BY_NAME)
def test_a_feed_is_fetched_through_a_proxy_that_finds_its_host(
    proxies: dict[str, Proxy], house: Guesthouse, certificates: Certificates, scheme: str
) -> None:
    proxy = proxies[scheme]
    url = f"http://feeds.example:{house.port}/echo"
    got = text(ask_one(request(url, http=through(proxy, scheme, certificates)), PATIENT))
    assert proxy.asked == [("feeds.example", house.port)]
    assert b"Authorization: Bearer own-token" in got
    assert b"Host: feeds.example" in got
    assert PASSWORD.encode() not in got
    assert LOGIN not in got


def test_a_socks5_proxy_is_told_an_address(
    proxies: dict[str, Proxy], house: Guesthouse, certificates: Certificates
) -> None:
    proxy = proxies["socks5"]
    url = f"http://127.0.0.1:{house.port}/echo"
    assert b"own-key" in text(
        ask_one(request(url, http=through(proxy, "socks5", certificates)), PATIENT)
    )
    assert (proxy.asked, proxy.logins) == ([("127.0.0.1", house.port)], [(USER, PASSWORD)])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_encrypted_feed_passes_a_proxy_that_sees_nothing_of_it(
    proxies: dict[str, Proxy], locked: Guesthouse, certificates: Certificates, scheme: str
) -> None:
    proxy = proxies[scheme]
    host = "127.0.0.1" if scheme == "socks5" else "localhost"
    url = f"https://{host}:{locked.port}/echo"
    got = text(ask_one(request(url, http=through(proxy, scheme, certificates)), PATIENT))
    assert b"Authorization: Bearer own-token" in got
    assert b"Proxy-" not in got
    assert LOGIN not in got
    for head in proxy.heads:
        assert head.startswith(b"CONNECT localhost:")
        assert b"Proxy-Authorization: " + LOGIN in head
        assert b"own-" not in head
    assert len(proxy.heads) + len(proxy.logins) == 1


@pytest.mark.parametrize("scheme", BY_NAME)
def test_a_redirect_goes_through_the_proxy_without_the_sources_own_credentials(
    proxies: dict[str, Proxy], house: Guesthouse, certificates: Certificates, scheme: str
) -> None:
    proxy = proxies[scheme]
    url = f"http://feeds.example:{house.port}/away"
    got = text(ask_one(request(url, http=through(proxy, scheme, certificates)), PATIENT))
    assert [host for host, _ in proxy.asked] == ["feeds.example", "other.example"]
    assert b"own-" not in got
    assert LOGIN not in got


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("target", ["plain", "encrypted"])
def test_a_proxy_that_refuses_is_told_and_no_password_with_it(
    proxies: dict[str, Proxy],
    house: Guesthouse,
    locked: Guesthouse,
    certificates: Certificates,
    scheme: str,
    target: str,
) -> None:
    there = house if target == "plain" else locked
    url = f"{'http' if target == 'plain' else 'https'}://localhost:{there.port}/echo"
    before = len(there.visits)
    http = through(proxies[scheme], scheme, certificates, word="wrong-word")
    said = words(ask_one(request(url, http=http), PATIENT))
    assert "proxy" in said.lower(), said
    assert "wrong-word" not in said
    assert len(there.visits) == before


def test_a_proxy_whose_certificate_is_not_known_gets_no_password(
    proxies: dict[str, Proxy], house: Guesthouse, certificates: Certificates
) -> None:
    http = replace(through(proxies["https"], "https", certificates), ca_certificates=None)
    outcome = ask_one(request(f"http://feeds.example:{house.port}/echo", http=http), PATIENT)
    assert "certificate of its proxy" in words(outcome)
    assert proxies["https"].heads == []


def test_a_source_without_a_proxy_that_follows_one_goes_its_own_way(
    proxies: dict[str, Proxy], house: Guesthouse, certificates: Certificates
) -> None:
    """A handle that was given a proxy must not serve the next source."""
    proxied = request(
        f"http://feeds.example:{house.port}/echo",
        http=through(proxies["http"], "http", certificates),
        name="proxied",
    )
    plain = request(f"http://127.0.0.1:{house.port}/echo", name="plain")
    found = ask([proxied, plain], replace(PATIENT, parallel=1))
    assert LOGIN not in text(found["plain"])
    assert [host for host, _ in proxies["http"].asked] == ["feeds.example"]

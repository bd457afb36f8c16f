"""Encrypted connections: whose certificate is believed, and what is said about the others."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.model.settings import HttpOptions, Secret
from bench.servers.asking import ask_one, request, words
from bench.servers.certificates import Certificates, make_certificates
from bench.servers.guesthouse import Guesthouse, answer
from bench.servers.misbehaving.behaviours import FEED, redirects, says

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs the openssl program")

BEHAVIOURS = {
    "feed": says(answer(body=FEED), close=False),
    "to-plain": redirects(302, b"http://127.0.84.1:PORT/feed"),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def houses(certificates: Certificates) -> Iterator[dict[str, Guesthouse]]:
    """Return one server for each certificate, by its name."""
    names = ("good", "expired", "early", "other", "self-signed")
    made = {name: Guesthouse(BEHAVIOURS, certificates.server(name)) for name in names}
    made["asks"] = Guesthouse(BEHAVIOURS, certificates.server("good", asks_client=True))
    for house in made.values():
        house.__enter__()
    yield made
    for house in made.values():
        house.__exit__(None, None, None)


def come_to(house: Guesthouse, http: HttpOptions, host: str = "127.0.0.1") -> str:
    return words(ask_one(request(f"https://{host}:{house.port}/feed", http=http)))


def test_a_certificate_signed_by_the_sources_authority_is_believed(
    houses: dict[str, Guesthouse], certificates: Certificates
) -> None:
    http = HttpOptions(ca_certificates=certificates.authority)
    assert come_to(houses["good"], http) == "fetched"
    assert come_to(houses["good"], http, "localhost") == "fetched"


def test_no_other_source_believes_it(houses: dict[str, Guesthouse]) -> None:
    assert come_to(houses["good"], HttpOptions()) == (
        "the certificate of 127.0.0.1 is signed by an authority we do not know"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("expired", "has expired"),
        ("early", "is not valid yet"),
        ("other", "is for another name"),
        ("self-signed", "is signed by itself"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(
    houses: dict[str, Guesthouse], certificates: Certificates, name: str, expected: str
) -> None:
    http = HttpOptions(ca_certificates=certificates.authority)
    assert come_to(houses[name], http) == f"the certificate of 127.0.0.1 {expected}"
    assert houses[name].visits == []


def test_a_certificate_of_another_name(
    houses: dict[str, Guesthouse], certificates: Certificates
) -> None:
    http = HttpOptions(ca_certificates=certificates.authority)
    assert come_to(houses["other"], http, "localhost") == (
        "the certificate of localhost is for another name"
    )


def test_a_client_shows_its_certificate(
    houses: dict[str, Guesthouse], certificates: Certificates
) -> None:
    certificate, key = certificates.both("good")
    shown = HttpOptions(
        ca_certificates=certificates.authority, client_certificate=certificate, client_key=key
    )
    assert come_to(houses["asks"], shown) == "fetched"


def test_a_client_without_its_certificate_is_sent_away(
    houses: dict[str, Guesthouse], certificates: Certificates
) -> None:
    http = HttpOptions(ca_certificates=certificates.authority)
    assert "127.0.0.1" in come_to(houses["asks"], http)
    assert houses["asks"].visits_of("none") == []


@pytest.mark.parametrize(
    ("http", "expected"),
    [
        (HttpOptions(ca_certificates=Path("/nowhere.pem")), "its CA certificates cannot be read"),
        (
            HttpOptions(client_certificate=Path("/nowhere.pem")),
            "its client certificate cannot be used",
        ),
    ],
)
def test_a_file_that_is_away_is_said(
    houses: dict[str, Guesthouse], http: HttpOptions, expected: str
) -> None:
    assert come_to(houses["good"], http) == expected


def test_a_plain_server_speaks_no_tls() -> None:
    with Guesthouse(BEHAVIOURS) as house:
        reason = come_to(house, HttpOptions())
    assert reason == "no connection to 127.0.0.1 within 0.3 s"


def test_a_secret_does_not_leave_the_encrypted_connection(
    houses: dict[str, Guesthouse], certificates: Certificates
) -> None:
    http = HttpOptions(ca_certificates=certificates.authority, bearer=Secret("sesame"))
    house = houses["good"]
    with Guesthouse(BEHAVIOURS) as plain:
        behaviours = {"away": redirects(302, f"http://127.0.0.1:{plain.port}/feed".encode())}
        house.behaviours.update(behaviours)
        ask_one(request(f"https://127.0.0.1:{house.port}/away", http=http))
        assert [visit.values("Authorization") for visit in plain.visits] == [[]]
    assert house.visits_of("away")[0].values("Authorization") == [b"Bearer sesame"]

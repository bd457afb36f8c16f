"""Names of hosts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.hosts import is_address, plain_host, registrable_domain


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("Feeds.Example.ORG", "feeds.example.org"),
        ("example.org.", "example.org"),
        ("localhost", "localhost"),
        ("my_feeds.example.org", "my_feeds.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7F.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("1.2.3.4.", "1.2.3.4"),
        ("[::1]", "::1"),
        ("[2001:DB8:0:0::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("0x7f.example.org", "0x7f.example.org"),
    ],
)
def test_a_host_has_one_spelling(host: str, plain: str) -> None:
    assert plain_host(host) == plain


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "a..b", ".a", "a b", "a/b", "a@b", "a%2eb", "a:b", "a\x00b", "a\nb"),
        *("256.1.1.1", "1.2.3.4.5", "1.2.3.256", "1.2.65536", "4294967296", "a.b.c.1", "1.2.3.08"),
        *("x" * 64, ".".join(["a" * 60] * 5), "ü" * 70, "[v1.x]"),
    ],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError):
        plain_host(host)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_all_numbers_of_an_address_are_one(number: int) -> None:
    forms = {plain_host(str(number)), plain_host(hex(number)), plain_host(f"0{number:o}")}
    assert len(forms) == 1


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_a_plain_spelling_is_its_own(text: str) -> None:
    try:
        plain = plain_host(text)
    except ValueError:
        return
    assert plain_host(plain) == plain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.org", "example.org"),
        ("feeds.blog.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("somebody.github.io", "somebody.github.io"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("a.machine.internal", "machine.internal"),
        ("127.0.0.1", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_a_host_belongs_to_who_registered_it(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_no_domain_is_an_address() -> None:
    assert [is_address(host) for host in ("1.2.3.4", "::1", "example.org", "localhost")] == [
        True,
        True,
        False,
        False,
    ]

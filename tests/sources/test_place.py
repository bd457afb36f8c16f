"""One address to ask, and where a redirect leads."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.errors import FetchError
from aggregator.sources.http.place import follow, locate

BASE = locate("https://a.example/blog/feed.xml?x=1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://A.example", "https://a.example/"),
        ("HTTP://a.example:80/x", "http://a.example/x"),
        ("https://a.example:80/x", "https://a.example:80/x"),
        ("http://me:word@a.example/x#part", "http://a.example/x"),
        ("http://a.example?x=1", "http://a.example/?x=1"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://bücher.example/ü?ü", "http://xn--bcher-kva.example/%C3%BC?%C3%BC"),
        (" http://a.example/a b ", "http://a.example/a%20b"),
        ("http://a.example/%7Ea%2Fb%", "http://a.example/%7Ea%2Fb%"),
        ("http://a.example\\@b.example/", "http://b.example/"),
    ],
)
def test_an_address_is_written_in_one_way(url: str, expected: str) -> None:
    assert locate(url).url == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
@example("a.example/\ud800")
@example("a.example/\udcff")
@example("a.example:٣/")
def test_every_address_is_one_plain_line_or_an_error(text: str) -> None:
    try:
        url = locate(f"http://{text}").url
    except FetchError:
        return
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert locate(url).url == url


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
@example(b"//[")
@example(b"http://\xff/")
def test_every_redirect_leads_to_one_plain_line_or_is_an_error(location: bytes) -> None:
    try:
        url = follow(BASE, location.decode("latin-1")).url
    except FetchError:
        return
    assert url.isascii()
    assert url.isprintable()


def test_a_redirect_is_relative_to_where_it_comes_from() -> None:
    assert follow(BASE, "../new").url == "https://a.example/new"
    assert follow(BASE, "//b.example/").url == "https://b.example/"

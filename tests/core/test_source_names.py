"""What new sources are called, and which addresses are one feed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.subscribing import feed_key, is_source_name, source_name, web_address


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Planet Python", "planet-python"),
        ("Ångström’s Øl & Café", "angstroms-ol-cafe"),
        ("  99% Invisible ", "99-invisible"),
        ("科技爱好者周刊", "blog.example.org"),
        ("阮一峰 blog", "blog"),
        ("Blog", "blog.example.org"),
        ("", "blog.example.org"),
        ("RSS feed", "blog.example.org"),
        ("null", "blog.example.org"),
    ],
)
def test_a_source_is_called_by_its_title_or_its_host(title: str, name: str) -> None:
    expected = "blog.example.org" if name == "blog" else name
    assert source_name(title, "https://www.blog.example.org/feed") == expected


def test_a_long_title_is_cut_between_words() -> None:
    title = "The very long and winding title of a feed about everything"
    assert source_name(title, "https://example.org/") == "the-very-long-and-winding-title-of-a"


def test_a_name_that_is_taken_gets_the_host_then_a_number() -> None:
    def name(*taken: str) -> str:
        return source_name("Notes", "https://a.example/feed", taken)

    assert name("notes") == "notes-a.example"
    assert name("notes", "notes-a.example") == "notes-2"
    assert name("notes", "notes-a.example", "notes-2") == "notes-3"


@given(st.text(max_size=80), st.text(max_size=40), st.sets(st.text(max_size=5), max_size=3))
@settings(max_examples=300, deadline=None)
def test_every_name_is_one_and_is_free(title: str, host: str, taken: set[str]) -> None:
    url = web_address(f"https://{host}/") or "https://example.org/"
    once = source_name(title, url, taken)
    again = source_name(title, url, {*taken, once})
    assert is_source_name(once)
    assert is_source_name(again)
    assert once not in taken
    assert again != once


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/feed",
        "https://www.example.org/feed/",
        "https://EXAMPLE.org/feed",
    ],
)
def test_scheme_www_and_last_slash_make_no_other_feed(other: str) -> None:
    assert feed_key(other) == feed_key("https://example.org/feed")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/feed?page=2",
        "https://example.org/Feed",
        "https://example.org:8443/feed",
        "https://blog.example.org/feed",
    ],
)
def test_path_query_port_and_host_do(other: str) -> None:
    assert feed_key(other) != feed_key("https://example.org/feed")


@pytest.mark.parametrize(
    ("stated", "address"),
    [
        ("https://example.org/feed", "https://example.org/feed"),
        (" HTTP://Example.org/feed#top ", "http://example.org/feed"),
        ("feed://example.org/feed", "http://example.org/feed"),
        ("feed:https://example.org/feed", "https://example.org/feed"),
        ("feed://https://example.org/feed", "https://example.org/feed"),
        ("https://me:secret@example.org/feed", "https://example.org/feed"),
        ("https://example.org/${HOME}", "https://example.org/$%7BHOME%7D"),
        ("example.org/feed", None),
        ("/feed", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("exec:curl x", None),
        ("https://", None),
        ("https://[", None),
    ],
)
def test_only_web_addresses_can_be_subscribed_to(stated: str, address: str | None) -> None:
    assert web_address(stated) == address

"""Which feeds a page names in its head, and which it shows in its text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.formats.reading.discovery import FoundFeed, feeds_of_page, likely_feeds

PAGE = "https://example.org/blog/post.html"
RSS = 'rel="alternate" type="application/rss+xml"'


def urls(html: str) -> list[str]:
    return [feed.url for feed in feeds_of_page(html, PAGE)]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://feeds.example/x", "https://feeds.example/x"),
        ("feed.xml", "https://example.org/blog/feed.xml"),
        ("/feed", "https://example.org/feed"),
        ("//cdn.example/feed", "https://cdn.example/feed"),
        (" /feed\n", "https://example.org/feed"),
        ("/feed?a=1&amp;b=2", "https://example.org/feed?a=1&b=2"),
        ("/fünf", "https://example.org/f%C3%BCnf"),
    ],
)
def test_an_address_is_made_absolute(href: str, url: str) -> None:
    assert urls(f'<head><link {RSS} href="{href}"></head>') == [url]


@pytest.mark.parametrize("href", ["", "javascript:x()", "data:text/xml,x", "https://["])
def test_what_is_no_web_address_is_left_out(href: str) -> None:
    assert urls(f'<link {RSS} href="{href}">') == []


@pytest.mark.parametrize(
    "attributes",
    [
        "rel=alternate type=application/atom+xml",
        "REL='ALTERNATE' TYPE='Application/Atom+XML; charset=utf-8'",
        'rel="home alternate" type="application/feed+json"',
        'rel="alternate" type="text/xml"',
        'rel="feed"',
    ],
)
def test_relation_and_type_are_read_as_they_are_written(attributes: str) -> None:
    assert urls(f"<head><link {attributes} href=/f></head>") == ["https://example.org/f"]


@pytest.mark.parametrize(
    "markup",
    [
        f'<!-- <link {RSS} href="/f"> -->',
        f"<script>'<link {RSS} href=\"/f\">'</script>",
        '<link rel="alternate" type="text/html" hreflang="de" href="/de">',
        '<link rel="stylesheet" type="text/css" href="/s.css">',
        '<link rel="alternate stylesheet" type="text/xml" href="/s.xml">',
        '<link rel="alternates" type="application/rss+xml" href="/f">',
        '<link type="application/rss+xml" href="/f">',
        f"<link {RSS}>",
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed/1.0/embed?url=x">',
        '<link rel="alternate" type="application/json" href="/?rest_route=/wp/v2/posts/1">',
        f'&lt;link {RSS} href="/f"&gt;',
    ],
)
def test_what_is_no_feed_of_the_page_is_left_out(markup: str) -> None:
    assert urls(f"<html><head>{markup}</head><body>x</body></html>") == []


def test_a_path_that_only_sounds_like_the_api_is_a_feed() -> None:
    assert urls(f'<link {RSS} href="/oembed-news.xml">') == ["https://example.org/oembed-news.xml"]


def test_feeds_come_in_the_order_of_the_page_each_once() -> None:
    html = f"<link {RSS} href=/b title=' B \n news '><link {RSS} href=/a><link {RSS} href=/b>"
    assert feeds_of_page(html, PAGE) == (
        FoundFeed("https://example.org/b", "B news", "application/rss+xml"),
        FoundFeed("https://example.org/a", "", "application/rss+xml"),
    )


def test_the_first_base_before_a_link_counts() -> None:
    html = f'<link {RSS} href=a><base href="/x/"><base href="/y/"><link {RSS} href=b>'
    assert urls(html) == ["https://example.org/blog/a", "https://example.org/x/b"]


def test_a_link_in_the_body_and_a_nul_hide_nothing() -> None:
    assert urls(f"<body>\0<p>x<link {RSS} href=/f></body>") == ["https://example.org/f"]


def test_a_page_without_end_is_read_as_far_as_two_megabytes() -> None:
    link = f"<link {RSS} href=/f>"
    assert urls("<p>x" * 100_000 + link) == ["https://example.org/f"]
    assert urls(" " * 3_000_000 + link) == []
    assert len(urls("".join(f"<link {RSS} href=/{number}>" for number in range(500)))) == 50


@pytest.mark.parametrize(
    "href",
    ["/feed", "/blog/feed/", "/rss.xml", "atom.xml", "news.rss", "/index.xml", "/?feed=rss2"],
)
def test_a_link_in_the_text_that_looks_like_a_feed_is_likely(href: str) -> None:
    (found,) = likely_feeds(f'<p><a href="{href}">Our <b>feed</b></a></p>', PAGE)
    assert found.title == "Our feed"


@pytest.mark.parametrize("words", ["RSS", "rss 2.0", "Subscribe to our RSS-Feed", "the JSON feed"])
def test_a_link_that_is_called_a_feed_is_likely(words: str) -> None:
    (found,) = likely_feeds(f'<a href="/news">{words}</a><a href="/about">What is RSS?</a>', PAGE)
    assert found == FoundFeed("https://example.org/news", words)
    (found,) = likely_feeds(f'<a href="/news" title="{words}"><img src="rss.png"></a>', PAGE)
    assert found.url == "https://example.org/news"


@pytest.mark.parametrize("href", ["/", "/feedback", "/rss-explained.html", "mailto:rss", "/press"])
def test_any_other_link_is_not(href: str) -> None:
    assert likely_feeds(f'<a href="{href}">x</a>', PAGE) == ()


@given(st.text(alphabet=st.sampled_from("<>/= \"'&;linkrelasbhf\0\ud800é\n"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_page_breaks_it(html: str) -> None:
    for feed in (*feeds_of_page(html, PAGE), *likely_feeds(html, PAGE)):
        assert feed.url.startswith(("http://", "https://"))

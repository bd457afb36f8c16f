"""Every feed written keeps the rules of its format, and the rules can be broken."""

import pytest
from made_publications import FOLDER_OF_BYTES, GOLDEN, RENDERERS, item, publication

from bench.validity import BREACHES, advice


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("name", GOLDEN)
def test_the_bytes_are_those_that_were_looked_at(name: str, ending: str) -> None:
    assert RENDERERS[ending](GOLDEN[name]) == (FOLDER_OF_BYTES / f"{name}.{ending}").read_bytes()


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("name", GOLDEN)
def test_no_rule_of_the_format_is_broken(name: str, ending: str) -> None:
    assert BREACHES[ending](RENDERERS[ending](GOLDEN[name])) == []


@pytest.mark.parametrize(
    ("ending", "right", "wrong"),
    [
        ("atom", "<updated>2026-03-02T12:00:00Z", "<updated>2026-03-02T12:00"),
        ("atom", "<id>https://paper.example/1</id>", "<id>1</id>"),
        ("atom", "<id>https://paper.example/1</id>", "<id>https://paper.example/2</id>"),
        ("atom", "<published>2026-03-02T12:00:00Z</published>", "<published/>"),
        ("atom", '<link href="https://paper.example/1"/>', '<link href="/1"/>'),
        ("atom", "<name>Example feeds</name>", ""),
        ("atom", 'type="html"', 'type="text/html"'),
        ("rss", "Mon, 02 Mar 2026 12:00:00 GMT</pubDate>", "2026-03-02</pubDate>"),
        ("rss", '<guid isPermaLink="true">', '<guid isPermaLink="false">'),
        ("rss", "https://paper.example/1</guid>", "https://paper.example/2</guid>"),
        ("rss", 'rel="self"', 'rel="related"'),
        ("rss", "<language>en</language>", "<language>english</language>"),
        ("json", '"id":"https://paper.example/1"', '"id":1'),
        ("json", '"id":"https://paper.example/1"', '"id":"https://paper.example/2"'),
        ("json", '"date_published":"2026', '"date_published":"26'),
        ("json", '"content_html"', '"content"'),
        ("json", '"url":"https://paper.example/1"', '"url":"/1"'),
    ],
)
def test_a_breach_is_found(ending: str, right: str, wrong: str) -> None:
    body = RENDERERS[ending](publication(item(2), item(1)))
    broken = body.replace(right.encode(), wrong.encode())
    assert broken != body
    assert BREACHES[ending](broken) != []


def served(name: str, ending: str) -> list[str]:
    """List what a public validator would say of a document we publish."""
    made = GOLDEN[name]
    (url,) = [url for kind, url in made.addresses if kind == ending]
    return advice(RENDERERS[ending](made), url)


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_nothing_is_to_be_said_of_what_is_served(name: str, ending: str) -> None:
    assert served(name, ending) == []


@pytest.mark.parametrize(
    ("ending", "right", "wrong"),
    [
        ("atom", "encoding='UTF-8'", "encoding='utf-8'"),
        ("atom", 'news.atom" rel="self"', 'other.atom" rel="self"'),
        ("rss", 'rel="self" type="application/rss+xml"', 'rel="self" type="text/xml"'),
        ("atom", "<feed ", '<feed xmlns:x="urn:x" '),
        ("atom", "News</title><updated>2026-03-02", "News</title><updated>2026-03-03"),
        ("atom", "<published>2026-03-02", "<published>2026-03-04"),
        ("atom", "<id>https://paper.example/1</id>", "<id>https://paper.example/[1]</id>"),
        ("atom", "<id>https://paper.example/1</id>", "<id>urn:uuid:1</id>"),
        ("atom", "&lt;p&gt;At", "&lt;script&gt;At"),
        ("atom", "&lt;p&gt;At", "&lt;rb&gt;At"),
        ("atom", "At length", "At\ufdd0length"),
        ("atom", "<title>Story 1", "<title>Q&amp;A1"),
        ("rss", "<title>Story 1", "<title>Vec&lt;T>"),
        ("rss", "&lt;p&gt;At", "&lt;p onclick='x'&gt;At"),
        ("rss", "&lt;p&gt;At", "&lt;a href='/x'&gt;At"),
        ("rss", "<description>&lt;p&gt;In short&lt;/p&gt;</description>", ""),
        ("json", '"feed_url":"https://feeds.example/feeds/news.json"', '"feed_url":"x"'),
        ("json", '"date_published":"2026', '"date_published":"2027'),
        ("json", "<p>At", "<iframe>At"),
    ],
)
def test_what_is_to_be_said_is_said(ending: str, right: str, wrong: str) -> None:
    made = publication(item(2), item(1))
    body = RENDERERS[ending](made)
    broken = body.replace(right.encode(), wrong.encode())
    assert broken != body
    url = dict(made.addresses)[ending]
    assert advice(broken, url) + BREACHES[ending](broken) != []


def test_a_namespace_that_few_know_is_declared_where_it_is_used() -> None:
    body = RENDERERS["rss"](GOLDEN["rich"])
    head = body[: body.index(b"<channel>")]
    assert b"podcastindex" not in head
    assert b"<podcast:transcript xmlns:podcast=" in body

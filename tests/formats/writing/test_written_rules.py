"""Every feed written keeps the rules of its format, and the rules can be broken."""

import pytest
from format_rules import BREACHES
from made_publications import FOLDER_OF_BYTES, GOLDEN, RENDERERS, item, publication


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
        ("rss", "<language>en</language>", ""),
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

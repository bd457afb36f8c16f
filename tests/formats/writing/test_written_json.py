"""JSON Feed 1.1 as a reader sees it."""

import json
from typing import Any

from made_publications import ARTICLE, GOLDEN, PAPER, item, publication, render_json
from msgspec.structs import replace

from aggregator.model.known import Article
from aggregator.model.shown import Publication


def told(made: Publication) -> dict[str, Any]:
    document = json.loads(render_json(made))
    assert isinstance(document, dict)
    return document


def first(made: Publication) -> dict[str, Any]:
    found: dict[str, Any] = told(made)["items"][0]
    return found


def test_text_is_written_in_utf8_without_escapes() -> None:
    assert "南昌：春节 🧧".encode() in render_json(GOLDEN["scripts"])


def test_the_feed_says_where_it_is() -> None:
    feed = told(GOLDEN["rich"])
    assert feed["home_page_url"] == "https://feeds.example/feeds/news/"
    assert feed["feed_url"] == "https://feeds.example/feeds/news.json"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_attachments_have_type_size_and_length() -> None:
    assert first(GOLDEN["rich"])["attachments"] == [
        {
            "url": "https://cdn.example/1.mp3",
            "mime_type": "audio/mpeg",
            "title": "Episode",
            "size_in_bytes": 48_000_000,
            "duration_in_seconds": 3600,
        },
        {"url": "https://cdn.example/1.pdf", "mime_type": "application/pdf"},
    ]


def test_the_source_and_the_others_who_told_it_are_named() -> None:
    entry = first(GOLDEN["rich"])
    assert entry["_source"]["feed_url"] == PAPER.feed_url
    assert entry["_via"] == {"links": [{"title": "The Wire", "url": "https://wire.example/1"}]}


def test_a_post_about_a_page_elsewhere_says_which() -> None:
    assert first(GOLDEN["rich"])["external_url"] == "https://elsewhere.example/"


def test_an_item_without_authors_has_its_sources() -> None:
    assert first(publication(item(1)))["authors"] == [{"name": "Desk"}]
    nobody = publication(item(1, source=replace(PAPER, authors=())))
    assert first(nobody)["authors"] == [{"name": "The Paper", "url": "https://paper.example/"}]


def test_no_mail_address_is_published() -> None:
    assert b"@paper.example" not in render_json(GOLDEN["plain"])


def test_a_summary_is_text() -> None:
    assert first(publication(item(1, replace(ARTICLE, summary="<p>1 &lt; 2</p>"))))["summary"] == (
        "1 < 2"
    )


def test_an_item_without_a_text_has_its_title_for_one() -> None:
    assert first(publication(item(1, Article(title=""))))["content_text"] == "Story 1"


def test_an_archive_names_the_one_before() -> None:
    assert told(GOLDEN["archive"])["next_url"] == "https://feeds.example/feeds/news/1.json"

"""The subscription list."""

from lxml import etree
from made_publications import FOLDER, NOON, PAPER, directory, line
from msgspec.structs import replace

from aggregator.formats.writing.opml import render_opml


def outlines(body: bytes) -> list[tuple[str | None, list[str | None]]]:
    groups = etree.fromstring(body).findall("body/outline")
    return [(group.get("text"), [line.get("xmlUrl") for line in group]) for group in groups]


def test_our_feeds_and_their_sources_are_two_groups() -> None:
    body = render_opml(directory(line("news"), line("python"), sources=(PAPER, FOLDER)))
    assert outlines(body) == [
        (
            "Example feeds",
            [
                "https://feeds.example/feeds/news.atom",
                "https://feeds.example/feeds/python.atom",
            ],
        ),
        ("Sources", ["https://paper.example/feed"]),
    ]


def test_a_line_has_what_readers_ask_for() -> None:
    body = render_opml(directory(line("news", title="News & more", description="All")))
    (found,) = etree.fromstring(body).iterfind("body/outline/outline")
    assert dict(found.attrib) == {
        "text": "News & more",
        "title": "News & more",
        "type": "rss",
        "xmlUrl": "https://feeds.example/feeds/news.atom",
        "htmlUrl": "https://feeds.example/feeds/news/",
        "description": "All",
        "language": "en",
    }


def test_news_makes_no_other_list() -> None:
    later = line("b", updated=NOON.replace(hour=13), entries=99)
    assert render_opml(directory(line("a"), later)) == render_opml(directory(line("a"), line("b")))


def test_a_feed_in_one_format_is_listed_in_that() -> None:
    only = line("news", addresses=(("json", "https://feeds.example/feeds/news.json"),))
    assert outlines(render_opml(directory(only)))[0][1] == ["https://feeds.example/feeds/news.json"]


def test_it_has_nothing_that_validators_do_not_know() -> None:
    body = render_opml(replace(directory(line("news")), language="tlh"))
    root = etree.fromstring(body)
    assert [part.tag for part in root.iterfind("head/*")] == ["title"]
    assert not list(root.iterfind(".//outline[@language]"))


def test_an_empty_list_is_a_list() -> None:
    assert outlines(render_opml(directory())) == []

"""JSON Feed 1.0 and 1.1, whole and half broken."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from feed_samples import read

from aggregator.errors import ParseError
from aggregator.model.parsed import Enclosure, Link, ParsedEntry, Person, Term, Text

SITE = "https://site.example/"


def written(**fields: Any) -> str:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Blog", "home_page_url": SITE}
    return json.dumps(feed | fields)


def item(**fields: Any) -> ParsedEntry:
    (entry,) = read(written(items=[{"id": "1"} | fields])).entries
    return entry


def test_a_feed() -> None:
    feed = read(
        written(
            description="About",
            feed_url="/feed.json",
            icon="/icon.png",
            favicon="/favicon.png",
            language="de",
            authors=[{"name": "Ann", "url": "https://ann.example/", "avatar": "/ann.png"}],
            hubs=[{"type": "WebSub", "url": "https://hub.example/"}, {"type": "rssCloud"}],
            items=[],
            _extension={"items": [1]},
        )
    )
    info = feed.info
    assert (feed.version, info.title, info.subtitle, info.link) == ("json11", "Blog", "About", SITE)
    assert info.feed_url == "https://feeds.example/feed.json"
    assert info.image == "https://feeds.example/icon.png"
    assert info.icon == "https://feeds.example/favicon.png"
    assert (info.language, info.hubs) == ("de", ("https://hub.example/",))
    assert info.authors == (Person("Ann", url="https://ann.example/"),)


def test_an_item() -> None:
    found = item(
        url="/one",
        external_url="https://other.example/",
        title="One & only",
        summary="Short",
        content_html="<p>Long</p>",
        content_text="Long",
        image="/one.png",
        banner_image="/banner.png",
        date_published="2026-03-02T12:00:00+01:00",
        date_modified="2026-03-02T12:00:00Z",
        tags=["a", " b ", "a", 7, None, ""],
        language="fr",
        authors=[{"name": "Ann"}, {"name": "Bob"}],
        author={"name": "Old"},
        attachments=[
            {
                "url": "/a.mp3",
                "mime_type": "audio/mpeg",
                "title": "Talk",
                "size_in_bytes": 1234,
                "duration_in_seconds": 61.5,
            },
            {"mime_type": "audio/mpeg"},
        ],
    )
    link = "https://site.example/one"
    assert found == ParsedEntry(
        guid="1",
        link=link,
        title=Text("One & only"),
        summary=Text("Short", base=link),
        content=Text("<p>Long</p>", True, link),
        published=datetime(2026, 3, 2, 11, tzinfo=UTC),
        updated=datetime(2026, 3, 2, 12, tzinfo=UTC),
        authors=(Person("Ann"), Person("Bob")),
        terms=(Term("a"), Term("b"), Term("7")),
        enclosures=(Enclosure("https://site.example/a.mp3", "audio/mpeg", 1234, "Talk", 61),),
        links=(Link("https://other.example/", "related"),),
        language="fr",
        image="https://site.example/one.png",
    )


def test_text_is_text_and_html_is_html() -> None:
    assert item(content_text="a < b").content == Text("a < b", False, SITE)
    assert item(content_html="a < b").content == Text("a < b", True, SITE)


def test_an_external_address_stands_in_for_a_missing_one() -> None:
    found = item(external_url="https://other.example/")
    assert (found.link, found.links) == ("https://other.example/", ())


def test_an_author_may_have_an_address_of_mail_for_a_page() -> None:
    authors = [{"name": "Ann", "url": "mailto:ann@site.example"}, {"url": "MailTo:bob@b.example"}]
    assert item(authors=authors).authors == (
        Person("Ann", "ann@site.example"),
        Person(email="bob@b.example"),
    )


START = '{"version": "https://jsonfeed.org/version/1.1", "title": "a,]", "items": ['


@pytest.mark.parametrize(
    ("rest", "guids", "warning", "whole"),
    [
        ('{"id": "1", "tags": ["x",],}, {"id": "2"},\n]}', ["1", "2"], "commas", True),
        ('{"id": "1"}]}\n<!-- cached for you -->', ["1"], "what stood behind", True),
        ('{"id": "1", "title": ",}"},]} junk', ["1"], "commas", True),
        ('{"id": "1"}, {"id": "2"}, {"id": "3", "ti', ["1", "2"], "breaks off", False),
        ('{"id": "1"}, {"id": 2 "title": "x"}, {"id": "3"}]}', ["1"], "breaks off", False),
        ("", [], "breaks off", False),
    ],
)
def test_what_templates_and_caches_break_is_mended(
    rest: str, guids: list[str], warning: str, whole: bool
) -> None:
    feed = read(START + rest)
    assert feed.info.title == "a,]"
    assert [one.guid for one in feed.entries] == guids
    assert feed.warnings[0].startswith(warning) or warning in feed.warnings[0]
    assert feed.whole is whole


@pytest.mark.parametrize("part", ["[", "{", '"', ",", '\\"', ',"items":[', '{"a":', "\\"])
def test_broken_json_takes_no_time(part: str) -> None:
    with pytest.raises(ParseError):
        read('{"version": "x", ' + part * 100_000)


def test_a_text_that_ends_in_half_an_escape_takes_no_time() -> None:
    feed = read(START + '{"id": "1"}, {"id": "2' + '\\"' * 100_000 + "\\")
    assert [one.guid for one in feed.entries] == ["1"]


def test_the_author_of_version_1() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1", "title": "B", "author": {"name": "Ann"},'
        ' "items": [{"id": "1", "author": {"url": "https://bob.example/"}}]}'
    )
    assert (feed.version, feed.info.authors) == ("json10", (Person("Ann"),))
    assert feed.entries[0].authors == (Person(url="https://bob.example/"),)


@pytest.mark.parametrize(
    ("written_id", "guid"),
    [
        ("17", "17"),
        ("1.0", "1.0"),
        ("1e400", "1e400"),
        ("9" * 5000, "9" * 5000),
        ('" 17 "', "17"),
        ("null", None),
        ("true", None),
        ("[1]", None),
        ("NaN", None),
        ('""', None),
    ],
)
def test_an_id_is_what_was_written(written_id: str, guid: str | None) -> None:
    feed = read(f'{{"title": "B", "items": [{{"id": {written_id}, "title": "x"}}]}}')
    assert feed.entries[0].guid == guid


FIELDS = (
    *("url", "title", "summary", "content_html", "content_text", "image", "date_published"),
    *("date_modified", "tags", "language", "authors", "author", "attachments", "external_url"),
    "banner_image",
)


def test_one_author_and_tags_in_one_text_are_read() -> None:
    found = item(authors={"name": "Ann"}, tags="snakes, eggs ,")
    assert found.authors == (Person("Ann"),)
    assert found.terms == (Term("snakes"), Term("eggs"))


def test_fields_of_the_wrong_type_are_missing() -> None:
    wrong: list[Any] = [None, True, {}, [], [None], {"a": [1]}, -1]
    for value in wrong[:-1]:
        found = item(**dict.fromkeys(FIELDS, value))
        assert found == ParsedEntry(guid="1"), value
    assert item(title=-1).title == Text("-1")


def test_keys_are_read_in_any_case() -> None:
    feed = read(
        '{"Version": "https://jsonfeed.org/version/1", "TITLE": "Blog", '
        '"Items": [{"ID": "1", "Title": "no", "title": "One", "Title": "nor this"}]}'
    )
    assert (feed.info.title, feed.entries[0].guid) == ("Blog", "1")
    assert feed.entries[0].title.value == "One"


def test_items_that_are_no_objects_are_left_out() -> None:
    feed = read(written(items=[None, 1, "x", [], {}, {"id": "1"}]))
    assert [one.guid for one in feed.entries] == ["1"]
    assert feed.warnings == ("5 items that are no objects were left out",)


@pytest.mark.parametrize("items", [None, 7, "x", {}])
def test_a_feed_whose_items_are_no_list_has_none(items: Any) -> None:
    assert read(written(items=items)).entries == ()


def test_lone_surrogates_and_controls_are_kept_for_the_cleaner() -> None:
    found = item(title="a\ud800b", content_text="x\x00y\x1bz")
    assert found.title.value == "a\ud800b"
    assert found.content == Text("x\x00y\x1bz", False, SITE)


def test_raw_controls_in_strings_are_read() -> None:
    assert read('{"title": "a\tb\x01", "items": []}').info.title == "a b\x01"


def test_json_behind_a_mark() -> None:
    assert read("\ufeff" + written(items=[])).info.title == "Blog"


@pytest.mark.parametrize(
    "body", ['{"items": []}', '{"title": "x"}', '{"version": "2.0", "title": "x"}', "[]", '["x"]']
)
def test_json_that_is_no_feed(body: str) -> None:
    with pytest.raises(ParseError, match="JSON that is no feed"):
        read(body)

"""Who an entry is, and what counts as a change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.core.identity import article_hash, identify
from aggregator.model.parsed import Enclosure, ParsedEntry, Person, Term, Text

ENTRY = ParsedEntry(
    guid="tag:example.org,2020:1",
    link="https://example.org/1",
    title=Text("A title"),
    content=Text("<p>A body</p>", is_html=True),
)


def guids(*entries: ParsedEntry) -> list[tuple[str, str]]:
    return [(found.guid, found.guid_origin) for found in identify(entries)]


def test_a_declared_guid_is_kept_raw() -> None:
    assert guids(replace(ENTRY, guid=" Entry 7 ")) == [("Entry 7", "declared")]


def test_without_a_guid_the_permalink_names_the_entry() -> None:
    assert guids(replace(ENTRY, guid=None)) == [("https://example.org/1", "link")]


def test_without_guid_and_link_the_article_names_itself() -> None:
    nameless = replace(ENTRY, guid="", link=None)
    assert guids(nameless) == [(f"hash:{article_hash(nameless)}", "hash")]


def test_one_guid_on_unlike_articles_loses_none_of_them() -> None:
    first = replace(ENTRY, guid="feed")
    second = replace(ENTRY, guid="feed", link="https://example.org/2")
    assert guids(first, second) == [
        ("feed https://example.org/1", "link"),
        ("feed https://example.org/2", "link"),
    ]


def test_an_article_listed_twice_is_one_entry_and_the_first_wins() -> None:
    again = replace(ENTRY, title=Text("A title, later in the document"))
    found = identify([ENTRY, again])
    assert [entry.entry.title.value for entry in found] == ["A title"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": Text("Another title")},
        {"link": "https://example.org/other"},
        {"content": Text("<p>Another body</p>", is_html=True)},
        {"summary": Text("A summary")},
        {"authors": (Person(name="A. Writer"),)},
        {"terms": (Term("news"),)},
        {"categories": ("news",)},
        {"enclosures": (Enclosure("https://example.org/a.mp3"),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_a_reader_would_notice_is_a_change(change: dict[str, object]) -> None:
    assert article_hash(ENTRY) != article_hash(replace(ENTRY, **change))


def test_a_new_date_is_no_change() -> None:
    redated = replace(ENTRY, published=datetime(2026, 1, 1, tzinfo=UTC))
    assert article_hash(ENTRY) == article_hash(redated)


def test_text_moved_from_one_field_to_the_next_is_a_change() -> None:
    one = ParsedEntry(title=Text("ab"), link="c")
    other = ParsedEntry(title=Text("a"), link="bc")
    assert article_hash(one) != article_hash(other)


def test_a_lone_surrogate_does_not_stop_the_feed() -> None:
    assert len(article_hash(ParsedEntry(title=Text("\ud800")))) == 32

"""Who an entry is, and what counts as a change."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from aggregator.core.identity import article_hash, choose_policy, identify
from aggregator.model.parsed import Enclosure, ParsedEntry, Person, Term, Text

ENTRY = ParsedEntry(
    guid="tag:example.org,2020:1",
    link="https://example.org/1",
    title=Text("A title"),
    content=Text("<p>A body</p>", is_html=True),
)


def guids(*entries: ParsedEntry, policy: str = "guid") -> list[tuple[str, str]]:
    return [(found.guid, found.guid_origin) for found in identify(entries, policy)]


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


def many(count: int, **change: object) -> list[ParsedEntry]:
    """Return unlike entries; ``change`` maps a field to a function of the entry's number."""
    return [_numbered(number, change) for number in range(count)]


def _numbered(number: int, change: dict[str, object]) -> ParsedEntry:
    entry = replace(
        ENTRY,
        guid=f"tag:example.org,2020:{number}",
        link=f"https://example.org/{number}",
        title=Text(f"Title {number}"),
        published=datetime(2026, 1, 1, number, tzinfo=UTC),
    )
    made = {field: make(number) for field, make in change.items()}  # type: ignore[operator]
    return replace(entry, **made)


@pytest.mark.parametrize(
    ("entries", "policy"),
    [
        ([], "guid"),
        (many(20), "guid"),
        (many(20, guid=lambda number: None if number == 0 else f"id {number}"), "guid"),
        (many(20, guid=lambda number: None if number < 2 else f"id {number}"), "link"),
        (many(3, guid=lambda number: "feed"), "link"),
        (many(3, guid=lambda number: "", link=lambda number: "https://example.org/"), "link+date"),
        (
            many(
                3,
                guid=lambda number: None,
                link=lambda number: None,
                published=lambda number: None,
            ),
            "content",
        ),
    ],
    ids=[
        "no entry",
        "good ids",
        "one in twenty missing",
        "one in ten missing",
        "one id for all",
        "one link for all",
        "nothing at all",
    ],
)
def test_a_source_is_named_by_the_first_policy_that_tells_its_entries_apart(
    entries: list[ParsedEntry], policy: str
) -> None:
    assert choose_policy("auto", None, entries) == policy
    assert len({guid for guid, _ in guids(*entries, policy=policy)}) == len(entries)


def test_a_policy_once_taken_is_kept_when_the_ids_are_good_again() -> None:
    assert choose_policy("auto", "link", many(3)) == "link"
    assert choose_policy("auto", "content", many(3)) == "content"


def test_the_operators_policy_outranks_what_the_document_shows() -> None:
    assert choose_policy("guid", "link", many(3, guid=lambda number: "feed")) == "guid"


def test_the_policy_says_what_names_an_entry() -> None:
    entry = replace(ENTRY, published=datetime(2026, 1, 1, tzinfo=UTC))
    assert guids(entry, policy="link") == [("https://example.org/1", "link")]
    assert guids(entry, policy="link+date") == [
        ("https://example.org/1 2026-01-01T00:00:00+00:00", "link+date")
    ]
    assert guids(entry, policy="content") == [(f"hash:{article_hash(entry)}", "hash")]


def test_unlike_articles_of_one_link_are_told_apart_by_their_ids() -> None:
    entries = many(2, link=lambda number: "https://example.org/")
    assert guids(*entries, policy="link") == [
        ("https://example.org/ tag:example.org,2020:0", "declared"),
        ("https://example.org/ tag:example.org,2020:1", "declared"),
    ]


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

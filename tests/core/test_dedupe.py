"""Whether two entries tell one story: precision before recall."""

import pytest

from aggregator.core import dedupe
from aggregator.model.known import Article, Candidate, DuplicateLink, EntryKey, Fingerprint

KEY = EntryKey("wire", "1")


def candidate(title: str, link: str, key: EntryKey = EntryKey("paper", "a")) -> Candidate:
    marks = dedupe.fingerprints(Article(title=title, link=link))
    return Candidate(key, title, link, marks, ())


def matched(title: str, link: str, *candidates: Candidate) -> DuplicateLink | None:
    marks = dedupe.fingerprints(Article(title=title, link=link))
    return dedupe.match(KEY, title, marks, candidates)


def test_one_address_and_one_title_are_one_story() -> None:
    kept = candidate("Storm hits coast", "https://www.paper.example/storm?utm_source=rss")
    link = matched("STORM hits coast!", "http://paper.example/storm", kept)
    assert link == DuplicateLink(kept.key, KEY, "link and title", 1.0)


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("Another title", "https://paper.example/storm"),
        ("Storm hits coast", "https://paper.example/storm-2"),
        ("", "https://paper.example/storm"),
        ("Up 30 percent", "https://paper.example/storm"),
    ],
)
def test_less_than_both_is_not(title: str, link: str) -> None:
    kept = candidate("Storm hits coast", "https://paper.example/storm")
    untitled = candidate("", "https://paper.example/storm", EntryKey("paper", "b"))
    other = candidate("Up 40 percent", "https://paper.example/storm", EntryKey("paper", "c"))
    assert matched(title, link, kept, untitled, other) is None


def test_marks_of_other_kinds_link_nothing() -> None:
    title = (Fingerprint("title", "storm"),)
    kept = Candidate(EntryKey("paper", "a"), "Storm", "https://paper.example/1", title, ())
    assert dedupe.match(KEY, "Storm", title, [kept]) is None


def test_an_entry_is_no_copy_of_itself() -> None:
    assert (
        matched("Storm", "https://a.example/1", candidate("Storm", "https://a.example/1", KEY))
        is None
    )


def test_an_article_without_an_address_has_no_fingerprint() -> None:
    assert dedupe.fingerprints(Article(title="Storm")) == ()

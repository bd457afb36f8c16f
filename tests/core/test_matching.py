"""Which entries a feed's ``match`` holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.matching import Subject, matches
from aggregator.model.known import Article
from aggregator.model.parsed import Person, Term
from aggregator.model.settings import Match

ARTICLE = Article(
    title="Ｐｙｔｈｏｎ 3.14 is out",
    summary="<p>A <b>new</b>\n release, made in Köln &amp; München</p>",
    content="<p>機械学習と自然言語処理の本。用python写的</p>",
    terms=(Term("rel-notes", label="Release Notes"),),
    categories=("News",),
    authors=(Person("Ada  Example", "ada@example.org"),),
)
ENTRY = Subject("planet", frozenset({"python", "code"}), ARTICLE, "en-GB")


def test_an_empty_match_holds_everything() -> None:
    assert matches(Match(), ENTRY)


@pytest.mark.parametrize(
    "match",
    [
        Match(categories=("rust", "python")),
        Match(sources=("other", "planet")),
        Match(tags=("release-notes",)),
        Match(tags=("Release  Notes",)),
        Match(tags=("REL_NOTES",)),
        Match(tags=("news",)),
        Match(languages=("de", "en")),
        Match(languages=("EN_gb",)),
        Match(authors=("ada example",)),
        Match(authors=("ADA@example.org",)),
        Match(words=("python",)),
        Match(words=("new release",)),
        Match(words=("PYTHON", "köln")),
        Match(words=("自然言語",)),
        Match(words=("用Python",)),
        Match(words=("3.14",)),
        Match(words=("köln & münchen",)),
        Match(categories=("code",), sources=("planet",), languages=("en",), words=("out",)),
        Match(words=("out",), without=Match(words=("ruby",), sources=("other",))),
    ],
)
def test_what_a_match_holds(match: Match) -> None:
    assert matches(match, ENTRY)


@pytest.mark.parametrize(
    "match",
    [
        Match(categories=("rust",)),
        Match(sources=("other",)),
        Match(tags=("release",)),
        Match(languages=("e",)),
        Match(languages=("en-US",)),
        Match(authors=("Ada",)),
        Match(words=("pyth",)),
        Match(words=("python", "ruby")),
        Match(words=("out a",)),  # the title ends between the two
        Match(words=("release, mad",)),
        Match(words=("機械処理",)),
        Match(categories=("code",), sources=("other",)),
        Match(words=("out",), without=Match(words=("ruby", "köln"))),
        Match(without=Match(tags=("news",), sources=("other",))),
        Match(without=Match(languages=("en",))),
    ],
)
def test_what_a_match_does_not_hold(match: Match) -> None:
    assert not matches(match, ENTRY)


def test_an_entry_speaks_its_own_language_where_it_states_one() -> None:
    german = Subject("planet", frozenset(), Article("Neu", language="de-AT"), "en")
    assert matches(Match(languages=("de",)), german)
    assert not matches(Match(languages=("en",)), german)
    assert not matches(Match(languages=("en",)), Subject("a", frozenset(), Article("New")))


@settings(max_examples=200, deadline=None)
@given(before=st.text(max_size=8), word=st.text(min_size=1, max_size=8), after=st.text(max_size=8))
def test_a_word_between_spaces_is_always_found(before: str, word: str, after: str) -> None:
    if word.split():
        entry = Subject("a", frozenset(), Article(f"{before} {word} {after}"))
        assert matches(Match(words=(word,)), entry)

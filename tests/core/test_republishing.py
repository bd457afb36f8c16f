"""How much of an article leaves here."""

import pytest

from aggregator.core.html import plain_text
from aggregator.core.republishing import beginning, republished
from aggregator.model.known import Article
from aggregator.model.parsed import Enclosure
from aggregator.model.settings import Republish

ARTICLE = Article(
    title="Tea",
    link="https://a.example/1",
    summary="<p>In short</p>",
    content="<p>One two, <b>three</b> &lt;four&gt; five.</p><p>Six</p>",
    enclosures=(Enclosure("https://a.example/1.mp3"),),
    image="https://a.example/1.png",
    rights="All of them",
)


def test_a_full_article_leaves_as_it_is() -> None:
    assert republished(ARTICLE, Republish()) == ARTICLE


def test_an_excerpt_is_the_beginning_of_the_text_as_safe_html() -> None:
    shown = republished(ARTICLE, Republish("excerpt", excerpt_words=4))
    assert (shown.content, shown.summary) == ("", "<p>One two, three &lt;four&gt;…</p>")
    assert shown.enclosures == ARTICLE.enclosures


def test_an_excerpt_of_a_summary_alone_is_cut_as_well() -> None:
    only = Article("Tea", summary="<p>one two three</p>")
    assert republished(only, Republish("excerpt", 2)).summary == "<p>one two…</p>"


def test_an_entry_without_a_text_has_no_excerpt() -> None:
    assert republished(Article("Tea"), Republish("excerpt")) == Article("Tea")


def test_a_link_leaves_without_text_files_and_pictures() -> None:
    shown = republished(ARTICLE, Republish("link"))
    assert (shown.title, shown.link) == (ARTICLE.title, ARTICLE.link)
    assert (shown.content, shown.summary, shown.enclosures, shown.image) == ("", "", (), None)


def test_rights_and_attribution_are_the_operators_word() -> None:
    terms = Republish(rights="CC BY", attribution="By A & B")
    shown = republished(ARTICLE, terms)
    assert shown.rights == "CC BY"
    assert shown.content.endswith("<p>Six</p><p>By A &amp; B</p>")
    assert republished(ARTICLE, Republish("link", attribution="By A")).summary == "<p>By A</p>"


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("one two", 2, "one two"),
        ("one two three", 2, "one two…"),
        ("one - two three", 2, "one - two…"),
        ("one, two! three", 2, "one, two!…"),
        ("機械学習の本。", 4, "機械学習…"),
        ("機械学習。", 4, "機械学習。"),
        ("用python写", 2, "用python…"),
        ("", 3, ""),
    ],
)
def test_texts_are_cut_between_words(text: str, words: int, shown: str) -> None:
    assert beginning(text, words) == shown


def test_an_excerpt_is_never_longer_than_the_text() -> None:
    shown = republished(ARTICLE, Republish("excerpt", 10_000))
    assert plain_text(shown.summary) == plain_text(ARTICLE.content)

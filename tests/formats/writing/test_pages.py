"""The HTML pages: what they hold, and that nothing in them can do harm."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from made_publications import ARTICLE, FOLDER, GOLDEN, PAPER, directory, item, line, publication
from msgspec.structs import replace

from aggregator.errors import RenderError
from aggregator.formats.gate import check_html, check_text
from aggregator.formats.writing.pages import STYLE, Pages
from aggregator.model.known import Article
from aggregator.model.shown import Directory, Publication, Via

OURS = Path(__file__).parents[3] / "templates"
PAGES = Pages([OURS])


def parsed(body: bytes) -> Any:
    """Read a page by the rules of HTML, allowing no error in it."""
    check_html(body)
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body.decode())


def feed_page(made: Publication) -> Any:
    return parsed(PAGES.feed(made).whole())


def index_page(made: Directory) -> Any:
    return parsed(PAGES.index(made))


def links(page: Any, rel: str) -> list[tuple[str | None, str | None]]:
    found = page.iterfind(".//link")
    return [(link.get("type"), link.get("href")) for link in found if link.get("rel") == rel]


def words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


@pytest.mark.parametrize("name", GOLDEN)
def test_every_page_is_right_html(name: str) -> None:
    assert words(feed_page(GOLDEN[name]).find(".//h1")) == "News"


def test_a_page_can_be_discovered_in_every_format() -> None:
    assert links(feed_page(publication()), "alternate") == [
        ("application/atom+xml", "https://feeds.example/feeds/news.atom"),
        ("application/rss+xml", "https://feeds.example/feeds/news.rss"),
        ("application/feed+json", "https://feeds.example/feeds/news.json"),
    ]


def test_the_addresses_can_be_copied() -> None:
    codes = [words(code) for code in feed_page(publication()).iterfind(".//code")]
    assert codes == [f"https://feeds.example/feeds/news.{name}" for name in ("atom", "rss", "json")]


def test_an_item_has_title_date_source_and_who_else_told_it() -> None:
    made = item(1, via=(Via("The Wire", "https://wire.example/1"),))
    article = feed_page(publication(made)).find(".//article")
    assert article.find("h2/a").get("href") == "https://paper.example/1"
    assert article.find(".//time").get("datetime") == "2026-03-02T12:00:00Z"
    text = words(article)
    assert text.startswith("Story 1 2 Mar 2026 · The Paper In short")
    assert "Also published by The Wire" in text


def test_a_text_that_is_longer_than_its_beginning_can_be_read() -> None:
    article = feed_page(publication(item(1))).find(".//article")
    assert words(article.find("details/div")) == "At length"


def test_a_text_that_is_shown_whole_is_not_shown_twice() -> None:
    article = feed_page(publication(item(1, Article(title="", content="<p>Short</p>"))))
    assert article.find(".//details") is None


def test_markup_in_a_title_is_text() -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}{% raise %}"
    page = feed_page(publication(item(1, title=evil), title=evil, description=evil))
    assert page.find(".//script") is None
    assert words(page.find(".//article/h2")) == evil


def test_a_language_and_its_direction_stand_at_the_text() -> None:
    (article,) = feed_page(publication(item(1, replace(ARTICLE, language="ar")))).iterfind(
        ".//article"
    )
    assert article.get("lang") == "ar"
    assert article.find("h2").get("dir") == "auto"


def test_the_index_lists_feeds_and_sources() -> None:
    page = index_page(directory(line("news"), line("empty", entries=0), sources=(PAPER, FOLDER)))
    assert [words(heading) for heading in page.iterfind(".//h2")] == ["News", "Empty", "Sources"]
    assert [words(line) for line in page.iterfind(".//p[@class='meta']")][:2] == [
        "12 entries · newest 2 Mar 2026",
        "No entries yet",
    ]
    assert links(page, "alternate")[0] == (
        "application/atom+xml",
        "https://feeds.example/feeds/news.atom",
    )


def test_an_index_without_feeds_says_so() -> None:
    assert "There are no feeds yet" in words(index_page(directory()))


def test_pages_find_their_style_from_where_they_stand() -> None:
    assert links(index_page(directory()), "stylesheet") == [(None, STYLE)]
    assert links(feed_page(publication()), "stylesheet") == [(None, f"../../{STYLE}")]
    check_text(PAGES.style(directory()))


@pytest.mark.parametrize(
    "body", [PAGES.feed(GOLDEN["rich"]).whole(), PAGES.index(directory(line("x")))]
)
def test_the_content_security_policy_blocks_nothing_of_ours(body: bytes) -> None:
    page = parsed(body)
    assert page.find(".//script") is None
    assert page.find(".//style") is None
    assert [element.tag for element in page.iter() if element.get("style")] == []


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "templates"
    folder.mkdir()
    yield folder


def test_an_operators_template_is_laid_over_ours(own: Path) -> None:
    own.joinpath("feed.html").write_text("<title>{{ feed.title }}</title></html>")
    pages = Pages([own, OURS])
    assert pages.feed(publication()).whole() == b"<title>News</title></html>"
    assert pages.index(directory()) == PAGES.index(directory())


def test_an_operators_template_may_extend_ours(own: Path) -> None:
    own.joinpath("feed.html").write_text(
        '{% extends "base.html" %}{% block body %}<h1>Mine</h1>{% endblock %}'
    )
    assert b"<h1>Mine</h1>" in Pages([own, OURS]).feed(publication()).whole()


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (b"{% if %}", "feed.html, line 1 is broken"),
        (b"\n{% endfor %}", "feed.html, line 2 is broken"),
        (b"{{ feed.titel }}", "titel"),
        (b"{{ 1 // 0 }}", "feed.html fails"),
        (b"{{ feed.title() }}", "feed.html fails"),
        (b'{% include "nothing.html" %}', "there is no template nothing.html"),
        (b"\xff", "feed.html fails"),
        (b'{% extends "feed.html" %}', "feed.html fails"),
    ],
)
def test_a_broken_template_is_one_line_of_error(own: Path, template: bytes, says: str) -> None:
    own.joinpath("feed.html").write_bytes(template)
    with pytest.raises(RenderError) as caught:
        Pages([own, OURS]).feed(publication()).whole()
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "entry",
    [
        '{% include "mine.html" %}',
        '{% include ["none.html", "mine.html"] ignore missing %}',
        '{% include "mine" ~ ".html" %}',
        '{% include "between.html" %}',
    ],
)
def test_entries_are_written_anew_where_what_their_template_includes_is_another(
    own: Path, entry: str
) -> None:
    own.joinpath("entry.html").write_text(entry)
    own.joinpath("between.html").write_text('{% import "mine.html" as mine %}')
    own.joinpath("mine.html").write_text("one")
    own.joinpath("no-text.png").write_bytes(b"\x89PNG")
    before = Pages([own, OURS]).label()
    assert Pages([own, OURS]).label() == before
    own.joinpath("mine.html").write_text("two")
    assert Pages([own, OURS]).label() != before


def test_an_index_of_kept_lines_is_the_one_that_is_written_whole() -> None:
    pages = Pages([OURS])
    pages.index(directory(line("a"), line("b"), sources=(PAPER,)))
    for now in (
        directory(line("c"), line("a"), sources=(PAPER,)),
        directory(line("a", entries=99), line("b"), sources=(PAPER, FOLDER)),
        replace(directory(line("a"), line("b"), sources=(PAPER,)), language="fr"),
    ):
        assert pages.index(now) == Pages([OURS]).index(now)


@pytest.mark.parametrize("name", ["line.html", "sources.html"])
def test_a_list_is_written_anew_where_its_template_is_another(own: Path, name: str) -> None:
    site = directory(line("a"), sources=(PAPER,))
    own.joinpath(name).write_text("<p>First")
    pages = Pages([own, OURS])
    assert b"<p>First" in pages.index(site)
    own.joinpath(name).write_text("<p>Second")
    os.utime(own / name, (0, 0))
    assert b"<p>Second" in pages.index(site)


def test_an_operators_index_may_list_feeds_and_sources_itself(own: Path) -> None:
    own.joinpath("index.html").write_text(
        "{% for one in site.feeds %}{{ one.slug }} {% endfor %}"
        "{% for one in site.sources %}{{ one.title }}{% endfor %}"
    )
    site = directory(line("a"), line("b"), sources=(PAPER,))
    assert Pages([own, OURS]).index(site) == f"a b {PAPER.title}".encode()


def test_a_missing_template_is_one_line_of_error(own: Path) -> None:
    pages = Pages([own])
    for write in (pages.index, pages.style):
        with pytest.raises(RenderError, match="there is no template"):
            write(directory())

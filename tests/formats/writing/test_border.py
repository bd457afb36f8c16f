"""What leaves and what does not: addresses, people, texts, dates."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from made_publications import ARTICLE, NOON, PAPER, item, publication
from msgspec.structs import replace

from aggregator.formats.writing.border import cleared, headline, terms
from aggregator.formats.writing.dates import rfc822, rfc3339
from aggregator.formats.writing.links import http_url, language, media_type
from aggregator.formats.writing.text import clean, excerpt, one_line, plain
from aggregator.model.known import Article
from aggregator.model.parsed import Enclosure, Link, Person, Term
from aggregator.model.shown import Item, Via


def left(article: Article, **changes: object) -> Item:
    (shown,) = cleared(publication(item(1, article, **changes))).items
    return shown


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTP://A.example", "HTTP://A.example"),
        ("  https://a.example/\n", "https://a.example/"),
        ("https://a.example/a b|c", "https://a.example/a%20b%7Cc"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("https://ä.example/", "https://xn--4ca.example/"),
        ("https://a.example/x#y#z", "https://a.example/x#y%23z"),
        ("https://a.example/x[1]", "https://a.example/x%5B1%5D"),
        ("https://me:secret@a.example/", "https://a.example/"),
        ("https://a.example/\udc00x", "https://a.example/x"),
        ("https://a.example/%zz?%", "https://a.example/%25zz?%25"),
    ],
)
def test_an_address_is_written_in_the_letters_of_a_uri(stated: str, written: str) -> None:
    assert http_url(stated) == written
    assert http_url(written) == written, "and stays so"


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "/relative",
        "//a.example/",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "https://",
        "https:///path",
        "https://[::1",
        "https://[2001:db8::1]:8080/x",
        "https://a b/",
        "https://a.example:port/",
        "ftp://a.example/",
    ],
)
def test_what_is_no_http_address_is_no_link(stated: str | None) -> None:
    assert http_url(stated) is None


@pytest.mark.parametrize(
    ("stated", "url", "known"),
    [
        ("audio/mpeg", "https://a.example/x", "audio/mpeg"),
        ("Audio/MPEG; codecs=mp3", "https://a.example/x", "audio/mpeg"),
        (None, "https://a.example/x.MP3?y=z", "audio/mpeg"),
        ("application/octet-stream", "https://a.example/x.pdf", "application/pdf"),
        ("mp3", "https://a.example/x.mp3", "audio/mpeg"),
        (None, "https://a.example/x.unheard-of", None),
        ("a/b\nc", "https://a.example/x", None),
    ],
)
def test_a_media_type_is_stated_or_told_by_the_ending(
    stated: str | None, url: str, known: str | None
) -> None:
    assert media_type(stated, url) == known


def test_a_language_is_a_tag_or_none() -> None:
    assert [language(tag) for tag in ("en", "zh_CN", "pt-BR", "english please", "", None)] == [
        "en",
        "zh-CN",
        "pt-BR",
        None,
        None,
        None,
    ]


def test_dates_are_utc_in_whole_seconds() -> None:
    moment = datetime(2026, 1, 5, 1, 2, 3, 999, timezone(timedelta(hours=8)))
    assert rfc3339(moment) == "2026-01-04T17:02:03Z"
    assert rfc822(moment) == "Sun, 04 Jan 2026 17:02:03 GMT"


def test_years_have_four_digits() -> None:
    moment = datetime(33, 4, 3, tzinfo=UTC)
    assert (rfc3339(moment), rfc822(moment)[8:16]) == ("0033-04-03T00:00:00Z", "Apr 0033")


def test_characters_that_cannot_be_written_leave() -> None:
    assert clean("a\0b\x0bc\x85d\ud800e\ufffff\U0001f600\t\r\n") == "abcdef\U0001f600\t\r\n"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("\u202eevil\u2066", "evil"),
        ("a \u202bאב\u202c b", "a \u202bאב\u202c b"),
        ("a\u2069 \u2068אב\u2069 b", "a\u2069 \u2068אב\u2069 b"),
        ("\u202cb\u202e", "b"),
        ("\u200fאב", "\u200fאב"),
    ],
)
def test_no_title_turns_what_stands_behind_it(title: str, shown: str) -> None:
    assert one_line(title) == shown


def test_a_title_is_one_line() -> None:
    assert one_line(" a\n\tb\xa0 c ") == "a b c"


def test_html_is_told_as_text() -> None:
    html = '<p title="a>b">Tom &amp; <b>Jer</b>ry</p><p>two</p><!-- no --><br>3 &lt; 4'
    assert plain(html) == "Tom & Jerry two 3 < 4"


def test_an_excerpt_ends_between_words() -> None:
    assert excerpt("<p>one two three, four</p>", 16) == "one two three…"
    assert excerpt("<p>one two three… four</p>", 16) == "one two three…"
    assert excerpt("<p>one</p>", 16) == "one"


def test_an_excerpt_of_a_script_without_spaces_ends_where_it_must() -> None:
    assert excerpt("<p>南昌市文化广电旅游局</p>", 4) == "南昌市文…"


def test_an_excerpt_of_mere_markup_is_short() -> None:
    assert len(excerpt('<a href="https://a.example/">x</a>' * 10_000, 80)) <= 81


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        (Person("Ann", "ann@e.example"), Person("Ann", "ann@e.example")),
        (Person("ann@e.example"), Person("ann")),
        (Person("ann@e.example", "ann@e.example"), Person("ann")),
        (Person(None, "ann@e.example"), Person("ann")),
        (Person(None, None, "https://e.example/"), Person("https://e.example/")),
        (Person("Ann", "at home"), Person("Ann")),
        (Person("Ann", url="javascript:x"), Person("Ann")),
    ],
)
def test_a_bare_mail_address_is_not_published(person: Person, shown: Person) -> None:
    (author,) = left(replace(ARTICLE, authors=(person,))).article.authors
    assert author.name == shown.name
    assert author.email == shown.email


def test_nobody_is_no_author() -> None:
    assert left(replace(ARTICLE, authors=(Person(" ", "", "x:y"),))).article.authors == ()


def test_links_that_speak_of_the_sources_copy_stay_there() -> None:
    links = tuple(Link("https://a.example/", rel) for rel in ("self", "next", "hub", "related"))
    assert [link.rel for link in left(replace(ARTICLE, links=links)).article.links] == ["related"]


def test_nothing_is_linked_twice() -> None:
    twice = "https://a.example/"
    links = (Link(twice, "via"), Link(twice, "replies"), Link(twice, "related")) * 2
    files = (Enclosure(twice), Enclosure(twice))
    article = replace(ARTICLE, links=links, comments=twice, enclosures=files)
    shown = left(article, via=(Via("A", twice), Via("B", twice)))
    assert [link.rel for link in shown.article.links] == ["related"]
    assert len(shown.article.enclosures) == len(shown.via) == 1


def test_a_summary_that_is_the_content_is_none() -> None:
    assert left(replace(ARTICLE, summary="x", content="x")).article.summary == ""


def test_terms_bring_the_publishers_schemes() -> None:
    article = replace(ARTICLE, terms=(Term("py", "https://a.example/tags", "Python"),))
    shown = left(article, terms=("News", "Python"))
    assert terms(shown) == (Term("News"), Term("py", "https://a.example/tags", "Python"))


def test_an_item_without_a_title_is_called_by_its_beginning_else_its_address() -> None:
    begins = item(1, Article(title="", content="<p>It begins</p>"), title="")
    assert headline(begins) == "It begins"
    assert headline(replace(begins, article=Article(title=""))) == "https://paper.example/1"
    assert headline(replace(begins, article=Article(title=""), link=None)) == "The Paper"


def test_numbers_that_are_none_are_left_out() -> None:
    file = Enclosure("https://a.example/x", length_bytes=-1, duration_s=0)
    (shown,) = left(replace(ARTICLE, enclosures=(file,))).article.enclosures
    assert (shown.length_bytes, shown.duration_s) == (None, None)


def test_what_was_cleared_is_clear() -> None:
    made = publication(item(1, source=replace(PAPER, title=" a\0 b ")), updated=NOON)
    assert cleared(cleared(made)) == cleared(made)

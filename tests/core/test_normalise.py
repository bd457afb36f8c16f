"""From what a feed said to what may be kept and shown."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from aggregator.core.normalise import normalise, normalise_info
from aggregator.model.known import Article
from aggregator.model.parsed import (
    Enclosure,
    FeedInfo,
    Link,
    Origin,
    ParsedEntry,
    Person,
    Term,
    Text,
)

BASE = "https://feeds.example/site.xml"
FEED = FeedInfo(link="https://site.example/", authors=(Person(name="The Editors"),))


def article(
    *, feed: FeedInfo = FEED, base: str = BASE, strip: bool = True, **said: object
) -> Article:
    return normalise(replace(ParsedEntry(), **said), feed=feed, base=base, strip=strip)


def html(value: str, base: str = "") -> Text:
    return Text(value, is_html=True, base=base)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (Text("  One\n line  "), "One line"),
        (Text("1 < 2 & 3"), "1 < 2 & 3"),
        (Text("Use <b> sparingly"), "Use <b> sparingly"),
        (Text("AT&amp;T &#8211; news"), "AT&T – news"),
        (Text("a &lt; b"), "a < b"),
        (Text("R&D; Q&A;x"), "R&D; Q&A;x"),
        (html("<b>Bold</b> &amp; <i>more</i>"), "Bold & more"),
        (html("AT&amp;amp;T"), "AT&T"),
        (html("a &lt; b"), "a < b"),
        (html("<script>x()</script>"), ""),
        (Text("a\x00b\ud800c\ufffe"), "abc"),
    ],
)
def test_a_title_is_text(title: Text, shown: str) -> None:
    assert article(title=title).title == shown


def test_a_title_that_is_a_whole_article_is_cut_at_a_word() -> None:
    title = article(title=Text("word " * 50_000)).title
    assert len(title) <= 500
    assert title.endswith("word…")
    assert len(article(title=Text("x" * 50_000)).title) == 500


def test_plain_text_becomes_html_that_keeps_its_paragraphs() -> None:
    said = Text("One <b>\nline\n\ntwo & three")
    assert article(content=said).content == "<p>One &lt;b&gt;<br>line</p><p>two &amp; three</p>"


def test_html_is_safe_and_its_links_hang_on_the_texts_own_base() -> None:
    said = "<p onclick=x()><a href=y>a</a></p><script>z()</script>"
    for base, expected in {
        "https://other.example/a/": "https://other.example/a/y",
        "": "https://site.example/y",
        "sub/": "https://site.example/sub/y",
    }.items():
        assert article(content=html(said, base)).content == f'<p><a href="{expected}">a</a></p>'
    assert article(content=html(said), feed=FeedInfo()).content == (
        '<p><a href="https://feeds.example/y">a</a></p>'
    )
    assert article(content=html(said), feed=FeedInfo(), base="").content == "<p><a>a</a></p>"


def test_what_nobody_would_see_is_no_content() -> None:
    assert article(content=html("<p> </p><!-- x -->&nbsp;"), summary=Text(" ")) == article()
    assert article(content=html("<p><img src=/a.png></p>")).content


def test_a_summary_that_says_what_the_content_says_is_left_out() -> None:
    whole = html("<p>The whole story.</p>")
    assert article(content=whole, summary=whole).summary == ""
    assert article(content=whole, summary=Text("The whole\nstory.")).summary == ""
    assert article(content=whole, summary=Text("The story.")).summary == "<p>The story.</p>"
    assert article(summary=whole).summary == "<p>The whole story.</p>"


def test_trackers_go_where_the_settings_say_so() -> None:
    said = html(
        '<a href="https://x.example/?id=1&amp;utm_source=rss">x</a>'
        '<img src="https://stats.example/p.gif" width="1" height="1">'
    )
    stripped = article(link="/a?utm_medium=rss&ref=site.example", content=said)
    assert stripped.link == "https://site.example/a"
    assert stripped.content == '<a href="https://x.example/?id=1">x</a>'
    kept = article(link="/a?utm_medium=rss", content=said, strip=False)
    assert kept.link == "https://site.example/a?utm_medium=rss"
    assert "utm_source=rss" in kept.content
    assert "p.gif" in kept.content


@pytest.mark.parametrize("link", ["javascript:x()", "", None, "data:,x", "http://[", "mailto:a@b"])
def test_what_is_no_web_address_is_no_link(link: str | None) -> None:
    found = article(link=link, comments=link, image=link, links=(Link(link or "", "via"),))
    assert (found.link, found.comments, found.image, found.links) == (None, None, None, ())


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (Person(name="Ada L."), "Ada L."),
        (Person(name="<Ada>", email="ada@x.example"), "<Ada>"),
        (Person(name="ada@x.example (Ada L.)"), "Ada L."),
        (Person(name="Ada L. <ada@x.example>"), "Ada L."),
        (Person(name="mailto:ada@x.example", email="ada@x.example"), "ada"),
        (Person(email="ada.l@x.example"), "ada.l"),
        (Person(name="Ada @ home"), "Ada @ home"),
        (Person(name="Ada L. (@ada)"), "Ada L. (@ada)"),
        (Person(name="Ada <a@x.example>, Bob <b@x.example>"), "Ada, Bob"),
        (Person(name="AT&amp;T"), "AT&T"),
    ],
)
def test_an_author_has_a_name_and_no_mail(said: Person, name: str) -> None:
    assert article(authors=(said,)).authors == (Person(name=name),)


def test_authors_are_named_once_with_their_pages() -> None:
    said = (Person("Ada", url="/ada"), Person("Ada", url="/ada"), Person(url="javascript:x"))
    assert article(authors=said).authors == (Person("Ada", url="https://site.example/ada"),)


def test_an_entry_without_authors_has_its_feeds_unless_it_came_from_another() -> None:
    assert article().authors == (Person(name="The Editors"),)
    assert article(authors=(Person(name=" "),)).authors == (Person(name="The Editors"),)
    elsewhere = Origin(title="Elsewhere", link="https://else.example/")
    assert article(origin=elsewhere).authors == ()


def test_files_keep_their_addresses_and_lose_what_is_absurd() -> None:
    found = article(
        enclosures=(
            Enclosure("/a.mp3?utm_source=x", "Audio/MPEG; codecs=x", 10**30, " T ", 10**9),
            Enclosure("/a.mp3?utm_source=x", "audio/mpeg", 5),
            Enclosure("https://x.example/b c.mp3", "no type", -1, None, -1),
            Enclosure("javascript:x()"),
        )
    )
    assert found.enclosures == (
        Enclosure("https://site.example/a.mp3?utm_source=x", "audio/mpeg", None, "T", None),
        Enclosure("https://x.example/b%20c.mp3"),
    )


def test_links_and_categories_are_clean_and_stand_once() -> None:
    found = article(
        links=(
            Link("/a", "VIA"),
            Link("/a", "via"),
            Link("/b", "no rel"),
            Link("//c.example", "x"),
        ),
        terms=(Term(" News "), Term("news"), Term("", label="A&amp;B"), Term("x", "bad scheme")),
        categories=(" News ", "News", "\x00"),
    )
    assert found.links == (
        Link("https://site.example/a", "via"),
        Link("https://c.example", "x"),
    )
    assert found.terms == (Term("News"), Term("A&B", label="A&B"), Term("x"))
    assert found.categories == ("News",)


def test_lists_are_bounded() -> None:
    many = range(5_000)
    found = article(
        terms=tuple(Term(f"t{number}") for number in many),
        authors=tuple(Person(f"p{number}") for number in many),
        enclosures=tuple(Enclosure(f"/{number}") for number in many),
        links=tuple(Link(f"/{number}", "via") for number in many),
        categories=tuple(map(str, many)),
    )
    lists = (found.terms, found.authors, found.enclosures, found.links, found.categories)
    assert all(0 < len(one) <= 100 for one in lists)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        (" en_US ", "en-US"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("de-CH-1996", "de-CH-1996"),
        ("x" * 99, None),
        ("english please", None),
        ("e", None),
        ("-en", None),
        ("", None),
    ],
)
def test_a_language_is_a_tag_or_nothing(tag: str, language: str | None) -> None:
    assert article(language=tag).language == language


def test_numbers_and_dates() -> None:
    moment = datetime(2025, 3, 4, tzinfo=UTC)
    found = article(published=moment, duration_s=90, explicit=False, season=1, episode=0)
    assert (found.published, found.duration_s, found.explicit) == (moment, 90, False)
    assert (found.season, found.episode) == (1, 0)
    absurd = article(duration_s=-5, season=-1, episode=10**12)
    assert (absurd.duration_s, absurd.season, absurd.episode) == (None, None, None)


def test_what_a_feed_says_of_itself_is_as_clean() -> None:
    info = FeedInfo(
        title="A&amp;B\x00",
        subtitle=" two\nlines ",
        link="/home",
        feed_url="javascript:x()",
        id=" tag:a&amp;b ",
        language="en_GB",
        rights="© x\ud800",
        authors=(Person(name="ada@x.example (Ada)"),),
        image="i.png",
        hubs=("https://hub.example/", "ftp://hub.example/"),
    )
    assert normalise_info(info, BASE) == FeedInfo(
        title="A&B",
        subtitle="two lines",
        link="https://feeds.example/home",
        id="tag:a&amp;b",
        language="en-GB",
        rights="© x",
        authors=(Person(name="Ada"),),
        image="https://feeds.example/i.png",
        hubs=("https://hub.example/",),
    )


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
any_text = st.one_of(
    st.text(max_size=40),
    st.text(st.sampled_from("\x00\x0b\ud800\ufffe&#;x1<p>@ ()/:a.\n"), max_size=30),
)
maybe = st.none() | any_text
texts = st.builds(Text, any_text, st.booleans(), any_text)
persons = st.builds(Person, maybe, maybe, maybe)
entries = st.builds(
    ParsedEntry,
    guid=maybe,
    link=maybe,
    title=texts,
    summary=st.none() | texts,
    content=st.none() | texts,
    authors=st.lists(persons, max_size=2).map(tuple),
    terms=st.lists(st.builds(Term, any_text, maybe, maybe), max_size=2).map(tuple),
    categories=st.lists(any_text, max_size=2).map(tuple),
    enclosures=st.lists(st.builds(Enclosure, any_text, maybe), max_size=2).map(tuple),
    links=st.lists(st.builds(Link, any_text, any_text, maybe, maybe), max_size=2).map(tuple),
    comments=maybe,
    rights=maybe,
    language=maybe,
    origin=st.none() | st.builds(Origin, maybe, maybe, maybe, maybe, maybe),
    image=maybe,
)


@given(entries, st.builds(FeedInfo, maybe, maybe, maybe, maybe, maybe), any_text, st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_a_feed_says_no_character_is_left_that_xml_forbids(
    entry: ParsedEntry, feed: FeedInfo, base: str, strip: bool
) -> None:
    found = normalise(entry, feed=feed, base=base, strip=strip)
    assert not any(FORBIDDEN.search(text) for text in _strings(found))
    assert not any(FORBIDDEN.search(text) for text in _strings(normalise_info(feed, base)))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for one in value for text in _strings(one)]
    fields = getattr(value, "__dataclass_fields__", {})
    return [text for name in fields for text in _strings(getattr(value, name))]

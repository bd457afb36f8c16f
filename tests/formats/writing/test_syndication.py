"""Atom and RSS as strict readers see them: what feedgen alone would lose or bend."""

from io import BytesIO
from typing import Any

import feedparser
import pytest
from lxml import etree
from made_publications import (
    ARTICLE,
    FOLDER,
    GOLDEN,
    HOUR,
    NOON,
    PAPER,
    item,
    publication,
    render_atom,
    render_rss,
)
from msgspec.structs import replace

from aggregator.model.known import Article
from aggregator.model.parsed import Enclosure, Person
from aggregator.model.shown import Publication, Via

BOTH = pytest.mark.parametrize("render", [render_atom, render_rss])
FILES = (
    Enclosure("https://cdn.example/a.mp3", "audio/mpeg", 10),
    Enclosure("https://cdn.example/b"),
)


def read(body: bytes) -> Any:
    found = feedparser.parse(BytesIO(body))
    assert not found.bozo
    return found


def first(render: Any, made: Publication) -> Any:
    return read(render(made)).entries[0]


@BOTH
def test_entries_stand_in_the_order_given(render: Any) -> None:
    entries = read(render(publication(item(3), item(1), item(2)))).entries
    assert [entry.title for entry in entries] == ["Story 3", "Story 1", "Story 2"]


@BOTH
def test_no_date_is_now(render: Any) -> None:
    found = read(render(publication(item(1, published=NOON - HOUR))))
    assert found.feed.updated_parsed[:5] == (2026, 3, 2, 12, 0)
    assert found.entries[0].published_parsed[:5] == (2026, 3, 2, 11, 0)
    assert found.entries[0].updated_parsed[:5] == (2026, 3, 2, 12, 0)


@BOTH
def test_an_empty_feed_is_dated_by_what_it_is_given(render: Any) -> None:
    assert read(render(publication())).feed.updated_parsed[:3] == (1970, 1, 1)


@BOTH
def test_an_enclosure_is_not_the_link(render: Any) -> None:
    entry = first(render, publication(item(1, replace(ARTICLE, enclosures=FILES))))
    assert entry.link == "https://paper.example/1"
    assert entry.enclosures[0]["href"] == "https://cdn.example/a.mp3"
    assert entry.enclosures[0]["type"] == "audio/mpeg"
    assert entry.enclosures[0]["length"] == "10"


def test_atom_has_every_enclosure() -> None:
    entry = first(render_atom, publication(item(1, replace(ARTICLE, enclosures=FILES))))
    assert [file["href"] for file in entry.enclosures] == [file.url for file in FILES]


def test_rss_has_one_enclosure_and_the_others_as_media() -> None:
    entry = first(render_rss, publication(item(1, replace(ARTICLE, enclosures=FILES))))
    assert [file["href"] for file in entry.enclosures] == [FILES[0].url]
    assert [file["url"] for file in entry.media_content] == [FILES[1].url]


def test_an_rss_enclosure_of_unknown_type_and_length_says_so() -> None:
    entry = first(render_rss, publication(item(1, replace(ARTICLE, enclosures=FILES[1:]))))
    assert entry.enclosures[0]["type"] == "application/octet-stream"
    assert entry.enclosures[0]["length"] == "0"


@BOTH
def test_authors_without_a_mail_address_are_named(render: Any) -> None:
    people = (Person("Ann"), Person("Bob", "bob@paper.example"))
    entry = first(render, publication(item(1, replace(ARTICLE, authors=people))))
    assert [author["name"] for author in entry.authors] == ["Ann", "Bob"]


def test_rss_names_the_one_author_with_a_mail_address_in_its_own_element() -> None:
    people = (Person("Ann", "ann@paper.example"),)
    body = render_rss(publication(item(1, replace(ARTICLE, authors=people))))
    assert b"<author>ann@paper.example (Ann)</author>" in body


def test_atom_source_says_all_of_where_it_is_from() -> None:
    source = first(render_atom, publication(item(1))).source
    assert (source.id, source.title, source.rights) == (PAPER.id, PAPER.title, PAPER.rights)
    assert source.updated == "2026-03-02T12:00:00Z"
    assert {link["rel"]: link["href"] for link in source.links} == {
        "alternate": PAPER.link,
        "self": PAPER.feed_url,
    }


def test_a_source_without_an_author_is_the_author_of_entries_that_name_none() -> None:
    body = render_atom(publication(item(1, source=replace(PAPER, authors=()))))
    name = "{http://www.w3.org/2005/Atom}"
    path = f"{name}entry/{name}source/{name}author/{name}name"
    assert etree.fromstring(body).findtext(path) == "The Paper"


def test_rss_source_has_the_address_of_its_feed() -> None:
    source = first(render_rss, publication(item(1))).source
    assert (source.href, source.title) == (PAPER.feed_url, PAPER.title)


def test_a_source_without_an_address_is_named_in_rss_too() -> None:
    body = render_rss(publication(item(1, source=FOLDER)))
    assert b"<dc:source>Posts</dc:source>" in body
    assert b"<source" not in body


def test_other_publishers_of_a_story_are_linked() -> None:
    made = publication(item(1, via=(Via("The Wire", "https://wire.example/1"),)))
    for render in (render_atom, render_rss):
        (via,) = [link for link in first(render, made).links if link["rel"] == "via"]
        assert (via["href"], via["title"]) == ("https://wire.example/1", "The Wire")


@BOTH
def test_a_feed_links_itself_its_hub_its_other_formats_and_its_page(render: Any) -> None:
    feed = read(render(publication(hubs=("https://hub.example/",)))).feed
    own, others = ("atom", ["rss", "json"]) if render is render_atom else ("rss", ["atom", "json"])
    rels: dict[str, list[str]] = {}
    for link in feed.links:
        rels.setdefault(link["rel"], []).append(link["href"])
    assert feed.link == "https://feeds.example/feeds/news/"
    assert rels["self"] == [f"https://feeds.example/feeds/news.{own}"]
    assert rels["hub"] == ["https://hub.example/"]
    assert {f"https://feeds.example/feeds/news.{name}" for name in others} < set(rels["alternate"])


@BOTH
def test_summary_and_content_are_told_apart(render: Any) -> None:
    entry = first(render, publication(item(1)))
    assert (entry.summary, entry.content[0].value) == ("<p>In short</p>", "<p>At length</p>")


@BOTH
def test_categories_have_term_scheme_and_label(render: Any) -> None:
    tag = first(render, GOLDEN["rich"]).tags[1]
    label = tag["label"] if render is render_atom else tag["term"]
    assert (label, tag["scheme"]) == ("Python", "https://paper.example/tags")


@BOTH
def test_a_podcast_keeps_picture_length_and_number(render: Any) -> None:
    entry = first(render, GOLDEN["rich"])
    assert entry.media_thumbnail[0]["url"] == "https://cdn.example/1.jpg"
    assert entry.itunes_duration == "3600"
    assert entry.itunes_episode == "7"
    assert entry.image["href"] == "https://cdn.example/1.jpg"


def test_only_a_guid_that_is_the_link_is_a_permalink() -> None:
    body = render_rss(publication(item(2), item(1, id="urn:uuid:1")))
    assert b'<guid isPermaLink="true">https://paper.example/2</guid>' in body
    assert b'<guid isPermaLink="false">urn:uuid:1</guid>' in body


@BOTH
def test_an_entry_in_another_language_says_so(render: Any) -> None:
    items = (item(2, replace(ARTICLE, language="de")), item(1, replace(ARTICLE, language="en")))
    body = render(publication(*items))
    marks = body.count(b'<entry xml:lang="de">') + body.count(b"<dc:language>de</dc:language>")
    assert marks == 1
    assert body.count(b"de</dc:language>") + body.count(b'xml:lang="en"') <= 1


@BOTH
def test_every_item_can_be_shown_though_it_has_nothing(render: Any) -> None:
    nothing = item(1, Article(title=""), title="", link=None, id="urn:uuid:1")
    assert first(render, publication(nothing)).summary == "<p>The Paper</p>"


@BOTH
def test_a_title_of_markup_is_text(render: Any) -> None:
    title = "<script>alert(1)</script> & ]]> &amp;"
    body = render(publication(item(1, title=title)))
    place = "{*}entry/{*}title" if render is render_atom else "channel/item/title"
    assert etree.fromstring(body).findtext(place) == title


@BOTH
def test_plain_texts_have_the_references_that_the_rss_profile_asks_for(render: Any) -> None:
    told = item(
        1, title="S&P500: Vec<T>", terms=("R&D",), via=(Via("S&P", "https://w.example/?a&b"),)
    )
    made = publication(told, title="Q&A", description="a < b")
    body = render(made)
    assert b"<title>S&#x26;P500: Vec&#x3C;T&gt;</title>" in body
    assert b"R&#x26;D" in body
    assert b'href="https://w.example/?a&amp;b" title="S&#x26;P"/>' in body
    assert b"<title>Q&#x26;A</title>" in body
    assert b">a &#x3C; b</" in body
    assert first(render, made).title == "S&P500: Vec<T>"


def test_an_atom_entry_of_which_only_the_title_is_known_is_summed_up_by_it() -> None:
    body = render_atom(publication(item(1, Article(title=""), title="Q&A")))
    assert b'<summary type="html">Q&amp;amp;A</summary>' in body


def test_a_cover_on_a_host_that_no_podcast_directory_takes_is_a_thumbnail_alone() -> None:
    files = (Enclosure("https://cdn.example/a.mp3", "audio/mpeg", 10),)
    for host, covers in (("cdn.example", 1), ("localhost", 0), ("a_b.example", 0)):
        image = f"https://{host}/a.jpg"
        article = replace(ARTICLE, enclosures=files, image=image, season=1)
        body = render_rss(publication(item(1, article)))
        assert body.count(b"<itunes:image") == covers
        assert body.count(b"<media:thumbnail") == 1

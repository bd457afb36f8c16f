"""Lists of feeds from elsewhere: what is taken over, and what is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.formats.reading.opml import (
    Refused,
    Subscription,
    SubscriptionList,
    read_subscriptions,
)
from aggregator.formats.writing.subscriptions import render_subscriptions
from aggregator.model.settings import Source

FEED = "https://a.example/feed"


def read(body: str) -> SubscriptionList:
    opml = f'<?xml version="1.0"?>\n<opml version="2.0"><body>{body}</body></opml>'
    return read_subscriptions(opml.encode())


def test_a_feed_has_its_address_title_and_folders() -> None:
    found = read(
        f'<outline text="Tech"><outline title="Python"><outline text=" A\nfeed " xmlUrl="{FEED}"/>'
        "</outline></outline>"
    )
    assert found.feeds == (Subscription(FEED, "A feed", (("Tech", "Python"),)),)


@pytest.mark.parametrize(
    "outline",
    [
        f'<outline type="rss" xmlUrl="{FEED}" title="T"/>',
        f'<outline type="link" xmlurl="{FEED}" text="T" title="other"/>',
        f'<OUTLINE TEXT="T" XMLURL=" {FEED} "/>',
        f'<outline type="RSS" text="T" url="{FEED}"/>',
        f'<outline text="" title="T" xmlUrl="{FEED}#top"/>',
        '<outline text="T" xmlUrl="feed:https://a.example/feed"/>',
    ],
)
def test_programs_differ_in_how_they_write_it(outline: str) -> None:
    assert read(outline).feeds == (Subscription(FEED, "T"),)


@pytest.mark.parametrize(
    ("stated", "categories"),
    [
        ("news", (("news",),)),
        ("/news", (("news",),)),
        ("/Boston/Weather, sport ,,", (("Boston", "Weather"), ("sport",))),
        ("a,/a,a", (("a",),)),
        (" , / ,", ()),
    ],
)
def test_the_category_attribute_holds_paths(
    stated: str, categories: tuple[tuple[str, ...], ...]
) -> None:
    (feed,) = read(f'<outline text="T" xmlUrl="{FEED}" category="{stated}"/>').feeds
    assert feed.categories == categories


def test_a_feed_that_is_listed_twice_has_the_categories_of_both() -> None:
    found = read(
        f'<outline text="One"><outline xmlUrl="{FEED}"/></outline>'
        '<outline text="Two"><outline text="T" xmlUrl="http://www.a.example/feed/"/></outline>'
    )
    assert found.feeds == (Subscription(FEED, "T", (("One",), ("Two",))),)


def test_what_cannot_be_subscribed_to_is_told_with_its_line() -> None:
    found = read(
        '\n<outline text="x" xmlUrl="ftp://a.example/feed"/>'
        '\n<outline text="x" htmlUrl="https://a.example/"/>'
        '\n<outline text="x" type="include" url="https://a.example/more.opml"/>'
        '\n<outline text="an empty folder"/>'
    )
    assert [(one.line, one.what) for one in found.refused] == [
        (3, "ftp://a.example/feed"),
        (4, "https://a.example/"),
        (5, "https://a.example/more.opml"),
    ]
    assert [one.reason.partition(";")[0] for one in found.refused] == [
        "no http(s) address",
        "a page without the address of its feed",
        "another list or page, not a feed",
    ]


@pytest.mark.parametrize(
    "body",
    [
        f'<opml><body><outline text="T" xmlUrl="{FEED}"/></body>',
        f'<opml><body><outline text="T" xmlUrl="{FEED}"/></wrong></opml>',
        f'<?php warn ?>\n<?xml version="1.0"?><opml><outline text="T" xmlUrl="{FEED}"/></opml>',
        f'<!DOCTYPE opml><opml><body><outline text="T" xmlUrl="{FEED}"/></body></opml>',
        f'<o:opml xmlns:o="urn:x"><o:outline text="T" xmlUrl="{FEED}"/></o:opml>',
        f'<opml><outline text="T" x:y="1" xmlUrl="{FEED}"/></opml>',
    ],
)
def test_what_is_not_well_formed_is_read_all_the_same(body: str) -> None:
    assert read_subscriptions(body.encode()).feeds == (Subscription(FEED, "T"),)


def test_bare_ampersands_and_entities_of_html_are_kept() -> None:
    (feed,) = read(
        '<outline text="Caf&eacute; & Co &lt;x>" xmlUrl="https://a.example/?a=1&b=2"/>'
    ).feeds
    assert feed == Subscription("https://a.example/?a=1&b=2", "Café & Co <x>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings_are_those_of_feeds(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    text = f'{head}<opml><outline text="é" xmlUrl="{FEED}"/></opml>'
    assert read_subscriptions(text.encode(encoding)).feeds[0].title == "é"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<!DOCTYPE opml [<!ENTITY a "x">]><opml/>', "declares entities"),
        ("<rss><channel/></rss>", "a feed, not a list"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "a feed, not a list"),
        ("<!doctype html><p>x", "an HTML page"),
        ("<html><body/></html>", "an HTML page"),
        ("<svg/>", "XML of another kind"),
        ("", "an empty file"),
        ("# nothing\n", "an empty file"),
        ('{"a": 1}', "neither OPML nor a list"),
        ("hello\nhttps://a.example/", "neither OPML nor a list"),
    ],
)
def test_what_is_no_list_is_named(body: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_subscriptions(body.encode())


def test_a_plain_list_has_tags_and_titles() -> None:
    body = f'# mine\n{FEED} news "two words" "~My title" !hidden\n\nquery:x:y\nhttp://b.example/\n'
    assert read_subscriptions(body.encode()) == SubscriptionList(
        "",
        (
            Subscription(FEED, "My title", (("news",), ("two words",))),
            Subscription("http://b.example/"),
        ),
        (Refused(4, "query:x:y", "no http(s) address"),),
    )


def test_a_list_is_bounded() -> None:
    many = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(20_001))
    with pytest.raises(ParseError, match="more than 20,000 feeds"):
        read(many)
    with pytest.raises(ParseError, match="larger than 10 MiB"):
        read_subscriptions(b"<opml>" + b" " * 10 * 1024 * 1024)
    deep = '<outline text="d">' * 200 + f'<outline xmlUrl="{FEED}"/>' + "</outline>" * 200
    assert len(read(deep).feeds[0].categories[0]) == 20
    read('<outline text="d">' * 100_000)
    attributes = " ".join(f'a{number}="x"' for number in range(5000))
    assert read(f'<outline {attributes} xmlUrl="{FEED}"/>').feeds == ()


PARTS = st.sampled_from(
    [
        "<opml>",
        "</opml>",
        "<outline",
        " text=",
        '"',
        "'",
        "xmlUrl=",
        "http://a",
        "/>",
        ">",
        "&",
        "]",
    ]
)


@given(st.lists(PARTS | st.text(max_size=5), max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_list_breaks_it(parts: list[str]) -> None:
    try:
        found = read_subscriptions("".join(parts).encode("utf-8", "surrogatepass"))
    except ParseError:
        return
    assert all(feed.url.startswith("http") for feed in found.feeds)


NAMES = st.text(alphabet="abc é&<\"'/,", min_size=1, max_size=8).map(str.strip).filter(bool)


@given(st.lists(st.tuples(st.lists(NAMES, max_size=3, unique=True), st.none() | NAMES), max_size=4))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(stated: list[tuple[list[str], str | None]]) -> None:
    plain = [([" ".join(c.split()) for c in names], title) for names, title in stated]
    sources = [
        Source(f"s{number}", "feed", f"https://a.example/{number}", tuple(names), title=title)
        for number, (names, title) in enumerate(plain)
    ]
    found = read_subscriptions(render_subscriptions("Mine", sources))
    assert found.title == "Mine"
    assert {
        (one.name, one.url, frozenset(path for (path,) in one.categories), one.title)
        for one in found.feeds
    } == {
        (
            one.name,
            one.location,
            frozenset(one.categories),
            " ".join((one.title or one.name).split()),
        )
        for one in sources
    }


@pytest.mark.parametrize(
    "url",
    ["https://me:secret@a.example/feed", "ftp://me:secret@a.example/f", "http://me:secret@[b/"],
)
def test_an_address_with_a_password_is_refused_and_the_password_not_shown(url: str) -> None:
    (from_opml,) = read(f'<outline text="T" xmlUrl="{url}"/>').refused
    plain = read_subscriptions(f"https://a.example/\n{url}\n".encode()).refused
    for refused in (from_opml, *plain):
        assert "secret" not in refused.what
        assert "username: and password:" in refused.reason


def test_references_to_what_is_no_character_cost_only_themselves() -> None:
    outline = f'<outline text="T&#xD800;&#55357;&#0; & &nbsp;B" xmlUrl="{FEED}">'
    assert read(outline).feeds == (Subscription(FEED, "T & B"),)


# -- FOAF ----------------------------------------------------------------------------------------

FOAF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:rss="http://purl.org/rss/1.0/"'
    ' xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"'
    ' xmlns:ya="http://blogs.yandex.ru/schema/foaf/">'
)


def weblog(page: str, feed: str) -> str:
    return (
        f'<foaf:weblog><foaf:Document rdf:about="{page}"><rdfs:seeAlso>'
        f'<rss:channel rdf:about="{feed}"/></rdfs:seeAlso></foaf:Document></foaf:weblog>'
    )


def people(*agents: str) -> SubscriptionList:
    members = "\n".join(
        f"<foaf:member><foaf:Agent>{one}</foaf:Agent></foaf:member>" for one in agents
    )
    group = f"<foaf:Group><foaf:name>Planet X</foaf:name>{members}</foaf:Group>"
    return read_subscriptions(f'<?xml version="1.0"?>\n{FOAF}\n{group}</rdf:RDF>'.encode())


def test_the_people_of_a_planet_are_taken_over() -> None:
    ann = weblog("https://a.example/", FEED) + "<foaf:name>Ann</foaf:name>"
    bob = "<foaf:name>Bob</foaf:name>" + weblog("https://b.example/", "https://b.example/rss")
    assert people(ann, bob).feeds == (
        Subscription(FEED, "Ann", (("Planet X",),)),
        Subscription("https://b.example/rss", "Bob", (("Planet X",),)),
    )


def test_a_weblog_without_a_feed_is_told() -> None:
    (refused,) = people("<foaf:name>Ann</foaf:name>" + weblog("https://a.example/", " ")).refused
    assert (refused.line, refused.what) == (3, "https://a.example/")
    assert "aggregator add" in refused.reason


def test_whom_people_know_is_not_followed() -> None:
    bob = (
        f"<foaf:Person><foaf:name>Bob</foaf:name>{weblog('https://b.example/', FEED)}</foaf:Person>"
    )
    posts = (
        f'<ya:blogActivity><ya:Posts><ya:feed rdf:resource="{FEED}"/></ya:Posts></ya:blogActivity>'
    )
    assert people(f"<foaf:knows>{bob}</foaf:knows>").feeds == ()
    assert [feed.url for feed in people(posts).feeds] == [FEED]


def test_a_feed_that_names_people_is_no_list() -> None:
    feed = f"{FOAF}<rss:channel/><rss:item><foaf:Person/></rss:item></rdf:RDF>"
    with pytest.raises(ParseError, match="a feed, not a list of feeds"):
        read_subscriptions(feed.encode())

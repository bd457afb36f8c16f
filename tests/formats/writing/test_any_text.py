"""Whatever text a publication holds, every format can be parsed and gives the text back.

What no format gives back: characters XML 1.0 cannot hold, C1 controls, and white space around a
text. In titles and names a run of white space is one space.
"""

import json
from io import BytesIO

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st
from made_publications import NOON, PAPER, RENDERERS, item, publication, render_atom, render_rss
from msgspec.structs import replace

from aggregator.formats.gate import check_atom, check_json, check_rss, check_xml
from aggregator.formats.writing.opml import render_opml
from aggregator.formats.writing.text import clean, one_line
from aggregator.model.known import Article
from aggregator.model.parsed import Enclosure, Link, Person, Term
from aggregator.model.shown import Credit, Directory, FeedLine, Item, Publication, Via
from bench.validity import BREACHES

CHECKS = {"atom": check_atom, "rss": check_rss, "json": check_json}

# All code points, lone surrogates too, and the ones that matter more often than chance would.
SPECIAL = st.sampled_from("<>&'\"]\0\x85\r\ufffe\udc00\ufdd0\U0001ffff")
TEXT = st.text(st.characters(exclude_categories=()) | SPECIAL)
HOST = st.sampled_from(["a.example", "é.example", "user:word@a.example", "[::1]:80", "a b"])
URL = TEXT | st.builds("https://{}/{}".format, HOST, TEXT)
NUMBER = st.one_of(st.none(), st.integers(-1, 2**70))
PERSON = st.builds(Person, st.none() | TEXT, st.none() | TEXT | st.just("a@b.example"), URL)
ARTICLE = st.builds(
    Article,
    title=TEXT,
    summary=TEXT,
    content=TEXT,
    authors=st.lists(PERSON, max_size=2).map(tuple),
    contributors=st.lists(PERSON, max_size=1).map(tuple),
    terms=st.lists(st.builds(Term, TEXT, URL, st.none() | TEXT), max_size=2).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, URL, st.none() | TEXT, NUMBER, st.none() | TEXT, NUMBER), max_size=2
    ).map(tuple),
    links=st.lists(
        st.builds(Link, URL, st.sampled_from(["via", "related", "self"]) | TEXT, TEXT, TEXT),
        max_size=2,
    ).map(tuple),
    comments=st.none() | URL,
    rights=st.none() | TEXT,
    language=st.none() | TEXT,
    image=st.none() | URL,
    duration_s=NUMBER,
    season=NUMBER,
)
CREDIT = st.builds(
    Credit,
    name=st.just("source"),
    id=st.just("urn:source"),
    title=TEXT,
    link=st.none() | URL,
    feed_url=st.none() | URL,
    rights=st.none() | TEXT,
    authors=st.lists(PERSON, max_size=1).map(tuple),
)
ITEM = st.builds(
    Item,
    id=st.uuids().map("urn:uuid:{}".format),
    title=TEXT,
    link=st.none() | URL,
    published=st.just(NOON),
    updated=st.just(NOON),
    article=ARTICLE,
    source=CREDIT,
    terms=st.lists(TEXT, max_size=2).map(tuple),
    via=st.lists(st.builds(Via, TEXT, URL), max_size=2).map(tuple),
)
PUBLICATION = st.builds(
    lambda title, description, language, author, items: publication(
        *items, title=title, description=description, language=language, author=author
    ),
    TEXT,
    st.none() | TEXT,
    TEXT,
    TEXT,
    st.lists(ITEM, max_size=2, unique_by=lambda made: made.id),
)


@settings(max_examples=80, deadline=None)
@given(PUBLICATION)
def test_every_format_keeps_its_rules_and_passes_the_gate(made: Publication) -> None:
    for name, render in RENDERERS.items():
        body = render(made)
        assert body == render(made)
        assert BREACHES[name](body) == []
        CHECKS[name](body)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_texts_come_back_as_they_were(title: str, content: str, name: str) -> None:
    body = f"<p>{content}</p>"
    article = Article(title="", content=body, authors=(Person(name),))
    made = publication(item(1, article, title=title, terms=(name,)))
    for render in (render_atom, render_rss):
        (entry,) = _read(render(made)).entries
        if one_line(title):
            assert entry.title == _believed(one_line(title))
        assert _html(entry) == _believed(clean(body))
        if one_line(name) and "@" not in name:
            assert entry.author in (one_line(name), _believed(one_line(name)))
            assert entry.tags[0].term in (one_line(name), _believed(one_line(name)))
    (told,) = json.loads(RENDERERS["json"](made))["items"]
    assert told.get("title", "") == one_line(title)
    assert told["content_html"] == clean(body)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, URL)
def test_the_subscription_list_is_well_formed(title: str, description: str, url: str) -> None:
    line = FeedLine("s", title, description, 1, NOON, (("atom", "https://a.example/"),), "h")
    source = replace(PAPER, title=title, feed_url=url, link=url)
    body = render_opml(Directory(title, "https://a.example/", title, (line,), (source,)))
    check_xml(body)


def _read(body: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def _believed(text: str) -> str:
    """Guess as feedparser does: a text that could be UTF-8 read as Latin-1 is taken for such."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except ValueError:
        return text


def _html(entry: feedparser.FeedParserDict) -> str:
    value: str = entry.content[0].value if "content" in entry else entry.summary
    return value

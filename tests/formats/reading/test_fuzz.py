"""Mutated documents: whatever comes, a feed or one line comes out; so of lists of feeds.

``AGGREGATOR_FUZZ`` says how many documents each of the mutators makes (default 3,000);
``AGGREGATOR_FUZZ_SEED`` where their numbers begin.
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from types import FrameType

import pytest
from feed_samples import atom, rss
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.core.identity import choose_policy, identify
from aggregator.core.normalise import normalise, normalise_info
from aggregator.errors import ParseError
from aggregator.formats.reading.feeds import read_feed
from aggregator.formats.reading.opml import read_subscriptions
from aggregator.model.fetched import Document
from aggregator.model.parsed import ParsedFeed

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("AGGREGATOR_FUZZ", "3000"))
FIRST = int(os.environ.get("AGGREGATOR_FUZZ_SEED", "0"))
PATIENCE_S = 20
MOST_GROWTH_KIB = 300 * 1024

_ITEM = (
    '<item><guid isPermaLink="false">{n}</guid><title>Größe &amp;amp; {n}</title>'
    "<link>https://site.example/{n}?a=1&amp;b=2</link>"
    "<pubDate>Mon, 02 Mar 2026 11:00:00 GMT</pubDate><author>a@b.example (Ann)</author>"
    "<description>&lt;p&gt;Short {n}&lt;/p&gt;</description><category domain='d'>c</category>"
    "<content:encoded><![CDATA[<p>Long <a href='/x'>{n}</a></p>]]></content:encoded>"
    '<enclosure url="/a.mp3" type="audio/mpeg" length="1234"/>'
    "<itunes:duration>1:02</itunes:duration>"
    '<media:group><media:content url="/v.mp4" duration="9"/><media:thumbnail url="/t.png"/>'
    "</media:group><source url='https://first.example/'>First</source></item>"
)
_ENTRY = (
    '<entry xml:base="/e/"><id>tag:site.example,2026:{n}</id><title type="html">A &lt;b&gt;</title>'
    '<link href="{n}"/><updated>2026-03-02T11:00:00Z</updated><author><name>Ann</name></author>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long <br/>{n}</p></div>'
    "</content><source><id>s</id><title>First</title></source></entry>"
)
_JSON = (
    '{{"version": "https://jsonfeed.org/version/1.1", "title": "Größe", "authors": [{{}}],'
    ' "items": [{{"id": {n}, "url": "/1", "title": "x", "content_html": "<p>a", "tags": ["t"],'
    ' "attachments": [{{"url": "/a", "size_in_bytes": 1e3}}], "date_published": "2026-03-02"}}]}}'
)
SEEDS: tuple[bytes, ...] = tuple(
    document.encode(codec)
    for document, codec in (
        (rss("<title>Blog</title>" + "".join(_ITEM.format(n=n) for n in range(4))), "utf-8"),
        ('<?xml version="1.0"?>' + rss(_ITEM.format(n=1)), "utf-16"),
        ('<?xml version="1.0" encoding="gb2312"?>' + rss("<title>中文</title>"), "gbk"),
        (atom("<title>Blog</title>" + "".join(_ENTRY.format(n=n) for n in range(4))), "utf-8"),
        ('<!DOCTYPE rss [<!ENTITY e "x">]>' + rss("<item><title>&e;</title></item>"), "utf-8"),
        (_JSON.format(n=7), "utf-8"),
        ("<html><head><title>No feed</title></head><body><p>x</p></body></html>", "utf-8"),
    )
)
TOKENS: tuple[bytes, ...] = (
    *(b"<", b">", b"</", b"/>", b"&", b"&#", b"&#0;", b"&#xD800;", b"&amp;", b"&nbsp;", b"]]>"),
    *(
        b"<![CDATA[",
        b"<!--",
        b"-->",
        b"<?",
        b"?>",
        b"<!DOCTYPE x [",
        b'"',
        b"'",
        b"=",
        b":",
        b"\x00",
    ),
    *(
        b"<item>",
        b"</item>",
        b"<entry>",
        b"</feed>",
        b"<channel>",
        b"</channel>",
        b"<rss>",
        b"</rss>",
    ),
    *(b"<title>", b"</title>", b"<x:y>", b"<a b='c'>", b"xmlns:q='u u'", b"xml:base='http://['"),
    *(
        b"xmlns=''",
        b'type="xhtml"',
        b'mode="base64"',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"&#xD800;",
        b" " * 9999,
    ),
    *(b"{", b"}", b"[", b"]", b"null", b"NaN", b"1e999", b"\\ud800", b"9" * 400, b" " * 99, b"a@"),
    *(b"encoding='utf-7'", b"encoding='shift_jis'", b"<image>", b"<source>", b"<textinput>"),
    *(b"<media:content>", b"<media:group>", b"<cloud/>", b"<rdf:RDF>", b"<image/>", b"<author/>"),
)
CHARSETS = (None, "utf-8", "iso-8859-1", "utf-16", "shift_jis", "gbk", "utf-7", "no such")


def mutate(random: Random, body: bytes) -> bytes:
    """Change a document in one to eight places."""
    for _ in range(random.randint(1, 8)):
        body = random.choice(_MUTATIONS)(random, body)
    return body[:200_000]


def _span(random: Random, body: bytes) -> tuple[int, int]:
    start = random.randint(0, len(body))
    return start, min(len(body), start + random.choice((1, 2, 8, 40, 400)))


def _insert(random: Random, body: bytes) -> bytes:
    start, _ = _span(random, body)
    return body[:start] + random.choice(TOKENS) * random.choice((1, 1, 1, 3, 300)) + body[start:]


def _delete(random: Random, body: bytes) -> bytes:
    start, end = _span(random, body)
    return body[:start] + body[end:]


def _repeat(random: Random, body: bytes) -> bytes:
    start, end = _span(random, body)
    return body[:end] + body[start:end] * random.choice((1, 2, 50)) + body[end:]


def _noise(random: Random, body: bytes) -> bytes:
    start, end = _span(random, body)
    return body[:start] + random.randbytes(min(8, end - start)) + body[end:]


def _cut(random: Random, body: bytes) -> bytes:
    return body[: random.randint(0, len(body))]


def _splice(random: Random, body: bytes) -> bytes:
    other = random.choice(SEEDS)
    return body[: _span(random, body)[0]] + other[_span(random, other)[0] :]


_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_insert, _insert, _insert, _delete, _delete, _repeat, _noise, _splice, _cut),
)


@contextmanager
def patience() -> Iterator[None]:
    """Fail where one document takes longer than anybody would wait."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"one document took more than {PATIENCE_S} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


LISTS: tuple[bytes, ...] = (
    b'<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>'
    b'<outline text="A"><outline text="B &amp; C" xmlUrl="https://b.example/feed" category="/x/y"/>'
    b'<outline text="page" htmlUrl="https://c.example/"/></outline></body></opml>',
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    b' xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:rss="http://purl.org/rss/1.0/"><foaf:Group>'
    b"<foaf:name>Planet</foaf:name><foaf:Agent><foaf:name>Ann</foaf:name>"
    b'<foaf:Document rdf:about="https://a.example/"><rss:channel rdf:about="https://a.example/f"/>'
    b"</foaf:Document></foaf:Agent></foaf:Group></rdf:RDF>",
    b'https://a.example/feed "~A title" tag "two words"\n# more\nhttps://b.example/rss\n',
)


def outcome(body: bytes, charset: str | None) -> ParsedFeed | None:
    """Read a document; None where it is refused in one line."""
    with patience():
        try:
            feed = read_feed(Document("https://x.example/feed", "text/xml", charset, body))
        except ParseError as refusal:
            assert "\n" not in str(refusal)
            return None
        identify(feed.entries, choose_policy("auto", None, feed.entries))
    return feed


def check(feed: ParsedFeed) -> None:
    """Hold a feed against what its records promise, and see whether it can be shown."""
    base = "https://x.example/feed"
    normalise_info(feed.info, base)
    for entry in feed.entries[:5]:
        normalise(entry, feed=feed.info, base=base)
    for entry in feed.entries:
        for date in (entry.published, entry.updated):
            assert date is None or date.utcoffset() is not None
        assert all(person.name or person.email or person.url for person in entry.authors)
        assert all(enclosure.url for enclosure in entry.enclosures)
        assert all(term.term for term in entry.terms)
        assert entry.summary is None or entry.summary.value
        assert entry.content is None or entry.content.value


def test_mutated_documents_are_read_or_refused() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcomes = {"read": 0, "refused": 0}
    for number in range(FIRST, FIRST + COUNT):
        random = Random(number)
        body = mutate(random, random.choice(SEEDS))
        try:
            feed = outcome(body, random.choice(CHARSETS))
        except Exception as error:
            raise AssertionError(f"document {number}: {error!r}") from error
        outcomes["read" if feed else "refused"] += 1
        if feed:
            check(feed)
    assert min(outcomes.values()) > COUNT // 20, outcomes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH_KIB


def test_mutated_lists_are_read_or_refused() -> None:
    read = 0
    for number in range(FIRST, FIRST + COUNT):
        random = Random(number)
        with patience():
            try:
                read += bool(read_subscriptions(mutate(random, random.choice(LISTS))).feeds)
            except ParseError as refusal:
                assert "\n" not in str(refusal)
            except Exception as error:
                raise AssertionError(f"list {number}: {error!r}") from error
    assert read > COUNT // 20


@settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.lists(st.sampled_from(TOKENS) | st.binary(max_size=6), max_size=40),
    st.sampled_from(CHARSETS),
)
def test_heaps_of_markup_are_read_or_refused(parts: list[bytes], charset: str | None) -> None:
    for start in (b"", b"<rss><channel>", b'<feed xmlns="http://www.w3.org/2005/Atom">', b"{"):
        feed = outcome(start + b"".join(parts), charset)
        if feed:
            check(feed)

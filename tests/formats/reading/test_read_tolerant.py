"""feedparser's part: what only it reads, and that it reads the rest as the tree does."""

import pytest
from feed_samples import URL, atom, read, rss
from msgspec.structs import replace

from aggregator.errors import ParseError
from aggregator.formats.reading.tolerant import read_tolerantly
from aggregator.model.parsed import ParsedEntry, ParsedFeed, Person, Text

PODCAST = rss(
    "<title>Talks</title><link>https://site.example/</link><language>en</language>"
    "<description>About talks</description><ttl>60</ttl>"
    '<atom:link rel="self" href="https://site.example/feed"/>'
    '<atom:link rel="hub" href="https://hub.example/"/>'
    '<item><guid isPermaLink="false">talk-1</guid><title>One &amp; only</title>'
    "<link>https://site.example/1</link><author>a@b.example (Ann)</author>"
    "<pubDate>Mon, 02 Mar 2026 11:00:00 GMT</pubDate><category domain='d'>c</category>"
    "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
    '<enclosure url="https://site.example/a.mp3" type="audio/mpeg" length="1234"/>'
    "<itunes:duration>1:02</itunes:duration><itunes:explicit>yes</itunes:explicit>"
    "<itunes:season>2</itunes:season><itunes:episode>3</itunes:episode>"
    "<comments>https://site.example/1#c</comments><dc:rights>CC</dc:rights></item>"
)
BLOG = atom(
    '<title type="html">A &lt;b&gt;blog&lt;/b&gt;</title><id>tag:site.example,2026:b</id>'
    '<link href="https://feeds.example/"/><updated>2026-03-02T11:00:00Z</updated>'
    "<entry><id>relative-id</id><title>One</title><link href='https://feeds.example/1'/>"
    "<published>2026-03-02T11:00:00Z</published><updated>2026-03-02T12:00:00Z</updated>"
    "<author><name>Ann</name><uri>https://ann.example/</uri></author>"
    "<contributor><name>Cy</name></contributor><category term='py' label='Python'/>"
    '<link rel="via" href="https://seen.example/"/><summary>Short</summary>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long</p></div></content>'
    "<source><id>https://first.example/</id><title>First</title>"
    '<link rel="self" href="https://first.example/atom"/></source></entry>',
    'xml:lang="de"',
)


def comparable(feed: ParsedFeed) -> ParsedFeed:
    """Leave out what only the tree knows: defaults of types, and bases of texts."""
    return replace(feed, entries=tuple(map(_comparable, feed.entries)))


def _comparable(entry: ParsedEntry) -> ParsedEntry:
    return replace(
        entry,
        summary=entry.summary and replace(entry.summary, base=""),
        content=entry.content and replace(entry.content, base=""),
        title=replace(entry.title, base=""),
        links=tuple(replace(link, media_type=None) for link in entry.links),
    )


@pytest.mark.parametrize("document", [PODCAST, BLOG])
def test_a_document_gives_the_same_records_by_its_tree_and_by_feedparser(document: str) -> None:
    assert comparable(read(document)) == comparable(read_tolerantly(document, URL))


def test_a_document_that_breaks_one_day_gives_the_same_records() -> None:
    broken = PODCAST.replace("<description>Short", "<x><description>Short")
    feed = read(broken)
    assert feed.warnings == ("not well-formed; read by feedparser",)
    assert comparable(replace(feed, warnings=())) == comparable(read(PODCAST))


def test_dialects_that_only_feedparser_knows() -> None:
    channel = read(
        '<CHANNEL HREF="https://site.example/"><TITLE>Old</TITLE><ABSTRACT>Very</ABSTRACT>'
        '<ITEM HREF="https://site.example/1"><TITLE>One</TITLE></ITEM></CHANNEL>'
    )
    assert (channel.info.title, channel.info.subtitle) == ("Old", "Very")
    assert [(one.title.value, one.link) for one in channel.entries] == [
        ("One", "https://site.example/1")
    ]


def test_the_version_before_atom_03() -> None:
    feed = read(
        '<feed version="0.2" xmlns="http://purl.org/atom/ns#"><entry><title>One</title>'
        '<content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content>'
        "<author><name>Ann</name></author></entry></feed>"
    )
    (found,) = feed.entries
    assert (feed.version, found.title, found.authors) == ("atom02", Text("One"), (Person("Ann"),))
    assert found.content is not None
    assert (found.content.value, found.content.is_html) == ("<p>x</p>", True)


def test_a_guid_that_is_no_address_stays_raw() -> None:
    (found,) = read_tolerantly(rss("<item><guid>post-17</guid></item>"), URL).entries
    assert found.guid == "post-17"


def test_bytes_that_look_like_a_path_or_an_address_are_not_opened() -> None:
    for name in ("/etc/passwd", "file:///etc/passwd", "https://127.0.0.1:1/"):
        with pytest.raises(ParseError, match="says nothing"):
            read_tolerantly(name, URL)


@pytest.mark.parametrize(
    ("guid", "link"), [("1", None), ("https://site.example/1", "https://site.example/1")]
)
def test_an_id_is_a_link_only_where_it_is_an_address(guid: str, link: str | None) -> None:
    document = f'<entry xmlns="http://www.w3.org/2005/Atom"><id>{guid}</id></entry>'
    (found,) = read(document).entries
    assert (found.guid, found.link) == (guid, link)

"""What Atom says (RFC 4287, and 0.3 before it)."""

from datetime import UTC, datetime

import pytest
from feed_samples import atom, entry, read

from aggregator.model.parsed import Enclosure, Link, Origin, Person, Term, Text

BASE = "https://feeds.example/blog/feed.xml"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


@pytest.mark.parametrize(
    ("attributes", "written", "value", "is_html"),
    [
        ("", "1 &lt; 2 &amp; 3", "1 < 2 & 3", False),
        ('type="text"', "AT&amp;amp;T", "AT&amp;T", False),
        ('type="html"', "A &lt;em&gt;new&lt;/em&gt; day", "A <em>new</em> day", True),
        ('type="text/html"', "<![CDATA[<p>x</p>]]>", "<p>x</p>", True),
        ('type="html"', "Tom &amp;amp; Jerry", "Tom &amp; Jerry", True),
        ('type="xhtml"', f"<div {XHTML}>A <b>new</b> day</div>", "A <b>new</b> day", True),
        (
            'type="xhtml"',
            '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>x</h:p></h:div>',
            "<p>x</p>",
            True,
        ),
        ('type="xhtml"', f"<div {XHTML}>1 &lt; 2<br/></div>", "1 &lt; 2<br />", True),
        (
            'type="application/xhtml+xml"',
            f"<p {XHTML}>a</p><p {XHTML}>b</p>",
            "<p>a</p><p>b</p>",
            True,
        ),
        ("", "&lt;p&gt;mislabelled&lt;/p&gt;", "<p>mislabelled</p>", True),
        ('type="html"', "<p>unescaped</p>", "<p>unescaped</p>", True),
        ('type="application/octet-stream"', "AAAA", None, False),
        ('type="application/json"', '{"a": 1}', '{"a": 1}', False),
        ('type="text/html" mode="base64"', "PHA+eDwvcD4=", "<p>x</p>", True),
        ('type="text/html" mode="escaped"', "&lt;p&gt;x&lt;/p&gt;", "<p>x</p>", True),
        ('type="application/xhtml+xml" mode="xml"', f"<div {XHTML}>x</div>", "x", True),
        ('type="video/mp4"', "d29yZHM=", "words", False),
    ],
)
def test_types_of_content(attributes: str, written: str, value: str | None, is_html: bool) -> None:
    content = entry(f"<content {attributes}>{written}</content>").content
    assert content == (None if value is None else Text(value, is_html, BASE))


def test_content_and_summary_are_told_apart() -> None:
    found = entry("<summary>Short</summary><content>Long</content>")
    assert (found.summary, found.content) == (Text("Short", False, BASE), Text("Long", False, BASE))


def test_a_content_without_summary_is_no_summary() -> None:
    assert entry("<content>Long</content>").summary is None


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ('<link href="/a"/>', "https://feeds.example/a"),
        (
            '<link rel="self" href="/s"/><link rel="alternate" href="/a"/>',
            "https://feeds.example/a",
        ),
        ('<link rel="enclosure" href="/m.mp3"/><link href="/a"/>', "https://feeds.example/a"),
        (
            '<link type="application/json" href="/j"/><link type="text/html" href="/a"/>',
            "https://feeds.example/a",
        ),
        ('<link type="application/pdf" href="/only.pdf"/>', "https://feeds.example/only.pdf"),
        ('<link rel="via" href="/v"/>', None),
        ("<id>https://site.example/1</id>", "https://site.example/1"),
        ("<id>tag:site.example,2026:1</id>", None),
        ("<link>https://site.example/text</link>", "https://site.example/text"),
        ('<link href="/1"/><link>https://site.example/text</link>', "https://feeds.example/1"),
    ],
)
def test_the_alternate_is_the_link(links: str, expected: str | None) -> None:
    assert entry(links).link == expected


def test_an_id_is_kept_raw() -> None:
    assert read(atom("<entry><id> /relative </id></entry>", 'xml:base="/b/"')).entries[0].guid == (
        "/relative"
    )


def test_bases_add_up() -> None:
    document = atom(
        '<entry xml:base="two/"><link href="a"/>'
        '<content type="xhtml" xml:base="three/"><div xmlns="http://www.w3.org/1999/xhtml">x</div>'
        "</content></entry>",
        'xml:base="https://site.example/one/"',
    )
    (found,) = read(document).entries
    assert found.link == "https://site.example/one/two/a"
    assert found.content == Text("x", True, "https://site.example/one/two/three/")


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://feeds.example/", "https://feeds.example/blog/a"),
        ("https://www.feeds.example/", "https://feeds.example/blog/a"),
        ("https://site.example/", "https://site.example/a"),
    ],
)
def test_relative_links_hang_on_the_document_unless_another_host_serves_it(
    site: str, expected: str
) -> None:
    assert entry('<link href="a"/>', f'<link href="{site}"/>').link == expected


def test_people() -> None:
    found = entry(
        "<author><name>Ann</name><email>a@b.example</email><uri>https://ann.example/</uri></author>"
        "<author><name>Bob</name></author><contributor><name>Cy</name></contributor>"
        "<author><name/></author>"
    )
    assert found.authors == (Person("Ann", "a@b.example", "https://ann.example/"), Person("Bob"))
    assert found.contributors == (Person("Cy"),)


def test_dates() -> None:
    found = entry(
        "<published>2026-03-02T11:00:00Z</published><updated>2026-03-02T13:00:00+01:00</updated>"
    )
    assert found.published == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert found.updated == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_terms() -> None:
    found = entry(
        '<category term="py" scheme="https://s.example/" label="Python"/><category term=""/>'
    )
    assert found.terms == (Term("py", "https://s.example/", "Python"),)


def test_content_elsewhere_is_an_enclosure_unless_it_is_a_page() -> None:
    found = entry('<content src="/a.mp3" type="audio/mpeg"/><content src="/a" type="text/html"/>')
    assert found.enclosures == (Enclosure("https://feeds.example/a.mp3", "audio/mpeg"),)
    assert found.content is None


def test_links_enclosures_comments_and_rights() -> None:
    found = entry(
        '<link rel="enclosure" href="/a.mp3" type="audio/mpeg" length="5" title="Talk"/>'
        '<link rel="enclosure" href="/b.mp3"/>'
        '<link rel="via" href="/v" title="Seen at"/><link rel="related" href="/r"/>'
        '<link rel="replies" type="text/html" href="/c"/><link rel="edit" href="/e"/>'
        "<rights>CC BY</rights>"
    )
    assert found.enclosures == (
        Enclosure("https://feeds.example/a.mp3", "audio/mpeg", 5, "Talk"),
        Enclosure("https://feeds.example/b.mp3"),
    )
    assert found.links == (
        Link("https://feeds.example/v", "via", None, "Seen at"),
        Link("https://feeds.example/r", "related"),
        Link("https://feeds.example/c", "replies", "text/html"),
    )
    assert found.comments == "https://feeds.example/c"
    assert found.rights == "CC BY"


SOURCE = (
    "<source><id>https://first.example/</id><title>First</title><rights>Theirs</rights>"
    '<link rel="self" href="https://first.example/atom"/><author><name>Ann</name></author></source>'
)


def test_the_source_of_a_merged_entry_is_its_origin_and_lends_its_authors() -> None:
    found = entry(SOURCE)
    assert found.origin == Origin(
        "First",
        "https://first.example/",
        "https://first.example/atom",
        "https://first.example/",
        "Theirs",
    )
    assert found.authors == (Person("Ann"),)
    assert entry("<author><name>Bob</name></author>" + SOURCE).authors == (Person("Bob"),)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ('<title xml:lang="fr">Bonjour</title>', "fr"),
        ('<title>Hello</title><content xml:lang="fr">Bonjour</content>', "fr"),
        ('<title xml:lang="fr">Bonjour</title><content>Hello</content>', None),
        ('<content xml:lang="fr"/><summary>Hello</summary>', None),
    ],
)
def test_the_language_of_an_entry_is_that_of_its_texts(texts: str, expected: str | None) -> None:
    document = atom(f"<entry>{texts}</entry>", 'xml:lang="en"')
    assert read(document).entries[0].language == expected


def test_what_a_feed_says_of_itself() -> None:
    feed = read(
        atom(
            '<title type="html">A &lt;b&gt;blog&lt;/b&gt; &amp;amp; more</title>'
            "<subtitle>Sub</subtitle>"
            '<id>tag:site.example,2026:blog</id><link href="https://site.example/"/>'
            '<link rel="self" href="https://site.example/atom"/><link rel="hub" href="/hub"/>'
            "<author><name>Ann</name></author><rights>All</rights><generator>Maker</generator>"
            "<icon>/icon.png</icon><logo>/logo.png</logo><updated>2026-03-02T11:00:00Z</updated>",
            'xml:lang="de"',
        )
    )
    info = feed.info
    assert (info.title, info.subtitle, info.id) == (
        "A blog & more",
        "Sub",
        "tag:site.example,2026:blog",
    )
    assert (info.link, info.feed_url) == ("https://site.example/", "https://site.example/atom")
    assert (info.hubs, info.authors) == (("https://feeds.example/hub",), (Person("Ann"),))
    assert (info.rights, info.generator, info.language) == ("All", "Maker", "de")
    assert (info.icon, info.image) == (
        "https://feeds.example/icon.png",
        "https://feeds.example/logo.png",
    )
    assert feed.updated == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_atom_03() -> None:
    feed = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><tagline>Old</tagline><copyright>C</copyright>'
        "<modified>2026-03-02T11:00:00Z</modified><entry><issued>2026-03-02T11:00:00Z</issued>"
        "<modified>2026-03-02T12:00:00Z</modified><author><name>Ann</name><url>https://a.example</url>"
        "</author></entry></feed>"
    )
    (found,) = feed.entries
    assert (feed.info.subtitle, feed.info.rights) == ("Old", "C")
    assert (found.published, found.updated) == (
        datetime(2026, 3, 2, 11, tzinfo=UTC),
        datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    assert found.authors == (Person("Ann", None, "https://a.example"),)


def test_a_video_feed_has_its_texts_in_media_groups() -> None:
    found = entry(
        "<title>Film</title><media:group><media:title>Film</media:title>"
        '<media:content url="https://v.example/1" type="video/mp4" duration="90"/>'
        '<media:thumbnail url="https://v.example/1.jpg"/><media:description>About\nit</media:description>'
        "</media:group>"
    )
    assert found.summary == Text("About\nit", False, BASE)
    assert found.image == "https://v.example/1.jpg"
    assert found.duration_s == 90
    assert found.enclosures == (Enclosure("https://v.example/1", "video/mp4", duration_s=90),)


@pytest.mark.parametrize(
    "document",
    [
        "<feed><entry><title>One</title></entry></feed>",
        '<feed xmlns="https://unknown.example/"><entry><title>One</title></entry></feed>',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>One</a:title></a:entry></a:feed>',
    ],
)
def test_shapes_of_atom_that_are_about(document: str) -> None:
    assert [one.title.value for one in read(document).entries] == ["One"]

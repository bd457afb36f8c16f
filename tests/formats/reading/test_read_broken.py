"""What is repaired, what is read nevertheless, and what each refusal says."""

import pytest
from feed_samples import NAMESPACES, item, read, rss

from aggregator.errors import ParseError
from aggregator.model.parsed import Person

FEED = rss("<title>Blog</title><item><guid>1</guid><title>One</title></item>")
ENTITIES = ("entities and ampersands were mended",)
CHARACTERS = ("characters that XML forbids were taken out",)
JUNK = ("what stood before the document was skipped",)
CUT = "the document breaks off; the entries before the break were kept"


def titles(body: str) -> list[str]:
    return [one.title.value for one in read(body).entries]


# -- before the document -------------------------------------------------------------------------


@pytest.mark.parametrize("space", ["", "\n\n", " \t\r\n", "\ufeff", "\n\ufeff"])
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', "<?xml version='1.1' ?>\n"])
def test_white_space_and_marks_are_no_matter(space: str, declaration: str) -> None:
    feed = read(space + declaration + FEED)
    assert (feed.info.title, len(feed.entries), feed.whole) == ("Blog", 1, True)


@pytest.mark.parametrize(
    "junk",
    [
        "<br />\n<b>Warning</b>: failed in <b>/var/www/x.php</b> on line <b>3</b><br />\n",
        "Notice: Undefined index: feed in /var/www/x.php on line 3\n",
        "ï»¿",
        "--\n",
    ],
)
@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
def test_warnings_of_the_server_are_skipped(junk: str, declaration: str) -> None:
    feed = read(junk + declaration + FEED)
    assert (feed.info.title, feed.warnings) == ("Blog", JUNK)


@pytest.mark.parametrize(
    "prolog",
    [
        "<!-- made by <rss> hand -->",
        '<?xml-stylesheet href="/feed.xsl" type="text/xsl"?>',
        "<!DOCTYPE rss>",
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">',
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!-- ]> " --><!ENTITY % x "]>">]>',
    ],
)
def test_prologs_are_read_over(prolog: str) -> None:
    assert titles(f'<?xml version="1.0"?>{prolog}\n{FEED}') == ["One"]


# -- characters and references -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "warnings"),
    [
        ("a&nbsp;b &eacute; &hellip;", "a\xa0b é …", ENTITIES),
        ("Tom & Jerry", "Tom & Jerry", ENTITIES),
        ("&lang;x&rang; &check;", "\u2329x\u232a ✓", ENTITIES),
        ("R&D; AT&T", "R&D; AT&T", ENTITIES),
        ("a&#55357;&#56832;b&#xD83D;&#xde00;", "a😀b😀", ENTITIES),
        ("a&#55357;b&#56832;&#55357;&#55357;&#57344;", "ab\ue000", ENTITIES),
        ("a&b=c&amp;d", "a&b=c&d", ENTITIES),
        ("&unknown; &#65; &lt;", "&unknown; A <", ENTITIES),
        ("a&#0;b&#8;c&#xB;d&#xFFFF;e&#x110000;f&#xD800;", "abcdef", ENTITIES),
        ("a\x00b\x08c\x0bd\x1fe\ufffef", "abcdef", CHARACTERS),
        ("<![CDATA[a & b &nbsp; \x08]]> & c", "a & b &nbsp;  & c", (*CHARACTERS, *ENTITIES)),
    ],
)
def test_what_breaks_parsers_is_mended(written: str, value: str, warnings: tuple[str]) -> None:
    feed = read(rss(f"<item><title>{written}</title></item>"))
    assert feed.entries[0].title.value == value
    assert feed.warnings == warnings
    assert feed.whole


def test_a_bare_ampersand_in_an_address() -> None:
    assert item('<enclosure url="https://x.example/?a=1&b=2&copy=3"/>').enclosures[0].url == (
        "https://x.example/?a=1&b=2&copy=3"
    )


# -- structure -----------------------------------------------------------------------------------


def test_a_misnamed_end_tag_costs_nothing() -> None:
    found = item("<title>One</titel><link>https://site.example/1</link>")
    assert (found.title.value, found.link) == ("One", "https://site.example/1")


def test_tags_that_differ_in_case_belong_together() -> None:
    found = item("<Title>One</title><pubDate>x</PubDate><dc:Creator>Ann</dc:creator>")
    assert (found.title.value, found.authors) == ("One", (Person("Ann"),))


def test_unescaped_html_that_closes_nothing_is_read_by_feedparser() -> None:
    feed = read(
        rss(
            "<item><title>One</title><description><p>a<br>b</description><guid>1</guid></item>"
            "<item><title>Two</title><guid>2</guid></item>"
        )
    )
    assert [(one.guid, one.title.value) for one in feed.entries] == [("1", "One"), ("2", "Two")]
    assert feed.warnings == ("not well-formed; read by feedparser",)


@pytest.mark.parametrize("tail", ["", "trailing words", "<!-- a comment -->", "<script>x</script>"])
def test_what_follows_the_document_is_no_matter(tail: str) -> None:
    feed = read(FEED + tail)
    assert ([one.guid for one in feed.entries], feed.whole) == (["1"], True)


# -- documents that break off --------------------------------------------------------------------

LONG = rss(
    "<title>Blog</title>"
    + "".join(
        f"<item><guid>{number}</guid><description><![CDATA[<p>text]]></description></item>"
        for number in range(5)
    )
)


@pytest.mark.parametrize("end", range(len(NAMESPACES) + 60, len(LONG) - 20, 7))
def test_a_cut_document_keeps_the_entries_that_were_complete(end: int) -> None:
    complete = LONG[:end].count("</item>")
    feed = read(LONG[:end])
    assert [one.guid for one in feed.entries] == [str(number) for number in range(complete)]
    assert not feed.whole
    assert CUT in feed.warnings


@pytest.mark.parametrize("tail", ["</rss>", "</channel>", "</rss"])
def test_a_document_that_is_closed_somehow_is_whole(tail: str) -> None:
    assert read(FEED.removesuffix("</channel></rss>") + tail).whole


# -- no feeds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "an empty document"),
        (b" \n\t", "an empty document"),
        (b"\x00\x00", "an empty document"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "an HTML page"),
        (b"<html><head><title>x</title></head></html>", "an HTML page"),
        (b"<!DOCTYPE html><p>404 <feed> not found", "an HTML page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', "an HTML page"),
        (b"<div>Error</div>", "XML of another kind (<div>)"),
        (b"<urlset><url><loc>https://x.example/</loc></url></urlset>", "a sitemap"),
        (b"<sitemapindex/>", "a sitemap"),
        (b'<opml version="2.0"><body><outline text="x"/></body></opml>', "an OPML list"),
        (b'<?xml version="1.0"?><data><x/></data>', "XML of another kind (<data>)"),
        (b"Service unavailable", "text that is no feed ('Service unavailable')"),
        (bytes(range(128, 256)) * 4, "binary data"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "binary data"),
        (b'{"error": "gone"}', "JSON that is no feed"),
        (b"[1, 2]", "JSON that is no feed"),
        (b'{"version": "https://jsonfeed.org/version/1", ', "broken JSON"),
    ],
)
def test_what_is_no_feed_is_called_by_its_name(body: bytes, words: str) -> None:
    with pytest.raises(ParseError) as raised:
        read(body)
    message = str(raised.value)
    assert message.startswith(words)
    assert "\n" not in message
    assert len(message) < 160


def test_the_label_does_not_decide_what_a_document_is() -> None:
    assert read(FEED, media_type="text/html").info.title == "Blog"
    assert read('{"title": "J", "items": []}', media_type="text/xml").info.title == "J"

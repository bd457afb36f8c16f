"""HTML of strangers: made safe, made text, made from text."""

import re
from html.parser import HTMLParser

import html5lib
import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.html import (
    clean,
    escape,
    paragraphs,
    plain_text,
    sanitize,
    without_tracking_pixels,
)
from aggregator.core.html.addresses import rewritten
from aggregator.core.html.allowed import ATTRIBUTES as ALLOWED
from aggregator.core.html.allowed import SILENT, TAGS

BASE = "https://site.example/blog/"
_ACTIVE = (
    "script style iframe object embed applet form input button textarea select svg math base meta"
    " link frame frameset noscript template"
)
ACTIVE = frozenset(_ACTIVE.split())
ADDRESSES = frozenset({"href", "src", "poster", "cite"})


class Reader(HTMLParser):
    """Collects what is wrong with HTML that should be safe."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "class", "id", "srcdoc", "formaction"):
                self.faults.append(f"{tag} {name}")
            if name in ADDRESSES and not re.match(r"\s*(?:https?|mailto|tel):", value or "", re.I):
                self.faults.append(f"{tag} {name}={value}")


def faults(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.faults


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p onclick=go() style='color:red' class=x id=y>Text</p>", "<p>Text</p>"),
        ("<a href=' https://x.example/a '>a</a> b", '<a href="https://x.example/a">a</a> b'),
        ("<p>say href=' x'</p>", "<p>say href=' x'</p>"),
        ("<ruby><rb>漢</rb><rtc><rt>kan</rt></rtc></ruby>", "<ruby>漢<rt>kan</rt></ruby>"),
        ("<script>go()</script><style>p{}</style>Text", "Text"),
        ("<form action=/x><input value=1><button>Send</button></form>", "Send"),
        ("<custom-element>Text</custom-element>", "Text"),
        ("<a href='JaVa\tScript:go()'>Text</a>", "<a>Text</a>"),
        ("<a href='vbscript:x'>a</a><a href='data:text/html,x'>b</a>", "<a>a</a><a>b</a>"),
        ("<img src='javascript:x' alt=A>", '<img alt="A">'),
        ("<svg><script>go()</script></svg><math><mi>x</mi></math>", "x"),
        ("<!-- hidden --><p>Text", "<p>Text</p>"),
        ("<noscript><img src=/a.png></noscript>", f'<img src="{BASE[:-6]}/a.png">'),
        ("before<iframe src='https://ads.example/x'/> after", "before after"),
        ("<a href='mailto:a@site.example'>m</a>", '<a href="mailto:a@site.example">m</a>'),
        ("a < b & c", "a &lt; b &amp; c"),
        ("&#1;&#xFFFE;x\x0b", "x"),
    ],
)
def test_what_could_act_or_deceive_is_gone_and_its_text_stays(html: str, safe: str) -> None:
    assert sanitize(html, BASE) == safe


@pytest.mark.parametrize(
    "html",
    [
        "<h2>T</h2><p>a <em>b</em> <code>c</code> <q>d</q></p><hr><ul><li>e</li></ul>",
        "<table><caption>T</caption><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
        '<figure><img alt="a" width="9"><figcaption>c</figcaption></figure>',
        '<video poster="https://x.example/p.png" controls=""><track kind="captions"></video>',
        "<details><summary>a</summary>b</details><ruby>漢<rt>kan</rt></ruby>",
        '<p lang="ar" dir="rtl">نص</p><dl><dt>a</dt><dd>b</dd></dl><pre>a\n  b</pre>',
    ],
)
def test_what_is_text_tables_pictures_and_sound_stays(html: str) -> None:
    assert sanitize(html, BASE) == html


@pytest.mark.parametrize(
    "tag",
    [
        *("a href", "img src", "img srcset", "img longdesc", "video src", "video poster"),
        *("audio src", "source src", "source srcset", "track src", "q cite", "blockquote cite"),
        *("del cite", "ins cite", "table background", "td background", "a ping", "div data-x"),
    ],
)
def test_no_attribute_takes_an_address_that_acts(tag: str) -> None:
    for scheme in ("javascript:go()", "data:text/html,x", "file:///x", "\tJAVASCRIPT:go()"):
        assert "=" not in sanitize(f'<{tag}="{scheme}">x', BASE).replace('controls=""', "")


def test_addresses_are_absolute() -> None:
    html = "<a href='../x?a=1&b=2'>x</a><img src=//i.example/a.png><audio src=y></audio>"
    assert sanitize(html, BASE) == (
        '<a href="https://site.example/x?a=1&amp;b=2">x</a><img src="https://i.example/a.png">'
        '<audio src="https://site.example/blog/y" controls=""></audio>'
    )


def test_without_a_base_relative_addresses_are_dropped() -> None:
    assert sanitize("<a href=/x>x</a><a href=https://y.example/>y</a>") == (
        '<a>x</a><a href="https://y.example/">y</a>'
    )
    assert sanitize("<a href=/x>x</a>", "no address") == "<a>x</a>"


def test_a_set_of_pictures_is_absolute_and_harmless() -> None:
    html = "<img srcset='a.png, /b,c.png 2x,javascript:x 3x , https://i.example/d 640w'>"
    assert sanitize(html, BASE) == (
        f'<img srcset="{BASE}a.png, https://site.example/b%2Cc.png 2x, https://i.example/d 640w">'
    )


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://ann:secret@h.example/x",
            "HTTP://ann@h.example/x",
            "http:/ann:secret@h.example/x",
        ),
        *(
            "http:ann:secret@h.example/x",
            "http:\\\\ann:secret@h.example/x",
            "http://a@b@h.example/x",
        ),
        *("ht&#9;tp://ann&#58;secret&#64;h.example/x", "http://ann%40x:secret@h.example/x"),
    ],
)
def test_no_address_of_a_body_keeps_a_userinfo(address: str) -> None:
    html = f'<a href="{address}">x</a><img src="{address}"><video poster="{address}"></video>'
    assert sanitize(html, BASE) == (
        '<a href="http://h.example/x">x</a><img src="http://h.example/x">'
        '<video poster="http://h.example/x" controls=""></video>'
    )


@pytest.mark.parametrize(
    "address",
    [
        *("mailto:ann@h.example", "MAILTO:ann@h.example", "tel:+1@h", "https://h.example/@ann"),
        *("https://h.example?to=ann@h.example", "https://h.example#ann@h.example"),
    ],
)
def test_an_at_sign_elsewhere_is_no_userinfo(address: str) -> None:
    html = f'<a title="ann@h.example" href="{address}">ann@h.example</a>'
    assert sanitize(html, BASE) == html


def test_the_words_in_a_drawing_stay_and_so_do_those_after_it() -> None:
    drawing = (
        "<svg viewBox='0 0 1 1'><title>A snake</title><style>a{}</style><script>go()</script>"
        "<path d='M0'/><g><text x=1><tspan>Head</tspan></text></g><image href='x.png'/>"
        "<a xlink:href='javascript:go()'>and tail</a></svg>"
    )
    assert sanitize(f"<p>Here: {drawing}.</p>", BASE) == "<p>Here: A snakeHead<a>and tail</a>.</p>"


def test_no_set_of_pictures_keeps_a_userinfo() -> None:
    html = '<img srcset="http://ann:secret@h.example/x 2x">'
    assert sanitize(html) == '<img srcset="http://h.example/x 2x">'


def test_an_embedded_film_becomes_a_link() -> None:
    html = "<iframe src='https://www.youtube.com/embed/abcdefghijk?rel=0'></iframe>"
    shown = "https://www.youtube-nocookie.com/embed/abcdefghijk?rel=0"
    assert sanitize(html) == f'<a href="{shown}">{shown}</a>'


def test_links_can_be_rewritten_on_the_way() -> None:
    html = "<a href='/x?track=1'>x</a><a href='mailto:a@x.example'>m</a><img src='/y?track=1'>"
    assert sanitize(html, BASE, lambda url: url.partition("?")[0]) == (
        '<a href="https://site.example/x">x</a><a href="mailto:a@x.example">m</a>'
        '<img src="https://site.example/y?track=1">'
    )


def test_a_tag_in_an_attribute_is_no_tag() -> None:
    """A sanitiser that left "<" as it is would have the next quote taken for an attribute's."""
    html = '<img alt="<img srcset=" title="x" src="/a">'
    assert sanitize(html, BASE) == (
        '<img alt="&lt;img srcset=" title="x" src="https://site.example/a">'
    )


_NAMES = (
    "a b i p div span table tr td th li ul dl dt dd pre code h1 img video source svg math mi style"
    " script iframe noscript form textarea select option template title br hr ruby rt details font"
    " em button nobr caption object plaintext center annotation-xml noembed"
)
ATTRIBUTES = (
    *(" href=/x?a=1&b=2", " href=javascript:go()", " onclick=go()", ' style="a:b"', " src=x.png"),
    *(' srcset="a.png 1x, b.png 2x"', ' alt="a>b<c"', " title='\"&quot;'", " /", ' x="', " =y"),
    *(' href=" http://e.example/ü "', ' href="&#106;avascript:x"', " lang=en", "\xa0onload=go()"),
)
TEXTS = (
    *("x", " ", "\n", "&", "&amp;", "&lt;b&gt;", "<", ">", '"', "'", "]]>", "<!--", "-->", "\x00"),
    *("é", "&#1;", "&nbsp;", "<![CDATA[", "</", "<!", "<?x?>", "&#0;", "\ud800"),
)
pieces = st.one_of(
    st.builds(
        lambda name, attributes: f"<{name}{''.join(attributes)}>",
        st.sampled_from(_NAMES.split()),
        st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
    ),
    st.sampled_from(_NAMES.split()).map("</{}>".format),
    st.sampled_from(TEXTS),
)
soup = st.lists(pieces, max_size=25).map("".join)


@given(st.one_of(soup, st.text(max_size=100)))
@settings(max_examples=500, deadline=None)
def test_whatever_comes_in_what_comes_out_is_safe_and_reads_the_same_again(html: str) -> None:
    safe = sanitize(html, BASE)
    assert faults(safe) == []
    assert clean(safe) == safe
    assert sanitize(safe, BASE) == safe


def elements(html: str) -> list[tuple[object, ...]]:
    """Read HTML as browsers do; returns all but links and sets of pictures."""
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [
        (one.tag, one.text, one.tail, {**one.attrib, "href": "", "srcset": ""})
        for one in root.iter()
    ]


@given(soup)
@settings(max_examples=100, deadline=None)
def test_nothing_but_addresses_is_rewritten_whatever_they_become(html: str) -> None:
    cleaner = nh3.Cleaner(
        tags=TAGS,
        attributes=ALLOWED,
        clean_content_tags=SILENT,
        url_relative=("rewrite_with_base", BASE),
    )
    safe = cleaner.clean(clean(html))
    made = rewritten(safe, BASE, lambda url: url + '"\'><p title="&quot;')
    assert elements(made) == elements(safe)


@given(soup)
@settings(max_examples=60, deadline=None)
def test_a_document_put_in_order_is_as_safe(html: str) -> None:
    large = "<center>x</center>" + html + "<p>x</p>" * 600
    safe = sanitize(large, BASE)
    assert faults(safe) == []
    assert sanitize(safe, BASE) == safe


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<b>" * 100_000 + "x",
        "".join(f"<b lang=l{number}>" for number in range(500)) + "<p>x" * 20_000,
        f"<a href='https://x.example/{'y' * 5000}'>" + "<p>x" * 20_000,
        ("<div>" * 100 + "<table>" + "</div>" * 100) * 200,
        "<table><b>x<tr>" * 10_000,
        '<a b="' * 50_000,
        "<a b=='>" * 20_000,
        "<!--" * 50_000,
        "<svg><style>" * 20_000,
        "<iframe" * 50_000,
        "<a " + " ".join(f"b{number}" for number in range(50_000)) + ">",
        "a&amp;" * 100_000,
        "<x>&amp;" * 50_000,
        "<img srcset='" + ",a (" * 50_000 + "'>",
    ],
    ids=range(15),
)
def test_a_hostile_document_neither_takes_long_nor_grows(html: str) -> None:
    safe = sanitize(html, BASE)
    assert len(safe) <= 4 * len(html)
    assert len(plain_text(html)) <= len(html)
    assert len(without_tracking_pixels(html)) <= len(html)


def test_a_large_document_keeps_its_markup_and_its_text() -> None:
    html = '<p>Some <b>words</b> &amp; <a href="https://x.example/">a link</a> &lt;</p>' * 300
    assert sanitize(html) == html


def test_what_nests_too_deep_loses_its_tags_and_keeps_its_text() -> None:
    safe = sanitize("<div>" * 2_000 + "deep" + "</div>" * 2_000 + "<p>after</p>")
    assert safe.endswith("</div><p>after</p>")
    assert plain_text(safe) == "deep after"
    assert safe.count("<div>") < 200


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("<b>un</b>divided  \n words", "undivided words"),
        ("AT&amp;T &#8211; &copy; &nbsp;x", "AT&T – © x"),
        ("a<script>b<p></script><style>c</style>d", "ad"),
        ("a <!-- <p> b --> c <img alt='>'> d", "a c d"),
        ("1 < 2 > 0", "1 < 2 > 0"),
        ("\x00\ud800x", "x"),
        ("", ""),
    ],
)
def test_the_text_of_html(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(max_size=100))
@settings(max_examples=200, deadline=None)
def test_escaped_text_shows_what_it_was(text: str) -> None:
    shown = " ".join(clean(text).split())
    assert plain_text(escape(text)) == shown
    assert plain_text(paragraphs(text)) == shown


def test_paragraphs_and_lines_of_text_are_kept() -> None:
    assert paragraphs("One\ntwo\n\n \n<three>\n") == "<p>One<br>two</p><p>&lt;three&gt;</p>"
    assert paragraphs(" \n") == ""


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\nc\r\nd\re", "a\tb\nc\nd\ne"),
        ("\x00a\x08b\x0bc\x1fd\ufffee\uffff", "abcde"),
        ("\ud83d\udc00x\udfff", "x"),
        ("\U0001f600é\x85", "\U0001f600é\x85"),
    ],
)
def test_no_character_is_left_that_xml_forbids(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "image",
    [
        '<img src="https://x.example/a.gif" width="1" height="1">',
        "<IMG height=0 SRC=https://x.example/a.gif />",
        '<img width="1px" src="https://x.example/a.gif">',
        '<img style="display: none" src="https://x.example/a.gif">',
        '<img style="width:1px;height:1px" src="https://x.example/a.gif">',
        "<img hidden src=https://x.example/a.gif>",
        '<img src="http://feeds.feedburner.com/~r/blog/~4/abc" alt="">',
        '<img src="http://feeds.wordpress.com/1.0/comments/blog/1/">',
        '<img src="//pixel.wp.com/b.gif?blog=1">',
        '<img src="https://ad.doubleclick.net/x">',
        '<img src="https://stats.x.example/matomo.php?idsite=1">',
    ],
)
def test_a_picture_that_counts_readers_is_dropped(image: str) -> None:
    assert without_tracking_pixels(f"<p>a{image}b</p>") == "<p>ab</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.example/a.gif" width="100" height="10">',
        '<img src="https://x.example/doubleclick.net/a.png" style="max-width:100%">',
        '<img src="https://feeds.feedburner.com/blog/a.png">',
        '<p width="1">text</p>',
        '<a title="<img width=1>">x</a>',
    ],
)
def test_a_picture_to_be_seen_stays(html: str) -> None:
    assert without_tracking_pixels(html) == html


_PAGE = "https://site.example/2026/01/post/"


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<a href="/a">x</a>', "https://site.example/a"),
        ('<a href="//cdn.example/a">x</a>', "https://cdn.example/a"),
        ('<a href="a">x</a>', f"{_PAGE}a"),
        ("<a href=a>x</a>", f"{_PAGE}a"),
        ("<a HREF = 'a'>x</a>", f"{_PAGE}a"),
        ('<a href="?b">x</a>', f"{_PAGE}?b"),
        ('<a href="&#97;">x</a>', f"{_PAGE}a"),
        ('<a href="">x</a>', _PAGE),
        ("<a href>x</a>", _PAGE),
        ("<img src>", _PAGE),
        ('<img srcset="/a 1x, b 2x">', f"https://site.example/a 1x, {_PAGE}b 2x"),
        ('<img srcset="/a 1x, /b 2x">', "https://site.example/a 1x, https://site.example/b 2x"),
    ],
)
def test_addresses_hang_on_the_page_they_stand_in(html: str, address: str) -> None:
    """Texts of one site share a cleaner where no address in them needs the page itself."""
    assert f'="{address}"' in sanitize(html, _PAGE)


@pytest.mark.parametrize("base", ["http://site.1/", "http://a.999999999999?b", "http://xn--/"])
def test_nothing_hangs_on_a_host_that_is_none(base: str) -> None:
    assert sanitize('<p><a href="a">one</a><a href="https://b.example/">two</a></p>', base) == (
        '<p><a>one</a><a href="https://b.example/">two</a></p>'
    )

"""Bodies that mean harm; every one is asked again and again, and stops nobody."""

import gzip
from collections.abc import Iterator

from bench.servers.guesthouse import CANARY
from bench.simulation.feeds import Growing
from bench.simulation.speaking import Call, Kind, Said, Speaker

_MEGABYTE = 1 << 20
_RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>%s</channel></rss>'
_CANARY = f"http://{CANARY}".encode()


def kinds() -> Iterator[Kind]:
    """All of them."""
    for name, body in {**_poison(), **bombs()}.items():
        yield Kind("bodies", name, _body(body), tells=False)
    yield Kind("bodies", "gzip-bomb-of-a-feed", _packed(_bomb(60 * _MEGABYTE)), tells=False)
    for name, head in _BAITS.items():
        yield Kind("baits", name, Growing(name, head=head.replace("CANARY", _CANARY.decode())))
    for name, entity in _ENTITIES.items():
        yield Kind("baits", name, _body(entity.replace(b"CANARY", _CANARY)), tells=False)


def bombs() -> dict[str, bytes]:
    """Return bodies that are made to fill memory."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
    blow = b'<!ENTITY a "' + b"a" * 60_000 + b'">'
    return {
        "billion-laughs": b'<!DOCTYPE r [<!ENTITY l0 "lol">' + laughs + b"]>" + _RSS % b"&l9;",
        "quadratic-blow-up": b"<!DOCTYPE r [" + blow + b"]>" + _RSS % (b"&a;" * 60_000),
        "deep-elements": _RSS % (b"<a>" * 200_000 + b"</a>" * 200_000),
        "deep-html": _RSS % _item(b"&lt;div&gt;" * 100_000),
        "deep-json": b'{"version": "https://jsonfeed.org/version/1.1", "x": ' + b"[" * 900_000,
        "many-attributes": _RSS
        % (b"<x " + b" ".join(b'a%d="1"' % n for n in range(60_000)) + b"/>"),
        "many-namespaces": _RSS % b"".join(b'<x xmlns:n%d="u%d"/>' % (n, n) for n in range(60_000)),
        "long-title": _RSS % (b"<item><title>" + b"t" * 2 * _MEGABYTE + b"</title></item>"),
        "long-body": _RSS % _item(b"b" * 4 * _MEGABYTE),
        "long-guid": _RSS % (b"<item><guid>" + b"g" * _MEGABYTE + b"</guid></item>"),
        "ten-thousand-entries": _RSS % b"".join(_item(b"x", n) for n in range(10_000)),
        "many-categories": _RSS % (b"<item><title>t</title>" + _terms(20_000) + b"</item>"),
        "slow-pattern": _RSS % _item(b"&lt;a " + b"a=" * 200_000),
        "nine-megabytes-of-spaces": _RSS % (b" " * 9 * _MEGABYTE),
    }


def _terms(count: int) -> bytes:
    return b"".join(b"<category>c%d</category>" % number for number in range(count))


def _item(body: bytes, number: int = 0) -> bytes:
    return (
        b"<item><title>t%d</title><link>https://x.example/%d</link>"
        b"<description>%s</description></item>" % (number, number, body)
    )


def _poison() -> dict[str, bytes]:
    return {
        "nul-bytes": _RSS % _item(b"a\0b"),
        "control-characters": _RSS % _item(b"\x01\x02\x0b\x1b[31m"),
        "control-references": _RSS % _item(b"&#0; &#8; &#xB; &#xFFFE; &#xD800;"),
        "cdata-end": _RSS % _item(b"]]&gt; --&gt; &lt;![CDATA["),
        "bad-utf-8": _RSS % _item(b"\xff\xfe\xc0\x80\xed\xa0\x80"),
        "utf-7": b'<?xml version="1.0" encoding="utf-7"?>' + b"+ADw-script+AD4-",
        "unknown-charset": b'<?xml version="1.0" encoding="x-klingon"?>'
        + (_RSS % _item(b"x"))[21:],
        "utf-16": (_RSS % _item(b"x")).decode().encode("utf-16"),
        "utf-32": (_RSS % _item(b"x")).decode().encode("utf-32"),
        "surrogates-in-json": b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", '
        b'"items": [{"id": "\\ud800", "title": "\\udc00 \\u0000"}]}',
        "junk-json-feed": b'{"version": "https://jsonfeed.org/version/1.1", "items": [null, 1, '
        b'"x", [], {"id": 7}, {"id": {}, "url": [1], "tags": {"a": 1}}]}',
        "json-null": b"null",
        "absurd-dates": _RSS % b"".join(map(_dated, _DATES)),
        "scripts-everywhere": _RSS % _item(b"&lt;svg onload=alert(1)&gt;&lt;script&gt;x"),
        "paths-as-categories": _RSS % b"<item><title>x</title><category>../../etc/passwd</category>"
        b"<category>\r\nSet-Cookie: a</category><category>.</category></item>",
        "templates": _RSS % _item(b"{{7*7}} ${7*7} {%% include 'x' %%} #{1}"),
        "no-entries": _RSS % b"",
        "path-as-body": b"/etc/passwd",
        "url-as-body": _CANARY + b"/feed",
        "bare-xml": b"<x/>",
        "an-opml": b'<opml version="2.0"><body><outline xmlUrl="%s"/></body></opml>' % _CANARY,
    }


_DATES = (
    b"Thu, 01 Jan 0000 00:00:00 GMT",
    b"Fri, 31 Dec 9999 23:59:60 GMT",
    b"Mon, 32 Foo 2026 24:61:61 +9999",
    b"-1",
    b"9" * 30,
    b"2026-02-30T25:00:00Z",
    b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00",
)


def _dated(date: bytes) -> bytes:
    return b"<item><title>%s</title><guid>%s</guid><pubDate>%s</pubDate></item>" % (
        date,
        date,
        date,
    )


_BAITS = {
    "bait-icon": "<image><url>CANARY/icon.png</url><title>t</title><link>CANARY</link></image>",
    "bait-next": '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="CANARY/2"/>',
    "bait-hub": '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="CANARY/hub"/>',
    "bait-self": '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="CANARY/x"/>',
    "bait-cloud": '<cloud domain="127.9.9.9" port="80" path="/" protocol="xml-rpc"/>',
    "bait-enclosure": "<item><enclosure url='CANARY/a.mp3' length='9' type='audio/mpeg'/></item>",
    "bait-new-feed-url": '<itunes:new-feed-url xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0'
    '.dtd">CANARY/feed</itunes:new-feed-url>',
    "bait-textinput": "<textInput><title>t</title><link>CANARY</link></textInput>",
}

_ENTITIES = {
    "xxe-file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _RSS % _item(b"&x;"),
    "xxe-http": b'<!DOCTYPE r [<!ENTITY x SYSTEM "CANARY/x">]>' + _RSS % _item(b"&x;"),
    "xxe-parameter": b'<!DOCTYPE r [<!ENTITY %% x SYSTEM "CANARY/x"> %%x;]>' + _RSS % _item(b"x"),
    "xxe-dtd": b'<!DOCTYPE r SYSTEM "CANARY/x.dtd">' + _RSS % _item(b"x"),
    "xinclude": _RSS % b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="CANARY/x"/>',
    "stylesheet": b'<?xml-stylesheet href="CANARY/x.xsl" type="text/xsl"?>' + (_RSS % b"")[21:],
}


def _body(body: bytes) -> Speaker:
    """Answer with a body, which may be no feed: nothing is said about validators."""
    said = Said(body=body)
    return lambda call: said


def _bomb(size: int) -> bytes:
    return gzip.compress(_RSS % (b"<item><title>" + b"\0" * size), 6)


def _packed(body: bytes) -> Speaker:
    said = Said(headers=(b"Content-Encoding: gzip",), body=body)

    def speak(call: Call) -> Said:
        return said

    return speak

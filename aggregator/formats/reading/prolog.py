"""What a document is: its kind by its root element, with all that may stand before it taken off.

White space, byte order marks, PHP warnings and other junk before the XML declaration are skipped.
A DOCTYPE is cut out before any parser sees the document: no entity is ever declared, so none can
expand or be fetched (billion laughs, external entities).
"""

import re
from typing import NamedTuple

from aggregator.errors import ParseError

_DOCTYPE_CHARS = 64 * 1024
_JUNK_CHARS = 256 * 1024
_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "entry"})
_PAGES = frozenset({"html", "head", "body", "script", "meta", "title"})
_START = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_FEED = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:rss|rdf|feed)[\s>]", re.IGNORECASE)
_SPACE = re.compile(r"[\s\ufeff\u200b\x00]*")
_MISC = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<\?xml\s")
_TOKEN = re.compile(r"""["'\[\]>]|<!--""")
_ELSEWHERE = {
    "opml": "an OPML list of feeds, not a feed; `aggregator import FILE` takes its feeds over",
    "urlset": "a sitemap, not a feed; look for the address of the site's feed",
    "sitemapindex": "a sitemap, not a feed; look for the address of the site's feed",
    "svg": "an SVG picture, not a feed; check the address",
    "error": "an error message in XML, not a feed; check the address",
}

HTML = "an HTML page, not a feed; `aggregator add URL` finds the feeds of a page"
EMPTY = "an empty document, not a feed; check the address"


class Prologue(NamedTuple):
    """A document from its root element on."""

    text: str
    junk: bool = False
    """Something had to be skipped before the document began."""


def open_document(text: str) -> Prologue:
    """Find the root element of a feed.

    :raises ParseError: the document is something else; the message says what
    """
    start, junk = _beginning(text)
    position, doctype = _root(text, start)
    found = _START.match(text, position)
    root = found[1].lower() if found else ""
    if root in _ROOTS:
        return Prologue(text[position:], junk)
    if root in _PAGES or doctype[:14].lower() == "<!doctype html":
        raise ParseError(HTML)
    # It may stand after a server's warning in HTML, or in an envelope.
    inner = None if root in _ELSEWHERE else _FEED.search(text, position)
    if inner is None:
        raise ParseError(_words(text, root))
    return Prologue(text[inner.start() :], junk=True)


def _beginning(text: str) -> tuple[int, bool]:
    """Return where the document begins, and whether junk stands before it."""
    first = _skip_space(text, 0)
    if first == len(text):
        raise ParseError(EMPTY)
    declaration = _DECLARATION.search(text, first, first + _JUNK_CHARS)
    if declaration and not _page_before(text, first, declaration.start()):
        return declaration.start(), declaration.start() > first
    if text[first] == "<":
        return first, False
    tag = text.find("<", first, first + _JUNK_CHARS)
    if tag < 0:
        raise ParseError(_plain(text[first : first + 200]))
    return tag, True


def _page_before(text: str, first: int, end: int) -> bool:
    return re.search(r"<(?:html|!doctype\s+html)[\s>]", text[first:end], re.IGNORECASE) is not None


def _root(text: str, position: int) -> tuple[int, str]:
    """Skip declarations, comments, instructions and the DOCTYPE; return where the root begins."""
    doctype = ""
    while True:
        position = _skip_space(text, position)
        if text[position : position + 9].upper() == "<!DOCTYPE":
            end = _doctype_end(text, position)
            doctype, position = text[position:end], end
            continue
        misc = _MISC.match(text, position)
        if misc is None:
            return position, doctype
        position = misc.end()


def _doctype_end(text: str, start: int) -> int:
    """Return where a DOCTYPE ends, its internal subset included."""
    limit, depth, position = start + _DOCTYPE_CHARS, 0, start
    while token := _TOKEN.search(text, position, limit):
        mark, position = token[0], token.end()
        if mark in "\"'":
            position = text.find(mark, position, limit) + 1
        elif mark == "<!--":
            position = text.find("-->", position, limit) + 3
        elif mark == ">" and depth <= 0:
            return position
        depth += {"[": 1, "]": -1}.get(mark, 0)
        if position <= token.start():
            break
    raise ParseError("its DOCTYPE does not end or is longer than 64 KiB; such feeds are not read")


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _words(text: str, root: str) -> str:
    if root in _ELSEWHERE:
        return _ELSEWHERE[root]
    if re.search(r"<(?:html|body|head)[\s>]", text[:_JUNK_CHARS], re.IGNORECASE):
        return HTML
    if root:
        return f"XML of another kind (<{root[:40]}>), not a feed; check the address"
    return _plain(text[:200])


def _plain(beginning: str) -> str:
    words = " ".join(beginning.split())
    if not words.isprintable() or "\ufffd" in words:
        return "binary data, not a feed; check the address"
    return f"text that is no feed ({words[:40]!r}); check the address"

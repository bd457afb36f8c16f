"""Bytes to ``ParsedFeed``: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed.

1. Bytes become text (``encoding``), and what is no feed is named and refused (``prolog``).
2. What is well-formed and of a dialect in use is read from its tree (``channels``, ``entries``).
3. What is not well-formed is mended as text first (``repair``), with a warning for each kind of
   repair, and read from its tree if that helped.
4. The rest is feedparser's (``tolerant``): broken structure, Atom before 1.0, CDF and the like.
5. A document that breaks off keeps the entries that were complete, and is not ``whole``.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from aggregator.errors import ParseError
from aggregator.formats.reading.c1 import modernise
from aggregator.formats.reading.channels import knows, read_root
from aggregator.formats.reading.encoding import decode
from aggregator.formats.reading.jsonfeed import read_json
from aggregator.formats.reading.nodes import Names, Node, Recovery, parse_xml
from aggregator.formats.reading.prolog import open_document
from aggregator.formats.reading.repair import Repaired, count_entries, repair
from aggregator.formats.reading.tolerant import has_endless_word, read_tolerantly
from aggregator.model.fetched import Document, PostFolder
from aggregator.model.parsed import ParsedFeed

_TOLERANT_CHARS = 512 * 1024
"""Of what is broken, feedparser reads as much in some seconds; libxml2 mends what is longer."""


def read_feed(document: Document | PostFolder) -> ParsedFeed:
    """Return the feed in a document, whatever its label says it is.

    :raises ParseError: it is no feed; the message says what it is instead
    """
    if not isinstance(document, Document):
        raise TypeError("a folder of posts is read by read_posts")
    text, warnings = decode(document.body, document.charset)
    if _is_json(text):
        feed = read_json(text.lstrip("\ufeff"), document.url)
    else:
        feed = _read_xml(text, document.url)
    return replace(feed, warnings=(*warnings, *feed.warnings))


def _is_json(text: str) -> bool:
    return text[:1000].lstrip("\ufeff \t\r\n").startswith(("{", "["))


def _read_xml(text: str, url: str) -> ParsedFeed:
    opened = open_document(modernise(text))
    root = _root(opened.text, url)
    if root is not None:
        feed = _read_root(root, opened.text, url)
    else:
        feed = _read_repaired(repair(opened.text), url)
    junk = ("what stood before the document was skipped",) if opened.junk else ()
    return replace(feed, warnings=(*junk, *feed.warnings))


def _root(text: str, url: str, recovery: Recovery = Recovery.NONE) -> Node | None:
    element = parse_xml(text.encode("utf-8", "replace"), recovery)
    return None if element is None else Node(element, Names(element, url))


def _read_root(root: Node, text: str, url: str) -> ParsedFeed:
    return read_root(root, url) if knows(root) else read_tolerantly(text, url)


def _read_repaired(repaired: Repaired, url: str) -> ParsedFeed:
    root = _root(repaired.text, url, Recovery.END_TAGS)
    if root is not None:
        feed = _read_root(root, repaired.text, url)
    elif repaired.whole and _suits_feedparser(repaired.text):
        feed = _noted(read_tolerantly(repaired.text, url), "not well-formed; read by feedparser")
    else:
        feed = _read_recovered(repaired, url)
    return replace(
        feed, warnings=(*repaired.warnings, *feed.warnings), whole=feed.whole and repaired.whole
    )


def _suits_feedparser(text: str) -> bool:
    return len(text) <= _TOLERANT_CHARS and not has_endless_word(text)


def _read_recovered(repaired: Repaired, url: str) -> ParsedFeed:
    """Read what libxml2 makes of a document that is cut or too long for feedparser."""
    root = _root(repaired.text, url, Recovery.ALL)
    if root is None or not knows(root):
        raise ParseError("XML that cannot be repaired; the site must mend it")
    feed = read_root(root, url)
    lost = count_entries(repaired.text) - len(feed.entries)
    if lost <= 0:
        return feed
    return replace(_noted(feed, f"{lost} entries could not be read"), whole=False)


def _noted(feed: ParsedFeed, *words: str) -> ParsedFeed:
    notes: Sequence[str] = (*feed.warnings, *words)
    return replace(feed, warnings=tuple(notes))

"""Atom 1.0 and RSS 2.0, written by feedgen with one extension that mends what feedgen gets wrong.

What feedgen writes well it is given: the frame, ids, titles, texts, categories, the links of a
feed. What it would lose or bend is added by the extension (``extension``), element by element:

* It dates a feed and its entries *now* unless every time is set, and writes RSS dates by switching
  the locale of the whole process: every time is set, and written by us.
* It puts new entries first: ours are appended.
* An entry's links lose rel, type and length, so that an mp3 becomes the entry's link: ours are
  added by the extension. RSS's ``<link>`` is the last link given: the page is given last.
* RSS loses authors without an e-mail address, and all enclosures but one; ``<source>`` has no id,
  date, rights or author: added.
* An empty title and one forbidden character raise: ``border`` has cleared everything before.

In plain texts the signs of markup are written as the RSS Best Practices Profile asks (``&#x26;``,
``&#x3C;``): readers that take titles for HTML show "AT&T" and "Vec<T>" then more often than not.
"""

import re
from typing import Any

from feedgen.feed import FeedGenerator

from aggregator.formats.writing.border import cleared
from aggregator.formats.writing.syndication import atom, rss
from aggregator.formats.writing.syndication.extension import NAME, EntryExtension, FeedExtension
from aggregator.model.shown import Publication, Written

# "<" stands in no text and in no attribute: a tag's own text ends where the next tag begins.
_PLAIN = re.compile(
    rb"<(?:title|subtitle|name|rights|category|source|dc:[a-z]+|(?:atom:)?link)\b[^<]*"
)
_TITLE = b' title="'


def write_atom(publication: Publication) -> Written:
    """Write an Atom 1.0 feed (RFC 4287)."""
    feed = cleared(publication)
    writer = _writer(feed)
    atom.describe_feed(writer, feed)
    for item in feed.items:
        entry = writer.add_entry(order="append")
        entry.mended.item = item
        entry.mended.feed = feed
        atom.describe_entry(entry, item)
    return _in_pieces(writer.atom_str(), b"entry", b"</feed>")


def write_rss(publication: Publication) -> Written:
    """Write an RSS 2.0 feed by the rules of its Best Practices Profile."""
    feed = cleared(publication)
    writer = _writer(feed)
    rss.describe_channel(writer, feed)
    for item in feed.items:
        entry = writer.add_entry(order="append")
        entry.mended.item = item
        entry.mended.feed = feed
        rss.describe_item(entry, item)
    return _in_pieces(writer.rss_str(), b"item", b"</channel>")


def _in_pieces(body: bytes, item: bytes, end: bytes) -> Written:
    """Cut a document where its items begin and end.

    A tag is found by its letters; every namespace is declared by the root.
    """
    body = _PLAIN.sub(_spelt, body)
    tail = body.rindex(end)
    begin = body.find(b"<" + item, 0, tail)
    if begin < 0:
        return Written(_referred(body[:tail]), (), body[tail:])
    close = b"</%b>" % item
    items = body[begin:tail].split(close)[:-1]
    return Written(_referred(body[:begin]), tuple(one + close for one in items), body[tail:])


def _spelt(plain: re.Match[bytes]) -> bytes:
    if not plain[0].startswith((b"<link", b"<atom:link")):
        return _referred(plain[0])
    # Of a link the title is a plain text; it stands last.
    head, found, title = plain[0].partition(_TITLE)
    return head + found + _referred(title)


def _referred(text: bytes) -> bytes:
    """Write the signs of markup as hexadecimal references."""
    return text.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;") if b"&" in text else text


def _writer(feed: Publication) -> Any:
    """Return a generator that has our extension and what both formats say alike."""
    writer = FeedGenerator()
    writer.register_extension(NAME, FeedExtension, EntryExtension)
    writer.mended.feed = feed
    writer.title(feed.title)
    writer.updated(feed.updated)
    writer.generator(feed.generator)
    if feed.language != "und":
        writer.language(feed.language)
    return writer

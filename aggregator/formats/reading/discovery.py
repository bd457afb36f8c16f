"""Which feeds an HTML page names: its link elements (RFC 8288 rel=alternate with a feed's type).

The page is hostile text: read by libxml2's tolerant parser without network, bounded in size. What
is inside comments, scripts and unknown relations is no link. Addresses hang on the first ``base``
that stands before them, else on the page's own. Pages that name none often show one: what is
linked in the text and looks like a feed, or is called one, is likely, no more.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree
from msgspec import Struct

from aggregator.core.urls import absolute

_LIMIT_BYTES = 2 * 1024 * 1024
_FEEDS_LIMIT = 50

_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/rss+xml",
        "application/rdf+xml",
        "application/x-atom+xml",
        "application/x-rss+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
        "text/rss",
        "text/rss+xml",
        "text/atom+xml",
    }
)
_NO_FEEDS = re.compile(r"/wp-json(?:[/?]|$)|/oembed(?:[/?]|$)|[?&]rest_route=", re.IGNORECASE)
"""What WordPress links as application/json and application/xml beside its feeds."""
_LOOKS_LIKE_ONE = re.compile(
    r"(?:[/._-](?:rss|atom|rdf)[0-9]{0,2}(?:\.xml|\.php)?|/feeds?|/feed\.(?:xml|json)"
    r"|/index\.xml|[?&](?:feed|format|type)=(?:rss|atom)[0-9]{0,2})/?$",
    re.IGNORECASE,
)
_CALLED_ONE = re.compile(
    r"(?:subscribe )?(?:(?:to|via|by|our|the) )*(?:(?:rss|atom|json|xml|news|blog)[ -]?)?"
    r"(?:rss|atom|feeds?)(?: [012]\.\d{1,2})?",
    re.IGNORECASE,
)
_TITLE_CHARS = 200


class FoundFeed(Struct, frozen=True):
    """A feed that a page names, or that is likely to be there."""

    url: str
    """Absolute."""
    title: str = ""
    media_type: str = ""


_Read = Callable[[Any, str, str], FoundFeed | None]
"""Takes an element, its address as stated, and the base it hangs on."""


def feeds_of_page(html: str, url: str) -> tuple[FoundFeed, ...]:
    """Return the feeds a page's link elements name, in its order, each once."""
    return _found(html, url, "link", _feed)


def likely_feeds(html: str, url: str) -> tuple[FoundFeed, ...]:
    """Return what is linked in a page's text and looks like a feed, or is called one."""
    return _found(html, url, "a", _shown)


def _found(html: str, url: str, tag: str, read: _Read) -> tuple[FoundFeed, ...]:
    body = html.replace("\x00", "").encode("utf-8", "replace")[:_LIMIT_BYTES]
    if not body.strip():
        return ()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(body, parser)
    found: dict[str, FoundFeed] = {}
    for feed in () if root is None else _linked(root, url, tag, read):
        found.setdefault(feed.url, feed)
        if len(found) >= _FEEDS_LIMIT:
            break
    return tuple(found.values())


def _linked(root: Any, url: str, tag: str, read: _Read) -> Iterator[FoundFeed]:
    base = url
    declared = False
    for element in root.iter("base", tag):
        href = (element.get("href") or "").strip()
        if element.tag == "base":
            if href and not declared:
                base, declared = absolute(href, url) or url, True
            continue
        feed = read(element, href, base)
        if feed:
            yield feed


def _feed(element: Any, href: str, base: str) -> FoundFeed | None:
    relations = (element.get("rel") or "").lower().split()
    media_type = (element.get("type") or "").partition(";")[0].strip().lower()
    if "feed" not in relations and not ("alternate" in relations and media_type in _TYPES):
        return None
    if "stylesheet" in relations or _NO_FEEDS.search(href):
        return None
    address = absolute(href, base) if href else None
    if address is None:
        return None
    return FoundFeed(address, _words(element.get("title") or ""), media_type)


def _shown(element: Any, href: str, base: str) -> FoundFeed | None:
    address = absolute(href, base) if href else None
    words = _words("".join(element.itertext()) or element.get("title") or "")
    if address is None or not (_LOOKS_LIKE_ONE.search(address) or _CALLED_ONE.fullmatch(words)):
        return None
    return FoundFeed(address, words)


def _words(text: str) -> str:
    return " ".join(text.split())[:_TITLE_CHARS]

"""Namespaces beside Atom and RSS, and the elements both formats borrow from them."""

import re

from lxml.etree import SubElement, _Element

from aggregator.formats.writing.links import FEED_TYPES
from aggregator.model.known import Article
from aggregator.model.shown import Item, Publication

PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "fh": "http://purl.org/syndication/history/1.0",
}
"""Declared by every document: what is in an item must not depend on the others."""

SELDOM = {
    "podcast": "https://podcastindex.org/namespace/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "indexing": "urn:atom-extension:indexing",
}
"""Declared where they are used: validators warn of those they do not know, used or not."""

ATOM = "{http://www.w3.org/2005/Atom}"
DC = f"{{{PREFIXES['dc']}}}"
MEDIA = f"{{{PREFIXES['media']}}}"
ITUNES = f"{{{PREFIXES['itunes']}}}"
HISTORY = f"{{{PREFIXES['fh']}}}"
INDEXING = f"{{{SELDOM['indexing']}}}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_PLAYED = ("audio/", "video/")
# Those who judge podcasts take no host without a dot.
_COVER = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?/.*\.(?:jpe?g|png)", re.IGNORECASE
)


def add(
    parent: _Element, tag: str, text: str | None, attributes: dict[str, str] | None = None
) -> None:
    """Append an element; an empty text and no attributes are no element."""
    if text or attributes:
        SubElement(parent, tag, attributes).text = text or None


def attributes(**values: str | int | None) -> dict[str, str]:
    """Return the attributes that have a value, in the order given."""
    return {name: str(value) for name, value in values.items() if value is not None}


def feed_links(feed: Publication, own: str) -> list[dict[str, str]]:
    """Return a feed's links as feedgen takes them: itself, its hubs, its neighbours, its page."""
    links = [
        {"href": url, "rel": "self" if name == own else "alternate", "type": FEED_TYPES[name]}
        for name, url in feed.addresses
        if name in FEED_TYPES
    ]
    links += [{"href": hub, "rel": "hub"} for hub in feed.hubs]
    links += [
        {"href": url, "rel": rel, "type": FEED_TYPES[name]}
        for rel, name, url in feed.pages
        if name == own
    ]
    return [*links, {"href": feed.home, "rel": "alternate", "type": "text/html"}]


def add_history(parent: _Element, feed: Publication) -> None:
    """Say what part of its history a feed document is (RFC 5005)."""
    if feed.archive:
        SubElement(parent, f"{HISTORY}archive")
    elif feed.complete:
        SubElement(parent, f"{HISTORY}complete")


def add_seldom(parent: _Element, prefix: str, name: str, attributes: dict[str, str]) -> None:
    """Append an element of a namespace that few documents need."""
    SubElement(parent, f"{{{SELDOM[prefix]}}}{name}", attributes, {prefix: SELDOM[prefix]})


def add_robots(element: _Element, feed: Publication) -> None:
    """Ask search engines to leave the feed out, by an attribute of <feed> or <channel>."""
    if feed.noindex:
        element.set(f"{INDEXING}index", "no")


def add_media(parent: _Element, item: Item) -> None:
    """Add what players and lists of pictures look for (Media RSS, iTunes)."""
    if item.article.image:
        SubElement(parent, f"{MEDIA}thumbnail", {"url": item.article.image})
    # One iTunes element makes a podcast of a feed to those who judge podcasts.
    if any((file.media_type or "").startswith(_PLAYED) for file in item.article.enclosures):
        _add_episode(parent, item.article)


def _add_episode(parent: _Element, article: Article) -> None:
    if article.image and _COVER.fullmatch(article.image):
        SubElement(parent, f"{ITUNES}image", {"href": article.image})
    lengths = (article.duration_s, *(file.duration_s for file in article.enclosures))
    stated = {
        "duration": next(filter(None, lengths), None),
        "season": article.season,
        "episode": article.episode,
        "explicit": {True: "true", False: "false", None: None}[article.explicit],
    }
    for name, value in stated.items():
        if value is not None:
            add(parent, f"{ITUNES}{name}", str(value))

"""RSS 2.0 (and its Best Practices Profile): what feedgen is told, and what is added.

An item has at most one ``<enclosure>``, as the profile asks; the others are ``<media:content>``.
Authors are ``<dc:creator>``, unless there is one who is known with an e-mail address: RSS's own
``<author>`` holds nothing else. What an edit was dated is ``<atom:updated>``.
"""

from typing import Any

from lxml.etree import SubElement, _Element

from aggregator.formats.writing.border import headline, terms
from aggregator.formats.writing.dates import rfc822, rfc3339
from aggregator.formats.writing.links import UNKNOWN_TYPE
from aggregator.formats.writing.syndication.names import (
    ATOM,
    DC,
    MEDIA,
    add,
    add_history,
    add_media,
    add_robots,
    add_seldom,
    attributes,
    feed_links,
)
from aggregator.model.parsed import CHAPTERS, TRANSCRIPT, Enclosure, Link
from aggregator.model.shown import Item, Publication

_PODCAST_LINKS = {
    TRANSCRIPT: ("transcript", "text/plain"),
    CHAPTERS: ("chapters", "application/json+chapters"),
}
"""Element and usual media type, which it must state."""


def describe_channel(writer: Any, feed: Publication) -> None:
    """Tell feedgen of the channel; of several links the last is RSS's own <link>."""
    writer.description(feed.description or feed.title)
    writer.link([link for link in feed_links(feed, "rss") if link["rel"] == "self"])
    writer.link(href=feed.home)


def describe_item(entry: Any, item: Item) -> None:
    """Tell feedgen of an item."""
    article = item.article
    # A post without a title has none here; one with nothing else needs one (RSS 2.0, <item>).
    if item.title or not (article.content or article.summary):
        entry.title(headline(item))
    if item.link:
        entry.link(href=item.link)
    entry.guid(item.id, permalink=item.id == item.link)
    if article.content:
        entry.content(article.content)
    if article.summary:
        entry.summary(article.summary)
    entry.category(
        [attributes(term=term.label or term.term, scheme=term.scheme) for term in terms(item)]
    )
    entry.comments(article.comments)
    entry.source(url=item.source.feed_url or item.source.link, title=item.source.title)
    for first in article.enclosures[:1]:
        entry.enclosure(first.url, first.length_bytes or 0, first.media_type or UNKNOWN_TYPE)
    if _mailed(item):
        entry.author(
            [attributes(name=person.name, email=person.email) for person in article.authors]
        )


def complete_channel(channel: _Element, feed: Publication) -> None:
    """Add to <channel> what feedgen cannot write."""
    built = channel.find("lastBuildDate")
    if built is not None:
        built.text = rfc822(feed.updated)
    for link in feed_links(feed, "rss"):
        if link["rel"] != "self" and link["href"] != feed.home:
            SubElement(channel, f"{ATOM}link", link)
    add_history(channel, feed)
    add_robots(channel, feed)


def complete_item(element: _Element, item: Item, feed: Publication) -> None:
    """Add to <item> what feedgen cannot write."""
    article = item.article
    add(element, "pubDate", rfc822(item.published))
    if item.updated > item.published:
        add(element, f"{ATOM}updated", rfc3339(item.updated))
    if not _mailed(item):
        for person in article.authors:
            add(element, f"{DC}creator", person.name)
    for person in article.contributors:
        add(element, f"{DC}contributor", person.name)
    if not (item.source.feed_url or item.source.link):
        add(element, f"{DC}source", item.source.title)
    add(element, f"{DC}rights", article.rights)
    if article.language != feed.language:
        add(element, f"{DC}language", article.language)
    for via in item.via:
        name = f"{ATOM}link"
        SubElement(element, name, attributes(rel="via", href=via.link, title=via.title or None))
    for link in article.links:
        _add_link(element, link)
    for file in article.enclosures[1:]:
        SubElement(element, f"{MEDIA}content", _content(file))
    add_media(element, item)


def _add_link(element: _Element, link: Link) -> None:
    """Add a further link of an entry: Podcasting 2.0 has elements of its own for two kinds."""
    if link.rel in _PODCAST_LINKS:
        name, usual = _PODCAST_LINKS[link.rel]
        facts = {"url": link.href, "type": link.media_type or usual}
        add_seldom(element, "podcast", name, facts)
    else:
        stated = attributes(rel=link.rel, href=link.href, type=link.media_type, title=link.title)
        SubElement(element, f"{ATOM}link", stated)


def _mailed(item: Item) -> bool:
    authors = item.article.authors
    return len(authors) == 1 and authors[0].email is not None


def _content(file: Enclosure) -> dict[str, str]:
    return attributes(
        url=file.url, fileSize=file.length_bytes, type=file.media_type, duration=file.duration_s
    )

"""Atom 1.0 (RFC 4287): what feedgen is told, and what is added to its elements.

feedgen makes Atom's own elements without a namespace and writes ``xmlns`` as an attribute, so the
elements added here have none either.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from lxml.etree import SubElement, _Element

from aggregator.formats.writing.border import headline, terms
from aggregator.formats.writing.dates import rfc3339
from aggregator.formats.writing.syndication.names import (
    LANG,
    add,
    add_history,
    add_media,
    add_robots,
    add_seldom,
    attributes,
    feed_links,
)
from aggregator.model.parsed import Person
from aggregator.model.shown import Credit, Item, Publication


def describe_feed(writer: Any, feed: Publication) -> None:
    """Tell feedgen of the feed."""
    writer.id(feed.id)
    writer.subtitle(feed.description)
    writer.link(feed_links(feed, "atom"))
    # Every entry needs an author; one that has none, in itself or in its source, has this one
    # (RFC 4287 4.1.1).
    writer.author(_written(Person(feed.author, url=feed.site_url or None)))


def describe_entry(entry: Any, item: Item) -> None:
    """Tell feedgen of an entry."""
    article = item.article
    entry.id(item.id)
    entry.title(headline(item))
    entry.updated(item.updated)
    entry.published(item.published)
    entry.author([_written(person) for person in article.authors])
    entry.contributor([_written(person) for person in article.contributors])
    entry.category([_category(term.term, term.scheme, term.label) for term in terms(item)])
    entry.rights(article.rights)
    if item.link:
        entry.link(href=item.link)
    # An entry without a link must have content, be it its summary (RFC 4287 4.1.2).
    if article.content or not item.link:
        entry.content(article.content or article.summary, type="html")
    # One without content is advised to have a summary (4.1.1.1), be it its title.
    if item.link and not article.content:
        entry.summary(article.summary or escape(headline(item), quote=False), type="html")
    elif article.summary and article.content:
        entry.summary(article.summary, type="html")


def complete_feed(element: _Element, feed: Publication) -> None:
    """Add to <feed> what feedgen cannot write."""
    _date(element, "updated", rfc3339(feed.updated))
    add_history(element, feed)
    add_robots(element, feed)
    for gone in feed.withdrawn:
        facts = {"ref": gone.id, "when": rfc3339(gone.when)}
        add_seldom(element, "at", "deleted-entry", facts)


def complete_entry(element: _Element, item: Item, feed: Publication) -> None:
    """Add to <entry> what feedgen cannot write."""
    _date(element, "updated", rfc3339(item.updated))
    _date(element, "published", rfc3339(item.published))
    spoken = item.article.language
    if spoken and spoken != feed.language:
        element.set(LANG, spoken)
    for link in _links(item):
        SubElement(element, "link", link)
    _add_source(element, item)
    add_media(element, item)


def _date(parent: _Element, tag: str, text: str) -> None:
    """Write a date in the form that sorts: feedgen's own ends in +00:00 and has microseconds."""
    element = parent.find(tag)
    if element is not None:
        element.text = text


def _links(item: Item) -> Iterable[dict[str, str]]:
    """Return an entry's links besides its permalink."""
    article = item.article
    for file in article.enclosures:
        yield attributes(
            rel="enclosure",
            href=file.url,
            type=file.media_type,
            length=file.length_bytes,
            title=file.title,
        )
    for via in item.via:
        yield attributes(rel="via", href=via.link, title=via.title or None)
    for link in article.links:
        yield attributes(rel=link.rel, href=link.href, type=link.media_type, title=link.title)
    if article.comments:
        yield attributes(rel="replies", href=article.comments, type="text/html")


def _add_source(entry: _Element, item: Item) -> None:
    """Say where the entry is from (RFC 4287 4.2.11)."""
    credit = item.source
    source = SubElement(entry, "source")
    add(source, "id", credit.id)
    add(source, "title", credit.title)
    add(source, "subtitle", credit.subtitle)
    add(source, "updated", rfc3339(credit.updated or item.updated))
    if credit.link:
        SubElement(source, "link", {"rel": "alternate", "href": credit.link, "type": "text/html"})
    if credit.feed_url:
        SubElement(source, "link", {"rel": "self", "href": credit.feed_url})
    add(source, "icon", credit.icon)
    add(source, "logo", credit.logo)
    add(source, "rights", credit.rights)
    for person in _source_authors(credit, item):
        author = SubElement(source, "author")
        add(author, "name", person.name)
        add(author, "email", person.email)
        add(author, "uri", person.url)


def _source_authors(credit: Credit, item: Item) -> tuple[Person, ...]:
    """Name the source itself where nobody else is named: our feed's author wrote none of it."""
    if credit.authors or item.article.authors:
        return credit.authors
    return (Person(credit.title, url=credit.link),)


def _written(person: Person) -> dict[str, str]:
    return attributes(name=person.name, email=person.email, uri=person.url)


def _category(term: str, scheme: str | None, label: str | None) -> dict[str, str]:
    return attributes(term=term, scheme=scheme, label=label)

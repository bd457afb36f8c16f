"""JSON Feed 1.1 (jsonfeed.org): UTF-8 without escapes, keys in a fixed order.

What the format has no word for is in objects of ours, as it asks: ``_source`` says where an item is
from, ``_via`` who else told it, ``_more`` holds rights, contributors and the like; ``_robots`` of a
feed asks search engines to leave it out.
"""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from aggregator.formats.writing.border import cleared, headline, terms
from aggregator.formats.writing.dates import rfc3339
from aggregator.formats.writing.links import UNKNOWN_TYPE
from aggregator.formats.writing.text import plain
from aggregator.model.known import Article
from aggregator.model.parsed import Enclosure, Person
from aggregator.model.shown import Credit, Item, Publication, Written

VERSION = "https://jsonfeed.org/version/1.1"


def write_json(publication: Publication) -> Written:
    """Write a JSON Feed 1.1."""
    feed = cleared(publication)
    document = {
        "version": VERSION,
        "title": feed.title,
        **_said(
            home_page_url=feed.home,
            feed_url=_own_address(feed),
            description=feed.description,
            next_url=_next(feed),
            language=feed.language if feed.language != "und" else None,
            hubs=[{"type": "WebSub", "url": hub} for hub in feed.hubs],
            _robots={"noindex": True} if feed.noindex else None,
        ),
        "items": [],
    }
    end = b"]}"
    items = tuple(_text(_item(item, feed)) for item in feed.items)
    return Written(_text(document).removesuffix(end), items, end, joint=b",")


def _text(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _item(item: Item, feed: Publication) -> dict[str, Any]:
    article = item.article
    return {
        "id": item.id,
        **_said(
            url=item.link,
            external_url=_external(article),
            title=item.title,
            # The one field every item must have, were it empty.
            content_html=article.content or article.summary or None,
            content_text=None if article.content or article.summary else headline(item),
            summary=plain(article.summary),
            image=article.image,
            date_published=rfc3339(item.published),
            date_modified=rfc3339(item.updated),
            authors=_authors(item),
            tags=[term.label or term.term for term in terms(item)],
            language=article.language if article.language != feed.language else None,
            attachments=[_attachment(file, article) for file in article.enclosures],
            _source=_source(item.source),
            _via=_said(links=[{"title": via.title, "url": via.link} for via in item.via]),
            _more=_more(article),
        ),
    }


def _authors(item: Item) -> list[dict[str, Any]]:
    """Name the authors; a feed's own would stand for items that name none, and wrote none of it."""
    source = item.source
    named = item.article.authors or source.authors or (Person(source.title, url=source.link),)
    return _people(named)


def _people(people: Iterable[Person]) -> list[dict[str, Any]]:
    return [_said(name=person.name, url=person.url) for person in people]


def _attachment(file: Enclosure, article: Article) -> dict[str, Any]:
    alone = article.duration_s if len(article.enclosures) == 1 else None
    return _said(
        url=file.url,
        mime_type=file.media_type or UNKNOWN_TYPE,
        title=file.title,
        size_in_bytes=file.length_bytes,
        duration_in_seconds=file.duration_s or alone,
    )


def _source(credit: Credit) -> dict[str, Any]:
    return _said(
        id=credit.id,
        title=credit.title,
        url=credit.link,
        feed_url=credit.feed_url,
        rights=credit.rights,
    )


def _more(article: Article) -> dict[str, Any]:
    related = [link for link in article.links if link.href != _external(article)]
    return _said(
        rights=article.rights,
        contributors=_people(article.contributors),
        comments_url=article.comments,
        explicit=article.explicit,
        season=article.season,
        episode=article.episode,
        links=[_said(rel=link.rel, url=link.href, title=link.title) for link in related],
    )


def _external(article: Article) -> str | None:
    """Return the page a linked post is about."""
    return next((link.href for link in article.links if link.rel == "related"), None)


def _own_address(feed: Publication) -> str | None:
    """Return what identifies the feed: of a page of its archive, the address of the whole."""
    whole = (url for rel, name, url in feed.pages if (rel, name) == ("current", "json"))
    own = (url for name, url in feed.addresses if name == "json")
    return next(chain(whole, own), None)


def _next(feed: Publication) -> str | None:
    """Return the page with the next older items."""
    pages = (url for rel, name, url in feed.pages if (rel, name) == ("prev-archive", "json"))
    return next(pages, None)


def _said(**values: Any) -> dict[str, Any]:
    """Return the fields that have a value: null is not allowed, and nothing is said by empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}

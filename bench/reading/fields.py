"""What the product makes of a document, in the words of the tables, and when the two agree.

A document goes the way every answer of a server goes: ``read_feed``, then ``normalise``. The one
mapping from our records to the tables' fields:

* title, link, content, published, updated: the article's own
* enclosures: its files, and the picture that stands for it
* id: the declared guid, raw, else the link (identity by policy "guid")
* author: the names of all authors; e-mail addresses are not kept
* summary, subtitle: the summary; where there is none, or none that says anything else, the content
* categories: terms and their labels
* language: the article's own, else the feed's
* feed fields: of ``normalise_info``; updated is the feed's own date

Two texts agree if they are the same without tags, entities, white space and, in lines, case. Of
bodies longer than 200 letters the beginnings are compared: what a sanitiser drops is its own table.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from aggregator.core.headers import content_type
from aggregator.core.normalise import normalise, normalise_info
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.fetched import Document
from aggregator.model.known import Article
from aggregator.model.parsed import FeedInfo, ParsedEntry, ParsedFeed, Person

Fields = Mapping[str, Any]

_BEGINNING = 200
_TAG = re.compile(r"<[^>]*>")
_ORIGIN = re.compile(r"([A-Za-z][\w+.-]*://[^/?#]*)(.*)", re.DOTALL)
_LINES = frozenset({"title", "subtitle", "language"})
_BODIES: Mapping[str, tuple[str, ...]] = {
    "summary": ("summary",),
    "content": ("content",),
    "body": ("content", "summary"),
}
_DATES: Mapping[str, tuple[str, ...]] = {
    "published": ("published",),
    "updated": ("updated",),
    "date": ("published", "updated"),
}


class Read(Struct, frozen=True):
    """One document as the tables speak of it."""

    feed: Fields
    entries: tuple[Fields, ...]


def read(body: bytes, url: str, headers: Mapping[str, str]) -> Read:
    """Return the fields of a document.

    :raises ParseError: it is no feed
    """
    media_type, charset = content_type([(name.lower(), value) for name, value in headers.items()])
    feed = read_feed(Document(url, media_type, charset, body))
    entries = ((entry, normalise(entry, feed=feed.info, base=url)) for entry in feed.entries)
    info = normalise_info(feed.info, url)
    return Read(
        feed=_feed(feed, info),
        entries=tuple(_entry(entry, article, info) for entry, article in entries),
    )


def _feed(feed: ParsedFeed, info: FeedInfo) -> Fields:
    return {
        "title": info.title,
        "subtitle": info.subtitle,
        "link": info.link,
        "id": info.id,
        "language": info.language,
        "author": _names(info.authors),
        "updated": feed.updated,
    }


def _entry(entry: ParsedEntry, article: Article, info: FeedInfo) -> Fields:
    summary = article.summary or article.content
    return {
        "id": entry.guid or article.link,
        "title": article.title,
        "link": article.link,
        "published": article.published,
        "updated": article.updated,
        "author": _names(article.authors),
        "summary": summary,
        "subtitle": summary,
        "content": article.content,
        "language": article.language or info.language,
        "categories": [name for term in article.terms for name in (term.term, term.label) if name],
        "enclosures": [*(file.url for file in article.enclosures), article.image],
    }


def _names(people: tuple[Person, ...]) -> str:
    return ", ".join(person.name or "" for person in people)


def agree(field: str, wanted: Any, said: Fields) -> bool | None:
    """Tell whether a field is as it should be; None where it is not compared."""
    if field in _LINES:
        return _plain(wanted).lower() == _plain(said.get(field)).lower()
    if field == "author":
        return _same_people(_plain(wanted).lower(), _plain(said.get(field)).lower())
    if field in _BODIES:
        return any(_same_body(_plain(wanted), _plain(said.get(name))) for name in _BODIES[field])
    if field in _DATES:
        return any(same_instant(instant(wanted), said.get(name)) for name in _DATES[field])
    if field in ("link", "id"):
        return _address(wanted) == _address(said.get(field))
    if field == "categories":
        return _folded(wanted) <= _folded(said.get(field, ()))
    if field == "enclosures":
        stated = {_address(file["url"]) for file in wanted if file.get("url")}
        return stated <= set(map(_address, said.get(field, ())))
    return None


def _plain(text: object) -> str:
    """Return the letters of a text or of HTML, whichever it is."""
    value = html.unescape(str(text or ""))
    if "<" not in str(text or ""):
        value = html.unescape(value)
    return "".join(_TAG.sub(" ", value).split())


def _same_people(wanted: str, got: str) -> bool:
    return wanted == got or (bool(wanted and got) and (wanted in got or got in wanted))


def _same_body(wanted: str, got: str) -> bool:
    if len(wanted) <= _BEGINNING:
        return wanted == got
    return wanted[:_BEGINNING] == got[:_BEGINNING]


def instant(text: object) -> datetime | None:
    """Return the instant a table states, which is ISO 8601; None where there is none."""
    return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None


def same_instant(wanted: datetime | None, got: datetime | None) -> bool:
    """Compare to the second: the tables state no more."""
    if wanted is None or got is None:
        return wanted is got
    return wanted == got or wanted == got.replace(microsecond=0)


def _address(url: object) -> str:
    """Return an address whose host is in lower case, without the last slash; other ids as is."""
    plain = str(url or "").strip()
    found = _ORIGIN.fullmatch(plain)
    return f"{found[1].lower()}{found[2]}".rstrip("/") if found else plain


def _folded(names: Any) -> set[str]:
    return {str(name).strip().lower() for name in names}

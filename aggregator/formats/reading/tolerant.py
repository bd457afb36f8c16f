"""What is not well-formed, or of a dialect nobody writes any more, read by feedparser.

Its sanitiser and its resolver stay off (``core.normalise`` does both), it gets bytes and never a
name to open, and no address of the document: a guid that is no URL would be resolved against it and
change when the feed moves. Dates are read again from its raw strings, by our own grammar.
"""

import html
import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import feedparser

from aggregator.core.dates import parse_date
from aggregator.errors import ParseError
from aggregator.formats.reading.markup import is_markup
from aggregator.formats.reading.nodes import resolve
from aggregator.formats.reading.texts import line, plain
from aggregator.formats.reading.values import (
    duration_s,
    is_url,
    length_bytes,
    minutes,
    person,
    unique_enclosures,
    unique_people,
    unique_terms,
    whole_number,
)
from aggregator.model.parsed import (
    Enclosure,
    FeedInfo,
    Link,
    Origin,
    ParsedEntry,
    ParsedFeed,
    Person,
    Rhythm,
    Term,
    Text,
)

_Dict = dict[str, Any]
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_NOT_FURTHER = frozenset({"alternate", "self", "enclosure", "edit", "hub"})
# What feedparser leaves out of a name, and what its pattern for addresses of mail runs through.
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[^<>]*>", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9_.+-]+")
_LONGEST_WORD = 1000
_TROUBLE = (
    AttributeError,
    IndexError,
    KeyError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What feedparser's handlers let through on documents nobody foresaw."""


def has_endless_word(text: str) -> bool:
    """Tell whether feedparser would not come to an end.

    It looks for addresses of mail in names, in a time that grows with the square of the longest run
    of letters: a name of 80,000 takes half a minute.
    """
    plain_text = html.unescape(_MARKUP.sub("", text))
    return any(len(word[0]) > _LONGEST_WORD for word in _WORD.finditer(plain_text))


def read_tolerantly(text: str, url: str) -> ParsedFeed:
    """Return what feedparser makes of a document.

    :raises ParseError: it makes nothing of it, or would not come to an end
    """
    if has_endless_word(text):
        raise ParseError("XML of an unknown kind with a word that does not end")
    result = _parse(text)
    feed, entries = result["feed"], result["entries"]
    if not entries and not feed and not result["version"]:
        raise ParseError("XML that looks like a feed but says nothing; check the address")
    info = _info(feed, url)
    base = info.link if info.link and is_url(info.link) else url
    return ParsedFeed(
        version=_version(result["version"]),
        info=info,
        entries=tuple(_entry(entry, base) for entry in entries),
        updated=_date(feed, "updated") or _date(feed, "published"),
        rhythm=Rhythm(ttl=minutes(_string(feed, "ttl"))),
    )


def _parse(text: str) -> _Dict:
    try:
        result: _Dict = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=dict(_HEADERS),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _TROUBLE as trouble:
        raise ParseError(f"XML that cannot be repaired ({type(trouble).__name__})") from trouble
    return result


def _version(version: str) -> str:
    return {"rss091u": "rss091", "rss091n": "rss091", "": "rss"}.get(version, version)


def _string(holder: _Dict, key: str) -> str:
    """Return a text as it stands: feedparser's own access gives one field for another."""
    value = dict.get(holder, key)
    return value.strip() if isinstance(value, str) else ""


def _dicts(holder: _Dict, key: str) -> list[_Dict]:
    value = dict.get(holder, key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _date(holder: _Dict, key: str) -> datetime | None:
    text = _string(holder, key)
    return parse_date(text) if text else None


def _info(feed: _Dict, url: str) -> FeedInfo:
    image = dict.get(feed, "image")
    picture = _string(image, "href") if isinstance(image, dict) else ""
    return FeedInfo(
        title=plain(_text(feed, "title", "")),
        subtitle=plain(_text(feed, "subtitle", "")),
        link=_absolute(url, _string(feed, "link")),
        feed_url=next(iter(_hrefs(feed, "self", url)), None),
        id=_string(feed, "id") or None,
        language=_string(feed, "language")[:35] or None,
        rights=line(_string(feed, "rights")) or None,
        authors=_people(feed, "author"),
        image=_absolute(url, picture or _string(feed, "logo")),
        icon=_absolute(url, _string(feed, "icon")),
        generator=line(_string(feed, "generator")) or None,
        hubs=tuple(_hrefs(feed, "hub", url)),
    )


def _hrefs(holder: _Dict, rel: str, base: str) -> list[str]:
    return [
        resolve(base, href)
        for link in _dicts(holder, "links")
        if _string(link, "rel") == rel and (href := _string(link, "href"))
    ]


def _absolute(base: str, reference: str) -> str | None:
    return resolve(base, reference) if reference else None


def _entry(entry: _Dict, base: str) -> ParsedEntry:
    link = _absolute(base, _string(entry, "feedburner_origlink") or _link(entry))
    content = _content(entry, link or base)
    return ParsedEntry(
        guid=_string(entry, "id") or None,
        link=link,
        title=_text(entry, "title", "") or Text(""),
        summary=_summary(entry, content, link or base),
        content=content,
        published=_date(entry, "published") or _date(entry, "created"),
        updated=_date(entry, "updated"),
        authors=_people(entry, "author"),
        contributors=_people(entry, "contributor"),
        terms=unique_terms(_terms(entry)),
        enclosures=_enclosures(entry, base),
        links=_links(entry, base),
        comments=_absolute(base, _string(entry, "comments")),
        rights=line(_string(entry, "rights")) or None,
        origin=_origin(entry, base),
        image=_image(entry, base),
        duration_s=duration_s(_string(entry, "itunes_duration")),
        explicit=_explicit(entry),
        season=whole_number(_string(entry, "itunes_season")),
        episode=whole_number(_string(entry, "itunes_episode")),
    )


def _link(entry: _Dict) -> str:
    """Return the link; feedparser takes any id for one where there is none."""
    link = _string(entry, "link")
    return "" if link == _string(entry, "id") and not is_url(link) else link


def _text(entry: _Dict, key: str, base: str) -> Text | None:
    value = _string(entry, key)
    return _typed(value, dict.get(entry, f"{key}_detail"), base) if value else None


def _typed(value: str, detail: Any, base: str) -> Text:
    kind = _string(detail, "type") if isinstance(detail, dict) else ""
    stated = _string(detail, "base") if isinstance(detail, dict) else ""
    return Text(
        value, kind in _HTML and is_markup(value), resolve(base, stated) if stated else base
    )


def _content(entry: _Dict, base: str) -> Text | None:
    found = [one for one in _dicts(entry, "content") if _string(one, "value")]
    return _typed(_string(found[0], "value"), found[0], base) if found else None


def _summary(entry: _Dict, content: Text | None, base: str) -> Text | None:
    """Return the summary; feedparser copies a content that has none into it."""
    summary = _text(entry, "summary", base)
    copied = summary is not None and content is not None and summary.value == content.value
    return None if copied else summary


def _people(holder: _Dict, role: str) -> tuple[Person, ...]:
    """Return authors or contributors; a lone one is split into name and address by our own rule.

    feedparser takes no more than four letters of an address's last label.
    """
    stated = _dicts(holder, f"{role}s")
    if len(stated) < 2 and not any(_string(one, "href") for one in stated):
        alone = unique_people([person(_string(holder, role))])
        return alone or _listed(stated)
    return _listed(stated)


def _listed(stated: Iterable[_Dict]) -> tuple[Person, ...]:
    return unique_people(
        Person(
            name=line(_string(one, "name")) or None,
            email=line(_string(one, "email")) or None,
            url=_string(one, "href") or None,
        )
        for one in stated
    )


def _terms(entry: _Dict) -> Iterable[Term]:
    for tag in _dicts(entry, "tags"):
        term = line(_string(tag, "term") or _string(tag, "label"))
        yield Term(term, _string(tag, "scheme") or None, line(_string(tag, "label")) or None)


def _enclosures(entry: _Dict, base: str) -> tuple[Enclosure, ...]:
    links = [one for one in _dicts(entry, "links") if _string(one, "rel") == "enclosure"]
    return unique_enclosures(
        Enclosure(
            url=resolve(base, address),
            media_type=_string(one, "type") or None,
            length_bytes=length_bytes(_string(one, "length") or _string(one, "filesize")),
            title=line(_string(one, "title")) or None,
            duration_s=duration_s(_string(one, "duration")),
        )
        for one in [*links, *_dicts(entry, "media_content")]
        if (address := _string(one, "href") or _string(one, "url"))
    )


def _links(entry: _Dict, base: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            resolve(base, href), rel, _string(link, "type") or None, _string(link, "title") or None
        )
        for link in _dicts(entry, "links")
        if (href := _string(link, "href")) and (rel := _string(link, "rel")) not in _NOT_FURTHER
    )


def _origin(entry: _Dict, base: str) -> Origin | None:
    source = dict.get(entry, "source")
    if not isinstance(source, dict):
        return None
    return Origin(
        title=line(_string(source, "title")) or None,
        link=_absolute(base, _string(source, "link")),
        feed_url=_absolute(base, _string(source, "href"))
        or next(iter(_hrefs(source, "self", base)), None),
        id=_string(source, "id") or None,
        rights=line(_string(source, "rights")) or None,
    )


def _image(entry: _Dict, base: str) -> str | None:
    thumbnails = (_string(one, "url") for one in _dicts(entry, "media_thumbnail"))
    image = dict.get(entry, "image")
    stated = _string(image, "href") if isinstance(image, dict) else ""
    return _absolute(base, next(thumbnails, "") or stated)


def _explicit(entry: _Dict) -> bool | None:
    value = dict.get(entry, "itunes_explicit")
    return value if isinstance(value, bool) else None

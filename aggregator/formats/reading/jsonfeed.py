"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), read as far as it can be.

A field of the wrong type is a field that is missing; numbers count as the text they were written
as, so that an id of 1.0 or of a thousand digits stays what it was. What templates and caches break
is mended: commas before the end of a list, and what stands before and behind the document. One that
breaks off keeps the items that were complete.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from aggregator.core.dates import parse_date
from aggregator.errors import ParseError
from aggregator.formats.reading.markup import is_marked_title
from aggregator.formats.reading.nodes import resolve
from aggregator.formats.reading.texts import line
from aggregator.formats.reading.values import (
    duration_s,
    length_bytes,
    split_terms,
    unique_enclosures,
    unique_people,
    unique_terms,
)
from aggregator.model.parsed import (
    Enclosure,
    FeedInfo,
    Link,
    ParsedEntry,
    ParsedFeed,
    Person,
    Term,
    Text,
)

_Object = dict[str, Any]
_VERSION = "jsonfeed.org/version/"
_NO_FEED = "JSON that is no feed; check the address"
# A text that ends in half an escape ends, too: else each quote in it would be tried as a beginning.
_SPARE_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*[\]}])', re.DOTALL)
_ITEMS = re.compile(r'"items"\s*:\s*\[', re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*")


class _Loaded(NamedTuple):
    feed: _Object
    warnings: tuple[str, ...] = ()
    whole: bool = True


def read_json(text: str, url: str) -> ParsedFeed:
    """Return the feed in a JSON document.

    :raises ParseError: the JSON is broken, or no feed
    """
    loaded = _load(text)
    feed = loaded.feed
    items = feed.get("items")
    stated = _text(feed, "version")
    if _VERSION not in stated and not (isinstance(items, list) and _text(feed, "title")):
        raise ParseError(_NO_FEED)
    found = items if isinstance(items, list) else []
    info = _info(feed, url)
    entries = [_entry(item, info, url) for item in found if isinstance(item, dict) and item]
    odd = len(found) - len(entries)
    return ParsedFeed(
        version="json10" if stated.rstrip("/").endswith(("/1", "/1.0")) else "json11",
        info=info,
        entries=tuple(entries),
        older=_address(feed, "next_url", url),
        warnings=(
            *loaded.warnings,
            *((f"{odd} items that are no objects were left out",) if odd else ()),
        ),
        whole=loaded.whole,
    )


def _load(text: str) -> _Loaded:
    """Return the object in a text, mended where need be.

    :raises ParseError: there is none
    """
    try:
        return _plain(text) or _mended(text) or _broken_off(text) or _refused(text)
    except RecursionError as error:
        raise ParseError("JSON that is nested too deeply; such feeds are not read") from error


def _plain(text: str) -> _Loaded | None:
    try:
        found, end = _DECODER.raw_decode(text.lstrip())
    except ValueError:
        return None
    if not isinstance(found, dict):
        raise ParseError(_NO_FEED)
    junk = text.lstrip()[end:].strip()
    return _Loaded(found, ("what stood behind the document was skipped",) if junk else ())


def _mended(text: str) -> _Loaded | None:
    loaded = _plain(_SPARE_COMMA.sub(lambda match: match[1] or "", text))
    said = "commas before the end of a list were taken out"
    return loaded._replace(warnings=(said, *loaded.warnings)) if loaded else None


def _broken_off(text: str) -> _Loaded | None:
    """Keep the items before the place where a document breaks off or is broken."""
    begun = _ITEMS.search(text)
    loaded = _plain(text[: begun.end()] + "]}") if begun else None
    if begun is None or loaded is None:
        return None
    said = "the document breaks off; the items before the break were kept"
    items = list(_items(text, begun.end()))
    return _Loaded(loaded.feed | {"items": items}, (said,), whole=False)


def _items(text: str, position: int) -> Iterator[object]:
    """Yield the values from a place on, up to the first that is broken."""
    while between := _BETWEEN.match(text, position):
        try:
            item, position = _DECODER.raw_decode(text, between.end())
        except ValueError:
            return
        yield item


def _refused(text: str) -> _Loaded:
    try:
        _DECODER.decode(text)
    except ValueError as error:
        raise ParseError(f"broken JSON ({str(error)[:80]}); the site must mend it") from error
    raise ParseError(_NO_FEED)


def _nothing(_constant: str) -> None:
    """Read NaN and Infinity, which are no JSON, as null."""


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    """Make an object of keys in lower case ("Title"); one that stood so outranks the others."""
    found = {key.lower(): value for key, value in pairs}
    return found | {key: value for key, value in pairs if key in found}


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=str,
    parse_float=str,
    parse_constant=_nothing,
    strict=False,
)


def _text(holder: _Object, key: str) -> str:
    value = holder.get(key)
    return value.strip() if isinstance(value, str) else ""


def _address(holder: _Object, key: str, base: str) -> str | None:
    found = _text(holder, key)
    return resolve(base, found) if found else None


def _objects(holder: _Object, key: str) -> list[_Object]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _info(feed: _Object, url: str) -> FeedInfo:
    return FeedInfo(
        title=line(_text(feed, "title")) or None,
        subtitle=line(_text(feed, "description")) or None,
        link=_address(feed, "home_page_url", url),
        feed_url=_address(feed, "feed_url", url),
        language=_text(feed, "language")[:35] or None,
        authors=_authors(feed),
        image=_address(feed, "icon", url),
        icon=_address(feed, "favicon", url),
        hubs=tuple(hub for one in _objects(feed, "hubs") if (hub := _address(one, "url", url))),
    )


def _entry(item: _Object, info: FeedInfo, url: str) -> ParsedEntry:
    base = info.link or url
    external = _address(item, "external_url", base)
    link = _address(item, "url", base) or external
    summary = _text(item, "summary")
    title = line(_text(item, "title"))
    language = _text(item, "language")[:35]
    return ParsedEntry(
        guid=_text(item, "id") or None,
        link=link,
        title=Text(title, is_marked_title(title, entities=False)),
        summary=Text(summary, base=link or base) if summary else None,
        content=_content(item, link or base),
        published=_date(item, "date_published"),
        updated=_date(item, "date_modified"),
        authors=_authors(item),
        terms=unique_terms(_terms(item)),
        enclosures=unique_enclosures(_attachments(item, base)),
        links=(Link(external, "related"),) if external and external != link else (),
        language=language if language and language != info.language else None,
        image=_address(item, "image", base) or _address(item, "banner_image", base),
    )


def _content(item: _Object, base: str) -> Text | None:
    if html := _text(item, "content_html"):
        return Text(html, True, base)
    plain = _text(item, "content_text")
    return Text(plain, False, base) if plain else None


def _date(item: _Object, key: str) -> datetime | None:
    text = _text(item, key)
    return parse_date(text) if text else None


def _authors(holder: _Object) -> tuple[Person, ...]:
    """Return 1.1's authors, else 1.0's author; a bare name or object is taken for one."""
    found = holder.get("authors")
    several = found if isinstance(found, list) else [found]
    return unique_people(map(_person, several)) or unique_people([_person(holder.get("author"))])


def _person(value: object) -> Person | None:
    if isinstance(value, str):
        return Person(name=line(value)) if value.strip() else None
    if not isinstance(value, dict):
        return None
    name, url = line(_text(value, "name")) or None, _text(value, "url") or None
    # The specification allows "mailto:" there.
    if url and url.lower().startswith("mailto:"):
        return Person(name=name, email=url[len("mailto:") :])
    return Person(name=name, url=url)


def _terms(item: _Object) -> Iterator[Term]:
    tags = item.get("tags")
    if isinstance(tags, str):
        yield from split_terms(tags)
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, str):
            yield Term(line(tag))


def _attachments(item: _Object, base: str) -> Iterator[Enclosure]:
    for one in _objects(item, "attachments"):
        if url := _address(one, "url", base):
            yield Enclosure(
                url=url,
                media_type=_text(one, "mime_type").lower() or None,
                length_bytes=length_bytes(_text(one, "size_in_bytes").partition(".")[0]),
                title=line(_text(one, "title")) or None,
                duration_s=duration_s(_text(one, "duration_in_seconds")),
            )

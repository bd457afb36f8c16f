"""The gate every rendering passes before it replaces the last good bytes.

A feed that does not parse is worth less than yesterday's: readers drop it whole. So ``check_…``
looks at the bytes alone: whole and well-formed to a strict parser, no DTD, not beyond all measure,
every entry with an id of its own and a date. libxml2 is that parser, without its repairs: it knows
namespaces, too, which expat does not.

One that parses and says nonsense is worse still: subscribers get everything again, or lose
everything. ``core.plausible`` holds those, seen from what the feed said last. What was read is
returned, so that whoever wrote it can tell that it is what was meant.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree
from msgspec import Struct

from aggregator.core.artifacts import MAX_BYTES
from aggregator.errors import RenderError
from aggregator.model.shown import Summary

_ATOM = "{http://www.w3.org/2005/Atom}"
_FEED, _RSS = f"{_ATOM}feed", "rss"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class _Entry(Struct, frozen=True):
    id: str | None
    link: str | None
    date: str | None


def check_xml(body: bytes) -> None:
    """Raise RenderError unless the bytes are well-formed XML 1.0 without a DTD."""
    _xml(body)


def check_atom(body: bytes) -> Summary:
    """Raise RenderError unless the bytes are an Atom feed whose entries have ids and dates."""
    feed = _xml(body, _FEED)
    return _checked([_atom_entry(entry) for entry in feed.iterchildren(f"{_ATOM}entry")])


def check_rss(body: bytes) -> Summary:
    """Raise RenderError unless the bytes are an RSS feed whose items have guids and dates."""
    return _checked([_rss_item(item) for item in _xml(body, _RSS).iterfind("channel/item")])


def check_json(body: bytes) -> Summary:
    """Raise RenderError unless the bytes are a JSON Feed whose items have ids and dates."""
    _check_size(body)
    return _checked(_json_items(_json(body)))


def check_html(body: bytes) -> None:
    """Raise RenderError unless the bytes are a whole page in UTF-8."""
    if not _text(body).rstrip().endswith("</html>"):
        raise RenderError("the page written has no end")


def check_text(body: bytes) -> None:
    """Raise RenderError unless the bytes are some text in UTF-8."""
    if not _text(body).strip():
        raise RenderError("the file written is empty")


# -- reading our own bytes -----------------------------------------------------------------------


def _xml(body: bytes, kind: str | None = None) -> etree._Element:
    _check_size(body)
    try:
        document = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise RenderError(f"the XML written is not well-formed: {error}") from error
    info: Any = document.getroottree().docinfo
    if info.doctype:
        raise RenderError("the XML written has a DTD")
    if kind and document.tag != kind:
        raise RenderError(f"the XML written is another kind of document: {document.tag}")
    return document


def _atom_entry(entry: etree._Element) -> _Entry:
    links = entry.iterchildren(f"{_ATOM}link")
    own = (link.get("href") for link in links if link.get("rel", "alternate") == "alternate")
    date = entry.findtext(f"{_ATOM}published") if entry.findtext(f"{_ATOM}updated") else None
    return _Entry(entry.findtext(f"{_ATOM}id"), next(own, None), date)


def _rss_item(item: etree._Element) -> _Entry:
    return _Entry(item.findtext("guid"), item.findtext("link"), item.findtext("pubDate"))


def _json_items(document: Mapping[str, Any]) -> list[_Entry]:
    version, items = document.get("version"), document.get("items")
    if not str(version).startswith("https://jsonfeed.org/version/") or not isinstance(items, list):
        raise RenderError("the JSON written is no JSON Feed")
    return [_Entry(item.get("id"), item.get("url"), item.get("date_published")) for item in items]


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise RenderError(f"the JSON written cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise RenderError("the JSON written is no object")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that has a key twice: readers disagree on which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _moment(text: str | None) -> datetime | None:
    """Read a date we wrote: RFC 3339 in Z, or RFC 822 in GMT."""
    if not text:
        return None
    try:
        if _RFC3339.fullmatch(text):
            return datetime.fromisoformat(text)
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


# -- judging them --------------------------------------------------------------------------------


def _checked(entries: Sequence[_Entry]) -> Summary:
    seen: dict[str, None] = {}
    links: dict[str, str] = {}
    dates = []
    for number, entry in enumerate(entries, 1):
        if not entry.id:
            raise RenderError(f"entry {number} has no id")
        if entry.id in seen:
            raise RenderError(f"two entries have the id {entry.id[:200]}")
        moment = _moment(entry.date)
        if moment is None:
            raise RenderError(f"entry {number} has no date: {entry.id[:200]}")
        seen[entry.id] = None
        dates.append(moment)
        if entry.link:
            links[entry.link] = entry.id
    return Summary(ids=tuple(seen), links=links, newest=max(dates, default=None))


def _check_size(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise RenderError(f"it is too large: {len(body)} bytes, at most {MAX_BYTES} are published")


def _text(body: bytes) -> str:
    _check_size(body)
    try:
        return body.decode("utf-8")
    except ValueError as error:
        raise RenderError(f"the text written is not UTF-8: {error}") from error

"""The gate every rendering passes before it replaces the last good bytes.

A feed that does not parse is worth less than yesterday's: readers drop it whole. So ``check_…``
looks at the bytes alone: whole and well-formed to a strict parser, no DTD, not beyond all measure,
every entry with an id of its own and a date.

One that parses and says nonsense is worse still: subscribers get everything again, or lose
everything. ``summary`` reads back what was written, for ``core.plausible`` to compare it with what
the feed said last.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.parsers import expat

from lxml import etree

from aggregator.errors import RenderError
from aggregator.model.shown import Summary

MAX_BYTES = 64 * 1024 * 1024
"""Of one document. Real feeds are below 1 MB; ten times the largest body we poll is no feed."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_FEED, _RSS = f"{_ATOM}feed", "rss"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str | None
    link: str | None
    date: str | None


def check_xml(body: bytes) -> None:
    """Raise RenderError unless the bytes are well-formed XML 1.0 without a DTD."""
    _check_size(body)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_dtd
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise RenderError(f"the XML written is not well-formed: {error}") from error


def check_atom(body: bytes) -> None:
    """Raise RenderError unless the bytes are an Atom feed whose entries have ids and dates."""
    check_xml(body)
    _check_entries(_xml_entries(body, _FEED))


def check_rss(body: bytes) -> None:
    """Raise RenderError unless the bytes are an RSS feed whose items have guids and dates."""
    check_xml(body)
    _check_entries(_xml_entries(body, _RSS))


def check_json(body: bytes) -> None:
    """Raise RenderError unless the bytes are a JSON Feed whose items have ids and dates."""
    _check_size(body)
    _check_entries(_json_entries(_json(body)))


def check_html(body: bytes) -> None:
    """Raise RenderError unless the bytes are a whole page in UTF-8."""
    if not _text(body).rstrip().endswith("</html>"):
        raise RenderError("the page written has no end")


def check_text(body: bytes) -> None:
    """Raise RenderError unless the bytes are some text in UTF-8."""
    if not _text(body).strip():
        raise RenderError("the file written is empty")


def summary(body: bytes) -> Summary:
    """Read what a feed in any of our formats says.

    :raises RenderError: it is none
    """
    entries = _json_entries(_json(body)) if body[:1] == b"{" else _xml_entries(body, _FEED, _RSS)
    dates = filter(None, (_moment(entry.date) for entry in entries))
    return Summary(
        ids=tuple(entry.id for entry in entries if entry.id),
        links={entry.link: entry.id for entry in entries if entry.link and entry.id},
        newest=max(dates, default=None),
    )


# -- reading our own bytes -----------------------------------------------------------------------


def _xml_entries(body: bytes, *kinds: str) -> list[_Entry]:
    try:
        document = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError as error:
        raise RenderError(f"the XML written cannot be read: {error}") from error
    if document.tag not in kinds:
        raise RenderError(f"the XML written is another kind of document: {document.tag}")
    if document.tag == _RSS:
        return [_rss_item(item) for item in document.iterfind("channel/item")]
    return [_atom_entry(entry) for entry in document.iterchildren(f"{_ATOM}entry")]


def _atom_entry(entry: etree._Element) -> _Entry:
    links = entry.iterchildren(f"{_ATOM}link")
    own = (link.get("href") for link in links if link.get("rel", "alternate") == "alternate")
    date = entry.findtext(f"{_ATOM}published") if entry.findtext(f"{_ATOM}updated") else None
    return _Entry(entry.findtext(f"{_ATOM}id"), next(own, None), date)


def _rss_item(item: etree._Element) -> _Entry:
    return _Entry(item.findtext("guid"), item.findtext("link"), item.findtext("pubDate"))


def _json_entries(document: Mapping[str, Any]) -> list[_Entry]:
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


def _check_entries(entries: Iterable[_Entry]) -> None:
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if not entry.id:
            raise RenderError(f"entry {number} has no id")
        if entry.id in seen:
            raise RenderError(f"two entries have the id {entry.id[:200]}")
        if _moment(entry.date) is None:
            raise RenderError(f"entry {number} has no date: {entry.id[:200]}")
        seen.add(entry.id)


def _check_size(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise RenderError(f"it is too large: {len(body)} bytes, at most {MAX_BYTES} are published")


def _text(body: bytes) -> str:
    _check_size(body)
    try:
        return body.decode("utf-8")
    except ValueError as error:
        raise RenderError(f"the text written is not UTF-8: {error}") from error


def _refuse_dtd(*_: object) -> None:
    raise RenderError("the XML written has a DTD")

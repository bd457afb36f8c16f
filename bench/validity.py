"""What the three formats demand, as functions that list every breach.

Atom: RFC 4287 (section numbers in brackets). RSS: the RSS 2.0 specification and its Best Practices
Profile. JSON Feed: version 1.1. And what the public validator of feeds holds against them besides:
``advice`` lists that, with what it says of the HTML in them, for documents that went the whole way
from a source to here.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from xml.parsers import expat

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

RFC3339 = re.compile(r"\d{4}-(0[1-9]|1[0-2])-[0-3]\d[T]([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d"
    r" (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT"
)
MEDIA_TYPE = re.compile(r"[^\s/;]+/[^\s/;]+")
LANGUAGE = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,8})*")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[0-9A-Za-z;/?:@&=+$.\-_!~*'(),%#]+")
HTTP = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9._-]*(:\d{1,5})?([/?#][^\s<>\"{}|\\^`\[\]]*)?",
    re.ASCII,
)


def atom_breaches(body: bytes) -> list[str]:
    return list(_atom(_parsed(body)))


def rss_breaches(body: bytes) -> list[str]:
    return list(_rss(_parsed(body)))


def json_breaches(body: bytes) -> list[str]:
    return list(_json(json.loads(body.decode("utf-8"), parse_constant=str)))


def _parsed(body: bytes) -> etree._Element:
    """Parse by the two strict parsers every reader is built on."""
    expat.ParserCreate().Parse(body, True)
    return etree.parse(BytesIO(body), etree.XMLParser(resolve_entities=False)).getroot()


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


# -- Atom ----------------------------------------------------------------------------------------

_ONCE = {
    "feed": ("id", "title", "updated"),
    "entry": ("id", "title", "updated"),
    "source": (),
}
_AT_MOST_ONCE = {
    "feed": ("generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("content", "published", "rights", "source", "summary"),
    "source": ("generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated"),
}
_MANY = ("author", "category", "contributor", "link", "entry")


def _atom(root: etree._Element) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield f"the root is {root.tag}"
    yield from _container(root, "feed")
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        yield from _container(entry, "entry")
        yield from _entry(entry, root)
        for source in entry.iterchildren(f"{ATOM}source"):
            yield from _container(source, "source")
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    yield from (f"id {name} stands {times} times" for name, times in ids.items() if times > 1)


def _container(element: etree._Element, kind: str) -> Iterator[str]:
    """Check what feed, entry and source have in common [4.1]."""
    names = [_local(child) for child in element if child.tag.startswith(ATOM)]
    count = Counter(names)
    yield from (f"{kind} has {count[n]} of {n}" for n in _ONCE[kind] if count[n] != 1)
    yield from (f"{kind} has {count[n]} of {n}" for n in _AT_MOST_ONCE[kind] if count[n] > 1)
    known = {*_ONCE[kind], *_AT_MOST_ONCE[kind], *_MANY}
    yield from (f"{kind} has an unknown {name}" for name in names if name not in known)
    yield from _alternates(element, kind)
    for child in element:
        yield from _construct(child)
    lang = element.get(XML_LANG)
    if lang is not None and not LANGUAGE.fullmatch(lang):
        yield f"xml:lang {lang}"


def _alternates(element: etree._Element, kind: str) -> Iterator[str]:
    """Check that no two alternates have one type and language [4.1.1, 4.1.2]."""
    alternates = Counter(
        (link.get("type"), link.get("hreflang"))
        for link in element.iterchildren(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    )
    yield from (f"{kind} has {n} alternates of {key}" for key, n in alternates.items() if n > 1)


def _entry(entry: etree._Element, feed: etree._Element) -> Iterator[str]:
    content = entry.find(f"{ATOM}content")
    links = [link.get("rel", "alternate") for link in entry.iterchildren(f"{ATOM}link")]
    if content is None and "alternate" not in links:
        yield "an entry has neither content nor an alternate link"
    if not any(
        holder is not None and holder.find(f"{ATOM}author") is not None
        for holder in (entry, entry.find(f"{ATOM}source"), feed)
    ):
        yield "an entry has no author"
    if not (entry.findtext(f"{ATOM}title") or "").strip():
        yield "an entry's title is blank"


def _construct(child: etree._Element) -> Iterator[str]:
    name, text = _local(child), child.text or ""
    if not child.tag.startswith(ATOM):
        return
    if name in ("updated", "published") and not RFC3339.fullmatch(text):
        yield f"{name} {text!r}"
    if name == "id" and not IRI.fullmatch(text):
        yield f"id {text!r}"
    if name in ("title", "subtitle", "summary", "rights", "content"):
        yield from _text_construct(child)
    if name == "link":
        yield from _link(child)
    if name == "category" and not child.get("term"):
        yield "a category without a term"
    if name == "category" and child.get("scheme") and not IRI.fullmatch(child.get("scheme", "")):
        yield f"scheme {child.get('scheme')!r}"
    if name in ("author", "contributor"):
        yield from _person(child)


def _text_construct(child: etree._Element) -> Iterator[str]:
    if child.get("type", "text") not in ("text", "html"):
        yield f"type {child.get('type')!r}"
    if len(child):
        yield f"{_local(child)} has child elements"


def _link(link: etree._Element) -> Iterator[str]:
    if not HTTP.fullmatch(link.get("href", "")):
        yield f"href {link.get('href')!r}"
    rel, kind, length = link.get("rel"), link.get("type"), link.get("length")
    if rel is not None and not (re.fullmatch(r"[a-z][a-z0-9.-]*", rel) or IRI.fullmatch(rel)):
        yield f"rel {rel!r}"
    if kind is not None and not MEDIA_TYPE.fullmatch(kind):
        yield f"link type {kind!r}"
    if length is not None and not length.isdecimal():
        yield f"length {length!r}"
    if link.get("title") == "":
        yield "an empty title of a link"


def _person(person: etree._Element) -> Iterator[str]:
    if not (person.findtext(f"{ATOM}name") or "").strip():
        yield "a person without a name"
    email, uri = person.findtext(f"{ATOM}email"), person.findtext(f"{ATOM}uri")
    if email is not None and not EMAIL.fullmatch(email):
        yield f"email {email!r}"
    if uri is not None and not HTTP.fullmatch(uri):
        yield f"uri {uri!r}"


# -- RSS -----------------------------------------------------------------------------------------

_ITEM_ONCE = (
    "title",
    "link",
    "description",
    "author",
    "comments",
    "enclosure",
    "guid",
    "pubDate",
    "source",
    "{http://purl.org/rss/1.0/modules/content/}encoded",
    "{http://www.w3.org/2005/Atom}updated",
)


def _rss(root: etree._Element) -> Iterator[str]:
    if root.tag != "rss" or root.get("version") != "2.0":
        yield f"the root is {root.tag} {root.get('version')}"
    channel = root.find("channel")
    if channel is None or len(root) != 1:
        yield "not one channel"
        return
    count = Counter(child.tag for child in channel)
    for name in ("title", "link", "description", "lastBuildDate", "generator"):
        if count[name] != 1 or not (channel.findtext(name) or "").strip():
            yield f"channel has {count[name]} of {name}"
    language = channel.findtext("language")
    if count["language"] > 1 or (language is not None and not LANGUAGE.fullmatch(language)):
        yield f"language {language!r}"
    if not RFC822.fullmatch(channel.findtext("lastBuildDate") or ""):
        yield f"lastBuildDate {channel.findtext('lastBuildDate')!r}"
    selfs = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(selfs) != 1:
        yield f"{len(selfs)} links to itself"
    items = channel.findall("item")
    for item in items:
        yield from _item(item)
    guids = Counter(item.findtext("guid") for item in items)
    yield from (f"guid {name} stands {times} times" for name, times in guids.items() if times > 1)


def _item(item: etree._Element) -> Iterator[str]:
    count = Counter(child.tag for child in item)
    yield from (f"an item has {count[name]} of {name}" for name in _ITEM_ONCE if count[name] > 1)
    if not count["pubDate"]:
        yield "an item without a pubDate"
    if not (item.findtext("title") or item.findtext("description")):
        yield "an item has neither title nor description"
    if count["{http://purl.org/rss/1.0/modules/content/}encoded"] and not count["description"]:
        yield "content without a description"
    if count["author"] and count[f"{DC}creator"]:
        yield "both author and dc:creator"
    yield from _guid(item)
    for child in item:
        if child.tag in _ITEM_PARTS:
            yield from _ITEM_PARTS[child.tag](child)


def _guid(item: etree._Element) -> Iterator[str]:
    guid = item.find("guid")
    if guid is None or not guid.text:
        yield "an item without a guid"
        return
    permalink = guid.get("isPermaLink")
    if permalink not in ("true", "false"):
        yield f"isPermaLink {permalink!r}"
    if (permalink == "true") != (guid.text == item.findtext("link")):
        yield f"isPermaLink is {permalink} for {guid.text}"


def _enclosure(enclosure: etree._Element) -> Iterator[str]:
    if not HTTP.fullmatch(enclosure.get("url", "")):
        yield f"enclosure {enclosure.get('url')!r}"
    if not enclosure.get("length", "").isdecimal():
        yield f"enclosure length {enclosure.get('length')!r}"
    if not MEDIA_TYPE.fullmatch(enclosure.get("type", "")):
        yield f"enclosure type {enclosure.get('type')!r}"


def _source(source: etree._Element) -> Iterator[str]:
    if not HTTP.fullmatch(source.get("url", "")) or not source.text:
        yield f"source {source.get('url')!r}"


def _text_like(pattern: re.Pattern[str]) -> Callable[[etree._Element], Iterator[str]]:
    def breaches(element: etree._Element) -> Iterator[str]:
        if not pattern.fullmatch(element.text or ""):
            yield f"{element.tag} {element.text!r}"

    return breaches


_ITEM_PARTS = {
    "author": _text_like(re.compile(r"[^@\s]+@[^@\s]+( \(.+\))?")),
    "category": _text_like(re.compile(r".*\S.*")),
    "comments": _text_like(HTTP),
    "enclosure": _enclosure,
    "link": _text_like(HTTP),
    "pubDate": _text_like(RFC822),
    "source": _source,
}


# -- JSON Feed -----------------------------------------------------------------------------------

_TEXT = (str,)
_TOP = {
    "version": _TEXT,
    "title": _TEXT,
    "home_page_url": _TEXT,
    "feed_url": _TEXT,
    "description": _TEXT,
    "next_url": _TEXT,
    "language": _TEXT,
    "hubs": (list,),
    "items": (list,),
}
_ITEM = {
    "id": _TEXT,
    "url": _TEXT,
    "external_url": _TEXT,
    "title": _TEXT,
    "content_html": _TEXT,
    "content_text": _TEXT,
    "summary": _TEXT,
    "image": _TEXT,
    "date_published": _TEXT,
    "date_modified": _TEXT,
    "authors": (list,),
    "tags": (list,),
    "language": _TEXT,
    "attachments": (list,),
}
_ATTACHMENT = {
    "url": _TEXT,
    "mime_type": _TEXT,
    "title": _TEXT,
    "size_in_bytes": (int,),
    "duration_in_seconds": (int,),
}
_AUTHOR = {"name": _TEXT, "url": _TEXT, "avatar": _TEXT}
_HUB = {"type": _TEXT, "url": _TEXT}


def _json(document: dict[str, Any]) -> Iterator[str]:
    yield from _object(document, _TOP, ("version", "title", "items"))
    if document.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"version {document.get('version')!r}"
    for hub in document.get("hubs", []):
        yield from _object(hub, _HUB, ("type", "url"))
    items = document.get("items", [])
    for item in items:
        yield from _json_item(item)
    ids = Counter(item.get("id") for item in items)
    yield from (f"id {name} stands {times} times" for name, times in ids.items() if times > 1)


def _json_item(item: dict[str, Any]) -> Iterator[str]:
    yield from _object(item, _ITEM, ("id", "date_published"))
    if "content_html" not in item and "content_text" not in item:
        yield "an item without content"
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
        yield "a tag is no text"
    for author in item.get("authors", []):
        yield from _object(author, _AUTHOR, ())
        if not author:
            yield "an empty author"
    for attachment in item.get("attachments", []):
        yield from _object(attachment, _ATTACHMENT, ("url", "mime_type"))


def _object(found: dict[str, Any], known: dict[str, Any], needed: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{name} is missing" for name in needed if found.get(name) in (None, ""))
    for name, value in found.items():
        if name.startswith("_"):
            if not isinstance(value, dict) or not re.fullmatch(r"_[a-zA-Z][^.]*", name):
                yield f"extension {name}"
        elif name not in known:
            yield f"unknown {name}"
        elif not isinstance(value, known[name]) or isinstance(value, bool):
            yield f"{name} is {type(value).__name__}"
        elif name.endswith("url") or name == "image":
            if not HTTP.fullmatch(value):
                yield f"{name} {value!r}"
        elif name.startswith("date_") and not RFC3339.fullmatch(value):
            yield f"{name} {value!r}"
        elif name == "language" and not LANGUAGE.fullmatch(value):
            yield f"language {value!r}"


# -- what a public validator says besides --------------------------------------------------------

_DECLARED = frozenset(
    {
        "http://www.w3.org/2005/Atom",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://search.yahoo.com/mrss/",
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://purl.org/syndication/history/1.0",
        "urn:atom-extension:indexing",
    }
)
_XML = b"<?xml version='1.0' encoding='UTF-8'?>\n"
_ACTIVE = re.compile(
    "applet|base|button|embed|form|frame|frameset|iframe|input|link|meta|noscript|object|script"
    "|select|style|textarea"
)
_OBSOLETE = frozenset({"rb", "rtc"})
_ADDRESSES = frozenset({"href", "src", "poster", "cite", "action", "longdesc"})
_BARE = re.compile(
    rb"<(?:title|subtitle|name|rights|category|source|dc:\w+)\b[^<]*&(?:amp|lt);[^<]*"
    rb"|<(?:atom:)?link\b[^<]* title=\"[^<]*&(?:amp|lt);[^<]*"
)
_NONCHARACTER = re.compile(
    f"[\ufdd0-\ufdef{''.join(chr(n * 65536 + 65534) + chr(n * 65536 + 65535) for n in range(17))}]"
)
_HOSTED = re.compile(r"https?://([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(:\d+)?(/|$)")
_TAG_ID = re.compile(r"tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[^\s\[\]]*")
_ACTING = re.compile(r"\s*(javascript:|vbscript:|data:text)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def advice(body: bytes, url: str) -> list[str]:
    """List what is wrong with a document that is served under this address."""
    if body.startswith(b"{"):
        return list(_json_advice(json.loads(body), url))
    root = _parsed(body)
    common = _xml_advice(body, root, url)
    return [*common, *(_atom_advice(root) if root.tag == f"{ATOM}feed" else _rss_advice(root))]


def _xml_advice(body: bytes, root: etree._Element, url: str) -> Iterator[str]:
    if not body.startswith(_XML):
        yield "the XML declaration names no encoding"
    yield from (f"not written as a plain text: {bare.decode()}" for bare in _BARE.findall(body))
    yield from (f"noncharacter {found!r}" for found in _NONCHARACTER.findall(body.decode()))
    for cover in root.iter("{http://www.itunes.com/dtds/podcast-1.0.dtd}image"):
        if not _HOSTED.match(cover.get("href", "")):
            yield f"itunes:image {cover.get('href')}"
    unknown = set(root.nsmap.values()) - _DECLARED
    yield from (f"the root declares {name}" for name in sorted(map(str, unknown)))
    holder = root if root.tag == f"{ATOM}feed" else root.find("channel")
    links = [] if holder is None else holder.findall(f"{ATOM}link")
    kind = "atom" if root.tag == f"{ATOM}feed" else "rss"
    own = [(link.get("href"), link.get("type")) for link in links if link.get("rel") == "self"]
    if own != [(url, f"application/{kind}+xml")]:
        yield f"it links itself as {own}, and is {url}"
    rels = {link.get("rel") for link in links}
    parts = [] if holder is None else holder.findall("{http://purl.org/syndication/history/1.0}*")
    history = {_local(part) for part in parts}
    if "complete" in history and rels & {"prev-archive", "next-archive", "current"}:
        yield "a complete feed has an archive"
    if "archive" in history and "current" not in rels:
        yield "a page of an archive names no current document"


def _atom_advice(root: etree._Element) -> Iterator[str]:
    entries = root.findall(f"{ATOM}entry")
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    if dates and root.findtext(f"{ATOM}updated") != max(dates):
        yield "it is not as new as its newest entry"
    for entry in entries:
        name = entry.findtext(f"{ATOM}id") or ""
        if not _is_id(name):
            yield f"id {name!r}"
        if (entry.findtext(f"{ATOM}updated") or "") < (entry.findtext(f"{ATOM}published") or ""):
            yield f"{name} was changed before it was published"
        source = entry.find(f"{ATOM}source")
        if source is None or source.findtext(f"{ATOM}id") is None:
            yield f"{name} has no source"
        texts = [entry.findtext(f"{ATOM}{part}") for part in ("content", "summary")]
        if not any(texts):
            yield f"{name} has no text"
        yield from (f"{name}: {words}" for text in texts for words in html_advice(text))


def _rss_advice(root: etree._Element) -> Iterator[str]:
    for item in root.iterfind("channel/item"):
        name = item.findtext("guid") or ""
        order = [child.tag for child in item]
        encoded = "{http://purl.org/rss/1.0/modules/content/}encoded"
        if encoded in order and "description" not in order[: order.index(encoded)]:
            yield f"{name}: content before its description"
        for enclosure in item.iterfind("enclosure"):
            if not _HOSTED.match(enclosure.get("url", "")):
                yield f"{name}: enclosure {enclosure.get('url')}"
        for part in ("description", encoded):
            yield from (f"{name}: {words}" for words in html_advice(item.findtext(part)))


def _json_advice(document: dict[str, Any], url: str) -> Iterator[str]:
    page = "/archive/" in url
    if not page and document.get("feed_url") != url:
        yield f"it names itself {document.get('feed_url')}, and is {url}"
    if document.get("next_url") == document.get("feed_url"):
        yield "its next page is itself"
    for item in document["items"]:
        if item.get("date_modified", "9") < item["date_published"]:
            yield f"{item['id']} was changed before it was published"
        yield from (f"{item['id']}: {words}" for words in html_advice(item.get("content_html")))


def _is_id(name: str) -> bool:
    """Tell whether a name keeps the grammar of its scheme (RFC 3986, 4151, 2141, 4122)."""
    if name.lower().startswith("urn:uuid:"):
        return bool(re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", name[9:]))
    if name.startswith("tag:"):
        return bool(_TAG_ID.fullmatch(name))
    return bool(URI.fullmatch(name))


class _Html(HTMLParser):
    """Lists what a reader would rather not find in a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _ACTIVE.fullmatch(tag) or tag in _OBSOLETE:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"<{tag} {name}>")
            if name in _ADDRESSES and not _ABSOLUTE.match(value or ""):
                self.found.append(f"<{tag} {name}={value!r}> is no absolute address")
            if name in _ADDRESSES and _ACTING.match(value or ""):
                self.found.append(f"<{tag} {name}={value!r}>")


def html_advice(html: str | None) -> list[str]:
    """List what is active or relative in a text."""
    parser = _Html()
    parser.feed(html or "")
    parser.close()
    return parser.found


BREACHES = {"atom": atom_breaches, "rss": rss_breaches, "json": json_breaches}

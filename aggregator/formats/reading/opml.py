"""Lists of feeds from elsewhere: OPML of any version, FOAF, and plain lists of addresses.

1. What is not well-formed is mended and read as far as it goes; only what is no list is refused.
2. No DTD is ever read: an empty DOCTYPE is cut out, one that declares something is refused.
3. A feed is an outline with ``xmlUrl``, whatever its ``type`` says; names of elements and
   attributes differ in case from program to program. ``text`` comes before ``title`` (OPML 2.0).
4. A feed's categories are the folders it lies in and its ``category`` attribute, each as its whole
   path: "/Boston/Weather" and a folder "Weather" in "Boston" are one.
5. A feed that is listed twice is one, with the categories of both. What cannot be subscribed to is
   told with its line.
6. A plain list has an address a line, with tags and "~Title" behind it as newsboat writes them.
"""

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from aggregator.core.subscribing import feed_key, web_address
from aggregator.core.urls import userinfo, without_userinfo
from aggregator.errors import ParseError
from aggregator.formats.reading.encoding import decode
from aggregator.formats.reading.foaf import Weblog, describes_people, weblogs
from aggregator.formats.reading.nodes import Recovery, parse_xml
from aggregator.formats.reading.repair import clean, with_references

NAMESPACE = "urn:feed-aggregator:opml"
"""Of the attribute ``name``, in which our own export keeps the name of a source."""

_LIMIT_BYTES = 10 * 1024 * 1024
_FEEDS_LIMIT = 20_000
_DEPTH = 20
_LINE_CHARS = 200
_CATEGORIES = 50
_ATTRIBUTES = 100

_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?opml[\s/>]", re.IGNORECASE)
_RDF_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?RDF[\s/>]", re.IGNORECASE)
_FOAF = "http://xmlns.com/foaf/"
_OTHER_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
_FEED_ROOTS = frozenset(("rss", "rdf", "feed", "channel"))
_HEAD_CHARS = 64 * 1024
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(\[)?", re.IGNORECASE)
_FEED_TYPES = frozenset(("rss", "atom", "feed", "rss1", "rss2"))
_LIST_TYPES = frozenset(("include", "link"))
_STEERING = re.compile("[\x7f-\x84\x86-\x9f]")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')

Path = tuple[str, ...]


class Subscription(Struct, frozen=True):
    """One feed of a list."""

    url: str
    """Absolute http(s), without userinfo and fragment."""
    title: str = ""
    categories: tuple[Path, ...] = ()
    """Each from the outermost folder to the innermost."""
    name: str = ""
    """What our own export called it."""


class Refused(Struct, frozen=True):
    """A line that cannot be subscribed to."""

    line: int
    """From 1."""
    what: str
    reason: str


class SubscriptionList(Struct, frozen=True):
    """What a list holds, in its order, each feed once."""

    title: str = ""
    feeds: tuple[Subscription, ...] = ()
    refused: tuple[Refused, ...] = ()


def read_subscriptions(body: bytes) -> SubscriptionList:
    """Read a list of feeds.

    :raises ParseError: it is none; the message says what it is instead
    """
    if len(body) > _LIMIT_BYTES:
        raise ParseError(f"larger than {_LIMIT_BYTES // 1024**2} MiB; no list of feeds is")
    text = clean(decode(body).text).lstrip("\ufeff")
    if text.lstrip()[:1] != "<":
        return _collected("", _lines(text))
    return _opml(text)


def _opml(text: str) -> SubscriptionList:
    start = _ROOT.search(text[:_HEAD_CHARS])
    if start is None:
        return _collected("", map(_weblog, _people(text)))
    _refuse_declarations(text[: start.start()])
    root = _root(_from(text, start.start()))
    title = next((_line(node.text or "") for node in root.iter("{*}title")), "")
    return _collected(title, _outlines(root))


def _from(text: str, start: int) -> str:
    """Return a text from its root on; the lines before stay, so that places are told right."""
    return "\n" * text.count("\n", 0, start) + text[start:]


def _people(text: str) -> Iterator[Weblog]:
    """Return the weblogs of people.

    :raises ParseError: it says nothing of people
    """
    start = _RDF_ROOT.search(text[:_HEAD_CHARS])
    if start and _FOAF in text[:_HEAD_CHARS]:
        _refuse_declarations(text[: start.start()])
        root = _root(_from(text, start.start()))
        if describes_people(root):
            return weblogs(root)
    raise ParseError(_instead(text))


def _weblog(found: Weblog) -> Subscription | Refused:
    address = web_address(found.feed)
    if not found.feed:
        return Refused(found.line, _line(found.page), _no_feed({}))
    if address is None or userinfo(found.feed):
        return _refused(found.line, found.feed)
    category = _line(found.category)
    return Subscription(address, _line(found.title), ((category,),) if category else ())


def _root(text: str) -> etree._Element:
    data = text.encode("utf-8", "replace")
    root = parse_xml(data)
    if root is None:
        root = parse_xml(with_references(text).encode("utf-8", "replace"), Recovery.ALL)
    if root is None:
        raise ParseError("a list that cannot be mended; export it again")
    return root


def _refuse_declarations(head: str) -> None:
    doctype = _DOCTYPE.search(head)
    if doctype and doctype[1]:
        raise ParseError("it declares entities of its own (a DTD), and those are not read")


def _instead(text: str) -> str:
    found = _OTHER_ROOT.search(text[:_HEAD_CHARS])
    root = found[1].lower() if found else ""
    if root in _FEED_ROOTS:
        return "a feed, not a list of feeds; `aggregator add URL` subscribes to one"
    if root == "html" or "<!doctype html" in text[:_HEAD_CHARS].lower():
        return "an HTML page, not a list of feeds; `aggregator add URL` finds the feeds of a page"
    return "XML of another kind, not OPML"


def _outlines(root: etree._Element) -> Iterator[Subscription | Refused]:
    """Walk the outlines; a stack of our own, for a list may be nested as deep as libxml2 allows."""
    stack: list[tuple[etree._Element, Path]] = [(root, ())]
    while stack:
        element, path = stack.pop()
        below = path
        if _local(element.tag) == "outline":
            said = _attributes(element)
            yield from _found(element, said, path)
            if not _is_leaf(said):
                below = (*path, _title(said)) if _title(said) and len(path) < _DEPTH else path
        stack.extend(
            (child, below) for child in reversed(list(element.iterchildren(etree.Element)))
        )


def _attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes by their local names in lower case; an empty one is none."""
    said: dict[str, str] = {}
    for key in element.keys()[:_ATTRIBUTES]:
        value = element.get(key, "").strip()
        plain = "" if str(key).startswith("{") else _local(key)
        if value and plain:
            said.setdefault(plain, value)
    return said


def _found(
    element: etree._Element, said: dict[str, str], path: Path
) -> Iterator[Subscription | Refused]:
    url = _stated_url(said)
    line: int = getattr(element, "sourceline", None) or 0
    if url is None:
        page = said.get("htmlurl") or said.get("url")
        if page and _is_leaf(said):
            yield Refused(line, _line(page), _no_feed(said))
        return
    address = web_address(url)
    if address is None or userinfo(url):
        yield _refused(line, url)
        return
    categories = ((path,) if path else ()) + tuple(_paths(said.get("category", "")))
    name = element.get(f"{{{NAMESPACE}}}name", "").strip()
    yield Subscription(address, _title(said), _each_once(categories), name)


def _stated_url(said: dict[str, str]) -> str | None:
    if "xmlurl" in said:
        return said["xmlurl"]
    return said.get("url") if said.get("type", "").lower() in _FEED_TYPES else None


def _is_leaf(said: dict[str, str]) -> bool:
    return bool(said.keys() & {"xmlurl", "htmlurl", "url"})


def _no_feed(said: dict[str, str]) -> str:
    if said.get("type", "").lower() in _LIST_TYPES:
        return "another list or page, not a feed; save it and import it, too"
    return "a page without the address of its feed; `aggregator add URL` finds it"


def _paths(attribute: str) -> Iterator[Path]:
    for stated in attribute.split(","):
        path = tuple(word for part in stated.split("/") if (word := _line(part)))
        if path:
            yield path[:_DEPTH]


def _title(said: dict[str, str]) -> str:
    return _line(said.get("text") or said.get("title") or "")


def _refused(line: int, url: str) -> Refused:
    """Refuse an address; a password in it must not be shown, nor dropped in silence."""
    if userinfo(url):
        why = "a name and password in an address are not kept; use username: and password:"
        return Refused(line, _line(without_userinfo(url)), why)
    return Refused(line, _line(url), "no http(s) address")


def _line(text: str) -> str:
    return " ".join(_STEERING.sub("", text).split())[:_LINE_CHARS].rstrip()


def _local(name: object) -> str:
    return str(name).rpartition("}")[2].rpartition(":")[2].lower()


def _each_once(categories: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(categories))[:_CATEGORIES]


def _lines(text: str) -> Iterator[Subscription | Refused]:
    """Read a plain list.

    :raises ParseError: its first line is no address
    """
    seen = False
    for number, line in enumerate(text.splitlines(), 1):
        stated = line.strip()
        if not stated or stated.startswith("#"):
            continue
        address = web_address(stated.split()[0])
        if address is None and not seen:
            raise ParseError("neither OPML nor a list of addresses, one a line")
        seen = True
        yield (
            _refused(number, stated)
            if address is None or userinfo(stated.split()[0])
            else _tagged(address, stated.partition(stated.split()[0])[2])
        )
    if not seen:
        raise ParseError("an empty file, not a list of feeds")


def _tagged(address: str, rest: str) -> Subscription:
    words = [_line(quoted or plain) for quoted, plain in _WORD.findall(rest)]
    title = next((word[1:] for word in words if word.startswith("~")), "")
    tags = ((word,) for word in words if word and not word.startswith(("~", "!")))
    return Subscription(address, title, _each_once(tags))


def _collected(title: str, found: Iterable[Subscription | Refused]) -> SubscriptionList:
    """Put feeds that are listed twice together.

    :raises ParseError: there are more than any reader follows
    """
    feeds: dict[str, Subscription] = {}
    refused: list[Refused] = []
    for one in found:
        if isinstance(one, Refused):
            refused.append(one)
            continue
        key = feed_key(one.url)
        first = feeds.get(key)
        feeds[key] = _together(first, one) if first else one
        if len(feeds) > _FEEDS_LIMIT:
            raise ParseError(f"it lists more than {_FEEDS_LIMIT:,} feeds; import it in parts")
    return SubscriptionList(title, tuple(feeds.values()), tuple(refused[:_FEEDS_LIMIT]))


def _together(first: Subscription, again: Subscription) -> Subscription:
    return replace(
        first,
        title=first.title or again.title,
        categories=_each_once((*first.categories, *again.categories)),
        name=first.name or again.name,
    )

"""Weblogs in a description of people (FOAF), as Planet writes its list of those it follows.

A group's name is the category, an agent's the title. Whom the people know is not followed: those
are lists of their own.
"""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_PEOPLE = frozenset((f"{_FOAF}Agent", f"{_FOAF}Person", f"{_FOAF}Organization"))
_FEEDS = frozenset(
    (
        "{http://purl.org/rss/1.0/}channel",
        "{http://blogs.yandex.ru/schema/foaf/}feed",
    )
)
_ITEM = "{http://purl.org/rss/1.0/}item"


class Weblog(NamedTuple):
    """One weblog, as stated."""

    line: int
    """From 1."""
    feed: str
    """Its feed's address, "" where none is stated."""
    page: str
    title: str
    category: str


def describes_people(root: etree._Element) -> bool:
    """Tell a list of weblogs from a feed of RSS 1.0, which may name people, too."""
    return next(root.iter(*_PEOPLE), None) is not None and next(root.iter(_ITEM), None) is None


def weblogs(root: etree._Element) -> Iterator[Weblog]:
    """Yield the weblogs of a document, in its order; a stack of our own, however deep it is."""
    stack = [(root, Weblog(0, "", "", "", ""))]
    while stack:
        element, around = stack.pop()
        if element.tag in _FEEDS:
            line: int = getattr(element, "sourceline", None) or 0
            yield around._replace(line=line, feed=_address(element))
            continue
        below = _within(element, around)
        stack.extend(
            (child, below)
            for child in reversed(list(element.iterchildren(etree.Element)))
            if child.tag != f"{_FOAF}knows"
        )


def _within(element: etree._Element, around: Weblog) -> Weblog:
    """Return what holds for all below an element."""
    if element.tag == f"{_FOAF}Group":
        return around._replace(category=_name(element))
    if element.tag in _PEOPLE:
        return around._replace(title=_name(element))
    if element.tag == f"{_FOAF}Document":
        return around._replace(page=_address(element))
    return around


def _name(element: etree._Element) -> str:
    return (element.findtext(f"{_FOAF}name") or "").strip()


def _address(element: etree._Element) -> str:
    stated = element.get(f"{_RDF}about") or element.get(f"{_RDF}resource") or ""
    return str(stated).strip()

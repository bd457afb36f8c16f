"""Text that may be markup: unescaped elements written as HTML, and plain text told from HTML."""

import re
from html import escape
from html.entities import html5

from lxml import etree

_VOID_TAGS = "area br col embed hr img input link meta param source track wbr"
_HTML_TAGS = (
    "a abbr acronym address area article aside audio b bdi bdo big blockquote body br button "
    "canvas caption center cite code col colgroup dd del details dfn dir div dl dt em embed "
    "fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i "
    "iframe img input ins kbd label legend li link main map mark menu meta nav noscript object "
    "ol option p param picture pre q rp rt ruby s samp script section select small source span "
    "strike strong style sub summary sup svg table tbody td textarea tfoot th thead time title "
    "tr track tt u ul var video wbr svg math"
)
_VOID = frozenset(_VOID_TAGS.split())
_TAGS = frozenset(_HTML_TAGS.split())
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})(?=[\s/>])")
_COMMENT = re.compile(r"<!--[^>]{0,200}-->")
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def inner_markup(element: etree._Element) -> str:
    """Return what stands inside an element as HTML, prefixes and xml: attributes left off.

    Depth is no matter: nothing here recurses.
    """
    parts = [escape(element.text or "", quote=False)]
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node is not element and isinstance(node.tag, str):
            _write(parts, event, node)
    return "".join(parts).strip()


def _write(parts: list[str], event: str, node: etree._Element) -> None:
    name = str(node.tag).rpartition("}")[2]
    void = name.lower() in _VOID
    if event == "start":
        parts.append(f"<{name}{_attributes(node)}{' /' if void else ''}>")
        parts.append(escape(node.text or "", quote=False))
        return
    if not void:
        parts.append(f"</{name}>")
    parts.append(escape(node.tail or "", quote=False))


def _attributes(node: etree._Element) -> str:
    return "".join(
        f' {name}="{escape(str(value))}"'
        for name, value in ((str(key), value) for key, value in node.attrib.items())
        if not name.startswith("{")
    )


def is_markup(text: str) -> bool:
    """Tell HTML from plain text where a publisher may write either: one HTML tag or entity."""
    return (
        any(tag[2].lower() in _TAGS for tag in _TAG.finditer(text))
        or "<!--" in text
        or _has_entity(text)
    )


def is_marked_title(text: str, *, entities: bool = True) -> bool:
    """Tell whether a title, nominally plain, is HTML.

    It must have an end tag, a void tag or (unless it was said to be text) an entity, and no tag
    that HTML does not have: "Vec<T> & more" and "the <b> element" are text.
    """
    tags = [(end, name.lower()) for end, name in _TAG.findall(text)]
    if any(name not in _TAGS for _, name in tags):
        return False
    closed = _COMMENT.search(text) or any(end or name in _VOID for end, name in tags)
    return bool(closed) or (entities and _has_entity(text))


def _has_entity(text: str) -> bool:
    return any(name.startswith("#") or f"{name};" in html5 for name in _ENTITY.findall(text))

"""Text constructs: Atom's, whose type is declared, and RSS's, whose type must be told.

RSS never said whether a title or a description is text or HTML, and Atom's declaration is wrong
often enough ("text" on escaped markup) that end tags are believed over it.
"""

import base64
import binascii
import re
from html import unescape

from aggregator.formats.reading.markup import inner_markup, is_marked_title, is_markup
from aggregator.formats.reading.nodes import Node
from aggregator.formats.reading.repair import clean
from aggregator.model.parsed import Text

_HTML_TYPES = frozenset({"html", "text/html", "application/html"})
_TEXT_TYPES = frozenset({"", "text", "plain", "text/plain"})
_FILES = ("image/", "audio/", "video/", "font/")
_LONGEST_LINE = 2000
_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")
_SILENT = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)


def title_text(node: Node) -> Text:
    """Read a title, a caption or a name of RSS: text, unless it is clearly marked up."""
    if not node.leaf:
        return Text(inner_markup(node.element), True, node.base)
    return Text(node.text, is_marked_title(node.text), node.base)


def body_text(node: Node) -> Text:
    """Read a description or a content of RSS: HTML, unless nothing in it is markup."""
    if not node.leaf:
        return _inner(node)
    return Text(node.text, is_markup(node.text), node.base)


def atom_text(node: Node) -> Text:
    """Read a text construct or a content of Atom (RFC 4287 3.1, 4.1.3; Atom 0.3 modes)."""
    kind = node.get("type").lower().partition(";")[0].strip()
    if node.get("mode").lower() == "base64" or _is_base64(node, kind):
        return _decoded(node, kind)
    if not node.leaf:
        return _inner(node)
    if kind in _HTML_TYPES or not (kind in _TEXT_TYPES or kind.startswith("text/")):
        return Text(node.text, is_markup(node.text), node.base)
    return Text(node.text, is_marked_title(node.text, entities=False), node.base)


def line(text: str) -> str:
    """Return a name or heading as one line of bounded length."""
    return " ".join(text[:_LONGEST_LINE].split())


def plain(text: Text | None) -> str | None:
    """Return a text as one plain line; None where nothing is left."""
    if text is None:
        return None
    value = unescape(_TAG.sub("", _SILENT.sub("", text.value))) if text.is_html else text.value
    return line(value) or None


def _inner(node: Node) -> Text:
    """Write out the elements below, without the one div that XHTML constructs are wrapped in."""
    wraps = node.all("xhtml:div", "div")
    only = len(node.element) == 1 and not (node.element.text or "").strip()
    inside = wraps[0] if wraps and only else node
    return Text(inner_markup(inside.element), True, inside.base)


def _is_base64(node: Node, kind: str) -> bool:
    """Tell content of a binary type (RFC 4287 4.1.3.3 rule 6)."""
    known = kind in _TEXT_TYPES or kind in _HTML_TYPES or kind == "xhtml"
    return (
        "/" in kind
        and not known
        and node.leaf
        and not kind.endswith(("xml", "html", "/sgml"))
        and not kind.startswith("text/")
    )


def _decoded(node: Node, kind: str) -> Text:
    """Decode base64; what is no text (a picture, a sound) is nothing to read."""
    try:
        text = base64.b64decode("".join(node.text.split()), validate=True).decode("utf-8").strip()
    except (binascii.Error, ValueError):
        return Text("" if kind.startswith(_FILES) else node.text, False, node.base)
    if clean(text) != text:
        return Text("", False, node.base)
    return Text(text, kind in _HTML_TYPES or is_markup(text), node.base)

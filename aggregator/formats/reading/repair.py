"""Text that is nearly XML, made well-formed: characters, entities, ampersands, prefixes, the end.

Nothing here is done to a document that is well-formed already. What CDATA holds is left as it is.
"""

import re
from collections.abc import Callable, Iterator
from html.entities import html5, name2codepoint
from typing import NamedTuple

from aggregator.formats.reading.names import PREFIXES

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CDATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:(#\d{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{0,40});?)?")
_NUMBER = re.compile(r"&#(?:0*(\d{1,9})|[xX]0*([0-9a-fA-F]{1,8}));?")
_PAIR = re.compile(
    r"&#(5[56]\d{3}|[xX][dD][89abAB][0-9a-fA-F]{2});&#(5[67]\d{3}|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
)
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]{0,60}):[A-Za-z_]")
_DECLARED = re.compile(r"xmlns:([A-Za-z_][\w.-]{0,60})\s*=")
_CLOSED = re.compile(r"</(?:\w{1,60}:)?(?:rss|rdf|feed|channel)\s*(?:>|\Z)", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:\w{1,60}:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:\w{1,60}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<[^\s/>]+")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TAIL_CHARS = 70
"""The longest end tag that is looked for."""


class Repaired(NamedTuple):
    """A text that parses more likely than it did, with one line for each kind of repair."""

    text: str
    warnings: tuple[str, ...]
    whole: bool


def repair(text: str) -> Repaired:
    """Mend what breaks XML parsers; ``text`` begins with its root element."""
    warnings: list[str] = []
    for mend, words in _MENDINGS:
        mended = mend(text)
        if mended != text:
            warnings.append(words)
        text = mended
    kept = _cut(text)
    whole = _CLOSED.search(kept, max(0, len(kept) - _TAIL_CHARS)) is not None
    if not whole:
        warnings.append("the document breaks off; the entries before the break were kept")
    return Repaired(kept, tuple(warnings), whole)


def count_entries(text: str) -> int:
    """Count the start tags of entries outside of CDATA."""
    return sum(len(_ENTRY.findall(part)) for part in _CDATA.split(text)[::2])


def clean(text: str) -> str:
    """Take out the characters that XML forbids (XML 1.0 2.2)."""
    return _ILLEGAL.sub("", text)


def with_references(text: str) -> str:
    """Return a text with references of XML only: HTML's resolved, forbidden gone, "&" escaped."""
    parts = _CDATA.split(_without_halves(text))
    parts[::2] = map(_references, parts[::2])
    return "".join(parts)


def _without_halves(text: str) -> str:
    """Join references to surrogates to one, as JavaScript writes a character of two halves.

    Single ones go, in CDATA too, as what looks like it may be an attribute: libxml2 makes bytes of
    them that are no UTF-8, once it recovers from anything else.
    """
    return _NUMBER.sub(_half, _PAIR.sub(_joined, text)) if "&#" in text else text


def _joined(found: re.Match[str]) -> str:
    high, low = map(_code, found.groups())
    if not 0xD800 <= high < 0xDC00 <= low < 0xE000:
        return found[0]
    return f"&#{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00};"


def _half(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return "" if 0xD800 <= code <= 0xDFFF else found[0]


def _references(text: str) -> str:
    return _AMPERSAND.sub(_reference, text) if "&" in text else text


def _reference(found: re.Match[str]) -> str:
    """Keep a reference, resolve an HTML one, drop one to a forbidden character, escape the rest."""
    name, whole = found[1], found[0]
    if name is None or (not whole.endswith(";") and not name.startswith("#")):
        return "&amp;" + whole[1:]
    if name.startswith("#"):
        return _character(name)
    if name in _XML_ENTITIES:
        return whole
    known = _named(name) or _named(name.lower())
    return _escaped(known) if known else "&amp;" + whole[1:]


def _named(name: str) -> str | None:
    """Return what XHTML 1.0, whose names feeds borrow, or else HTML 5 means by a name."""
    code = name2codepoint.get(name)
    return html5.get(f"{name};") if code is None else chr(code)


def _character(name: str) -> str:
    code = _code(name[1:])
    if code > 0x10FFFF or _ILLEGAL.match(chr(code)):
        return ""
    return f"&#{code};"


def _code(digits: str) -> int:
    return int(digits[1:], 16) if digits[0] in "xX" else int(digits)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _prefixes(text: str) -> str:
    """Declare the prefixes that are used without a declaration, the well-known ones as meant."""
    parts = _CDATA.split(text)[::2]
    used = {prefix for part in parts for prefix in _PREFIX.findall(part)}
    declared = {prefix for part in parts for prefix in _DECLARED.findall(part)}
    missing = sorted(used - declared - {"xml", "xmlns", "http", "https"})
    root = _ROOT.match(text)
    if not missing or root is None:
        return text
    added = "".join(f' xmlns:{prefix}="{_address(prefix)}"' for prefix in missing[:100])
    return text[: root.end()] + added + text[root.end() :]


def _address(prefix: str) -> str:
    return PREFIXES.get(prefix.lower(), f"urn:undeclared:{prefix}")


def _cut(text: str) -> str:
    """Leave off what follows the last complete entry where the end of the document is missing."""
    last = max(_ends(text), default=0)
    closing = [found.end() for found in _CLOSED.finditer(text, last)]
    if closing:
        closed = text[: closing[-1]]
        return closed if closed.endswith(">") else closed + ">"
    first = None if last else _ENTRY.search(text)
    return text[: first.start()] if first else text[: last or len(text)]


def _ends(text: str) -> Iterator[int]:
    return (found.end() for found in _ENTRY_END.finditer(text))


_MENDINGS: tuple[tuple[Callable[[str], str], str], ...] = (
    (clean, "characters that XML forbids were taken out"),
    (with_references, "entities and ampersands were mended"),
    (_prefixes, "prefixes without a namespace were declared"),
)

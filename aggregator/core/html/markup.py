"""The tags in a text, found as the HTML standard does (13.2.5), in linear time.

Every pattern here ends at the end of the text where its closing sign is missing: one that failed
there would be tried again at each "<", and a hundred thousand of them would take minutes.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple

from aggregator.core.html.allowed import RAW

# The space of HTML is not Unicode's: "<a\xa0href" is an element of that name.
_SPACE = r"[ \t\n\f\r]"
_VALUE = r"""(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>]*+)"""
# A name may begin with "=", and quotes mean something right after "=" only.
_ATTRIBUTES = (
    r"(?:[ \t\n\f\r/]++"
    rf"|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?:{_SPACE}*+={_SPACE}*+{_VALUE})?+)*+"
)
_NAME = r"[a-zA-Z][^ \t\n\f\r/>]*+"
_COMMENT = r"!--(?:-?>|[\s\S]*?(?:--!?>|\Z))"
TAG = re.compile(
    rf"<(?:{_COMMENT}|(?P<end>/?)(?P<name>{_NAME})(?P<rest>{_ATTRIBUTES})(?:>|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))"
)
_ATTRIBUTE = re.compile(
    rf"(?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"
    rf"""(?:{_SPACE}*+={_SPACE}*+(?:"(?P<a>[^"]*+)"?|'(?P<b>[^']*+)'?|(?P<c>[^ \t\n\f\r>]*+)))?+"""
)
# "?a=1&copy=2" holds no copyright sign (HTML 13.2.5.73).
_REFERENCE = re.compile(r"&[#a-zA-Z0-9]{1,32}(?:;|(?![#a-zA-Z0-9=;]))")


class Piece(NamedTuple):
    """A stretch of text (no name), or a tag."""

    text: str
    """As it stood."""
    name: str = ""
    """Lower case."""
    is_end: bool = False


def pieces(html: str) -> Iterator[Piece]:
    """Cut a text into its tags and what is between them; comments are left out.

    The content of elements whose content is raw text comes with their start tag.
    """
    position = 0
    while match := TAG.search(html, position):
        if match.start() > position:
            yield Piece(html[position : match.start()])
        name, position = (match["name"] or "").lower(), match.end()
        if name in RAW and not match["end"]:
            position = _end_of_raw(html, name, position)
        if name:
            yield Piece(html[match.start() : position], name, bool(match["end"]))
    if position < len(html):
        yield Piece(html[position:])


def tag_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the start and end tags of these elements."""
    listed = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"</?(?:{listed})(?=[ \t\n\f\r/>]|\Z){_ATTRIBUTES}(?:>|\Z)", re.IGNORECASE)


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a start tag, names in lower case; of two alike the first counts."""
    match = TAG.match(tag)
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(match["rest"] or "" if match else ""):
        value = one["a"] or one["b"] or one["c"] or ""
        found.setdefault(one["name"].lower(), _REFERENCE.sub(_resolved, value))
    return found


def _resolved(reference: "re.Match[str]") -> str:
    return unescape(reference[0])


def _end_of_raw(html: str, name: str, position: int) -> int:
    end = re.compile(rf"</{name}(?=[ \t\n\f\r/>])|\Z", re.IGNORECASE).search(html, position)
    return end.start() if end and name != "plaintext" else len(html)

"""Safe HTML: nh3 with one list of what may stay, and addresses made absolute on the way."""

import re
from collections.abc import Callable
from functools import lru_cache

import nh3

from aggregator.core.html.allowed import ATTRIBUTES, SCHEMES, SILENT, TAGS, UNWRAPPED
from aggregator.core.html.frames import linked_frames
from aggregator.core.html.markup import tag_pattern
from aggregator.core.html.tame import tamed
from aggregator.core.html.text import clean, paragraphs, plain_text
from aggregator.core.urls import absolute

Rewrite = Callable[[str], str]

_UNWRAPPED = tag_pattern(UNWRAPPED)
_ADDRESS = re.compile(r"[\s,]*+(\S++)")
_DESCRIPTOR = re.compile(r"[^,]*+")
_MOST_CANDIDATES = 64
_MOST_READINGS = 4
_FEW_REFERENCES = 2_000


def sanitize(html: str, base: str = "", rewrite: Rewrite | None = None) -> str:
    """Return HTML that can do nothing but be read.

    Relative addresses are made absolute against ``base``; without one they are dropped. The text of
    what is dropped stays, except where it was code. ``rewrite`` is applied to the absolute http(s)
    addresses of links.
    """
    text = linked_frames(_UNWRAPPED.sub("", clean(html)), base)
    with_filter = rewrite is not None or "srcset" in text.lower()
    return _settled(_cleaner(base, with_filter, rewrite).clean(tamed(text)))


def _settled(html: str) -> str:
    """Return HTML that a reader's parser takes as ours took it.

    What is nested as HTML forbids is read otherwise when it is read again, and attacks hide in the
    difference. Where four readings do not agree, the text alone is left.
    """
    # A reference such as &#1; is a character only now.
    before, again = clean(html), _cleaner("", False, None)
    for _ in range(_MOST_READINGS):
        # What nests deep is gone already; stretches with ampersands have run together again.
        in_order = before if before.count("&") <= _FEW_REFERENCES else tamed(before)
        after = clean(again.clean(in_order))
        if after == before:
            return after
        before = after
    return paragraphs(plain_text(before))


@lru_cache(maxsize=64)
def _cleaner(base: str, with_filter: bool, rewrite: Rewrite | None) -> nh3.Cleaner:
    """Return the cleaner of a base; all entries of a feed share one."""
    root = absolute(base) if base else None

    def filtered(tag: str, name: str, value: str) -> str | None:
        if name == "srcset":
            return _absolute_set(value, root or "")
        if rewrite is None or name != "href":
            return value
        address = absolute(value, root or "")
        return rewrite(address) if address else value

    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        attribute_filter=filtered if with_filter else None,
        link_rel=None,
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", root) if root else "deny",
        set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    )


def _absolute_set(value: str, base: str) -> str | None:
    """Make the addresses of a srcset absolute (HTML 4.8.4.2.1)."""
    found: list[str] = []
    position = 0
    while len(found) < _MOST_CANDIDATES and (match := _ADDRESS.match(value, position)):
        position, descriptor = match.end(), ""
        if not match[1].endswith(",") and (rest := _DESCRIPTOR.match(value, position)):
            position, descriptor = rest.end(), " ".join(rest[0].split())
        if address := absolute(match[1].rstrip(","), base):
            found.append(f"{address.replace(',', '%2C')} {descriptor}".rstrip())
    return ", ".join(found) or None

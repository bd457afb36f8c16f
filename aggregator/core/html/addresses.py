"""Addresses in HTML that is safe already, found as its serialiser writes them.

A "<" begins a tag there and nothing else, values are in double quotes, and a quote in one is
escaped. A filter of the parser's would be asked about every attribute of every element.
"""

import re
from collections.abc import Callable
from html import escape, unescape

from aggregator.core.urls import absolute

Rewrite = Callable[[str], str]

_LINK = re.compile(r"""(<a(?: (?!href=)[a-z]+="[^"]*+")*+ href=")([^"?#]*+[?#][^"]*+)(?=")""")
_SET = re.compile(r"""(<(?:img|source)(?: (?!srcset=)[a-z]+="[^"]*+")*+) srcset="([^"]*+)\"""")
_CANDIDATE = re.compile(r"[\s,]*+(\S++)")
_DESCRIPTOR = re.compile(r"[^,]*+")
_MOST_CANDIDATES = 64


def rewritten(html: str, base: str, rewrite: Rewrite | None = None) -> str:
    """Return HTML with its sets of pictures absolute, and links with a query or fragment rewritten.

    ``rewrite`` gets absolute http(s) addresses only.
    """
    if " srcset=" in html:
        html = _SET.sub(lambda found: _with_set(found, base), html)
    if rewrite is None:
        return html
    return _LINK.sub(lambda found: found[1] + _link(found[2], rewrite), html)


def _link(written: str, rewrite: Rewrite) -> str:
    address = absolute(_plain(written))
    return escape(rewrite(address)) if address else written


def _plain(written: str) -> str:
    """Return the value of an attribute; nearly all hold no reference but ``&amp;``."""
    alone = written.count("&") == written.count("&amp;")
    return written.replace("&amp;", "&") if alone else unescape(written)


def _with_set(found: "re.Match[str]", base: str) -> str:
    addresses = _absolute_set(_plain(found[2]), base)
    return f'{found[1]} srcset="{escape(addresses)}"' if addresses else found[1]


def _absolute_set(value: str, base: str) -> str:
    """Make the addresses of a srcset absolute (HTML 4.8.4.2.1); "" where none is left."""
    found: list[str] = []
    position = 0
    while len(found) < _MOST_CANDIDATES and (match := _CANDIDATE.match(value, position)):
        position, descriptor = match.end(), ""
        if not match[1].endswith(",") and (rest := _DESCRIPTOR.match(value, position)):
            position, descriptor = rest.end(), " ".join(rest[0].split())
        if address := absolute(match[1].rstrip(","), base):
            found.append(f"{address.replace(',', '%2C')} {descriptor}".rstrip())
    return ", ".join(found)

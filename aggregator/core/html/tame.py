"""Large documents, put in order before the parser sees them.

The parser takes quadratic time for elements nested deep in each other (200,000 <div>: minutes) and
for long stretches of text with ampersands (4 MB: seconds to minutes), and it repeats every unclosed
<b> in every paragraph (100 kB become gigabytes). So of a large document only the tags that may stay
go on to it, and none that would nest too deep or repeat too much; the text always does.
"""

import re
from collections import Counter
from html import escape, unescape

from msgspec import Struct, field

from aggregator.core.html.allowed import (
    ATTRIBUTES,
    CLOSED_BY_NEIGHBOURS,
    FORMATTING,
    TAGS,
    VOID,
)
from aggregator.core.html.markup import Piece, attributes, pieces

_FEW_TAGS = 512
_SMALL = 65_536
_DEEPEST = 128
_MOST_TABLES = 8
"""In each other: an end tag does not reach out of a table, so what is open outside stays open."""
_LONG_TAG = 1_024
_LONGEST_TAG = 16_384
_LONGEST_RUN = 8192
_RUNS = re.compile(r"(?:[^&]|&[a-z]+;){1,8192}")
_SPARE = 1_000_000
"""Characters of tags that the parser may repeat, beside as many as the document has."""


def tamed(html: str) -> str:
    """Return a document that the parser reads in linear time; a small one is taken as it is."""
    if len(html) <= _SMALL and html.count("<") <= _FEW_TAGS:
        return html
    order = _Order(_SPARE + len(html))
    return "".join(map(order.keep, pieces(html)))


class _Order(Struct):
    """What is open, as far as it matters, in the part of a document that went on."""

    budget: int
    opened: Counter[str] = field(default_factory=Counter)
    depth: int = 0
    lengths: dict[str, list[int]] = field(default_factory=dict)
    """Of the formatting tags that are open: the parser may repeat them at any time."""
    repeated: int = 0
    """The sum of these."""
    run: int = 0
    """Characters of text since the last comment."""

    def keep(self, piece: Piece) -> str:
        """Return what goes on of a piece."""
        self.budget -= self.repeated
        if not piece.name:
            return self._in_runs(piece.text)
        if piece.name not in TAGS:
            return ""
        return self._end(piece.name) if piece.is_end else self._start(piece)

    def _in_runs(self, text: str) -> str:
        """Write text anew, in runs that a comment parts: the parser handles each on its own."""
        plain = escape(unescape(text), quote=False) if "&" in text or "<" in text else text
        self.run += len(plain)
        if self.run <= _LONGEST_RUN:
            return plain
        runs = _RUNS.findall(plain)
        self.run = len(runs[-1])
        return "<!---->" + "<!---->".join(runs)

    def _start(self, piece: Piece) -> str:
        name = piece.name
        if self.budget < 0 or len(piece.text) > _LONGEST_TAG:
            return ""
        if name not in VOID and name not in CLOSED_BY_NEIGHBOURS:
            if self.depth >= _DEEPEST or (name == "table" and self.opened[name] >= _MOST_TABLES):
                return ""
            self.depth += 1
            self.opened[name] += 1
        tag = _orderly(piece)
        if name in FORMATTING:
            self._forget("a" if name == "a" else "")
            self.lengths.setdefault(name, []).append(len(tag))
            self.repeated += len(tag)
        return tag

    def _end(self, name: str) -> str:
        if name in CLOSED_BY_NEIGHBOURS:
            return f"</{name}>"
        if not self.opened[name]:
            return ""
        self.depth -= 1
        self.opened[name] -= 1
        self._forget(name)
        return f"</{name}>"

    def _forget(self, name: str) -> None:
        """A formatting element ends; a link also where the next one begins."""
        if lengths := self.lengths.get(name):
            self.repeated -= lengths.pop()


def _orderly(piece: Piece) -> str:
    """Return a start tag; a long one with no more attributes than may stay."""
    if len(piece.text) <= _LONG_TAG:
        return piece.text
    allowed = ATTRIBUTES[piece.name]
    stated = attributes(piece.text).items()
    kept = (f' {name}="{escape(value)}"' for name, value in stated if name in allowed)
    return f"<{piece.name}{''.join(kept)}>"

"""Text constructs: one line of text, or a body of safe HTML."""

import re
from collections.abc import Callable
from html import unescape

from aggregator.core.html import folded, paragraphs, plain_text, sanitize, without_tracking_pixels
from aggregator.core.urls import absolute, strip_tracking
from aggregator.model.parsed import Text

TITLE_LIMIT = 500
"""Characters. A title is a line; feeds that put the whole article there are cut at a word."""
LINE_LIMIT = 2_000
"""Rights and subtitles: some feeds state whole licences."""
BODY_LIMIT = 2_000_000
"""Characters of HTML of one body, cut before it is cleaned: a book fits, and not a flood."""

# "AT&amp;T" in a text is a text that was escaped once too often; "&c" and "a & b" are none.
_ESCAPED = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_SHOWN = re.compile(r"<(?:img|video|audio|picture|hr|table)[\s>]")
_SHORT = 500


def line(text: str, limit: int) -> str:
    """Return a text in one line, what was escaped twice resolved, cut at ``limit``."""
    plain = folded(text[: 4 * limit])
    if "&" in plain:
        plain = folded(_ESCAPED.sub(lambda match: unescape(match[0]), plain))
    return cut(plain, limit)


def title_of(text: Text) -> str:
    """Return a title as text: HTML becomes its text, text stays what it says."""
    value = text.value[:BODY_LIMIT]
    return line(plain_text(value) if text.is_html else value, TITLE_LIMIT)


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, ending with a word and "…" where something is gone."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    head = kept.rpartition(" ")[0]
    return (head if len(head) > limit // 2 else kept).rstrip() + "…"


def body_of(text: Text | None, root: str, *, strip: bool) -> str:
    """Return a text as safe HTML; "" where nothing of it would be seen."""
    if text is None or not text.value.strip():
        return ""
    value = text.value[:BODY_LIMIT]
    if not text.is_html:
        return paragraphs(value)
    base = absolute(text.base, root) or root
    rewrite: Callable[[str], str] | None = None
    if strip:
        value = without_tracking_pixels(value)
        rewrite = strip_tracking if "?" in value or "#" in value else None
    safe = sanitize(value, base, rewrite).strip()
    return "" if len(safe) < _SHORT and not _is_shown(safe) else safe


def alike(summary: str, content: str) -> bool:
    """Tell whether a summary says what the content says, to the letter."""
    if summary == content:
        return True
    shorter, longer = sorted((len(summary), len(content)))
    return 2 * shorter >= longer and plain_text(summary) == plain_text(content)


def _is_shown(html: str) -> bool:
    return bool(_SHOWN.search(html) or plain_text(html))

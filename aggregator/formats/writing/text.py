"""Text as every format can hold it.

One rule for all formats, so that they say the same: what XML 1.0 cannot hold (control characters,
lone surrogates, U+FFFE and U+FFFF) and what validators refuse and nobody means (C1 controls, the
other noncharacters of Unicode) leave in none of them. Everything else is given back as it came.
"""

import re
from html import unescape

_PLANES = "".join(f"{chr(0x10000 * n)}-{chr(0x10000 * n + 0xFFFD)}" for n in range(1, 17))
_UNWRITABLE = re.compile(f"[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_PLANES}]")
# Safe HTML is well-formed: a ">" inside a quoted attribute is the one trap.
_TAG = re.compile(r"""</?([A-Za-z][A-Za-z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>|<!--.*?-->""", re.S)
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKUP = 40
"""Characters of HTML looked at for one of text: more markup than that is no excerpt's business."""
_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|rp|rt|ruby|s|samp"
    "|small|span|strike|strong|sub|sup|time|tt|u|var|wbr",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """Leave out the characters that cannot be written."""
    return _UNWRITABLE.sub("", text)


def one_line(text: str) -> str:
    """Clean a text and fold its white space: titles, names and terms are one line."""
    if text.isprintable() and text == text.strip() and "  " not in text:
        return text
    return " ".join(_contained(clean(text)).split())


def plain(html: str) -> str:
    """Return the text of safe HTML in one line."""
    return one_line(unescape(_TAG.sub(_gap, html)))


def excerpt(html: str, limit: int) -> str:
    """Return the beginning of the text of safe HTML, cut between words and marked by "…"."""
    room = limit * _MARKUP
    text = plain(html if len(html) <= room else html[: html.rfind("<", 0, room)])
    if len(text) <= limit:
        return text
    cut = text[:limit]
    head, space, _ = cut.rpartition(" ")
    # Scripts without spaces, and one endless word, are cut where the limit falls.
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:.…–—-") + "…"


def _contained(text: str) -> str:
    """Drop what changes the direction of writing unless all of it ends where the text does.

    A list of titles, or a line of a terminal, would go on backwards behind it (UAX 9, 3.1).
    """
    signs = _TURNS.findall(text)
    depth = {"\u202c": 0, "\u2069": 0}
    for sign in signs:
        if sign in depth:
            depth[sign] = max(depth[sign] - 1, 0)
        else:
            depth["\u202c" if sign < "\u2066" else "\u2069"] += 1
    return _TURNS.sub("", text) if any(depth.values()) else text


def _gap(tag: re.Match[str]) -> str:
    """Part what a block parts: "<p>a</p><p>b</p>" is two words."""
    return "" if tag[1] and _INLINE.fullmatch(tag[1]) else " "

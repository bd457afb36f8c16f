"""From the HTML of an article to its statements.

1. A statement ends at a full stop, a comma, a colon, a line, a block: so a text that is set anew,
   or whose paragraphs go, keeps its statements. It does so in Chinese as in English, which words or
   shingles do not.
2. Only letters and digits count, lower case, compatibility forms and Chinese variants folded.
3. A figure alone ("12.50" in a table) belongs to the statement before it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape

from aggregator.core.stories.scripts import one_script

_LONGEST = 200_000
"""Characters of HTML that are read of one entry."""
_MOST = 400
"""Statements that are kept of one entry."""

_BLOCK = re.compile(
    r"/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|pre|hr|dt|dd|dl|section|article"
    r"|figure|figcaption|header|footer|aside|nav|main|details|summary)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"<([^<>]*)>")
_BREAK = "\0"
"""Stands for a block's line end while those of the source become spaces."""
_END = re.compile(r"[。！？；，：、!?;,:.．…\n|【】\[\]「」『』()（）—–•·؟،؛۔।](?!(?<=[.,:．])\d)")
_GAP = re.compile(r"[ \xa0\u3000](?:(?=[\u3400-\u9fff])(?<=[\u3400-\u9fff].)|(?<=[电電讯訊].))")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+")
_RELATED = re.compile(
    r"(?<=\w)([^\w\n]*+)\n\W*+"
    r"(?:相关阅读|相关新闻|相关文章|相关报道|延伸阅读|推荐阅读|相關閱讀|相關閲讀|相關新聞|延伸閱讀|推薦閱讀"
    r"|関連記事|관련\s?기사|related (?:stories|articles|posts|news|links)|you may also like"
    r"|read (?:also|next)|more on this story|читайте также|اقرأ أيضا)[^\w\n]*+\n",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+(?=[^\W\d])")
_NOISE = re.compile(r"[^\w\n]+|_+")
_LEADS_ON = re.compile(r"(?:…+|\.{3,}|。{3,})[^…]{0,24}\Z")
# A point or comma inside of a figure.
_POINT = re.compile(rb"[.,:](?=\d)")
_TYPOGRAPHY = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("–", ";"), ("—", ";"), ("…", ";"))
_COMPATIBLE = re.compile("[ª²³µ¹º¼½¾]")
"""What NFKC writes otherwise."""
_ENDS = b"!?;,:.\n|[]()\xb7"
_LATIN = bytes(ord("\n") if code in _ENDS else code for code in range(256))
_NOISY = bytes(
    code for code in range(256) if code not in _ENDS and not (chr(code).isalnum() and code != 0xAA)
)
_STOPS = frozenset("。！？.!?”\"'’」』)）】]؟۔।")
_ITEM_AFTER = frozenset(("", *"\n.!?:;。！？：；"))
_SUMMARY_CHARACTERS = 1_000


def plain(html: str) -> str:
    """Return the text of HTML, its blocks on lines of their own; linear in the length."""
    html = html[:_LONGEST].replace(_BREAK, "")
    if "<" in html:
        html = _without_tags(html)
    text = (unescape(html) if "&" in html else html).strip()
    return _ADDRESS.sub("", text) if "://" in text else text


def _without_tags(html: str) -> str:
    pieces = _TAG.split(html)
    pieces[1::2] = [_BREAK if _BLOCK.match(tag) else "" for tag in pieces[1::2]]
    text = "".join(pieces)
    return text.replace("\n", " ").replace(_BREAK, "\n") if _BREAK in text else text


def without_lead_on(text: str) -> tuple[str, bool]:
    """Return a text without "… read more", and whether it stops short of its end."""
    found = _LEADS_ON.search(text, max(0, len(text) - 40))
    if found:
        return text[: found.start()], True
    return text, 0 < len(text) < _SUMMARY_CHARACTERS and text[-1] not in _STOPS


def without_related(text: str) -> str:
    """Return a text without the list of other stories below it."""
    found = _RELATED.search(text, len(text) // 3)
    return text[: found.end(1)] if found else text


def run_on(text: str) -> str:
    """Return a text as one whose tags were taken away: headings and items run into what follows.

    Most summaries are made so. A line that ends in a small letter and goes on with a capital one is
    such a place, and the number of an item says nothing.
    """
    run: list[str] = []
    last = ""
    for line in filter(None, map(str.strip, _NUMBERED.sub(_without_number, text).split("\n"))):
        run += (" " if last.islower() and line[0].isupper() else "\n", line)
        last = line[-1]
    return "".join(run[1:])


def _without_number(found: re.Match[str]) -> str:
    """Drop a number that begins a sentence or a line; "they lost 3. The others" keeps its own."""
    text, start = found.string, found.start()
    before = text[max(0, start - 3) : start]
    item = not start or (before[-1].isspace() and before.rstrip(" \xa0")[-1:] in _ITEM_AFTER)
    return "\n" if item else found.group()


def statements(text: str) -> list[str]:
    """Return the statements of a text, each as its letters."""
    return [letter for letter, _ in _merged(_lines_of(text))]


@lru_cache(1)
def written(text: str) -> Mapping[str, str]:
    """Return the statements of a text, by their letters, as they were written.

    Those of the last text are remembered: an entry has several links.
    """
    lines = _parted(text)
    shown = [" ".join(line.split()) for line in lines.split("\n")]
    said = _merged(letters(lines).split("\n"))
    return {letter: " ".join(shown[place] for place in places) for letter, places in said}


def _merged(lines: Iterable[str]) -> list[tuple[str, list[int]]]:
    """Return what counts of the lines, and which lines each of them was."""
    found: list[tuple[list[str], list[int]]] = []
    for place, letter in enumerate(lines):
        if not letter:
            continue
        if found and letter.isdigit():
            found[-1][0].append(letter)
            found[-1][1].append(place)
        elif len(letter) > 1:
            found.append(([letter], [place]))
        if len(found) >= _MOST:
            break
    return [("".join(said), places) for said, places in found]


def _lines_of(text: str) -> list[str]:
    """Return the letters of each line, once statements stand on lines of their own.

    Most texts in the Latin alphabet go through a table of bytes, which is ten times faster and
    gives the same (a test compares the two).
    """
    low = text.lower()
    for sign, plain_sign in _TYPOGRAPHY:
        low = low.replace(sign, plain_sign)
    try:
        latin = low.encode("latin-1")
    except UnicodeEncodeError:
        return letters(_parted(text)).split("\n")
    if not low.isascii() and _COMPATIBLE.search(low):
        return letters(_parted(text)).split("\n")
    return _POINT.sub(b"", latin).translate(_LATIN, _NOISY).decode("latin-1").split("\n")


def _parted(text: str) -> str:
    return _END.sub("\n", _GAP.sub("\n", text))


def letters(text: str) -> str:
    """Return the letters, digits and line ends of a text in the one form that is compared."""
    text = _NOISE.sub("", "\n".join("".join(line.split()) for line in text.lower().split("\n")))
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    return one_script(text)

"""From the HTML of an article to its statements.

1. A statement ends at a full stop, a comma, a colon, a line, a block: so a text that is set anew,
   or whose paragraphs go, keeps its statements. It does so in Chinese as in English, which words or
   shingles do not.
2. Only letters and digits count, lower case, compatibility forms and Chinese variants folded.
3. A figure alone ("12.50" in a table) belongs to the statement before it.
"""

import re
import unicodedata
from html import unescape

from aggregator.core.stories.scripts import one_script

_LONGEST = 200_000
"""Characters of HTML that are read of one entry."""
_MOST = 400
"""Statements that are kept of one entry."""

_BLOCK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|pre|hr|dt|dd|dl|section|article"
    r"|figure|figcaption|header|footer|aside|nav|main|details|summary)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_END = re.compile(r"[。！？；，：、!?;,:.．…\n|【】\[\]「」『』()（）—–•·؟،؛۔।](?!(?<=[.,:．])\d)")
_GAP = re.compile(r"[ \xa0\u3000]+(?:(?=[\u3400-\u9fff])(?<=[\u3400-\u9fff].)|(?<=[电電讯訊].))")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+")
_RELATED = re.compile(
    r"\n\W*(?:相关阅读|相关新闻|相关文章|相关报道|延伸阅读|推荐阅读|相關閱讀|相關閲讀|相關新聞|延伸閱讀|推薦閱讀"
    r"|関連記事|관련\s?기사|related (?:stories|articles|posts|news|links)|you may also like"
    r"|read (?:also|next)|more on this story|читайте также|اقرأ أيضا)\W*\n",
    re.IGNORECASE,
)
_NOISE = re.compile(r"[^\w\n]+|_+")
_LEADS_ON = re.compile(r"(?:…+|\.{3,}|。{3,})[^…]{0,24}\Z")
_STOPS = frozenset("。！？.!?”\"'’」』)）】]؟۔।")
_SUMMARY_CHARACTERS = 1_000


def plain(html: str) -> str:
    """Return the text of HTML, its blocks on lines of their own; linear in the length."""
    html = html[:_LONGEST]
    if "<" in html:
        if _BLOCK.search(html):
            html = _BLOCK.sub("\n", html.replace("\n", " "))
        html = _TAG.sub("", html)
    text = (unescape(html) if "&" in html else html).strip()
    return _ADDRESS.sub("", text) if "://" in text else text


def without_lead_on(text: str) -> tuple[str, bool]:
    """Return a text without "… read more", and whether it stops short of its end."""
    found = _LEADS_ON.search(text, max(0, len(text) - 40))
    if found:
        return text[: found.start()], True
    return text, 0 < len(text) < _SUMMARY_CHARACTERS and text[-1] not in _STOPS


def without_related(text: str) -> str:
    """Return a text without the list of other stories below it."""
    found = _RELATED.search(text, len(text) // 3)
    return text[: found.start()] if found else text


def statements(text: str) -> list[tuple[str, str]]:
    """Return the statements of a text, each as its letters and as it was written."""
    lines = _END.sub("\n", _GAP.sub("\n", text))
    written = lines.split("\n")
    found: list[tuple[str, str]] = []
    for letter, words in zip(letters(lines).split("\n"), written, strict=True):
        if not letter:
            continue
        if found and letter.isdigit():
            found[-1] = (found[-1][0] + letter, f"{found[-1][1]} {words.strip()}")
        elif len(letter) > 1:
            found.append((letter, words))
        if len(found) >= _MOST:
            break
    return found


def letters(text: str) -> str:
    """Return the letters, digits and line ends of a text in the one form that is compared."""
    text = _NOISE.sub("", "\n".join("".join(line.split()) for line in text.lower().split("\n")))
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    return one_script(text)

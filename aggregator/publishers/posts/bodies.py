"""The text of a post: safe HTML that no engine takes for Markdown or for template code.

1. One ``<div>`` without a blank line: those end an HTML block of CommonMark, and an indented line
   after one is code. Every line begins with a tag, so no line is a fence, a list or a rule.
2. No brace is left: ``{{``, ``{%``, ``{#``, shortcodes, ``{: .x}`` and ``{filename}`` are template
   code to one engine or other, and one ``{% x %}`` out of a feed ends a whole Jekyll build. (A
   ``{% raw %}`` around it would end at an ``{% endraw %}`` in it.)
3. The source is named and linked on the last line.
"""

import re
from html import escape

from aggregator.core.html import plain_text, sanitize
from aggregator.core.html.markup import pieces
from aggregator.core.urls import absolute
from aggregator.model.shown import Item
from aggregator.publishers.posts.words import one_line, shortened

SUMMARY_LIMIT = 600
"""Characters of text: feeds that put whole articles into their summaries are cut."""

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_LINE_ENDS = re.compile(r"[ \t\n\r\f]*\n[ \t\n\r\f]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def body_of(item: Item, how: str) -> str:
    """Return the text of a post; ``how`` is "full", "summary" or "link"."""
    language = item.article.language or ""
    lang = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    text = in_lines(_text(item, how))
    start = f"<div{lang}>" if text.startswith("<") or not text else f"<div{lang}>{text}"
    lines = (start, text if text.startswith("<") else "", _source(item), "</div>")
    return without_braces("\n".join(line for line in lines if line)) + "\n"


def without_braces(html: str) -> str:
    """Write braces as references: no engine finds template code in them."""
    return html.translate(_BRACES)


def in_lines(html: str) -> str:
    """Lay safe HTML out so that no line is blank and every line begins with a tag."""
    parts: list[str] = []
    preformatted = 0
    for piece in pieces(html):
        if piece.name == "pre":
            preformatted = max(0, preformatted + (-1 if piece.is_end else 1))
        if preformatted or piece.name:
            parts.append(piece.text.replace("\n", "&#10;"))
        elif not piece.text.strip(" \t\n\r\f") and "\n" in piece.text:
            parts.append("\n")
        else:
            parts.append(_LINE_ENDS.sub(" ", piece.text))
    return "".join(parts).strip(" \t\n")


def link_to(url: str | None, text: str) -> str:
    """Return a link that gives away no standing, or the text where there is no web address."""
    address = absolute(url) if url else None
    if not address:
        return escape(text)
    return f'<a href="{escape(address)}" rel="nofollow noopener">{escape(text)}</a>'


def _text(item: Item, how: str) -> str:
    article = item.article
    if how == "link":
        return ""
    if how == "full":
        return sanitize(article.content or article.summary)
    summary = sanitize(article.summary)
    text = plain_text(summary or sanitize(article.content))
    if summary and len(text) <= SUMMARY_LIMIT:
        return summary
    return f"<p>{escape(shortened(text, SUMMARY_LIMIT))}</p>" if text else ""


def _source(item: Item) -> str:
    links = [
        link_to(item.link or item.source.link, one_line(item.source.title) or item.source.name)
    ]
    links += (link_to(via.link, one_line(via.title)) for via in item.via)
    return f'<p class="source">{", ".join(links)}</p>'

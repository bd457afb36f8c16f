"""Cut the article out of rendered HTML: no remarks, nothing hidden, no boilerplate.

The article's hash must not move when a footer does: what ``remove:`` names goes, and with it every
element that was left without a word ("<a>back</a>｜<a>home</a>" leaves a "｜").
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from aggregator.formats.reading.posts.blocks import inner_html
from aggregator.formats.reading.posts.templates import MORE

_HIDDEN = re.compile(r"<[^<>]*?(?:\shidden[\s=>]|display\s*:\s*none)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_WORDS = re.compile("[\\w\U0001f000-\U0001faff]")  # a smile is one, "｜" is none
_KEEPERS = frozenset(("img", "video", "audio", "iframe", "picture", "svg", "table", "hr", "object"))
_FIRST_PARAGRAPH = re.compile(r"<p\b[^<>]*>.*?</p>", re.DOTALL | re.IGNORECASE)
_LONE_LINK = '<p><a href="{0}">{0}</a></p>'


class BadSelectorError(Exception):
    """A selector of ``remove:`` is none; the message says why."""


@lru_cache(maxsize=256)
def selector(text: str) -> CSSSelector:
    """Compile a CSS selector.

    :raises BadSelectorError: it is none
    """
    try:
        return CSSSelector(text, translator="html")
    except (SelectorError, etree.XPathError, RecursionError) as error:
        raise BadSelectorError(f'"{text}" is no CSS selector: {error}') from error


def without_remarks(markup: str) -> tuple[str, str | None]:
    """Drop HTML comments; returns the rest, and what stood before the mark of the excerpt."""
    before: str | None = None
    parts: list[str] = []
    at = 0
    while (start := markup.find("<!--", at)) >= 0:
        end = markup.find("-->", start + 4)
        if end < 0:
            break
        parts.append(markup[at:start])
        at = end + 3
        if before is None and markup[start:at] == MORE:
            before = "".join(parts)
    return ("".join((*parts, markup[at:])) if parts else markup), before


def article_of(markup: str, remove: Iterable[CSSSelector]) -> str:
    """Drop what is hidden and what the selectors name."""
    selectors = tuple(remove)
    if not selectors and not _HIDDEN.search(markup):
        return markup
    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.LxmlError, ValueError):
        return markup
    gone = {element for chosen in selectors for element in _elements(chosen(root))}
    gone |= {element for element in root.iter() if _is_hidden(element)}
    for element in gone:
        _drop(element, root)
    return inner_html(root).strip()


def _elements(found: object) -> list[html.HtmlElement]:
    return (
        [item for item in found if isinstance(item, etree._Element)]
        if isinstance(found, list)
        else []
    )


def _is_hidden(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return True
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))


def _drop(element: html.HtmlElement, root: html.HtmlElement) -> None:
    """Take an element out, keep the text behind it, and take wordless parents along."""
    while element is not root:
        parent = element.getparent()
        if parent is None:
            return
        element.drop_tree()
        if parent is root or not _is_wordless(parent):
            return
        element = parent


def _is_wordless(element: html.HtmlElement) -> bool:
    if element.tag in _KEEPERS or any(child.tag in _KEEPERS for child in element.iter()):
        return False
    return not _WORDS.search("".join(element.itertext()))


def without_link(markup: str, url: str) -> str:
    """Drop the paragraph that is nothing but the link the entry has anyway."""
    return markup.replace(_LONE_LINK.format(escape(url)), "")


def first_paragraph(markup: str) -> str:
    """Return the first paragraph, else all of it."""
    found = _FIRST_PARAGRAPH.search(markup)
    return found[0] if found else markup

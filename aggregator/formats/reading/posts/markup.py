"""Bodies to HTML: Markdown, HTML, reST and notebooks; other markups as plain text."""

import html
import json
import re
from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from aggregator.formats.reading.posts.notes import Notes
from aggregator.formats.reading.posts.rest import is_too_long, render_rest

MARKDOWN = frozenset(("md", "markdown", "mkd", "mkdn", "mdown", "mdx"))
HTML = frozenset(("html", "htm"))
REST = frozenset(("rst", "rest"))
_MARKDOWN_LIMIT = 1_000_000
"""Characters; the longest real post has 851,000. The slowest text known takes 10 s for it."""
_CONTAINERS = (
    "note",
    "tip",
    "info",
    "warning",
    "caution",
    "danger",
    "important",
    "details",
    "success",
)


@cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for plugin in (
        footnote_plugin,
        deflist_plugin,
        tasklists_plugin,
        attrs_plugin,
        attrs_block_plugin,
    ):
        reader.use(plugin)
    for name in _CONTAINERS:
        reader.use(container_plugin, name)
    return reader


def render(body: str, extension: str, notes: Notes) -> str:
    """Return a body as HTML, not yet safe; nothing is opened or run."""
    if extension in HTML:
        return body
    if extension in MARKDOWN:
        return _long(body, notes) if len(body) > _MARKDOWN_LIMIT else render_markdown(body)
    if extension in REST:
        return _long(body, notes) if is_too_long(body) else _rest(body, notes)
    if extension == "ipynb":
        return _notebook(body, notes)
    notes.count("plain")
    return as_plain(body)


def render_markdown(text: str) -> str:
    """Render CommonMark with tables, footnotes, definitions, tasks, attributes and containers."""
    return str(_markdown().render(text))


def as_plain(text: str) -> str:
    """Show text as it is."""
    return f"<pre>{html.escape(text.strip(chr(10)), quote=False)}</pre>"


def _long(body: str, notes: Notes) -> str:
    notes.count("long")
    return as_plain(body)


def _rest(text: str, notes: Notes) -> str:
    rendered = render_rest(text)
    if rendered is None:
        notes.count("plain")
        return as_plain(text)
    return rendered


def _notebook(text: str, notes: Notes) -> str:
    """Render a notebook's Markdown cells, and its code as it is; outputs are left out."""
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as error:
        notes.warn("notebook", f"is no notebook: {error}")
        return ""
    return "\n".join(_cell(cell) for cell in notebook_cells(book))


def notebook_cells(book: object) -> list[tuple[str, str]]:
    """Return (kind, text) of a notebook's cells, of format 3 or 4."""
    if not isinstance(book, dict):
        return []
    sheets = book.get("worksheets")
    holders = sheets if isinstance(sheets, list) else [book]
    cells = [
        cell for holder in holders if isinstance(holder, dict) for cell in _list(holder, "cells")
    ]
    return [
        (str(cell.get("cell_type")), _source(cell, "source") or _source(cell, "input"))
        for cell in cells
        if isinstance(cell, dict)
    ]


def _list(holder: dict[str, object], key: str) -> list[object]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _source(cell: dict[str, object], key: str) -> str:
    value = cell.get(key)
    lines = value if isinstance(value, list) else [value]
    return "".join(line for line in lines if isinstance(line, str))


def _cell(cell: tuple[str, str]) -> str:
    kind, text = cell
    if kind == "markdown":
        return render_markdown(text[:_MARKDOWN_LIMIT])
    return as_plain(text) if kind == "code" and text.strip() else ""


_TAG = re.compile(r"<[^<>]*>")
_BLOCK_TAG = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|pre|blockquote|hr|section)\b[^<>]*>", re.I
)


def text_of(markup: str) -> str:
    """Return the words of HTML; inline tags leave no gap, so "上海<b>证券</b>报" is one name."""
    return html.unescape(_TAG.sub("", _BLOCK_TAG.sub("\n", markup)))

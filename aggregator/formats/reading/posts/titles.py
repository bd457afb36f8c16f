"""What a post is called: front matter, else its first heading, else its file's name."""

import json
import re

from aggregator.formats.reading.posts.markup import HTML, MARKDOWN, REST, notebook_cells, text_of
from aggregator.formats.reading.posts.notes import Notes
from aggregator.formats.reading.posts.permalinks import plain_name
from aggregator.formats.reading.posts.split import Opened
from aggregator.formats.reading.posts.values import FrontMatter

_LIMIT = 500
_LIMIT_MARKDOWN = 2000
_SPACES = re.compile(r"[-_]+")
_ATX = re.compile(r"^ {0,3}#[ \t]+([^\n]+)$", re.MULTILINE)
_SETEXT = re.compile(r"^(\S[^\n]{0,300})\n={2,}[ \t]*$", re.MULTILINE)
_H1 = re.compile(r"<h1\b[^<>]*>((?:(?!</?h1)[\s\S]){0,2000})</h1>", re.IGNORECASE)
_ADOC = re.compile(r"^= ([^\n]+)$", re.MULTILINE)
_ORG = re.compile(r"^\* ([^\n]+)$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\](?:\([^()\n]*\)|\[[^\[\]\n]*\])")
_MARKS = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)([^\n]+?)(?<=\S)\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def title_of(
    opened: Opened, front: FrontMatter, extension: str, path: str, notes: Notes
) -> tuple[str, str]:
    """Return a title, and the heading of the body that it was taken from ("" where from none)."""
    whole = front.text("republished_title")
    if whole:
        return _folded(whole, front, notes), ""
    if "title" in front.values:
        value = front.values["title"]
        if isinstance(value, str) and value.strip():
            return _folded(value, front, notes), ""
        kind = "a list" if isinstance(value, list) else "a map" if value else "empty"
        notes.warn("title", f"has a title that is {kind}", front.line("title"))
    heading, words = _heading(opened.body, extension)
    if words:
        return _folded(words, front, notes), heading
    notes.count("title-from-name")
    return _folded(_SPACES.sub(" ", plain_name(path, path)), front, notes), ""


def _folded(text: str, front: FrontMatter, notes: Notes) -> str:
    words = " ".join(text.split())
    if len(words) > _LIMIT:
        notes.warn("title", f"has a title of {len(words)} characters; cut", front.line("title"))
        return words[: _LIMIT - 1] + "…"
    if "\n" in text.strip():
        notes.warn("title", "has a title of several lines; folded", front.line("title"))
    return words


def _heading(body: str, extension: str) -> tuple[str, str]:
    """Return the first heading of a body as it stands, if it is its first block, and its words."""
    if extension == "ipynb":
        return "", _notebook_heading(body)
    found = _first(body, extension)
    if found is None:
        return "", ""
    words = text_of(found[1]) if extension in HTML else _plain(found[1])
    return (found[0] if not body[: found.start()].strip() else ""), words


def _first(body: str, extension: str) -> "re.Match[str] | None":
    if extension in HTML:
        return _H1.search(body)
    if extension not in MARKDOWN:
        pattern = _ADOC if extension in ("adoc", "asciidoc") else _ORG
        return pattern.search(body) if extension not in REST else None
    fence = _FENCE.search(body)
    end = fence.start() if fence else len(body)
    found = (_ATX.search(body, 0, end), _SETEXT.search(body, 0, end), _H1.search(body, 0, end))
    return min((match for match in found if match), key=lambda match: match.start(), default=None)


def _plain(markdown: str) -> str:
    """Take the marks of emphasis, code and links off a heading."""
    open_end = markdown.rstrip().rstrip("#")
    closed = open_end.endswith((" ", "\t"))  # "# Title ##"
    words = _LINK.sub(r"\1", (open_end if closed else markdown).strip()[:_LIMIT_MARKDOWN])
    for _ in range(3):
        words = _MARKS.sub(r"\2", words)
    return _ESCAPED.sub(r"\1", text_of(words))


def _notebook_heading(body: str) -> str:
    try:
        book = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for kind, text in notebook_cells(book):
        found = _ATX.search(text) if kind == "markdown" else None
        if found or kind == "heading":
            return _plain(found[1] if found else text)
    return ""

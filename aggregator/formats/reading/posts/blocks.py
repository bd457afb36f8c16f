"""Headers that are no fenced front matter: Pelican, Nikola, reST, AsciiDoc, org and HTML."""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from lxml import html

from aggregator.formats.reading.posts.values import Value

_PAIR = re.compile(r"([^\W\d_][\w -]{0,40}?)\s*:(?:[ \t]+(.*))?$")
_NIKOLA = re.compile(r"\.\.[ \t]+([\w-]{1,40}):(?:[ \t]+(.*))?$")
_FIELD = re.compile(r":([^\s:][^:]{0,40}):(?:[ \t]+(.*))?$")
_ORG = re.compile(r"#\+(\w{1,40}):[ \t]*(.*)$")
_ORG_NAMES = {"filetags": "tags", "hugo_tags": "tags", "hugo_categories": "categories"}
_ADOC_PREFIX = re.compile(r"(?:awestruct|jbake|page)-")
_REVISION = re.compile(r"(?:v?[\w.]+,\s*)?(\d{4}-\d{2}-\d{2})")
_KNOWN = re.compile(
    r"(?i)^(title|date|tags?|category|categories|author|authors|slug|summary|status)$"
)
_HEADER_LINES = 200


class Block:
    """The keys of a header, their lines, and where the body begins."""

    def __init__(self, first_line: int = 1) -> None:
        self.values: dict[str, Value] = {}
        self.lines: dict[str, int] = {}
        self.body = ""
        self.body_line = first_line

    def put(self, key: str, value: str, line: int) -> None:
        """Keep one key."""
        self.values[key] = value
        self.lines[key] = line

    def go_on(self, key: str, value: str) -> None:
        """Lengthen a value by a continuation line."""
        self.values[key] = f"{self.values[key]} {value.strip()}".strip()

    def rest(self, lines: list[str], start: int) -> "Block":
        """Take all lines from here as the body."""
        self.body = "\n".join(lines[start:])
        self.body_line = start + 1
        return self


def read_pairs(text: str) -> Block | None:
    """Read "Key: value" lines up to a blank line (Pelican's Markdown, MultiMarkdown).

    None unless every line is one and a key is a known one: "Note: this is prose" is prose.
    """
    lines = text.split("\n")
    start = _first_full(lines)
    block = Block()
    end = _pairs(block, lines, start, _PAIR)
    blank_follows = end >= len(lines) or not lines[end].strip()
    if not blank_follows or not any(_KNOWN.match(key) for key in block.values):
        return None
    return block.rest(lines, end + 1)


def read_nikola(text: str) -> Block | None:
    """Read ".. key: value" lines, bare or in an HTML comment."""
    lines = text.split("\n")
    start = _first_full(lines)
    commented = start < len(lines) and lines[start].strip() == "<!--"
    start += commented
    block = Block()
    end = _pairs(block, lines, start, _NIKOLA)
    if not block.values:
        return None
    while end < len(lines) and (not lines[end].strip() or lines[end].strip() == "-->"):
        end += 1
    return block.rest(lines, end)


def read_rest(text: str) -> Block | None:
    """Read a reST title and the field list below it."""
    lines = text.split("\n")
    start = _first_full(lines)
    block = Block()
    title, after = _rest_title(lines, start)
    fields_at = after + _first_full(lines[after : after + 3])
    end = _pairs(block, lines, fields_at, _FIELD)
    if title:
        block.values.setdefault("title", title)
        block.lines.setdefault("title", start + 1)
    if not block.values:
        return None
    return block.rest(lines, end if end > fields_at else after)


def _rest_title(lines: list[str], start: int) -> tuple[str, int]:
    """Return a title with its under- or overline, and the line after it."""
    around = [line.rstrip() for line in lines[start : start + 3]] + ["", "", ""]
    if _is_rule(around[0]) and around[1].strip() and around[2] == around[0]:
        return around[1].strip(), start + 3
    if around[0] and not _is_rule(around[0]) and _is_rule(around[1]):
        return around[0].strip(), start + 2
    return "", start


def _is_rule(line: str) -> bool:
    return len(line) >= 2 and not line[0].isalnum() and not line.strip(line[0])


def read_adoc(text: str) -> Block | None:
    """Read an AsciiDoc header: "= Title", author, revision, ":name: value" up to a blank line."""
    lines = text.split("\n")
    at = _first_full(lines)
    block = Block()
    if at < len(lines) and lines[at].startswith("= "):
        block.put("title", _unquoted(lines[at][2:].strip()), at + 1)
        at = _adoc_people(block, lines, at + 1)
    end = _pairs(block, lines, at, _FIELD, skip="//")
    block.values = {_ADOC_PREFIX.sub("", key): value for key, value in block.values.items()}
    block.lines = {_ADOC_PREFIX.sub("", key): line for key, line in block.lines.items()}
    if not block.values:
        return None
    # Awestruct's files end their header with a fence.
    end += end < len(lines) and lines[end].strip() == "---"
    return block.rest(lines, end)


def _adoc_people(block: Block, lines: list[str], at: int) -> int:
    if at < len(lines) and lines[at].strip() and not lines[at].startswith((":", "//")):
        block.put("author", lines[at].strip(), at + 1)
        at += 1
        if at < len(lines) and (match := _REVISION.match(lines[at])):
            block.put("revdate", match[1], at + 1)
            at += 1
    return at


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def read_org(text: str) -> Block | None:
    """Read "#+KEY: value" lines."""
    lines = text.split("\n")
    block = Block()
    at = 0
    for at, line in enumerate(lines[:_HEADER_LINES]):
        match = _ORG.match(line)
        if match:
            key = match[1].lower()
            value = match[2].strip()
            if key == "filetags":  # ":emacs:news:"
                value = value.strip(":").replace(":", ", ")
            block.put(_ORG_NAMES.get(key, key), value, at + 1)
        elif line.strip():
            break
    return block.rest(lines, at) if block.values else None


def read_html(text: str) -> Block | None:
    """Read ``<title>`` and ``<meta name content>`` of a whole HTML page; its body is the post.

    Braces that are written as references stay such in the body: they are shown, and no template.
    """
    if not re.search(r"(?i)<(?:html|head|meta|title)\b", text[:4096]):
        return None
    marks = _unused_marks(text)
    text = _BRACE.sub(lambda found: marks[found[1] is None], text)
    try:
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, html.etree.LxmlError):
        return None
    block = _page_head(page, marks)
    body = page.find("body")
    block.body = _written(inner_html(body) if body is not None else "", marks, _REFERENCES)
    return block


_BRACE = re.compile(
    r"&(?:(#0{0,8}123;|#x0{0,8}7b;|lbrace;|lcub;)|#0{0,8}125;|#x0{0,8}7d;|rbrace;|rcub;)", re.I
)
_BRACES = ("{", "}")
_REFERENCES = ("&#123;", "&#125;")


def _unused_marks(text: str) -> tuple[str, str]:
    """Return marks for both braces that the parser takes for words and no text holds: its hash."""
    stem = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{stem}l.", f"{stem}r."


def _written(text: str, marks: tuple[str, str], braces: tuple[str, str]) -> str:
    return text.replace(marks[0], braces[0]).replace(marks[1], braces[1])


def _page_head(page: html.HtmlElement, marks: tuple[str, str]) -> Block:
    block = Block()
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        content = meta.get("content") or meta.get("contents")
        if name and content and len(block.values) < _HEADER_LINES:
            block.put(
                name.removeprefix("article:").removeprefix("og:"),
                _written(content, marks, _BRACES),
                _line(meta),
            )
    title = page.find(".//title")
    if title is not None and (title.text or "").strip():
        words = " ".join((title.text or "").split())
        block.put("title", _written(words, marks, _BRACES), _line(title))
    return block


def _line(element: html.HtmlElement) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def inner_html(element: html.HtmlElement) -> str:
    """Write what is inside an element."""
    parts = [_escaped(element.text or "")]
    parts += (html.tostring(child, encoding="unicode") for child in element)
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _first_full(lines: list[str]) -> int:
    """Count the blank lines at the top."""
    return next((number for number, line in enumerate(lines) if line.strip()), len(lines))


def _pairs(
    block: Block, lines: list[str], start: int, pattern: "re.Pattern[str]", skip: str = "\0"
) -> int:
    """Read lines of one pattern and their indented continuations; returns the line after them."""
    key = ""
    for number in range(start, min(len(lines), start + _HEADER_LINES)):
        line = lines[number].rstrip()
        match = pattern.match(line)
        if match:
            key = match[1].strip().lower()
            block.put(key, (match[2] or "").strip(), number + 1)
        elif line.startswith(skip) and line:
            continue
        elif key and line and line[0] in " \t":
            block.go_on(key, line)
        else:
            return number
    return min(len(lines), start + _HEADER_LINES)


def pair_lines(text: str, names: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Yield what can be saved of unreadable front matter: "name: value" lines of known names."""
    wanted = frozenset(names)
    for number, line in enumerate(text.split("\n")[:_HEADER_LINES]):
        match = _PAIR.match(line.rstrip())
        if match and match[1].strip().lower() in wanted and match[2]:
            yield match[1].strip().lower(), match[2].strip(), number

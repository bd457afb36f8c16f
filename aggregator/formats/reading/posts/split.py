"""Find the front matter of a file, read it, and say where the body begins.

1. A fence must be closed: else the whole file is the body.
2. What is no mapping (a list, a sentence between two rules) is part of the body.
3. What cannot be read is saved line by line ("title: …"), with one warning; the post is kept.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping

from msgspec import Struct

from aggregator.formats.reading.posts.blocks import (
    Block,
    pair_lines,
    read_adoc,
    read_html,
    read_nikola,
    read_org,
    read_pairs,
    read_rest,
)
from aggregator.formats.reading.posts.engines import Engine
from aggregator.formats.reading.posts.notes import Notes, quoted
from aggregator.formats.reading.posts.values import FrontMatter, Value, as_value, front_matter
from aggregator.formats.reading.posts.yamltext import UnreadableError, read_yaml

_FRONT_LIMIT = 64 * 1024
"""Characters; the largest real one known has 10,134."""
_OPENING = re.compile(r"(\s*\n)?(-{3,}|\+{3})([a-z]{0,8})[ \t]*(?:\n|$)")
_KEYS_FOLLOW = re.compile(r"\s*(?:[#\"'\w][^\n:=]{0,80}\s*[:=]|$)")
_SAVED = (
    *("title", "date", "categories", "category", "tags", "tag", "author", "link"),
    *("permalink", "slug", "draft", "published", "layout", "updated", "lang"),
)
_JS_VALUE = re.compile(
    r"(?:^|[;{,\n])\s*(?:(?:const|let|var)\s+)?(\w{1,40})\s*[:=]\s*"
    r"(?:\"([^\"\n]*)\"|'([^'\n]*)'|(true|false|\d+))"
)
_TOML_LINE = re.compile(r"line (\d+)")


class Opened(Struct, frozen=True):
    """A file taken apart."""

    front: FrontMatter
    body: str
    body_line: int
    """Where the body begins, from 1."""
    has_front: bool
    """False: nothing was found that is front matter."""


def take_apart(text: str, extension: str, engine: Engine, notes: Notes) -> Opened:
    """Return front matter and body of a file's clean text."""
    if extension == "ipynb":
        return Opened(FrontMatter(), text, 1, True)
    fenced = _fenced(text, engine, notes) or _json(text, engine, notes)
    if fenced:
        return fenced
    block = _block(text, extension, engine)
    if block is None:
        return Opened(FrontMatter(), text, 1, False)
    return Opened(front_matter(block.values, block.lines), block.body, block.body_line, True)


def _block(text: str, extension: str, engine: Engine) -> Block | None:
    readers: dict[str, Callable[[str], Block | None]] = {
        "adoc": read_adoc,
        "asciidoc": read_adoc,
        "org": read_org,
    }
    if extension in readers:
        return readers[extension](text)
    if (block := read_nikola(text)) is not None:
        return block
    if extension in ("html", "htm"):
        return read_html(text)
    if extension in ("rst", "rest"):
        return read_rest(text)
    return read_pairs(text) if engine.pairs else None


def _fenced(text: str, engine: Engine, notes: Notes) -> Opened | None:
    """Take YAML, TOML or JSON between fences, if the file begins with one."""
    opening = _OPENING.match(text)
    if not opening:
        return _without_first_fence(text, notes) if engine.loose else None
    if opening[2] not in ("---", "+++") and not engine.loose:
        return None
    start = opening.end()
    fence = re.escape(opening[2]) if opening[2] != "---" else r"(?:---|\.\.\.)"
    closing = re.compile(rf"^{fence}[ \t]*$", re.MULTILINE).search(text, start)
    if not closing:
        return _never_closed(text, start, notes)
    line = text.count("\n", 0, start) + 1
    body = text[closing.end() + 1 :]
    body_line = line + text.count("\n", start, closing.end()) + 1
    front = _front(text[start : closing.start()], opening, line, notes)
    if front is None:
        notes.count("rule-at-top")
        return Opened(FrontMatter(), text, 1, False)
    if opening[1] and not (engine.blank_lines and opening[2] == "+++"):
        notes.warn("blank-first", f"has blank lines before its {opening[2]}")
    return Opened(front, body, body_line, True)


def _never_closed(text: str, start: int, notes: Notes) -> Opened:
    if _KEYS_FOLLOW.match(text, start):
        notes.warn("unclosed", "has front matter that is never closed; all of it is taken as text")
    else:
        notes.count("rule-at-top")
    return Opened(FrontMatter(), text, 1, False)


def _without_first_fence(text: str, notes: Notes) -> Opened | None:
    """Read Hexo's short form: front matter from the first line to a fence."""
    if not re.match(r"[\"\w][\w\" -]{0,40}:", text):
        return None
    closing = re.compile(r"^(-{3,}|;{3,})[ \t]*$", re.MULTILINE).search(text)
    if not closing:
        return None
    inner = text[: closing.start()]
    source = f"{{{inner}}}" if closing[1][0] == ";" else inner
    reader = _read_json if closing[1][0] == ";" else _read_yaml
    front = _read(source, reader, 1, notes)
    if front is None:
        return None
    body_line = text.count("\n", 0, closing.end()) + 2
    return Opened(front, text[closing.end() + 1 :], body_line, True)


def _json(text: str, engine: Engine, notes: Notes) -> Opened | None:
    """Take a JSON object at the top (Hugo)."""
    if engine.name not in ("hugo", "plain") or not re.match(r'\{\s*"', text):
        return None
    try:
        decoder = json.JSONDecoder(parse_float=str, parse_int=str)
        value, end = decoder.raw_decode(text[:_FRONT_LIMIT])
        front = front_matter(_as_map(value), {})
    except (ValueError, RecursionError) as error:
        notes.warn("json", f"has front matter that is no JSON: {_words(error)}")
        return None
    return Opened(front, text[end:].lstrip("\n"), text.count("\n", 0, end) + 1, True)


_Reader = Callable[[str, int, Notes], Mapping[str, Value] | FrontMatter | None]


def _front(inner: str, opening: "re.Match[str]", line: int, notes: Notes) -> FrontMatter | None:
    language = opening[3] or ("toml" if opening[2] == "+++" else "yaml")
    if len(inner) > _FRONT_LIMIT:
        notes.warn("large", f"has front matter of over {_FRONT_LIMIT} characters", line)
        return _saved(inner[:_FRONT_LIMIT], line)
    readers = {"toml": _read_toml, "json": _read_json, "js": _read_script}
    return _read(inner, readers.get(language, _read_yaml), line, notes)


def _read(inner: str, reader: _Reader, line: int, notes: Notes) -> FrontMatter | None:
    """Read with one reader; what it refuses is saved line by line."""
    try:
        found = reader(inner, line, notes)
    except UnreadableError as error:
        notes.warn("unreadable", f"front matter cannot be read: {error}", line + error.line)
        return _saved(inner, line)
    if found is None or isinstance(found, FrontMatter):
        return found
    return front_matter(found, {})


def _read_yaml(inner: str, line: int, notes: Notes) -> FrontMatter | None:
    try:
        tree = read_yaml(inner)
    except UnreadableError:
        if "\t" not in inner:
            raise
        tree = read_yaml(inner.replace("\t", "  "))
    if tree.root is None:
        return FrontMatter()
    if not isinstance(tree.root, dict):
        return None
    for key, at in tree.twice:
        notes.warn("twice", f"names {quoted(key)} twice; the last counts", line + at)
    return front_matter(tree.root, {key: line + at for key, at in tree.lines.items()})


def _words(error: Exception) -> str:
    return "is nested too deep" if isinstance(error, RecursionError) else str(error)


def _read_toml(inner: str, line: int, notes: Notes) -> FrontMatter:
    try:
        values = _as_map(tomllib.loads(inner, parse_float=str))
    except (ValueError, RecursionError) as error:
        at = _TOML_LINE.search(str(error))
        raise UnreadableError(_words(error), int(at[1]) - 1 if at else 0) from error
    lines = {
        match[1]: line + number
        for number, text in enumerate(inner.split("\n"))
        if (match := re.match(r"([\w-]{1,40})\s*=", text))
    }
    return front_matter(values, lines)


def _read_json(inner: str, line: int, notes: Notes) -> Mapping[str, Value] | None:
    try:
        value = as_value(json.loads(inner, parse_float=str, parse_int=str))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(_words(error), getattr(error, "lineno", 1) - 1) from error
    return value if isinstance(value, dict) else None


def _read_script(inner: str, line: int, notes: Notes) -> Mapping[str, Value]:
    """Take plain constants out of JavaScript front matter, which is not run."""
    notes.warn("script", "has front matter in JavaScript, which is not run; constants are read")
    return {
        match[1]: next(part for part in match.groups()[1:] if part is not None)
        for match in _JS_VALUE.finditer(inner)
    }


def _saved(inner: str, line: int) -> FrontMatter:
    """Save what stands on lines of its own; quotes around a value go, whatever is inside them."""
    values: dict[str, Value] = {}
    lines: dict[str, int] = {}
    for key, value, at in pair_lines(inner.replace(" = ", ": "), _SAVED):
        values[key] = _bare(value)
        lines[key] = line + at
    return front_matter(values, lines)


def _bare(value: str) -> Value:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    # A bracket that is missing may be what could not be read; "[Solved] a: b" is a title.
    if value.startswith("[") and (value.endswith("]") or "]" not in value):
        return [part.strip().strip("\"'") for part in value[1:].removesuffix("]").split(",")]
    return value


def _as_map(value: object) -> dict[str, Value]:
    turned = as_value(value)
    return turned if isinstance(turned, dict) else {}

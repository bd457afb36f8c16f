"""Puts sources into feeds.yaml and leaves every other byte of it as it is.

A text is put in where ruamel's events say, so comments, order, quotes, indents and line ends stay:
a round trip through ruamel's own documents hangs the comment before the next section on the last
source, and writes the new one behind it.

1. A new source stands behind the last one and looks like it: on a line of its own or, where that
   one has its keys below it, likewise; inside of braces where `sources` has them.
2. The edited text is read before it is written: it must load, hold what the old one held and the
   new sources, or nothing is written and all that is wrong is told.
3. The file is replaced in one step, with its mode and owner; never when another has changed it
   since it was read.
"""

import json
import os
import re
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import replace

from aggregator.config.loading import settings_of
from aggregator.config.places import Place, sources_place
from aggregator.config.reading import read_text
from aggregator.config.tree import Node, read_tree
from aggregator.errors import ConfigError, Problem
from aggregator.model.settings import Settings

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")
_NOTHING = frozenset(("null", "Null", "NULL"))
_VARIABLE = re.compile(r"\$\{(?=[^{}\s]*\})")
_BEGINNING = (
    "# `aggregator check` tells what is wrong in here, `aggregator schema` what may stand.\n"
)


class NewSource(Struct, frozen=True):
    """A feed to put into feeds.yaml."""

    name: str
    url: str
    categories: tuple[str, ...] = ()
    title: str = ""


class Draft(Struct, frozen=True):
    """feeds.yaml as it was read, to be edited."""

    path: Path
    text: str
    """"" where there is no file yet."""
    before: bytes | None
    """What stood in the file; None where there is none."""
    settings: Settings


def open_draft(path: Path, *, new: bool = False) -> Draft:
    """Read feeds.yaml to edit it; with ``new``, begin one where there is none.

    :raises ConfigError: with every problem of it, but for naming no source yet
    """
    if new and not path.exists():
        settings = settings_of(path, "sources: {}\n")
        return Draft(path, "", None, settings)
    text, before = read_text(path), _bytes(path)
    return Draft(path, text, before, _settings(path, text))


def add_sources(draft: Draft, sources: Sequence[NewSource]) -> Settings:
    """Write sources into the file and return what it says now.

    :raises ConfigError: the file would not load, has been changed meanwhile or cannot be written
    """
    text = _edited(draft.path, draft.text or _BEGINNING, sources)
    settings = settings_of(draft.path, text)
    _check(draft, text, sources)
    bom = "\ufeff" if (draft.before or b"").startswith(b"\xef\xbb\xbf") else ""
    _replace(draft, (bom + text).encode("utf-8"))
    return settings


def _settings(path: Path, text: str) -> Settings:
    """Read all there is of a file that names no source yet: that is what it is to be edited for."""
    root = read_tree(str(path), text)[0]
    named = root.child("sources")
    if not isinstance(root.value, dict) or (named and named.value is not None):
        return settings_of(path, text)
    example = NewSource("example", "https://example.org/")
    return replace(settings_of(path, _edited(path, text, (example,))), sources=())


def _edited(path: Path, text: str, sources: Sequence[NewSource]) -> str:
    place = sources_place(text)
    if place is None:
        _fail(path, "its sources: cannot be edited by a program", "write the source in yourself")
    return place.put(text, [_written(source, place) for source in sources])


def _written(source: NewSource, place: Place) -> str:
    """Write one source: its key and value, without the indent of the first line."""
    if place.json:
        said = {"feed": source.url, "title": source.title, "categories": list(source.categories)}
        value = {key: stated for key, stated in said.items() if stated}
        return f"{_quoted(source.name)}: {_literal(json.dumps(value, ensure_ascii=False))}"
    keys = [f"feed: {_quoted(source.url)}"]
    if source.title:
        keys.append(f"title: {_scalar(source.title)}")
    if source.categories:
        keys.append(f"categories: [{', '.join(map(_scalar, source.categories))}]")
    if place.below is None:
        return f"{_scalar(source.name)}: {{{', '.join(keys)}}}"
    return f"{_scalar(source.name)}:{place.below}{place.below.join(keys)}"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text not in _NOTHING
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    return _literal(json.dumps(text, ensure_ascii=False))


def _literal(text: str) -> str:
    """Write a text so that what would be a variable in it is none."""
    return _VARIABLE.sub("$${", text)


def _check(draft: Draft, text: str, sources: Sequence[NewSource]) -> None:
    """Hold the edited text against the old one: nothing else may differ."""
    after = _plain(read_tree(str(draft.path), text)[0])
    before = _plain(read_tree(str(draft.path), draft.text)[0]) if draft.text.strip() else {}
    kept = {**before, "sources": dict(before.get("sources") or {})}
    held = dict(after.get("sources") or {})
    added = [held.pop(source.name, None) for source in sources]
    if None in added or {**after, "sources": held} != kept:
        _fail(draft.path, "cannot be edited by a program as it is", "write the source in yourself")


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(below) for key, below in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(below) for below in node.value]
    return node.value


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _fail(path, f"cannot be read: {error.strerror}")


def _replace(draft: Draft, data: bytes) -> None:
    path = draft.path.resolve()  # a link to the file stays one
    now = _bytes(path) if path.exists() else None
    if now != draft.before:
        _fail(draft.path, "was changed meanwhile", "try again")
    try:
        _write(path, data)
    except OSError as error:
        _fail(draft.path, f"cannot be written: {error.strerror}", "let this user write it")


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            _take_after(path, file.fileno())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _take_after(path: Path, handle: int) -> None:
    """Give the new file the mode and, where we may, the owner of the old one."""
    if not path.exists():
        os.fchmod(handle, 0o644)
        return
    old = path.stat()
    with suppress(PermissionError):
        os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _fail(path: Path, message: str, remedy: str = "") -> NoReturn:
    raise ConfigError((Problem(str(path), 0, 0, message, remedy),)) from None

"""Puts the steps together: every problem is noted before one is raised."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from aggregator.config import checks, records
from aggregator.config.environment import expand
from aggregator.config.reading import read_text
from aggregator.config.report import Location, Report, quoted
from aggregator.config.schema import Document
from aggregator.config.tree import read_tree
from aggregator.config.unknown import remedy_for
from aggregator.config.values import site_url
from aggregator.errors import UsageError
from aggregator.model.settings import Settings

_BY_NAME = ("sources", "categories", "feeds")
"""Sections of which one entry can be wrong and the others be looked at all the same."""

_MESSAGES = {
    "model_type": ("must be keys with values", "write it like “key: value”"),
    "dict_type": ("must be keys with values", "write it like “key: value”"),
    "tuple_type": ("must be a list", "write it like [one, other]"),
}
_SOURCE_SHAPE = 'write it like “name: {feed: "https://example.org/feed.xml"}”'
"""Told of an address where the keys of a source should be."""


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read feeds.yaml; relative paths in it are relative to its folder.

    :raises ConfigError: with every problem of it
    """
    return settings_of(path, read_text(path), environment)


def settings_of(path: Path, text: str, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read a text as if it stood in feeds.yaml at ``path``.

    :raises ConfigError: with every problem of it
    """
    root, problems = read_tree(str(path), text)
    report = Report(str(path), root)
    report.take(problems)
    document = _validated(report, expand(report, environment))
    checks.check(report)
    settings = records.settings(document, path.absolute(), report)
    report.finish()
    return settings


def public_url(words: str) -> str:
    """Read an address of the site that is given elsewhere than in feeds.yaml.

    :raises UsageError: it is none
    """
    try:
        return site_url(words)
    except PydanticCustomError as error:
        message = str((error.context or {})["message"]).replace("{value}", quoted(words))
        raise UsageError(f"the public address {message}") from None


def _validated(report: Report, data: Any) -> Document:
    """Return what is right of the document, after noting what is wrong."""
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
    for line in wrong:
        _note(report, line)
    return Document.model_validate(_without(data, [line["loc"] for line in wrong]))


def _note(report: Report, line: ErrorDetails) -> None:
    at, of_key = _location(line["loc"])
    kind, context = line["type"], line.get("ctx", {})
    if kind == "extra_forbidden":
        report.add(at, f"{at[-1]} is no key here", remedy_for(at), of_key=True)
    elif kind == "missing":
        report.add(at[:-1], f"{at[-1]}: is missing", "name a feed or a folder of posts under it")
    elif kind == "fault":
        report.add(at, str(context["message"]), str(context["remedy"]), of_key=of_key)
    else:
        message, remedy = _MESSAGES.get(kind, (line["msg"], ""))
        whole = at[:1] == ("sources",) and len(at) < 3 and kind in ("model_type", "dict_type")
        report.add(at, message, _SOURCE_SHAPE if whole else remedy)


def _location(found: tuple[int | str, ...]) -> tuple[Location, bool]:
    """Split pydantic's mark of a key, "[key]", off the way to a value."""
    return (found[:-1], True) if found[-1:] == ("[key]",) else (found, False)


def _without(data: Any, wrong: list[tuple[int | str, ...]]) -> Any:
    """Leave out the entries that are wrong, so that the others can be looked at together."""
    left = dict(data) if isinstance(data, dict) else {}
    for section in _BY_NAME:
        if isinstance(left.get(section), dict):
            left[section] = dict(left[section])
    for at in wrong:
        if len(at) > 1 and at[0] in _BY_NAME and isinstance(left.get(at[0]), dict):
            left[at[0]].pop(at[1], None)
        elif at:
            left.pop(at[0], None)
    left.setdefault("sources", {})
    return left

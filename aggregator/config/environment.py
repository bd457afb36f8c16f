"""``${NAME}`` in a value: the variable NAME, or the content of the file that NAME_FILE names.

So a secret need not stand in feeds.yaml. ``$${`` is a plain ``${``. Keys are not looked at. The
address of a feed takes one only as its name and password: the rest of it is published.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aggregator.config.report import Report
from aggregator.config.tree import NO_TEXT, Node
from aggregator.core.urls import without_userinfo

_VARIABLE = re.compile(r"\$?\$\{([^{}\s]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NOT_HERE = "put the secret into headers:, or before the @ as its name and password"
_LIMIT_BYTES = 64 * 1024


def expand(report: Report, environment: Mapping[str, str]) -> Any:
    """Return the file's values as plain lists, dicts and text, with all variables put in."""
    return _Expansion(report, environment).plain(report.root, ())


class _Expansion:
    def __init__(self, report: Report, environment: Mapping[str, str]) -> None:
        self._report = report
        self._environment = environment

    def plain(self, node: Node, at: tuple[str | int, ...]) -> Any:
        value = node.value
        if isinstance(value, dict):
            return {key: self.plain(below, (*at, key)) for key, below in value.items()}
        if isinstance(value, list):
            return [self.plain(below, (*at, index)) for index, below in enumerate(value)]
        if value is None or "${" not in value:
            return value
        if at[-1:] == ("feed",) and "${" in without_userinfo(value):
            self._tell(at, "{value} is published with the entries", _NOT_HERE)
        return _VARIABLE.sub(lambda found: self._variable(found, at), value)

    def _variable(self, found: re.Match[str], at: tuple[str | int, ...]) -> str:
        if found[0].startswith("$$"):
            return found[0][1:]
        name = found[1]
        if not _NAME.fullmatch(name):
            self._tell(at, f"{found[0]} names no variable", "write ${NAME}, or $${ for a ${")
            return ""
        value = self._environment.get(name)
        if value is None and f"{name}_FILE" in self._environment:
            value = self._from_file(f"{name}_FILE", at)
        if value is None:
            remedy = f"set {name}, or {name}_FILE to a file that holds the value"
            self._tell(at, f"the environment has no {name}", remedy)
            return ""
        if NO_TEXT.search(value) or "\n" in value:
            self._tell(at, f"{name} is no single line of text", "look at what it is set to")
            return ""
        return value

    def _tell(self, at: tuple[str | int, ...], message: str, remedy: str) -> None:
        self._report.add(at, message, remedy, final=True)

    def _from_file(self, name: str, at: tuple[str | int, ...]) -> str:
        path = Path(self._environment[name])
        try:
            with path.open("rb") as file:
                data = file.read(_LIMIT_BYTES + 1)
            if len(data) > _LIMIT_BYTES:
                raise ValueError("it is too large for a secret")
            return data.decode("utf-8").strip("\r\n")
        except (OSError, ValueError) as error:
            words = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            reason = getattr(error, "strerror", None) or words
            self._tell(at, f"{name} names a file that cannot be used: {reason}", "name another")
            return ""

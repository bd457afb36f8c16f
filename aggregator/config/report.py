"""Collects what is wrong, with its place."""

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from aggregator.config.tree import Node
from aggregator.errors import ConfigError, Problem

Location = Sequence[str | int]
"""Keys and indexes from the top of the file down to a value."""

_MANY = 100
_QUOTED_LIMIT = 60
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", re.DOTALL)


class Report(Struct):
    """All problems of one file."""

    file: str
    root: Node
    _problems: dict[Problem, None] = field(default_factory=dict)
    _final: set[tuple[int, int]] = field(default_factory=set)

    def add(
        self,
        at: Location,
        message: str,
        remedy: str = "",
        *,
        of_key: bool = False,
        final: bool = False,
    ) -> None:
        """Note a problem of a value, or of the key that names it; each place and message once.

        "{value}" in the message stands for the value as it is written in the file: what came out
        of the environment is never quoted, nor is the name and password in an address. After a
        ``final`` one nothing more is said of its place.
        """
        node, (line, column) = self._find(at, of_key)
        if (line, column) in self._final:
            return
        if final:
            self._final.add((line, column))
        text = message.replace("{value}", quoted(node.value)) if "{value}" in message else message
        self._problems[Problem(self.file, line, column, text, remedy)] = None

    def take(self, problems: Iterable[Problem]) -> None:
        """Note what was found before there was a report; nothing more is said of those places."""
        for problem in problems:
            self._problems[problem] = None
            self._final.add((problem.line, problem.column))

    @property
    def full(self) -> bool:
        """Tell whether more problems were noted than are shown: remedies are costly to look for."""
        return len(self._problems) > _MANY

    def finish(self) -> None:
        """Raise what was noted, in the order of the file.

        :raises ConfigError: if there is a problem
        """
        if not self._problems:
            return
        found = sorted(self._problems, key=lambda problem: (problem.line, problem.column))
        if len(found) > _MANY:
            more = Problem(self.file, 0, 0, f"and {len(found) - _MANY:,} more problems")
            found = [*found[:_MANY], more]
        raise ConfigError(tuple(found))

    def _find(self, at: Location, of_key: bool) -> tuple[Node, tuple[int, int]]:
        """Return the deepest node there is on the way, and its place or that of its key."""
        node, place = self.root, (self.root.line, self.root.column)
        for step in at:
            below = node.child(step)
            if below is None:
                break
            place = (below.line, below.column)
            if isinstance(node.value, dict) and (of_key or below.value is None):
                place = node.keys[str(step)]
            node = below
        return node, place


def quoted(value: object) -> str:
    """Return a value as an error shows it: short, on one line, no password in it."""
    if not isinstance(value, str):
        return "this"
    text = " ".join(_USERINFO.sub(r"\1…@", value).split())
    return f"“{text if len(text) <= _QUOTED_LIMIT else text[: _QUOTED_LIMIT - 1] + '…'}”"

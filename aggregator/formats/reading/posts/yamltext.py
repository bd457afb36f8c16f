"""YAML in which every scalar stays text and nothing can be constructed.

Built from libyaml's events: no recursion, no tags, no aliases, so that neither a bomb of anchors
nor ``!!python/object`` has anything to work on. Twice as fast as PyYAML's own loaders.
"""

import yaml

from aggregator.formats.reading.posts.values import Value

_DEPTH_LIMIT = 50
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class UnreadableError(Exception):
    """Front matter that cannot be read; the message is for its file's line."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line
        """Inside the front matter, from 0."""


class Tree:
    """What one YAML document said."""

    def __init__(self) -> None:
        self.root: Value = None
        self.lines: dict[str, int] = {}
        """Top-level keys and their lines, from 0."""
        self.twice: list[tuple[str, int]] = []
        """Keys that were there before, and their lines."""


def read_yaml(text: str) -> Tree:
    """Read one document.

    :raises UnreadableError: with the parser's words, for errors, anchors, aliases and deep nesting
    """
    try:
        return _Builder().build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableError(error.problem or "is no YAML", mark.line if mark else 0) from error
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(" ".join(str(error).split())[:120]) from error


class _Builder:
    """Puts events together; a stack of open lists and maps, and the key each map waits with."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.open: list[list[Value] | dict[str, Value]] = []
        self.keys: list[str | None] = []

    def build(self, text: str) -> Tree:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.ScalarEvent):
                self._refuse_anchor(event)
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._refuse_anchor(event)
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.open.pop()
                self.keys.pop()
            elif isinstance(event, yaml.AliasEvent):
                raise UnreadableError("uses an alias (*), which is not read", _line(event))
            elif isinstance(event, yaml.DocumentEndEvent):
                break
        return self.tree

    def _refuse_anchor(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise UnreadableError("uses an anchor (&), which is not read", _line(event))

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if len(self.open) >= _DEPTH_LIMIT:
            raise UnreadableError(f"is nested over {_DEPTH_LIMIT} deep", _line(event))
        inner: list[Value] | dict[str, Value]
        inner = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._put(inner, event)
        self.open.append(inner)
        self.keys.append(None)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        empty = event.implicit[0] and event.value in _NULLS
        self._put(None if empty else event.value, event)

    def _put(self, value: Value, event: yaml.NodeEvent) -> None:
        if not self.open:
            self.tree.root = value
            return
        holder, key = self.open[-1], self.keys[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif key is None:
            self.keys[-1] = self._key(holder, value, event)
        else:
            holder[key] = value
            self.keys[-1] = None

    def _key(self, holder: dict[str, Value], value: Value, event: yaml.NodeEvent) -> str:
        key = "" if value is None else str(value)
        if key in holder:
            self.tree.twice.append((key, _line(event)))
        if len(self.open) == 1:
            self.tree.lines[key] = _line(event)
        return key


def _line(event: yaml.NodeEvent) -> int:
    return int(event.start_mark.line) if event.start_mark else 0

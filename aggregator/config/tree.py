"""YAML 1.2 to a tree of text that knows where everything stands.

1. Every scalar stays the text it is; what it means, the schema says. So there is no Norway problem,
   no sexagesimal number, and ``title: 2024`` is a title. Only an unquoted nothing, ``~`` or
   ``null`` is no value.
2. A key stands once in its mapping (YAML 1.2.2 3.2.1.1); PyYAML would take the last one in silence.
3. Anchors are followed, but the tree they stand for is bounded: nine lines of them can mean a
   billion values.
4. Tags are refused: a configuration has no types of its own to name.
5. libyaml reads thirty times faster than ruamel.yaml, but YAML 1.1, and says less of what is wrong.
   So it is believed where all is right and both versions read the same; anything else, every
   problem among it, is read by ruamel.yaml.
"""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NoReturn

import yaml
from msgspec import Struct, field

from aggregator.errors import ConfigError, Problem

_DEPTH = 20
_VALUES = 500_000
_MANY = 100
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))

_DOUBTFUL = re.compile(
    r"^(?:%|\.\.\.)"  # a directive, the end of a document
    r"|[|>][-+\d]*[ ]*(?:#.*)?\r?$"  # a block scalar
    r"|(?:^|[\s{\[,])\?(?:\s|$)"  # a key with a mark of its own
    r"|(?:^|[\s{\[,:])[&*][-\w]*+[^-\w\s,\]}]"  # an anchor that may end where the other's goes on
    r"|\r(?!\n)"  # a line break to both, and to no pattern here
    "|[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]",
    re.MULTILINE,
)
"""What YAML 1.1 reads otherwise than 1.2 does, or libyaml otherwise than ruamel.yaml."""

NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text holds: XML forbids them, or they steer a terminal."""


class Node(Struct):
    """One value as it is written: nothing, a text, a list or a mapping."""

    line: int
    column: int
    value: "str | list[Node] | dict[str, Node] | None"
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Where the keys of a mapping stand."""
    size: int = 1
    """How many values it stands for, with all that anchors repeat."""

    def child(self, step: str | int) -> "Node | None":
        """Return the value under a key or index."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None


def read_tree(file: str, text: str) -> tuple[Node, list[Problem]]:
    """Read one YAML document; returned with it is what is wrong but can be passed over.

    :raises ConfigError: it is no YAML, or is YAML that means nothing here
    """
    root = None if _DOUBTFUL.search(text) else _quickly(file, text)
    if root is not None:
        return root, []
    from ruamel.yaml import events

    builder = _Builder(file, _events(file, text), events)
    return builder.document(), builder.problems


def _quickly(file: str, text: str) -> Node | None:
    """Return the tree of a text that libyaml finds nothing wrong with."""
    loader = getattr(yaml, "CBaseLoader", None)  # PyYAML can be built without libyaml
    if loader is None:
        return None
    builder = _Builder(file, yaml.parse(text, loader), yaml.events)
    try:
        root = builder.document()
    except (yaml.YAMLError, ConfigError, ValueError, RecursionError):
        return None
    return None if builder.problems else root


def _events(file: str, text: str) -> Iterator[Any]:
    """Parse; ruamel's own resolver and constructor are left out: they would make types of text."""
    # Imported here: 40 ms that nobody need pay whose file is right.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        words = " ".join(str(error.problem or error.context or "cannot be read").split())
        _fail(file, place, f"is no YAML here: {words}", _syntax_remedy(words))
    except YAMLError as error:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if before else (1, 1)
        _fail(file, place, "holds a character that no YAML text can", "take it out")
    except (ValueError, OverflowError, RecursionError) as error:
        # An escape of no character ("\UFFFFFFFF"), a %YAML line of no version.
        words = " ".join(str(error).split())
        _fail(
            file,
            (0, 0),
            f"is no YAML: {words}",
            "look for an escape or a %YAML line that means nothing",
        )


def _syntax_remedy(words: str) -> str:
    if "\\t" in words or "tab" in words:
        return "indent with spaces"
    if words.endswith("got '{'"):
        return 'inside of { } put quotes around "${NAME}"'
    if "mapping values are not allowed" in words or "':'" in words:
        return "look at the indent here, and put quotes around a text that has “: ” in it"
    if "cannot start any token" in words:
        return "put quotes around the text"
    if words.startswith("expected ',' or "):
        return "close every { and [ that was opened before, and put a comma between two values"
    return "look at the indent here and in the line before"


def _fail(file: str, place: tuple[int, int], message: str, remedy: str) -> NoReturn:
    raise ConfigError((Problem(file, *place, message, remedy),)) from None


class _Builder:
    """Makes nodes of events; what can be told and passed over is noted in ``problems``."""

    def __init__(self, file: str, events: Iterator[Any], kinds: ModuleType) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._events = events
        self._kinds: Any = kinds
        """Where the classes of these events are; both parsers have the same."""
        self._anchors: dict[str, Node | None] = {}

    def document(self) -> Node:
        """Return the root of the only document."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, self._kinds.DocumentStartEvent) and root is not None:
                self._fail(event, "a second document begins here", "keep it all in one")
            if isinstance(event, self._kinds.NodeEvent):
                root = self._node(event, 0)
        if root is None:
            _fail(self._file, (0, 0), "holds nothing but comments", "name a source under sources:")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > _DEPTH:
            self._fail(event, f"is nested deeper than {_DEPTH} levels", "close what is open")
        if isinstance(event, self._kinds.AliasEvent):
            return self._alias(event)
        self._refuse_tag(event)
        if event.anchor:
            self._anchors[event.anchor] = None
        node = self._content(event, depth)
        if node.size > _VALUES:
            self._fail(event, "stands for more than half a million values", "use fewer anchors")
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _content(self, event: Any, depth: int) -> Node:
        if isinstance(event, self._kinds.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, self._kinds.SequenceStartEvent):
            return self._list(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: Any) -> Node:
        text = str(event.value)
        if NO_TEXT.search(text):
            self._note(event, "holds a control character", "take it out")
            text = NO_TEXT.sub("", text)
        nothing = event.style in (None, "") and text in _NOTHING
        return Node(*_place(event), None if nothing else text)

    def _list(self, event: Any, depth: int) -> Node:
        node = Node(*_place(event), items := [])
        for following in self._events:
            if isinstance(following, self._kinds.SequenceEndEvent):
                break
            items.append(below := self._node(following, depth + 1))
            node.size += below.size
        return node

    def _mapping(self, event: Any, depth: int) -> Node:
        node = Node(*_place(event), found := {})
        for following in self._events:
            if isinstance(following, self._kinds.MappingEndEvent):
                break
            key = self._key(following, depth + 1)
            below = self._node(next(self._events), depth + 1)
            if key in node.keys:
                self._note(following, f"{key} stands here twice", "keep one of them")
                continue
            found[key], node.keys[key] = below, _place(following)
            node.size += below.size + 1
        return node

    def _key(self, event: Any, depth: int) -> str:
        node = self._node(event, depth)
        if isinstance(node.value, str):
            return node.value
        self._note(event, "a key must be a text", "put quotes around it")
        return f"line {node.line}"

    def _alias(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            known = "stands inside of itself" if event.anchor in self._anchors else "is nowhere"
            self._fail(event, f"the anchor &{event.anchor} {known}", "write out what is meant")
        return node

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            self._note(event, f"the tag {event.tag} has no meaning here", "leave it out")

    def _note(self, event: Any, message: str, remedy: str) -> None:
        self.problems.append(Problem(self._file, *_place(event), message, remedy))

    def _fail(self, event: Any, message: str, remedy: str) -> NoReturn:
        self._note(event, message, remedy)
        raise ConfigError(tuple(self.problems[-_MANY:]))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1

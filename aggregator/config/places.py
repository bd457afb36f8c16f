"""Where in the text of feeds.yaml new sources go, by the marks of ruamel's events."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, field
from ruamel.yaml import YAML
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

_STEP = "  "
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))


class Place(Struct, frozen=True):
    """Where sources are put in, and how they have to look there."""

    start: int
    end: int
    """What stands from ``start`` to ``end`` gives way to what is put in."""
    lead: str
    between: str
    tail: str = ""
    below: str | None = None
    """What stands before each of a source's own keys; None: all of it stands on one line."""
    json: bool = False
    """All keys and values are in quotes here."""

    def put(self, text: str, sources: Sequence[str]) -> str:
        """Return the text with these sources in it."""
        new = self.lead + self.between.join(sources) + self.tail
        return text[: self.start] + new + text[self.end :]


class _Span(Struct):
    """A value and where it stands."""

    event: Any
    start: int
    end: int = 0
    items: list[tuple["_Span", "_Span"]] = field(default_factory=list)
    """Keys and values of a mapping."""

    @property
    def mapping(self) -> bool:
        return isinstance(self.event, MappingStartEvent)

    @property
    def flow(self) -> bool:
        return bool(self.event.flow_style)

    @property
    def nothing(self) -> bool:
        return (
            isinstance(self.event, ScalarEvent)
            and self.event.style in (None, "")
            and self.event.value in _NOTHING
        )


def sources_place(text: str) -> Place | None:
    """Return where sources go; None where what stands there is no mapping of its own."""
    events = iter(YAML(typ="safe", pure=True).parse(text))
    first = next((event for event in events if isinstance(event, NodeEvent)), None)
    if first is None:
        return _Text(text).at_the_end(len(text))
    root = _span(text, first, events)
    if not root.mapping:
        return None
    found = next((item for item in root.items if item[0].event.value == "sources"), None)
    return _Text(text).place(root, found)


class _Text(Struct, frozen=True):
    text: str

    def place(self, root: _Span, item: tuple[_Span, _Span] | None) -> Place | None:
        if item is None:
            return (
                self.in_braces(root, "sources: {", "}") if root.flow else self.at_the_end(root.end)
            )
        key, found = item
        if found.nothing or (found.mapping and self._is_empty(found)):
            return self._instead(root, key, found)
        if not found.mapping:
            return None
        return self.in_braces(found) if found.flow else self._behind(found)

    def at_the_end(self, last: int) -> Place:
        """Begin the section behind all that stands."""
        end = self._line_end(last)
        lead = self.newline if self.text[:end].strip() and end else ""
        return self._lines(end, end, f"{lead}sources:", _STEP)

    def in_braces(self, mapping: _Span, before: str = "", after: str = "") -> Place:
        """Go on inside of braces; a comma behind the last item stays behind the new one."""
        if not mapping.items:
            return Place(mapping.end - 1, mapping.end - 1, before, ", ", after)
        key, value = mapping.items[-1]
        indent = self._indent(key.start)
        between = ", " if indent is None else f",{self.newline}{indent}"
        quoted = key.event.style == '"'
        name = before.replace("sources", '"sources"') if quoted else before
        return Place(
            value.end, value.end, between + name, ", " if before else between, after, json=quoted
        )

    def _instead(self, root: _Span, key: _Span, found: _Span) -> Place:
        """Begin a section that has a key and nothing in it; a comment behind it stays there."""
        colon = self.text.index(":", key.end) + 1
        # What is not there stands, for ruamel, behind the comments that follow.
        end = colon if found.end <= found.start else found.end
        if root.flow:
            return Place(colon, end, " {", ", ", "}")
        line_end = self._line_end(end)
        return self._lines(colon, line_end, self.text[end:line_end].rstrip(), _STEP)

    def _behind(self, mapping: _Span) -> Place:
        """Go on behind the last source, in its manner."""
        end = self._line_end(mapping.end)
        indent = self._indent(mapping.items[0][0].start) or ""
        value = mapping.items[-1][1]
        below = None
        if value.mapping and not value.flow:
            below = self.newline + (self._indent(value.items[0][0].start) or indent + _STEP)
        return self._lines(end, end, "", indent, below)

    def _lines(
        self, start: int, end: int, lead: str, indent: str, below: str | None = None
    ) -> Place:
        between = self.newline + indent
        tail = "" if self.text[end:] else self.newline
        return Place(start, end, lead + between, between, tail, below)

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _is_empty(self, mapping: _Span) -> bool:
        return not self.text[mapping.start + 1 : mapping.end - 1].strip()

    def _indent(self, at: int) -> str | None:
        """Return the white space before a place; None where something else stands there."""
        before = self.text[self._line_start(at) : at]
        return None if before.strip() else before

    def _line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _line_end(self, at: int) -> int:
        ends = (self.text.find("\r", at), self.text.find("\n", at))
        return min((end for end in ends if end >= 0), default=len(self.text))


def _span(text: str, event: Any, events: Iterator[Any]) -> _Span:
    """Read one value; of a block its end is that of the last thing in it."""
    span = _Span(event, event.start_mark.index, event.end_mark.index)
    if isinstance(event, ScalarEvent):
        span.end = span.start + len(text[span.start : span.end].rstrip())
    elif isinstance(event, MappingStartEvent | SequenceStartEvent):
        _fill(text, span, events)
    return span


def _fill(text: str, span: _Span, events: Iterator[Any]) -> None:
    parts: list[_Span] = []
    for event in events:
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            if span.flow:
                span.end = event.end_mark.index
            break
        parts.append(_span(text, event, events))
        span.end = parts[-1].end
    if span.mapping:
        span.items = list(zip(parts[::2], parts[1::2], strict=True))

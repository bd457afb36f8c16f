"""What is said about files: one line for each that is odd, one for each class of oddity.

A warning stands on its file's line ("path:3: …"). What is only counted is either silent (an empty
file, a draft) or one line for the whole source ("418 files have no date").
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_LINES_LIMIT = 40
_VALUE_LIMIT = 80


class Note(NamedTuple):
    """One thing about one file."""

    kind: str
    """A short name to count by: "date", "title", "yaml"."""
    line: int
    """From 1."""
    message: str


class Notes:
    """Collects what is said while one file is read."""

    def __init__(self) -> None:
        self.warnings: list[Note] = []
        self.counted: list[str] = []

    def warn(self, kind: str, message: str, line: int = 1) -> None:
        """Say something on the file's line."""
        self.warnings.append(Note(kind, line, message))

    def count(self, kind: str) -> None:
        """Count something that is said once for all files, or not at all."""
        self.counted.append(kind)


def quoted(value: object) -> str:
    """Show a value in a line: short, on one line."""
    text = " ".join(str(value).split())
    return f'"{text[:_VALUE_LIMIT]}…"' if len(text) > _VALUE_LIMIT else f'"{text}"'


def file_line(path: str, notes: Iterable[Note]) -> str:
    """Put all that is odd about one file on one line, under the first place it names."""
    told = tuple(dict.fromkeys(notes))
    first, rest = told[0], told[1:]
    more = (f"{note.message} (line {note.line})" for note in rest)
    return f"{path}:{first.line}: " + "; ".join((first.message, *more))


def bounded(lines: Iterable[str], limit: int = _LINES_LIMIT) -> tuple[str, ...]:
    """Keep the first lines and say how many more there were."""
    told = tuple(lines)
    if len(told) <= limit:
        return told
    return (*told[:limit], f"… and {len(told) - limit} more")


_CLASSES = (
    ("undated", "no date; {policy}"),
    ("undated-name", "no date in their names, and Jekyll shows none of those"),
    ("our-own", "been written by this program, and not been read again"),
    ("split", "categories in one string of several words, taken as one: set `split_words:`"),
    ("plain", "a markup that is shown as plain text"),
    ("long", "a text too long to be rendered, which is shown as plain text"),
    ("relative", "links or images relative to a site that is not known: set `base_url:`"),
    ("no-permalink", "no address: set `permalink:`"),
)


def summaries(counted: Counter[str], policy: str) -> tuple[str, ...]:
    """Say once for all files what many files share."""
    lines = [
        f"{_files(counted[kind])} {'have' if counted[kind] > 1 else 'has'} {words}".format(
            policy=policy
        )
        for kind, words in _CLASSES
        if counted[kind]
    ]
    tags = {kind[9:]: n for kind, n in counted.items() if kind.startswith("template:")}
    if tags:
        most = sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{name} {count}" for name, count in most[:8])
        lines.append(f"template code was left out: {named}{', …' if len(most) > 8 else ''}")
    return tuple(lines)


def _files(count: int) -> str:
    return f"{count} files" if count > 1 else "1 file"

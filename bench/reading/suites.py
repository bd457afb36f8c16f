"""Suites of feeds: a document, and what is expected of it.

A line of ``cases_<suite>.jsonl`` holds "case", "file" (below inputs/) or "inline", "base" (the
document's address), perhaps "headers", and "expect" ("n_entries", "feed", "entries" by number) or
"must_fail".
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aggregator.errors import ParseError
from bench.reading.fields import Read, agree, read
from bench.reading.score import Score

Case = Mapping[str, Any]

_PREFIX = "cases_"


def cases(folder: Path, table: str) -> Iterator[Case]:
    """Return the lines of a table."""
    return lines_of(folder / f"{_PREFIX}{table}.jsonl")


def lines_of(file: Path) -> Iterator[Case]:
    """Yield the objects of a file that has one a line."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def tables(folder: Path) -> tuple[str, ...]:
    """Return the names of the tables in a folder."""
    return tuple(
        sorted(path.stem.removeprefix(_PREFIX) for path in folder.glob(f"{_PREFIX}*.jsonl"))
    )


def body_of(folder: Path, case: Case) -> bytes:
    """Return the document of a case."""
    if "inline" in case:
        return str(case["inline"]).encode("utf-8", "replace")
    file: str = case["file"]
    return (folder / "inputs" / file).read_bytes()


def score_suite(folder: Path, name: str) -> Score:
    """Read every document of a suite and compare."""
    score = Score(name, is_suite=True)
    for case in cases(folder, name):
        score.cases += 1
        score.whole += _is_right(score, case, body_of(folder, case))
    return score


def _is_right(score: Score, case: Case, body: bytes) -> bool:
    label = case["case"]
    try:
        found = read(body, case["base"], case.get("headers") or {})
    except ParseError as refusal:
        if case.get("must_fail"):
            return True
        return score.note(label, "read", "a feed", refusal, right=False)
    except Exception as error:  # a crash is what is looked for
        score.crashes += 1
        return score.note(label, "read", "a feed", repr(error), right=False)
    if case.get("must_fail"):
        nothing = not found.entries and not found.feed["title"]
        return nothing or score.note(label, "refused", "no feed", "a feed", right=False)
    return all(_compared(score, label, case["expect"], found))


def _compared(score: Score, label: str, expected: Case, found: Read) -> list[bool]:
    answers = []
    if "n_entries" in expected:
        wanted, got = expected["n_entries"], len(found.entries)
        answers.append(score.note(label, "n_entries", wanted, got, right=wanted == got))
    answers += _fields(score, f"{label}", "feed.", expected.get("feed", {}), found.feed)
    for number, fields in expected.get("entries", {}).items():
        place = int(number)
        said = found.entries[place] if place < len(found.entries) else {}
        answers += _fields(score, f"{label}[{number}]", "", fields, said)
    return answers


def _fields(
    score: Score, label: str, prefix: str, wanted: Case, said: Mapping[str, Any]
) -> Iterator[bool]:
    for field, value in wanted.items():
        right = agree(field, value, said)
        if right is not None:
            got = said.get(field) if field in said else dict(said)
            yield score.note(label, prefix + field, value, got, right=right)

"""Commands about stories that several sources tell: dedupe score."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from aggregator.core.normalise import normalise
from aggregator.core.stories import Arrival, Desk, features
from aggregator.core.stories.scoring import Score, score
from aggregator.errors import ParseError
from aggregator.model.known import EntryKey
from aggregator.model.parsed import FeedInfo, ParsedEntry, Text

_NO_FEED = FeedInfo()
_EARLIEST = datetime.min.replace(tzinfo=UTC)

Line = Mapping[str, Any]


@click.group()
def dedupe() -> None:
    """Try how stories are put together."""


@dedupe.command("score")
@click.argument("entries", type=click.File(encoding="utf-8"))
@click.argument("truth", type=click.File(encoding="utf-8"))
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Write the story of each entry there, as lines of {"id", "cluster"}.',
)
@click.option("--by-family", is_flag=True, help="Print the figures of each family, too.")
def score_set(entries: TextIO, truth: TextIO, predictions: Path | None, *, by_family: bool) -> None:
    """Put the entries of a labelled set to stories, and print how well that was done."""
    told = _told(entries)
    if predictions:
        lines = (json.dumps({"id": one, "cluster": story}) for one, story in told.items())
        predictions.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    labels = {
        line["id"]: (line["cluster"], str(line.get("family", "")))
        for line in _lines(truth, ("id", "cluster"))
    }
    for line in _words(score(labels, told), by_family=by_family):
        click.echo(line)


def _told(entries: TextIO) -> dict[str, int]:
    """Return the story of each entry, taken in in the order they stand in."""
    desk = Desk()
    keys = []
    at = _EARLIEST
    for line in _lines(entries, ("id", "feed")):
        at = max(at, _moment(line.get("published")) or at)
        keys.append(EntryKey(line["feed"], line["id"]))
        desk.take(_arrival(line, keys[-1], at))
    return {key.guid: desk.cluster(key) for key in keys}


def _arrival(line: Line, key: EntryKey, at: datetime) -> Arrival:
    """Read an entry as a poll reads it."""
    stated = ParsedEntry(
        link=line.get("link") or None,
        title=Text(line.get("title") or ""),
        summary=Text(line.get("summary") or "", is_html=True),
        content=Text(line.get("content") or "", is_html=True),
    )
    article = normalise(stated, feed=_NO_FEED, base="")
    read = features(article.title, article.summary, article.content, article.link)
    return Arrival(key, at, read)


def _lines(file: TextIO, needed: tuple[str, ...]) -> Iterator[Line]:
    """Yield the objects of a JSON Lines file; these of their members are text.

    :raises ParseError: a line is none, with its number
    """
    texts = {*needed, "link", "title", "summary", "content", "published"}
    for number, text in enumerate(file, 1):
        place = f"{file.name}:{number}"
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"{place} is not JSON: {error}") from error
        if not isinstance(line, dict) or any(not line.get(name) for name in needed):
            raise ParseError(f"{place} is no object with {' and '.join(needed)}")
        if any(not isinstance(line.get(name) or "", str) for name in texts):
            raise ParseError(f"{place} has something else where a text is wanted")
        yield line


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParseError(f"{text!r} is no date of ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(found: Score, *, by_family: bool) -> Iterator[str]:
    yield f"pair precision     {found.precision:.5f}  ({found.pairs_right:,} of {found.pairs:,})"
    yield f"pair recall        {found.recall:.5f}  ({found.pairs_right:,} of {found.pairs_true:,})"
    yield f"copies removed     {_share(found.removed, found.copies)}"
    yield f"negatives merged   {_share(found.negatives_merged, found.negatives)}"
    if not by_family:
        return
    width = max(map(len, found.families), default=0)
    for name, family in found.families.items():
        yield (
            f"  {name:<{width}}  {family.entries:>5} entries, {family.wrongly_merged} wrongly"
            f" merged, {family.removed} of {family.copies} copies removed"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole if whole else 0:.5f}  ({part:,} of {whole:,})"

"""A labelled set of entries: JSON Lines in, what a desk takes out."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from aggregator.core.normalise import normalise
from aggregator.core.stories import Arrival, Desk, Features, features
from aggregator.core.stories.scoring import Label
from aggregator.errors import ParseError
from aggregator.model.known import Article, EntryKey
from aggregator.model.parsed import FeedInfo, ParsedEntry, Text

_NO_FEED = FeedInfo()
_EARLIEST = datetime.min.replace(tzinfo=UTC)

Line = Mapping[str, Any]


def told(arrivals: list[Arrival]) -> dict[str, int]:
    """Return the story of each entry, by its guid, taken in in the order they stand in."""
    desk = Desk()
    for arrival in arrivals:
        desk.take(arrival)
    return {arrival.key.guid: desk.cluster(arrival.key) for arrival in arrivals}


def arrivals(entries: TextIO) -> list[Arrival]:
    """Read the entries of a set as a poll reads them; what has no date came with the one before.

    :raises ParseError: a line cannot be read
    """
    found = []
    at = _EARLIEST
    for line in lines(entries, ("id", "feed")):
        at = max(at, _moment(line.get("published")) or at)
        found.append(Arrival(EntryKey(line["feed"], line["id"]), at, read(article(line))))
    return found


def labels(truth: TextIO) -> dict[str, Label]:
    """Read the truth of a set, by id.

    :raises ParseError: a line cannot be read
    """
    return {
        line["id"]: Label(
            cluster=line["cluster"],
            family=str(line.get("family", "")),
            edits=frozenset(map(str, line.get("edits") or ())),
        )
        for line in lines(truth, ("id", "cluster"))
    }


def article(line: Line) -> Article:
    """Clean a line of entries as a poll does."""
    return normalise(stated(line), feed=_NO_FEED, base="")


def read(article: Article) -> Features:
    """Return what an article is recognised by."""
    return features(article.title, article.summary, article.content, article.link)


def stated(line: Line) -> ParsedEntry:
    """Return a line of entries as a feed would have stated it."""
    return ParsedEntry(
        link=line.get("link") or None,
        title=Text(line.get("title") or ""),
        summary=Text(line.get("summary") or "", is_html=True),
        content=Text(line.get("content") or "", is_html=True),
    )


def lines(file: TextIO, needed: tuple[str, ...]) -> Iterator[Line]:
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
        if not isinstance(line.get("edits") or [], list):
            raise ParseError(f"{place} has something else where a list is wanted")
        yield line


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParseError(f"{text!r} is no date of ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

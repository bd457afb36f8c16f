"""Records to rows and back. JSON is compact, sorted and without what is empty: equal records make
equal text.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import fields
from sqlalchemy import RowMapping

from aggregator.model.fetched import Traffic, Validators
from aggregator.model.known import Article, EntryKey, Filed, PollRecord, PollState
from aggregator.model.parsed import (
    Enclosure,
    FeedInfo,
    Link,
    Origin,
    Person,
    Rhythm,
    Term,
)
from aggregator.model.settings import Republish, Source
from aggregator.model.shown import Pieces, Run, Summary
from aggregator.store.types import bounded, clean

Row = dict[str, Any]

_ALIKE = 1024
"""Texts and records kept of what is alike in most sources: their terms, rhythms and categories."""
_MICROSECOND = timedelta(microseconds=1)

ARTICLE_COLUMNS = frozenset({"title", "link", "summary", "content", "published", "updated"})
"""Of ``revision``, named like the parts of an Article; the others are in its JSON."""
_PARTS = tuple(field.name for field in fields(Article) if field.name not in ARTICLE_COLUMNS)

_RECORDS: Mapping[str, type] = {
    "authors": Person,
    "contributors": Person,
    "terms": Term,
    "enclosures": Enclosure,
    "links": Link,
}
"""What the lists of an Article or FeedInfo hold; all others hold text."""


def identity(key: EntryKey) -> str:
    """Return source and guid as one bounded text, equal for equal keys, sorting like them.

    A tab stands between: no escaped text holds one, and every other character sorts after it.
    """
    return f"{bounded(key.source)}\t{bounded(key.guid)}"


# -- JSON ----------------------------------------------------------------------------------------


def dump(value: object) -> str:
    """Write plain data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@lru_cache(maxsize=_ALIKE)
def names_text(names: tuple[str, ...]) -> str:
    """Write a list of names."""
    return dump([clean(name) for name in names])


def names(text: str) -> tuple[str, ...]:
    """Read ``names_text``."""
    return tuple(json.loads(text))


def info_text(info: FeedInfo) -> str:
    """Write what a feed says of itself."""
    return dump(_plain(info))


def info(text: str) -> FeedInfo:
    """Read ``info_text``."""
    return FeedInfo(**_lists(json.loads(text)))


@lru_cache(maxsize=_ALIKE)
def terms_text(republish: Republish) -> str:
    """Write on which terms a source is republished."""
    return dump(_plain(republish))


def credit_text(source: Source) -> str:
    """Write how feeds.yaml has feeds name a source."""
    return dump([clean(source.title or ""), clean(source.location)])


@lru_cache(maxsize=_ALIKE)
def terms(text: str) -> Republish:
    """Read ``terms_text``."""
    return Republish(**json.loads(text))


@lru_cache(maxsize=_ALIKE)
def rhythm_text(rhythm: Rhythm) -> str:
    """Write a rhythm; lengths of time in microseconds."""
    data = {
        "ttl": _microseconds(rhythm.ttl),
        "skip_hours": sorted(rhythm.skip_hours),
        "skip_days": sorted(rhythm.skip_days),
        "update_interval": _microseconds(rhythm.update_interval),
    }
    return dump({name: value for name, value in data.items() if value not in (None, [])})


@lru_cache(maxsize=_ALIKE)
def rhythm(text: str) -> Rhythm:
    """Read ``rhythm_text``."""
    data = json.loads(text)
    return Rhythm(
        ttl=_length(data.get("ttl")),
        skip_hours=frozenset(data.get("skip_hours", ())),
        skip_days=frozenset(data.get("skip_days", ())),
        update_interval=_length(data.get("update_interval")),
    )


def _microseconds(length: timedelta | None) -> int | None:
    return None if length is None else length // _MICROSECOND


def _length(microseconds: int | None) -> timedelta | None:
    return None if microseconds is None else timedelta(microseconds=microseconds)


def _plain(value: Any) -> Any:
    """Turn a record into plain data without its empty fields."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if not isinstance(value, Struct):
        return value
    record: type = type(value)
    parts = ((name, getattr(value, name)) for name in _names_of(record))
    return {name: _plain(part) for name, part in parts if part is not None and part != ()}


@cache
def _names_of(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


def _lists(data: Row) -> Row:
    return {
        name: _list(name, value) if isinstance(value, list) else value
        for name, value in data.items()
    }


def _list(name: str, values: list[Any]) -> tuple[Any, ...]:
    record = _RECORDS.get(name)
    return tuple(record(**value) for value in values) if record else tuple(values)


# -- articles ------------------------------------------------------------------------------------


def parts_text(article: Article) -> str:
    """Write what of an article has no column of its own in ``revision``."""
    stated = ((name, getattr(article, name)) for name in _PARTS)
    return dump({name: _plain(part) for name, part in stated if part is not None and part != ()})


def article(row: RowMapping) -> Article:
    """Read an article from the columns of a revision."""
    parts = _lists(json.loads(row["parts"]))
    if "origin" in parts:
        parts["origin"] = Origin(**parts["origin"])
    return Article(**{name: row[name] for name in ARTICLE_COLUMNS}, **parts)


# -- feeds ---------------------------------------------------------------------------------------


def summary_text(said: Summary) -> str:
    """Write what a feed said."""
    newest = said.newest.isoformat() if said.newest else None
    return dump({"ids": said.ids, "links": dict(said.links), "newest": newest})


def summary(text: str) -> Summary:
    """Read ``summary_text``."""
    data = json.loads(text)
    newest = datetime.fromisoformat(data["newest"]) if data["newest"] else None
    return Summary(tuple(data["ids"]), data["links"], newest)


def pieces_text(pieces: Pieces) -> str:
    """Write where the items of a document stand."""
    runs = [[run.items, run.deflated, run.length, run.crc, run.digest] for run in pieces.runs]
    return dump([pieces.label, pieces.joint, pieces.keys, pieces.lengths, pieces.start, runs])


def pieces(text: str) -> Pieces:
    """Read ``pieces_text``."""
    label, joint, keys, lengths, start, runs = json.loads(text)
    return Pieces(
        label, joint, tuple(keys), tuple(lengths), start, tuple(Run(*run) for run in runs)
    )


def filed_text(filed: Sequence[Filed]) -> str:
    """Write the categories an entry stands in."""
    return dump([[clean(one.slug), clean(one.name), one.fixed] for one in filed])


def filed(text: str) -> tuple[Filed, ...]:
    """Read ``filed_text``."""
    return tuple(Filed(*line) for line in json.loads(text))


# -- polls ---------------------------------------------------------------------------------------


def state_row(state: PollState) -> Row:
    """Return the columns of a poll's state."""
    return {
        "location": state.location,
        "etag": state.validators.etag,
        "last_modified": state.validators.last_modified,
        "body_hash": state.body_hash,
        "next_poll_at": state.next_poll_at,
        "put_off_until": state.put_off_until,
        "last_poll_at": state.last_poll_at,
        "last_ok_at": state.last_ok_at,
        "failures": state.failures,
        "moved_to": state.moved_to,
        "move_seen_at": state.move_seen_at,
        "move_sightings": state.move_sightings,
        "stopped": state.stopped,
        "last_error": state.last_error,
        "rhythm": rhythm_text(state.rhythm),
        "pace": _microseconds(state.pace),
        "last_new_at": state.last_new_at,
        "cost": state.cost,
        "host": state.host,
        "paused_host": state.paused_host,
        "paused_until": state.paused_until,
        "identity": state.identity,
        "missing": state.missing,
    }


def state(row: RowMapping) -> PollState:
    """Read ``state_row``."""
    return PollState(
        location=row["location"],
        validators=Validators(row["etag"], row["last_modified"]),
        body_hash=row["body_hash"],
        next_poll_at=row["next_poll_at"],
        put_off_until=row["put_off_until"],
        last_poll_at=row["last_poll_at"],
        last_ok_at=row["last_ok_at"],
        failures=row["failures"],
        moved_to=row["moved_to"],
        move_seen_at=row["move_seen_at"],
        move_sightings=row["move_sightings"],
        stopped=row["stopped"],
        last_error=row["last_error"],
        rhythm=rhythm(row["rhythm"]),
        pace=_length(row["pace"]),
        last_new_at=row["last_new_at"],
        cost=row["cost"],
        host=row["host"],
        paused_host=row["paused_host"],
        paused_until=row["paused_until"],
        identity=row["identity"],
        missing=row["missing"],
    )


def record_row(record: PollRecord) -> Row:
    """Return a line of the poll log; ``of`` is the source's name."""
    return {
        "of": record.source,
        "at": record.at,
        "outcome": record.outcome,
        "requests": record.traffic.requests,
        "bytes_received": record.traffic.bytes_received,
        "elapsed_s": record.traffic.elapsed_s,
        "new": record.new,
        "changed": record.changed,
        "duplicates": record.duplicates,
        "message": record.message,
        "paused_host": record.paused_host,
        "paused_until": record.paused_until,
    }


def record(row: RowMapping, source: str) -> PollRecord:
    """Read ``record_row``."""
    return PollRecord(
        source=source,
        at=row["at"],
        outcome=row["outcome"],
        traffic=Traffic(row["requests"], row["bytes_received"], row["elapsed_s"]),
        new=row["new"],
        changed=row["changed"],
        duplicates=row["duplicates"],
        message=row["message"],
        paused_host=row["paused_host"],
        paused_until=row["paused_until"],
    )

"""Records that the store's tests are made of."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from gzip import compress
from hashlib import sha256
from typing import Any

from aggregator.model.known import (
    Article,
    ChangedEntry,
    DuplicateLink,
    EntryKey,
    Filed,
    Fingerprint,
    NewEntry,
    PollPlan,
    PollRecord,
    PollState,
    Traces,
)
from aggregator.model.settings import Match, Source
from aggregator.model.shown import Announced, Artifact, Build
from aggregator.store import SqlStore

Rows = Callable[..., list[tuple[Any, ...]]]
"""Runs one statement beside the store and returns what it finds (the fixture ``rows``)."""

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEASE = timedelta(minutes=15)
NEWS, SPORT = Filed("news", "News", fixed=True), Filed("sport", "Sport", fixed=False)


def source(name: str = "a", location: str = "", **words: Any) -> Source:
    return Source(name, "feed", location or f"https://{name}.example/feed", **words)


def ready(store: SqlStore, *names: str) -> None:
    """Make sources known, due now."""
    store.sync([source(name) for name in names or ("a",)], NOW)


def state(**words: Any) -> PollState:
    return PollState(**({"next_poll_at": NOW + HOUR, "last_ok_at": NOW} | words))


def new(guid: str = "1", *filed: Filed, marks: Sequence[str] = (), **words: Any) -> NewEntry:
    article = words.pop("article", None) or Article(words.pop("title", f"Title {guid}"))
    moment = words.pop("sort_at", NOW)
    return NewEntry(
        guid=guid,
        guid_origin="declared",
        content_hash=words.pop("content_hash", f"hash {guid}"),
        words_hash=words.pop("words_hash", f"words {guid}"),
        article=article,
        sort_at=moment,
        published_at=words.pop("published_at", moment),
        updated_at=words.pop("updated_at", moment),
        filed=filed,
        fingerprints=tuple(mark_of(mark) for mark in marks),
        traces=words.pop("traces", Traces()),
    )


def changed(
    guid: str = "1", *filed: Filed, marks: Sequence[str] = (), **words: Any
) -> ChangedEntry:
    return ChangedEntry(
        guid=guid,
        revision=words.pop("revision", 2),
        content_hash=words.pop("content_hash", f"hash of {guid}, edited"),
        words_hash=words.pop("words_hash", f"words of {guid}, edited"),
        article=words.pop("article", None) or Article(words.pop("title", f"Title {guid}, edited")),
        updated_at=words.pop("updated_at", NOW + HOUR),
        filed=filed,
        fingerprints=tuple(mark_of(mark) for mark in marks),
        traces=words.pop("traces", Traces()),
    )


def mark_of(text: str) -> Fingerprint:
    """Read "kind:value"; the kind is "link" where there is none."""
    kind, _, value = text.rpartition(":")
    return Fingerprint(kind or "link", value)


def plan(name: str = "a", at: datetime = NOW, outcome: str = "new", **words: Any) -> PollPlan:
    record = PollRecord(name, at, outcome, new=len(words.get("new", ())))
    return PollPlan(record=words.pop("record", record), state=words.pop("state", state()), **words)


def link(a: tuple[str, str], b: tuple[str, str], rule: str = "link", score: float = 1.0) -> Any:
    return DuplicateLink(EntryKey(*a), EntryKey(*b), rule, score)


def ids_of(store: SqlStore) -> dict[tuple[str, str], int]:
    """Return the row of every entry."""
    kept = store.newest(Match(), since=None, limit=9999)
    return {(one.key.source, one.key.guid): one.id for one in kept}


def artifact(path: str, body: bytes = b"body", feed: str | None = "news", **words: Any) -> Artifact:
    return Artifact(
        path=path,
        media_type=words.pop("media_type", "text/xml; charset=utf-8"),
        gzip=compress(body, mtime=0),
        etag=f'"{sha256(body).hexdigest()[:16]}"',
        last_modified=words.pop("last_modified", NOW),
        feed=feed,
    )


def build(slug: str = "news", *artifacts: Artifact, **words: Any) -> Build:
    given = tuple(Announced(*one) for one in words.pop("announced", ()))
    return Build(slug, words.pop("recipe", "recipe"), artifacts, announced=given, **words)

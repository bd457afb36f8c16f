"""What one entry of a document becomes: a new one, a revision, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from aggregator.core.matching import Subject, matches
from aggregator.core.normalise import normalise
from aggregator.core.plan import kinship
from aggregator.core.plan.records import Memory, Poll
from aggregator.core.slugs import category_slug
from aggregator.model.known import (
    Article,
    ChangedEntry,
    Filed,
    Fingerprint,
    Identified,
    NewEntry,
    Remembered,
)
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Match, Source

_TICK = timedelta(microseconds=1)


class Sorted(Struct, frozen=True):
    """The entries of one document by what is known of them."""

    new: tuple[NewEntry, ...]
    changed: tuple[ChangedEntry, ...]
    seen: tuple[str, ...]
    """Guids, the entries' own, of those that are known and unchanged."""
    aliases: tuple[tuple[str, str], ...]
    """(guid as listed, the entry's own guid) of those recognised under another guid."""
    known: dict[str, Remembered]
    """By own guid: what was known of all that changed."""


class Reading(Struct, frozen=True):
    """A document that is being decided on."""

    poll: Poll
    feed: ParsedFeed
    base: str
    """Address that relative links hang on in the last resort."""
    shelves: Mapping[str, Match]
    """What stands on each (``core.select``)."""

    def article(self, entry: Identified) -> Article:
        """Clean one entry."""
        strip = self.poll.source.strip_tracking
        return normalise(entry.entry, feed=self.feed.info, base=self.base, strip=strip)

    def stands_on(self, article: Article, filed: Iterable[Filed]) -> tuple[str, ...]:
        """Decide which shelves an entry stands on."""
        subject = Subject(
            source=self.poll.source.name,
            categories=frozenset(place.slug for place in filed),
            article=article,
            feed_language=self.feed.info.language,
        )
        return tuple(shelf for shelf, match in self.shelves.items() if matches(match, subject))


def sort(reading: Reading, entries: Sequence[Identified], memory: Memory) -> Sorted:
    """Tell new, changed and unchanged entries apart."""
    unknown = [
        _unknown(reading, position, entry)
        for position, entry in enumerate(entries)
        if entry.guid not in memory.remembered
    ]
    recognised = _recognise(reading.poll, unknown, entries, memory)
    known = {**memory.remembered, **recognised}
    changed, seen = _revise(reading, entries, known)
    return Sorted(
        new=tuple(_new(reading, one) for one in unknown if one.entry.guid not in recognised),
        changed=changed,
        seen=seen,
        aliases=tuple((guid, one.guid) for guid, one in recognised.items()),
        known={one.guid: one for one in known.values()},
    )


class _Unknown(Struct, frozen=True):
    """An entry whose guid nobody knows."""

    position: int
    """In the document."""
    entry: Identified
    article: Article
    words_hash: str
    marks: tuple[Fingerprint, ...]


def _unknown(reading: Reading, position: int, entry: Identified) -> _Unknown:
    article = reading.article(entry)
    words = kinship.words_of(article)
    return _Unknown(
        position,
        entry,
        article,
        kinship.words_hash(article, words),
        kinship.marks(entry.guid, article, words),
    )


def _recognise(
    poll: Poll, unknown: Sequence[_Unknown], entries: Sequence[Identified], memory: Memory
) -> dict[str, Remembered]:
    if poll.due.first or not unknown:
        return {}
    fresh = [
        kinship.Fresh(one.entry.guid, frozenset(one.marks), one.article.published)
        for one in unknown
    ]
    kin = memory.kin(tuple({mark for one in fresh for mark in one.marks}))
    return kinship.recognise(fresh, kin, {entry.guid for entry in entries})


def _new(reading: Reading, unknown: _Unknown) -> NewEntry:
    poll, feed, article = reading.poll, reading.feed, unknown.article
    now = poll.answer.at
    stated = article.published or article.updated
    own_date = min(stated or feed.updated or now, now)
    published_at = min(stated, now) if stated else own_date
    guid = unknown.entry.guid
    filed = _filed(poll.source, article)
    return NewEntry(
        guid=guid,
        guid_origin=unknown.entry.guid_origin,
        content_hash=unknown.entry.content_hash,
        words_hash=unknown.words_hash,
        article=article,
        sort_at=(own_date if poll.due.first else now) - unknown.position * _TICK,
        published_at=published_at,
        updated_at=max(published_at, min(article.updated or published_at, now)),
        filed=filed,
        fingerprints=unknown.marks,
        shelves=reading.stands_on(article, filed),
    )


def _revise(
    reading: Reading, entries: Iterable[Identified], known: Mapping[str, Remembered]
) -> tuple[tuple[ChangedEntry, ...], tuple[str, ...]]:
    """Return what changed, and the guids of what did not; an entry listed twice counts once."""
    changed: list[ChangedEntry] = []
    seen: dict[str, None] = {}
    for entry in entries:
        before = known.get(entry.guid)
        if before is None or before.guid in seen:
            continue
        if before.withdrawn and not reading.poll.source.local:
            continue  # a folder may bring back what it dropped
        seen[before.guid] = None
        if before.content_hash != entry.content_hash:
            changed.append(_changed(reading, entry, before))
    edited = {one.guid for one in changed}
    return tuple(changed), tuple(guid for guid in seen if guid not in edited)


def _changed(reading: Reading, entry: Identified, known: Remembered) -> ChangedEntry:
    article = reading.article(entry)
    words = kinship.words_of(article)
    words_hash = kinship.words_hash(article, words)
    now = reading.poll.answer.at
    edited = _is_edit(reading.poll.source, words_hash != known.words_hash)
    filed = _filed(reading.poll.source, article)
    return ChangedEntry(
        guid=known.guid,
        revision=known.revision + 1,
        content_hash=entry.content_hash,
        words_hash=words_hash,
        article=article,
        updated_at=_updated_at(article, known, now) if edited else known.updated_at,
        filed=filed,
        fingerprints=kinship.marks(known.guid, article, words),
        shelves=reading.stands_on(article, filed),
    )


def _is_edit(source: Source, words_differ: bool) -> bool:
    """Tell whether a change is one that readers are told of."""
    return {"all": True, "none": False}.get(source.edits, words_differ)


def _updated_at(article: Article, known: Remembered, now: datetime) -> datetime:
    """Date an edit: by the source where its date moved on to a believable one, else by us."""
    stated = article.updated
    if stated and stated != known.stated_updated and known.updated_at < stated <= now:
        return stated
    return max(now, known.updated_at)


def _filed(source: Source, article: Article) -> tuple[Filed, ...]:
    fixed = {
        category_slug(name): Filed(category_slug(name), name, fixed=True)
        for name in source.categories
    }
    own = article.categories if source.own_categories else ()
    named = {category_slug(name): Filed(category_slug(name), name, fixed=False) for name in own}
    return tuple(sorted((fixed | named).values(), key=lambda filed: filed.slug))

"""Who an entry is, and whether it changed.

1. Identity is (source, guid). The guid is the declared one, raw; else the permalink; else a hash
   of the article. Which of them it was is remembered.
2. A guid that one document gives to several articles tells none of them apart: those entries are
   named by guid and link together (feedbin/support#573 lost every article but one).
3. The same article listed twice in one document is one entry; the first wins.
4. Change is a hash of the article as stated. Dates are no part of it: feeds re-date everything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from aggregator.model.known import Identified
from aggregator.model.parsed import ParsedEntry, Text

_HASH_BYTES = 16


def identify(entries: Sequence[ParsedEntry]) -> tuple[Identified, ...]:
    """Give every entry of one document its guid; articles listed twice come out once."""
    hashes = [article_hash(entry) for entry in entries]
    shared = _shared_guids(entries, hashes)
    found: dict[str, Identified] = {}
    for entry, content_hash in zip(entries, hashes, strict=True):
        guid, origin = _guid(entry, content_hash, shared)
        found.setdefault(guid, Identified(guid, origin, entry, content_hash))
    return tuple(found.values())


def article_hash(entry: ParsedEntry) -> str:
    """Hash what a reader would notice, as stated, before any cleaning.

    The fields are listed by hand: a field that a later version learns to read must not make every
    kept entry look edited.
    """
    parts: list[str] = [
        entry.title.value,
        entry.link or "",
        _value(entry.summary),
        _value(entry.content),
        *(f"author {person.name or person.email or ''}" for person in entry.authors),
        *(f"term {term.term}" for term in entry.terms),
        *(f"category {name}" for name in entry.categories),
        *(f"enclosure {enclosure.url}" for enclosure in entry.enclosures),
    ]
    return _digest(parts)


def _shared_guids(entries: Sequence[ParsedEntry], hashes: Sequence[str]) -> frozenset[str]:
    """Find guids that stand on unlike articles of one document."""
    articles = {
        (_declared(entry), entry.link or content_hash)
        for entry, content_hash in zip(entries, hashes, strict=True)
    }
    counts = Counter(guid for guid, _ in articles if guid)
    return frozenset(guid for guid, count in counts.items() if count > 1)


def _guid(entry: ParsedEntry, content_hash: str, shared: frozenset[str]) -> tuple[str, str]:
    declared = _declared(entry)
    if declared and declared not in shared:
        return declared, "declared"
    if declared:
        return f"{declared} {entry.link or content_hash}", "link" if entry.link else "hash"
    if entry.link:
        return entry.link, "link"
    return f"hash:{content_hash}", "hash"


def _declared(entry: ParsedEntry) -> str:
    return (entry.guid or "").strip()


def _value(text: Text | None) -> str:
    return text.value if text else ""


def _digest(parts: Iterable[str]) -> str:
    """Hash parts with their lengths, so that no two lists run together to one text."""
    digest = blake2b(digest_size=_HASH_BYTES)
    for part in parts:
        # A lone surrogate from JSON must not stop the feed: any bytes will do for a hash.
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()

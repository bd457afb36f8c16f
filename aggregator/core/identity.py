"""Who an entry is, and whether it changed.

1. Identity is (source, guid). The guid is the declared one, raw; else the permalink; else a hash
   of the article. Which of them it was is remembered.
2. A guid that one document gives to several articles tells none of them apart: those entries are
   named by guid and link together (feedbin/support#573 lost every article but one).
3. Where more than one entry in twenty has no declared guid of its own, the source is named by the
   next policy that does better: link, link and date, content. A policy once taken is kept: going
   back and forth would make old entries new.
4. The same article listed twice in one document is one entry; the first wins.
5. Change is a hash of the article as stated. Dates are no part of it: feeds re-date everything.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from aggregator.model.known import Identified
from aggregator.model.parsed import ParsedEntry, Text

POLICIES = ("guid", "link", "link+date", "content")
"""From the one that survives most to the one that always works."""

_HASH_BYTES = 16
_BAD_SHARE = 0.05


def choose_policy(wanted: str, kept: str | None, entries: Sequence[ParsedEntry]) -> str:
    """Return what tells the entries of a source apart: as the operator says, else what works.

    ``kept`` is the policy taken at an earlier poll; it is only ever left for a later one of
    ``POLICIES``.
    """
    if wanted != "auto":
        return wanted
    first = POLICIES.index(kept) if kept in POLICIES else 0
    return next(
        (policy for policy in POLICIES[first:-1] if _bad_share(policy, entries) <= _BAD_SHARE),
        POLICIES[-1],
    )


def identify(entries: Sequence[ParsedEntry], policy: str = "guid") -> tuple[Identified, ...]:
    """Give every entry of one document its guid; articles listed twice come out once."""
    hashes = [article_hash(entry) for entry in entries]
    shared = _shared(_NAMES[policy][:1], entries, hashes)
    found: dict[str, Identified] = {}
    for entry, content_hash in zip(entries, hashes, strict=True):
        guid, origin = _guid(_NAMES[policy], entry, content_hash, shared)
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


class _Name(NamedTuple):
    """One name of an entry, and where it came from."""

    text: str
    origin: str


def _declared(entry: ParsedEntry) -> _Name | None:
    guid = (entry.guid or "").strip()
    return _Name(guid, "declared") if guid else None


def _link(entry: ParsedEntry) -> _Name | None:
    return _Name(entry.link, "link") if entry.link else None


def _link_and_date(entry: ParsedEntry) -> _Name | None:
    if entry.link is None or entry.published is None:
        return None
    return _Name(f"{entry.link} {entry.published.isoformat()}", "link+date")


_Namer = Callable[[ParsedEntry], _Name | None]

_NAMES: Mapping[str, tuple[_Namer, ...]] = {
    "guid": (_declared, _link),
    "link": (_link, _declared),
    "link+date": (_link_and_date, _declared),
    "content": (),
}
"""Policy to names, the first that an entry has counts; one that has none is named by its hash."""


def _bad_share(policy: str, entries: Sequence[ParsedEntry]) -> float:
    """Return the share of entries that the policy's first name does not tell apart."""
    if not entries:
        return 0.0
    names = _NAMES[policy][:1]
    shared = _shared(names, entries, [article_hash(entry) for entry in entries])
    found = [name(entry) for name in names for entry in entries]
    return sum(name is None or name.text in shared for name in found) / len(entries)


def _shared(
    names: Iterable[_Namer], entries: Sequence[ParsedEntry], hashes: Sequence[str]
) -> frozenset[str]:
    """Find names that stand on unlike articles of one document."""
    articles = {
        (found.text, _second(found, entry, content_hash))
        for name in names
        for entry, content_hash in zip(entries, hashes, strict=True)
        if (found := name(entry))
    }
    counts = Counter(text for text, _ in articles)
    return frozenset(text for text, count in counts.items() if count > 1)


def _guid(
    names: Iterable[_Namer], entry: ParsedEntry, content_hash: str, shared: frozenset[str]
) -> _Name:
    found = next((found for name in names if (found := name(entry))), None)
    if found is None:
        return _Name(f"hash:{content_hash}", "hash")
    if found.text not in shared:
        return found
    second = _second(found, entry, content_hash)
    return _Name(f"{found.text} {second.text}", second.origin)


def _second(first: _Name, entry: ParsedEntry, content_hash: str) -> _Name:
    """Return what tells apart entries whose first names are equal."""
    other = _link(entry) if first.origin == "declared" else _declared(entry)
    return other or _Name(content_hash, "hash")


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

"""Whether an unknown guid belongs to an entry of the same source that is known under another.

Platforms move and change every id at once, addresses go from http to https, ids carry sessions or
positions: most programs announce the whole archive again (the survey in lion-reader#1535). But an
entry wrongly taken for a known one is lost news, so:

1. A kept entry whose own guid stands in the same document is somebody else.
2. Guids that differ only in scheme, host case, session or fragment are one if the title or the
   address agrees as well.
3. One address and one title are one entry, if nothing else here or there has that address: home
   pages and open threads share theirs.
4. One title and one text are one entry, whatever the address: a text of some length proves it by
   itself, a short one only on the day it was published before.
5. Whatever fits two kept entries fits none, and a kept entry is recognised once.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct

from aggregator.core.html import shown_text
from aggregator.core.urls import canonical_key
from aggregator.model.known import Article, Fingerprint, Kin, Remembered

GUID, LINK, TITLE, TEXT, SHORT_TEXT = "guid", "link", "title", "text", "short text"

_LONG_LETTERS = 200
_SHORT_LETTERS = 40
_DIGEST_BYTES = 12
_SAME_DAY = timedelta(days=1)
_ONE_HERE_ONE_THERE = 2

_NO_LETTERS = re.compile(r"[\W_]+")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


class Fresh(Struct, frozen=True):
    """An entry whose guid is unknown, with the marks by which it may be recognised."""

    guid: str
    marks: frozenset[Fingerprint]
    published: datetime | None


class Words(Struct, frozen=True):
    """What an article says, reduced to letters: read once, for all that is told by them."""

    title: str
    summary: str
    content: str


def words_of(article: Article) -> Words:
    """Read the words of an article."""
    return Words(
        title=letters(article.title),
        summary=letters(shown_text(article.summary)),
        content=letters(shown_text(article.content)),
    )


def marks(guid: str, article: Article, words: Words) -> tuple[Fingerprint, ...]:
    """Return the fingerprints under which an entry is recognised within its source."""
    return tuple(_marks(guid, article, words))


def words_hash(article: Article, words: Words) -> str:
    """Hash what an article says: its letters and its files; another address says nothing else."""
    files = (enclosure.url for enclosure in article.enclosures)
    return _digest("\n".join((words.title, words.summary + words.content, *files)))


def _marks(guid: str, article: Article, words: Words) -> Iterator[Fingerprint]:
    yield Fingerprint(GUID, canonical_key(guid) if "://" in guid else guid.strip())
    if article.link:
        yield Fingerprint(LINK, canonical_key(article.link))
    if words.title:
        yield Fingerprint(TITLE, _digest(words.title))
    text = words.content if article.content else words.summary
    if len(text) >= _SHORT_LETTERS:
        kind = TEXT if len(text) >= _LONG_LETTERS else SHORT_TEXT
        yield Fingerprint(kind, _digest(f"{words.title}\n{text}"))


def letters(text: str) -> str:
    """Reduce a text to its letters and digits, compatibility forms and case folded.

    Every article goes through here whole, so no character is looked at in Python.
    """
    if text.isascii():
        return text.lower().encode().translate(None, _NO_ASCII_LETTERS).decode()
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def recognise(
    fresh: Sequence[Fresh], kin: Sequence[Kin], listed: Collection[str]
) -> dict[str, Remembered]:
    """Return, by unknown guid, the kept entry that it names as well."""
    marked = (*(one.marks for one in fresh), *(one.marks for one in kin))
    crowd = Counter(mark for marks_of_one in marked for mark in marks_of_one)
    bearers = _bearers(one for one in kin if one.remembered.guid not in listed)
    taken: set[str] = set()
    found: dict[str, Remembered] = {}
    for one in fresh:
        alike = {
            known.remembered.guid: known.remembered
            for mark in one.marks
            for known in bearers.get(mark, ())
            if _is_same(one, known, crowd)
        }
        if len(alike) == 1 and taken.isdisjoint(alike):
            taken.update(alike)
            found[one.guid] = next(iter(alike.values()))
    return found


def _bearers(kin: Iterable[Kin]) -> dict[Fingerprint, list[Kin]]:
    found: dict[Fingerprint, list[Kin]] = {}
    for one in kin:
        for mark in one.marks:
            found.setdefault(mark, []).append(one)
    return found


def _is_same(one: Fresh, known: Kin, crowd: Mapping[Fingerprint, int]) -> bool:
    shared = {mark.kind: mark for mark in one.marks & known.marks}
    if GUID in shared and (LINK in shared or TITLE in shared):
        return True
    if LINK in shared and TITLE in shared and crowd[shared[LINK]] == _ONE_HERE_ONE_THERE:
        return True
    if TEXT in shared:
        return True
    return SHORT_TEXT in shared and _one_day(one.published, known.published)


def _one_day(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= _SAME_DAY


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()

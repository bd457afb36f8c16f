"""Whether two entries tell one story.

Precision before recall: a false merge loses news, a missed one only repeats it.

1. The same address is not enough: link blogs, home pages and weekly series share addresses. The
   titles must agree as well, letter for letter once case and punctuation are gone.
2. An entry without a title or without an address is never linked.
3. Equal guids in two sources prove nothing: a hostile feed could hide another's entry.
"""

import unicodedata
from collections.abc import Iterable

from aggregator.core.urls import canonical_key
from aggregator.model.known import Article, Candidate, DuplicateLink, EntryKey, Fingerprint

LINK = "link"


def fingerprints(article: Article) -> tuple[Fingerprint, ...]:
    """Return the keys under which copies of an article would find each other."""
    if not article.link or not _letters(article.title):
        return ()
    return (Fingerprint(LINK, canonical_key(article.link)),)


def match(
    key: EntryKey,
    title: str,
    marks: Iterable[Fingerprint],
    candidates: Iterable[Candidate],
) -> DuplicateLink | None:
    """Return the link to the first candidate that tells the same story, if one does."""
    mine = frozenset(mark for mark in marks if mark.kind == LINK)
    letters = _letters(title)
    for candidate in candidates:
        if candidate.key == key or mine.isdisjoint(candidate.fingerprints):
            continue
        if letters == _letters(candidate.title):
            return DuplicateLink(a=candidate.key, b=key, rule="link and title", score=1.0)
    return None


def _letters(title: str) -> str:
    """Reduce a title to its letters and digits, compatibility forms and case folded."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum())

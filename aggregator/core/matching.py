"""Whether an entry belongs into a feed (``match:``).

1. All keys that say something must hold. Of one key any value will do, except of ``words``: each of
   them must stand in the title or in the text.
2. ``without`` takes out what any value of any of its keys fits.
3. Names are compared without case, width and spacing. A language takes its regions along: "en" is
   "en-GB", too.
4. A word is a whole word ("art" is not in "start"), a phrase its words in a row. Scripts that write
   without spaces have no word ends to look for: there it is found inside of longer ones.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from aggregator.core.html import plain_text
from aggregator.core.slugs import category_slug
from aggregator.model.known import Article
from aggregator.model.settings import Match
from aggregator.model.shown import Kept

_TEXT_LIMIT = 1_000_000
"""Characters of one entry that words are looked for in."""

# Thai to Khmer, Hangul, Kana, Han: neighbours that end no word, whatever stands beside them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_ONE = re.compile(f"[{_UNSPACED}]")
_NO_START, _NO_END = f"(?<![^\\W{_UNSPACED}])", f"(?![^\\W{_UNSPACED}])"


@dataclass(frozen=True)
class Subject:
    """An entry as it is matched."""

    source: str
    categories: frozenset[str]
    """Slugs of those it is filed under."""
    article: Article
    feed_language: str | None = None
    """Of entries that state none."""

    @cached_property
    def tags(self) -> frozenset[str]:
        """Return the slugs of what its publisher filed it under."""
        article = self.article
        named = (name for term in article.terms for name in (term.term, term.label) if name)
        return frozenset(_slug(name) for name in (*named, *article.categories))

    @cached_property
    def authors(self) -> frozenset[str]:
        """Return names and e-mail addresses, folded."""
        named = (name for one in self.article.authors for name in (one.name, one.email) if name)
        return frozenset(_name(name) for name in named)

    @cached_property
    def language(self) -> str:
        """Return its language, or its feed's, folded; "" where none is known."""
        return fold(self.article.language or self.feed_language or "")

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return what words are looked for in, folded."""
        article = self.article
        parts = (article.title, plain_text(article.summary), plain_text(article.content))
        return tuple(fold(part[:_TEXT_LIMIT]) for part in parts)


def subject_of(kept: Kept, feed_language: str | None) -> Subject:
    """Return a kept entry as it is matched."""
    slugs = frozenset(filed.slug for filed in kept.filed)
    return Subject(kept.key.source, slugs, kept.article, feed_language)


def matches(match: Match, entry: Subject) -> bool:
    """Tell whether an entry belongs into the feeds of a match."""
    if match.sources and entry.source not in match.sources:
        return False
    if match.categories and entry.categories.isdisjoint(match.categories):
        return False
    if match.tags and entry.tags.isdisjoint(map(_slug, match.tags)):
        return False
    if match.languages and not _speaks(entry, match.languages):
        return False
    if match.authors and entry.authors.isdisjoint(map(_name, match.authors)):
        return False
    if not all(_says(entry, words) for words in match.words):
        return False
    return match.without is None or not _any_fits(match.without, entry)


def fold(text: str) -> str:
    """Fold compatibility forms, case and spaces; once more, for folding can undo the composing."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


@lru_cache(4096)
def _name(name: str) -> str:
    return fold(name)


@lru_cache(4096)
def _slug(name: str) -> str:
    return category_slug(name)


def _speaks(entry: Subject, languages: Iterable[str]) -> bool:
    spoken = entry.language.replace("_", "-")
    wanted = (_name(language).replace("_", "-") for language in languages)
    return any(spoken == one or spoken.startswith(f"{one}-") for one in wanted)


def _says(entry: Subject, words: str) -> bool:
    pattern = _pattern(words)
    return any(pattern.search(text) for text in entry.texts)


@lru_cache(1024)
def _pattern(words: str) -> re.Pattern[str]:
    phrase = fold(words)
    start = "" if _UNSPACED_ONE.match(phrase[:1]) else _NO_START
    end = "" if _UNSPACED_ONE.match(phrase[-1:]) else _NO_END
    return re.compile(f"{start}{re.escape(phrase)}{end}")


def _any_fits(match: Match, entry: Subject) -> bool:
    return (
        entry.source in match.sources
        or not entry.categories.isdisjoint(match.categories)
        or not entry.tags.isdisjoint(map(_slug, match.tags))
        or _speaks(entry, match.languages)
        or not entry.authors.isdisjoint(map(_name, match.authors))
        or any(_says(entry, words) for words in match.words)
    )

"""Titles, names and words of strangers, as a post's head and a page can hold them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from aggregator.core.html import folded, plain_text
from aggregator.model.shown import Item

_TITLE_LIMIT = 300
_HEADLINE_LIMIT = 80
_WORD_LIMIT = 100
_COUNT_LIMIT = 30
_TAG_OPENS = re.compile(r"<(?=[A-Za-z/!?])")
_JOINER = "\u2060"
_QUOTED = re.compile('"([^"]*)"')
# Breaks of lines and overrides of direction: a title that turns the page around is no title.
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(text: str) -> str:
    """Return a text in one line, without controls and marks that turn the page around."""
    return folded(_BREAKS.sub(" ", text))


def headline(item: Item) -> str:
    """Return a story's title; an untitled one is called by its first words (engines need one)."""
    title = shortened(one_line(item.title), _TITLE_LIMIT)
    if title:
        return title
    text = one_line(plain_text(item.article.summary or item.article.content))
    return shortened(text, _HEADLINE_LIMIT) or one_line(item.source.title) or "Untitled"


def words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return words for a list: each once, none without a letter or digit (it would have no URL)."""
    clean = (one_line(text)[:_WORD_LIMIT].strip() for text in texts)
    kept = dict.fromkeys(word for word in clean if any(map(str.isalnum, word)))
    return tuple(kept)[:_COUNT_LIMIT]


def without_tags(text: str) -> str:
    """Make "<script>" no tag, escaped or not: a word joiner after "<" is seen by nobody.

    Many themes print ``{{ page.title }}`` as it is; entities would show in those that do not.
    """
    return _TAG_OPENS.sub("<" + _JOINER, text)


def without_quotes(text: str) -> str:
    """Make double quotes typographic as well: none ends an attribute of a page."""
    return _QUOTED.sub("“\\1”", without_tags(text)).replace('"', "”")


def shortened(text: str, limit: int) -> str:
    """Return the beginning of a text, cut between words and marked by "…"."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    # Scripts without spaces, and one endless word, are cut where the limit falls.
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:.…–—-") + "…"


def local(moment: datetime, zone: tzinfo) -> datetime:
    """Return an instant by the site's clock, whole seconds; UTC at the ends of time."""
    try:
        return moment.astimezone(zone).replace(microsecond=0)
    except (OverflowError, ValueError):
        return moment.astimezone(UTC).replace(microsecond=0)

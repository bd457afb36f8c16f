"""What may be shown of an article: all of it, how it begins, or that it is there.

Whoever is republished decides (``republish:`` of a source), and it holds in every format and on
every page, for all of them are made from the article that leaves here.
"""

import re

from msgspec.structs import replace

from aggregator.core.html import escape, plain_text
from aggregator.model.known import Article
from aggregator.model.settings import Republish

# Han, Kana, Hangul and the scripts of South-East Asia have no spaces to cut at: a character of
# theirs counts as a word.
_PIECE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f"
    r"\U00020000-\U0003ffff]"
    r"|[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff"
    r"\uff66-\uff9f\U00020000-\U0003ffff]+"
)
_SIGN = re.compile(r"[\W_]+")


def republished(article: Article, terms: Republish, words: int | None = None) -> Article:
    """Return what may be shown of an article, and of its text no more than so many ``words``."""
    shown = _cut(article, terms if words is None else _at_most(terms, words))
    if terms.rights:
        shown = replace(shown, rights=terms.rights)
    if not terms.attribution:
        return shown
    line = f"<p>{escape(terms.attribution)}</p>"
    if shown.content:
        return replace(shown, content=shown.content + line)
    return replace(shown, summary=shown.summary + line)


def beginning(text: str, words: int) -> str:
    """Return the first words of a text, with “…” where there are more; it is cut between words."""
    counted = 0
    for piece in _PIECE.finditer(text):
        if _SIGN.fullmatch(piece[0]):
            continue
        counted += 1
        if counted > words:
            return text[: piece.start()].rstrip() + "…"
    return text


def _at_most(terms: Republish, words: int) -> Republish:
    if terms.how == "link":
        return terms
    allowed = min(words, terms.excerpt_words) if terms.how == "excerpt" else words
    return replace(terms, how="excerpt", excerpt_words=allowed)


def _cut(article: Article, terms: Republish) -> Article:
    if terms.how == "full":
        return article
    if terms.how == "link":
        return replace(
            article, content="", summary="", enclosures=(), links=(), image=None, duration_s=None
        )
    text = beginning(plain_text(article.content or article.summary), terms.excerpt_words)
    return replace(article, content="", summary=f"<p>{escape(text)}</p>" if text else "")

"""The border: what may leave, whatever a publication holds.

``core.normalise`` has cleaned every text already. A writer must not depend on it, though: one
control character, one lone surrogate or one "javascript:" would cost subscribers the whole feed.
So every renderer sees a publication only after it went through here, and may trust it:

1. No text holds a character that cannot be written (``text.clean``); what is one line is one line.
2. Every address is an absolute http(s) URI. A link that is none is left out, never repaired by
   guessing. Ids are kept as they are: they are names, not addresses.
3. A bare e-mail address is nobody's name, and is not published: its local part is.
4. Nothing stands twice: links by (rel, address), enclosures by address, terms by name.
5. Every item has a link or a text: one that has neither has its title for a text.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TypeVar

from msgspec.structs import replace

from aggregator.formats.writing.links import http_url, language, media_type
from aggregator.formats.writing.text import clean, excerpt, one_line
from aggregator.model.known import Article
from aggregator.model.parsed import CHAPTERS, TRANSCRIPT, Enclosure, Link, Person, Term
from aggregator.model.shown import (
    Credit,
    Directory,
    FeedLine,
    Item,
    Publication,
    Via,
    Withdrawn,
)

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\".]+")

# Links that are true of our copy of an entry, too. "self", "edit", "next"… speak of the source's.
_RELS = frozenset({"license", "related", "replies", "via", TRANSCRIPT, CHAPTERS})

_HEADLINE = 80

_T = TypeVar("_T")


def cleared(publication: Publication) -> Publication:
    """Return the publication as it may leave."""
    if publication.cleared:
        return publication
    credits: dict[Credit, Credit] = {}
    return replace(
        publication,
        id=clean(publication.id),
        title=one_line(publication.title) or publication.slug,
        description=one_line(publication.description or "") or None,
        language=language(publication.language) or "und",
        author=one_line(publication.author or publication.title) or publication.slug,
        generator=one_line(publication.generator),
        items=tuple(_item(item, credits) for item in publication.items),
        withdrawn=tuple(Withdrawn(clean(gone.id), gone.when) for gone in publication.withdrawn),
        cleared=True,
    )


def cleared_directory(directory: Directory) -> Directory:
    """Return the list of all feeds as it may leave."""
    return replace(
        directory,
        title=one_line(directory.title),
        language=language(directory.language) or "und",
        feeds=tuple(_line(line) for line in directory.feeds),
        sources=_credits(directory.sources),
    )


@lru_cache(maxsize=1)
def _credits(sources: tuple[Credit, ...]) -> tuple[Credit, ...]:
    """Clear the sources of a site: they seldom change, and there may be thousands."""
    return tuple(map(_credit, sources))


def headline(item: Item) -> str:
    """Return something to call an item by: its title, else how it begins, else its address."""
    text = item.article.content or item.article.summary
    return item.title or excerpt(text, _HEADLINE) or item.link or item.source.title


def terms(item: Item) -> tuple[Term, ...]:
    """Return what an item is filed under, in its order, with the publisher's schemes."""
    stated = {term.label or term.term: term for term in reversed(item.article.terms)}
    return tuple(stated.get(name) or Term(name) for name in item.terms)


def _item(item: Item, credits: dict[Credit, Credit]) -> Item:
    source = credits.get(item.source)
    if source is None:
        source = credits[item.source] = _credit(item.source)
    via = _vias(item.via) if item.via else ()
    shown = Item(
        id=clean(item.id),
        title=one_line(item.title),
        link=http_url(item.link),
        published=item.published,
        updated=item.updated,
        article=_article(item.article, via),
        source=source,
        terms=_once(map(one_line, item.terms)),
        via=via,
    )
    if shown.link or shown.article.content or shown.article.summary:
        return shown
    text = f"<p>{escape(headline(shown), quote=False)}</p>"
    return replace(shown, article=replace(shown.article, content=text))


def _article(article: Article, via: tuple[Via, ...]) -> Article:
    """Clear an article; title and link are the item's, and only what renderers read is kept."""
    comments = http_url(article.comments)
    return Article(
        title="",
        summary=clean(article.summary) if article.summary != article.content else "",
        content=clean(article.content),
        authors=_people(article.authors),
        contributors=_people(article.contributors) if article.contributors else (),
        terms=tuple(_terms(article.terms)) if article.terms else (),
        enclosures=_enclosures(article.enclosures) if article.enclosures else (),
        links=_links(article.links, via, comments) if article.links else (),
        comments=comments,
        rights=one_line(article.rights or "") or None,
        language=language(article.language),
        image=http_url(article.image),
        duration_s=_positive(article.duration_s),
        explicit=article.explicit,
        season=_positive(article.season),
        episode=_positive(article.episode),
    )


def _credit(credit: Credit) -> Credit:
    return Credit(
        name=credit.name,
        id=clean(credit.id),
        title=one_line(credit.title) or credit.name,
        link=http_url(credit.link),
        feed_url=http_url(credit.feed_url),
        rights=one_line(credit.rights or "") or None,
        updated=credit.updated,
        authors=_people(credit.authors),
        subtitle=one_line(credit.subtitle or "") or None,
        icon=http_url(credit.icon),
        logo=http_url(credit.logo),
    )


def _line(line: FeedLine) -> FeedLine:
    title = one_line(line.title) or line.slug
    description = one_line(line.description or "") or None
    if (title, description) == (line.title, line.description):
        return line  # ten thousand of them are listed again and again
    return replace(line, title=title, description=description)


def _people(people: Iterable[Person]) -> tuple[Person, ...]:
    return _once(person for person in map(_person, people) if person.name)


def _person(person: Person) -> Person:
    """Name a person: by name, else by the part of an e-mail address that is one, else by page."""
    url = http_url(person.url)
    name = one_line(person.name or "")
    email = (person.email or "").strip()
    if not name or _EMAIL.fullmatch(name):
        return Person(name=(name or one_line(email)).partition("@")[0] or url, url=url)
    return Person(name=name, url=url, email=email if _mail(email) else None)


def _mail(address: str) -> bool:
    return address.isascii() and address.isprintable() and bool(_EMAIL.fullmatch(address))


def _terms(stated: Iterable[Term]) -> Iterable[Term]:
    for term in stated:
        name = one_line(term.term)
        if name:
            # A scheme may be any name in RSS; in Atom it must be an IRI.
            yield Term(name, http_url(term.scheme), one_line(term.label or "") or None)


def _enclosures(files: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    kept: dict[str, Enclosure] = {}
    for file in files:
        url = http_url(file.url)
        if url and url not in kept:
            kept[url] = Enclosure(
                url=url,
                media_type=media_type(file.media_type, url),
                length_bytes=_positive(file.length_bytes),
                title=one_line(file.title or "") or None,
                duration_s=_positive(file.duration_s),
            )
    return tuple(kept.values())


def _links(links: Iterable[Link], via: tuple[Via, ...], comments: str | None) -> tuple[Link, ...]:
    """Keep the links that nothing else of the item says already."""
    said = {("via", other.link) for other in via} | {("replies", comments)}
    kept: dict[tuple[str, str], Link] = {}
    for link in links:
        href = http_url(link.href)
        if href and link.rel in _RELS and (link.rel, href) not in said.union(kept):
            title = one_line(link.title or "") or None
            kept[link.rel, href] = Link(href, link.rel, media_type(link.media_type, ""), title)
    return tuple(kept.values())


def _positive(number: int | None) -> int | None:
    return number if number and number > 0 else None


def _vias(vias: Iterable[Via]) -> tuple[Via, ...]:
    kept: dict[str, Via] = {}
    for via in vias:
        link = http_url(via.link)
        if link:
            kept.setdefault(link, Via(one_line(via.title), link))
    return tuple(kept.values())


def _once(things: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(thing for thing in things if thing))

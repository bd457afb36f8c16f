"""One entry of RSS, RDF or Atom, whatever vocabularies it mixes.

For each field there is a list of the elements that may hold it, the most trusted first. Both
dialects share the lists: "title" is the root's own vocabulary, "atom:title" is Atom inside RSS.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregator.core.dates import parse_date
from aggregator.formats.reading import media
from aggregator.formats.reading.markup import inner_markup
from aggregator.formats.reading.nodes import Node, resolve
from aggregator.formats.reading.people import contributors, entry_authors
from aggregator.formats.reading.texts import atom_text, body_text, line, title_text
from aggregator.formats.reading.values import is_url, split_terms, unique_people, unique_terms
from aggregator.model.parsed import Link, Origin, ParsedEntry, Person, Term, Text

_TITLES = ("title", "atom:title", "dc:title", "dcterms:title")
_CONTENTS = (
    "content:encoded",
    "content",
    "atom:content",
    "xhtml:body",
    "body",
    "fullitem",
    "xhtml:div",
    "yandex:full-text",
    "turbo:content",
)
_SUMMARIES = (
    "description",
    "summary",
    "atom:summary",
    "dc:description",
    "dcterms:description",
    "dcterms:abstract",
    "abstract",
    "itunes:summary",
    "googleplay:description",
)
_PUBLISHED = (
    "pubdate",
    "published",
    "atom:published",
    "issued",
    "atom:issued",
    "dcterms:issued",
    "dc:date",
    "dc:issued",
    "created",
    "atom:created",
    "dcterms:created",
    "dcterms:date",
    "dcterms:available",
    "date",
    "prism:publicationdate",
)
_UPDATED = ("updated", "atom:updated", "modified", "atom:modified", "dcterms:modified", "dc:date")
_ORIGINAL = ("feedburner:origlink", "pheedo:origlink")
_NOT_FURTHER = frozenset({"alternate", "self", "enclosure", "edit", "edit-media", "hub", "http"})
_RIGHTS = ("rights", "copyright", "atom:rights", "dc:rights", "dcterms:rights", "media:copyright")
# Movable Type states the language of the texts, not of the entry.
_SPOKEN = ("content", "content:encoded", "summary", "description", "title")
_ITUNES = "http://www.itunes.com/"
_SPACES = re.compile(r"[ \t\r\n]+")


def read_entry(node: Node, base: str, *, atom: bool, language: str | None) -> ParsedEntry:
    """Return one entry.

    :param base: what relative addresses hang on where no xml:base is stated
    :param language: the feed's; the entry's own is only kept where it differs
    """
    source = node.first("source", "atom:source")
    link = _link(node, base, atom=atom)
    summary, content = _bodies(node, atom, link or base)
    return ParsedEntry(
        guid=_guid(node),
        link=link,
        title=read_title(node, atom=atom),
        summary=summary,
        content=content,
        published=first_date(node, *_PUBLISHED),
        updated=first_date(node, *_UPDATED),
        authors=_authors(node, source),
        contributors=contributors(node),
        terms=unique_terms(_terms(node)),
        enclosures=media.enclosures(node, base),
        links=_links(node, base),
        comments=_comments(node, base),
        rights=line(node.text_of(*_RIGHTS)) or None,
        language=_language(node, language),
        origin=_origin(source, base) if source else None,
        image=media.image(node, base),
        duration_s=media.entry_duration_s(node),
        explicit=media.explicit(node),
        season=media.number_of(node, "itunes:season", "podcast:season"),
        episode=media.number_of(node, "itunes:episode", "podcast:episode"),
    )


def first_date(node: Node, *names: str) -> datetime | None:
    """Return the date in the first of these children that can be read; of one name the last."""
    for name in names:
        dates = (parse_date(found.text) for found in reversed(node.all(name)) if found.text)
        if date := next((date for date in dates if date), None):
            return date
    return None


def read_text(node: Node, *, atom: bool) -> Text:
    """Read a description or a content by the rules of the vocabulary its element is of."""
    return atom_text(node) if _is_atom(node, atom) else body_text(node)


def address_of(node: Node, base: str) -> str:
    """Return the absolute address in an element's text or href; "" where it has none."""
    stated = node.text or node.get("href") or node.get("resource")
    found = _SPACES.sub(_unwrapped, stated)
    return resolve(node.base or base, found) if found else ""


def _unwrapped(found: re.Match[str]) -> str:
    """Leave nothing where an address was wrapped; a space is the publisher's, and stays."""
    spaces = found[0]
    return "" if "\n" in spaces or "\r" in spaces else spaces.replace("\t", "")


def atom_links(node: Node, *rels: str) -> Iterator[Node]:
    """Yield Atom's link elements of these relations; one without rel is an alternate."""
    for found in node.all("link", "atom:link"):
        rel = found.get("rel").lower().removeprefix("http://www.iana.org/assignments/relation/")
        if found.get("href") and (rel or "alternate") in rels:
            yield found


def plain_link(node: Node, base: str) -> str:
    """Return the link of RSS: of several the last, as most readers have it; "" where there is none.

    Feeds of Atom write it, too.
    """
    plain = [one for one in node.all("link") if one.text or one.get("rel") in ("", "alternate")]
    return next(filter(None, (address_of(found, base) for found in reversed(plain))), "")


def page_link(node: Node, base: str) -> str:
    """Return the alternate of a feed or entry: the HTML one, if it tells."""
    found = list(atom_links(node, "alternate"))
    pages = [link for link in found if link.get("type").lower() in ("", "text/html")]
    pages += [link for link in found if link.get("type").lower() == "application/xhtml+xml"]
    best = next(iter([*pages, *found]), None)
    return resolve(best.base or base, best.get("href")) if best else ""


def _is_atom(node: Node, atom: bool) -> bool:
    return node.name.startswith("atom:") or (atom and ":" not in node.name)


def _guid(node: Node) -> str | None:
    found = node.first("guid", "id", "atom:id")
    if found is None:
        return node.get("about") or node.text_of("dc:identifier", "dcterms:identifier") or None
    return found.text if found.leaf else inner_markup(found.element)


def _link(node: Node, base: str, *, atom: bool) -> str | None:
    original = address_of(found, base) if (found := node.first(*_ORIGINAL)) else ""
    if original:
        return original
    ways = (page_link, plain_link, _permalink) if atom else (plain_link, page_link, _permalink)
    return next(filter(None, (way(node, base) for way in ways)), None)


def _permalink(node: Node, base: str) -> str:
    """Return a guid or id that is the entry's address, or what RDF says it is about."""
    for found in node.all("guid", "id", "atom:id"):
        stated = found.get("ispermalink").lower()
        address = address_of(found, base) if stated == "true" else found.text
        if stated != "false" and is_url(address):
            return address
    about = node.get("about")
    return about if is_url(about) else ""


def read_title(node: Node, *, atom: bool) -> Text:
    """Return the title of a feed or entry; an empty text where it has none."""
    found = node.first(*_TITLES) or next(iter(media.media_nodes(node, "title")), None)
    found = found or node.first("itunes:title")
    if found is None:
        return Text("")
    return atom_text(found) if _is_atom(found, atom) else title_text(found)


def _bodies(node: Node, atom: bool, base: str) -> tuple[Text | None, Text | None]:
    """Return summary and content.

    Of a description beside a summary the clearly longer one is the content, else the second.
    """
    content = next(_texts(node, _CONTENTS, atom, base), None)
    stated = node.all("description", "summary")
    both = [one for one in stated if one.text or not one.leaf]
    if content or len(both) != 2:
        return _summary(node, atom, base), content
    first, second = (_based(read_text(one, atom=atom), base) for one in node.in_order(both))
    is_clear = len(first.value) >= 2 * len(second.value)
    return (second, first) if is_clear else (first, second)


def _texts(node: Node, names: Iterable[str], atom: bool, base: str) -> Iterator[Text]:
    texts = (_based(read_text(found, atom=atom), base) for found in node.all(*names))
    return (text for text in texts if text.value)


def _summary(node: Node, atom: bool, base: str) -> Text | None:
    found = node.first(*_SUMMARIES)
    if found is None:
        found = next((one for one in media.media_nodes(node, "description") if one.text), None)
    if found is None:
        found = node.first("itunes:subtitle")
    text = _based(read_text(found, atom=atom), base) if found else None
    return text if text and text.value else None


def _based(text: Text, base: str) -> Text:
    """Let relative links hang on the entry's own page where no xml:base is stated."""
    return text if text.base else Text(text.value, text.is_html, base)


def _authors(node: Node, source: Node | None) -> tuple[Person, ...]:
    """Return the authors; an entry without any has its atom:source's (RFC 4287 4.2.1)."""
    own = entry_authors(node)
    return own if own or source is None else unique_people(entry_authors(source))


def _terms(node: Node) -> Iterator[Term]:
    for found in node.all("category", "atom:category", "dc:subject", "dcterms:subject", "tags"):
        yield from _bag(found) or _term(found)
    for found in media.media_nodes(node, "category"):
        yield from _term(found)
    if node.speaks("itunes"):
        yield from _podcast_terms(node)
    for found in node.all("googleplay:category"):
        yield Term(found.get("text"))
    for found in [*media.media_nodes(node, "keywords"), *node.all("keywords")]:
        yield from split_terms(found.text)


def _podcast_terms(node: Node) -> Iterator[Term]:
    for found in node.all("itunes:category"):
        for one in (found, *found.all("itunes:category")):
            yield Term(one.get("text"), _ITUNES)
    for found in node.all("itunes:keywords"):
        yield from split_terms(found.text, _ITUNES)


def _bag(node: Node) -> list[Term]:
    """Read subjects that RDF lists in a container; in RDF its names have no prefix."""
    bags = node.all("rdf:bag", "rdf:seq", "bag", "seq")
    return [Term(line(one.text)) for bag in bags for one in bag.all("rdf:li", "li") if one.text]


def _term(node: Node) -> Iterable[Term]:
    if node.name == "tags":
        return split_terms(node.text)
    term = line(node.get("term") or node.text or node.get("label") or node.get("text"))
    scheme = node.get("scheme") or node.get("domain") or None
    return [Term(term, scheme, line(node.get("label")) or None)]


def _links(node: Node, base: str) -> tuple[Link, ...]:
    found = [*_further(node, base), *_licenses(node, base), *media.podcast_links(node, base)]
    return tuple(dict.fromkeys(found))


def _further(node: Node, base: str) -> Iterator[Link]:
    for found in node.all("link", "atom:link"):
        rel, href = found.get("rel").lower(), found.get("href")
        if (
            href
            and rel
            and rel.removeprefix("http://www.iana.org/assignments/relation/") not in _NOT_FURTHER
        ):
            title = line(found.get("title")) or None
            yield Link(
                resolve(found.base or base, href), rel, found.get("type").lower() or None, title
            )
    for found in node.all("wfw:commentrss"):
        if found.text:
            yield Link(address_of(found, base), "replies", "application/rss+xml")


def _licenses(node: Node, base: str) -> Iterator[Link]:
    for found in node.all("creativecommons:license", "cc:license"):
        if href := address_of(found, base):
            yield Link(href, "license")
    for found in media.media_nodes(node, "license"):
        if href := found.get("href"):
            yield Link(resolve(found.base or base, href), "license", found.get("type") or None)


def _comments(node: Node, base: str) -> str | None:
    for found in node.all("comments"):
        if found.text:
            return address_of(found, base)
    pages = (link for link in atom_links(node, "replies") if "html" in link.get("type").lower())
    return next((resolve(link.base or base, link.get("href")) for link in pages), None)


def _language(node: Node, feed: str | None) -> str | None:
    own = node.text_of("dc:language", "language") or (node.first(*_SPOKEN) or node).lang
    if not own or (feed and own.lower() == feed.lower()):
        return None
    return own[:35]


def _origin(source: Node, base: str) -> Origin | None:
    """Read RSS source and atom:source: the feed an entry first appeared in."""
    if source.leaf:
        url = source.get("url")
        title = line(source.text) or None
        return (
            Origin(title=title, feed_url=resolve(base, url) if url else None)
            if title or url
            else None
        )
    itself = next(atom_links(source, "self"), None)
    identity = source.text_of("id", "atom:id")
    return Origin(
        title=line(source.text_of("title", "atom:title")) or None,
        link=page_link(source, base) or (identity if is_url(identity) else None),
        feed_url=resolve(itself.base or base, itself.get("href")) if itself else None,
        id=identity or None,
        rights=line(source.text_of("rights", "atom:rights")) or None,
    )

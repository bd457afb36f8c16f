"""From what a feed said to what may be kept and shown. Hostile text ends here.

1. Titles and names are text; summaries and contents are safe HTML, plain text among them escaped
   with its paragraphs kept. No character is one that XML forbids.
2. Addresses are absolute http(s): against the text's own base, else the site's, else the feed's.
3. Trackers go from links and texts where the source's settings say so; addresses of files keep
   them: publishers count their listeners by redirects.
4. Everything is bounded: lines, bodies, lists and numbers. What is too long is cut, what is too
   many is left out, what is absurd is unknown.
5. No address of mail is kept; a person known by nothing else is named by what precedes the "@".
6. An entry that names no author has its feed's, unless it came from another feed.
7. A summary that says what the content says is left out.
"""

from msgspec.structs import replace

from aggregator.core.html import clean
from aggregator.core.normalise import parts
from aggregator.core.normalise.people import people
from aggregator.core.normalise.texts import LINE_LIMIT, TITLE_LIMIT, alike, body_of, line, title_of
from aggregator.core.urls import absolute
from aggregator.model.known import Article
from aggregator.model.parsed import FeedInfo, Origin, ParsedEntry

__all__ = ["normalise", "normalise_info"]

_MOST_HUBS = 10


def normalise(entry: ParsedEntry, *, feed: FeedInfo, base: str, strip: bool = True) -> Article:
    """Return the clean text of an entry; ``base`` is where its feed came from, "" for none."""
    root = absolute(feed.link or "", base) or absolute(base) or ""
    own = (feed.feed_url or base, root)
    summary, content = (body_of(text, root, strip=strip) for text in (entry.summary, entry.content))
    origin = _origin(entry.origin, root)
    authors = people(entry.authors, root) or (() if origin else people(feed.authors, root))
    return Article(
        title=title_of(entry.title),
        link=parts.address(entry.link, root, strip=strip, own=own),
        summary="" if content and alike(summary, content) else summary,
        content=content,
        published=entry.published,
        updated=entry.updated,
        authors=authors,
        contributors=people(entry.contributors, root),
        terms=parts.terms(entry.terms),
        categories=parts.names(entry.categories),
        enclosures=parts.enclosures(entry.enclosures, root),
        links=parts.links(entry.links, root, strip=strip),
        comments=parts.address(entry.comments, root, strip=strip, own=own),
        rights=_line(entry.rights),
        language=parts.language(entry.language),
        origin=origin,
        image=absolute(entry.image or "", root),
        duration_s=parts.duration(entry.duration_s),
        explicit=entry.explicit,
        season=parts.number(entry.season),
        episode=parts.number(entry.episode),
    )


def normalise_info(info: FeedInfo, base: str) -> FeedInfo:
    """Return what a feed says of itself, clean."""
    root = absolute(info.link or "", base) or absolute(base) or ""
    return replace(
        info,
        title=line(info.title or "", TITLE_LIMIT) or None,
        subtitle=_line(info.subtitle),
        link=absolute(info.link or "", base),
        feed_url=absolute(info.feed_url or "", base),
        id=_id(info.id),
        language=parts.language(info.language),
        rights=_line(info.rights),
        authors=people(info.authors, root),
        image=absolute(info.image or "", root),
        icon=absolute(info.icon or "", root),
        generator=line(info.generator or "", TITLE_LIMIT) or None,
        hubs=tuple(hub for stated in info.hubs if (hub := absolute(stated, root)))[:_MOST_HUBS],
    )


def _origin(origin: Origin | None, root: str) -> Origin | None:
    """Return the feed an entry was taken from, if something of it can be named."""
    if origin is None:
        return None
    found = Origin(
        title=line(origin.title or "", TITLE_LIMIT) or None,
        link=absolute(origin.link or "", root),
        feed_url=absolute(origin.feed_url or "", root),
        id=_id(origin.id),
        rights=_line(origin.rights),
    )
    return found if found.title or found.link or found.feed_url else None


def _id(text: str | None) -> str | None:
    """Keep an id to the letter: it is compared, not read. A longer one is none."""
    plain = clean(text or "").strip()
    return plain if plain and len(plain) <= LINE_LIMIT else None


def _line(text: str | None) -> str | None:
    return line(text or "", LINE_LIMIT) or None

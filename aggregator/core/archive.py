"""What of a feed stands on which page of its archive (RFC 5005 4), and how pages are linked.

1. The current document holds the newest. Whatever it does not hold stands on a page, so walking it
   and its pages, back to the first, yields all there is.
2. A page is sealed: what stands on it stays on it, and its address never changes. It is written
   again only when an entry on it was edited or taken back, when feeds.yaml says other things of a
   source that stands on it, or when its feed has another recipe.
3. Pages are numbered from 1, the oldest. A first build cuts all older entries into pages.
4. When few entries leave the current document, the page they need is filled up with the oldest of
   those that stay: those stand in both until they leave, under the same ids (RFC 5005 4 has readers
   take the newer of the two). Pages of one entry would cost walkers a request each, and a page that
   grows would be missed by those who have read it.
5. No page names the next one: it would have to be written again for it.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from msgspec.structs import replace

from aggregator.core.artifacts import PAGE
from aggregator.core.feed_addresses import query_of
from aggregator.model.settings import Feed
from aggregator.model.shown import Publication, Standing, Sweep

SIZE = 50
"""Stories of a page."""
MOST = 10
"""Pages that one build writes: they are in memory together, and each build looks what is left."""
ROUND = 40
"""Pages that are written between two rounds of polls, of all feeds; the others follow."""
SETTLE = timedelta(minutes=10)
"""How long a feed that is new waits with its archive: what its sources have from before they were
followed comes source by source, and a page that is sealed early would be followed by older ones."""

PREVIOUS, CURRENT = "prev-archive", "current"


def sheets(
    outside: Sequence[int], staying: Sequence[int], newest: int, *, first: bool
) -> tuple[tuple[int, ...], ...]:
    """Cut stories that left the current document into pages, the oldest first.

    ``staying`` are those of the current document that are on no page yet, the oldest first;
    ``newest`` is how many it may hold.
    """
    if not outside:
        return ()
    room = min(SIZE, newest)
    if not first and len(outside) * 2 < room:
        return ((*outside, *staying[: room - len(outside)]),)
    pages = -(-len(outside) // SIZE)
    cuts = [len(outside) * page // pages for page in range(pages + 1)]
    return tuple(tuple(outside[a:b]) for a, b in pairwise(cuts))


def left_off(begun: Sweep | None, after: Sweep, at: Standing) -> Sweep | None:
    """Return how far a feed was looked at where there was no room for more than what stands there.

    What came after the last sweep is looked at again: there is one order of what stands in a feed,
    and none of what comes.
    """
    swept_on = begun is None or begun.until is not None
    return replace(after, until=at) if swept_on else begun


def page_of(publication: Publication, feed: Feed, site_url: str, number: int) -> Publication:
    """Return a page of the archive."""
    return replace(
        publication,
        addresses=_page_addresses(feed, site_url, number),
        archive=True,
        pages=(
            *_links(PREVIOUS, _page_addresses(feed, site_url, number - 1) if number > 1 else ()),
            *_links(CURRENT, (*publication.addresses, (PAGE, publication.home))),
        ),
    )


def current(publication: Publication, feed: Feed, site_url: str, pages: int) -> Publication:
    """Return the current document, linked to the newest page of its archive."""
    return replace(
        publication, pages=_links(PREVIOUS, _page_addresses(feed, site_url, pages) if pages else ())
    )


def _page_addresses(feed: Feed, site_url: str, number: int) -> tuple[tuple[str, str], ...]:
    page, query = f"{site_url}feeds/{feed.slug}/archive/{number}", query_of(feed)
    documents = ((name, f"{page}.{name}{query}") for name in feed.formats)
    return (*documents, (PAGE, f"{page}/{query}"))


def _links(rel: str, addresses: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple((rel, name, url) for name, url in addresses)

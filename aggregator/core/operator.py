"""The operator's own feed: what happened to sources, never inside a public feed.

A reader that shows errors among the news is told off by everybody (RSS-Bridge, rss-funnel); an
operator who is told nothing finds dead sources by chance. So there is one feed for it, at an
address of its own, made from the notices that polls left.
"""

from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import quote

from aggregator.core.compose import EPOCH
from aggregator.core.health import TOLD_IN
from aggregator.core.html import escape
from aggregator.model.known import Article, Notice
from aggregator.model.settings import Site
from aggregator.model.shown import Credit, Item, Publication

SLUG = TOLD_IN
PATH = "operator.atom"
NEWEST = 100

_TITLES = {
    "failing": "keeps failing",
    "recovered": "answers again",
    "gone": "is gone",
    "moved": "has moved",
    "identity": "has unusable ids",
    "flood": "floods",
    "missing": "misses most of its posts",
    "held": "is held",
}


def operator_feed(notices: Sequence[Notice], site: Site) -> Publication:
    """Return the feed of notices, the newest first."""
    items = tuple(_item(notice, site) for notice in notices)
    return Publication(
        slug=SLUG,
        id=f"tag:{site.tag}:operator",
        title=f"{site.title}: sources to look after",
        description="What happened to the sources polled here.",
        language="en",
        home=f"{site.url}status",
        addresses=(("atom", f"{site.url}{PATH}"),),
        updated=max((item.updated for item in items), default=EPOCH),
        items=items,
        author=site.title,
        site_url=site.url,
    )


def _item(notice: Notice, site: Site) -> Item:
    name = notice.source or f"feed {notice.feed}"
    about = f"{name} {notice.kind} {notice.at.isoformat()}"
    title = f"{name} {_TITLES.get(notice.kind, notice.kind)}"
    link = f"{site.url}status#{notice.source}" if notice.source else _page(notice, site)
    return Item(
        id=f"tag:{site.tag}:notice/{sha256(about.encode()).hexdigest()[:32]}",
        title=title,
        link=link,
        published=notice.at,
        updated=notice.at,
        article=Article(title=title, link=link, content=f"<p>{escape(notice.words)}</p>"),
        source=Credit(name, f"tag:{site.tag}:source/{quote(name)}", name),
    )


def _page(notice: Notice, site: Site) -> str:
    return f"{site.url}feeds/{notice.feed}/"

"""Names to code, one table per port: the one place to add a kind of source or a format."""

from collections.abc import Callable, Mapping

from aggregator.formats.gate import (
    check_atom,
    check_html,
    check_json,
    check_rss,
    check_text,
    check_xml,
)
from aggregator.formats.reading.feeds import read_feed
from aggregator.formats.reading.posts import PostReader
from aggregator.formats.writing.jsonfeed import render_json
from aggregator.formats.writing.opml import render_opml
from aggregator.formats.writing.pages import STYLE, Pages
from aggregator.formats.writing.syndication import render_atom, render_rss
from aggregator.model.settings import Settings
from aggregator.pipeline import Kind
from aggregator.ports import Clock, Format, SitePage
from aggregator.publishing import PAGE
from aggregator.sources.folder import FolderFetcher
from aggregator.sources.http import HttpFetcher, user_agent

_HTML = "text/html; charset=utf-8"


def feed_kind(settings: Settings, clock: Clock) -> Kind:
    """Poll feeds over HTTP."""
    site, fetch = settings.site, settings.fetch
    agent = user_agent(site.url, site.contact, fetch.user_agent)
    return Kind(HttpFetcher(fetch, agent, clock), read_feed)


def posts_kind(settings: Settings, clock: Clock) -> Kind:
    """Scan folders of posts."""
    reader = PostReader(settings.site.tag)
    return Kind(FolderFetcher(clock, reader.next_due), reader)


SOURCE_KINDS: Mapping[str, Callable[[Settings, Clock], Kind]] = {
    # Folders first: they answer at once, and nothing on the network holds them up.
    "posts": posts_kind,
    "feed": feed_kind,
}


def formats(pages: Pages) -> Mapping[str, Format]:
    """Return the formats a feed can be published in."""
    return {
        "atom": Format(
            render_atom, check_atom, "application/atom+xml; charset=utf-8", "feeds/{slug}.atom"
        ),
        "rss": Format(
            render_rss, check_rss, "application/rss+xml; charset=utf-8", "feeds/{slug}.rss"
        ),
        "json": Format(
            render_json, check_json, "application/feed+json; charset=utf-8", "feeds/{slug}.json"
        ),
        PAGE: Format(pages.feed, check_html, _HTML, "feeds/{slug}/"),
    }


def site_pages(pages: Pages) -> tuple[SitePage, ...]:
    """Return what belongs to no single feed."""
    return (
        SitePage(pages.index, check_html, _HTML, ""),
        SitePage(pages.style, check_text, "text/css; charset=utf-8", STYLE),
        SitePage(render_opml, check_xml, "text/x-opml; charset=utf-8", "opml.xml"),
    )

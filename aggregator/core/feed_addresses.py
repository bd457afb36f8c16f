"""Where a feed is found: the address of each of its formats, with the token of a private one."""

from aggregator.model.settings import Feed, Site


def addresses(feed: Feed, site: Site) -> tuple[tuple[str, str], ...]:
    """Return (format, absolute URL) of every format of a feed, with its token if it has one."""
    query = query_of(feed)
    return tuple((name, f"{site.url}feeds/{feed.slug}.{name}{query}") for name in feed.formats)


def query_of(feed: Feed) -> str:
    """Return what stands behind each address of a private feed; "" of others."""
    return f"?token={feed.token.value}" if feed.token else ""

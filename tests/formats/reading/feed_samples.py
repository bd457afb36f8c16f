"""Short ways to write a feed down and to read it."""

from aggregator.formats.reading.feeds import read_feed
from aggregator.model.fetched import Document
from aggregator.model.parsed import ParsedEntry, ParsedFeed

URL = "https://feeds.example/blog/feed.xml"

NAMESPACES = " ".join(
    (
        'xmlns:atom="http://www.w3.org/2005/Atom"',
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:dcterms="http://purl.org/dc/terms/"',
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        'xmlns:media="http://search.yahoo.com/mrss/"',
        'xmlns:podcast="https://podcastindex.org/namespace/1.0"',
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"',
        'xmlns:wfw="http://wellformedweb.org/CommentAPI/"',
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"',
        'xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"',
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
        'xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule"',
    )
)


def rss(channel: str, attributes: str = "") -> str:
    """Write an RSS document."""
    return f'<rss version="2.0" {NAMESPACES} {attributes}><channel>{channel}</channel></rss>'


def atom(feed: str, attributes: str = "") -> str:
    """Write an Atom document."""
    others = NAMESPACES.partition(" ")[2]
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {others} {attributes}>{feed}</feed>'


def read(
    body: str | bytes, *, url: str = URL, charset: str | None = None, media_type: str = "text/xml"
) -> ParsedFeed:
    """Read a document."""
    data = body.encode() if isinstance(body, str) else body
    return read_feed(Document(url, media_type, charset, data))


def item(elements: str, channel: str = "") -> ParsedEntry:
    """Read the one item of an RSS channel."""
    (entry,) = read(rss(f"{channel}<item>{elements}</item>")).entries
    return entry


def entry(elements: str, feed: str = "") -> ParsedEntry:
    """Read the one entry of an Atom feed."""
    (found,) = read(atom(f"{feed}<entry>{elements}</entry>")).entries
    return found

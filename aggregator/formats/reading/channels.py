"""What a feed says of itself, and its entries: the roots of RSS, RDF and Atom to ``ParsedFeed``.

Relative addresses hang on xml:base where it is stated. Else Atom's hang on the document (RFC 4287
2), unless the feed is served from another host than its site (FeedBurner, CDNs), and RSS's, for
which no rule was ever written, on the channel's link, as most readers have it.
"""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from aggregator.formats.reading import media
from aggregator.formats.reading.entries import (
    address_of,
    atom_links,
    first_date,
    page_link,
    plain_link,
    read_entry,
    read_text,
    read_title,
)
from aggregator.formats.reading.nodes import Node, resolve
from aggregator.formats.reading.people import channel_authors
from aggregator.formats.reading.texts import line, plain
from aggregator.formats.reading.values import is_url, minutes, whole_number
from aggregator.model.parsed import FeedInfo, ParsedFeed, Rhythm

_SUBTITLES = (
    "description",
    "subtitle",
    "tagline",
    "dc:description",
    "atom:subtitle",
    "atom:tagline",
    "itunes:summary",
    "itunes:subtitle",
    "googleplay:description",
)
_UPDATED = (
    "lastbuilddate",
    "updated",
    "modified",
    "atom:updated",
    "atom:modified",
    "pubdate",
    "dc:date",
    "dcterms:modified",
    "published",
)
_VERSIONS = {
    "0.90": "rss090",
    "0.91": "rss091",
    "0.92": "rss092",
    "0.93": "rss093",
    "0.94": "rss094",
}
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def knows(root: Node) -> bool:
    """Tell whether a root element is of a dialect that is read here; others are feedparser's."""
    if root.name == "feed":
        return root.get("version") in ("", "0.3", "1.0")
    return root.name in ("rss", "rdf")


def read_root(root: Node, url: str) -> ParsedFeed:
    """Return the feed a root element holds.

    :param url: the document's own address, "" where it is not known
    """
    atom = root.name == "feed"
    channel = next(iter(root.all("channel")), root)
    info = _info(channel, root, url, atom=atom)
    base = _entry_base(info.link, url, atom=atom)
    return ParsedFeed(
        version=_version(root),
        info=info,
        entries=tuple(
            read_entry(node, base, atom=atom, language=info.language) for node in _items(root)
        ),
        updated=first_date(channel, *_UPDATED),
        rhythm=_rhythm(channel),
        older=_older(channel, url),
    )


def _older(channel: Node, url: str) -> str | None:
    """Return where the next older entries are: in an archive (RFC 5005 4), or on the next page."""
    for rel in ("prev-archive", "next"):
        for found in atom_links(channel, rel):
            return resolve(found.base or url, found.get("href"))
    return None


def _items(root: Node) -> Iterator[Node]:
    """Yield the entries: Atom's, those of every channel, and those RDF puts beside its channel."""
    yield from root.all("entry")
    for channel in root.all("channel"):
        yield from channel.all("item", "atom:entry")
        for holder in channel.all("items"):
            yield from holder.all("item")
    yield from root.all("item")


def _version(root: Node) -> str:
    stated = root.get("version")
    if root.name == "feed":
        return "atom03" if stated == "0.3" or "purl.org/atom" in root.namespaces else "atom10"
    if root.name == "rdf":
        return "rss090" if "netscape.com/rdf" in root.namespaces else "rss10"
    return _VERSIONS.get(stated, "rss20" if stated.startswith("2") or not stated else "rss")


def _entry_base(site: str | None, url: str, *, atom: bool) -> str:
    if not site or not is_url(site):
        return url
    return url if atom and _host(site) == _host(url) else site


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _info(channel: Node, root: Node, url: str, *, atom: bool) -> FeedInfo:
    itself = next(atom_links(channel, "self"), None)
    subtitle = channel.first(*_SUBTITLES)
    return FeedInfo(
        title=plain(read_title(channel, atom=atom)),
        subtitle=plain(read_text(subtitle, atom=atom)) if subtitle else None,
        link=_site(channel, url, atom=atom) or None,
        feed_url=resolve(itself.base or url, itself.get("href")) if itself else None,
        id=channel.text_of("id", "atom:id") or channel.get("about") or None,
        language=_language(channel, root),
        rights=line(channel.text_of("rights", "copyright", "dc:rights", "atom:rights")) or None,
        authors=channel_authors(channel),
        image=_image(channel, root, url),
        icon=_icon(channel, url),
        generator=_generator(channel),
        hubs=tuple(
            dict.fromkeys(
                resolve(link.base or url, link.get("href")) for link in atom_links(channel, "hub")
            )
        ),
    )


def _site(channel: Node, url: str, *, atom: bool) -> str:
    if atom:
        return page_link(channel, url) or plain_link(channel, url)
    return plain_link(channel, url) or page_link(channel, url)


def _language(channel: Node, root: Node) -> str | None:
    stated = channel.text_of("language", "dc:language") or channel.lang or root.lang
    return stated[:35].replace("_", "-") or None


def _image(channel: Node, root: Node, url: str) -> str | None:
    """Return the picture of a feed: a logo or a cover, before RSS's image, often a tiny icon."""
    for found in channel.all("logo", "atom:logo", "itunes:image", "googleplay:image"):
        if address := address_of(found, url):
            return address
    for found in [*channel.all("image"), *root.all("image")]:
        address = found.text_of("url") or found.get("href") or found.get("url")
        if address:
            return resolve(found.base or url, address)
    return media.image(channel, url)


def _icon(channel: Node, url: str) -> str | None:
    found = channel.first("icon", "atom:icon")
    return address_of(found, url) or None if found else None


def _generator(channel: Node) -> str | None:
    found = channel.text_of("generator", "atom:generator")
    agents = (agent.get("resource") for agent in channel.all("admin:generatoragent"))
    return line(found or next(agents, "")) or None


def _rhythm(channel: Node) -> Rhythm:
    return Rhythm(
        ttl=minutes(channel.text_of("ttl")),
        skip_hours=frozenset(_hours(channel)),
        skip_days=frozenset(_days(channel)),
        update_interval=_interval(channel),
    )


def _hours(channel: Node) -> Iterator[int]:
    """Yield hours of the day; RSS 0.91 counts them from 1 to 24."""
    for holder in channel.all("skiphours"):
        for found in holder.all("hour"):
            hour = whole_number(found.text)
            if hour is not None and hour <= 24:
                yield hour % 24


def _days(channel: Node) -> Iterator[int]:
    for holder in channel.all("skipdays"):
        for found in holder.all("day"):
            if found.text.lower() in _DAYS:
                yield _DAYS.index(found.text.lower())


def _interval(channel: Node) -> timedelta | None:
    period = _PERIODS.get(channel.text_of("sy:updateperiod").lower())
    times = whole_number(channel.text_of("sy:updatefrequency") or "1")
    return period / times if period and times else None

"""Namespaces to prefixes: one short name for each element, however its document spells it.

Addresses are compared without case, scheme and trailing slash, because publishers vary all three.
A prefix that is well known stands for its vocabulary even where the address is a stranger.
"""

from collections.abc import Iterator

_ADDRESSES: dict[str, tuple[str, ...]] = {
    "": (
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss",
        "http://backend.userland.com/rss2",
        "http://backend.userland.com/rss091",
        "http://backend.userland.com/rss092",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://cyber.law.harvard.edu/rss/rss.html",
        "http://purl.org/rss/1.0/modules/rss091#",
        "http://purl.org/net/rss1.1#",
    ),
    "atom": (
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/atom/ns",
    ),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
    "dc": ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/elements/1.0/"),
    "dcterms": ("http://purl.org/dc/terms/",),
    "content": ("http://purl.org/rss/1.0/modules/content/",),
    "sy": ("http://purl.org/rss/1.0/modules/syndication/",),
    "slash": ("http://purl.org/rss/1.0/modules/slash/",),
    "admin": ("http://webns.net/mvcb/",),
    "thr": ("http://purl.org/syndication/thread/1.0",),
    "wfw": ("http://wellformedweb.org/commentAPI/",),
    "media": (
        "http://search.yahoo.com/mrss/",
        "http://video.search.yahoo.com/mrss/",
        "http://www.rssboard.org/media-rss",
    ),
    "itunes": (
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://www.itunes.com/DTDs/Podcast-1.0.dtd",
        "http://itunes.com/dtds/podcast-1.0.dtd",
        "http://example.com/DTDs/PodCast-1.0.dtd",
    ),
    "googleplay": ("http://www.google.com/schemas/play-podcasts/1.0",),
    "podcast": (
        "https://podcastindex.org/namespace/1.0",
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    ),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
    "prism": (
        "http://prismstandard.org/namespaces/basic/2.0/",
        "http://prismstandard.org/namespaces/1.2/basic/",
        "http://purl.org/rss/1.0/modules/prism/",
    ),
    "enc": ("http://purl.oclc.org/net/rss_2.0/enc#",),
    "pheedo": ("http://www.pheedo.com/namespace/pheedo",),
    "cc": ("http://web.resource.org/cc/", "http://creativecommons.org/ns#"),
    "creativecommons": (
        "http://backend.userland.com/creativeCommonsRssModule",
        "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html",
    ),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
    "yandex": ("http://news.yandex.ru",),
    "turbo": ("http://turbo.yandex.ru",),
    "xml": ("http://www.w3.org/XML/1998/namespace",),
    "source": ("http://source.scripting.com/",),
}

PREFIXES = {prefix: addresses[0] for prefix, addresses in _ADDRESSES.items() if prefix} | {
    "a10": "http://www.w3.org/2005/Atom",
    "atom10": "http://www.w3.org/2005/Atom",
}
"""Well-known prefix, lower case, to the address it stands for."""


def _key(address: str) -> str:
    return address.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/#")


def _pairs() -> Iterator[tuple[str, str]]:
    for prefix, addresses in _ADDRESSES.items():
        for address in addresses:
            yield _key(address), prefix


_PREFIX_OF = dict(_pairs())


def short_name(address: str, prefix: str, local: str) -> str:
    """Return an element's name as "local" or "prefix:local", lower case.

    >>> short_name("http://purl.org/dc/elements/1.1/", "whatever", "Creator")
    'dc:creator'
    """
    known = _PREFIX_OF.get(_key(address)) if address else ""
    if known is None and prefix.lower() in PREFIXES:
        known = _PREFIX_OF[_key(PREFIXES[prefix.lower()])]
    if known is None:
        # A stranger as the default namespace of a feed changes nothing about what its elements say.
        known = f"{{{address}}}" if prefix else ""
    return f"{known}:{local}".lower() if known else local.lower()

"""Addresses without what says how a reader came."""

import re
from functools import lru_cache
from urllib.parse import unquote_plus

from aggregator.core.urls.absolute import host_of
from aggregator.core.urls.redirectors import direct
from aggregator.core.urls.trackers import NAMES, PREFIXES, TELLING

_ANYTHING = re.compile(".*", re.DOTALL)


def strip_tracking(url: str, feed_url: str | None = None, site_url: str | None = None) -> str:
    """Return an http(s) address without tracking parameters, all else to the letter as it was.

    Of a redirector whose target stands in its address the target is left.
    ``ref`` goes only where it names the host of the feed or of its site.
    """
    if not url[:8].lower().startswith(("http://", "https://")) or not ("?" in url or "#" in url):
        return url
    url = direct(url)
    own_hosts = _hosts(feed_url, site_url)
    address, hash_sign, fragment = url.partition("#")
    page, question, query = address.partition("?")
    kept_query = _kept(query, own_hosts) if query else query
    kept_fragment = _kept(fragment, own_hosts) if "=" in fragment else fragment
    if (kept_query, kept_fragment) == (query, fragment):
        return url
    address = page + (question + kept_query if kept_query or not query else "")
    return address + (hash_sign + kept_fragment if kept_fragment or not fragment else "")


@lru_cache(maxsize=64)  # a feed has one pair of them
def _hosts(feed_url: str | None, site_url: str | None) -> frozenset[str]:
    return frozenset(host for own in (feed_url, site_url) if own and (host := host_of(own)))


@lru_cache(maxsize=256)  # the names are few, the links many
def _telling(name: str) -> re.Pattern[str] | None:
    """Return what the values of a parameter match that say how a reader came."""
    low = name.lower().removeprefix("amp;")
    if low in NAMES or low.startswith(PREFIXES):
        return _ANYTHING
    return TELLING.get(low)


def _kept(query: str, own_hosts: frozenset[str]) -> str:
    return "&".join([pair for pair in query.split("&") if not _goes(pair, own_hosts)])


def _goes(pair: str, own_hosts: frozenset[str]) -> bool:
    name, _, value = pair.partition("=")
    if "%" in pair or "+" in pair:
        name, value = unquote_plus(name), unquote_plus(value)
    telling = _telling(name)
    if telling is not None and telling.fullmatch(value):
        return True
    return bool(own_hosts) and name.lower() == "ref" and _named_host(value) in own_hosts


def _named_host(value: str) -> str:
    return host_of(value if "://" in value else f"//{value}")

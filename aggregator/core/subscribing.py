"""What a new source is called and where it is, before anything was asked.

Its name is the key it has in feeds.yaml for ever, so a person must like it:

1. Its title in letters that a key may have, at most ``_LONGEST`` of them, cut between words.
2. A title that says nothing ("Blog", "RSS") or has no such letters (中文) gives way to the host.
3. A name that is taken gets the host behind it, then a number.
"""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from urllib.parse import urldefrag, urlsplit

from aggregator.core.urls import absolute
from aggregator.core.urls.absolute import host_of

_LONGEST = 40
_LONGEST_NAME = 100
_NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{_LONGEST_NAME - 1}}}")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed(?=://)", re.IGNORECASE)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_OTHERS = re.compile(r"[^a-z0-9]+")
_HOST_OTHERS = re.compile(r"[^a-z0-9.]+")
_SAYING_NOTHING = frozenset(
    (
        *("", "atom", "articles", "blog", "comments", "feed", "feeds", "home", "index", "journal"),
        *("main", "news", "null", "posts", "releases", "rss", "rss-feed", "untitled", "weblog"),
    )
)
"""And "null", which is no text in YAML."""
_LATIN = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "ł": "l", "Ł": "l", "đ": "d"}
    | {"'": "", "’": ""}
)


def source_name(title: str, url: str, taken: Container[str] = ()) -> str:
    """Return a name for a source that nothing in ``taken`` has."""
    host = _HOST_OTHERS.sub("-", host_of(url)).strip("-.")[:_LONGEST].rstrip("-.") or "source"
    words = _words(title)
    name = host if words in _SAYING_NOTHING else words
    if name not in taken:
        return name
    wider = f"{name}-{host}"
    if name != host and wider not in taken:
        return wider
    return next(found for number in count(2) if (found := f"{name}-{number}") not in taken)


def is_source_name(text: str) -> bool:
    """Tell whether a source can be called so."""
    return _NAME.fullmatch(text) is not None


def web_address(text: str) -> str | None:
    """Return the address to subscribe to, without userinfo and fragment; None if it is none.

    ``feed:`` is what old readers put before it, or in place of ``http:``.
    """
    web = _FEED_SCHEME.sub(lambda found: "" if ":" in found[0] else "http", text.strip(), count=1)
    found = absolute(web) if _WEB.match(web) else None
    return urldefrag(found).url if found else None


def feed_key(url: str) -> str:
    """Return what is equal for addresses of one feed: scheme, "www." and last "/" say nothing."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host_of(url)}{port}{parts.path.rstrip('/')}{query}"


def _words(title: str) -> str:
    """Return a title's ASCII letters and numbers; "" where most of its letters are others."""
    plain = unicodedata.normalize("NFKD", title.translate(_LATIN)).lower()
    spoken = "".join(letter for letter in plain if not unicodedata.combining(letter))
    letters = [letter for letter in spoken if letter.isalnum()]
    if 2 * sum(map(str.isascii, letters)) < len(letters):
        return ""
    slug = _OTHERS.sub("-", spoken).strip("-")
    if len(slug) <= _LONGEST:
        return slug
    return (slug[: _LONGEST + 1].rpartition("-")[0] or slug[:_LONGEST]).strip("-")

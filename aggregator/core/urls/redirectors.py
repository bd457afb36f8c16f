"""Addresses that only lead to another one, which stands in them: counted clicks, no pages."""

import re
from urllib.parse import parse_qsl, urlsplit

from aggregator.core.urls.absolute import absolute

# Host and path, and the parameter that holds the target.
_REDIRECTORS = {
    "google.com/url": ("q", "url"),
    "facebook.com/l.php": ("u",),
    "l.facebook.com/l.php": ("u",),
    "youtube.com/redirect": ("q",),
    "out.reddit.com/": ("url",),
    "t.umblr.com/redirect": ("z",),
    "link.zhihu.com/": ("target",),
    "getpocket.com/redirect": ("url",),
    "slack-redir.net/link": ("url",),
    "steamcommunity.com/linkfilter": ("url", "u"),
    "vk.com/away.php": ("to",),
    "medium.com/r": ("url",),
    "exit.sc/": ("url",),
    "redirect.viglink.com/": ("u",),
    "go.skimresources.com/": ("url",),
    "duckduckgo.com/l": ("uddg",),
    "r.search.yahoo.com/": ("ru",),
    "news.url.google.com/url": ("url",),
}
_LOOKS_LIKE_ONE = re.compile(
    r"https?://(?:www\.)?(?:"
    + "|".join(re.escape(at.rstrip("/")) for at in _REDIRECTORS)
    + r")/?\?"
)


def direct(url: str) -> str:
    """Return where redirectors lead in the end; other addresses as they are."""
    # What stands in an address is shorter than it, so there is an end.
    while (target := target_of(url)) and len(target) < len(url):
        url = target
    return url


def target_of(url: str) -> str | None:
    """Return the address a redirector states; None where it is none or states none."""
    if not _LOOKS_LIKE_ONE.match(url):
        return None
    parts = urlsplit(url)
    place = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"
    names = _REDIRECTORS.get(place if parts.path == "/" else place.rstrip("/"), ())
    stated = dict(parse_qsl(parts.query, max_num_fields=None))
    return next((found for name in names if (found := absolute(stated.get(name, "")))), None)

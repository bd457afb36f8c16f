"""Where the feeds of a page usually are, by its address alone.

Some sites name their feeds by a rule and link none of them; of others, a handful of paths covers
most publishing programs.
"""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

_PATHS = (
    "feed",
    "feed.xml",
    "rss.xml",
    "atom.xml",
    "index.xml",
    "rss",
    "feed.json",
    "feed.atom",
    "feeds/posts/default",
    "?feed=rss2",
)
"""WordPress and Substack, Jekyll, Hexo and Ghost, Hugo, Tumblr, JSON Feed, Blogger."""

_NAME = r"([A-Za-z0-9_.~-]+)"

_SITES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        r"youtube\.com",
        rf"/channel/{_NAME}",
        ("https://www.youtube.com/feeds/videos.xml?channel_id={0}",),
    ),
    (r"youtube\.com", rf"/user/{_NAME}", ("https://www.youtube.com/feeds/videos.xml?user={0}",)),
    (
        r"github\.com",
        rf"/{_NAME}/{_NAME}",
        (
            "https://github.com/{0}/{1}/releases.atom",
            "https://github.com/{0}/{1}/tags.atom",
            "https://github.com/{0}/{1}/commits.atom",
        ),
    ),
    (r"github\.com", rf"/{_NAME}", ("https://github.com/{0}.atom",)),
    (r"gitlab\.com", rf"/{_NAME}/{_NAME}", ("https://gitlab.com/{0}/{1}/-/tags?format=atom",)),
    (r"codeberg\.org", rf"/{_NAME}/{_NAME}", ("https://codeberg.org/{0}/{1}.rss",)),
    (r"codeberg\.org", rf"/{_NAME}", ("https://codeberg.org/{0}.rss",)),
    (r"reddit\.com", rf"/(r|u|user)/{_NAME}", ("https://www.reddit.com/{0}/{1}/.rss",)),
    (r"medium\.com", r"/(@?[A-Za-z0-9_.-]+)", ("https://medium.com/feed/{0}",)),
    (r"vimeo\.com", rf"/{_NAME}", ("https://vimeo.com/{0}/videos/rss",)),
    (r"dev\.to", rf"/{_NAME}", ("https://dev.to/feed/{0}",)),
    (r"bsky\.app", rf"/profile/{_NAME}", ("https://bsky.app/profile/{0}/rss",)),
    (r"pypi\.org", rf"/project/{_NAME}", ("https://pypi.org/rss/project/{0}/releases.xml",)),
    (
        r"stackoverflow\.com",
        rf"/questions/tagged/{_NAME}",
        ("https://stackoverflow.com/feeds/tag?tagnames={0}&sort=newest",),
    ),
    (r"news\.ycombinator\.com", "", ("https://news.ycombinator.com/rss",)),
)
"""(host, path, feeds): the host and what is below it; "{0}" is what the path named."""

_FILE = re.compile(r"[^/]*\.[A-Za-z0-9]{1,5}$")
"""The page itself, as in /blog/index.html."""
_MASTODON = re.compile(r"/@([A-Za-z0-9_]+)/?")
_ACCOUNTS_ELSEWHERE = re.compile(r"(?:^|\.)(?:youtube|medium|tiktok|threads)\.(?:com|net)$")


def feeds_by_rule(url: str) -> tuple[str, ...]:
    """Return the feeds that the page's site has by its own rules; none where it is not known."""
    return tuple(dict.fromkeys(_by_rule(url)))


def usual_feeds(url: str) -> tuple[str, ...]:
    """Return addresses at which the feeds of most sites are: below the page, then at its root."""
    parts = urlsplit(url)
    root = f"{_origin(parts)}/"
    path = _FILE.sub("", parts.path).strip("/")
    folder = f"{root}{path}/" if path else root
    here = (f"{folder}feed", f"{folder}index.xml", f"{folder}feed.xml") if path else ()
    return tuple(dict.fromkeys((*here, *(f"{root}{path}" for path in _PATHS))))


def _by_rule(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    yield from _playlist(host, parts.query)
    for site, path, feeds in _SITES:
        found = re.fullmatch(rf"{path}/?", parts.path)
        if found and re.fullmatch(rf"(?:www\.|m\.|old\.)?{site}", host):
            yield from (feed.format(*found.groups()) for feed in feeds)
    account = _MASTODON.fullmatch(parts.path)
    if account and not _ACCOUNTS_ELSEWHERE.search(host):
        yield f"{_origin(parts)}/@{account[1]}.rss"


def _playlist(host: str, query: str) -> Iterator[str]:
    if re.fullmatch(r"(?:www\.|m\.|music\.)?youtube\.com", host):
        named = next((value for key, value in parse_qsl(query) if key == "list"), "")
        if named:
            address = "https://www.youtube.com/feeds/videos.xml?playlist_id="
            yield address + quote(named, safe="")


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"

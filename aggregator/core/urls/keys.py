"""Keys by which two addresses are found to name one page. Only for comparing, never for linking.

1. Left out: scheme, user, default port, "www.", hosts and paths for telephones and AMP, index
   pages, the last slash, double slashes, trackers, sessions, fragments that are places in a page.
2. Put in order: parameters, percent signs, dots in paths, the case of the host, marks on letters.
3. Kept: the case of the path, every parameter that may name a page, fragments that may (routes of
   applications, releases in a changelog): what is kept needlessly costs a repeat, what is dropped
   wrongly costs news.
4. A redirector whose target stands in its address is its target.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit

from aggregator.core.urls.absolute import absolute
from aggregator.core.urls.redirectors import target_of
from aggregator.core.urls.stripping import strip_tracking
from aggregator.core.urls.trackers import SESSION_VALUE, SESSIONS

_PHONE_OR_AMP = re.compile(r"(?:www\d{0,2}|m|mobile|amp|3g|wap|touch)\.(?=[^.]+\.)")
_INNER_PHONE = re.compile(r"^([a-z]{2,3})\.m\.(?=[^.]+\.)")
_INDEX = re.compile(r"(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)", re.IGNORECASE)
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;?]*", re.IGNORECASE)
_PLACE = re.compile(
    r"\d{0,4}|comments?|respond|reply|more(?:-\d+)?|(?:comment|respond|reply)[-_]?\d+|top|content"
    r"|main|disqus_thread|wechat_redirect|rd|rss|atom|feed|xtor=.*|utm_.*"
)
_AMP_CACHE = re.compile(r"[^/]*\.cdn\.ampproject\.org/[a-z](?:/(s))?/(.+)")
_AMP_VIEWER = re.compile(r"(?:google\.[a-z.]+|bing\.com)/amp(?:/(s))?/(.+\..+)")
_IN_ORDER = re.compile(r"[a-zA-Z0-9_.~-]*+")
"""Of most parts there is nothing to write otherwise."""
_VIDEO = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{11})")


@lru_cache(maxsize=256)  # an entry is asked for its address several times in a row
def canonical_key(url: str) -> str:
    """Return the key of an http(s) address; any other text is its own key."""
    if url.startswith("//"):
        return url
    address = absolute(url.replace("&amp;", "&"))
    while address and (target := _target(address)) and len(target) < len(address):
        address = target
    return _key(address) if address else url.strip()


def _target(url: str) -> str | None:
    """Return where a redirector or a cache of AMP pages leads."""
    if target := target_of(url):
        return target
    parts = urlsplit(url)
    place = f"{(parts.hostname or '').removeprefix('www.')}{parts.path}"
    if match := _AMP_CACHE.fullmatch(place) or _AMP_VIEWER.fullmatch(place):
        query = f"?{parts.query}" if parts.query else ""
        return absolute(f"http{match[1] or ''}://{match[2]}{query}")
    return None


def _key(url: str) -> str:
    parts = urlsplit(strip_tracking(url))
    host = _host(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    pairs = _pairs(parts.query)
    path = _path(parts.path)
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com"):
        host, path, pairs = _video(host, path, pairs)
    elif host == "mp.weixin.qq.com" and any(name == "__biz" for name, _ in pairs):
        pairs = [pair for pair in pairs if pair[0] in ("__biz", "mid", "idx", "sn")]
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(pairs))
    place = parts.fragment.partition(":~:")[0]
    fragment = "" if _PLACE.fullmatch(place) else f"#{place}"
    return f"//{host}{port}{path}{'?' if query else ''}{query}{fragment}"


def _host(host: str) -> str:
    """Return a host without "www.", "m." and the like; "m.me" is none of these."""
    before = ""
    while before != host:
        before = host
        host = _INNER_PHONE.sub(r"\1.", _PHONE_OR_AMP.sub("", host.rstrip("."), count=1))
    return host


def _path(path: str) -> str:
    """Return a path in order, without index page, AMP's marks and last slash."""
    segments: list[str] = []
    for raw in _PATH_SESSION.sub("", path).split("/"):
        segment = _quoted(raw, plus=False)
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    if segments and _INDEX.fullmatch(segments[-1]):
        del segments[-1]
    if len(segments) > 1 and segments[-1].lower() == "amp":
        del segments[-1]
    elif len(segments) > 1 and segments[0].lower() == "amp":
        del segments[0]
    return "".join(f"/{segment}" for segment in segments)


def _pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters that may name a page, as they are written."""
    if not query:
        return []
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return [(name, value) for name, _, value in pairs if not _says_nothing(name, value)]


def _says_nothing(raw_name: str, raw_value: str) -> bool:
    name, value = _plain(raw_name), _plain(raw_value)
    low = name.lower()
    if low in SESSIONS:
        return True
    if low in ("sid", "s", "session"):
        return SESSION_VALUE.fullmatch(value) is not None
    return (low, value.lower()) in _SAME_PAGE


# An AMP page is its page.
_SAME_PAGE = frozenset(
    {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("output", "amp")}
)


def _video(
    host: str, path: str, pairs: list[tuple[str, str]]
) -> tuple[str, str, list[tuple[str, str]]]:
    """Name a film of YouTube by its id alone, in whichever of its players."""
    match = _VIDEO.fullmatch(path) if host != "youtu.be" else re.fullmatch(r"/([\w-]{11})", path)
    film = match[1] if match else dict(pairs).get("v") if path == "/watch" else None
    return ("youtube.com", "/watch", [("v", film)]) if film else (host, path, pairs)


def _plain(part: str) -> str:
    if _IN_ORDER.fullmatch(part):
        return part
    return unquote_to_bytes(part.replace("+", " ")).decode("utf-8", "replace")


def _quoted(part: str, *, plus: bool = True) -> str:
    """Write percent signs in one way; bytes that are no UTF-8 (GBK, Latin-1) stay apart."""
    if _IN_ORDER.fullmatch(part):
        return part
    raw = unquote_to_bytes(part.replace("+", " ") if plus else part)
    return quote(raw if raw.isascii() else _composed(raw), safe="")


def _composed(raw: bytes) -> bytes:
    try:
        return unicodedata.normalize("NFC", raw.decode()).encode()
    except UnicodeDecodeError:
        return raw

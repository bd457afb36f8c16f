"""Addresses, media types and languages as every format can hold them."""

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from aggregator.formats.writing.text import clean

_UNRESERVED = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
_HTTP = re.compile(
    rf"https?://[a-z0-9][a-z0-9._-]*(?::[0-9]{{1,5}})?"
    rf"(?:/(?:{_UNRESERVED}|/)*(?:\?(?:{_UNRESERVED}|[/?])*)?)?(?:#(?:{_UNRESERVED}|[/?])*)?",
    re.IGNORECASE,
)
# No number in brackets (IPv6): RFC 3986 has it, validators of feeds and many readers do not.
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?::[0-9]{1,5})?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[A-Za-z0-9][\w.+-]*", re.ASCII)
# ISO 639-1: validators of feeds know no others, and "jp", "cn" or "gb" are countries.
_TWO_LETTERS = (
    r"a[abefkmnrsvyz]|b[aeghimnors]|c[aehorsuvy]|d[aevz]|e[elnostu]|f[afijory]|g[adlnuv]"
    r"|h[aeiortuyz]|i[adegikostu]|j[av]|k[agijklmnorsuvwy]|l[abginotuv]|m[ghiklnrsty]"
    r"|n[abdeglnorvy]|o[cjmrs]|p[ailst]|q[u]|r[mnouw]|s[acdegiklmnoqrstuvw]"
    r"|t[aeghiklnorstwy]|u[gkrz]|v[eio]|w[ao]|x[h]|y[io]|z[ahu]"
)
_LANGUAGE = re.compile(rf"(?:{_TWO_LETTERS})(?:-[A-Za-z0-9]{{1,8}})*", re.IGNORECASE)

FEED_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
"""Media types of the formats of a feed, as links name them."""

UNKNOWN_TYPE = "application/octet-stream"

# Not the machine's own table: equal publications must give equal bytes on every machine.
_TYPES = {
    "aac": "audio/aac",
    "avif": "image/avif",
    "epub": "application/epub+zip",
    "flac": "audio/flac",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "torrent": "application/x-bittorrent",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webp": "image/webp",
    "zip": "application/zip",
}


def http_url(text: str | None) -> str | None:
    """Return an absolute http(s) address in the letters of a URI (RFC 3986), or None.

    Anything else is escaped as browsers escape it; a name or password in it is left out.
    """
    if not text:
        return None
    if _HTTP.fullmatch(text):
        return text
    try:
        parts = urlsplit(clean(text).strip())
        host = _host(parts.netloc.rpartition("@")[2])
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or host is None:
        return None
    return _escaped(parts, host)


def media_type(stated: str | None, url: str) -> str | None:
    """Return the stated media type without parameters, else what the address's ending says."""
    name = (stated or "").partition(";")[0].strip().lower()
    if _MEDIA_TYPE.fullmatch(name) and name != UNKNOWN_TYPE:
        return name
    return _TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())


def language(stated: str | None) -> str | None:
    """Return a tag (BCP 47) of a language that has two letters, or None where it is none."""
    tag = (stated or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _host(netloc: str) -> str | None:
    name = netloc if netloc.isascii() else netloc.encode("idna").decode("ascii")
    return name if _HOST.fullmatch(name) else None


def _escaped(parts: SplitResult, host: str) -> str:
    path, query, fragment = (
        quote(_BARE_PERCENT.sub("%25", part), safe="/?:@!$&'()*+,;=%")
        for part in (parts.path, parts.query, parts.fragment)
    )
    # A "?" in a path would begin a query: urlsplit leaves none there.
    # No path and a query is an address that half of the programs out there refuse.
    return urlunsplit((parts.scheme.lower(), host, path or ("/" if query else ""), query, fragment))

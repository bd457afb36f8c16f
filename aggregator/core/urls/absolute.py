"""Addresses of web pages, read as browsers do (URL Standard) and written as RFC 3986 wants."""

import re
import unicodedata
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

LONGEST = 8192
_EDGES = "".join(map(chr, range(33))) + "\u00a0\u200b\u2028\u2029\u3000\ufeff"
_INSIDE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_WEB = re.compile(r"(https?):[/\\]*", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_BARE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_PORTS = {"http": 80, "https": 443}
# Most addresses are in order already: a host in lower case without a port, nothing to encode.
_SIGNS = r"a-zA-Z0-9/:@!$&'()*+,;=._~-"
_PLACE = (
    rf"/[{_SIGNS}]*+(?:%[0-9a-fA-F]{{2}}[{_SIGNS}]*+)*+",
    rf"(?:\?(?!\Z|#)[?{_SIGNS}]*+(?:%[0-9a-fA-F]{{2}}[?{_SIGNS}]*+)*+)?+"
    rf"(?:\#(?!\Z)[?{_SIGNS}]*+(?:%[0-9a-fA-F]{{2}}[?{_SIGNS}]*+)*+)?+",
)
_SITE = r"https?://(?=[^/?#]{1,253}(?:[/?#]|\Z))[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*+"
_IN_ORDER = re.compile(rf"{_SITE}(?:{_PLACE[0]})?+{_PLACE[1]}")
_FROM_ROOT = re.compile(rf"(?!//|[^?#]*/\.){_PLACE[0]}{_PLACE[1]}")
_ORIGIN = re.compile(rf"{_SITE}(?=[/?#]|\Z)")
# What RFC 3986 allows beside letters and digits; all else is written as percent signs.
_PATH = "%/:@!$&'()*+,;=-._~"
_QUERY = _PATH + "?"


def absolute(url: str, base: str = "") -> str | None:
    """Return a clean absolute http(s) address; None where there is none.

    Relative addresses hang on ``base``. White space and controls go, backslashes are slashes, names
    of hosts become ASCII, userinfo is dropped (it may be a secret, and it deceives), spaces and
    letters beyond ASCII are percent-encoded; what is encoded stays as it is.
    """
    if len(url) <= LONGEST and _IN_ORDER.fullmatch(url):
        return url
    if url[:1] == "/" and len(url) <= LONGEST and _FROM_ROOT.fullmatch(url):
        site = _ORIGIN.match(base)
        if site is not None:
            return site[0] + url
    plain = _INSIDE.sub("", url[: LONGEST + 1].strip(_EDGES))
    if not plain or len(plain) > LONGEST:
        return None
    try:
        return _written(_joined(plain, base))
    except ValueError:
        return None


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without "www."; "" where it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _joined(url: str, base: str) -> str:
    """Resolve an address; one of another scheme than http(s) is refused.

    :raises ValueError: it is no web address, or relative to nothing
    """
    if web := _WEB.match(url):
        return f"{web[1].lower()}://{_with_slashes(url[web.end() :])}"
    if _SCHEME.match(url):
        raise ValueError("another scheme")
    relative = _with_slashes(url)
    if relative.startswith("//"):
        scheme = "http" if base[:5].lower() == "http:" else "https"
        return f"{scheme}://{relative.lstrip('/')}"
    root = absolute(base) if base else None
    if root is None:
        raise ValueError("relative to nothing")
    return urljoin(root, relative)


def _with_slashes(url: str) -> str:
    """Turn the backslashes before the query into slashes, as browsers do."""
    if "\\" not in url:
        return url
    end = min((place for place in map(url.find, "?#") if place >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _written(url: str) -> str:
    parts = urlsplit(url)
    host, port = _host(parts.hostname or ""), parts.port
    if port is not None and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    return urlunsplit(
        (
            parts.scheme,
            host,
            _encoded(parts.path, _PATH),
            _encoded(parts.query, _QUERY),
            _encoded(parts.fragment, _QUERY),
        )
    )


def _encoded(part: str, safe: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", part), safe=safe)


def _host(host: str) -> str:
    """Return the host in ASCII.

    :raises ValueError: no host can be called so
    """
    if ":" in host:
        host = f"[{host}]"
    if not host.isascii():
        host = ".".join(
            map(_ascii, re.split("[.。．｡]", unicodedata.normalize("NFKC", host.lower())))
        )
    if len(host) > 253 or not (_IPV6.fullmatch(host) or _is_name(host)):
        raise ValueError("no host")
    return host


def _is_name(host: str) -> bool:
    return all(map(_LABEL.fullmatch, host.removesuffix(".").split(".")))


def _ascii(label: str) -> str:
    """Write a label in Punycode (RFC 3492), letters as they are: "ß" is not "ss" (RFC 5891)."""
    if label.isascii():
        return label
    if len(label) > 63 or not all(map(_is_letter, label)):
        raise ValueError("no label")
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_letter(character: str) -> bool:
    return (
        character == "-"
        or unicodedata.category(character)[0] in "LMN"
        or character in "\u00b7\u30fb"
    )

"""One address to ask.

What libcurl gets is put together again from the parts that were checked, so no two readers of one
URL can disagree about its host (``http://a@b\\@c/``). A name and password in an address are never
part of a place: they are credentials of the source (``asking``).
"""

from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct

from aggregator.core.hosts import plain_host, registrable_domain
from aggregator.errors import FetchError

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8192
_KEPT = "%/:?#[]@!$&'()*+,;=~"


class Place(Struct, frozen=True):
    """Where one request goes: http or https, a host in its plain spelling, a port, the rest."""

    scheme: str
    host: str
    """Without brackets."""
    port: int
    target: str
    """Path and query, ASCII."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Name who gets the credentials that are given to this place (RFC 6454)."""
        return (self.scheme, self.host, self.port)

    @property
    def domain(self) -> str:
        """Name whose host it is."""
        return registrable_domain(self.host)

    @property
    def url(self) -> str:
        """Write the address, without a port that is meant anyway."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def locate(url: str) -> Place:
    """Read an address.

    :raises FetchError: it is none that is fetched
    """
    if len(url) > _LONGEST:
        raise FetchError("its address is too long")
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        path, query = _plain(parts.path or "/"), _plain(parts.query)
    except ValueError as error:
        raise FetchError("its address is malformed") from error
    if parts.scheme not in _PORTS:
        raise FetchError(f"only http and https are fetched, not {_shown(parts.scheme)}")
    return Place(
        scheme=parts.scheme,
        host=_host(parts.hostname or ""),
        port=_PORTS[parts.scheme] if port is None else port,
        target=f"{path}?{query}" if query else path,
    )


def follow(place: Place, location: str) -> Place:
    """Read where a redirect leads; ``location`` is latin-1 text of a header, maybe relative.

    :raises FetchError: nowhere that is fetched
    """
    if len(location) > _LONGEST:
        raise FetchError("it redirects to an address that is too long")
    text = location.encode("latin-1").decode("utf-8", "surrogateescape")
    try:
        target = urljoin(place.url, text.strip())
    except ValueError as error:
        raise FetchError("it redirects to an address that is malformed") from error
    try:
        return locate(target)
    except FetchError as error:
        raise FetchError(f"it redirects to where nothing is fetched: {error}") from error


def _host(name: str) -> str:
    try:
        return plain_host(name)
    except ValueError as error:
        raise FetchError(f"its address names no host: {_shown(name)}") from error


def _plain(text: str) -> str:
    """Write a path or query in ASCII; a byte that was no UTF-8 keeps its value.

    :raises ValueError: it holds half a character
    """
    return quote(text, safe=_KEPT, errors="surrogateescape")


def _shown(text: str) -> str:
    """Make a word out of hostile text."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return f"“{plain[:60]}”"

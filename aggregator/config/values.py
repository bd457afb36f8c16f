"""What one value may be: each function reads one text, or raises a fault that mends it.

A fault's message may hold "{value}": the report puts in what is written in the file. Messages of
values that can be secret never do.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from aggregator.core.headers import is_token, sendable
from aggregator.core.hosts import plain_host
from aggregator.model.settings import Secret

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,6}) ?([smhdw])")
_SIZE = re.compile(r"([0-9]{1,12}) ?(?:([kmg])?i?b)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_SLUG = re.compile(r"[a-z0-9-]{1,64}")
_TAG = re.compile(r"[A-Za-z0-9._@-]{1,100},[0-9]{4}(-[0-9]{2}){0,2}")
_TITLE_LIMIT = 200
NO_TOKEN = Secret("none")
"""Said instead of a token, so that a feed that had one is open."""
_URL_LIMIT = 2000
_NOT_OURS = {
    "user-agent": "write user_agent:",
    "cookie": "write cookies:",
    "host": "it follows from the address",
    "if-none-match": "it follows from the last answer",
    "if-modified-since": "it follows from the last answer",
    "accept-encoding": "it is set to what can be read",
    "connection": "leave it out",
    "content-length": "leave it out",
    "expect": "leave it out",
    "range": "leave it out",
    "te": "leave it out",
    "transfer-encoding": "leave it out",
    "upgrade": "leave it out",
}


class Read(Struct, frozen=True, eq=False):
    """Marks a key of the schema: how its value is read, and how editors are told of it."""

    function: Callable[[Any], Any]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.function)

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return dict(self.schema)


def fault(message: str, remedy: str = "") -> PydanticCustomError:
    """Return what a function raises that cannot read its value."""
    return PydanticCustomError("fault", "{message}", {"message": message, "remedy": remedy})


def nearest(word: str, known: list[str], otherwise: str = "") -> str:
    """Return a remedy for a word that is not known."""
    near = get_close_matches(word.lower().replace("-", "_"), known, n=1) or get_close_matches(
        word.lower(), known, n=1
    )
    return f"did you mean {near[0]}?" if near else otherwise


def text(value: object) -> str:
    """Read any text."""
    if not isinstance(value, str):
        raise fault("must be a text")
    return value


def words(value: object) -> str:
    """Read one line that says something: a title, the name of a category."""
    found = " ".join(text(value).split())
    if not found:
        raise fault("is empty", "say something, or leave the key out")
    if len(found) > _TITLE_LIMIT:
        raise fault("{value} is too long", f"say it in {_TITLE_LIMIT} characters")
    return found


def secret(value: object) -> Secret:
    """Read a secret; no error ever shows it."""
    found = text(value)
    if not found or not sendable(found.encode("utf-8").decode("latin-1")):
        raise fault("is empty or more than a line", "one line of text is a secret")
    return Secret(found)


def flag(value: object) -> bool:
    """Read true or false; YAML 1.2 knows no yes and no."""
    known = {"true": True, "false": False}
    found = known.get(text(value).lower())
    if found is None:
        raise fault("{value} is neither true nor false", "write true or false")
    return found


def number(least: int, most: int) -> Callable[[object], int]:
    """Return what reads a whole number."""

    def read(value: object) -> int:
        found = text(value)
        if not re.fullmatch(r"[0-9]{1,12}", found, re.ASCII):
            raise fault("{value} is no whole number", f"write one from {least} to {most:,}")
        if not least <= int(found) <= most:
            raise fault("{value} is out of range", f"it goes from {least} to {most:,}")
        return int(found)

    return read


def choice(*known: str) -> Callable[[object], str]:
    """Return what reads one of a few words."""

    def read(value: object) -> str:
        found = text(value)
        if found not in known:
            raise fault("{value} is not known here", nearest(found, list(known), _one_of(known)))
        return found

    return read


def duration(least: timedelta, most: timedelta) -> Callable[[object], timedelta]:
    """Return what reads a length of time."""

    def read(value: object) -> timedelta:
        found = _DURATION.fullmatch(text(value).strip())
        if found is None:
            raise fault("{value} is no length of time", "write it like 90s, 30m, 1h, 7d or 2w")
        length = timedelta(**{_UNITS[found[2]]: int(found[1])})
        if length < least:
            raise fault("{value} is too short", f"at least {_span(least)}")
        if length > most:
            raise fault("{value} is too long", f"at most {_span(most)}")
        return length

    return read


def size(least: int, most: int) -> Callable[[object], int]:
    """Return what reads a number of bytes; a kB is 1024."""

    def read(value: object) -> int:
        found = _SIZE.fullmatch(text(value).strip())
        if found is None:
            raise fault("{value} is no size", "write it like 500kB or 10MB")
        power = " kmg".index((found[2] or " ").lower())
        bytes_ = int(found[1]) << (10 * power)
        if not least <= bytes_ <= most:
            raise fault(
                "{value} is out of range", f"it goes from {_bytes(least)} to {_bytes(most)}"
            )
        return bytes_

    return read


def each_once(found: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list that is empty, or that holds something twice."""
    if not found:
        raise fault("is empty", "name one, or leave the key out")
    if len(set(found)) < len(found):
        raise fault("names one of them twice", "name each once")
    return found


def source_name(value: object) -> str:
    """Read the name of a source."""
    found = text(value)
    if not _NAME.fullmatch(found):
        raise fault(
            f"{found[:60]} is no name of a source",
            "use a-z, 0-9, dot, hyphen and underscore; a letter or number first",
        )
    return found


def feed_slug(value: object) -> str:
    """Read the name of a feed in its address."""
    found = text(value)
    if not _SLUG.fullmatch(found):
        raise fault(
            f"{found[:60]} cannot stand in an address", "use a-z, 0-9 and hyphen, at most 64"
        )
    return found


def tag(value: object) -> str:
    """Read the authority and date of ids (RFC 4151)."""
    found = text(value)
    if not _TAG.fullmatch(found):
        raise fault("{value} is no name for ids", "write it like feeds.example.org,2025")
    return found


def language(value: object) -> str:
    """Read a language (BCP 47, by its form)."""
    found = text(value)
    if not _LANGUAGE.fullmatch(found):
        raise fault("{value} is no language", "write it like en, de or zh-Hans")
    return found


def header_name(value: object) -> str:
    """Read the name of a header that is the operator's to set."""
    found = text(value)
    if not is_token(found):
        raise fault(f"{found[:60]} is no name of a header", "write it like X-Api-Key")
    if found.lower() in _NOT_OURS:
        raise fault(f"the header {found} is not set here", _NOT_OURS[found.lower()])
    return found


def token(value: object) -> Secret:
    """Read the token of a private feed, which stands in addresses as it is; or ``NO_TOKEN``."""
    found = secret(value)
    if found == NO_TOKEN:
        return found
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,200}", found.value):
        raise fault(
            "is no token: 16 to 200 letters, digits, - and _",
            "make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
        )
    return found


def cookie_name(value: object) -> str:
    """Read the name of a cookie (RFC 6265 4.1.1)."""
    found = text(value)
    if not is_token(found):
        raise fault(f"{found[:60]} is no name of a cookie", "write it like session")
    return found


def cookie(value: object) -> Secret:
    """Read the value of a cookie."""
    found = secret(value)
    if set(found.value) & set('";, \\'):
        raise fault("holds a character that no cookie can", "take the value alone, without “;”")
    return found


def agent(value: object) -> str:
    """Read the text of a User-Agent."""
    found = text(value)
    if not found.strip() or not found.isascii() or not sendable(found):
        raise fault("{value} cannot be sent as User-Agent", "write one line of ASCII")
    return found


def network(value: object) -> IPv4Network | IPv6Network:
    """Read a network in CIDR notation, or one address."""
    found = text(value).strip()
    try:
        return ip_network(found)
    except ValueError:
        raise fault("{value} is no network", _network_remedy(found)) from None


def site_url(value: object) -> str:
    """Read the public address of the site's root."""
    found = _address(text(value), ("http", "https"))
    if found.username is not None or found.query or found.fragment:
        raise fault("{value} has more than a host and a path", "write it like https://example.org/")
    url = found.geturl()
    return url if url.endswith("/") else f"{url}/"


def web_url(value: object) -> str:
    """Read an absolute http(s) address; a name and password may stand in it."""
    found = _address(text(value), ("http", "https"))
    if "#" in text(value):
        raise fault("{value} has a “#…”, which is never sent", "leave it out")
    return found.geturl()


def hub(value: object) -> str:
    """Read the address of a WebSub hub, or "self"."""
    return "self" if value == "self" else web_url(value)


def proxy(value: object) -> Secret:
    """Read the address of a proxy; a password may stand in it."""
    try:
        return Secret(_address(text(value), ("http", "https", "socks5", "socks5h")).geturl())
    except PydanticCustomError:
        raise fault("is no address of a proxy", "write it like socks5h://127.0.0.1:9050") from None


def _address(url: str, schemes: tuple[str, ...]) -> SplitResult:
    url = url.strip()
    remedy = "write it like https://example.org/feed.xml"
    if re.search(r"\s", url) or len(url) > _URL_LIMIT:
        raise fault("{value} is no address", "write spaces as %20, and at most 2000 characters")
    try:
        parts = urlsplit(url)
        port_is_good = parts.port != 0
        plain_host(parts.hostname or "")
    except ValueError:
        raise fault("{value} is no address with a host", remedy) from None
    if parts.scheme not in schemes or not port_is_good:
        raise fault("{value} is no http(s) address", remedy)
    return parts


def _network_remedy(found: str) -> str:
    try:
        return f"did you mean {ip_network(found, strict=False)}?"
    except ValueError:
        return "write it like 192.168.0.0/16"


def _one_of(known: tuple[str, ...]) -> str:
    return f"one of {', '.join(known)}"


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for unit, each in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % each == 0:
            return f"{seconds // each}{unit}"
    return f"{seconds}s"


def _bytes(count: int) -> str:
    for unit, each in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if count % each == 0:
            return f"{count // each}{unit}"
    return f"{count} bytes"

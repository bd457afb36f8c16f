"""The name and password that may stand before a host (RFC 3986 3.2.1).

An address begins a text or follows a space; what comes behind its host (``/web/https://b//@me``) is
path, however it looks.
"""

import re
from urllib.parse import unquote

_ADDRESS = re.compile(
    r"(?<!\S)((?:feed://)?(?:[a-z][a-z0-9+.-]*:)*//)([^/?#]*)@", re.ASCII | re.IGNORECASE
)


def userinfo(address: str) -> tuple[str, str] | None:
    """Return the name and password an address holds; None where it holds neither."""
    found = _ADDRESS.search(address)
    name, _, password = found[2].partition(":") if found else ("", "", "")
    return (unquote(name), unquote(password)) if name or password else None


def without_userinfo(text: str) -> str:
    """Return a text, an address or not, in which no address holds a name or password."""
    return _ADDRESS.sub(r"\1", text)

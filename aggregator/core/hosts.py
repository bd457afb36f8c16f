"""Names of hosts: one spelling each, and whose host it is.

What is owed to a host (one request at a time, a pause between two, a pause when it asks for one)
is owed to everything under its registrable domain: it is one operator's. An address is its own
host, and so is a name that is itself a public suffix.
"""

from functools import cache
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

_NAME_LIMIT = 253
_LABEL_LIMIT = 63
_LABEL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_PART_LIMIT = 16


def plain_host(host: str) -> str:
    """Return the one spelling of a host: lower case, punycode, dotted numbers, no brackets.

    ``0x7f.1``, ``2130706433`` and ``017700000001`` are all 127.0.0.1, as for every C library.

    :raises ValueError: it is no name of a host and no address
    """
    if ":" in host:
        return str(IPv6Address(host.strip("[]").partition("%")[0]))
    name = host.removesuffix(".").lower()
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    numbers = _numbers(name)
    if numbers is not None:
        return str(_from_numbers(numbers))
    labels = name.split(".")
    if len(name) > _NAME_LIMIT or is_address(name) or not all(map(_is_label, labels)):
        raise ValueError("no name of a host")
    return name


def registrable_domain(host: str) -> str:
    """Return the domain a host was registered under: "example.co.uk" for "feeds.example.co.uk".

    An address, and a name that no one registered (localhost), stand for themselves.
    """
    if is_address(host):
        return host
    return _suffixes().privatesuffix(host) or host


def is_address(host: str) -> bool:
    """Tell whether a host in its plain spelling is an address: no domain ends in a number."""
    return ":" in host or host.rpartition(".")[2].isdigit()


@cache
def _suffixes() -> PublicSuffixList:
    """Read the list that comes with the package: it is needed by fetching only."""
    return PublicSuffixList()


def _is_label(label: str) -> bool:
    return 0 < len(label) <= _LABEL_LIMIT and _LABEL_CHARACTERS.issuperset(label)


def _numbers(name: str) -> list[int] | None:
    """Read the parts as C does, 0x for hexadecimal and 0 for octal; None if the last is none."""
    parts = name.split(".")
    if len(parts) > 4 or any(len(part) > _PART_LIMIT for part in parts):
        return None
    found = [_number(part) for part in parts]
    if found[-1] is None:
        return None
    return [-1 if number is None else number for number in found]


def _number(part: str) -> int | None:
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        if part.isdecimal():
            return int(part, 8 if part.startswith("0") else 10)
    except ValueError:
        return None
    return None


def _from_numbers(numbers: list[int]) -> IPv4Address:
    """Put one to four numbers together; the last fills what the others leave.

    :raises ValueError: one is too large
    """
    *firsts, last = numbers
    if not all(0 <= number < 256 for number in firsts):
        raise ValueError("no address")
    if last >= 256 ** (4 - len(firsts)):
        raise ValueError("no address")
    value = last
    for place, number in enumerate(firsts):
        value += number << (24 - 8 * place)
    return IPv4Address(value)


def domain_of(url: str) -> str | None:
    """Return whose host an address is at; None where there is none, as in a path."""
    try:
        host = urlsplit(url).hostname
        return registrable_domain(plain_host(host)) if host else None
    except ValueError:
        return None

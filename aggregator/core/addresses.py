"""Which addresses may be connected to.

1. Only addresses everybody on the internet can reach: a feed must not be a way into the network
   this program runs in. The blocks are IANA's special-purpose registries (RFC 6890), and of IPv6
   only what is given out as global unicast, 2000::/3.
2. An address that carries an IPv4 address to which the system really connects (mapped, NAT64) is
   judged by that one; NAT64 must work, for it is how IPv6-only networks reach most feeds.
3. 6to4 and Teredo are refused whole: nobody serves a feed from there, and the relay decides where
   it ends.
4. What the operator lists is allowed, in whichever of the two forms it is connected to.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "168.63.129.16/32",  # looks public, is the host of every Azure machine
            "169.254.0.0/16",  # link-local, cloud metadata
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments, DS-Lite, a cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
        ),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address | str) -> bool:
    """Tell whether an address is one that everybody on the internet can reach.

    :raises ValueError: the text is no address
    """
    plain = _unwrapped(ip_address(address) if isinstance(address, str) else address)
    if isinstance(plain, IPv4Address):
        return not any(plain in network for network in _REFUSED_4)
    return plain in _GLOBAL_6 and not any(plain in network for network in _REFUSED_6)


def allowed(address: Address | str, networks: Iterable[Network] = ()) -> bool:
    """Tell whether an address may be connected to: it is public, or in one of these networks.

    :raises ValueError: the text is no address
    """
    given = ip_address(address) if isinstance(address, str) else address
    if is_public(given):
        return True
    forms = {_without_scope(given), _unwrapped(given)}
    return any(
        form in network for network in networks for form in forms if form.version == network.version
    )


def _unwrapped(address: Address) -> Address:
    """Return the address the system really connects to."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    plain = _without_scope(address)
    if plain in _NAT64:
        return IPv4Address(int(plain) & 0xFFFFFFFF)
    return plain


def _without_scope(address: Address) -> Address:
    """Drop the zone of fe80::1%eth0: no network contains an address that has one."""
    return type(address)(int(address))

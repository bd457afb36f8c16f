"""Redirects to where nothing may be asked."""

from collections.abc import Iterator
from functools import partial

from bench.servers.guesthouse import CANARY
from bench.servers.misbehaving.behaviours import Row, redirects

_row = partial(Row, "ssrf")


def forbidden_rows() -> Iterator[Row]:
    number = int.from_bytes(bytes(map(int, CANARY.split("."))), "big")
    forms = {
        "plain": CANARY,
        "decimal": str(number),
        "hexadecimal": hex(number),
        "octal": "0177.011.011.011",
        "dotted-hexadecimal": "0x7f.0x9.0x9.0x9",
        "short": f"127.{number & 0xFFFFFF}",
        "mapped": f"[::ffff:{CANARY}]",
        "mapped-hexadecimal": "[::ffff:7f09:909]",
        "userinfo": f"127.0.0.1@{CANARY}",
        "userinfo-dots": f"example.org:80@{CANARY}",
        "trailing-dot": f"{CANARY}.",
        "wide-digits": "１２７.９.９.９",
        "ideographic-dots": "127。9。9。9",
        "circled-digits": "①②⑦.⑨.⑨.⑨",
        "raised-digits": "¹²⁷.⁹.⁹.⁹",
        "soft-hyphen": "127.9.9\u00ad.9",
        "zero-width": "127.9.9.\u200d9",
        "tab": "127.9\t.9.9",
        "mapped-with-a-zone": f"[::ffff:{CANARY}%25lo]",
        "two-ats": f"127.0.0.1@127.0.0.1:80@{CANARY}",
    }
    for name, host in forms.items():
        location = f"http://{host}:PORT/feed".encode()
        yield _row(f"to-{name}", redirects(302, location), "is no public address")
    for name, end in {"fragment": "#@127.0.0.1/feed", "query": "?@127.0.0.1/feed"}.items():
        location = f"http://{CANARY}:PORT{end}".encode()
        yield _row(f"to-before-a-{name}", redirects(302, location), "is no public address")
    elsewhere = {
        "private": "10.0.0.1",
        "private-172": "172.16.9.9",
        "private-192": "192.168.1.1",
        "metadata": "169.254.169.254",
        "this-host": "0.0.0.0",
        "zero": "0",
        "carrier": "100.64.0.1",
        "loopback-6": "[::1]",
        "unspecified-6": "[::]",
        "compatible": "[::127.9.9.9]",
        "nat64": "[64:ff9b::7f09:909]",
        "6to4": "[2002:7f09:909::1]",
        "teredo": "[2001:0:7f09:909::1]",
        "unique-local": "[fd00::1]",
        "link-local-6": "[fe80::1]",
        "zone": "[fe80::1%25eth0]",
        "multicast": "224.0.0.1",
        "broadcast": "255.255.255.255",
    }
    for name, host in elsewhere.items():
        location = f"http://{host}:PORT/feed".encode()
        yield _row(f"to-{name}", redirects(301, location), "is no public address")
    back = b"\\@127.9.9.9:PORT/feed"
    yield _row("to-backslash", redirects(302, b"http://127.0.0.1:1" + back), "is no public address")

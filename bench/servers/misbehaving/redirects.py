"""Redirects, good, endless and astray."""

import gzip
from collections.abc import Iterator
from functools import partial

from bench.servers.guesthouse import Behaviour, Guest, answer
from bench.servers.misbehaving.behaviours import Row, chain, never_ends, redirects, says_then_stalls

_row = partial(Row, "redirect")


def redirect_rows() -> Iterator[Row]:
    for status in (301, 302, 303, 307, 308):
        yield Row(
            "redirect", f"redirect-{status}", redirects(status, b"/redirect-%d/feed" % status)
        )
    good = {
        "relative": b"redirect-relative/feed",
        "query": b"?x=1/feed",
        "dots": b"../x/../redirect-dots/./feed",
        "fragment": b"/redirect-fragment/feed#top",
        "padded": b"  /redirect-padded/feed \t",
        "spaces": b"/redirect-spaces/a b/feed",
        "utf-8": "/redirect-utf-8/ü/feed".encode(),
        "latin-1": b"/redirect-latin-1/\xfc/feed",
        "quotes": b'/redirect-quotes/<">/feed',
        "percent": b"/redirect-percent/%7Ea%/feed",
        "other-host": b"http://127.0.99.1:PORT/redirect-other-host/feed",
        "no-scheme": b"//127.0.99.2:PORT/redirect-no-scheme/feed",
        "userinfo": b"http://user:word@127.0.99.3:PORT/redirect-userinfo/feed",
        "upper-case": b"HTTP://127.0.99.4:PORT/redirect-upper-case/feed",
        "decimal": b"http://2130731781:PORT/redirect-decimal/feed",
        "octal": b"http://0177.0.0143.06:PORT/redirect-octal/feed",
        "short": b"http://127.25351:PORT/redirect-short/feed",
    }
    for name, location in good.items():
        yield _row(f"redirect-{name}", redirects(302, location))
    bad = {
        "self": (b"/redirect-self", "it redirects in a circle"),
        "ftp": (b"ftp://127.0.0.1/feed", "only http and https are fetched"),
        "file": (b"file:///etc/passwd", "only http and https are fetched"),
        "gopher": (b"gopher://127.0.0.1:25/_HELO", "only http and https are fetched"),
        "dict": (b"dict://127.0.0.1:11211/stats", "only http and https are fetched"),
        "javascript": (b"javascript:alert(1)", "only http and https are fetched"),
        "data": (b"data:text/xml,<rss/>", "only http and https are fetched"),
        "no-host": (b"http://", "it redirects in a circle"),
        "space-host": (b"http://a b/", "its address names no host"),
        "bad-port": (b"http://127.0.0.1:99999/", "malformed"),
        "word-port": (b"http://127.0.0.1:http/", "malformed"),
        "bad-ipv6": (b"http://[::1/", "malformed"),
        "percent-host": (b"http://127.0.0%2e1/", "its address names no host"),
        "long": (b"/" + b"a" * 20_000, "too long"),
        "empty": (b"", "circle"),
        "slash-backslash": (rb"http:/\127.9.9.9:PORT/feed", "404 Not Found"),
        "backslashes": (rb"\\127.9.9.9:PORT\feed", "404 Not Found"),
        "three-slashes": (b"http:///127.9.9.9:PORT/feed", "404 Not Found"),
        "scheme-of-scheme": (b"view-source:http://127.9.9.9:PORT/", "only http and https"),
        "control": (b"http://127.0.0.1\x01:PORT/feed", "its address names no host"),
        "bidi": ("http://\u202e127.0.0.1:PORT/feed".encode(), "its address names no host"),
        "half-character": (b"http://\xed\xa0\x80.example/feed", "its address names no host"),
        "bare-cr": (b"http://127.0.0.1:PORT/fe\red", "is no HTTP"),
        "idn": ("http://m\u00fcnchen.invalid/".encode(), "cannot find the host xn--mnchen-3ya"),
        "long-idn": (b"http://" + b"\xc3\xbc" * 3000, "its address names no host"),
        "other-digits": ("http://127.0.0.1:\u0668\u0660/".encode(), "malformed"),
        "unknown-host": (b"http://nowhere.invalid/", "cannot find the host nowhere.invalid"),
    }
    for name, (location, right) in bad.items():
        yield _row(f"redirect-{name}", redirects(302, location), right)
    yield _row("chain-of-10", chain(10))
    yield _row("chain-of-11", chain(11), "it redirects more than 10 times")
    yield _row("chain-of-40", chain(40), "it redirects more than 10 times")
    yield _row("mixed-chain", chain(3, (301, 302)))
    yield _row("wants-a-cookie", wants_a_cookie, "it redirects in a circle")
    bomb = gzip.compress(b"x" * 20_000_000, 1)
    body = [b"Location: /redirect-bomb/feed", b"Content-Encoding: gzip"]
    yield _row("redirect-bomb", _first(answer("302 Found", body, bomb)))
    endless = never_ends(answer("302 Found", [b"Location: //127.0.99.5:1/"], b""), b"x" * 9999)
    yield _row("redirect-endless-body", endless, "refuses the connection")
    head = answer(
        "302 Found", [b"Location: //127.0.99.5:1/", b"Content-Length: 9"], b"", length=False
    )
    yield _row("redirect-stalls", says_then_stalls(head), "refuses the connection")


def _first(data: bytes) -> Behaviour:
    async def behave(guest: Guest) -> None:
        await guest.send(
            data if guest.number == 1 and "/feed" not in guest.visit.target else answer()
        )

    return behave


async def wants_a_cookie(guest: Guest) -> None:
    """Redirect to itself until a cookie comes back, which it never does."""
    headers = [b"Location: " + guest.visit.target.encode(), b"Set-Cookie: seen=1"]
    await guest.send(answer("302 Found", headers, b""))

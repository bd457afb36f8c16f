"""Validators, statuses, cookies."""

from collections.abc import Iterator
from functools import partial

from bench.servers.guesthouse import Guest, answer
from bench.servers.misbehaving.behaviours import (
    FEED,
    FETCHED,
    NOT_MODIFIED,
    Row,
    never_ends,
    says,
    says_then_stalls,
    validated,
)

DATE = b"Mon, 02 Mar 2026 11:00:00 GMT"
LONG = b'"' + b", W/ a-".join([b"x" * 40] * 6) + b'"'


_row = partial(Row, "conduct")


def validator_rows() -> Iterator[Row]:
    etags = {
        "strong": b'"33a64df5"',
        "weak": b'W/"33a64df5"',
        "lower-weak": b'w/"33a64df5"',
        "apache-gzip": b'"33a64df5-gzip"',
        "unquoted": b"33a64df5",
        "half-quoted": b'"33a64df5',
        "single-quoted": b"'33a64df5'",
        "doubly-quoted": b'""33a64df5""',
        "escaped": b'"33a\\"64df5"',
        "with-spaces": b'"33 a6  4df5"',
        "with-tab": b'"33\ta6"',
        "with-commas": b'"a", W/"b"',
        "long": LONG,
        "latin-1": b'"caf\xe9\xff\x80"',
        "utf-8": '"日本"'.encode(),
        "star": b"*",
        "zero": b"0",
        "colons": b'"a:b:c"',
        "semicolon": b'"1";',
        "at-file": b"@/etc/passwd",
    }
    for name, etag in etags.items():
        behaviour = validated(b"ETag: " + etag, etag=etag, last_modified=None)
        yield _row(f"etag-{name}", behaviour, then=NOT_MODIFIED)
    dates = {
        "imf": DATE,
        "rfc850": b"Monday, 02-Mar-26 11:00:00 GMT",
        "asctime": b"Mon Mar  2 11:00:00 2026",
        "iso": b"2026-03-02T11:00:00Z",
        "zone": b"Mon, 02 Mar 2026 12:00:00 +0100",
        "no-zone": b"Mon, 02 Mar 2026 11:00:00",
        "future": b"Mon, 02 Mar 2037 11:00:00 GMT",
        "wrong-day": b"Fri, 02 Mar 2026 11:00:00 GMT",
        "epoch": b"Thu, 01 Jan 1970 00:00:00 GMT",
        "no-date": b"yesterday, or so",
        "minus": b"-1",
        "quoted": b'"Mon, 02 Mar 2026 11:00:00 GMT"',
    }
    for name, date in dates.items():
        behaviour = validated(b"Last-Modified: " + date, etag=None, last_modified=date)
        yield _row(f"date-{name}", behaviour, then=NOT_MODIFIED)
    both = {
        "both": (b'ETag: "1"', b"Last-Modified: " + DATE),
        "lower-case-names": (b'etag: "1"', b"last-modified: " + DATE),
        "upper-case-names": (b'ETAG: "1"', b"LAST-MODIFIED: " + DATE),
        "padded": (b'ETag: \t "1"  \t', b"Last-Modified:   " + DATE + b"   "),
        "no-space": (b'ETag:"1"', b"Last-Modified:" + DATE),
        "twice-the-same": (b'ETag: "1"', b'ETag: "1"', b"Last-Modified: " + DATE),
        "twice-unlike": (b'ETag: "1"', b'ETag: "2"', b"Last-Modified: " + DATE),
    }
    for name, headers in both.items():
        behaviour = validated(*headers, etag=b'"1"', last_modified=DATE)
        yield _row(f"validators-{name}", behaviour, then=NOT_MODIFIED)
    folded = validated(b"ETag:", b' "1"', b"X: a", b"\tb", etag=b'"1"', last_modified=None)
    yield _row("validators-folded", folded, then=NOT_MODIFIED)
    unsendable = {"empty": b"", "control": b'"a\x01b"', "delete": b'"\x7f"', "huge": b"x" * 9000}
    for name, etag in unsendable.items():
        behaviour = validated(b"ETag: " + etag, etag=None, last_modified=None)
        yield _row(f"etag-{name}", behaviour, then="304 Not Modified, though nothing")


def status_rows() -> Iterator[Row]:
    words = {
        "201 Created": "201 Created is no answer to read",
        "202 Accepted": "202 Accepted is no answer to read",
        "203 Non-Authoritative Information": "203 Non-Authoritative Information is no answer",
        "206 Partial Content": "206 Partial Content is no answer to read",
        "226 IM Used": "226 IM Used is no answer to read",
        "299 Nearly": "status 299 is no answer to read",
        "300 Multiple Choices": "300 Multiple Choices",
        "301 Moved": "301 Moved Permanently, but not where to",
        "305 Use Proxy": "305 Use Proxy",
        "400 Bad": "400 Bad Request",
        "401 No": "401 Unauthorized",
        "402 Pay": "402 Payment Required",
        "403 No": "403 Forbidden",
        "404 \x1b[31mNot here": "404 Not Found",
        "407 Proxy": "407 Proxy Authentication Required",
        "410 Gone": "410 Gone",
        "418 Teapot": "418 I'm a Teapot",
        "429 Slow down": "429 Too Many Requests",
        "451 Law": "451 Unavailable For Legal Reasons",
        "500 Oops": "500 Internal Server Error",
        "502 Bad": "502 Bad Gateway",
        "503 Busy": "503 Service Unavailable",
        "504 Late": "504 Gateway Timeout",
        "599 Own": "status 599",
        "799 Own": "status 799",
    }
    for status, right in words.items():
        name = f"status-{status[:3]}"
        yield _row(name, says(answer(status, body=b"<html>")), right)
    no_content = says(answer("204 No Content", body=b"", length=False), close=False)
    yield _row("status-204", no_content, "204 No Content is no answer to read")
    unasked = says(answer("304 Not Modified", length=False, body=b""), close=False)
    yield _row("status-304-unasked", unasked, "304 Not Modified, though nothing")
    switching = says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", FEED)
    yield _row("status-101", switching, "101")
    bomb = never_ends(answer("500 Oops", length=False, body=b""), b"x" * 65536)
    yield _row("error-without-end", bomb, "500 Internal Server Error")
    slow = says_then_stalls(answer("404 Gone fishing", [b"Content-Length: 9"], b"", length=False))
    yield _row("error-that-stalls", slow, "404 Not Found")
    yield _row("bytes-after-304", desynchronises, then=NOT_MODIFIED)
    yield _row("sets-a-cookie", sets_a_cookie, then=FETCHED)


async def desynchronises(guest: Guest) -> None:
    """Answer 304 with a body after it, on a connection that stays open."""
    if guest.visit.values("If-None-Match"):
        forged = answer(headers=[b'ETag: "forged"'], body=b"<forged/>")
        await guest.send(answer("304 Not Modified", [b'ETag: "1"'], b"", length=False) + forged)
        return
    await guest.send(answer(headers=[b'ETag: "1"'], body=FEED))


async def sets_a_cookie(guest: Guest) -> None:
    """Give a cookie, and be cross if it comes back."""
    if guest.visit.values("Cookie"):
        await guest.send(answer("400 A cookie came back"))
        return
    headers = [b"Set-Cookie: id=1; Path=/; Max-Age=9999999", b'ETag: "1"']
    await guest.send(answer(headers=headers, body=FEED))

"""Connections that stall, flood, break off or talk nonsense."""

from collections.abc import Iterator
from functools import partial

from bench.servers.guesthouse import answer
from bench.servers.misbehaving.behaviours import (
    FEED,
    MAX_BYTES,
    NOT_MODIFIED,
    Row,
    drips,
    in_two,
    never_ends,
    resets,
    says,
    says_then_stalls,
    then,
    validated,
)

_row = partial(Row, "transport")


def transport_rows() -> Iterator[Row]:
    late = "no whole answer of 127."
    head = answer(length=False, headers=[b"Content-Length: 51"], body=b"")
    yield _row("stalls-at-once", says_then_stalls(), late)
    yield _row("stalls-in-headers", says_then_stalls(b"HTTP/1.1 200 OK\r\nX: "), late)
    yield _row("stalls-before-body", says_then_stalls(head), late)
    yield _row("stalls-in-body", says_then_stalls(head + FEED[:20]), late)
    yield _row("drips-headers", drips(head + FEED), late)
    yield _row("drips-interim", drips(b"HTTP/1.1 100 Continue\r\n\r\n" * 90), late)
    too_large = f"it is larger than {MAX_BYTES} bytes"
    open_head = answer(length=False, body=b"")
    yield _row("endless-body", never_ends(open_head, b"x" * 65536), too_large)
    chunked = answer(headers=[b"Transfer-Encoding: chunked"], length=False, body=b"")
    yield _row("endless-chunks", never_ends(chunked, b"4\r\nxxxx\r\n" * 999), too_large)
    extension = never_ends(chunked + b"5;a=", b"b" * 65536)
    yield _row("endless-chunk-extension", extension, too_large)
    trailers = never_ends(chunked + b"5\r\nxxxxx\r\n0\r\n", b"X-Trailer: value\r\n" * 99)
    yield _row("endless-trailers", trailers, too_large)
    announced = answer(headers=[b"Content-Length: 99999999999"], length=False, body=b"")
    yield _row("announces-too-much", says_then_stalls(announced), too_large)
    many = never_ends(b"HTTP/1.1 200 OK\r\n", b"X-Header: value\r\n" * 100)
    yield _row("endless-headers", many, "headers of the answer are too large")
    cookies = b"".join(b"Set-Cookie: c%d=%d\r\n" % (number, number) for number in range(3000))
    baker = says(b"HTTP/1.1 200 OK\r\n" + cookies + b"\r\n" + FEED)
    yield _row("thousands-of-cookies", baker, "headers of the answer are too large")
    line = never_ends(b"HTTP/1.1 200 OK\r\nX-Header: ", b"x" * 65536)
    yield _row("endless-header-line", line, "headers of the answer are too large")
    interim = never_ends(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
    yield _row("endless-interim", interim, "interim answers without end")
    large = answer(headers=[b"Content-Length: 99999999999"], length=False, body=b"x" * 999_999)
    yield _row("large-body", says(large), too_large)
    yield _row("exactly-the-limit", says(answer(body=b"x" * MAX_BYTES)))
    yield _row("one-over", says(answer(body=b"x" * (MAX_BYTES + 1))), too_large)
    yield from _broken_rows(head)


def _broken_rows(head: bytes) -> Iterator[Row]:
    chunked = answer(headers=[b"Transfer-Encoding: chunked"], length=False, body=b"")
    cut = "breaks off"
    yield _row("short-body", says(head + FEED[:20]), cut)
    yield _row("cut-chunk", says(chunked + b"33\r\n" + FEED[:20]), cut)
    yield _row("no-last-chunk", says(chunked + b"33\r\n" + FEED + b"\r\n"), cut)
    yield _row("bad-chunk-size", says(chunked + b"zz\r\n" + FEED), cut)
    yield _row("huge-chunk-size", says(chunked + b"f" * 40 + b"\r\n" + FEED), cut)
    yield _row("negative-chunk", says(chunked + b"-5\r\n" + FEED), cut)
    yield _row("reset-in-body", resets(head + FEED[:20]), cut)
    yield _row("reset-in-headers", resets(b"HTTP/1.1 200 OK\r\nX: y"), cut)
    yield _row("reset-at-once", resets(), cut)
    yield _row("no-byte", says(), "without an answer")
    yield _row("ssh-banner", says(b"SSH-2.0-OpenSSH_9.2\r\n"), "is no HTTP")
    yield _row("bare-body", says(FEED), "is no HTTP")
    yield _row("random-bytes", says(bytes(range(256)) * 4), "is no HTTP")
    yield _row("cut-status-line", says(b"HTTP/1.1 2"), "without an answer")
    yield _row("cut-headers", says(b"HTTP/1.1 200 OK\r\nContent-Type: te"), "breaks off")
    yield _row("status-0", says(b"HTTP/1.1 000 No\r\n\r\n" + FEED), "is no HTTP")
    yield _row(
        "status-20-digits",
        says(b"HTTP/1.1 " + b"2" * 20 + b" OK\r\n\r\n"),
        "is no HTTP",
    )
    yield _row("status-letters", says(b"HTTP/1.1 abc OK\r\n\r\n" + FEED), "is no HTTP")
    yield _row("version-9", says(b"HTTP/9.9 200 OK\r\n\r\n" + FEED), "is no HTTP")
    colon = answer(headers=[b"no colon here"], body=FEED)
    yield _row("no-colon-in-header", says(colon), "is no HTTP")
    nul = answer(headers=[b"X-Nul: a\x00b"], body=FEED)
    yield _row("nul-in-header", says(nul), "is no HTTP")
    lengths = [b"Content-Length: 51", b"Content-Length: 50"]
    yield _row(
        "two-lengths",
        says(answer(headers=lengths, length=False, body=FEED)),
        "is no HTTP",
    )
    minus = answer(headers=[b"Content-Length: -1"], length=False, body=FEED)
    yield _row("negative-length", says(minus), "is no HTTP")
    yield from _odd_rows(chunked)


def _tiny_chunks(body: bytes) -> bytes:
    chunks = b"".join(b"001\r\n%c\r\n" % byte for byte in body)
    return chunks + b"0\r\n\r\n"


def _odd_rows(chunked: bytes) -> Iterator[Row]:
    """Odd, and to be read all the same."""
    plain = answer(body=FEED)
    size = b"%x\r\n" % len(FEED)
    whole = chunked + size + FEED + b"\r\n0\r\n"
    yield _row("early-hints", says(b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" + plain))
    yield _row("continue", says(b"HTTP/1.1 100 Continue\r\n\r\n" + plain))
    yield _row("chunked", says(whole + b"\r\n", close=False))
    yield _row("chunk-extension", says(whole.replace(size, size[:-2] + b";a=b\r\n") + b"\r\n"))
    yield _row("tiny-chunks", says(chunked + _tiny_chunks(FEED)))
    yield _row("chunked-twice", says(whole.replace(b"chunked", b"chunked, chunked") + b"\r\n"))
    both = whole.replace(b"\r\n\r\n", b"\r\nContent-Length: 7\r\n\r\n", 1)
    yield _row("chunks-and-a-length", says(both + b"\r\n"))
    trailer = validated(b'ETag: "1"', etag=b'"1"', last_modified=None)
    trailers = answer(headers=[b'ETag: "1"', b"Transfer-Encoding: chunked"], length=False, body=b"")
    trailers += size + FEED + b'\r\n0\r\nETag: "trailer"\r\n\r\n'
    yield _row("trailers", then(says(trailers, close=False), trailer), then=NOT_MODIFIED)
    yield _row("until-it-closes", says(answer(length=False, body=FEED)))
    yield _row("http-1.0", says(plain.replace(b"HTTP/1.1", b"HTTP/1.0")))
    yield _row("no-reason", says(plain.replace(b" OK", b"")))
    yield _row("bare-line-ends", says(plain.replace(b"\r\n", b"\n")))
    odd = [b"Content Type: x", b"X-Control: \x01\x02\x7f", b"X:", b"Set-Cookie: \xff"]
    yield _row("odd-headers", says(answer(headers=odd, body=FEED)))
    same = [b"Content-Length: 51", b"Content-Length: 51"]
    yield _row("same-length-twice", says(answer(headers=same, length=False, body=FEED)))
    yield _row("more-than-it-says", says(plain + b"trailing rubbish", close=False))
    yield _row("slow-but-whole", in_two(plain))

"""Encoded bodies, and what pretends to be one."""

import gzip
import zlib
from collections.abc import Iterator
from functools import partial

from bench.servers.guesthouse import Behaviour, answer
from bench.servers.misbehaving.behaviours import FEED, MAX_BYTES, Row, says

_row = partial(Row, "coding")


def coding_rows() -> Iterator[Row]:
    packed = gzip.compress(FEED)
    empty_member = gzip.compress(b"")

    def coded(coding: bytes, body: bytes) -> Behaviour:
        return says(answer(headers=[b"Content-Encoding: " + coding], body=body), close=False)

    yield _row("gzip", coded(b"gzip", packed))
    yield _row("x-gzip", coded(b"X-GZip", packed))
    yield _row("identity", coded(b"identity", FEED))
    yield _row("identity-and-gzip", coded(b"identity, gzip", packed))
    yield _row("no-coding-at-all", coded(b"utf-8", FEED))
    yield _row("empty-coding", coded(b"", FEED))
    yield _row("two-members", coded(b"gzip", gzip.compress(FEED[:9]) + gzip.compress(FEED[9:])))
    yield _row("padded-gzip", coded(b"gzip", packed + b"\0" * 100))
    tiny = coded(b"gzip", packed + empty_member * 9000)
    yield _row("thousands-of-members", tiny)
    cut = "gzip stream breaks off"
    yield _row("cut-gzip", coded(b"gzip", packed[:-10]), cut)
    yield _row("cut-checksum", coded(b"gzip", packed[:-1]), cut)
    yield _row("one-byte-of-gzip", coded(b"gzip", packed[:1]), cut)
    wrong = packed[:-8] + bytes(8)
    yield _row("wrong-checksum", coded(b"gzip", wrong), "is gzip and is not")
    yield _row("plain-as-gzip", coded(b"gzip", FEED), "is gzip and is not")
    yield _row("zlib-as-gzip", coded(b"gzip", zlib.compress(FEED)), "is gzip and is not")
    bomb = gzip.compress(b"\0" * 50_000_000, 6)
    too_large = f"it is larger than {MAX_BYTES} bytes"
    yield _row("gzip-bomb", coded(b"gzip", bomb), too_large)
    yield _row("gzip-bomb-in-members", coded(b"gzip", packed + bomb), too_large)
    more = "it is encoded more than once"
    yield _row("gzip-twice", coded(b"gzip, gzip", gzip.compress(bomb)), more)
    yield _row("gzip-a-hundred-times", coded(b", ".join([b"gzip"] * 100), packed), more)
    lines = answer(headers=[b"Content-Encoding: gzip"] * 2, body=packed)
    yield _row("gzip-in-two-lines", says(lines), more)
    yield _row("gzip-and-br", coded(b"br, gzip", packed), more)
    for coding in (b"br", b"zstd", b"deflate", b"compress"):
        name = coding.decode()
        yield _row(name, coded(coding, zlib.compress(FEED)), f"encoded as {name}")
    transfer = answer(headers=[b"Transfer-Encoding: gzip, chunked"], length=False, body=b"")
    size = b"%x\r\n" % len(packed)
    yield _row(
        "transfer-gzip",
        says(transfer + size + packed + b"\r\n0\r\n\r\n"),
        "not asked for",
    )
    yield _row("empty-body", says(answer(body=b""), close=False), "the answer is empty")
    yield _row("empty-gzip", coded(b"gzip", empty_member), "the answer is empty")
    yield _row("no-gzip-at-all", coded(b"gzip", b""), "the answer is empty")

"""Bytes to text: whose word about the encoding is believed.

1. A byte order mark, or the pattern of NULs that "<" makes in UTF-16 and UTF-32 (RFC 7303 3.2).
2. Bytes that are UTF-8 beyond chance are UTF-8, whatever label they carry: no other encoding makes
   such sequences, and half-migrated servers label everything latin-1.
3. The HTTP charset (RFC 7303 3), except latin-1 and ASCII, which servers add to whatever they
   serve: there the document's own declaration is asked first.
4. The declaration, then UTF-8; then what the language of the document suggests.
5. Where nothing fits: the candidate that loses least, each bad byte replaced, with a warning.

Labels mean what browsers make them mean (https://encoding.spec.whatwg.org/): GB2312 is GB18030,
latin-1 is windows-1252. UTF-7 and the like, whose ASCII hides markup, are never believed.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from aggregator.formats.reading.c1 import windows_1252
from aggregator.formats.reading.labels import codec_of

_HEAD_BYTES = 1024
_LANGUAGE_BYTES = 16 * 1024
_CHANCE = 4
"""So few sequences that are UTF-8 can be an accident of a double-byte encoding."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NULS = (
    (re.compile(rb"\s?[<{\[]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[<{\[]"), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\x00[^\x00]"), "utf-16-le"),
    (re.compile(rb"\x00[<{\[\s][^\x00]?"), "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_LANGUAGE = re.compile(rb"""(?:<(?:dc:)?language>\s*|xml:lang=["'])([A-Za-z]{2}(?:[-_]\w+)?)""")
_SEQUENCE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_DEFAULT_LABELS = frozenset({"cp1252"})
_SUGGESTED = {
    "zh": ("gb18030",),
    "zh-tw": ("big5hkscs",),
    "zh-hk": ("big5hkscs",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "ru": ("cp1251",),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "th": ("cp874",),
    "pl": ("cp1250",),
    "cs": ("cp1250",),
    "hu": ("cp1250",),
    "tr": ("cp1254",),
}


_BAD_BYTES = {0xDC00 + byte: windows_1252(byte) for byte in range(0x80, 0x100)}
_LETTER = re.compile("[\udcc0-\udcff]")


class Decoded(NamedTuple):
    """A text, and one line for what had to be guessed."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(body: bytes, charset: str | None = None) -> Decoded:
    """Return the text of a document; never fails.

    :param charset: as declared in Content-Type
    """
    marked = _marked(body)
    if marked:
        codec, skip = marked
        return _surely(body[skip:], codec)
    if body.startswith(_EBCDIC):
        return _surely(body, "cp037")
    if body.isascii() and b"\x1b" not in body:
        return Decoded(body.decode("ascii"), _unknown(body, charset))
    return _labelled(body, charset)


def _marked(body: bytes) -> tuple[str, int] | None:
    """Return the encoding a mark or NULs give away, and how long the mark is."""
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return codec, len(bom)
    for pattern, codec in _NULS:
        if pattern.match(body):
            return codec, 0
    return None


def _surely(body: bytes, codec: str) -> Decoded:
    try:
        return Decoded(body.decode(codec))
    except UnicodeDecodeError:
        return Decoded(body.decode(codec, "replace"), (f"bytes that are no {codec} were replaced",))


def _labelled(body: bytes, charset: str | None) -> Decoded:
    unknown = _unknown(body, charset)
    candidates = list(dict.fromkeys(_candidates(body, charset)))
    for codec in candidates:
        try:
            return Decoded(body.decode(codec), unknown)
        except UnicodeDecodeError:
            continue
    return _least_loss(body, candidates, unknown)


def _candidates(body: bytes, charset: str | None) -> Iterator[str]:
    """Name encodings, the most believed first."""
    http, declared = codec_of(charset or ""), codec_of(_declaration(body))
    if _utf8_beyond_chance(body, http or declared):
        yield "utf-8"
    if http and not (declared and http in _DEFAULT_LABELS):
        yield http
    if declared:
        yield declared
    yield "utf-8"
    if not (http or declared):
        yield from _suggested(body)
    if http:
        yield http


def _utf8_beyond_chance(body: bytes, label: str | None) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    single_byte = label is None or label.startswith(("cp125", "iso8859", "koi8", "cp874", "mac"))
    return single_byte or len(_SEQUENCE.findall(body)) > _CHANCE


def _suggested(body: bytes) -> tuple[str, ...]:
    found = _LANGUAGE.search(body[:_LANGUAGE_BYTES])
    if not found:
        return ()
    language = found[1].decode("ascii").lower().replace("_", "-")
    return _SUGGESTED.get(language) or _SUGGESTED.get(language[:2], ())


def _least_loss(body: bytes, candidates: list[str], unknown: tuple[str, ...]) -> Decoded:
    """Decode what no encoding fits: bad bytes of UTF-8 are read as windows-1252, as they are meant.

    Pages glued together from two databases are of this kind. Where letters of latin-1 are more than
    sequences of UTF-8, these are chance: "é »" in latin-1 is one Chinese character in UTF-8.
    """
    escaped = body.decode("utf-8", "surrogateescape")
    if len(_LETTER.findall(escaped)) > len(_SEQUENCE.findall(body)):
        escaped = body.decode("ascii", "surrogateescape")
    mended = escaped.translate(_BAD_BYTES)
    texts = [
        (body.decode(codec, "replace"), codec)
        for codec in candidates
        if codec != "utf-8" and codec not in _DEFAULT_LABELS
    ]
    best = min(texts, key=lambda text: text[0].count("\ufffd"), default=None)
    bad = len(body.decode("utf-8", "replace").split("\ufffd")) - 1
    if best is None or bad <= best[0].count("\ufffd"):
        return Decoded(mended, (*unknown, "bytes that are no utf-8 were read as windows-1252"))
    return Decoded(best[0], (*unknown, f"bytes that are no {best[1]} were replaced"))


def _unknown(body: bytes, charset: str | None) -> tuple[str, ...]:
    """Name the labels nobody knows."""
    labels = [label for label in (charset, _declaration(body)) if label]
    return tuple(
        f"unknown encoding {label[:40]!r}, read as utf-8"
        for label in dict.fromkeys(labels)
        if codec_of(label) is None
    )


def _declaration(body: bytes) -> str:
    found = _DECLARED.search(body[:_HEAD_BYTES])
    return found[1].decode("ascii", "ignore") if found else ""

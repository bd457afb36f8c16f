"""Bytes to text: BOM, else UTF-8, else the operator's word, else a guess that is told."""

import re

from charset_normalizer import from_bytes

from aggregator.formats.reading.posts.notes import Notes

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_GUESSES = (
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
    *("cp1252", "cp1251", "koi8_r", "iso8859_2"),
)
_SAMPLE_BYTES = 64 * 1024
_GOOD_TO_BAD = 4
"""A text in another encoding has hardly a sequence that is UTF-8; one in UTF-8 that was cut or
pasted together has hardly another. Guessed anew, three bad bytes would cost every letter of it."""
_FOREIGN = re.compile("[\x80-\U0010ffff]+")
_FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids (2.2): copied into a feed, it makes it not well-formed."""


def decode(raw: bytes, encoding: str | None, notes: Notes) -> str | None:
    """Return clean text with "\\n" for line ends; None, with a warning, for what is no text."""
    text = _text(raw, encoding, notes)
    if text is None:
        return None
    if "\0" in text:
        notes.warn("binary", "is no text file (it holds a NUL); left out")
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_forbidden(text, notes)


def _text(raw: bytes, encoding: str | None, notes: Notes) -> str | None:
    for bom, name in _BOMS:
        if raw.startswith(bom):
            return _by_bom(raw[len(bom) :], name, notes)
    if (text := _strict(raw, "utf-8")) is not None:
        return text
    if encoding and (text := _strict(raw, encoding)) is not None:
        return text
    if b"\0" in raw:
        notes.warn("binary", "is no text file (it holds a NUL); left out")
        return None
    return _mostly_utf8(raw, notes) or _guess(raw, notes)


def _strict(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _by_bom(raw: bytes, name: str, notes: Notes) -> str | None:
    text = _strict(raw, name)
    if text is None:
        notes.warn("encoding", f"says it is {name} and is not; left out")
    return text


def _mostly_utf8(raw: bytes, notes: Notes) -> str | None:
    """Read UTF-8 with a few broken bytes, each replaced."""
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd") - raw.count("\ufffd".encode())
    good = sum(map(len, _FOREIGN.findall(text))) - bad
    if good < _GOOD_TO_BAD * bad:
        return None
    line = text.count("\n", 0, text.find("\ufffd")) + 1
    notes.warn("encoding", f"holds bytes that are no UTF-8 ({bad}); they are replaced", line)
    return text


def _guess(raw: bytes, notes: Notes) -> str | None:
    sample = raw
    if len(raw) > _SAMPLE_BYTES:
        sample = raw[: raw.rfind(b"\n", 0, _SAMPLE_BYTES) + 1] or raw[:_SAMPLE_BYTES]
    best = from_bytes(sample, cp_isolation=list(_GUESSES)).best()
    text = _strict(raw, best.encoding) if best else None
    if text is None or best is None:
        notes.warn("encoding", "is no UTF-8 nor anything else that is known; left out")
        return None
    notes.warn("encoding", f"is no UTF-8, read as {best.encoding}: set `encoding:`")
    return text


def _without_forbidden(text: str, notes: Notes) -> str:
    found = _FORBIDDEN.search(text)
    if not found:
        return text
    line = text.count("\n", 0, found.start()) + 1
    notes.warn("controls", "holds characters that XML forbids; they are left out", line)
    return _FORBIDDEN.sub("", text)

"""C1 controls, which nobody means: what windows-1252 has at their numbers, as browsers take them.

They come from databases that were labelled latin-1, as characters and as "&#146;".
"""

import re


def modernise(text: str) -> str:
    """Replace C1 controls and references to them; NEL (U+0085), a line break, stays."""
    if not text.isascii() and _HAS_C1.search(text):
        text = text.translate(_C1)
    return _REFERENCE.sub(_character, text) if "&#1" in text or "&#x" in text else text


def windows_1252(byte: int) -> str:
    """Return the character of one byte, U+FFFD where there is none."""
    return bytes([byte]).decode("cp1252", "replace")


def _character(found: re.Match[str]) -> str:
    code = int(found[2], 16) if found[2] else int(found[1])
    return _C1.get(code, found[0])


_HAS_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_REFERENCE = re.compile(r"&#(?:(1[2-5]\d)|[xX]([89][0-9a-fA-F]));")
_C1 = {
    code: windows_1252(code)
    for code in range(0x80, 0xA0)
    if code != 0x85 and windows_1252(code) != "\ufffd"
}

"""Text that every reader of YAML and of TOML takes for the same text.

One form for both: double quotes, and of the escapes only those that the two share. A plain ``No``,
``12:30`` or ``2022-05-26`` is text to some readers and not to others; libyaml turns U+0085 into a
space, go-yaml and js-yaml refuse U+FFFF and DEL unescaped.
"""

import re

_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_SURROGATES = re.compile("[\ud800-\udfff]")
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
_BARE = re.compile(r"true|false|0|-?[1-9][0-9]{0,8}")


def quoted(text: str) -> str:
    """Return text as a double-quoted scalar; lone surrogates, which no file holds, are U+FFFD."""
    return f'"{_ESCAPED.sub(_escape, _SURROGATES.sub(chr(0xFFFD), text))}"'


def flow(words: tuple[str, ...], *, nested: bool = False) -> str:
    """Return words as a list on one line; ``nested``: each in a list of its own."""
    items = (f"[{quoted(word)}]" if nested else quoted(word) for word in words)
    return f"[{', '.join(items)}]"


def key(name: str) -> str:
    """Return the name of a key, quoted where a reader could take it for something else."""
    plain = _PLAIN_KEY.fullmatch(name) and name.lower() not in _WORDS
    return name if plain else quoted(name)


def fixed(value: str) -> str:
    """Return what an operator typed for a fixed key: true, false and whole numbers stay such."""
    return value if _BARE.fullmatch(value) else quoted(value)


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"

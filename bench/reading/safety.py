"""What a browser would run of a piece of HTML: html5lib reads it as browsers do."""

import re
from collections.abc import Iterator
from typing import Any

import html5lib

_ACTIVE = frozenset(
    {
        *("script", "object", "embed", "applet", "base", "meta", "link", "style"),
        *("frame", "frameset", "iframe"),
    }
)
_ADDRESSES = frozenset(
    ("href", "src", "action", "formaction", "poster", "background", "data", "lowsrc", "dynsrc")
)
_STYLE = re.compile(r"expression\s*\(|javascript:|-moz-binding|behavior\s*:", re.IGNORECASE)
_INSIDE = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_HARMLESS = frozenset({"http", "https", "mailto", "tel"})
_EDGES = "".join(map(chr, range(33)))


def unsafe(markup: str) -> list[str]:
    """Name what in a fragment of HTML acts, or leads to what acts."""
    return [found for element in _elements(markup) for found in _faults(element)]


def text_of(markup: str) -> str:
    """Return what a reader would see, white space folded."""
    return " ".join("".join(_fragment(markup).itertext()).split())


def _fragment(markup: str) -> Any:
    return html5lib.parseFragment(markup, treebuilder="etree", namespaceHTMLElements=False)


def _elements(markup: str) -> Iterator[Any]:
    return (element for element in _fragment(markup).iter() if isinstance(element.tag, str))


def _faults(element: Any) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2].lower()
    if tag in _ACTIVE:
        yield f"<{tag}>"
    for stated, value in element.attrib.items():
        name = str(stated).rpartition("}")[2].lower()
        if name.startswith("on") or name == "srcdoc" or _is_active(name, value or ""):
            yield f"<{tag} {name}={value!r}>"


def _is_active(name: str, value: str) -> bool:
    if name == "style":
        return bool(_STYLE.search(value))
    scheme = _SCHEME.match(_INSIDE.sub("", value).lstrip(_EDGES).lower())
    return name in _ADDRESSES and scheme is not None and scheme[1] not in _HARMLESS

"""What an entry is recognised by: cheap, and the same for every copy of a text."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import blake2b
from zlib import crc32

from aggregator.core.stories.records import (
    DENIES,
    FIGURES,
    SKELETON,
    UNITS,
    Features,
    Sketch,
    Title,
)
from aggregator.core.stories.text import plain, statements, without_lead_on, without_related
from aggregator.core.stories.titles import DENIALS, read_title, speaks_of, title_parts
from aggregator.core.urls import canonical_key

_FIGURE = re.compile(r"[\d〇一二三四五六七八九十百千万亿两]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK = 0xFFFFFFFF
_KEY_UNITS = 5
"""Shorter statements are in too many texts to look anything up by."""
_HEAD_KEYS, _LOW_KEYS = 4, 8
_SPARE_BITS = 32
"""Of a key, which the index does without: in it a key costs half, and one in a hundred is another
text's as well. Those that are left have nothing to do with the marks."""


def features(title: str, summary_html: str, content_html: str, link: str | None) -> Features:
    """Return what an entry is recognised by; the longer of its two texts is read."""
    html = content_html if len(content_html) >= len(summary_html) else summary_html
    text, cut = without_lead_on(without_related(plain(html)))
    found = statements(text)
    if cut and len(found) > 1:
        del found[-1]
    once = list(dict.fromkeys(found))
    raw = [letter.encode("utf-8", "surrogatepass") for letter in once]
    keys = [_key(letter) for letter in raw]
    heading = read_title(title)
    return Features(
        title=heading,
        sketch=_sketch(once, raw, keys, cut, heading),
        keys=tuple(keys),
        text=text,
        title_keys=tuple(dict.fromkeys(_key_of("title", part) for part in title_parts(heading))),
        link_key=_key_of("link", canonical_key(link)) if link else None,
    )


def _sketch(found: list[str], raw: list[bytes], keys: list[int], cut: bool, title: Title) -> Sketch:
    lines = "\n".join(found)
    traits = bytearray(_units_of(found, raw, wide=bool(_CJK.search(lines))))
    units = sum(traits)
    for place in _places_of(DENIALS, lines):
        traits[place] |= DENIES
    marks = [key & _MARK for key in keys]
    if _FIGURE.search(lines):
        for place, bare in enumerate(_FIGURE.sub("", lines).split("\n")):
            if len(bare) != len(found[place]):
                traits[place] |= FIGURES
                skeleton = crc32(bare.encode("utf-8", "surrogatepass"))
                marks[place] = skeleton & SKELETON | keys[place] & ~SKELETON & _MARK
    return Sketch(tuple(marks), bytes(traits), cut, speaks_of(title, lines), units)


def _places_of(words: Iterable[str], lines: str) -> Iterator[int]:
    """Yield the lines in which one of the words stands; some of them several times."""
    for word in words:
        at = lines.find(word)
        while at >= 0:
            yield lines.count("\n", 0, at)
            end = lines.find("\n", at)
            at = lines.find(word, end) if end >= 0 else -1


def _units_of(found: Sequence[str], raw: Sequence[bytes], *, wide: bool) -> list[int]:
    """Count a CJK character (three bytes) as one, of other letters four."""
    sizes = [len(letter) for letter in found]
    if not wide:
        return [min(UNITS, size // 4) or 1 for size in sizes]
    extra = [(len(one) - size) // 2 for one, size in zip(raw, sizes, strict=True)]
    return [
        min(UNITS, more + (size - more) // 4) or 1 for size, more in zip(sizes, extra, strict=True)
    ]


def _key(raw: bytes) -> int:
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big") >> 1


def _key_of(kind: str, text: str) -> int:
    return _key(f"{kind} {text}".encode("utf-8", "surrogatepass"))


def index_keys(features: Features, boilerplate: Container[int]) -> tuple[int, ...]:
    """Return the keys to find an entry by: of its head, the lowest of the rest, title, address.

    Copies that lost their head or a third of their paragraphs still choose enough alike.
    """
    sketch = features.sketch
    own = [
        key
        for key, mark, trait in zip(features.keys, sketch.marks, sketch.traits, strict=True)
        if trait & UNITS >= _KEY_UNITS and mark not in boilerplate
    ]
    link = () if features.link_key is None else (features.link_key,)
    rest = sorted(own[_HEAD_KEYS:])[:_LOW_KEYS]
    chosen = (*own[:_HEAD_KEYS], *rest, *features.title_keys, *link)
    return tuple(dict.fromkeys(key >> _SPARE_BITS for key in chosen))

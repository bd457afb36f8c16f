"""What an entry is recognised by: cheap, and the same for every copy of a text."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import blake2b
from zlib import crc32

from aggregator.core.stories.records import (
    DENIES,
    FIGURES,
    MARK_BITS,
    SKELETON,
    UNITS,
    Features,
    Sketch,
    total,
)
from aggregator.core.stories.scripts import is_traditional
from aggregator.core.stories.sketch import NEAREST
from aggregator.core.stories.text import plain, run_on, statements, without_lead_on, without_related
from aggregator.core.stories.titles import DENIALS, read_title, speaks_of, title_parts
from aggregator.core.urls import canonical_key

_FIGURE = re.compile(r"[\d〇一二三四五六七八九十百千万亿两]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK = (1 << MARK_BITS) - 1
_FEW, _MOST = 20, 40
"""Statements: a text of few is kept whole, of a longer one so many."""
_SHORTEST = 3
"""Units of a statement of a long text, unless it denies something or has figures."""
_KEY_UNITS = 5
"""Shorter statements are in too many texts to look anything up by."""
_HEAD_KEYS, _SOON, _SOON_KEYS, _LOW_KEYS = 2, 10, 1, 2
_SPARE_BITS = 32
"""Of a key, which the index does without: in it a key costs half, and one in a hundred is another
text's as well. Those that are left have nothing to do with the marks."""


def features(title: str, summary_html: str, content_html: str, link: str | None) -> Features:
    """Return what an entry is recognised by; the longer of its two texts is read."""
    html = content_html if len(content_html) >= len(summary_html) else summary_html
    text, cut = without_lead_on(without_related(plain(html)))
    text = run_on(text)
    found = statements(text)
    if cut and len(found) > 1:
        del found[-1]
    once = list(dict.fromkeys(found))
    lines = "\n".join(once)
    bare = _FIGURE.sub("", lines).split("\n") if _FIGURE.search(lines) else once
    traits = _traits_of(once, bare, lines)
    heading = read_title(title)
    kept = _kept(traits)
    said = tuple(once[place] for place in kept)
    keys = tuple(_key(letters.encode("utf-8", "surrogatepass")) for letters in said)
    chosen = bytes(traits[place] for place in kept)
    sketch = Sketch(
        marks=tuple(
            _figured(bare[place], key) if traits[place] >= FIGURES else key & _MARK
            for place, key in zip(kept, keys, strict=True)
        ),
        traits=chosen,
        cut=cut,
        on_title=speaks_of(heading, lines),
        units=total(chosen),
        rest=total(traits[kept[-1] + 1 :]) if kept else 0,
        traditional=is_traditional(title, text),
    )
    return Features(
        title=heading,
        sketch=sketch,
        keys=keys,
        said=said,
        text=text,
        title_keys=tuple(dict.fromkeys(_key_of("title", part) for part in title_parts(heading))),
        link_key=_key_of("link", canonical_key(link)) >> _SPARE_BITS if link else None,
    )


def _traits_of(found: Sequence[str], bare: Sequence[str], lines: str) -> bytes:
    """Return the trait of each statement; ``bare`` are they without their figures."""
    traits = bytearray(_units_of(found, wide=bool(_CJK.search(lines))))
    for place in _places_of(DENIALS, lines):
        traits[place] |= DENIES
    if bare is not found:
        for place, (one, other) in enumerate(zip(found, bare, strict=True)):
            if len(one) != len(other):
                traits[place] |= FIGURES
    return bytes(traits)


def _kept(traits: bytes) -> list[int]:
    """Return the places of the statements that a sketch holds: the head of the text.

    A long text does without the shortest, "he said".
    """
    places = range(len(traits))
    if len(traits) <= _FEW:
        return list(places)
    return [place for place in places if traits[place] >= _SHORTEST][:_MOST]


def _figured(bare: str, key: int) -> int:
    """Return the mark of a statement with figures: most of it is of the words alone."""
    words = crc32(bare.encode("utf-8", "surrogatepass"))
    return words & SKELETON | key & _MARK & ~SKELETON


def _places_of(words: Iterable[str], lines: str) -> Iterator[int]:
    """Yield the lines in which one of the words stands; some of them several times."""
    for word in words:
        at = lines.find(word)
        while at >= 0:
            yield lines.count("\n", 0, at)
            end = lines.find("\n", at)
            at = lines.find(word, end) if end >= 0 else -1


def _units_of(found: Sequence[str], *, wide: bool) -> list[int]:
    """Count a CJK character (three bytes) as one, of other letters four."""
    sizes = [len(letters) for letters in found]
    if not wide:
        return [NEAREST[min(UNITS, size // 4)] for size in sizes]
    raw = (len(letters.encode("utf-8", "surrogatepass")) for letters in found)
    extra = ((many - size) // 2 for many, size in zip(raw, sizes, strict=True))
    return [
        NEAREST[min(UNITS, more + (size - more) // 4)]
        for size, more in zip(sizes, extra, strict=True)
    ]


def _key(raw: bytes) -> int:
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big") >> 1


def _key_of(kind: str, text: str) -> int:
    return _key(f"{kind} {text}".encode("utf-8", "surrogatepass"))


def index_keys(features: Features, boilerplate: Container[int]) -> tuple[int, ...]:
    """Return the keys to find an entry by: of its statements, its title and its address.

    The first two statements, the lowest of the next ten, by which the summary of a copy that lost
    its head is found, and the lowest two of all others.
    """
    sketch = features.sketch
    own = [
        key
        for key, mark, trait in zip(features.keys, sketch.marks, sketch.traits, strict=True)
        if trait & UNITS >= _KEY_UNITS and mark not in boilerplate
    ]
    link = () if features.link_key is None else (features.link_key,)
    head, rest = own[:_HEAD_KEYS], own[_HEAD_KEYS:]
    soon = sorted(rest[:_SOON])
    low = sorted(soon[_SOON_KEYS:] + rest[_SOON:])
    chosen = (*head, *soon[:_SOON_KEYS], *low[:_LOW_KEYS], *features.title_keys)
    return tuple(dict.fromkeys((*(key >> _SPARE_BITS for key in chosen), *link)))

"""How two titles stand to each other.

1. "same": equal, or one is the other with a site's name, a label or a cut end.
2. "exchanged": alike, but figures, a denial, or words were exchanged: what a template makes.
3. "unlike": editors write their own titles, so that says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, pairwise

from aggregator.core.stories.records import Title
from aggregator.core.stories.text import letters

SAME, EXCHANGED, UNLIKE = "same", "exchanged", "unlike"

_BAR = re.compile(
    r"[|｜_【】\[\]：:»«•·!！?？,，。;；()（）]|\s[-–—]+\s|[—–]|-(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])-"
)
_CUT = re.compile(r"(?:…|\.{3})\s*\Z")
_WORD = re.compile(
    r"\d+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENYING = (
    "不 未 否 终止 取消 撤 暂停 拒 失败 驳回"
    " not never cancel withdr deni deny reject fail refus without"
)
DENIALS = tuple(_DENYING.split())
_DENIAL = re.compile("|".join(DENIALS))
_REMEMBERED = 4000
"""Titles, a kilobyte each: of those that are compared most are compared again."""
_SPEAKS = 0.3
_LONGEST = 300
"""Characters of a title that are read."""
_PART_UNITS = 6
_CUT_UNITS = 4
_LONG_UNITS = 8
_FIGURE = re.compile(r"[\d一二三四五六七八九十]")
_ALIKE = 0.5
_FAINTLY_ALIKE = 0.3
_FEW_WORDS = 3


def read_title(text: str) -> Title:
    """Return a title as it is compared."""
    return _read(text[:_LONGEST])


@lru_cache(_REMEMBERED)
def _read(text: str) -> Title:
    text = " ".join(text.split())
    shown = _CUT.sub("", text)
    pieces = [piece.split() for piece in _BAR.split(shown)]
    # All words at once: most of the time goes into the calls.
    words = iter(letters("\n".join(word for piece in pieces for word in piece)).split("\n"))
    lines = [" ".join(filter(None, (next(words) for _ in piece))) for piece in pieces]
    whole = tuple(line.replace(" ", "") for line in lines)
    said = tuple(_WORD.findall("\n".join(lines)))
    return Title("".join(whole), whole, said, cut=shown != text)


@lru_cache(_REMEMBERED)
def title_parts(title: Title) -> tuple[str, ...]:
    """Return what a title can be found by: all of it, and its longest piece."""
    parts = (title.letters, longest_piece(title))
    return tuple(dict.fromkeys(part for part in parts if units(part) >= _PART_UNITS))


def longest_piece(title: Title) -> str:
    """Return the longest piece of a title: what is left without label and site."""
    return max(title.pieces, key=len, default="")


def units(letter: str) -> float:
    """Return the length of letters: a CJK character is one, of other letters four."""
    if letter.isascii():
        return len(letter) / 4
    wide = len(_CJK.findall(letter))
    return wide + (len(letter) - wide) / 4


@lru_cache(_REMEMBERED)
def relation(one: Title, other: Title) -> str:
    """Say how two titles stand to each other."""
    if not one.letters or not other.letters:
        return UNLIKE
    if one.letters == other.letters or _one_in_other(one, other):
        return SAME
    if is_begun(one, other) or is_begun(other, one):
        return UNLIKE
    if _is_cut_off(one, other) or _is_cut_off(other, one):
        return UNLIKE
    return EXCHANGED if _exchanged(one, other) else UNLIKE


def is_begun(one: Title, other: Title) -> bool:
    """Tell whether a title is cut where the other goes on; a short one proves nothing by that."""
    return one.cut and bool(one.letters) and other.letters.startswith(one.letters)


def _is_cut_off(one: Title, other: Title) -> bool:
    """Tell whether a title, less its label, stops where the other goes on: some cut at a length."""
    starts = (0, *accumulate(map(len, one.pieces[:-1])))
    return any(
        units(one.letters[start:]) >= _PART_UNITS and other.letters.startswith(one.letters[start:])
        for start in starts
    )


def _one_in_other(one: Title, other: Title) -> bool:
    short, long = sorted((one, other), key=lambda title: len(title.letters))
    if units(short.letters) < (_CUT_UNITS if short.cut else _PART_UNITS):
        return long.pieces[0] == short.letters and _is_named(short, long)
    rest = next(_rests(short, long), None)
    return rest is not None and not _FIGURE.search(rest)


def _is_named(short: Title, long: Title) -> bool:
    """Tell whether a short title says which one it is of its kind, and the long one whose it is.

    "Quill 4.1.2 - The Coast", but not "Briefing: Tuesday".
    """
    rest = long.letters[len(short.letters) :]
    figures = any(map(str.isdigit, short.words))
    return len(short.words) >= _FEW_WORDS - figures and not _FIGURE.search(rest)


def _rests(short: Title, long: Title) -> Iterator[str]:
    """Yield what is left of both where the short title, less a label, stands in the long one."""
    starts = [0, *accumulate(map(len, long.pieces))]
    at = long.letters.find(short.letters)
    if at in starts:
        end = at + len(short.letters)
        if end in starts:
            yield long.letters[:at] + long.letters[end:]
        elif short.cut:
            yield long.letters[:at]
    for one, other in ((short, long), (long, short)):
        for start in (0, *accumulate(map(len, one.pieces[:-1]))):
            part = one.letters[start:]
            if units(part) >= _LONG_UNITS and other.letters.startswith(part):
                yield one.letters[:start]


def _exchanged(one: Title, other: Title) -> bool:
    a, b = one.words, other.words
    labels = min(len(one.pieces), len(other.pieces)) > 1
    if labels and one.pieces[0] and one.pieces[0] == other.pieces[0]:
        return True
    if len(a) >= _FEW_WORDS and any(map(str.isdigit, a)) and _shape(a) == _shape(b):
        return True
    if 2 * sum((Counter(a) & Counter(b)).values()) < _FAINTLY_ALIKE * (len(a) + len(b)):
        return False
    alike = SequenceMatcher(None, a, b, autojunk=False)
    share = alike.ratio()
    if share >= _FAINTLY_ALIKE and _other_figures(a, b):
        return True
    if share < _ALIKE:
        return False
    if _denies(one) != _denies(other):
        return True
    return any(tag == "replace" for tag, *_ in alike.get_opcodes())


def _denies(title: Title) -> bool:
    return bool(_DENIAL.search(title.letters))


def _shape(words: Sequence[str]) -> list[bool]:
    return [word.isdigit() for word in words]


def _other_figures(a: Sequence[str], b: Sequence[str]) -> bool:
    one, other = ({word for word in words if word.isdigit()} for words in (a, b))
    return not (one <= other or other <= one)


def speaks_of(title: Title, text: str) -> bool:
    """Tell whether a text, in letters, speaks of what its title says; a notice never does."""
    parts = _pairs(title.words)
    return sum(part in text for part in parts) >= _SPEAKS * len(parts)


def _pairs(words: Sequence[str]) -> list[str]:
    """Return the long words, and of CJK characters every two that follow each other."""
    pairs = [one + other for one, other in pairwise(words) if _CJK.match(one) and _CJK.match(other)]
    return pairs + [word for word in words if len(word) >= 4]

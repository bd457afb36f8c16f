"""A sketch as bytes, for the database: four a statement, and three."""

from array import array
from sys import byteorder

from aggregator.core.stories.records import DENIES, FIGURES, MARK_BITS, UNITS, Sketch, total

STEPS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 19, 24, 32, 45, 63)
"""The units that a statement may have: four bits tell which."""
NEAREST = bytes(min(STEPS, key=lambda step: abs(step - units)) for units in range(64))
"""The step for each number of units."""

_CUT, _ON_TITLE, _REWRITTEN, _TRADITIONAL = 1, 2, 4, 8
_HEAD = 3
_MOST_REST = 0xFFFF
_CODE_BITS = 32 - MARK_BITS
_CODES = 1 << _CODE_BITS
_DENIES, _FIGURES = 0x10, 0x20


def _trait(code: int) -> int:
    flags = DENIES * bool(code & _DENIES) | FIGURES * bool(code & _FIGURES)
    return STEPS[code & (_DENIES - 1)] | flags


_TRAITS = bytes(_trait(code % _CODES) for code in range(256))
"""The trait in the last six bits of a byte."""
_CODE = {_trait(code): code for code in range(_CODES)}


def pack(sketch: Sketch) -> bytes:
    """Return a sketch as bytes: flags, rest, then of each statement mark and trait, little-endian.

    Units that are no step are kept as the nearest.
    """
    flags = (
        sketch.cut * _CUT
        | sketch.on_title * _ON_TITLE
        | sketch.rewritten * _REWRITTEN
        | sketch.traditional * _TRADITIONAL
    )
    rest = min(sketch.rest, _MOST_REST).to_bytes(2, "little")
    lines = (
        mark << _CODE_BITS | _CODE[trait & ~UNITS | NEAREST[trait & UNITS]]
        for mark, trait in zip(sketch.marks, sketch.traits, strict=True)
    )
    return bytes((flags,)) + rest + _little(array("I", lines)).tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that was packed; nothing packed is an empty one."""
    if not packed:
        return Sketch()
    lines = array("I")
    lines.frombytes(packed[_HEAD:])
    traits = packed[_HEAD::4].translate(_TRAITS)
    return Sketch(
        marks=tuple([line >> _CODE_BITS for line in _little(lines)]),
        traits=traits,
        cut=bool(packed[0] & _CUT),
        on_title=bool(packed[0] & _ON_TITLE),
        units=total(traits),
        rest=int.from_bytes(packed[1:_HEAD], "little"),
        rewritten=bool(packed[0] & _REWRITTEN),
        traditional=bool(packed[0] & _TRADITIONAL),
    )


def _little(lines: "array[int]") -> "array[int]":
    if byteorder == "big":
        lines.byteswap()
    return lines

"""A sketch as bytes, for the database: five a statement, and one."""

from array import array
from sys import byteorder

from aggregator.core.stories.records import Sketch, total

_CUT, _ON_TITLE = 1, 2


def pack(sketch: Sketch) -> bytes:
    """Return a sketch as bytes: flags, traits, marks (little-endian)."""
    flags = sketch.cut * _CUT | sketch.on_title * _ON_TITLE
    return bytes((flags,)) + sketch.traits + _little(array("I", sketch.marks)).tobytes()


def unpack(packed: bytes) -> Sketch:
    """Return the sketch that was packed; nothing packed is an empty one."""
    if not packed:
        return Sketch()
    count = (len(packed) - 1) // 5
    traits = packed[1 : 1 + count]
    marks = array("I")
    marks.frombytes(packed[1 + count :])
    return Sketch(
        marks=tuple(_little(marks)),
        traits=traits,
        cut=bool(packed[0] & _CUT),
        on_title=bool(packed[0] & _ON_TITLE),
        units=total(traits),
    )


def _little(marks: "array[int]") -> "array[int]":
    if byteorder == "big":
        marks.byteswap()
    return marks

"""Two texts laid side by side, as the sketches of them."""

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core.stories.records import DENIES, FIGURES, SKELETON, UNITS, Sketch

_LONG_UNITS = 10
_DENIAL_STATEMENTS = 5
_DENIAL_UNITS = 6


class Alignment(Struct, frozen=True):
    """What two texts have in common, and what stands in its place where they have not.

    Lengths are units; pairs are (new, old).
    """

    marks: frozenset[int] = frozenset()
    """Shared."""
    shared: int = 0
    lengths: tuple[int, int] = (0, 0)
    """Boilerplate left out, and what may stand in the rest of the other text."""
    wholes: tuple[int, int] = (0, 0)
    """Boilerplate left out, the rest included."""
    exchanged: int = 0
    """Between shared statements, where the other text has something else."""
    inserted: tuple[int, int] = (0, 0)
    """Where the other text has nothing."""
    heads: tuple[int, int] = (0, 0)
    """Before the first shared statement."""
    tails: tuple[int, int] = (0, 0)
    """After the last one, the rest that no sketch holds included."""
    figures_agree: int = 0
    figures_differ: int = 0
    denied: bool = False
    """Something stands where the other text has a denial of it."""
    other_figures: bool = False
    """Before the first shared statement both have figures."""

    @property
    def shorter(self) -> int:
        """Return the length of the shorter text."""
        return min(self.lengths)

    @property
    def longer(self) -> int:
        """Return the length of the longer text."""
        return max(self.lengths)

    def of_shorter(self, pair: tuple[int, int]) -> int:
        """Return the shorter text's part of a pair."""
        return pair[self.lengths[0] > self.lengths[1]]

    def longer_first(self, pair: tuple[int, int]) -> tuple[int, int]:
        """Return a pair as (of the longer text, of the shorter one), both taken whole."""
        return pair if self.wholes[0] >= self.wholes[1] else (pair[1], pair[0])


class _Gap(Struct, frozen=True):
    """What stands between two shared statements."""

    new: int
    old: int
    denied: bool
    other_figures: bool


def align(new: Sketch, old: Sketch, boilerplate: Container[int] = ()) -> Alignment:
    """Lay two sketches side by side, boilerplate left out."""
    both = frozenset(new.marks).intersection(old.marks)
    a, b = _own(new, boilerplate), _own(old, boilerplate)
    lengths = (sum(trait & UNITS for _, trait in a), sum(trait & UNITS for _, trait in b))
    places = {mark: place for place, (mark, _) in enumerate(b) if mark in both}
    pairs = [(place, places[mark]) for place, (mark, _) in enumerate(a) if mark in places]
    if not pairs:
        differ = _differing(_figured(new, both, boilerplate), _figured(old, both, boilerplate))
        return Alignment(lengths=lengths, wholes=lengths, figures_differ=differ)
    traits = [a[place][1] for place, _ in pairs]
    anchors = _rising(pairs)
    gaps = list(_gaps(anchors, a, b, both))
    ends = gaps[-1]
    unseen = _unseen(ends.new, ends.old, old.rest), _unseen(ends.old, ends.new, new.rest)
    last = a[anchors[-1][0]][0]
    differ = _differing(
        _figured(_up_to(new, last) if unseen[0] else new, both, boilerplate),
        _figured(_up_to(old, last) if unseen[1] else old, both, boilerplate),
    )
    return Alignment(
        marks=frozenset(places),
        shared=sum(trait & UNITS for trait in traits),
        lengths=(lengths[0] - unseen[0], lengths[1] - unseen[1]),
        wholes=(lengths[0] + new.rest, lengths[1] + old.rest),
        exchanged=sum(min(gap.new, gap.old) for gap in gaps[1:-1]),
        inserted=(
            sum(gap.new for gap in gaps if not gap.old) - unseen[0] * (not ends.old),
            sum(gap.old for gap in gaps if not gap.new) - unseen[1] * (not ends.new),
        ),
        heads=(gaps[0].new, gaps[0].old),
        tails=(ends.new + new.rest, ends.old + old.rest),
        figures_agree=sum(trait >= FIGURES for trait in traits),
        figures_differ=differ,
        denied=any(gap.denied for gap in gaps[:-1]),
        other_figures=gaps[0].other_figures,
    )


def _unseen(tail: int, other: int, rest: int) -> int:
    """Return how much of a text's tail may stand in the rest of the other, which no sketch holds.

    What both have after the last shared statement is exchanged.
    """
    return min(rest, max(0, tail - other))


_Statement = tuple[int, int]
"""Mark and trait."""


def _own(sketch: Sketch, boilerplate: Container[int]) -> list[_Statement]:
    pairs = zip(sketch.marks, sketch.traits, strict=True)
    return [pair for pair in pairs if pair[0] not in boilerplate]


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides."""
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return pairs
    lowest: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(lowest, place)
        before.append(at[length - 1] if length else -1)
        lowest[length : length + 1] = [place]
        at[length : length + 1] = [index]
    run = []
    index = at[-1]
    while index >= 0:
        run.append(pairs[index])
        index = before[index]
    return run[::-1]


def _gaps(
    anchors: Iterable[tuple[int, int]],
    a: Sequence[_Statement],
    b: Sequence[_Statement],
    both: frozenset[int],
) -> Iterator[_Gap]:
    """Yield what stands before the first anchor, between others, and after the last one."""
    place, other = 0, 0
    end = len(a), len(b)
    for here in (*anchors, end):
        # Most anchors follow each other: that is no gap.
        if here != (place, other) or not place or here == end:
            yield _gap(a[place : here[0]], b[other : here[1]], both)
        place, other = here[0] + 1, here[1] + 1


def _gap(a: Sequence[_Statement], b: Sequence[_Statement], both: frozenset[int]) -> _Gap:
    new = [trait for mark, trait in a if mark not in both]
    old = [trait for mark, trait in b if mark not in both]
    sizes = sum(trait & UNITS for trait in new), sum(trait & UNITS for trait in old)
    denied = (
        min(sizes) >= _DENIAL_UNITS
        and len(new) + len(old) <= _DENIAL_STATEMENTS
        and any(trait & DENIES for trait in new) != any(trait & DENIES for trait in old)
    )
    figured = max(new, default=0) >= FIGURES and max(old, default=0) >= FIGURES
    return _Gap(*sizes, denied, figured)


def _up_to(sketch: Sketch, mark: int) -> Sketch:
    """Return a sketch up to one of its statements: of its tail the other text may have a copy."""
    end = sketch.marks.index(mark) + 1
    return replace(sketch, marks=sketch.marks[:end], traits=sketch.traits[:end])


def _differing(new: Iterable[int], old: Iterable[int]) -> int:
    """Count statements that differ in nothing but their figures."""
    bare = {mark & SKELETON for mark in old}
    return sum(mark & SKELETON in bare for mark in new) if bare else 0


def _figured(sketch: Sketch, both: frozenset[int], boilerplate: Container[int]) -> list[int]:
    """Return the marks of statements with figures that the other text does not have.

    Long ones count even where they are boilerplate: "in court on the fifth day" is said so often
    that every one of its days is known.
    """
    return [
        mark
        for mark, trait in zip(sketch.marks, sketch.traits, strict=True)
        if trait >= FIGURES
        and mark not in both
        and (trait & UNITS >= _LONG_UNITS or mark not in boilerplate)
    ]

"""Counts of what was asked and what was right, and the misses."""

from collections.abc import Mapping

from msgspec import Struct, field


class Miss(Struct, frozen=True):
    """One thing that came out otherwise than expected."""

    case: str
    what: str
    wanted: str
    got: str

    def __str__(self) -> str:
        return f"{self.case} {self.what}: wanted {self.wanted[:110]!r}, got {self.got[:110]!r}"


class Score(Struct):
    """What one table came to."""

    name: str
    is_suite: bool = False
    """Made of feeds, and counted in the sum of all fields."""
    right: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    cases: int = 0
    whole: int = 0
    """Cases of which everything was right."""
    crashes: int = 0

    def note(self, case: str, what: str, wanted: object, got: object, *, right: bool) -> bool:
        """Count one question; returns whether the answer was right."""
        self.asked[what] = self.asked.get(what, 0) + 1
        self.right[what] = self.right.get(what, 0) + right
        if not right:
            self.misses.append(Miss(case, what, str(wanted), str(got)))
        return right

    @property
    def totals(self) -> tuple[int, int]:
        """Questions answered right, and all."""
        return sum(self.right.values()), sum(self.asked.values())

    def lines(self) -> list[str]:
        """Return the score as text: the sum, then one line for each kind of question."""
        right, asked = self.totals
        head = f"{self.name}: {_share(right, asked)}"
        if self.cases:
            head += f"; whole cases {self.whole}/{self.cases}, crashes {self.crashes}"
        kinds = sorted(self.asked)
        return [
            head,
            *(f"  {kind:<20} {_share(self.right[kind], self.asked[kind])}" for kind in kinds),
        ]

    def as_json(self) -> Mapping[str, object]:
        """Return the score as JSON takes it."""
        return {
            "right": self.right,
            "asked": self.asked,
            "cases": self.cases,
            "whole": self.whole,
            "crashes": self.crashes,
            "misses": [str(miss) for miss in self.misses],
        }


def _share(right: int, asked: int) -> str:
    return f"{right}/{asked} = {100 * right / asked:.2f} %" if asked else "nothing asked"

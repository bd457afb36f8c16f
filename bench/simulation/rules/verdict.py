"""What a rule comes to."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from bench.simulation.asked import Evidence

Finding = str | None
"""One thing that was looked at: None if all is well, else what is wrong."""

Rule = Callable[[Evidence], Iterable[Finding]]


class Verdict(Struct, frozen=True):
    """One rule over the whole run."""

    rule: str
    checked: int
    broken: tuple[str, ...]


def judge(rules: dict[str, Rule], evidence: Evidence) -> Iterator[Verdict]:
    """Apply every rule."""
    for name, rule in rules.items():
        found = list(rule(evidence))
        yield Verdict(name, len(found), tuple(one for one in found if one))

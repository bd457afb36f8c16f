"""One simulation from beginning to end: run, judged, measured."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from bench.simulation import bombs, report
from bench.simulation.asked import Evidence, gather
from bench.simulation.bombs import Growth
from bench.simulation.report import Cost
from bench.simulation.rules import RULES, Verdict, judge
from bench.simulation.running import Plan, run
from bench.simulation.world import FETCH, open_world


class Trial(Struct, frozen=True):
    """What a simulation came to."""

    evidence: Evidence
    verdicts: tuple[Verdict, ...]
    spent: Cost
    grown: Sequence[Growth]

    @property
    def faults(self) -> tuple[str, ...]:
        """Return everything that is not as it should be, in words."""
        return (
            *report.broken(self.verdicts),
            *(
                f"BROKEN memory: {one.name} takes {one.megabytes:.1f} MB"
                for one in self.grown
                if one.megabytes >= bombs.LIMIT_MB
            ),
            *(() if self.spent.fine else ("BROKEN cost of ordinary feeds",)),
        )

    def lines(self) -> Iterator[str]:
        """Yield the table, and what is broken."""
        yield from report.lines(self.evidence, self.verdicts, self.spent, self.grown)
        yield from self.faults


def simulate(folder: Path, plan: Plan, step: int = 1) -> Trial:
    """Run among every so-many-th kind of server, judge and measure."""
    with open_world(folder, step) as world:
        kept = run(world, folder, plan)
        evidence = gather(world, kept, FETCH.floor, plan.tick)
        grown = bombs.measure(world, folder)
    verdicts = tuple(judge(RULES, evidence))
    return Trial(evidence, verdicts, report.cost(evidence), grown)

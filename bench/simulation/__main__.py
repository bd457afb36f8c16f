"""``python -m bench.simulation``: are we a good guest on hostile ground?"""

import argparse
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from bench.report import put_into
from bench.simulation.crowd import crowd
from bench.simulation.running import Plan
from bench.simulation.trial import simulate


def main(words: list[str] | None = None) -> int:
    """Simulate, judge and print; 1 if a rule is broken."""
    said = _parser().parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        if said.crowd:
            return crowd(Path(folder), said.crowd, said.days)
        plan = Plan(
            length=timedelta(hours=said.hours),
            tick=timedelta(minutes=said.tick),
            restarts=said.restarts,
            kills=said.kills,
        )
        trial = simulate(Path(folder), plan, said.every)
    for line in trial.lines():
        print(line)
    if said.document:
        put_into(said.document, "\n".join(trial.lines()))
    return int(bool(trial.faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--hours", type=float, default=96, help="virtual hours (96)")
    parser.add_argument("--tick", type=float, default=5, metavar="MINUTES", help="of the clock (5)")
    parser.add_argument("--restarts", type=int, default=12, help="the pipeline built anew (12)")
    parser.add_argument("--kills", type=int, default=12, help="SIGKILL in the middle (12)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth behaviour only")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the table into this")
    parser.add_argument("--crowd", type=int, metavar="N", help="that many ordinary sources instead")
    parser.add_argument("--days", type=float, default=7, help="of the crowd, virtual (7)")
    return parser


if __name__ == "__main__":
    sys.exit(main())

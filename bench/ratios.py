"""How we stand beside each peer: medians of pairs of runs, and what became worse."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.measure import ROUNDS, Cost

WORSE = 1.2
"""A ratio that grew by more than this factor since the last run is told."""

PEAK = "peak memory"

Run = Mapping[str, Cost]
Ratios = dict[str, dict[str, float]]
"""By peer and round: our CPU seconds to theirs; and our highest peak memory to theirs."""

NAMES = (*(one.name for one in ROUNDS), PEAK)


def ratios(ours: Sequence[Run], peers: Mapping[str, Sequence[Run]]) -> Ratios:
    """Divide our figures by a peer's, run by run: two of one turn met the same weather."""
    return {
        peer: {
            name: round(
                median(
                    figure(mine, name) / max(figure(its, name), 0.001)
                    for mine, its in zip(ours, runs, strict=True)
                ),
                3,
            )
            for name in NAMES
        }
        for peer, runs in peers.items()
    }


def figure(run: Run, name: str) -> float:
    """Return the CPU seconds of a round, or the highest memory of all."""
    return max(cost.peak_mb for cost in run.values()) if name == PEAK else run[name].cpu_s


def table(found: Ratios) -> str:
    """Write the ratios as a Markdown table."""
    lines = [_line(("ours to", *found)), _line(["---"] * (1 + len(found)))]
    lines += [
        _line((name, *(f"{of_one[name]:.2f}" for of_one in found.values()))) for name in NAMES
    ]
    return "\n".join(lines)


def worse(found: Ratios, last: Mapping[str, Any]) -> tuple[str, ...]:
    """Name every ratio that is worse by a fifth than in the kept JSON of an earlier run."""
    before: Ratios = last.get("ratios", {})
    return tuple(
        f"WORSE: {name}, ours to {peer}: {before[peer][name]:.2f} before, {now:.2f} now"
        for peer, of_one in found.items()
        for name, now in of_one.items()
        if now > WORSE * before.get(peer, {}).get(name, now)
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

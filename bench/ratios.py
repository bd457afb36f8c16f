"""How we stand beside each peer: medians of pairs of runs, and what became worse."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bench.measure import ROUNDS, Cost

WORSE = 1.2
"""A ratio that grew by more than this factor since the last run is told."""

Run = Mapping[str, Cost]
Ratios = dict[str, dict[str, float]]
"""By peer and round: our CPU seconds to theirs."""


def ratios(ours: Sequence[Run], peers: Mapping[str, Sequence[Run]]) -> Ratios:
    """Divide our CPU seconds by a peer's, run by run: two of one turn met the same weather."""
    return {
        peer: {
            name: round(
                median(
                    mine[name].cpu_s / its[name].cpu_s for mine, its in zip(ours, runs, strict=True)
                ),
                3,
            )
            for name, _, _ in ROUNDS
        }
        for peer, runs in peers.items()
    }


def table(found: Ratios) -> str:
    """Write the ratios as a Markdown table."""
    heads = ("CPU, ours to", *(name for name, _, _ in ROUNDS))
    lines = [_line(heads), _line(["---"] * len(heads))]
    for peer, of_one in found.items():
        lines.append(_line((peer, *(f"{of_one[name]:.2f}" for name, _, _ in ROUNDS))))
    return "\n".join(lines)


def worse(found: Ratios, last: Mapping[str, Any]) -> tuple[str, ...]:
    """Name every ratio that is worse by a fifth than in the kept JSON of an earlier run."""
    before: Ratios = last.get("ratios", {})
    return tuple(
        f"worse: {name}, ours to {peer}: {before[peer][name]:.2f} before, {now:.2f} now"
        for peer, of_one in found.items()
        for name, now in of_one.items()
        if now > WORSE * before.get(peer, {}).get(name, now)
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

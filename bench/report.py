"""What was measured, as a table for people and as JSON for the next run."""

import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from msgspec.structs import asdict

from bench import ratios
from bench.contestants import Contestant
from bench.measure import ROUNDS, Cost

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
_COLUMNS = (
    *("work", "CPU s", "wall s", "peak MB"),
    *("requests", "304", "MB received", "entries kept", "pings"),
)

Runs = Mapping[Contestant, Sequence[Mapping[str, Cost]]]


def medians(runs: Sequence[Mapping[str, Cost]]) -> dict[str, Cost]:
    """Return the middle of each figure over several runs."""
    return {
        one.name: Cost(
            **{
                figure: median(asdict(run[one.name])[figure] for run in runs)
                for figure in asdict(runs[0][one.name])
            }
        )
        for one in ROUNDS
    }


def table(runs: Sequence[Mapping[str, Cost]]) -> str:
    """Write the medians of one program as a Markdown table."""
    lines = [_line(_COLUMNS), _line(["---"] * len(_COLUMNS))]
    for name, cost in medians(runs).items():
        seconds = (f"{cost.cpu_s:.2f}", f"{cost.wall_s:.2f}", f"{cost.peak_mb:.0f}")
        counts = (f"{cost.requests:.0f}", f"{cost.not_modified:.0f}", f"{cost.received_mb:.1f}")
        kept = (f"{cost.entries:.0f}", f"{cost.pings:.0f}")
        lines.append(_line((name, *seconds, *counts, *kept)))
    return "\n".join(lines)


def text(runs: Runs, about: Mapping[str, Any]) -> str:
    """Write all tables with the date, the machine and the versions."""
    parts = [
        f"{about['date']}, {about['machine']}, Python {about['python']}; {about['feeds']} feeds, "
        f"{about['entries']} entries, {about['megabytes']:.0f} MB, seed {about['seed']}; medians "
        f"of {about['repeat']}."
    ]
    for contestant, of_one in runs.items():
        name = f"{contestant.name} {contestant.version}".rstrip()
        parts.append(f"### {name}\n\n{table(of_one)}")
    if found := _ratios(runs):
        parts.append(f"### Ratios: CPU seconds, and memory\n\n{ratios.table(found)}")
    return "\n\n".join(parts)


def regressions(runs: Runs, last: Mapping[str, Any]) -> Sequence[str]:
    """Say which ratios became worse since an earlier run, of which ``as_json`` was kept."""
    return ratios.worse(_ratios(runs), last)


def _ratios(runs: Runs) -> ratios.Ratios:
    """Set the first contestant, which is us, beside the others."""
    ours, *peers = runs
    return ratios.ratios(
        runs[ours], {f"{peer.name} {peer.version}".rstrip(): runs[peer] for peer in peers}
    )


def as_json(runs: Runs, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that was measured."""
    measured = {
        contestant.name: {
            "version": contestant.version,
            "runs": [{name: asdict(cost) for name, cost in run.items()} for run in of_one],
        }
        for contestant, of_one in runs.items()
    }
    return {"about": dict(about), "measured": measured, "ratios": _ratios(runs)}


def put_into(document: Path, words: str) -> None:
    """Put a report between the marks of a document."""
    old = document.read_text(encoding="utf-8")
    between = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    document.write_text(
        between.sub(lambda found: f"{BEGIN}\n\n{words}\n\n{END}", old), encoding="utf-8"
    )


def machine() -> dict[str, str]:
    """Say when and where this is."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{_processor()}, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

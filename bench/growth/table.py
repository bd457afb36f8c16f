"""Run both sizes and print how the second compares with the first."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from bench.contestants import ours
from bench.growth.instance import make_large, make_small
from bench.server import Server

TIMES = 10
"""The large one has so many sources for each of the small one."""


def growth(catalogue: Path, feeds: int, entries: int, repeat: int) -> str:
    """Return the growth table; the catalogue has so many feeds."""
    with Server(catalogue) as server, tempfile.TemporaryDirectory(prefix="bench-") as place:
        small, large = Path(place, "small"), Path(place, "large")
        small.mkdir()
        large.mkdir()
        first = make_small(small, server, feeds)
        kept = make_large(large, server, small, feeds, TIMES, entries)
        found = [
            (_costs(small, server, feeds), _costs(large, server, feeds)) for _ in range(repeat)
        ]
    before = {name: median(one[name] for one, _ in found) for name in found[0][0]}
    after = {name: median(one[name] for _, one in found) for name in before}
    title = f"{feeds} and {feeds * TIMES} sources, {first} and {kept} entries"
    return f"{title}; medians of {repeat}\n\n{_table(before, after)}"


def _costs(folder: Path, server: Server, feeds: int) -> Mapping[str, float]:
    """Return CPU seconds of everything."""
    words = [sys.executable, "-m", "bench.growth.costs", str(folder), server.control, str(feeds)]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
    inside: dict[str, float] = json.loads(said)
    poll = ours().command(folder, "first")
    return inside | {
        "start, nothing due": _cpu(poll),
        "status": _cpu([*poll[:-1], "status"]),
    }


def _cpu(command: Sequence[str]) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode} of {' '.join(command)}")
    return used.ru_utime + used.ru_stime


def _table(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    lines = ["| CPU ms | small | large | grows by |", "| --- | --- | --- | --- |"]
    for name, small in before.items():
        large = after[name]
        lines.append(f"| {name} | {small * 1e3:.2f} | {large * 1e3:.2f} | {large / small:.2f} |")
    return "\n".join(lines)

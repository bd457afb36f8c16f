"""Run one program through the three rounds and take down what each cost."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage

from bench.contestants import Contestant
from bench.server import Server

ROUNDS = (
    ("first poll", "as-is", "first"),
    ("all unchanged", "as-is", "again"),
    ("one in ten changed", "changed", "again"),
)
"""(name, what the server answers, which turn it is)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One round of one program, start of the interpreter and all children included."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    requests: int
    not_modified: int
    received_mb: float


def measure(contestant: Contestant, server: Server, feeds: int) -> Mapping[str, Cost]:
    """Run all rounds over a fresh folder.

    :raises RuntimeError: the program failed, or did not ask for every feed
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        contestant.prepare(folder, [server.url(number) for number in range(feeds)])
        costs = {}
        for name, state, turn in ROUNDS:
            server.state(state)
            used = _run(contestant.command(folder, turn), folder / "log.txt")
            costs[name] = _cost(used, server.state(state))
            if costs[name].requests < feeds:
                log = (folder / "log.txt").read_text(errors="replace")
                raise RuntimeError(f"{contestant.name}, {name}: {costs[name]}\n{log[-2000:]}")
        return costs


def _run(command: Sequence[str], log: Path) -> tuple[float, struct_rusage]:
    """Run a command; returns its wall time and what it and its children used."""
    began = time.monotonic()
    with log.open("ab") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        words = log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"exit {process.returncode} of {' '.join(command)}\n{words}")
    return time.monotonic() - began, used


def _cost(used: tuple[float, struct_rusage], counts: Mapping[str, int]) -> Cost:
    wall_s, usage = used
    return Cost(
        cpu_s=round(usage.ru_utime + usage.ru_stime, 3),
        wall_s=round(wall_s, 3),
        peak_mb=round(usage.ru_maxrss / 1024, 1),
        requests=counts.get("requests", 0),
        not_modified=counts.get("not modified", 0),
        received_mb=round(counts.get("bytes", 0) / 1e6, 2),
    )

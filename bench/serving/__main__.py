"""``python -m bench.serving``: CPU of a 304 beside gunicorn, and waits while we poll."""

import argparse
import tempfile
from pathlib import Path
from statistics import median

from bench.generate import catalogue
from bench.serving.costs import measure, prepare
from bench.serving.waiting import percentile, waits

_PARTS = (0.5, 0.9, 0.99)


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    said = _parser().parse_args(words)
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        print(_costs(Path(place), said.requests, said.repeat))
    if said.feeds:
        with tempfile.TemporaryDirectory(prefix="bench-") as place:
            print(_waits(Path(place), said.feeds))


def _costs(folder: Path, requests: int, repeat: int) -> str:
    saved = prepare(folder)
    runs = [measure(folder, saved, requests) for _ in range(repeat)]
    *_, peer = runs[0]
    lines = [f"| a 304 of {len(saved.body)} bytes | CPU µs | to {peer} |", "| --- | --- | --- |"]
    for name in runs[0]:
        ratio = median(run[name] / run[peer] for run in runs)
        lines.append(f"| {name} | {median(run[name] for run in runs) * 1e6:.0f} | {ratio:.2f} |")
    return "\n".join(lines)


def _waits(folder: Path, feeds: int) -> str:
    data = Path(tempfile.gettempdir()) / f"bench-1-{feeds}"
    catalogue(data, feeds, 1)
    found = waits(data, feeds, folder)
    told = ", ".join(f"{part:.0%} under {percentile(found, part) * 1e3:.1f} ms" for part in _PARTS)
    return f"{len(found)} requests while {feeds} feeds were polled and read: {told}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=__doc__)
    parser.add_argument("--requests", type=int, default=5000, metavar="N", help="a run (5000)")
    parser.add_argument("--repeat", type=int, default=5, metavar="R", help="runs (5)")
    parser.add_argument(
        "--feeds", type=int, default=1000, metavar="N", help="polled meanwhile (1000); 0: none"
    )
    return parser


if __name__ == "__main__":
    main()

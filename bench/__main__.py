"""``python -m bench``: what a first poll, an unchanged one and one with some news cost."""

import argparse
import json
import tempfile
from pathlib import Path

from bench import report
from bench.contestants import ALL
from bench.generate import catalogue, file_of
from bench.measure import measure
from bench.server import Server


def main(words: list[str] | None = None) -> None:
    """Measure, print and keep."""
    said = _parser().parse_args(words)
    folder = said.data or Path(tempfile.gettempdir()) / f"bench-{said.seed}-{said.feeds}"
    listed = catalogue(folder, said.feeds, said.seed)
    about = {
        **report.machine(),
        "feeds": said.feeds,
        "entries": sum(feed.entries for feed in listed),
        "megabytes": sum(file_of(folder, feed.number).stat().st_size for feed in listed) / 1e6,
        "seed": said.seed,
        "repeat": said.repeat,
    }
    with Server(folder) as server:
        turns = [
            {contestant: measure(contestant, server, said.feeds) for contestant in ALL}
            for _ in range(said.repeat)
        ]
    runs = {contestant: [turn[contestant] for turn in turns] for contestant in ALL}
    print(report.text(runs, about))
    if said.json:
        said.json.write_text(json.dumps(report.as_json(runs, about), indent=1) + "\n")
    if said.document:
        report.put_into(said.document, report.text(runs, about))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000, metavar="N", help="how many (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the catalogue (1)")
    parser.add_argument("--repeat", type=int, default=1, metavar="R", help="runs (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every figure here")
    parser.add_argument("--document", type=Path, metavar="FILE", help="put the report into this")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the catalogue is kept")
    return parser


if __name__ == "__main__":
    main()

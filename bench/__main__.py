"""``python -m bench``: what a first poll, an unchanged one and one with some news cost."""

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import report
from bench.contestants import PEERS, Contestant, chosen
from bench.generate import catalogue, file_of
from bench.growth.table import growth
from bench.measure import Cost, measure
from bench.server import Server

_KEPT = Path(__file__).parent / "last"
_DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def main(words: list[str] | None = None) -> None:
    """Measure, print and keep."""
    said = _parser().parse_args(words)
    folder = said.data or Path(tempfile.gettempdir()) / f"bench-{said.seed}-{said.feeds}"
    listed = catalogue(folder, said.feeds, said.seed)
    if said.growth:
        print(growth(folder, said.feeds, said.entries, said.repeat))
        return
    about = {
        **report.machine(),
        "feeds": said.feeds,
        "entries": sum(feed.entries for feed in listed),
        "megabytes": sum(file_of(folder, feed.number).stat().st_size for feed in listed) / 1e6,
        "seed": said.seed,
        "repeat": said.repeat,
    }
    contestants = chosen(said.peers)
    runs = _runs(folder, contestants, said.feeds, said.repeat)
    kept = said.json or _KEPT / f"{said.feeds}-feeds-{said.seed}.json"
    last = json.loads(kept.read_text()) if kept.exists() else {}
    told = report.text(runs, about)
    print("\n".join((told, *report.regressions(runs, last))))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(report.as_json(runs, about), indent=1) + "\n")
    if said.document:
        report.put_into(said.document, told)


def _runs(
    folder: Path, contestants: Sequence[Contestant], feeds: int, repeat: int
) -> dict[Contestant, list[Mapping[str, Cost]]]:
    """Run everybody in turn, so that each turn meets one weather."""
    runs: dict[Contestant, list[Mapping[str, Cost]]] = {one: [] for one in contestants}
    with Server(folder) as server:
        for _ in range(repeat):
            for contestant in contestants:
                runs[contestant].append(measure(contestant, server, feeds))
    return runs


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000, metavar="N", help="how many (1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of the catalogue (1)")
    parser.add_argument("--repeat", type=int, default=5, metavar="R", help="turns (5)")
    parser.add_argument(
        "--peers",
        nargs="*",
        default=list(PEERS),
        choices=PEERS,
        help="measure these beside us; all that are there where it is not said",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="keep every figure here (bench/last/); what became worse since then is told",
    )
    parser.add_argument(
        "--document",
        type=Path,
        nargs="?",
        const=_DOCUMENT,
        metavar="FILE",
        help="put the report into this (docs/performance.md)",
    )
    parser.add_argument(
        "--growth", action="store_true", help="measure years of entries of ten times the sources"
    )
    parser.add_argument(
        "--entries", type=int, default=1_000_000, metavar="N", help="kept after them (1000000)"
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="where the catalogue is kept")
    return parser


if __name__ == "__main__":
    main()

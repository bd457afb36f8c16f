"""``python -m bench.reading FOLDER``: how much of what feeds say is read right.

The folder holds tables (``cases_<name>.jsonl``), their documents (``inputs/``) and captured feeds
(``real/``, with ``index.jsonl``); whichever are there are read. Tables of other names than those
below are suites of feeds.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from bench.reading.score import Score
from bench.reading.suites import score_suite, tables
from bench.reading.tables import TABLES, score_real, score_table


def main(words: list[str] | None = None) -> None:
    """Read, print and keep."""
    said = _parser().parse_args(words)
    scores = list(_scores(said.folder, frozenset(said.only)))
    for score in scores:
        print("\n".join(score.lines()))
        for miss in score.misses[: said.show]:
            print(f"    {miss}")
    suites = [score.totals for score in scores if score.is_suite]
    if suites:
        right, asked = sum(one[0] for one in suites), sum(one[1] for one in suites)
        print(f"fields of all suites: {right}/{asked} = {100 * right / asked:.2f} %")
    if said.json:
        kept = {score.name: score.as_json() for score in scores}
        said.json.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def _scores(folder: Path, only: frozenset[str]) -> Iterator[Score]:
    """Yield the suites' scores, then those of the tables, then that of the captured feeds."""
    there = [name for name in tables(folder) if not only or name in only]
    for name in there:
        if name not in TABLES:
            yield score_suite(folder, name)
    for name in TABLES:
        if name in there:
            yield score_table(folder, name)
    if (folder / "real" / "index.jsonl").exists() and (not only or "real" in only):
        yield score_real(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of tables")
    parser.add_argument("only", nargs="*", metavar="TABLE", help="read these alone")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="misses of each table")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every figure and miss here")
    return parser


if __name__ == "__main__":
    main()

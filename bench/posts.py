"""``python -m bench.posts``: what reading folders of posts costs, and what was found in them.

With folders, each with its engine before a "=" where it has no configuration, it prints one line
for each (engine, files, entries, notes by kind) and one for each engine. Without, it makes 20,000
posts and measures a first scan, an unchanged one, one with one file changed, and an
unchanged one after a restart.
"""

import argparse
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from aggregator.formats.reading.posts import PostReader, Reading
from aggregator.model.fetched import Failed, Fetched, PostFolder, Request, Validators
from aggregator.model.settings import PostsOptions, Source
from aggregator.sources.folder import FolderFetcher

_T = TypeVar("_T")
_WORDS = [
    *("lorem", "ipsum", "dolor", "*sit*", "amet,", "`consetetur`", "sadipscing"),
    *("[elitr](https://a.example/x),", "sed", "diam", "nonumy", "eirmod", "tempor"),
]


def _now() -> datetime:
    """Be ahead of the files, so that none counts as being written."""
    return datetime.now(UTC) + timedelta(seconds=5)


class Scanner:
    """Fetcher and reader of one folder, as ``aggregator.plugins`` puts them together."""

    def __init__(
        self, folder: Path, validators: Validators | None = None, engine: str = "auto"
    ) -> None:
        options = PostsOptions(engine=engine)
        self.source = Source(folder.name, "posts", str(folder.resolve()), posts=options)
        self.validators = validators or Validators()
        self.reader = PostReader()
        self.fetch = FolderFetcher(_now, self.reader.next_due)

    def scan(self) -> Reading | str:
        """Scan once; the words are why there is nothing to read."""
        request = Request(self.source, self.source.location, self.validators)
        (answer,) = self.fetch([request])
        outcome = answer.outcome
        if isinstance(outcome, Failed):
            return str(outcome.error)
        if not isinstance(outcome, Fetched) or not isinstance(outcome.document, PostFolder):
            return "unchanged"
        self.validators = outcome.validators
        return self.reader.read(outcome.document)


@dataclass
class Line:
    """What was found in the folders of one engine."""

    sites: int = 0
    recognised: int = 0
    files: int = 0
    entries: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def add(self, found: Reading, *, told: bool) -> None:
        """Count one folder."""
        self.sites += 1
        self.recognised += not told
        self.files += found.files
        self.entries += len(found.feed.entries)
        for kind, count in found.kinds.items():
            self.kinds["template code" if kind.startswith("template:") else kind] += count

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in self.kinds.most_common())
        return f"{self.sites} | {self.recognised} | {self.files} | {self.entries} | {kinds}"


_HEADS = ("folders", "recognised", "files", "entries", "notes")


def table(folders: list[str]) -> None:
    """Print what is found in folders, as tables for the documentation."""
    engines: dict[str, Line] = {}
    print(f"| folder | engine | {' | '.join(_HEADS)} |\n{'|---' * 7}|")
    for said in folders:
        engine, told, name = said.rpartition("=")
        folder = Path(name)
        found = Scanner(folder, engine=engine or "auto").scan()
        if isinstance(found, str):
            print(f"| {folder.name} | | | | | | {found} |")
            continue
        line = Line()
        for one in (line, engines.setdefault(found.engine, Line())):
            one.add(found, told=bool(told))
        print(f"| {folder.name} | {found.engine} | {line} |")
    print(f"\n| engine | {' | '.join(_HEADS)} |\n{'|---' * 6}|")
    for engine, line in sorted(engines.items()):
        print(f"| {engine} | {line} |")


def measure(posts: int) -> None:
    """Make posts and print what scans of them cost."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _make(folder, posts)
        scanner = Scanner(folder)
        _timed("first", posts, scanner.scan)
        _timed("unchanged", posts, scanner.scan)
        one = folder / _path(0)
        one.write_text(one.read_text() + "\nAn edit.\n")
        _timed("one changed", posts, scanner.scan)
        _timed("unchanged, restarted", posts, Scanner(folder, scanner.validators).scan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MiB")


def _timed(name: str, posts: int, work: Callable[[], _T]) -> _T:
    begun = time.process_time()
    done = work()
    spent = time.process_time() - begun
    print(f"{name:22}{spent:7.2f} s CPU{spent / posts * 1000:9.4f} ms a post")
    return done


def _make(folder: Path, posts: int) -> None:
    (folder / "_config.yml").write_text("url: https://a.example\ntitle: A\n")
    for number in range(posts):
        file = folder / _path(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_post(number))


def _path(number: int) -> str:
    day = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=number % 9000)
    return f"_posts/{day:%Y}/{day:%Y-%m-%d}-post-{number}.md"


def _post(number: int) -> str:
    paragraphs = (
        " ".join(_WORDS[(number + line + word) % len(_WORDS)] for word in range(60))
        for line in range(8)
    )
    front = f'title: "Post {number}"\ncategories: c{number % 40}\ntags: [a, b{number % 100}]\n'
    return f"---\nlayout: post\n{front}---\n" + "\n\n".join(paragraphs) + "\n\n- one\n- two\n"


def main() -> None:
    """Measure, or look into folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", help='folders to look into, or "engine=folder"')
    parser.add_argument("--posts", type=int, default=20_000, help="how many to make and measure")
    said = parser.parse_args()
    if said.folders:
        table(said.folders)
    else:
        measure(said.posts)


if __name__ == "__main__":
    main()

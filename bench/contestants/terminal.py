"""Programs for the terminal, measured where they are installed: newsboat and sfeed."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.records import Contestant, Task, count


def newsboat() -> Contestant | None:
    """Return newsboat, if it is installed."""
    if not shutil.which("newsboat"):
        return None
    said = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    version = found[0] if found else ""
    return Contestant("newsboat", version, _prepare_newsboat, _newsboat, _kept_by_newsboat)


def sfeed() -> Contestant | None:
    """Return sfeed, if it is installed; it knows no version of itself, and fetches with curl."""
    if not shutil.which("sfeed_update"):
        return None
    return Contestant("sfeed", "", _prepare_sfeed, _sfeed, _kept_by_sfeed)


def _prepare_newsboat(folder: Path, task: Task) -> None:
    (folder / "urls").write_text("".join(f"{url}\n" for url in task.urls))
    (folder / "config").write_text("reload-threads 1\n")


def _newsboat(folder: Path, turn: str) -> Sequence[str]:
    files = {"-u": "urls", "-C": "config", "-c": "cache.db"}
    places = [word for name, file in files.items() for word in (name, str(folder / file))]
    return ["newsboat", *places, "-x", "reload"]


def _kept_by_newsboat(folder: Path) -> int:
    return count(folder / "cache.db", "rss_item")


def _prepare_sfeed(folder: Path, task: Task) -> None:
    """Write an sfeedrc: a shell script that calls ``feed`` for each."""
    calls = "".join(f'feed "feed-{number:05}" "{url}"\n' for number, url in enumerate(task.urls))
    place = folder / "feeds"
    place.mkdir()
    (folder / "sfeedrc").write_text(f'sfeedpath="{place}"\nmaxjobs=1\nfeeds() {{\n{calls}}}\n')


def _sfeed(folder: Path, turn: str) -> Sequence[str]:
    return ["sfeed_update", str(folder / "sfeedrc")]


def _kept_by_sfeed(folder: Path) -> int:
    """Count lines: one an entry."""
    return sum(path.read_bytes().count(b"\n") for path in (folder / "feeds").iterdir())

"""Programs for the terminal, measured where they are installed: newsboat and sfeed."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.records import Contestant


def newsboat() -> Contestant | None:
    """Return newsboat, if it is installed."""
    if not shutil.which("newsboat"):
        return None
    said = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(?:\.\d+)+", said)
    return Contestant("newsboat", found[0] if found else "", _prepare_newsboat, _newsboat)


def sfeed() -> Contestant | None:
    """Return sfeed, if it is installed; it knows no versions of itself, and fetches with curl."""
    if not shutil.which("sfeed_update"):
        return None
    return Contestant("sfeed", "", _prepare_sfeed, _sfeed)


def _prepare_newsboat(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls))
    (folder / "config").write_text("reload-threads 1\n")


def _newsboat(folder: Path, turn: str) -> Sequence[str]:
    files = {"-u": "urls", "-C": "config", "-c": "cache.db"}
    places = [word for name, file in files.items() for word in (name, str(folder / file))]
    return ["newsboat", *places, "-x", "reload"]


def _prepare_sfeed(folder: Path, urls: Sequence[str]) -> None:
    """Write an sfeedrc: a shell script that calls ``feed`` for each."""
    calls = "".join(f'feed "feed-{number:05}" "{url}"\n' for number, url in enumerate(urls))
    place = folder / "feeds"
    place.mkdir()
    (folder / "sfeedrc").write_text(f'sfeedpath="{place}"\nmaxjobs=1\nfeeds() {{\n{calls}}}\n')


def _sfeed(folder: Path, turn: str) -> Sequence[str]:
    return ["sfeed_update", str(folder / "sfeedrc")]

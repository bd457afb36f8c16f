"""lemon24/reader, the Python library: from the package index, in a folder of its own.

Its own copy of feedparser stays out of use: an environment variable makes it take the released one,
which is the faster. It takes its authorities from certifi and nowhere else.
"""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

from bench.contestants.records import Contestant, Task, count

VERSION = "3.26"
_DATABASE = "reader.sqlite"
_ENVIRONMENT = "READER_NO_VENDORED_FEEDPARSER=1"
_ADD = """
import sys
from reader import make_reader
with make_reader(sys.argv[1]) as reader:
    for line in open(sys.argv[2]):
        reader.add_feed(line.strip())
"""
_POLL = """
import os, sys
import certifi
certifi.where = lambda: os.environ["SSL_CERT_FILE"]
from reader import make_reader
with make_reader(sys.argv[1]) as reader:
    reader.update_feeds(scheduled=False)
"""


def reader() -> Contestant:
    """Return the library, installing it where it is not yet.

    :raises CalledProcessError: the package index cannot be had
    """
    python = _python()
    return Contestant(
        name="reader",
        version=VERSION,
        prepare=lambda folder, task: _prepare(python, folder, task),
        command=lambda folder, turn: _words(python, _POLL, str(folder / _DATABASE)),
        kept=lambda folder: count(folder / _DATABASE, "entries"),
    )


def _python() -> Path:
    """Return the interpreter of a virtual environment that holds the library."""
    python = Path(tempfile.gettempdir()) / f"bench-reader-{VERSION}" / "bin" / "python"
    if not _is_there(python):
        print(f"installing reader {VERSION} into {python.parent.parent}", file=sys.stderr)
        venv.create(python.parent.parent, with_pip=True, clear=True)
        wanted = f"reader=={VERSION}"
        subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True)
    return python


def _is_there(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import reader"], check=False).returncode == 0


def _prepare(python: Path, folder: Path, task: Task) -> None:
    listed = folder / "urls.txt"
    listed.write_text("".join(f"{url}\n" for url in task.urls))
    subprocess.run(_words(python, _ADD, str(folder / _DATABASE), str(listed)), check=True)


def _words(python: Path, program: str, *words: str) -> Sequence[str]:
    return ["env", _ENVIRONMENT, str(python), "-c", program, *words]

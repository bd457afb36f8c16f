"""How long a reader waits while `aggregator run` polls every feed of a catalogue."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from bench.contestants import Task, ours
from bench.server import Server
from bench.serving.servers import HOST, Reader, free_port, running

_EVERY_S = 0.02
_DONE = "Subscribe:"
_DUE = """
UPDATE poll_state SET next_poll_at = '2026-01-01 00:00:00.000000', lease_until = NULL,
  last_poll_at = NULL, etag = NULL, last_modified = NULL, body_hash = NULL
"""
_MOST_S = 1800.0


def waits(catalogue: Path, feeds: int, folder: Path) -> list[float]:
    """Return how many seconds each request took in a round that reads all bodies, sorted.

    A first poll has published everything; then what is known of the answers is forgotten.
    """
    with Server(catalogue) as server:
        contestant = ours()
        urls = [server.url(number) for number in range(feeds)]
        contestant.prepare(folder, Task(urls, server.hub))
        poll = contestant.command(folder, "first")
        subprocess.run(poll, check=True, stdout=subprocess.DEVNULL)
        with closing(sqlite3.connect(folder / "instance" / "aggregator.db")) as database, database:
            database.execute(_DUE)
        server.state("changed")
        port = free_port()
        log = folder / "log.txt"
        command = [*poll[:-1], "run", "--bind", f"{HOST}:{port}"]
        with running(command, port, log, {"PYTHONUNBUFFERED": "1"}):
            return sorted(_ask_until_done(port, log))


def _ask_until_done(port: int, log: Path) -> list[float]:
    reader = Reader(port, "/feeds/all.atom", "Accept-Encoding: gzip")
    found = []
    end = time.monotonic() + _MOST_S
    while _DONE not in log.read_text():
        began = time.monotonic()
        if reader.ask() != 200 or began > end:
            raise RuntimeError(f"the round goes wrong: {log.read_text()[-2000:]}")
        found.append(time.monotonic() - began)
        time.sleep(_EVERY_S)
    reader.close()
    return found


def percentile(found: list[float], part: float) -> float:
    """Return the value below which this part of sorted ones is."""
    if not found:
        sys.exit("the round was over before anybody asked")
    return found[min(int(len(found) * part), len(found) - 1)]

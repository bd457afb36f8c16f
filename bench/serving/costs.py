"""CPU of an answer that nothing changed: ours on granian beside plain Flask under gunicorn."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from aggregator.core.artifacts import artifact
from aggregator.model.shown import Artifact, Build
from aggregator.store import open_store
from bench.prose import Prose
from bench.serving.plain import DATABASE
from bench.serving.servers import HOST, Reader, Running, free_port, running

_BYTES = 100_000
_READERS = 4


def prepare(folder: Path) -> Artifact:
    """Make an instance that serves one feed of 100 kB."""
    (folder / "feeds.yaml").write_text(
        "site: {url: 'https://feeds.example.org/', title: Bench, contact: bench@example.org}\n"
        "sources: {one: {feed: 'https://example.org/feed'}}\n"
    )
    (folder / "instance").mkdir()
    body = Prose(Random("serving")).body(_BYTES).encode()
    kind = "application/atom+xml; charset=utf-8"
    made = artifact("feeds/bench.atom", kind, body, datetime(2026, 3, 2, tzinfo=UTC), "bench")
    with closing(open_store(f"sqlite:///{_database(folder)}")) as store:
        store.save(Build(slug="bench", recipe="", artifacts=(made,)))
    return made


def commands(folder: Path, port: int) -> Mapping[str, Sequence[str]]:
    """Return what is compared: ours first."""
    bind = f"{HOST}:{port}"
    place = ["--config", str(folder / "feeds.yaml"), "--instance", str(folder / "instance")]
    ours = [sys.executable, "-m", "aggregator", *place, "serve", "--bind", bind]
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", str(_READERS)]
    return {
        "serve --workers 1 (granian)": [*ours, "--workers", "1"],
        "serve (waitress)": ours,
        "Flask under gunicorn gthread": [
            *(*gunicorn, "-w", "1", "-b", bind),
            "bench.serving.plain:application()",
        ],
    }


def measure(folder: Path, saved: Artifact, requests: int) -> dict[str, float]:
    """Return the CPU seconds of one 304, by server."""
    found = {}
    for name in commands(folder, 0):
        port = free_port()
        environment = {DATABASE: str(_database(folder))}
        command = commands(folder, port)[name]
        with running(command, port, folder / "log.txt", environment) as server:
            _ask(server, saved, requests // 10)
            before = server.cpu_s()
            _ask(server, saved, requests)
            found[name] = (server.cpu_s() - before) / requests
    return found


def _ask(server: Running, saved: Artifact, requests: int) -> None:
    headers = (f"If-None-Match: {saved.etag}", "Accept-Encoding: gzip")
    readers = [Reader(server.port, f"/{saved.path}", *headers) for _ in range(_READERS)]
    for number in range(requests):
        status = readers[number % _READERS].ask()
        if status != 304:
            raise RuntimeError(f"{status} where nothing changed")
    for reader in readers:
        reader.close()


def _database(folder: Path) -> Path:
    return folder / "instance" / "aggregator.db"

"""The daemon as its own process: it serves what lay in a folder, and ends when it is told to."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow

PATIENCE_S = 60
END_S = 5

Start = Callable[..., "Daemon"]


class Daemon:
    """A running `aggregator run` and what it said."""

    def __init__(self, folder: Path, *words: str, bind: str = "127.0.0.1") -> None:
        self.port = free_port()
        self.log = folder / f"said-{self.port}.txt"
        options = ("--bind", f"{bind}:{self.port}")
        command = [sys.executable, "-u", "-m", "aggregator", *words, *options]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,  # no terminal, whoever runs the tests
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment(),
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> bytes:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE_S) as answer:
            body: bytes = answer.read()
            return body

    def wait_for(self, found: Callable[[], bool]) -> None:
        """Wait until something is so; a daemon that ended will not bring it about."""
        end = time.monotonic() + PATIENCE_S
        while not quietly(found):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=END_S)


def quietly(found: Callable[[], bool]) -> bool:
    try:
        return found()
    except URLError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")}


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    begun: list[Daemon] = []

    def begin(*words: str) -> Daemon:
        begun.append(Daemon(folder, *(words or ("run",))))
        return begun[-1]

    yield begin
    for daemon in begun:
        daemon.process.kill()
        daemon.process.wait()


def subscribed(daemon: Daemon) -> Callable[[], bool]:
    return lambda: "Subscribe:" in daemon.said


def ids(feed: bytes) -> list[str]:
    return [item["id"] for item in json.loads(feed)["items"]]


def test_it_polls_publishes_serves_and_ends(start: Start, folder: Path) -> None:
    daemon = start()
    daemon.wait_for(subscribed(daemon))
    address = f"http://127.0.0.1:{daemon.port}/"
    assert f"  news  {address}feeds/news.atom   2 entries\n" in daemon.said
    assert f"Browse {address} · next poll " in daemon.said
    feed = daemon.get("/feeds/news.atom")
    assert b"<entry>" in feed
    assert f'href="{address}feeds/news.atom"'.encode() in feed
    assert b"First words" in daemon.get("/feeds/all/")
    assert daemon.get("/readyz") == b'{"status": "ready"}\n'
    assert daemon.stop() == 0
    assert daemon.said.splitlines()[-1] == "stopped"
    assert "Traceback" not in daemon.said


def test_a_second_start_polls_nothing_early_and_announces_nothing_twice(start: Start) -> None:
    first = start()
    first.wait_for(subscribed(first))
    before = ids(first.get("/feeds/all.json"))
    assert first.stop(signal.SIGINT) == 0
    second = start()
    second.wait_for(subscribed(second))
    assert " ok · " not in second.said
    assert ids(second.get("/feeds/all.json")) == before


def test_a_kill_loses_and_repeats_nothing(start: Start) -> None:
    first = start()
    first.wait_for(subscribed(first))
    before = ids(first.get("/feeds/all.json"))
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    second = start()
    second.wait_for(subscribed(second))
    assert len(before) == 2
    assert ids(second.get("/feeds/all.json")) == before


def test_a_second_daemon_is_turned_away(start: Start) -> None:
    first = start()
    first.wait_for(subscribed(first))
    second = start()
    assert second.process.wait(timeout=PATIENCE_S) == 75
    assert f"process {first.process.pid} runs on " in second.said


def test_an_edit_is_taken_up_and_a_wrong_one_is_told(start: Start, folder: Path) -> None:
    daemon = start()
    daemon.wait_for(subscribed(daemon))
    path = folder / "feeds.yaml"
    text = path.read_text()
    path.write_text(text.replace("title: Everything", "titel: All"))
    daemon.wait_for(lambda: "is wrong, the old one goes on" in daemon.said)
    assert re.search(r"feeds\.yaml:6:9: titel is no key here \(did you mean title\?\)", daemon.said)
    path.write_text(text.replace("title: Everything", "title: All of it"))
    daemon.wait_for(lambda: b"All of it" in daemon.get("/feeds/all.atom"))
    assert (
        "feeds.yaml or a template was edited and is in use now: 1 source, 2 feeds\n" in daemon.said
    )
    assert daemon.stop() == 0


def test_a_hangup_has_the_configuration_looked_at_now(start: Start, folder: Path) -> None:
    daemon = start()
    daemon.wait_for(subscribed(daemon))
    path = folder / "feeds.yaml"
    path.write_text(path.read_text().replace("Everything", "All of it"))
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_for(lambda: b"All of it" in daemon.get("/feeds/all.atom"))
    assert daemon.stop() == 0


def test_who_listens_to_all_is_told_to_name_the_machine(folder: Path) -> None:
    daemon = Daemon(folder, "run", bind="0.0.0.0")
    daemon.wait_for(subscribed(daemon))
    said = daemon.said
    assert daemon.stop() == 0
    assert f"  news  http://127.0.0.1:{daemon.port}/feeds/news.atom" in said
    assert "set site.url in feeds.yaml" in said


def test_it_ends_though_a_server_never_answers(start: Start, folder: Path) -> None:
    path = folder / "feeds.yaml"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        stalled = f"sources:\n  stalled: {{feed: '{address}'}}"
        text = path.read_text().replace("sources:", stalled)
        path.write_text(f"{text}fetch: {{allow_networks: [127.0.0.0/8]}}\n")
        daemon = start()
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(3) == b"GET"
            assert daemon.stop() == 0
    assert "Traceback" not in daemon.said
    assert daemon.said.endswith("stopped\n")


def test_it_ends_though_the_database_is_locked(start: Start, folder: Path) -> None:
    daemon = start()
    daemon.wait_for(subscribed(daemon))
    with closing(sqlite3.connect(folder / "instance/aggregator.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        path = folder / "feeds.yaml"
        path.write_text(path.read_text().replace("Everything", "All of it"))
        daemon.process.send_signal(signal.SIGHUP)
        time.sleep(6)  # so that it waits for the database, which nobody outside can see
        assert daemon.stop() == 0
    assert "Traceback" not in daemon.said
    assert "stopped in the middle" in daemon.said


ASKED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/feeds/all.atom", {}),
    ("GET", "/feeds/all.atom", {"Accept-Encoding": "gzip"}),
    ("GET", "/feeds/all.atom", {"If-None-Match": "*"}),
    ("GET", "/feeds/all.atom", {"If-None-Match": "*", "Accept-Encoding": "gzip"}),
    ("GET", "/feeds/all.atom", {"If-None-Match": "*", "Authorization": "Bearer token"}),
    ("GET", "/feeds/all.atom?token=secret", {"If-None-Match": "*"}),
    ("GET", "/feeds/all/", {"Authorization": "Bearer token"}),
    ("HEAD", "/feeds/all.atom", {}),
    ("HEAD", "/feeds/all.atom", {"If-None-Match": "*"}),
    ("HEAD", "/nowhere", {}),
    ("GET", "/nowhere", {}),
    ("GET", "/feeds/all", {}),
    ("POST", "/feeds/all.atom", {}),
    ("GET", "/healthz", {}),
)
"""Each is asked twice: the second answer may be a remembered one."""
OF_THE_SERVER = {"date", "server", "connection", "via"}

Answer = tuple[int, list[tuple[str, str]], bytes]


def answers(port: int) -> list[Answer]:
    """Return what a server says, without the headers of its own."""
    told = []
    for method, path, headers in (*ASKED, *ASKED):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        named = [(name.lower(), value) for name, value in answer.getheaders()]
        kept = sorted(line for line in named if line[0] not in OF_THE_SERVER)
        told.append((answer.status, kept, answer.read()))
        connection.close()
    return told


@pytest.mark.slow
def test_workers_answer_byte_for_byte_what_one_process_answers(start: Start) -> None:
    first = start()
    first.wait_for(subscribed(first))
    assert first.stop() == 0
    one, many = start("serve"), start("serve", "--workers", "2")
    for serving in (one, many):
        serving.wait_for(lambda serving=serving: b"ok" in serving.get("/healthz"))  # type: ignore[misc]
    told = answers(one.port)
    assert told[: len(ASKED)] == told[len(ASKED) :]
    assert answers(many.port) == told
    assert many.stop() == 0
    assert "Traceback" not in many.said


def test_serve_serves_what_is_published_and_polls_nothing(start: Start) -> None:
    first = start()
    first.wait_for(subscribed(first))
    feed = first.get("/feeds/all.atom")
    assert first.stop() == 0
    serving = start("serve")
    serving.wait_for(lambda: serving.get("/feeds/all.atom") == feed)
    assert serving.stop() == 0
    assert "Traceback" not in serving.said

"""Run one program through the rounds and take down what each cost."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from resource import struct_rusage

from msgspec import Struct

from bench.contestants import Contestant, Task
from bench.server import HTTPS_HOSTS, Server


class Round(Struct, frozen=True):
    """One poll that is measured."""

    name: str
    state: str
    """What the server answers."""
    turn: str
    """Which poll it is of that folder: the first, or one again."""
    tls: bool = False
    """Over a folder of its own, whose first poll is not measured."""
    builds: bool = True
    """Who publishes has something to publish, and tells the hub."""


ROUNDS = (
    Round("first poll", "as-is", "first"),
    Round("all unchanged", "as-is", "again", builds=False),
    Round("one in ten changed", "changed", "again"),
    Round(f"all unchanged, {HTTPS_HOSTS} HTTPS hosts", "as-is", "again", tls=True, builds=False),
)


class Cost(Struct, frozen=True):
    """One round of one program, start of the interpreter and all children included."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    requests: int
    not_modified: int
    received_mb: float
    entries: int
    """Kept when it was over."""
    pings: int


def measure(contestant: Contestant, server: Server, feeds: int) -> Mapping[str, Cost]:
    """Run all rounds, each kind of connection over a fresh folder.

    :raises RuntimeError: the program failed, did not ask for every feed, or told no hub
    """
    return _plain(contestant, server, feeds) | _tls(contestant, server, min(feeds, HTTPS_HOSTS))


def _plain(contestant: Contestant, server: Server, feeds: int) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        trial = Trial(contestant, server, Path(place), feeds)
        contestant.prepare(
            trial.folder, Task([server.url(number) for number in range(feeds)], server.hub)
        )
        return {one.name: trial.run(one) for one in ROUNDS if not one.tls}


def _tls(contestant: Contestant, server: Server, feeds: int) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        trial = Trial(contestant, server, Path(place), feeds)
        urls = [server.url(number, tls=True) for number in range(feeds)]
        contestant.prepare(trial.folder, Task(urls, server.hub, server.authorities))
        trial.run(Round("not measured", "as-is", "first", tls=True))
        return {one.name: trial.run(one) for one in ROUNDS if one.tls}


class Trial(Struct, frozen=True):
    """One program over one folder."""

    contestant: Contestant
    server: Server
    folder: Path
    feeds: int

    def run(self, one: Round) -> Cost:
        """Poll once.

        :raises RuntimeError: it failed, or did less than it was to do
        """
        log = self.folder / "log.txt"
        self.server.state(one.state)
        wall_s, usage = self._measured(one.turn, log)
        counts = self.server.state(one.state)
        cost = _cost(wall_s, usage, counts, self.contestant.kept(self.folder))
        if fault := self._fault(one, cost):
            words = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.contestant.name}, {one.name}: {fault}\n{cost}\n{words}")
        return cost

    def _measured(self, turn: str, log: Path) -> tuple[float, struct_rusage]:
        """Run the command; returns its wall time and what it and its children used."""
        command = self.contestant.command(self.folder, turn)
        began = time.monotonic()
        with log.open("ab") as file:
            process = subprocess.Popen(
                command,
                stdout=file,
                stderr=file,
                stdin=subprocess.DEVNULL,
                env=os.environ | _believing(self.server.authorities),
            )
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words = log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"exit {process.returncode} of {' '.join(command)}\n{words}")
        return time.monotonic() - began, used

    def _fault(self, one: Round, cost: Cost) -> str:
        """Say what was left undone: it would make a poll look cheap."""
        if cost.requests < self.feeds:
            return f"{cost.requests} requests for {self.feeds} feeds"
        if cost.entries == 0:
            return "it keeps nothing"
        if one.builds and self.contestant.publishes and cost.pings == 0:
            return "it told no hub"
        return ""


def _believing(authorities: Path) -> Mapping[str, str]:
    """Return the variables by which requests, curl and newsboat are told of authorities."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    return {name: str(authorities) for name in names}


def _cost(wall_s: float, usage: struct_rusage, counts: Mapping[str, int], entries: int) -> Cost:
    return Cost(
        cpu_s=round(usage.ru_utime + usage.ru_stime, 3),
        wall_s=round(wall_s, 3),
        peak_mb=round(usage.ru_maxrss / 1024, 1),
        requests=counts.get("requests", 0),
        not_modified=counts.get("not modified", 0),
        received_mb=round(counts.get("bytes", 0) / 1e6, 2),
        entries=entries,
        pings=counts.get("pings", 0),
    )

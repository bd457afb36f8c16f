"""Servers as processes of their own: begun, asked, measured and ended."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

HOST = "127.0.0.1"

_PATIENCE_S = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


class Running(Struct, frozen=True):
    """A server and all its processes."""

    pid: int
    port: int

    def cpu_s(self) -> float:
        """Return the CPU seconds its processes have used that live."""
        return sum(map(self._ticks, Path("/proc").glob("[0-9]*/stat"))) / _TICKS

    def _ticks(self, stat: Path) -> int:
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return int(after_name[11]) + int(after_name[12]) if int(after_name[2]) == self.pid else 0


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str]
) -> Iterator[Running]:
    """Run a server in a session of its own until the block ends."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=file, env=os.environ | environment, start_new_session=True
        )
    try:
        _wait_for(port, process, log)
        yield Running(process.pid, port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"no server at {port}: {log.read_text()[-2000:]}")


class Reader:
    """A reader who keeps its connection; waitress ends it after a 304, then it makes another."""

    def __init__(self, port: int, path: str, *headers: str) -> None:
        lines = (f"GET {path} HTTP/1.1", f"Host: {HOST}:{port}", *headers, "", "")
        self._request = "\r\n".join(lines).encode()
        self._port = port
        self._connect()

    def ask(self) -> int:
        """Ask once and read the whole answer; returns its status."""
        try:
            return self._ask()
        except ConnectionError:
            self.close()
            self._connect()
            return self._ask()

    def _connect(self) -> None:
        self._connection = socket.create_connection((HOST, self._port), timeout=_PATIENCE_S)

    def _ask(self) -> int:
        self._connection.sendall(self._request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._received()
        head, _, body = received.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        left = 0 if status == 304 else _length(head) - len(body)
        while left > 0:
            left -= len(self._received())
        return status

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _received(self) -> bytes:
        found = self._connection.recv(65_536)
        if not found:
            raise ConnectionError("the server hung up")
        return found


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError("an answer without its length")

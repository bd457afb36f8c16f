"""Runs for years: APScheduler ticks, waitress serves, a signal ends both.

The scheduler knows no source: what is due is a column in the database, and a tick asks for it. So a
restart, a missed tick or a second machine changes nothing about who is polled when.
"""

import fcntl
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from msgspec import Struct
from waitress.server import create_server
from waitress.wasyncore import dispatcher

from aggregator.app import template_files, utc_now
from aggregator.errors import AggregatorError, ConfigError, InstanceError, LockHeldError
from aggregator.model.events import Round
from aggregator.pipeline import Pipeline

LOCK = "aggregator.lock"

_TICK_S = 10
_TICK = "tick"
_TIDY_HOURS = 24
_SETTLED = timedelta(minutes=10)
"""After a start, when what it found due is polled."""
_BODY_BYTES = 64 * 1024
"""Of a request: the hub reads forms, nothing else reads a body."""
_GRACE_S = 2.0
"""How long answers under way may hold up the end."""
_END_S = 3.0
"""How long anything may."""

_log = logging.getLogger("aggregator")

Stop = Callable[[], bool]


@contextmanager
def hold(instance: Path) -> Iterator[None]:
    """Hold the instance folder for one daemon; the kernel lets go when the process ends.

    :raises LockHeldError: another daemon holds it
    :raises InstanceError: the folder cannot be written
    """
    path = instance / LOCK
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise InstanceError(f"cannot write {path}: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeldError(_holder(path, file.fileno())) from error
        except OSError as error:
            raise InstanceError(f"cannot lock {path}: {error.strerror}") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


class Live(Struct):
    """The pipeline in use, replaced when feeds.yaml was edited and is right, or a template was.

    A wrong edit is told once and the old settings go on.
    """

    pipeline: Pipeline
    rebuild: Callable[[], Pipeline]
    after_edit: Callable[[Pipeline], None]
    after_round: Callable[[Pipeline, Round], None]
    _seen: tuple[tuple[str, int, int], ...] = ()

    def __post_init__(self) -> None:
        self._seen = self._stamp()

    def tick(self, stop: Stop) -> None:
        """Poll what is due; whatever goes wrong is told, and the next tick tries again."""
        try:
            self._follow_edits()
            done = self.pipeline.poll_due(stop=stop)
            if not stop():
                self.after_round(self.pipeline, done)
        except AggregatorError as error:
            _log.error("%s; trying again in %s s", error, _TICK_S)
        except Exception:
            _log.exception("a fault of the aggregator's own; trying again in %s s", _TICK_S)

    def deliver(self, stop: Stop) -> None:
        """Tell hubs and subscribers what changed; in a thread of its own, no round waits for it."""
        try:
            self.pipeline.publishing.deliver(stop)
        except AggregatorError as error:
            _log.error("%s; trying again in %s s", error, _TICK_S)
        except Exception:
            _log.exception("a fault of the aggregator's own; trying again in %s s", _TICK_S)

    def tidy(self) -> None:
        """Forget old lines of the poll log."""
        try:
            self.pipeline.tidy()
        except AggregatorError as error:
            _log.error("%s", error)

    def _follow_edits(self) -> None:
        stamp = self._stamp()
        if stamp == self._seen:
            return
        try:
            self.pipeline, taken_up = self.rebuild(), True
        except ConfigError as error:
            _log.error("feeds.yaml was edited and is wrong, the old one goes on:\n%s", error)
            taken_up = False
        # Only now: an edit that met a locked database is taken up at the next tick.
        self._seen = stamp
        if taken_up:
            self.after_edit(self.pipeline)

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """Return sizes and times of feeds.yaml and of the templates beside it.

        An editor that saves in two steps shows a file twice.
        """
        config = self.pipeline.settings.path
        found = []
        for path in (config, *template_files(config)):
            with suppress(OSError):
                status = path.stat()
                found.append((path.name, status.st_size, status.st_mtime_ns))
        return tuple(found)


def listen(app: WSGIApplication, host: str, port: int) -> Any:
    """Open the listening socket; readers are answered once ``serve`` or ``run`` is called.

    :raises InstanceError: the address cannot be had
    """
    listening = bound(host, port)
    listening.listen()
    return create_server(
        app, sockets=[listening], ident=None, threads=8, max_request_body_size=_BODY_BYTES
    )


def bound(host: str, port: int) -> socket.socket:
    """Return a socket with an address: nobody listens yet.

    :raises InstanceError: the address cannot be had
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
    except (OSError, UnicodeError) as error:
        made.close()
        words = getattr(error, "strerror", None) or "it is no name of a host"
        raise InstanceError(
            f"cannot listen on {host}:{port}: {words}; choose another address with --bind"
        ) from error
    return made


def run(live: Live, server: Any) -> None:
    """Poll, publish and serve until SIGTERM or SIGINT; ends within seconds, nothing torn.

    SIGHUP has feeds.yaml looked at now; where we run in a terminal, it says that this was closed.
    """
    stop = _stop_on_signals()
    scheduler = scheduled(live, stop.is_set, utc_now())
    scheduler.start()
    if not os.isatty(0):
        tick = scheduler.get_job(_TICK)
        _on_signal(signal.SIGHUP, lambda: tick.modify(next_run_time=utc_now()))
    _serve_until(server, stop, lambda left_s: _end(scheduler, left_s))


def scheduled(live: Live, stop: Stop, now: datetime) -> BackgroundScheduler:
    """Return what ticks, not started yet."""
    scheduler = BackgroundScheduler(
        timezone="UTC",
        # A tick that comes late is as good as one in time; two at once would only wait in line.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    # A machine that is switched off every night must tidy up, too.
    scheduler.add_job(live.tidy, IntervalTrigger(hours=_TIDY_HOURS), next_run_time=now + _SETTLED)
    every = IntervalTrigger(seconds=_TICK_S)
    scheduler.add_job(live.tick, every, (stop,), id=_TICK, next_run_time=now)
    scheduler.add_job(live.deliver, every, (stop,))
    return scheduler


def serve(server: Any) -> None:
    """Serve what is saved, and poll nothing, until SIGTERM or SIGINT."""
    _serve_until(server, _stop_on_signals(), lambda left_s: None)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        _on_signal(number, stop.set)
    return stop


def _on_signal(number: signal.Signals, act: Callable[[], object]) -> None:
    """Act on a signal, unless who started us wants it ignored, as nohup does."""

    def handle(number: int, frame: FrameType | None) -> None:
        act()

    if signal.getsignal(number) != signal.SIG_IGN:
        signal.signal(number, handle)


def _serve_until(server: Any, stop: threading.Event, end: Callable[[float], None]) -> None:
    """Serve in a thread of its own: the main thread must be free to take signals.

    The socket is closed by the thread that waits at it; answers under way are sent to their end.
    """
    threading.Thread(target=server.run, name="web", daemon=True).start()
    stop.wait()
    end_at = time.monotonic() + _END_S
    server.trigger.pull_trigger(partial(dispatcher.close, server))
    server.task_dispatcher.shutdown(timeout=_GRACE_S)
    end(end_at - time.monotonic())


def _end(scheduler: BackgroundScheduler, left_s: float) -> None:
    """Let what is under way come to its end, unless that takes long.

    Python waits at its exit for the thread of a tick, and that waited half a minute for a database
    that somebody had locked. What is cut off is as after a kill: done, or not done.
    """
    ending = threading.Thread(target=scheduler.shutdown, name="end", daemon=True)
    ending.start()
    ending.join(left_s)
    if ending.is_alive():
        _log.warning("stopped in the middle: what was under way is done at the next start")
        os._exit(0)


def _holder(path: Path, descriptor: int) -> str:
    pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    who = f"process {pid}" if pid else "another process"
    return f"{who} runs on {path.parent} already; stop it, or name another folder with --instance"

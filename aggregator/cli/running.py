"""Commands that work: run, serve, poll."""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self

import click

from aggregator import __version__, app
from aggregator.cli import words
from aggregator.cli.context import DEFAULT_BIND, DEFAULT_CONFIG, Place
from aggregator.cli.site import site_of
from aggregator.core import health
from aggregator.model.events import (
    Bug,
    Built,
    Delivered,
    Event,
    Held,
    Polled,
    Round,
    RoundGrew,
    RoundStarted,
    Shelved,
    Undelivered,
)
from aggregator.pipeline import Pipeline
from aggregator.ports import Store

_log = logging.getLogger("aggregator")

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - words of the user
"""What listens at all addresses of a machine, and how the machine itself reaches it."""

_bind_option = click.option(
    "--bind",
    default=DEFAULT_BIND,
    show_default=True,
    envvar="AGGREGATOR_BIND",
    metavar="HOST:PORT",
    help="Where to listen.",
)


@click.command()
@_bind_option
@click.pass_obj
def run(place: Place, bind: str) -> None:
    """Poll, publish and serve, until it is stopped."""
    from aggregator import daemon  # and with it the scheduler and the server: `poll` needs neither

    _need_config(place)
    host, port = _address(bind)
    place.settings()  # what is wrong with it is told before anything is made
    with daemon.hold(app.make_instance(place.instance)):
        new = place.new
        place.listen_at(_url(host, port))
        pipeline = place.pipeline(_log_event)
        with closing(pipeline.store):
            live = daemon.Live(
                pipeline, lambda: _again(place, pipeline.store), _tell_edit, _first_report()
            )
            site = site_of(pipeline.store, lambda: live.pipeline.settings)
            server = daemon.listen(site, host, port)
            click.echo(_greeting(place, pipeline, new))
            if host in _EVERYWHERE and pipeline.settings.site.url == _url(host, port):
                click.echo(
                    "other machines know this one by another name: set site.url in feeds.yaml"
                )
            click.echo("polling…")
            daemon.run(live, server)
    click.echo("stopped")


@click.command()
@_bind_option
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Serve with so many processes of granian, for many readers.",
)
@click.pass_obj
def serve(place: Place, bind: str, workers: int | None) -> None:
    """Serve what is published already; poll nothing."""
    from aggregator import daemon

    host, port = _address(bind)
    settings = place.settings()
    if workers:
        from aggregator.cli.workers import serve as serve_with

        daemon.bound(host, port).close()  # so that what is wrong is told by us
        place.store().close()
        greeting = f"serving on {_url(host, port)} · {words.count(workers, 'worker')}"
        serve_with(place, host, port, workers, lambda: click.echo(greeting))
        return
    with closing(place.store()) as store:
        server = daemon.listen(site_of(store, lambda: settings), host, port)
        click.echo(f"serving on {_url(host, port)} · Ctrl-C stops")
        daemon.serve(server)


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--force", is_flag=True, help="Ask even if it was asked a moment ago.")
@click.pass_obj
def poll(place: Place, sources: tuple[str, ...], force: bool) -> None:
    """Poll what is due once, or the sources named, and publish.

    A source that is named is asked before its time, unless it was asked within `fetch.floor`;
    a folder always is.
    """
    _need_config(place)
    began = time.monotonic()
    with Progress() if sys.stdout.isatty() else nullcontext(_log_event) as progress:
        pipeline = place.pipeline(progress)
        done = pipeline.poll_due(sources or None, force=force)
        pipeline.publishing.deliver(bool)
    now = app.utc_now()
    if not done.polls and not done.bugs:
        click.echo(_nothing_due(pipeline, sources))
        return
    click.echo(words.round_summary(done, time.monotonic() - began))
    for failed in done.failed:
        click.echo(words.failure(failed, now))
    if done.built:
        click.echo(f"feeds built: {words.count(len(done.built), 'feed')}")


class Progress:
    """A bar while a round runs on a terminal."""

    def __init__(self) -> None:
        # Imported here: 60 ms that nobody need pay who sees no bar.
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("polling"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._sources = 0

    def __call__(self, event: Event) -> None:
        """Move the bar, and tell what should not be missed."""
        _log_event(event)
        if isinstance(event, RoundStarted | RoundGrew):
            self._sources += event.sources
            self._bar.update(self._task, total=self._sources)
        elif isinstance(event, Polled):
            self._bar.update(self._task, advance=1, description=event.record.source)
        elif isinstance(event, Bug):
            self._bar.update(self._task, advance=1, description=event.source)
        elif isinstance(event, Built):
            self._bar.update(self._task, description=f"feed {event.slug}")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()


def _need_config(place: Place) -> None:
    """Lay the starter down in a folder that has no feeds.yaml, unless another was named."""
    if place.config == DEFAULT_CONFIG and not place.config.exists():
        app.lay_starter(Path.cwd())
        click.echo("wrote feeds.yaml and docs/_posts to begin with: edit them, they are read again")


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65_535:
        raise click.BadParameter(f"{bind} is not HOST:PORT, for example {DEFAULT_BIND}")
    return host.strip("[]"), int(port)


def _url(host: str, port: int) -> str:
    """Return the address under which this machine reaches what listens there."""
    name = _EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _again(place: Place, store: Store) -> Pipeline:
    """Put everything together anew, after an edit, over the store that is open."""
    pipeline = app.assemble(place.settings(), store, app.utc_now, _log_event)
    pipeline.start()
    return pipeline


def _tell_edit(pipeline: Pipeline) -> None:
    click.echo(f"feeds.yaml or a template was edited and is in use now: {_extent(pipeline)}")


def _greeting(place: Place, pipeline: Pipeline, new: bool) -> str:
    database = place.database_name + (" (new)" if new else "")
    return f"aggregator {__version__} · {place.config}: {_extent(pipeline)} · {database}"


def _extent(pipeline: Pipeline) -> str:
    sources = words.count(len(pipeline.settings.sources), "source")
    feeds = words.count(len(pipeline.publishing.directory().feeds), "feed")
    return f"{sources}, {feeds}"


def _first_report() -> Callable[[Pipeline, Round], None]:
    """Return what tells the first round in full; later ones are in the log."""
    began = time.monotonic()
    told = False

    def tell(pipeline: Pipeline, done: Round) -> None:
        nonlocal told
        if told:
            return
        told = True
        now = app.utc_now()
        if done.polls:
            click.echo(words.round_summary(done, time.monotonic() - began))
        for failed in done.failed:
            click.echo(words.failure(failed, now))
        click.echo(_invitation(pipeline))

    return tell


def _invitation(pipeline: Pipeline) -> str:
    directory = pipeline.publishing.directory()
    width = max((len(line.slug) for line in directory.feeds), default=0)
    lines = [words.feed_line(line, width) for line in directory.feeds if line.entries]
    following = words.clock_time(pipeline.store.next_due(), app.utc_now())
    subscribe = ["Subscribe:", *lines] if lines else ["No entries yet."]
    ending = f"Browse {directory.url} · next poll {following} · Ctrl-C stops"
    return "\n".join((*subscribe, ending))


def _nothing_due(pipeline: Pipeline, sources: tuple[str, ...]) -> str:
    due = pipeline.store.next_due()
    if due is None:
        return "nothing is ever due: feeds.yaml names no source that is still polled"
    if sources:
        floor = health.span(pipeline.settings.fetch.floor)
        return f"asked less than {floor} ago; --force asks all the same"
    following = words.clock_time(due, app.utc_now())
    return f"nothing is due before {following}; `aggregator poll SOURCE` asks earlier"


def _log_event(event: Event) -> None:
    if isinstance(event, Bug):
        _log.error("a fault of our own while handling %s", event.source, exc_info=event.error)
    elif isinstance(event, Held):
        _log.error("feed %s is held, its last good bytes stay: %s", event.slug, event.reason)
    elif isinstance(event, Built):
        _log.info("built %s, %s entries", event.slug, event.entries)
    elif isinstance(event, Undelivered):
        _log.error("%s: %s", event.target, event.reason)
    elif isinstance(event, Delivered):
        _log.info("%s: has %s", event.target, words.count(event.feeds, "changed feed"))
    elif isinstance(event, Shelved):
        _log.info(
            "sorted %s for the feeds that match by words", words.count(event.entries, "entry")
        )
    elif isinstance(event, Polled):
        _log_poll(event)


def _log_poll(event: Polled) -> None:
    record = event.record
    _log.info(
        "%s: %s, %s new, %s changed%s",
        record.source,
        record.outcome,
        record.new,
        record.changed,
        f" · {record.message}" if record.message else "",
    )

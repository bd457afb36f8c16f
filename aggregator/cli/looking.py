"""Commands that only look: check, schema, list, status, show."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

import click

from aggregator import app
from aggregator.cli import words
from aggregator.cli.context import MANY, Place
from aggregator.core import health
from aggregator.core.select import STAYS_CLOSED
from aggregator.errors import UsageError
from aggregator.model.known import KnownSource, PollRecord
from aggregator.model.settings import Settings, Source
from aggregator.model.shown import Delivery


@click.command()
@click.pass_obj
def check(place: Place) -> None:
    """Read feeds.yaml and say everything that is wrong with it."""
    settings = place.settings()
    sources = words.count(len(settings.sources), "source")
    click.echo(f"{place.config}: {sources}, {_categories(settings)}, no problem found")


@click.command()
def schema() -> None:
    """Print the JSON Schema of feeds.yaml, for editors."""
    from aggregator.config.editors import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@click.command(name="list")
@click.pass_obj
def list_feeds(place: Place) -> None:
    """List the feeds published here, and their sources."""
    pipeline = place.pipeline()
    directory = pipeline.publishing.directory()
    width = max((len(line.slug) for line in directory.feeds), default=0)
    click.echo("Feeds:")
    for line in directory.feeds:
        click.echo(words.feed_line(line, width))
    click.echo("Sources:")
    width = max((len(source.name) for source in pipeline.settings.sources), default=0)
    for source in pipeline.settings.sources:
        told = f"  {source.name.ljust(width)}  {source.location}  [{_filed(source)}]"
        click.echo(words.harmless(told))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def status(place: Place, as_json: bool) -> None:
    """Say how every source does, and when it is polled next."""
    pipeline = place.pipeline()
    known = pipeline.store.sources()
    now = app.utc_now()
    found = [health.examine(source, now) for source in known]
    if as_json:
        click.echo(json.dumps([one.plain() for one in found], ensure_ascii=False, indent=2))
        return
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        click.echo(words.harmless(_status_line(one, width, now)))
    failing = sum(one.standing == "failing" for one in found)
    click.echo(f"{words.count(len(known), 'source')}, {failing} failing")
    for held in pipeline.store.held():
        since = words.clock_time(held.at, now)
        click.echo(f"the feed {held.slug} is held since {since}: {held.reason}")
    for feed in pipeline.publishing.feeds():
        if feed.closed:
            click.echo(f"the feed {feed.slug} {STAYS_CLOSED}")
    for line in _undelivered(pipeline.store.undelivered()):
        click.echo(words.harmless(line))


@click.command()
@click.argument("source")
@click.option(
    "--polls",
    type=MANY,
    default=10,
    show_default=True,
    help="How many lines of the poll log.",
)
@click.pass_obj
def show(place: Place, source: str, polls: int) -> None:
    """Show one source with its last polls, and its next one."""
    store = place.pipeline().store
    found = next((known for known in store.sources() if known.name == source), None)
    if found is None:
        raise UsageError(f"no source is called {source}: `aggregator status` names them all")
    now = app.utc_now()
    for label, text in _details(found, now):
        click.echo(words.harmless(f"{label:<12}{text}"))
    click.echo("polls:")
    for record in store.log(source, polls):
        click.echo(words.harmless(f"  {_poll_line(record, now)}"))


def _undelivered(waiting: Iterable[Delivery]) -> Iterator[str]:
    """Say of each target, a hub or a folder, what it could not take so far."""
    by_target: dict[str, list[Delivery]] = {}
    for one in waiting:
        by_target.setdefault(one.target, []).append(one)
    for target, feeds in by_target.items():
        attempts = max(one.attempts for one in feeds)
        error = next((one.error for one in feeds if one.error), "no answer")
        yield (
            f"{target} lacks {words.count(len(feeds), 'feed')} after"
            f" {words.count(attempts, 'attempt')}: {error}"
        )


def _filed(source: Source) -> str:
    own = ("its own categories",) if source.own_categories else ()
    return ", ".join((*source.categories, *own)) or "no category"


def _categories(settings: Settings) -> str:
    names = {name for source in settings.sources for name in source.categories}
    names |= {category.name for category in settings.categories}
    return words.count(len(names), "category")


def _status_line(one: health.Health, width: int, now: datetime) -> str:
    following = words.clock_time(one.next_poll_at, now)
    entries = words.count(one.entries, "entry")
    return f"{one.name.ljust(width)}  {entries:>14}  next {following:<16}  {one.reason}"


def _details(source: KnownSource, now: datetime) -> tuple[tuple[str, str], ...]:
    state, info = source.state, source.info
    lines = (
        ("source", source.name),
        ("title", info.title),
        ("site", info.link),
        ("health", health.reason(source, now)),
        ("entries", f"{source.entries:,}"),
        ("held back", source.held and f"{source.held:,}, as a flood"),
        ("publishes", health.pace(state)),
        ("costs", state.cost is not None and f"{state.cost:,} bytes a poll"),
        ("wants", health.asked_wait(state.rhythm)),
        ("told apart", state.identity and f"by {state.identity}"),
        ("asked", state.location),
        ("moved to", state.moved_to and f"{state.moved_to} (seen {state.move_sightings} times)"),
        ("last poll", words.clock_time(state.last_poll_at, now)),
        ("last good", words.clock_time(state.last_ok_at, now)),
        ("next poll", words.clock_time(state.next_poll_at, now)),
        ("etag", state.validators.etag),
        ("modified", state.validators.last_modified),
    )
    return tuple((label, text) for label, text in lines if text)


def _poll_line(record: PollRecord, now: datetime) -> str:
    counts = f"{record.new} new, {record.changed} changed" if record.new or record.changed else ""
    size = f"{record.traffic.bytes_received:,} bytes"
    parts = (words.clock_time(record.at, now), record.outcome, counts, size, record.message or "")
    return " · ".join(part for part in parts if part)

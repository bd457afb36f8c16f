"""Commands that change what is polled: add, import, export."""

import re
import sys
from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import click

from aggregator import app, plugins
from aggregator.cli import words
from aggregator.cli.context import DEFAULT_CONFIG, Place
from aggregator.config.editing import Draft, NewSource, add_sources, open_draft
from aggregator.config.schema import FRONT_MATTER
from aggregator.core.subscribing import feed_key, is_source_name, source_name, web_address
from aggregator.core.urls import userinfo, without_userinfo
from aggregator.errors import FetchError, ParseError, UsageError
from aggregator.finding import Finder, Finding
from aggregator.formats.reading.opml import Subscription, SubscriptionList, read_subscriptions
from aggregator.formats.writing.subscriptions import render_subscriptions
from aggregator.model.settings import Settings

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
"""And not the port of a host."""
_LIST_LIMIT = 10 * 1024 * 1024


@click.command()
@click.argument("url")
@click.option("--name", help="What the source is called; made from its title where not given.")
@click.option(
    "--category", "categories", multiple=True, metavar="NAME", help="File it here; may be repeated."
)
@click.option("-y", "--yes", "--first", is_flag=True, help="Take the first of several; never ask.")
@click.pass_obj
def add(place: Place, url: str, name: str | None, categories: tuple[str, ...], yes: bool) -> None:
    """Find the feeds of a page, and put one into feeds.yaml.

    URL is the address of the page, or of a feed.
    """
    draft = open_draft(place.config, new=place.config == DEFAULT_CONFIG)
    addresses = _addresses(url)
    _check_name(draft.settings, name)
    known = _known(draft.settings)
    # What is among the sources is looked at all the same: it may be a page taken for a feed.
    if there := known.get(feed_key(addresses[0])):
        click.echo(f"{addresses[0]} is already among the sources, as {there}")
    found = _find(draft.settings, addresses)
    new = [one for one in found if feed_key(one.url) not in known]
    for number, one in enumerate(found, 1):
        click.echo(_offer(number, one, known.get(feed_key(one.url))))
    if not new:
        click.echo("nothing to add: all of it is among the sources")
        return
    if there:
        click.echo(
            f"nothing was added: write feed: {new[0].url} under {there}, its history goes on"
        )
        return
    chosen = _choose(found, new, ask=not yes and sys.stdin.isatty())
    if chosen is None:
        click.echo("nothing was added: the first is among the sources; add another by its address")
        return
    called = name or source_name(chosen.title, chosen.url, _names(draft.settings))
    _write(place, draft, (NewSource(called, chosen.url, _each_once(categories)),))


@click.command(name="import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Tell what would be added; write nothing.")
@click.pass_obj
def import_list(place: Place, file: BinaryIO, dry_run: bool) -> None:
    """Take over the feeds of an OPML file, or a list of addresses.

    A list has an address a line; - reads from standard input.
    """
    draft = open_draft(place.config, new=place.config == DEFAULT_CONFIG)
    file_name = getattr(file, "name", "-")
    try:
        found = read_subscriptions(file.read(_LIST_LIMIT + 1))
    except ParseError as error:
        raise ParseError(f"{file_name} is {error}") from error
    new = _new_sources(draft.settings, found.feeds)
    _tell_refused(file_name, found)
    told = f"{len(new)} added, {len(found.feeds) - len(new)} known, {len(found.refused)} refused"
    if dry_run or not new:
        click.echo(told + (" (nothing was written)" if new else ""))
        return
    add_sources(draft, new)
    click.echo(f"{place.config}: {told}")
    click.echo("next: `aggregator poll` asks them; a running aggregator takes them up by itself")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.pass_obj
def export(place: Place, file: Path | None) -> None:
    """Write the feeds that are polled, by category, as OPML.

    To FILE, or to standard output where none is named.
    """
    settings = place.settings()
    feeds = [source for source in settings.sources if not source.local]
    written = render_subscriptions(settings.site.title, feeds)
    folders = len(settings.sources) - len(feeds)
    if folders:
        left_out = words.count(folders, "folder")
        click.echo(f"left out: {left_out} of posts, which nobody else can subscribe to", err=True)
    if file is None or str(file) == "-":
        click.echo(written, nl=False)
        return
    try:
        file.write_bytes(written)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"wrote {words.count(len(feeds), 'feed')} to {file}")


def _addresses(text: str) -> tuple[str, ...]:
    """Return what is to be asked, the likelier first: most people leave "https://" out.

    :raises UsageError: it is no address, or holds a password
    """
    tried = (text,) if _SCHEME.match(text) else (f"https://{text}", f"http://{text}")
    found = tuple(address for one in tried if (address := web_address(one)))
    if not found:
        raise UsageError(f"{without_userinfo(text)} is no address of a page or feed")
    if userinfo(tried[0]):
        remedy = "add it without them and write username: and password: below it in feeds.yaml"
        raise UsageError(f"a name and password in an address are not kept; {remedy}")
    return found


def _check_name(settings: Settings, name: str | None) -> None:
    if name is None:
        return
    if not is_source_name(name):
        rules = "a-z, 0-9, dot, hyphen and underscore; a letter or number first"
        raise UsageError(f"{name} is no name of a source: use {rules}")
    if name in _names(settings):
        raise UsageError(f"a source is called {name} already")


def _find(settings: Settings, addresses: Sequence[str]) -> tuple[Finding, ...]:
    """Find the feeds at the first address that answers.

    :raises FetchError: none answers, or there is no feed
    :raises ParseError: it is neither page nor feed
    """
    kind = plugins.feed_kind(settings, app.utc_now)
    finder = Finder(kind.fetch, kind.parse)
    failures = []
    for address in addresses:
        click.echo(f"looking at {address} …")
        try:
            found = finder.find(address)
        except FetchError as error:
            failures.append(f"{address}: {error}")
            continue
        except ParseError as error:
            raise ParseError(f"{address} is {error}") from error
        if found:
            return found
        raise FetchError(
            f"no feed was found at {address}: the page names none and none is where they usually "
            "are; look for its address on the site and add that"
        )
    raise FetchError(failures[0])


def _offer(number: int, found: Finding, known: str | None) -> str:
    title = found.title or "(no title)"
    already = f", is {known} already" if known else ""
    return f"  {number}. {title} · {words.count(found.entries, 'entry')} · {found.url}{already}"


def _choose(found: Sequence[Finding], new: Sequence[Finding], *, ask: bool) -> Finding | None:
    """Return what is to be added; nobody asked for what stands behind a feed that is there."""
    if len(found) == 1:
        return found[0]
    if not ask and found[0] not in new:
        return None
    if not ask:
        click.echo(f"taking the first of {len(found)}; add another by its own address")
        return found[0]
    numbers = [str(number) for number, one in enumerate(found, 1) if one in new]
    first = numbers[0]
    number = click.prompt(
        "which one", type=click.Choice(numbers), default=first, show_choices=False
    )
    return found[int(number) - 1]


def _write(place: Place, draft: Draft, sources: Sequence[NewSource]) -> None:
    add_sources(draft, sources)
    for source in sources:
        click.echo(f"{place.config}: added {_line(source)}")
        if not source.categories:
            click.echo("it is in no category: only feeds that match everything show it")
        click.echo(
            f"next: `aggregator poll {source.name}` asks it; "
            "a running aggregator takes it up by itself"
        )


def _new_sources(settings: Settings, feeds: Iterable[Subscription]) -> tuple[NewSource, ...]:
    """Name those that are not polled yet, and tell of each what becomes of it."""
    known, taken = _known(settings), set(_names(settings))
    new = []
    for feed in feeds:
        name = known.get(feed_key(feed.url))
        if name:
            click.echo(f"  = {name}  {feed.url}  is among the sources")
            continue
        source = _as_source(feed, taken)
        taken.add(source.name)
        new.append(source)
        click.echo(f"  + {_line(source)}")
    return tuple(new)


def _as_source(feed: Subscription, taken: Container[str]) -> NewSource:
    categories = _each_once(path[-1] for path in feed.categories)
    if is_source_name(feed.name) and feed.name not in taken:
        title = feed.title if feed.title != feed.name else ""
        return NewSource(feed.name, feed.url, categories, title)
    return NewSource(source_name(feed.title, feed.url, taken), feed.url, categories)


def _tell_refused(file: str, found: SubscriptionList) -> None:
    for one in found.refused:
        click.echo(f"  ! {file}:{one.line}: {one.what}: {one.reason}")


def _line(source: NewSource) -> str:
    filed = f"  [{', '.join(source.categories)}]" if source.categories else ""
    return f"{source.name}  {source.url}{filed}"


def _known(settings: Settings) -> dict[str, str]:
    return {feed_key(one.location): one.name for one in settings.sources if not one.local}


def _names(settings: Settings) -> frozenset[str]:
    return frozenset(source.name for source in settings.sources)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Return names that say something; "front-matter" is a word of feeds.yaml, no category."""
    plain = (" ".join(name.split()) for name in names)
    return tuple(dict.fromkeys(name for name in plain if name and name != FRONT_MATTER))

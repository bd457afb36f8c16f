"""Commands about what is kept: history, takedown, restore, release, accept, backfill."""

import difflib
import re
from collections.abc import Iterator, Sequence

import click

from aggregator import app
from aggregator.cli import naming, words
from aggregator.cli.context import MANY, Place
from aggregator.core.html import plain_text
from aggregator.errors import UsageError
from aggregator.model.known import Article, EntryKey
from aggregator.model.shown import Found, Revision
from aggregator.ports import Store

_CONTEXT = 3
"""Words shown around a difference."""
_WORD = re.compile(r"\S+")
_PRODUCT = 16_000_000
"""Of the counts of words of two texts that are compared in a second or two."""

_entry_argument = click.argument("entry")


@click.command()
@_entry_argument
@click.pass_obj
def history(place: Place, entry: str) -> None:
    """Show all that an entry said, and what changed.

    ENTRY is its id, link or guid; SOURCE:GUID where sources share it.
    """
    store = place.store()
    for number, found in enumerate(naming.meant(store, entry)):
        if number:
            click.echo()
        _show(found, store.revisions(found.key))


@click.command()
@_entry_argument
@click.option("--copies", is_flag=True, help="All copies of its story, in whatever source.")
@click.option("--reason", help="Kept with it, and shown by `aggregator history`.")
@click.pass_obj
def takedown(place: Place, entry: str, copies: bool, reason: str | None) -> None:
    """Take an entry out of every feed and archive, for good.

    ENTRY is its id, link or guid; SOURCE:GUID where sources share it.
    """
    pipeline = place.pipeline()
    keys = _keys(pipeline.store, entry, copies=copies)
    gone = pipeline.store.withdraw(keys, app.utc_now(), reason)
    built = pipeline.publishing.publish(bool)
    click.echo(f"took back {words.count(gone, 'entry')}; built {words.count(len(built), 'feed')}")


@click.command()
@_entry_argument
@click.option("--copies", is_flag=True, help="All copies of its story, in whatever source.")
@click.pass_obj
def restore(place: Place, entry: str, copies: bool) -> None:
    """Undo a takedown.

    ENTRY is its id, link or guid; SOURCE:GUID where sources share it.
    """
    pipeline = place.pipeline()
    keys = _keys(pipeline.store, entry, copies=copies)
    back = pipeline.store.restore(keys)
    built = pipeline.publishing.publish(bool)
    click.echo(f"restored {words.count(back, 'entry')}; built {words.count(len(built), 'feed')}")


@click.command()
@click.argument("feed")
@click.pass_obj
def release(place: Place, feed: str) -> None:
    """Let a feed pass that is held, because it looked wrong.

    It is built again and compared with nothing. `aggregator status` names those that are held.
    """
    pipeline = place.pipeline()
    if not pipeline.store.let_pass(feed):
        raise UsageError(f"no feed called {feed} is held: `aggregator status` names those that are")
    built = pipeline.publishing.publish(bool)
    click.echo(f"{feed} is published" if feed in built else f"{feed} is still held")


@click.command()
@click.argument("source")
@click.pass_obj
def accept(place: Place, source: str) -> None:
    """Let in what is held back of a flood of entries.

    The entries of the source are put into their places in the feeds.
    """
    pipeline = place.pipeline()
    if not any(known.name == source for known in pipeline.store.sources()):
        raise UsageError(f"no source is called {source}: `aggregator status` names them all")
    count = words.count(pipeline.store.accept(source), "entry")
    built = pipeline.publishing.publish(bool)
    click.echo(f"{count} of {source} put in place; built {words.count(len(built), 'feed')}")


@click.command()
@click.argument("source")
@click.option("--pages", type=MANY, default=50, show_default=True, help="At most so many.")
@click.pass_obj
def backfill(place: Place, source: str, pages: int) -> None:
    """Take in a source's older entries from its feed's archive.

    That is the pages that RFC 5005 (prev-archive, next) or JSON Feed (next_url) link to.
    """
    done = place.pipeline().backfill(source, pages)
    entries = words.count(done.new, "entry")
    click.echo(f"{words.count(done.pages, 'page')}, {entries} that {source} had before")
    if done.trouble:
        click.echo(f"  then: {done.trouble}")


# -- which entry ---------------------------------------------------------------------------------


def _keys(store: Store, entry: str, *, copies: bool) -> Sequence[EntryKey]:
    """Return the entry meant, or all that are and the copies of their story."""
    if copies:
        return store.copies([one.key for one in naming.meant(store, entry)])
    return [naming.the_one_meant(store, entry, otherwise="--copies to mean all, or ").key]


# -- what it said --------------------------------------------------------------------------------


def _show(found: Found, revisions: Sequence[Revision]) -> None:
    click.echo(words.harmless(naming.name(found)))
    click.echo(words.harmless(f"{found.title or 'without a title'}  {found.link or ''}".rstrip()))
    if found.withdrawn:
        why = f": {found.reason}" if found.reason else ""
        click.echo(f"withdrawn {found.withdrawn:%Y-%m-%d %H:%M} UTC{why}")
    before: Article | None = None
    for revision in revisions:
        click.echo(f"revision {revision.number}, seen {revision.at:%Y-%m-%d %H:%M} UTC")
        for line in _changes(before, revision.article) if before else ():
            click.echo(words.harmless(f"  {line}"))
        before = revision.article


def _changes(before: Article, now: Article) -> Iterator[str]:
    """Yield what is another in a revision, words and addresses."""
    told = False
    for name, old, new in (
        ("title", before.title, now.title),
        ("link", before.link or "", now.link or ""),
        ("summary", plain_text(before.summary), plain_text(now.summary)),
        ("text", plain_text(before.content), plain_text(now.content)),
    ):
        for line in _differences(old, new):
            told = True
            yield f"{name}: {line}"
    if not told:
        yield "the words are the same: addresses, files or markup changed"


def _differences(old: str, new: str) -> Iterator[str]:
    """Yield each difference with a few words around it: [-gone-] and {+come+}."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    if a == b:
        return
    if len(a) * len(b) > _PRODUCT:
        yield f"too long to be compared: {len(a):,} words before, {len(b):,} now"
        return
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag != "equal":
            gone, come = " ".join(a[a1:a2]), " ".join(b[b1:b2])
            parts = (
                " ".join(a[max(0, a1 - _CONTEXT) : a1]),
                f"[-{gone}-]" if gone else "",
                f"{{+{come}+}}" if come else "",
                " ".join(a[a2 : a2 + _CONTEXT]),
            )
            yield " ".join(part for part in parts if part)

"""Commands that try a source or a document and keep nothing: preview, read."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click
import msgspec

from aggregator import app, plugins
from aggregator.cli import words
from aggregator.cli.context import MANY, Place
from aggregator.core.html import plain_text
from aggregator.core.identity import choose_policy, identify
from aggregator.core.normalise import normalise, normalise_info
from aggregator.errors import FetchError, ParseError, UsageError
from aggregator.formats.reading.feeds import read_feed
from aggregator.formats.reading.posts import PostReader
from aggregator.model.fetched import Document, Failed, Fetched, PostFolder, Request
from aggregator.model.known import Article, Identified
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import FetchSettings, Settings, Source

_NO_SOURCE = Source("read", "feed", "")
_EXCERPT_CHARS = 200
_NEWEST = datetime.max.replace(tzinfo=UTC)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--url", default="", help="Where it comes from: relative links hang on it.")
@click.option(
    "--content-type", default="", metavar="TYPE", help="As the server says: text/xml; charset=…"
)
def read(file: BinaryIO, url: str, content_type: str) -> None:
    """Print what a document holds, as it would be kept, as JSON.

    FILE is a feed; - reads from standard input. Nothing is kept.
    """
    limit = FetchSettings().max_bytes
    body, name = file.read(limit + 1), getattr(file, "name", "-")
    if len(body) > limit:
        raise ParseError(f"{name} is larger than {limit // 1024**2} MiB")
    media_type, charset = _content_type(content_type)
    try:
        feed = read_feed(Document(url, media_type, charset, body))
    except ParseError as error:
        raise ParseError(f"{name} is {error}") from error
    text = json.dumps(_as_json(feed, url), ensure_ascii=False, indent=2, default=_iso)
    # A lone surrogate of an id comes out as JSON's own escape of it.
    click.echo(text.encode("utf-8", "backslashreplace"))


@click.command()
@click.argument("source")
@click.option(
    "--entries", type=MANY, default=5, show_default=True, help="How many entries to show."
)
@click.pass_obj
def preview(place: Place, source: str, entries: int) -> None:
    """Show what a source holds now, with every warning.

    Nothing is kept: no database is opened.
    """
    settings = place.settings()
    found = next((one for one in settings.sources if one.name == source), None)
    if found is None:
        raise UsageError(f"no source is called {source}: `aggregator list` names them all")
    document = _ask(settings, found)
    if isinstance(document, PostFolder):
        reading = PostReader(settings.site.tag).read(document)
        feed, base = reading.feed, ""
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(reading.kinds.items()))
        read_from = (f"{reading.engine}, {words.count(reading.files, 'file')}", kinds)
    else:
        feed, base = _parse(settings, found, document), document.url
        read_from = (feed.version, "")
    _show(found, feed, base, read_from, entries)


def _ask(settings: Settings, source: Source) -> Document | PostFolder:
    fetch = plugins.SOURCE_KINDS[source.kind](settings, app.utc_now).fetch
    outcome = next((one.outcome for one in fetch([Request(source, source.location)])), None)
    if isinstance(outcome, Failed):
        raise FetchError(f"{source.location}: {outcome.error}")
    if isinstance(outcome, Fetched):
        return outcome.document
    raise FetchError(f"{source.location} gave no answer; try again later")


def _parse(settings: Settings, source: Source, document: Document) -> ParsedFeed:
    try:
        return plugins.feed_kind(settings, app.utc_now).parse(document)
    except ParseError as error:
        raise ParseError(f"{source.location} is {error}") from error


def _show(
    source: Source, feed: ParsedFeed, base: str, read_from: tuple[str, str], entries: int
) -> None:
    policy, found = _identified(source, feed)
    how, kinds = read_from
    info = normalise_info(feed.info, base)
    count = words.count(len(found), "entry")
    click.echo(f"{source.name} · {source.location}")
    title = words.harmless(source.title or info.title or "(no title)")
    click.echo(f"{title} · {how} · {count}, told apart by {policy}")
    strip = source.strip_tracking
    articles = [
        (one, normalise(one.entry, feed=feed.info, base=base, strip=strip)) for one in found
    ]
    for one, article in sorted(articles, key=_newest_first)[: max(entries, 0)]:
        for line in _entry_lines(one, article):
            click.echo(words.harmless(line))
    click.echo(f"warnings: {len(feed.warnings)}" + (f" ({kinds})" if kinds else ""))
    for warning in feed.warnings:
        click.echo(f"  {words.harmless(warning)}")


def _newest_first(pair: tuple[Identified, Article]) -> float:
    """Put entries without a date first: they would be dated by their arrival."""
    published = pair[1].published or pair[1].updated or _NEWEST
    return -published.timestamp()


def _entry_lines(one: Identified, article: Article) -> Iterator[str]:
    date = article.published.strftime("%Y-%m-%d %H:%M") if article.published else "no date"
    yield ""
    yield f"  {date:<16}  {article.title or '(no title)'}"
    yield f"    id     {one.guid} ({one.guid_origin})"
    for label, text in _details(article):
        if text:
            yield f"    {label:<6} {text}"


def _details(article: Article) -> Sequence[tuple[str, str]]:
    text = " ".join(plain_text(article.content or article.summary).split())
    return (
        ("link", article.link or ""),
        ("by", ", ".join(person.name or person.url or "" for person in article.authors)),
        ("in", ", ".join((*article.categories, *(term.term for term in article.terms)))),
        ("files", ", ".join(enclosure.url for enclosure in article.enclosures)),
        ("text", textwrap.shorten(text, _EXCERPT_CHARS, placeholder=" …")),
    )


def _identified(source: Source, feed: ParsedFeed) -> tuple[str, tuple[Identified, ...]]:
    policy = choose_policy(source.identity, None, feed.entries)
    return policy, identify(feed.entries, policy)


def _content_type(stated: str) -> tuple[str, str | None]:
    """Return the media type and the charset of a Content-Type (RFC 9110 8.3)."""
    media_type, *parameters = (part.strip() for part in stated.split(";"))
    pairs = (part.partition("=") for part in parameters)
    charsets = [
        value.strip("\"' ") for name, _, value in pairs if name.strip().lower() == "charset"
    ]
    return media_type.lower(), next(filter(None, charsets), None)


def _as_json(feed: ParsedFeed, url: str) -> dict[str, Any]:
    policy, found = _identified(_NO_SOURCE, feed)
    return {
        "version": feed.version,
        "feed": {**_plain(normalise_info(feed.info, url)), "updated": feed.updated},
        "identity": policy,
        "whole": feed.whole,
        "warnings": feed.warnings,
        "entries": [
            {"id": one.guid, "id_origin": one.guid_origin}
            | _plain(normalise(one.entry, feed=feed.info, base=url))
            for one in found
        ],
    }


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    """Return a record, and those in it, by the names of their fields."""
    found: dict[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime,))
    return found


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written as JSON")

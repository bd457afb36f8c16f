"""The HTML pages: the list of all feeds, and one page per feed to read and subscribe at.

Templates are Jinja2, escaped by themselves, looked for in several folders: what an operator puts
into his own replaces ours, file by file. What they may use is in templates/README.md. A broken
template is the operator's: it costs its page (RenderError, the last good one stays), no more.

The pages need no script. Whoever serves them sends ``CONTENT_SECURITY_POLICY``: nothing in a page
can run, whatever a feed says.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.meta import find_referenced_templates
from markupsafe import Markup
from msgspec import Struct

from aggregator.core.health import Health
from aggregator.errors import RenderError
from aggregator.formats.writing.border import cleared, cleared_directory, headline, terms
from aggregator.formats.writing.dates import rfc3339
from aggregator.formats.writing.links import FEED_TYPES
from aggregator.formats.writing.text import excerpt, plain
from aggregator.model.shown import (
    Credit,
    Delivery,
    Directory,
    FeedLine,
    HeldFeed,
    Item,
    Publication,
    Written,
)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src https: http: data:; media-src https: http:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

STYLE = "style.css"
"""The one further file the pages need, at the site's root."""

_NAMES_ANOTHER = re.compile(r"\b(?:extends|include|import|from)\b")
_PLACE = "\0entries\0"
"""Stands for the entries while the rest of a page is made: no text holds such a character."""
_TEASER = 320
_SHOWN = ("<a ", "<img", "<picture", "<audio", "<video", "<table", "<pre")
_FORMAT_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Entry(Struct, frozen=True):
    """An item as a page shows it."""

    item: Item
    headline: str
    teaser: str
    """How it begins, as text."""
    body: Markup | None
    """Its safe HTML, where there is more of it than the teaser."""
    terms: tuple[str, ...]


class Pages:
    """Writes pages from templates; earlier folders win."""

    def __init__(self, templates: Sequence[Path]) -> None:
        self._loader = FileSystemLoader(templates)
        self._environment = Environment(
            loader=self._loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(rfc3339=rfc3339, day=_day, minute=_minute, size=_size)
        # Reading a template takes longer than making a page from it, and it is asked at each build.
        self._named = lru_cache(maxsize=64)(self._read_names)
        self._listed: dict[str, dict[FeedLine, str]] = {}
        # Ten thousand sources are in the list again and again, as they were.
        self._sources = lru_cache(maxsize=1)(self._list)
        self._environment.globals.update(format_names=_FORMAT_NAMES, feed_types=FEED_TYPES)

    def feed(self, publication: Publication) -> Written:
        """Write the page of a feed, for "feeds/<slug>/", or one of its archive, two folders below.

        The entries are put where the template has its one ``{{ entries }}``.
        """
        feed = cleared(publication)
        values = {"root": "../../../../" if feed.archive else "../../", "feed": feed}
        entries = _PLACE if feed.items else ""
        frame = self.page("feed.html", entries=Markup(entries), **values)  # noqa: S704 - ours
        head, place, tail = frame.partition(_PLACE.encode("ascii"))
        if bool(place) is not bool(feed.items) or _PLACE.encode("ascii") in tail:
            raise RenderError("the template feed.html must show {{ entries }} once")
        return Written(head, self._entries(feed), tail)

    def _entries(self, feed: Publication) -> tuple[bytes, ...]:
        """Write the entries of a feed, each by itself."""
        with _blamed("entry.html"):
            # Once for all: looking it up asks the file system whether it is the same still.
            template = self._environment.get_template("entry.html")
            texts = (
                template.render(entry=_entry(item), item=item, language=feed.language)
                for item in feed.items
            )
            return tuple(text.encode("utf-8") for text in texts)

    def label(self) -> str:
        """Name the template of entries by all that it is made of: an edit has all written anew."""
        return self._label("entry.html")

    def _label(self, template: str) -> str:
        with _blamed(template):
            texts = repr(sorted(self._parts(template).items()))
        return sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _parts(self, template: str) -> dict[str, str]:
        """Return the text of a template and of those it extends, includes or imports."""
        found: dict[str, str] = {}
        waiting = [template]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._text(name)
                waiting += self._named_in(found[name])
        return found

    def _text(self, name: str) -> str:
        """Return what a file says; an image in the folder, which may be no template, is no text."""
        try:
            return self._loader.get_source(self._environment, name)[0]
        except UnicodeDecodeError:
            return ""

    def _named_in(self, text: str) -> Sequence[str]:
        """Return the templates there are that a template may name: all, if it computes a name."""
        if not _NAMES_ANOTHER.search(text):
            return ()
        named = self._named(text)
        there = self._loader.list_templates()
        return there if None in named else [name for name in there if name in named]

    def _read_names(self, text: str) -> frozenset[str | None]:
        return frozenset(find_referenced_templates(self._environment.parse(text)))

    def index(self, directory: Directory) -> bytes:
        """Write the list of all feeds, for the site's root."""
        site = cleared_directory(directory)
        sources = self._sources(site.sources, self._label("sources.html"))
        lines = self._lines(site.feeds, site.language)
        return self.page("index.html", root="", site=site, feeds=lines, sources=sources)

    def _lines(self, feeds: Sequence[FeedLine], language: str) -> Markup:
        """Write the lines of feeds, those of the last list as they were written for it."""
        with _blamed("line.html"):
            label = f"{language} {self._label('line.html')}"
            before = self._listed.get(label, {})
            template = self._environment.get_template("line.html")
            made = {
                line: before.get(line) or template.render(line=line, language=language)
                for line in feeds
            }
        self._listed = {label: made}
        return Markup("".join(made.values()))  # noqa: S704 - a template, escaped by itself

    def _list(self, sources: Sequence[Credit], _: str) -> Markup:
        """Write the list of sources; by its label it is written anew where the template changed."""
        text = self.page("sources.html", sources=sources).decode("utf-8")
        return Markup(text)  # noqa: S704 - a template of the operator's, escaped by itself

    def status(
        self,
        sources: Sequence[Health],
        held: Sequence[HeldFeed],
        undelivered: Sequence[Delivery],
        now: datetime,
    ) -> bytes:
        """Write the page about sources, feeds that are held and targets that fail, for "status"."""
        counts = Counter(one.standing for one in sources)
        trouble = {"held": held, "undelivered": undelivered}
        return self.page("status.html", root="", sources=sources, counts=counts, now=now, **trouble)

    def style(self, _: Directory) -> bytes:
        """Return the style sheet, for ``STYLE`` at the site's root; it is no template."""
        with _blamed(STYLE):
            return self._loader.get_source(self._environment, STYLE)[0].encode("utf-8")

    def page(self, name: str, **values: object) -> bytes:
        """Write a page from one template.

        :raises RenderError: the template is missing or broken
        """
        with _blamed(name):
            return self._environment.get_template(name).render(values).encode("utf-8")


def _entry(item: Item) -> Entry:
    article = item.article
    html = article.content or article.summary
    teaser = excerpt(article.summary or html, _TEASER)
    return Entry(
        item=item,
        headline=headline(item),
        teaser=teaser,
        body=Markup(html) if _says_more(html, teaser) else None,  # noqa: S704 - safe HTML
        terms=tuple(term.label or term.term for term in terms(item)),
    )


def _says_more(html: str, teaser: str) -> bool:
    return any(tag in html for tag in _SHOWN) or plain(html) != teaser


@contextmanager
def _blamed(template: str) -> Iterator[None]:
    """Make whatever goes wrong in a template one line that names it."""
    try:
        yield
    except TemplateNotFound as error:
        raise RenderError(f"there is no template {error.name}") from error
    except TemplateSyntaxError as error:
        place = f"{error.name or template}, line {error.lineno}"
        raise RenderError(f"the template {place} is broken: {error.message}") from error
    except Exception as error:
        # A template is an operator's program: it may raise anything at all.
        raise RenderError(f"the template {template} fails: {error}") from error


def _day(moment: datetime) -> str:
    """Write "2 Mar 2026", in UTC."""
    at = moment.astimezone(UTC)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def _minute(moment: datetime) -> str:
    """Write "2 Mar 2026, 14:05", in UTC."""
    return f"{_day(moment)}, {moment.astimezone(UTC):%H:%M}"


def _size(length_bytes: int) -> str:
    """Write "12.3 MB"."""
    if length_bytes < 1_000_000:
        return f"{max(length_bytes // 1000, 1)} kB"
    return f"{length_bytes / 1_000_000:.1f} MB"

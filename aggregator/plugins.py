"""Names to code, one table per port: the one place to add kinds of sources, formats, targets."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from aggregator.core import select
from aggregator.core.artifacts import PAGE
from aggregator.model.settings import Feed, FilesTarget, HubTarget, PostsTarget, Settings
from aggregator.pipeline import Kind
from aggregator.ports import Caller, Clock, Format, Release, SitePage, Store, Target

if TYPE_CHECKING:
    from aggregator.formats.writing.pages import Pages
    from aggregator.publishers.calls import HttpCaller
    from aggregator.publishers.hub import OwnHub
    from aggregator.sources.http import HttpFetcher

_HTML = "text/html; charset=utf-8"
_STYLE = "style.css"


class Later(Struct, frozen=True):
    """A function that is imported when it is first called.

    Most rounds find nothing new: readers, writers and what they are made of (feedgen, lxml, Jinja2,
    Markdown) would be three quarters of what such a round costs.
    """

    module: str
    name: str

    def __call__(self, *words: Any) -> Any:
        """Call it."""
        return getattr(import_module(self.module), self.name)(*words)


class Once:
    """A callable that is made, with all it needs, when it is first called."""

    def __init__(self, make: Callable[[], Callable[..., Any]]) -> None:
        self._make = make
        self._made: Callable[..., Any] | None = None

    def __call__(self, *words: Any, **named: Any) -> Any:
        """Call it."""
        if self._made is None:
            self._made = self._make()
        return self._made(*words, **named)


class _Page(Struct, frozen=True):
    """A page made from templates, which are opened for the first one."""

    folders: tuple[Path, ...]
    name: str

    def __call__(self, *shown: Any) -> Any:
        """Write it."""
        return getattr(_pages(self.folders), self.name)(*shown)


@lru_cache(maxsize=1)
def _pages(folders: tuple[Path, ...]) -> "Pages":
    from aggregator.formats.writing.pages import Pages

    return Pages(folders)


_GATE, _WRITING = "aggregator.formats.gate", "aggregator.formats.writing"
_check_atom, _check_rss, _check_json = (
    Later(_GATE, f"check_{name}") for name in ("atom", "rss", "json")
)
_check_html, _check_text, _check_xml = (
    Later(_GATE, f"check_{name}") for name in ("html", "text", "xml")
)
border = Later(f"{_WRITING}.border", "cleared")
"""``ports.Border``."""
_write_atom, _write_rss = (
    Later(f"{_WRITING}.syndication", f"write_{name}") for name in ("atom", "rss")
)
_write_json = Later(f"{_WRITING}.jsonfeed", "write_json")
_render_opml = Later(f"{_WRITING}.opml", "render_opml")
_read_feed = Later("aggregator.formats.reading.feeds", "read_feed")


def feed_kind(settings: Settings, clock: Clock) -> Kind:
    """Poll feeds over HTTP."""

    def make() -> "HttpFetcher":
        from aggregator.sources.http import HttpFetcher

        return HttpFetcher(settings.fetch, _agent(settings), clock)

    return Kind(Once(make), _read_feed)


def posts_kind(settings: Settings, clock: Clock) -> Kind:
    """Scan folders of posts."""
    from aggregator.formats.reading.posts import PostReader
    from aggregator.sources.folder import FolderFetcher

    reader = PostReader(settings.site.tag)
    return Kind(FolderFetcher(clock, reader.next_due), reader)


SOURCE_KINDS: Mapping[str, Callable[[Settings, Clock], Kind]] = {
    # Folders first: they answer at once, and nothing on the network holds them up.
    "posts": posts_kind,
    "feed": feed_kind,
}


def formats(templates: tuple[Path, ...]) -> Mapping[str, Format]:
    """Return the formats a feed can be published in; pages are made from these templates."""
    return {
        "atom": Format(
            _write_atom,
            _check_atom,
            "application/atom+xml; charset=utf-8",
            "feeds/{slug}.atom",
            "feeds/{slug}/archive/{page}.atom",
        ),
        "rss": Format(
            _write_rss,
            _check_rss,
            "application/rss+xml; charset=utf-8",
            "feeds/{slug}.rss",
            "feeds/{slug}/archive/{page}.rss",
        ),
        "json": Format(
            _write_json,
            _check_json,
            "application/feed+json; charset=utf-8",
            "feeds/{slug}.json",
            "feeds/{slug}/archive/{page}.json",
        ),
        PAGE: Format(
            _Page(templates, "feed"),
            _check_html,
            _HTML,
            "feeds/{slug}/",
            "feeds/{slug}/archive/{page}/",
            _Page(templates, "label"),
        ),
    }


def site_pages(templates: tuple[Path, ...]) -> tuple[SitePage, ...]:
    """Return what belongs to no single feed."""
    return (
        SitePage(_Page(templates, "index"), _check_html, _HTML, ""),
        SitePage(_Page(templates, "style"), _check_text, "text/css; charset=utf-8", _STYLE),
        SitePage(_render_opml, _check_xml, "text/x-opml; charset=utf-8", "opml.xml", timeless=True),
    )


def targets(settings: Settings, call: Caller) -> tuple[Target, ...]:
    """Return who gets what is published, besides the database.

    :raises PublishError: two folders of one target are the same
    """
    made: dict[str, Target] = {}
    for said in settings.publish:
        if isinstance(said, HubTarget):
            if not said.own:
                made.setdefault(said.url, _hub(said, call))
        elif isinstance(said, FilesTarget):
            made.setdefault(f"files {said.folder}", _files(said))
        else:
            made.setdefault(f"posts {said.folder}", _posts(said, settings))
    return tuple(made.values())


def own_hub(settings: Settings, store: Store, call: Caller, clock: Clock) -> "OwnHub | None":
    """Return the hub we are ourselves, where feeds.yaml says that we are one."""
    if not select.is_hub(settings):
        return None
    from aggregator.publishers.hub import OwnHub

    return OwnHub(store, settings.site, call, clock)


def caller(settings: Settings) -> Caller:
    """Return what makes calls to hubs and subscribers."""

    def make() -> "HttpCaller":
        from aggregator.publishers.calls import HttpCaller

        return HttpCaller(settings.fetch, _agent(settings))

    return Once(make)


def _agent(settings: Settings) -> str:
    from aggregator.sources.http import user_agent

    site = settings.site
    return user_agent(site.url, site.contact, settings.fetch.user_agent)


def _hub(said: HubTarget, call: Caller) -> Target:
    from aggregator.publishers.websub import HubPublisher

    publisher = HubPublisher(said.url, call)
    return Target(f"hub {said.url}", publisher, wants=_is_public, remote=True)


def _files(said: FilesTarget) -> Target:
    from aggregator.publishers.files import FilesPublisher

    publisher = FilesPublisher(said)

    def publish(release: Release) -> Sequence[str]:
        return publisher(release.stamps, release.load, release.retired).refused

    return Target(f"files {said.folder}", publish, wants=_is_public, needs="artifacts")


def _posts(said: PostsTarget, settings: Settings) -> Target:
    from aggregator.publishers.posts import PostsPublisher

    publisher = PostsPublisher(said, settings.site)
    combined = {feed.slug for feed in settings.feeds}

    def publish(release: Release) -> Sequence[str]:
        return publisher(release.publications, release.at).refused

    def wants(feed: Feed) -> bool:
        if said.feeds:
            return feed.slug in said.feeds
        return feed.slug not in combined and _is_public(feed)

    return Target(
        f"posts {said.folder}", publish, wants, needs="stories", again_at=publisher.again_at
    )


def _is_public(feed: Feed) -> bool:
    """A folder and a hub hand on what they have to everybody."""
    return not feed.private

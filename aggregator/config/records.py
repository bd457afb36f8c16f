"""From what stands in feeds.yaml to frozen records: defaults, and what values mean together.

1. A source's own keys come first, then `defaults`, then the records' own defaults.
2. A key that has no meaning for the kind of a source is refused on the source (``checks``), and
   passed over in `defaults`.
3. A name and password in a feed's address become its basic authentication: the address is
   published, they are not.
4. Relative paths are relative to the folder of feeds.yaml.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import fields

from aggregator.config import schema
from aggregator.config.report import Location, Report
from aggregator.config.schema import FRONT_MATTER
from aggregator.config.targets import Target
from aggregator.config.values import NO_TOKEN
from aggregator.core.hosts import plain_host
from aggregator.core.slugs import category_slug
from aggregator.core.urls import userinfo, without_userinfo
from aggregator.model.settings import (
    Category,
    Feed,
    FetchSettings,
    FilesTarget,
    HttpOptions,
    HubTarget,
    Match,
    PostsOptions,
    PostsTarget,
    Republish,
    Secret,
    Settings,
    Site,
    Source,
)

_LOCAL_URL = "http://127.0.0.1:8080/"
_TAG_YEAR = "2025"
"""Any fixed year will do: what counts is that a rebuild, or a start in another year, mints the ids
that readers know. A clock or the database would not say the same for ever."""
_EVERY = {"feed": timedelta(hours=1), "posts": timedelta(minutes=5)}
_CREDENTIALS = frozenset(("username", "password", "bearer"))
_PRIVATE_KEYS = frozenset((*_CREDENTIALS, "cookies", "client_certificate"))
_SECRET_NAME = re.compile(
    r"auth(?!or)|token|secret|passw|credential|^api-?_?key|(?:^|[-_.])(?:key|sig|signature|pwd)$",
    re.IGNORECASE,
)
"""Names of headers and of parameters of an address whose values are no public matter."""
_FILES = ("client_certificate", "client_key", "ca_certificates")
_POSTS = tuple(line.name for line in fields(PostsOptions))


def settings(document: schema.Document, path: Path, report: Report) -> Settings:
    """Return the whole of feeds.yaml, after noting what does not go together."""
    defaults = document.defaults.said() if document.defaults else {}
    reader = _Sources(report, path.parent, defaults)
    return Settings(
        path=path,
        site=_site(document.site.said() if document.site else {}),
        sources=tuple(reader.source(name, said) for name, said in document.sources.items()),
        categories=tuple(
            _category(name, said.said()) for name, said in (document.categories or {}).items()
        ),
        feeds=tuple(_feed(slug, said, defaults) for slug, said in (document.feeds or {}).items()),
        fetch=FetchSettings(**(document.fetch.said() if document.fetch else {})),
        defaults=_category(
            "defaults", _only(defaults, (*schema.Shape.model_fields, "dedupe", "keep_scripts"))
        ),
        publish=tuple(
            _target(said.said(), path.parent) for said in document.publish or () if _is_one(said)
        ),
    )


def _site(said: dict[str, Any]) -> Site:
    url = said.pop("url", _LOCAL_URL)
    # An IPv6 address has colons, which end the authority of a tag.
    host = plain_host(urlsplit(url).hostname or "").replace(":", "-")
    return Site(**{"url": url, "tag": f"{host},{_TAG_YEAR}", **said})


def _category(name: str, said: dict[str, Any]) -> Category:
    moved_from = _slugs(said.pop("moved_from", None))
    return Category(name=name, moved_from=moved_from, **_opened(said))


def _opened(said: dict[str, Any]) -> dict[str, Any]:
    """Take the word by which a feed is open that had a token for what it means."""
    return said | {"token": None, "public": True} if said.get("token") == NO_TOKEN else said


def _feed(slug: str, said: schema.Feed, defaults: Mapping[str, Any]) -> Feed:
    own = _only(defaults, schema.Shape.model_fields) | said.said()
    match, moved_from = own.pop("match", None), _slugs(own.pop("moved_from", None))
    shape = {"slug": slug, "title": slug, **_opened(own)}
    return Feed(**shape, match=_match(match), moved_from=moved_from)


def _match(said: schema.Marks | None) -> Match:
    if said is None:
        return Match()
    without = said.without if isinstance(said, schema.Match) else None
    return Match(
        categories=_slugs(said.categories),
        sources=said.sources or (),
        tags=_slugs(said.tags),
        languages=said.languages or (),
        authors=said.authors or (),
        words=said.words or (),
        without=_match(without) if without else None,
    )


def _slugs(names: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(category_slug, names or ())))


def _is_one(said: Target) -> bool:
    """Tell whether a target says what it is; ``checks`` complains of the others."""
    return bool(said.hub or said.files or (said.posts and said.engine))


def _target(said: dict[str, Any], folder: Path) -> PostsTarget | FilesTarget | HubTarget:
    if "hub" in said:
        return HubTarget(said["hub"])
    if "files" in said:
        return FilesTarget(_path(folder, said["files"]))
    keep: dict[str, Any] = said["keep"].said() if "keep" in said else {}
    return PostsTarget(
        folder=_path(folder, said["posts"]),
        keep_days=keep.get("days"),
        keep_posts=keep.get("newest"),
        archive=_path(folder, keep["archive"]) if "archive" in keep else None,
        index_pages=_path(folder, said["index_pages"]) if "index_pages" in said else None,
        front_matter=tuple(said.get("front_matter", {}).items()),
        **_only(said, ("engine", "feeds", "body", "timezone")),
    )


def _path(folder: Path, words: str) -> Path:
    """Read a path that begins at a folder, or at home."""
    path = Path(words)
    return folder / (path.expanduser() if words.startswith("~/") else path)


class _Sources(Struct, frozen=True):
    """Makes the records of sources."""

    report: Report
    folder: Path
    defaults: Mapping[str, Any]

    def source(self, name: str, said: schema.Source) -> Source:
        own = said.said()
        kind = "posts" if "posts" in own else "feed"
        at = ("sources", name)
        stated = own.get("feed", "")
        address, known = without_userinfo(stated), userinfo(stated)
        basic = (known[0], Secret(known[1])) if known else None
        merged = self._merged(own, bool(basic or _CREDENTIALS & own.keys()))
        every = merged.get("every", _EVERY[kind])
        self._check_pace(at, own, every, merged.get("slowest"))
        if basic and _CREDENTIALS & own.keys():
            self.report.add((*at, "feed"), "{value} has a name and password, too", "keep one pair")
        names, own_categories = _categories(merged.get("categories", ()))
        return Source(
            name=name,
            kind=kind,
            location=self._folder(at, own["posts"]) if kind == "posts" else address,
            categories=names,
            own_categories=own_categories,
            every=every,
            http=self._http(at, merged, basic) if kind == "feed" else HttpOptions(),
            posts=PostsOptions(**_only(merged, _POSTS)) if kind == "posts" else PostsOptions(),
            republish=_republish(merged, hide=kind == "feed" and _is_private(merged, stated)),
            # Not of the defaults: what a category says outranks those.
            dedupe=own.get("dedupe"),
            **_only(merged, ("slowest", "title", "identity", "edits", "strip_tracking")),
        )

    def _merged(self, own: Mapping[str, Any], known_there: bool) -> dict[str, Any]:
        """Put a source's keys over the defaults; of credentials it has its own or the defaults'."""
        hidden = _CREDENTIALS if known_there else frozenset()
        return {key: self.defaults[key] for key in self.defaults if key not in hidden} | dict(own)

    def _check_pace(
        self, at: Location, own: Mapping[str, Any], every: timedelta, slowest: timedelta | None
    ) -> None:
        if slowest is not None and slowest < every:
            place = "slowest" if "slowest" in own else "every"
            message = "the longest time between two polls is shorter than the shortest"
            self.report.add((*at, place), message, "make slowest: longer than every:")

    def _folder(self, at: Location, words: str) -> str:
        if "://" in words:
            self.report.add((*at, "posts"), "{value} is no folder", "name an address under feed:")
        return str(_path(self.folder, words))

    def _http(
        self, at: Location, merged: Mapping[str, Any], basic: tuple[str, Secret] | None
    ) -> HttpOptions:
        if "username" in merged and "password" in merged:
            basic = basic or (merged["username"], merged["password"])
        files: dict[str, Any] = {
            key: self._file(at, key, merged[key]) for key in _FILES if key in merged
        }
        return HttpOptions(
            headers=tuple(merged.get("headers", {}).items()),
            cookies=tuple(merged.get("cookies", {}).items()),
            basic=basic,
            **files,
            **_only(merged, ("user_agent", "bearer", "proxy", "timeout", "max_bytes")),
        )

    def _file(self, at: Location, key: str, words: str) -> Path:
        path = _path(self.folder, words)
        if not path.is_file():
            place = ("defaults", key) if key in self.defaults else (*at, key)
            self.report.add(place, "{value} is no file", "paths begin at the folder of feeds.yaml")
        return path


def _republish(merged: Mapping[str, Any], *, hide: bool) -> Republish:
    said = _only(merged, ("excerpt_words", "noindex", "rights", "attribution"))
    hide_address = merged.get("hide_address", hide)
    return Republish(how=merged.get("republish", "full"), hide_address=hide_address, **said)


def _is_private(merged: Mapping[str, Any], address: str) -> bool:
    """Tell whether a feed is meant for one reader: the address of such a one is no attribution."""
    if userinfo(address) or _PRIVATE_KEYS & merged.keys():
        return True
    query = urlsplit(address).query if "?" in address else ""
    named = (name for name, _ in parse_qsl(query, keep_blank_values=True))
    return any(map(_SECRET_NAME.search, (*merged.get("headers", ()), *named)))


def _categories(said: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """Return the names, each slug once, and whether entries bring their own."""
    names = {category_slug(name): name for name in reversed(tuple(said)) if name != FRONT_MATTER}
    return tuple(reversed(names.values())), FRONT_MATTER in said


def _only(said: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: said[key] for key in keys if key in said}

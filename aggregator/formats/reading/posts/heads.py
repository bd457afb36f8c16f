"""All of a post but its text: title, date, state, words, address, identity.

What is read here is kept from one scan to the next; it says nothing that depends on the time of day
or on other posts.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator.core.loop_guard import is_ours
from aggregator.formats.reading.posts.dates import Calendar
from aggregator.formats.reading.posts.engines import Engine, is_post
from aggregator.formats.reading.posts.notes import Notes, quoted
from aggregator.formats.reading.posts.permalinks import (
    OffSiteError,
    Place,
    below_home,
    folder_of,
    permalink,
    plain_name,
)
from aggregator.formats.reading.posts.setting import Setting, at_home, defaults_for
from aggregator.formats.reading.posts.split import Opened
from aggregator.formats.reading.posts.titles import title_of
from aggregator.formats.reading.posts.values import FrontMatter, Value, plain_key
from aggregator.formats.reading.posts.words import authors, categories, language, tags, tidy
from aggregator.model.parsed import Link, Person, Term

_DATE_KEYS = (
    *("date", "publishdate", "publish_date", "pubdate", "pub_date", "revdate"),
    *("created", "created_at", "published", "published_at"),
)
_UPDATED_KEYS = (
    "updated",
    "lastmod",
    "modified",
    "last_modified_at",
    "last_modified",
    "updated_at",
)
_EXPIRES_KEYS = ("expirydate", "expires", "unpublishdate")
_STARTS_KEYS = ("publishdate",)
_DRAFT_STATES = frozenset(("draft", "hidden", "skip", "private", "pending", "trash", "deleted"))
_BOOLEANS = frozenset(("true", "false", "yes", "no", "on", "off"))
_IMAGE_KEYS = (
    *("image", "cover", "thumbnail", "featured_image", "header_img", "banner", "hero", "images"),
    "og_image",
)
_EXTERNAL_KEYS = ("external_url", "link", "original_url", "source_url")
_CANONICAL_KEYS = ("canonical", "canonical_url", "canonicalurl")
_ID_KEYS = ("id", "guid", "source_id", "uuid")
_BARE_URL = re.compile(r"<([^\s<>]*)>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ID_LIMIT = 1024
"""Of the longest id that is published as it is (``core.compose``)."""


class Head(Struct, frozen=True):
    """What one file says of itself."""

    path: str
    skip: str = ""
    """Why it gives no entry; "" if it does. "draft" may be asked for."""
    guid: str = ""
    title: str = ""
    heading: str = ""
    """The line of the body that is the title, and goes from there; "" where none is."""
    date: datetime | None = None
    starts: datetime | None = None
    """When it is to appear, where that is not its date."""
    expires: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    authors: tuple[Person, ...] = ()
    permalink: str | None = None
    link: str | None = None
    body_link: str | None = None
    links: tuple[Link, ...] = ()
    image: str | None = None
    language: str | None = None
    excerpt: str | None = None
    source: str | None = None
    """The name of the original source, as its republisher states it."""
    more_mark: str | None = None
    """Its own mark of the excerpt's end."""
    names: tuple[str, ...] = field(default=())
    """What other posts may call it by."""


class HeadReader:
    """Reads heads by one folder's rules."""

    def __init__(self, setting: Setting, calendar: Calendar, id_pattern: Any, own_tag: str) -> None:
        self._setting = setting
        self._own_tag = own_tag
        self._calendar = calendar
        self._id_pattern = id_pattern

    def read(self, path: str, extension: str, opened: Opened, notes: Notes) -> Head:
        """Return what a file says of itself."""
        site_path = self._setting.folder + path
        front = _with_defaults(opened.front, defaults_for(self._setting, site_path))
        skip = self._our_own(front) or _skipped(self._setting, path, site_path, opened, front)
        if skip:
            notes.count(skip)
        if skip and not (skip == "draft" and self._setting.options.drafts):
            return Head(path, skip=skip)
        title, heading = title_of(opened, front, extension, path, notes)
        date = self._date(front, site_path, notes)
        if date is None and self._is_dateless(path):
            notes.count("undated-name")
            return Head(path, skip="undated-name")
        described = self._described(path, site_path, front, opened, title, date, notes)
        return replace(described, skip=skip, title=title, heading=heading, date=date)

    def _described(
        self,
        path: str,
        site_path: str,
        front: FrontMatter,
        opened: Opened,
        title: str,
        date: datetime | None,
        notes: Notes,
    ) -> Head:
        """Return all that follows once title and date are known."""
        words = self._categories(front, path, site_path, notes)
        place = Place(
            path=below_home(self._setting.engine, site_path),
            front=front,
            title=title,
            categories=words,
            local=self._calendar.local(date) if date else None,
        )
        address = self._permalink(place, notes)
        body_link = _body_link(self._setting.options.link, opened, notes)
        return Head(
            path=path,
            guid=self._guid(front, opened.body, address, path),
            starts=self._first(front, _STARTS_KEYS),
            expires=self._first(front, _EXPIRES_KEYS),
            updated=self._updated(front),
            categories=words,
            terms=tuple(Term(word) for word in self._tags(front, notes)),
            authors=authors(front, self._setting.authors),
            permalink=address,
            link=body_link or self._chosen_link(front, notes) or address,
            body_link=body_link,
            links=_links(front),
            image=_image(front, address or self._setting.base_url),
            language=language(front, site_path),
            excerpt=front.text("excerpt", "summary", "description"),
            source=front.text("source_name"),
            more_mark=front.text("excerpt_separator") or self._setting.more_mark,
            names=_names(place, path, title),
        )

    def _our_own(self, front: FrontMatter) -> str:
        """Recognise a post this program wrote: read again, it would come round for ever."""
        marks = (front.text("source_id") or "", front.text("republished_by") or "")
        return "our-own" if any(is_ours(mark, self._own_tag) for mark in marks) else ""

    # -- dates -----------------------------------------------------------------------------------

    def _date(self, front: FrontMatter, site_path: str, notes: Notes) -> datetime | None:
        named = self._calendar.in_path(site_path)
        for key in self._setting.engine.date_keys or _DATE_KEYS:
            if key not in front.values or _is_state(key, front.values[key]):
                continue
            stated = self._stated(front, key, notes)
            if stated:
                if named and abs(stated - named) > timedelta(days=1):
                    notes.count("date-differs")
                return stated
        return named or self._in_address(front)

    def _stated(self, front: FrontMatter, key: str, notes: Notes) -> datetime | None:
        value = front.values[key]
        moment = self._calendar.read(value) if isinstance(value, str) else None
        if moment is None:
            notes.warn("date", f"{key} {quoted(value or '')} is no date", front.line(key))
        return moment

    def _in_address(self, front: FrontMatter) -> datetime | None:
        """Find the day in the address a post states (Zola: ``path = "2022/04/07/x"``)."""
        stated = front.text("path", "permalink", "url")
        return self._calendar.in_path(stated) if stated else None

    def _first(self, front: FrontMatter, keys: tuple[str, ...]) -> datetime | None:
        text = front.text(*keys)
        return self._calendar.read(text) if text else None

    def _updated(self, front: FrontMatter) -> datetime | None:
        last = front.values.get("last_update")
        if isinstance(last, dict) and isinstance(last.get("date"), str):
            return self._calendar.read(str(last["date"]))
        return self._first(front, _UPDATED_KEYS)

    def _is_dateless(self, path: str) -> bool:
        return self._setting.engine.dated_names and at_home(self._setting, path)

    # -- words -----------------------------------------------------------------------------------

    def _categories(
        self, front: FrontMatter, path: str, site_path: str, notes: Notes
    ) -> tuple[str, ...]:
        engine, options = self._setting.engine, self._setting.options
        own = categories(front, engine, options.split_words, notes)
        folders = tuple(part for part in path.split("/")[:-1] if not part.startswith("_"))
        if engine.folders_file == "above":
            above = site_path.partition("/_posts/")
            # Only where the site's root is known is "what is above _posts" known.
            own = (*(above[0].split("/") if above[1] else ()), *own)
        elif engine.folders_file == "first" and not own:
            own = tuple(folder_of(below_home(engine, site_path)).split("/")[:1])
        return tidy((*own, *(folders if options.folders else ())), notes)

    def _tags(self, front: FrontMatter, notes: Notes) -> tuple[str, ...]:
        return tags(front, self._setting.engine, self._setting.options.split_words, notes)

    # -- address and identity --------------------------------------------------------------------

    def _permalink(self, place: Place, notes: Notes) -> str | None:
        try:
            return permalink(self._setting, place)
        except OffSiteError as error:
            line = place.front.line("permalink" if "permalink" in place.front.values else "url")
            notes.warn("permalink", f"claims the address {quoted(error)} of another site", line)
            return None

    def _chosen_link(self, front: FrontMatter, notes: Notes) -> str | None:
        """Return the link of ``link: front-matter:KEY``."""
        kind, _, key = self._setting.options.link.partition(":")
        if kind != "front-matter":
            return None
        value = front.text(plain_key(key))
        if value and is_web(value):
            return value
        notes.warn(
            "link", f"{key} {quoted(value or '')} is no http(s) link; the permalink is taken"
        )
        return None

    def _guid(self, front: FrontMatter, body: str, address: str | None, path: str) -> str:
        """Choose an identity: ``id_pattern``, else the post's own id, else address, else path."""
        if self._id_pattern is not None:
            found = self._id_pattern.search(body)
            group = next((part for part in found.groups() if part), "") if found else ""
            if group:
                return str(group)[:_ID_LIMIT]
        return (front.text(*_ID_KEYS) or address or path)[:_ID_LIMIT]


def _with_defaults(front: FrontMatter, defaults: Mapping[str, Value]) -> FrontMatter:
    if not defaults:
        return front
    return FrontMatter({**defaults, **front.values}, front.lines)


def _is_state(key: str, value: Value) -> bool:
    """Tell whether ``published`` is a state, not a date."""
    return key == "published" and (not isinstance(value, str) or value.lower() in _BOOLEANS)


def _skipped(
    setting: Setting, path: str, site_path: str, opened: Opened, front: FrontMatter
) -> str:
    """Say why a file is no post to be shown; "" if it is one."""
    engine, name = setting.engine, path.rsplit("/", 1)[-1]
    if name.startswith("_index."):
        return "section"
    if not is_post(engine, site_path):
        return "no-post"
    if engine.fenced_only and not opened.has_front:
        return "no-front-matter"
    return "draft" if _is_draft(engine, site_path, front) else ""


def _is_draft(engine: Engine, site_path: str, front: FrontMatter) -> bool:
    if front.says("draft", True) or front.says("unlisted", True):
        return True
    if front.says("published", False) or front.says("publish", False):
        return True
    if front.says("eleventyexcludefromcollections", True):
        return True
    state = front.text("status") or ""
    return state.lower() in _DRAFT_STATES or "/_drafts/" in f"/{site_path}"


def is_web(url: str) -> bool:
    """Tell whether a text is an http(s) address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _body_link(how: str, opened: Opened, notes: Notes) -> str | None:
    """Find the last bare ``<URL>`` of a body, where the source's links are kept there."""
    if how != "body":
        return None
    last = ""
    line_at = 0
    for match in _BARE_URL.finditer(opened.body):
        inside = match[1]
        if is_web(inside) or not inside or _SCHEME.match(inside):
            last, line_at = inside, match.start()
    if last and is_web(last):
        return last
    line = opened.body_line + opened.body.count("\n", 0, line_at)
    notes.warn("link", f"has no http(s) <link> in its text ({quoted(last)})", line)
    return None


def _links(front: FrontMatter) -> tuple[Link, ...]:
    found = []
    for rel, keys in (("canonical", _CANONICAL_KEYS), ("related", _EXTERNAL_KEYS)):
        href = front.text(*keys)
        if href and is_web(href):
            found.append(Link(href, rel))
    return tuple(found)


def _image(front: FrontMatter, base: str | None) -> str | None:
    for key in _IMAGE_KEYS:
        value = front.values.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("path") or value.get("url") or value.get("src")
        if isinstance(value, str) and value.strip() and "{{" not in value:
            url = _joined(base, value.strip())
            return url if is_web(url) else None
    return None


def _joined(base: str | None, url: str) -> str:
    try:
        return urljoin(base or "", url)
    except ValueError:
        return ""


def _names(place: Place, path: str, title: str) -> tuple[str, ...]:
    """Return what other posts may call this one by: path, file name, slug, title."""
    name = path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0]
    names = (path, place.path, name, stem, plain_name(path, path), place.front.text("slug"), title)
    return tuple(dict.fromkeys(text.lower() for text in names if text))

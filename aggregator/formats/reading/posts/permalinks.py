"""Where a post stands on the written site: the engine's pattern, filled and kept on the site."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct

from aggregator.formats.reading.posts.engines import Engine
from aggregator.formats.reading.posts.setting import Setting
from aggregator.formats.reading.posts.values import FrontMatter

_DATED = re.compile(r"\d{4}[-_.]\d{1,2}[-_.]\d{1,2}(?:T[\d:.+Z-]+)?[-_ .]?")
_PLACE = re.compile(r":([a-z_]+)|\{([a-z_]+)(?::([^{}]*))?\}")
_KEPT = "/~!$&'()*+,;=:@-._"
_SLUG_GONE = re.compile(r"[^\w]+")
_DATES = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "short_year": "%y",
    "y_day": "%j",
    "yearday": "%j",
    "week": "%V",
    "w_year": "%G",
    "short_month": "%b",
    "long_month": "%B",
    "monthname": "%B",
    "short_day": "%a",
    "date": "%Y/%m/%d",
}


class Place(Struct, frozen=True):
    """What an address is made of."""

    path: str
    """Below the folder the engine keeps its posts in, else below the site's root."""
    front: FrontMatter
    title: str
    categories: tuple[str, ...]
    local: datetime | None
    """The post's date by the site's clock."""


class OffSiteError(Exception):
    """A post claims an address that is not its site's."""


def permalink(setting: Setting, place: Place) -> str | None:
    """Return a post's absolute address; None where the site or the pattern is not known.

    :raises OffSiteError: it claims another site's address
    """
    if not setting.base_url:
        return None
    stated = _stated(setting, place)
    if stated is not None:
        return _join(setting.base_url, _fill(stated, place)) if stated else None
    pattern = _pattern(setting, place)
    if not pattern or (place.local is None and any(f":{name}" in pattern for name in _DATES)):
        return None
    # Without categories "/:categories/:year" begins with two slashes, and names no host by them.
    return _join(setting.base_url, re.sub("//+", "/", _fill(pattern, place)))


def _stated(setting: Setting, place: Place) -> str | None:
    """Return the address front matter states; "" where it says there is none or it is a program."""
    front, name = place.front, setting.engine.name
    if name == "zola":
        path = front.text("path")
        return f"/{path.strip('/')}/" if path else None
    stated = front.text("permalink", "url") if name != "docusaurus" else None
    if name == "pelican":
        stated = front.text("url", "save_as")
    if stated is None or setting.options.permalink:
        return None
    if stated.lower() == "false" or "{{" in stated or "{%" in stated or "${" in stated:
        return ""
    return stated


def _pattern(setting: Setting, place: Place) -> str:
    section = folder_of(place.path).split("/")[0]
    return setting.section_permalinks.get(section) or setting.permalink


def _fill(pattern: str, place: Place) -> str:
    values = _Values(place)

    def value(match: "re.Match[str]") -> str:
        found = values.get(match[1] or match[2], match[3])
        return match[0] if found is None else found

    return _PLACE.sub(value, pattern)


class _Values:
    """The words a pattern may name."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._makers: dict[str, Callable[[], str]] = {
            "title": lambda: stated_slug(place) or plain_name(place.path, place.path),
            "slug": lambda: stated_slug(place) or slugify(plain_name(place.path, place.path)),
            "name": lambda: plain_name(place.path, place.path).rsplit("/", 1)[-1],
            "post_title": lambda: slugify(place.title),
            "categories": lambda: "/".join(dict.fromkeys(map(str.lower, place.categories))),
            "category": lambda: "/".join(map(slugify, place.categories)),
            "slugified_categories": lambda: "/".join(map(slugify, place.categories)),
            "path": lambda: re.sub(r"^_[^/]+/|\.[^./]+$", "", place.path),
            "basename": lambda: _stem(place.path),
            "filename": lambda: _stem(place.path),
            "contentbasename": lambda: slugify(plain_name(place.path, place.path)),
            "output_ext": lambda: ".html",
            "sections": lambda: folder_of(place.path),
            "section": lambda: folder_of(place.path).split("/")[0],
            "lang": lambda: place.front.text("lang") or "",
        }

    def get(self, name: str, form: str | None) -> str | None:
        """Return a word, a part of the date, or None for what nobody knows."""
        local = self._place.local
        if name in _DATES:
            return local.strftime(form or _DATES[name]) if local else ""
        if name in ("i_month", "i_day"):
            return str(getattr(local, name[2:])) if local else ""
        maker = self._makers.get(name)
        return maker() if maker else None


def stated_slug(place: Place) -> str | None:
    """Return the slug front matter states, without slashes around it."""
    slug = place.front.text("slug")
    return slug.strip("/") or None if slug else None


def folder_of(path: str) -> str:
    """Return the folders of a path, without a folder that is the post itself ("x/index.md")."""
    folders = re.sub(r"^(?:content|src|docs)/", "", path).rsplit("/", 1)
    above = folders[0] if len(folders) > 1 else ""
    if _stem(path) == "index":
        above = above.rsplit("/", 1)[0] if "/" in above else ""
    return above


def plain_name(path: str, whole: str) -> str:
    """Return a file's name without date and extension; of "x/index.md" it is "x"."""
    stem = _stem(path)
    if stem == "index" and "/" in whole:
        stem = whole.rsplit("/", 2)[-2]
    return _DATED.sub("", stem, count=1) or stem


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def below_home(engine: Engine, path: str) -> str:
    """Return what of a path below the site is below the engine's folder of posts."""
    for home in engine.homes:
        _, found, after = f"/{path}".partition(f"/{home}/")
        if found and engine.name != "jekyll":
            return after
    return path


def slugify(text: str) -> str:
    """Make a word for an address, letters of all scripts kept."""
    return _SLUG_GONE.sub("-", unicodedata.normalize("NFC", text).lower()).strip("-")


def _join(base_url: str, path: str) -> str:
    """Put a path on the site: no way up and out of it, and no other host."""
    text = path.strip()
    if re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) or text.startswith(("//", "\\")):
        return _same_site(base_url, text)
    plain, _, fragment = unquote(text).partition("#")
    parts: list[str] = []
    for part in plain.partition("?")[0].replace("\\", "/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(quote(part, safe=_KEPT))
    end = "/" if parts and plain.endswith("/") else ""
    return base_url + "/".join(parts) + end + (f"#{quote(fragment)}" if fragment else "")


def _same_site(base_url: str, url: str) -> str:
    try:
        own, other = urlsplit(base_url), urlsplit(url)
    except ValueError as error:
        raise OffSiteError(url) from error
    if other.scheme not in ("", "http", "https") or other.hostname != own.hostname:
        raise OffSiteError(url)
    root = f"{own.scheme}://{own.netloc}/"
    return _join(root, other.path or "/")

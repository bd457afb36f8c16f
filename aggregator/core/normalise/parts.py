"""What hangs on an entry: files, links, categories, numbers."""

import re
from collections.abc import Iterable

from aggregator.core.normalise.texts import line
from aggregator.core.urls import absolute, strip_tracking
from aggregator.model.parsed import Enclosure, Link, Term

_MOST = 100
_NAME_LIMIT = 200
_TITLE_LIMIT = 500
_LONGEST_FILE = 2**53
"""Bytes: the greatest number that every reader of JSON keeps."""
_LONGEST_PLAY_S = 10 * 24 * 3600
_GREATEST_NUMBER = 1_000_000
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_REL = re.compile(r"[a-z][a-z0-9.-]{0,63}|https?://[!-~]{1,300}")
_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,31}:[!-~]{1,500}")
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_LANGUAGE_LIMIT = 35


def enclosures(stated: Iterable[Enclosure], root: str) -> tuple[Enclosure, ...]:
    """Return the files, each address once; their addresses keep what counts listeners."""
    found: dict[str, Enclosure] = {}
    for file in stated:
        url = absolute(file.url, root)
        if url and len(found) < _MOST:
            found.setdefault(url, _enclosure(file, url))
    return tuple(found.values())


def links(stated: Iterable[Link], root: str, *, strip: bool) -> tuple[Link, ...]:
    """Return the further links, each once."""
    found: dict[tuple[str, str], Link] = {}
    for one in stated:
        href, rel = address(one.href, root, strip=strip), one.rel.strip()
        rel = rel if "://" in rel else rel.lower()
        if href and len(found) < _MOST and _REL.fullmatch(rel):
            link = Link(href, rel, media_type(one.media_type), _title(one.title))
            found.setdefault((rel, href), link)
    return tuple(found.values())


def terms(stated: Iterable[Term]) -> tuple[Term, ...]:
    """Return the publisher's categories, each once whatever its case."""
    found: dict[tuple[str, str | None], Term] = {}
    for one in stated:
        label = line(one.label or "", _NAME_LIMIT) or None
        term = line(one.term, _NAME_LIMIT) or label
        scheme = one.scheme.strip() if one.scheme else None
        scheme = scheme if scheme and _URI.fullmatch(scheme) else None
        if term and len(found) < _MOST:
            found.setdefault((term.casefold(), scheme), Term(term, scheme, label))
    return tuple(found.values())


def names(stated: Iterable[str]) -> tuple[str, ...]:
    """Return names in one line each, each once."""
    cleaned = (line(name, _NAME_LIMIT) for name in stated)
    return tuple(dict.fromkeys(name for name in cleaned if name))[:_MOST]


def address(
    url: str | None, root: str, *, strip: bool, own: tuple[str, str] = ("", "")
) -> str | None:
    """Return an absolute http(s) address without trackers; ``own``: of the feed and of its site."""
    found = absolute(url or "", root)
    return strip_tracking(found, *own) if found and strip else found


def language(tag: str | None) -> str | None:
    """Return a language tag of the shape that BCP 47 2.1 gives them; "en_US" means "en-US"."""
    plain = (tag or "").strip().replace("_", "-")
    is_tag = len(plain) <= _LANGUAGE_LIMIT and _LANGUAGE.fullmatch(plain)
    return plain if is_tag else None


def media_type(stated: str | None) -> str | None:
    """Return a media type in lower case, without parameters."""
    plain = (stated or "").partition(";")[0].strip().lower()
    return plain if _MEDIA_TYPE.fullmatch(plain) else None


def duration(seconds: int | None) -> int | None:
    """Return a duration that somebody could sit through."""
    return seconds if seconds is not None and 0 < seconds <= _LONGEST_PLAY_S else None


def number(stated: int | None) -> int | None:
    """Return the number of a season or an episode."""
    return stated if stated is not None and 0 <= stated <= _GREATEST_NUMBER else None


def _enclosure(file: Enclosure, url: str) -> Enclosure:
    length = file.length_bytes
    return Enclosure(
        url=url,
        media_type=media_type(file.media_type),
        length_bytes=length if length is not None and 0 <= length <= _LONGEST_FILE else None,
        title=_title(file.title),
        duration_s=duration(file.duration_s),
    )


def _title(text: str | None) -> str | None:
    return line(text or "", _TITLE_LIMIT) or None

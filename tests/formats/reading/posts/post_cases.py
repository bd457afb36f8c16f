"""Folders of posts as values: a path and a text is a file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from aggregator.formats.reading.posts import PostReader, Reading
from aggregator.model.fetched import PostFile, PostFolder, PostSite
from aggregator.model.parsed import ParsedEntry
from aggregator.model.settings import PostsOptions

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SITE = "https://site.example/"


def folder(
    files: Mapping[str, str | bytes],
    configs: Mapping[str, str] | None = None,
    now: datetime = NOW,
    place: str = "",
    **options: Any,
) -> PostFolder:
    """Make a folder; ``configs`` are the site's, ``place`` is where in the site the folder is."""
    site = PostSite(place, _files(configs or {}), ("content", "source/_posts") if configs else ())
    if "source" not in place:
        site = replace(site, folders=("content",) if configs else ())
    return PostFolder("blog", _files(files), PostsOptions(**options), site=site, now=now)


def _files(texts: Mapping[str, Any]) -> tuple[PostFile, ...]:
    return tuple(
        PostFile(path, text.encode() if isinstance(text, str) else text)
        for path, text in sorted(texts.items())
    )


def read(files: Mapping[str, str | bytes], **rest: Any) -> Reading:
    """Read a folder once."""
    return PostReader().read(folder(files, **rest))


def one(text: str | bytes, path: str = "2026-01-02-a.md", **rest: Any) -> ParsedEntry:
    """Read the only entry of one file."""
    (entry,) = read({path: text}, **rest).feed.entries
    return entry


def warned(files: Mapping[str, str | bytes], **rest: Any) -> tuple[str, ...]:
    """Return the lines a folder gets."""
    return read(files, **rest).feed.warnings


def content(entry: ParsedEntry) -> str:
    """Return the HTML of an entry."""
    return entry.content.value if entry.content else ""


def titles(reading: Reading) -> list[str]:
    """Return the titles of all entries, by name."""
    return sorted(entry.title.value for entry in reading.feed.entries)


def post(body: str = "Words.", **front: str) -> str:
    """Write a post with YAML front matter; "a_b" stands for itself."""
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\n{lines}---\n{body}\n"

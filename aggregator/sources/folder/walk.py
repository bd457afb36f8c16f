"""List the files of a folder without opening one."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from aggregator.errors import FetchError
from aggregator.model.settings import PostsOptions

EXTENSIONS = frozenset(
    (
        *("md", "markdown", "mkd", "mkdn", "mdown", "mdx", "html", "htm", "rst", "rest"),
        *("ipynb", "org", "adoc", "asciidoc", "textile", "txt", "meta"),
    )
)
"""What is read where ``include`` names nothing."""

_NEVER_WALKED = frozenset(("node_modules", "bower_components", "__pycache__", "_site"))
_BACKUP_ENDS = ("~", ".swp", ".tmp", ".bak", "%")
_STRANGE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_ENTRIES_LIMIT = 500_000
"""A folder of more is no folder of posts: "posts: /" would walk the machine."""


class Found(NamedTuple):
    """One file, as it stood when the folder was listed."""

    path: str
    """Relative to the root, with "/"."""
    full: str
    """Where to open it; for a link, what it points to."""
    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int
    """Moves with what the others miss: rights, and bytes under a time set back."""


class LeftOut(NamedTuple):
    """Something that looks like a post and cannot be read."""

    path: str
    reason: str


class Listing(NamedTuple):
    """All that a folder holds for us, sorted by path."""

    found: tuple[Found, ...]
    left_out: tuple[LeftOut, ...]


Wanted = Callable[[str], bool]


def list_folder(root: str, options: PostsOptions) -> Listing:
    """List what the options want of a real path.

    :raises FetchError: it holds more files than any folder of posts
    :raises OSError: it cannot be listed
    """
    found: list[Found] = []
    left_out: list[LeftOut] = []
    for item in _walk(root, *_filters(options)):
        (found if isinstance(item, Found) else left_out).append(item)  # type: ignore[arg-type]
    return Listing(tuple(_without_twice(found)), tuple(sorted(left_out)))


def _walk(root: str, wanted: Wanted, walked: Wanted) -> Iterator[Found | LeftOut]:
    """Go through all folders below the root; only the root's own error is raised."""
    waiting = [""]
    seen = 0
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(f"{root}/{folder}") as listing:
                entries = list(listing)
        except OSError as error:
            if not folder:
                raise
            yield LeftOut(folder.rstrip("/"), f"cannot be listed: {error.strerror}")
            continue
        seen += len(entries)
        if seen > _ENTRIES_LIMIT:
            raise FetchError(
                f"{root} holds over {_ENTRIES_LIMIT} files: name the posts' own folder"
            )
        for entry in entries:
            path = folder + entry.name
            if _is_skipped(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _named_like_a_post(path)
                if walked(path + "/") and entry.name not in _NEVER_WALKED:
                    waiting.append(path + "/")
            elif wanted(path):
                yield _look(root, path, entry)


def _named_like_a_post(path: str) -> Iterator[LeftOut]:
    if _extension(path) in ("md", "markdown", "html"):
        yield LeftOut(path, "is a folder named like a post")


def _look(root: str, path: str, entry: "os.DirEntry[str]") -> Found | LeftOut:
    if _STRANGE.search(entry.name):
        return LeftOut(_STRANGE.sub("?", path), "has a name that is no UTF-8 or holds controls")
    try:
        full = entry.path if not entry.is_symlink() else _behind(root, entry.path)
        facts = entry.stat(follow_symlinks=False) if full == entry.path else os.lstat(full)
    except FileNotFoundError:
        return LeftOut(path, "is a link to nothing")
    except OSError as error:
        return LeftOut(path, error.strerror or "cannot be read")
    if not stat.S_ISREG(facts.st_mode):
        return LeftOut(path, _kind(facts.st_mode))
    return Found(path, full, facts.st_size, facts.st_mtime_ns, facts.st_ino, facts.st_ctime_ns)


def _behind(root: str, path: str) -> str:
    """Follow a link, but not out of the root (a folder of a ConfigMap is made of links)."""
    real = os.path.realpath(path, strict=True)
    if not real.startswith(root.rstrip("/") + "/"):
        raise OSError(0, "is a link out of the folder")
    return real


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
    return f"is {next((word for check, word in kinds if check(mode)), 'a device')}, not a file"


def _without_twice(found: Iterable[Found]) -> list[Found]:
    """Drop links to files that are listed themselves."""
    listed = sorted(found)
    own = {item.full for item in listed if item.full.endswith("/" + item.path)}
    return [item for item in listed if item.full.endswith("/" + item.path) or item.full not in own]


def _is_skipped(name: str) -> bool:
    return name[0] == "." or name.endswith(_BACKUP_ENDS) or (name[0] == "#" and name[-1] == "#")


def _filters(options: PostsOptions) -> tuple[Wanted, Wanted]:
    """Return which files are read and which folders are walked."""
    include, exclude = _spec(options.include), _spec(options.exclude)

    def wanted(path: str) -> bool:
        asked = include.match_file(path) if options.include else _extension(path) in EXTENSIONS
        return asked and not (options.exclude and exclude.match_file(path))

    def walked(folder: str) -> bool:
        return not (options.exclude and exclude.match_file(folder))

    return wanted, walked


@lru_cache(maxsize=64)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)


def _extension(path: str) -> str:
    return path[path.rfind(".") + 1 :].lower()

"""Find the configuration of the engine a folder is written for, in it or above it.

It is looked for upwards, six folders at most and not above a git checkout. Files are read to be
recognised and for their few lines about addresses and zones; nothing is run.
"""

import os
import stat
from collections.abc import Iterator

from aggregator.model.fetched import PostFile, PostSite
from aggregator.sources.folder.opening import CannotReadError, read_file
from aggregator.sources.folder.walk import Found

_SUFFIXES = ("toml", "yaml", "yml", "json")
_CONFIGS = (
    "_config.yml",
    "_config.yaml",
    "_config.toml",
    *(f"hugo.{suffix}" for suffix in _SUFFIXES),
    *(f"config/_default/hugo.{suffix}" for suffix in _SUFFIXES),
    *(f"config/_default/config.{suffix}" for suffix in _SUFFIXES),
    "zola.toml",
    *(f"config.{suffix}" for suffix in _SUFFIXES),
    "pelicanconf.py",
    *(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs")),
    *(f"eleventy.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts")),
    ".eleventy.js",
    "conf.py",
)
_AUTHORS = ("authors.yml", "blog/authors.yml", "_data/authors.yml")
_TELLING = ("source/_posts", "source", "content", "_posts", "blog", "posts")
_LEVELS = 6
_SIZE_LIMIT = 256 * 1024


def find_site(root: str) -> tuple[PostSite, str]:
    """Return the site of a real path, and a text that changes when its configuration does."""
    for home in _upwards(root):
        configs = [found for name in _CONFIGS if (found := _file(home, name)) and _telling(found)]
        if configs:
            return _site(root, home, configs)
    return _site(root, _guessed_home(root), [])


def _telling(found: Found) -> bool:
    """Leave out what is no site's: many programs keep a config.yaml or a conf.py somewhere above.

    With one of those taken for a site's, "home/ann/docs/_posts" filed its posts under home and ann.
    """
    if found.path == "conf.py":
        return b"nikola" in _read(found).body.lower()
    if found.path.startswith("config."):
        return os.path.isdir(f"{os.path.dirname(found.full)}/content")  # noqa: PTH112, PTH120
    return True


def _upwards(root: str) -> Iterator[str]:
    home = root
    for _ in range(_LEVELS):
        yield home
        parent = os.path.dirname(home)  # noqa: PTH120 - thousands of Paths a day for nothing
        if parent == home or os.path.lexists(f"{home}/.git"):
            return
        home = parent


def _guessed_home(root: str) -> str:
    """Without any configuration the folder's own name still tells something: "source/_posts"."""
    parent, name = os.path.split(root)
    if os.path.basename(parent) == "source":  # noqa: PTH119
        return os.path.dirname(parent)  # noqa: PTH120
    return parent if name.startswith("_") else root


def _site(root: str, home: str, configs: list[Found]) -> tuple[PostSite, str]:
    places = dict.fromkeys((home, root))
    authors = [found for place in places for name in _AUTHORS if (found := _file(place, name))]
    known = [*configs, *authors]
    folders = tuple(name for name in _TELLING if os.path.isdir(f"{home}/{name}"))  # noqa: PTH112
    folder = os.path.relpath(root, home).replace(os.sep, "/")
    site = PostSite(
        folder="" if folder == "." else folder,
        files=tuple(_read(found) for found in known),
        folders=folders,
    )
    return site, repr((folder, folders, known))


def _file(home: str, name: str) -> Found | None:
    full = f"{home}/{name}"
    try:
        facts = os.lstat(full)
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return Found(name, full, facts.st_size, facts.st_mtime_ns, facts.st_ino, facts.st_ctime_ns)


def _read(found: Found) -> PostFile:
    """Read a configuration; one that cannot be read still tells the engine by its name."""
    try:
        return PostFile(found.path, read_file(found, _SIZE_LIMIT))
    except CannotReadError:
        return PostFile(found.path, b"")

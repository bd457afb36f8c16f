"""What each engine does its own way, one row each (from the engines' own documentation)."""

import re
from collections.abc import Mapping

from msgspec import Struct


class Engine(Struct, frozen=True):
    """The rules of one static site generator."""

    name: str
    permalink: str = ""
    """Its default pattern; "" where an address cannot be known without its configuration."""
    homes: tuple[str, ...] = ()
    """Folders its posts live in: if any file is in one, those elsewhere are no posts."""
    not_posts: str = ""
    """RE of paths below the site that are never posts."""
    categories_at: str = "never"
    """Where a string under ``categories`` is cut: "space", "comma" or "never"."""
    tags_at: str = "never"
    pairs: bool = False
    """Reads "Key: value" lines up to a blank line."""
    loose: bool = False
    """Takes front matter without its first fence, and longer fences."""
    fenced_only: bool = False
    """A file without front matter is no post."""
    dated_names: bool = False
    """In its homes, a file without a date in its name is ignored."""
    naive_utc: bool = False
    """Takes date-times without a zone for UTC, whatever the site's zone is."""
    folders_file: str = ""
    """"above": folders above its home are categories; "first": a post without one gets its
    folder's."""
    date_keys: tuple[str, ...] = ()
    """Replace the usual keys."""
    jsx: bool = False
    """Its Markdown is MDX."""
    blank_lines: bool = False
    """Takes blank lines before TOML."""


ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            "jekyll",
            permalink="/:categories/:year/:month/:day/:title:output_ext",
            homes=("_posts",),
            not_posts=r"(^|/)_(layouts|includes|sass|site|data|plugins)/|^vendor/",
            categories_at="space",
            tags_at="space",
            fenced_only=True,
            dated_names=True,
            naive_utc=True,
            folders_file="above",
        ),
        Engine(
            "hexo",
            permalink="/:year/:month/:day/:title/",
            homes=("_posts",),
            loose=True,
        ),
        Engine(
            "hugo",
            permalink="/:sections/:slug/",
            homes=("content",),
            date_keys=("date", "publishdate", "pubdate", "published", "lastmod"),
        ),
        Engine(
            "pelican",
            permalink="/:slug.html",
            homes=("content",),
            not_posts=r"^(content/)?pages/",
            categories_at="never",
            tags_at="comma",
            pairs=True,
            folders_file="first",
        ),
        Engine(
            "zola",
            permalink="/:sections/:slug/",
            homes=("content",),
            naive_utc=True,
            blank_lines=True,
        ),
        Engine(
            "docusaurus",
            permalink="/blog/:date/:slug",
            homes=("blog",),
            not_posts=r"(^|/)_[^/]*$",
            naive_utc=True,
            jsx=True,
        ),
        Engine(
            "eleventy",
            permalink="/:sections/:slug/",
            not_posts=r"(^|/)_(includes|data|layouts|site)/",
            naive_utc=True,
        ),
        Engine(
            "nikola",
            permalink="/posts/:slug/",
            homes=("posts",),
            categories_at="comma",
            tags_at="comma",
            pairs=True,
        ),
        Engine("plain", tags_at="comma", pairs=True, blank_lines=True),
    )
}


def is_post(engine: Engine, path: str) -> bool:
    """Tell whether a path below the site may be a post."""
    return not (engine.not_posts and re.search(engine.not_posts, path))


def is_at_home(engine: Engine, path: str) -> bool:
    """Tell whether a path lies in a folder the engine keeps its posts in."""
    return any(f"/{home}/" in f"/{path}" for home in engine.homes)

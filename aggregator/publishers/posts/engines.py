"""What each engine does its own way, one row each."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from aggregator.publishers.posts.words import without_quotes, without_tags


class Engine(Struct, frozen=True):
    """How the posts of one static site generator are written."""

    name: str
    form: str = "yaml"
    """Of the head: "yaml", "toml", "nikola" (".. key: value") or "html" (<meta>)."""
    extension: str = "md"
    updated: str = "updated"
    """The key that says when a post last changed."""
    nested: bool = False
    """A list of categories is a path of them: each needs a list of its own (Hexo)."""
    clock_time: bool = False
    """Takes every date for one by the site's clock, an offset is lost (Hexo with ``timezone``)."""
    tags_hold_all: bool = False
    """Knows tags only: categories are among them (Eleventy)."""
    guard: Callable[[str], str] = without_tags
    """Themes of many put titles and names into pages as they are: no tag may be in them."""
    loop: str = ""
    """Liquid that stands for the posts of a category; "": the page lists them itself."""


ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine("jekyll", updated="last_modified_at", loop="site.categories[page.category]"),
        Engine("hexo", nested=True, clock_time=True),
        Engine("hugo", updated="lastmod", guard=str),
        Engine("zola", form="toml", guard=str),
        Engine("eleventy", tags_hold_all=True, loop="collections[category] reversed"),
        # HTML, because Pelican puts titles into pages as they are: in <title> they are escaped. Its
        # own themes take that back in attributes, so quotes must not be the ones that end those.
        Engine("pelican", form="html", extension="html", updated="modified", guard=without_quotes),
        Engine("nikola", form="nikola"),
    )
}

"""The text of a post: template code, markup, boilerplate, excerpt, source."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lxml.cssselect import CSSSelector
from msgspec import Struct, field

from aggregator.formats.reading.posts.extract import (
    article_of,
    first_paragraph,
    without_link,
    without_remarks,
)
from aggregator.formats.reading.posts.heads import Head
from aggregator.formats.reading.posts.markup import HTML, MARKDOWN, REST, render, text_of
from aggregator.formats.reading.posts.notes import Notes
from aggregator.formats.reading.posts.setting import Setting
from aggregator.formats.reading.posts.split import Opened
from aggregator.formats.reading.posts.templates import MORE, map_templates

_RELATIVE = re.compile(r"""<(?:a|img)\s[^<>]*?(?:href|src)=["'](?![a-z][a-z0-9+.-]*:|//|#)""", re.I)
_WIKI_ENGINES = frozenset(("plain", "nikola"))
_SOURCE_LIMIT = 200


class Body(Struct, frozen=True):
    """The text of one post, as HTML that is not yet safe."""

    content: str = ""
    excerpt: str = ""
    """What stands before the mark of the excerpt; "" where there is none."""
    source: str | None = None
    """The name of the original source, from ``source_name``."""
    linked: Mapping[str, str | None] = field(default_factory=dict)
    """Other posts the text names, and the addresses they got: when one moves, this is read anew."""


class BodyReader:
    """Reads texts by one folder's rules."""

    def __init__(
        self,
        setting: Setting,
        resolve: Callable[[str], str | None],
        remove: Sequence[CSSSelector],
        source_pattern: Any,
    ) -> None:
        self._setting = setting
        self._resolve = resolve
        self._remove = remove
        self._source_pattern = source_pattern

    def read(self, head: Head, extension: str, opened: Opened, notes: Notes) -> Body:
        """Return the text of a post."""
        text = opened.body.replace(head.heading, "", 1) if head.heading else opened.body
        if head.more_mark:
            text = text.replace(head.more_mark, MORE, 1)
        text, linked = self._mapped(text, extension, notes)
        markup, before = without_remarks(render(text, extension, notes))
        content = article_of(markup, self._remove)
        if head.body_link:
            content = without_link(content, head.body_link)
        if not self._setting.base_url and not head.permalink and _RELATIVE.search(content):
            notes.count("relative")
        return Body(
            content=content.strip(),
            excerpt=self._excerpt(before, content),
            source=self._source(markup),
            linked=linked,
        )

    def _mapped(
        self, text: str, extension: str, notes: Notes
    ) -> tuple[str, Mapping[str, str | None]]:
        if extension not in MARKDOWN | HTML | REST:
            return text, {}
        engine = self._setting.engine
        mapped = map_templates(
            text,
            self._resolve,
            self._setting.base_url or "/",
            markdown=extension in MARKDOWN,
            jsx=extension == "mdx" or (engine.jsx and extension in MARKDOWN),
            wiki=engine.name in _WIKI_ENGINES and extension in MARKDOWN,
        )
        for name, count in mapped.dropped.items():
            for _ in range(count):
                notes.count(f"template:{name}")
        return mapped.text, mapped.linked

    def _excerpt(self, before: str | None, content: str) -> str:
        if before is not None:
            return article_of(before, self._remove).strip()
        return first_paragraph(content) if self._setting.options.body == "excerpt" else ""

    def _source(self, markup: str) -> str | None:
        if self._source_pattern is None:
            return None
        found = self._source_pattern.search(text_of(markup))
        name = next((part for part in found.groups() if part), None) if found else None
        return " ".join(str(name).split())[:_SOURCE_LIMIT] or None if name else None

"""Heads and texts to entries, and the index by which posts name each other."""

from collections.abc import Iterable

from aggregator.formats.reading.posts.bodies import Body
from aggregator.formats.reading.posts.choosing import Chosen
from aggregator.formats.reading.posts.heads import Head
from aggregator.formats.reading.posts.setting import Setting
from aggregator.model.parsed import Origin, ParsedEntry, Text


class Index:
    """Finds posts by what others call them: path, file name, slug or title."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._urls: dict[str, str] = {}
        for head in heads:
            if head.permalink and not head.skip:
                for name in head.names:
                    self._urls.setdefault(name, head.permalink)

    def __call__(self, target: str) -> str | None:
        name = target.strip().partition("#")[0].strip("/ ").lower()
        for form in (name, name.rsplit("/", 1)[-1], name.rsplit("/", 1)[-1].rsplit(".", 1)[0]):
            if form in self._urls:
                return self._urls[form]
        return None


def entry_of(setting: Setting, post: Chosen, body: Body) -> ParsedEntry:
    """Put an entry together."""
    head = post.head
    base = head.permalink or setting.base_url or ""
    source = body.source or head.source
    return ParsedEntry(
        guid=head.guid,
        link=head.link,
        title=Text(head.title),
        summary=_summary(head, body, base),
        content=_content(setting, body, base),
        published=post.date,
        updated=head.updated,
        authors=head.authors,
        terms=head.terms,
        categories=head.categories,
        links=head.links,
        language=head.language if head.language != setting.language else None,
        origin=Origin(title=source) if source else None,
        image=head.image,
    )


def _content(setting: Setting, body: Body, base: str) -> Text | None:
    if setting.options.body == "excerpt" or not body.content:
        return None
    return Text(body.content, is_html=True, base=base)


def _summary(head: Head, body: Body, base: str) -> Text | None:
    if head.excerpt:
        return Text(head.excerpt)
    return Text(body.excerpt, is_html=True, base=base) if body.excerpt else None

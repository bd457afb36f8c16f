"""The sources as OPML, for other readers and for `aggregator import`: a folder for each category.

A source of several categories stands in the folder of each: readers know no other way that all of
them read. Its name here is an attribute of our own, so that its history finds it again.
"""

from collections.abc import Iterable, Sequence

from lxml import etree

from aggregator.formats.reading.opml import NAMESPACE
from aggregator.model.settings import Source


def render_subscriptions(title: str, sources: Sequence[Source]) -> bytes:
    """Write a subscription list of feeds; equal sources give equal bytes."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"aggregator": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for source in sources:
        if not source.categories:
            _add(body, source)
    for category in _categories(sources):
        folder = etree.SubElement(body, "outline", {"text": category, "title": category})
        for source in sources:
            if category in source.categories:
                _add(folder, source)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _categories(sources: Iterable[Source]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for source in sources for name in source.categories))


def _add(parent: etree._Element, source: Source) -> None:
    title = source.title or source.name
    said = {"text": title, "title": title, "type": "rss", "xmlUrl": source.location}
    outline = etree.SubElement(parent, "outline", said)
    outline.set(f"{{{NAMESPACE}}}name", source.name)

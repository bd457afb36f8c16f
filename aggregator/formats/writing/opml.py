"""OPML 2.0: the list of our feeds, and of the sources they are made from.

Its head has no <docs>: the validator of the W3C does not know it.
"""

from lxml import etree

from aggregator.formats.writing.border import cleared_directory
from aggregator.model.shown import Credit, Directory, FeedLine

_PREFERRED = ("atom", "rss", "json")


def render_opml(directory: Directory) -> bytes:
    """Write a subscription list: one group of feeds, one of sources that can be subscribed to.

    It is not dated: news makes no other list of it.
    """
    listed = cleared_directory(directory)
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = listed.title
    body = etree.SubElement(root, "body")
    _add_group(body, listed.title or "Feeds", [_feed(line, listed) for line in listed.feeds])
    _add_group(body, "Sources", [_source(credit) for credit in listed.sources])
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_group(body: etree._Element, name: str, lines: list[dict[str, str]]) -> None:
    subscribable = [line for line in lines if "xmlUrl" in line]
    if not subscribable:
        return
    group = etree.SubElement(body, "outline", {"text": name, "title": name})
    for line in subscribable:
        etree.SubElement(group, "outline", line)


def _feed(line: FeedLine, directory: Directory) -> dict[str, str]:
    known = dict(line.addresses)
    address = next((known[name] for name in _PREFERRED if name in known), None)
    spoken = directory.language if directory.language != "und" else None
    return _outline(line.title, address, line.home, line.description, spoken)


def _source(credit: Credit) -> dict[str, str]:
    return _outline(credit.title, credit.feed_url, credit.link)


def _outline(
    title: str,
    feed_url: str | None,
    page_url: str | None,
    description: str | None = None,
    language: str | None = None,
) -> dict[str, str]:
    stated = {
        "text": title,
        "title": title,
        "type": "rss",
        "xmlUrl": feed_url,
        "htmlUrl": page_url,
        "description": description,
        "language": language,
    }
    return {name: value for name, value in stated.items() if value}

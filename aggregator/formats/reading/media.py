"""Files, pictures and what podcasts say: enclosures, Media RSS, iTunes, the podcast namespace."""

from collections.abc import Iterator

from aggregator.formats.reading.nodes import Node, resolve
from aggregator.formats.reading.texts import line
from aggregator.formats.reading.values import (
    duration_s,
    flag,
    length_bytes,
    unique_enclosures,
    whole_number,
)
from aggregator.model.parsed import CHAPTERS, TRANSCRIPT, Enclosure, Link

_PORTRAITS = "gravatar.com/avatar/"
"""WordPress.com sends the author's portrait as media:content of every entry."""


def enclosures(node: Node, base: str) -> tuple[Enclosure, ...]:
    """Return all files of an entry, each once, with what its several mentions say of it."""
    return unique_enclosures(
        [
            *_plain(node, base),
            *_out_of_line(node, base),
            *_media(node, base),
            *_torrents(node, base),
        ]
    )


def image(node: Node, base: str) -> str | None:
    """Return the address of the picture that stands for an entry."""
    for url in _pictures(node):
        if url and _PORTRAITS not in url:
            return resolve(node.base or base, url)
    return None


def media_nodes(node: Node, name: str) -> list[Node]:
    """Return Media RSS elements of an entry: its own, then those of its groups and contents."""
    if not node.speaks("media"):
        return []
    holders = [node, *_groups(node), *_contents(node)]
    return [found for holder in holders for found in holder.all(f"media:{name}")]


def entry_duration_s(node: Node) -> int | None:
    """Return how long the episode is."""
    texts = (found.text for found in node.all("itunes:duration", "duration"))
    stated = next((length for text in texts if (length := duration_s(text))), None)
    return stated or next(
        (length for content in _contents(node) if (length := duration_s(content.get("duration")))),
        None,
    )


def explicit(node: Node) -> bool | None:
    """Return whether an entry is marked as explicit or as clean."""
    words = node.text_of("itunes:explicit", "googleplay:explicit", "media:adult", "media:rating")
    return flag(words)


def number_of(node: Node, *names: str) -> int | None:
    """Return a season's or an episode's number."""
    return whole_number(node.text_of(*names))


def podcast_links(node: Node, base: str) -> Iterator[Link]:
    """Yield transcripts and chapters."""
    for name, rel in (("podcast:transcript", TRANSCRIPT), ("podcast:chapters", CHAPTERS)):
        for found in node.all(name):
            if url := found.get("url"):
                yield Link(resolve(found.base or base, url), rel, found.get("type") or None)


def _groups(node: Node) -> list[Node]:
    return node.all("media:group")


def _contents(node: Node) -> list[Node]:
    if not node.speaks("media"):
        return []
    own = node.all("media:content")
    return [*own, *(found for group in _groups(node) for found in group.all("media:content"))]


def _plain(node: Node, base: str) -> Iterator[Enclosure]:
    links = (
        link for link in node.all("link", "atom:link") if link.get("rel").lower() == "enclosure"
    )
    original = _original(node)
    for found in (*node.all("enclosure", "enc:enclosure"), *links):
        url = found.get("url") or found.get("href") or found.get("resource") or found.text
        if url:
            yield Enclosure(
                url=resolve(found.base or base, original or url),
                media_type=found.get("type").lower() or None,
                length_bytes=length_bytes(found.get("length")),
                title=line(found.get("title")) or None,
            )


def _original(node: Node) -> str:
    """Return the address FeedBurner put its own before, if it is clear of which file it is."""
    stated = node.all("feedburner:origenclosurelink")
    return stated[0].text if len(stated) == 1 == len(node.all("enclosure")) else ""


def _out_of_line(node: Node, base: str) -> Iterator[Enclosure]:
    """Yield contents that Atom names by their address (RFC 4287 4.1.3.2), pages left out."""
    for found in node.all("content", "atom:content"):
        url, kind = found.get("src"), found.get("type").lower()
        if url and "/" in kind and not kind.startswith("text/"):
            yield Enclosure(resolve(found.base or base, url), kind)


def _torrents(node: Node, base: str) -> Iterator[Enclosure]:
    for found in media_nodes(node, "peerlink"):
        if url := found.get("href"):
            yield Enclosure(resolve(found.base or base, url), found.get("type").lower() or None)


def _media(node: Node, base: str) -> Iterator[Enclosure]:
    for found in _contents(node):
        url = found.get("url")
        if url and _PORTRAITS not in url:
            yield Enclosure(
                url=resolve(found.base or base, url),
                media_type=found.get("type").lower() or None,
                length_bytes=length_bytes(found.get("filesize")),
                title=line(found.text_of("media:title")) or None,
                duration_s=duration_s(found.get("duration")),
            )


def _pictures(node: Node) -> Iterator[str]:
    """Yield addresses of pictures, those made to stand for the entry first."""
    for found in media_nodes(node, "thumbnail"):
        yield found.get("url") or found.text
    for found in node.all("itunes:image", "googleplay:image", "image", "atom:icon"):
        yield found.get("href") or found.get("url") or found.text_of("url") or _leaf(found)
    for found in _contents(node):
        if found.get("medium").lower() == "image" or found.get("type").lower().startswith("image/"):
            yield found.get("url")
    for found in node.all("enclosure"):
        if found.get("type").lower().startswith("image/"):
            yield found.get("url")


def _leaf(node: Node) -> str:
    return node.text if node.leaf else ""

"""Who wrote it: elements of Atom, Dublin Core, iTunes, Media RSS and RSS to persons."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from aggregator.formats.reading import media
from aggregator.formats.reading.markup import is_marked_title
from aggregator.formats.reading.nodes import Node
from aggregator.formats.reading.texts import line, plain
from aggregator.formats.reading.values import person, unique_people
from aggregator.model.parsed import Person, Text

_AUTHORS = (
    ("dc:creator",),
    ("author", "atom:author"),
    ("dc:author",),
    ("dcterms:creator",),
    ("itunes:author",),
    ("googleplay:author",),
)
"""Vocabularies in the order of trust: RSS's own author is an e-mail address, often the site's."""

_CHANNEL_AUTHORS = (
    ("author", "atom:author"),
    ("managingeditor",),
    ("dc:creator", "dc:author"),
    ("dcterms:creator",),
    ("itunes:author",),
    ("googleplay:author",),
    ("itunes:owner",),
    ("dc:publisher",),
)


def entry_authors(node: Node) -> tuple[Person, ...]:
    """Return the authors of an entry from the first vocabulary that names any."""
    return _best(node, _AUTHORS) or _credited(node)


def channel_authors(node: Node) -> tuple[Person, ...]:
    """Return the authors of a feed from the first vocabulary that names any."""
    return _best(node, _CHANNEL_AUTHORS)


def contributors(node: Node) -> tuple[Person, ...]:
    """Return contributors in all vocabularies: of a podcast its hosts and guests."""
    names = ("contributor", "atom:contributor", "dc:contributor", "podcast:person")
    return _people(node.all(*names))


def _best(node: Node, vocabularies: Iterable[tuple[str, ...]]) -> tuple[Person, ...]:
    """Take the first vocabulary with a name; where all have addresses only, the first of them."""
    nameless: tuple[Person, ...] = ()
    for names in vocabularies:
        people = _people(node.all(*names))
        if any(person.name for person in people):
            return people
        nameless = nameless or people
    return nameless


def _people(nodes: Sequence[Node]) -> tuple[Person, ...]:
    return unique_people(map(_person, nodes)) if nodes else ()


def _person(node: Node) -> Person | None:
    if node.leaf:
        known = person(_bare(node.text))
        return replace(known, url=node.get("href") or None) if known else None
    name = node.text_of("name", "atom:name", "itunes:name", "foaf:name")
    email = node.text_of("email", "atom:email", "itunes:email")
    url = node.text_of("uri", "url", "homepage", "atom:uri", "atom:url")
    known = person(_bare(name))
    if not (name or email or url):
        return person(node.text)
    return Person(
        name=known.name if known else None,
        email=line(email).removeprefix("mailto:") or (known.email if known else None),
        url=url or None,
    )


def _bare(text: str) -> str:
    """Return a name that was written as a link or in bold without its tags."""
    is_marked = "<" in text and is_marked_title(text, entities=False)
    return plain(Text(text, True)) or "" if is_marked else text


def _credited(node: Node) -> tuple[Person, ...]:
    """Return those whom Media RSS credits as the author."""
    credits = media.media_nodes(node, "credit")
    return _people([credit for credit in credits if credit.get("role").lower() == "author"])

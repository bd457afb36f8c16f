"""Elements of a feed by their short names, with the base and language that hold at each.

The root's own vocabulary has no prefix: "title" is Atom's in an Atom feed and RSS's in an RSS feed;
in the latter, Atom's is "atom:title".
"""

import re
from collections.abc import Iterable
from enum import Enum
from urllib.parse import urljoin

from lxml import etree

from aggregator.formats.reading.names import short_name

_MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line \d+ and (\S+)")
_STRUCTURE = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})
_MOST_ATTRIBUTES = 100
_MOST_ERRORS = 100
"""So many lxml remembers."""
# What no base changes, and urljoin takes apart and puts together again.
_ABSOLUTE = re.compile(r"https?://[a-z0-9.-]+(?:[:/?#][!-:<-~]*)?(?<![?#])")
_XML = "{http://www.w3.org/XML/1998/namespace}"


class Recovery(Enum):
    """How much of what is not well-formed may be mended by libxml2."""

    NONE = "none"
    END_TAGS = "end tags that are misnamed"
    ALL = "all"


def parse_xml(data: bytes, recovery: Recovery = Recovery.NONE) -> etree._Element | None:
    """Return the root element; None where there is none, or where more is broken than may be.

    Nothing is fetched, no entity is expanded, and libxml2's own limits on depth and length hold.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recovery is not Recovery.NONE,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    # libxml2 counts spaces in the address of a namespace as an error; nothing is lost by them.
    errors = [error for error in parser.error_log if error.type != etree.ErrorTypes.WAR_NS_URI]
    misnamed = len(errors) < _MOST_ERRORS and all(map(_only_misnamed, errors))
    return root if misnamed or recovery is Recovery.ALL else None


def _only_misnamed(error: etree._LogEntry) -> bool:
    """Tell an end tag that is spelled wrong from a missing one.

    libxml2 closes one element for each end tag, whatever its name. Where an item or the channel is
    closed by another's end tag, or closes another, one was missing and all that follows is amiss.
    """
    names = _MISMATCH.match(error.message or "")
    return (
        error.type == etree.ErrorTypes.ERR_TAG_NAME_MISMATCH
        and names is not None
        and not {name.rpartition(":")[2].lower() for name in names.groups()} & _STRUCTURE
    )


class Names:
    """Short names of one document's elements, each worked out once, and where it came from."""

    def __init__(self, root: etree._Element, url: str) -> None:
        self.url = url
        self._known: dict[tuple[str, str | None], str] = {}
        self._home = self._short(root).rpartition(":")[0]

    def of(self, element: etree._Element) -> str:
        """Return the short name of an element."""
        key = (str(element.tag), element.prefix)
        name = self._known.get(key)
        if name is None:
            name = self._short(element)
            if self._home and name.rpartition(":")[0] == self._home:
                name = name.rpartition(":")[2]
            self._known[key] = name
        return name

    def _short(self, element: etree._Element) -> str:
        address, _, local = str(element.tag).removeprefix("{").rpartition("}")
        return short_name(address, element.prefix or "", local)


class Node:
    """One element and what its ancestors say about it; what is asked of it is worked out once.

    There are a dozen to an entry: a ``cached_property`` took a lock for each thing of each.
    """

    __slots__ = ("_index", "_names", "_own", "_prefixes", "_text", "base", "element", "lang")

    def __init__(
        self, element: etree._Element, names: Names, base: str = "", lang: str = ""
    ) -> None:
        self.element = element
        self._names = names
        self._text: str | None = None
        self._own: dict[str, str] | None = None
        self._index: dict[str, list[Node]] | None = None
        self._prefixes: frozenset[str] | None = None
        stated = element.get(_XML + "base")
        self.base = resolve(base or names.url, stated.strip()) if stated else base
        """xml:base, absolute if the document's own address is known; "" where none is stated."""
        own = element.get(_XML + "lang")
        self.lang = lang if own is None else own.strip()

    @property
    def namespaces(self) -> str:
        """Return the addresses of the vocabularies declared here, as one text."""
        return " ".join(str(address) for address in self.element.nsmap.values())

    @property
    def name(self) -> str:
        """Return the short name."""
        return self._names.of(self.element)

    @property
    def text(self) -> str:
        """Return all text below, without white space around it."""
        if self._text is None:
            element = self.element
            whole = "".join(map(str, element.itertext())) if len(element) else element.text or ""
            self._text = undoubled(whole.strip())
        return self._text

    @property
    def leaf(self) -> bool:
        """Tell whether there is no element below."""
        return len(self.element) == 0

    def get(self, attribute: str) -> str:
        """Return an attribute by its local name in lower case; "" where there is none."""
        if self._own is None:
            self._own = self._attributes()
        return self._own.get(attribute, "")

    def all(self, *names: str) -> list["Node"]:
        """Return the children of these names, those of the first name first."""
        found: list[Node] = []
        index = self._children() if self._index is None else self._index
        for name in names:
            if name in index:
                found += index[name]
        return found

    def speaks(self, prefix: str) -> bool:
        """Tell whether a child is of the vocabulary with this prefix."""
        if self._prefixes is None:
            index = self._children() if self._index is None else self._index
            self._prefixes = frozenset(name.partition(":")[0] for name in index)
        return prefix in self._prefixes

    def first(self, *names: str) -> "Node | None":
        """Return the first child of the first of these names that has one with something in it."""
        for node in self.all(*names):
            if node.text or not node.leaf:
                return node
        return None

    def in_order(self, children: Iterable["Node"]) -> list["Node"]:
        """Return some children as they stand in the document."""
        return sorted(children, key=lambda child: self.element.index(child.element))

    def text_of(self, *names: str) -> str:
        """Return the first text that one of these children has; "" where none has."""
        for node in self.all(*names):
            if node.text:
                return node.text
        return ""

    def _attributes(self) -> dict[str, str]:
        """Read the first hundred: libxml2 looks for each of them from the first on."""
        return {
            str(name).rpartition("}")[2].lower(): str(self.element.get(name, "")).strip()
            for name in reversed(self.element.keys()[:_MOST_ATTRIBUTES])
        }

    def _children(self) -> dict[str, list["Node"]]:
        index: dict[str, list[Node]] = {}
        self._index = index
        for element in self.element.iterchildren(etree.Element):
            node = Node(element, self._names, self.base, self.lang)
            index.setdefault(node.name, []).append(node)
        return index


def undoubled(text: str) -> str:
    """Undo UTF-8 that was taken for latin-1 and encoded again; other text never decodes so.

    Half of a document may be of this kind: the database that is, beside the template that is not.
    """
    if text.isascii():
        return text
    for codec in ("latin-1", "cp1252"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def resolve(base: str, reference: str) -> str:
    """Return a reference made absolute against a base; as it is where that is impossible."""
    if not base or (_ABSOLUTE.fullmatch(reference) and "?#" not in reference):
        return reference
    try:
        return urljoin(base, reference)
    except ValueError:  # brackets that are no IPv6 address
        return reference

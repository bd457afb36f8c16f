"""What the rules about stories work on."""

from datetime import datetime

from msgspec import Struct, field

from aggregator.model.known import EntryKey

UNITS = 0x3F
"""The bits of a trait that count a statement's units, at most 63."""
DENIES = 0x40
FIGURES = 0x80
MARK_BITS = 26
SKELETON = 0x3FFF000
"""The bits of a mark that are of a statement without its figures, where it has any."""

_UNITS_ONLY = bytes(trait & UNITS for trait in range(256))


def total(traits: bytes) -> int:
    """Return the units of statements, added up."""
    return sum(traits.translate(_UNITS_ONLY))


class Sketch(Struct, frozen=True):
    """The head of a text as its statements, in order, without their words."""

    marks: tuple[int, ...] = ()
    """26 bits a statement: with figures, 14 are of the words without them (``SKELETON``)."""
    traits: bytes = b""
    """One byte a statement: units (a CJK character is one, of other letters four), ``DENIES`` and
    ``FIGURES``."""
    cut: bool = False
    """Ends in the middle of a sentence: a summary that goes on elsewhere."""
    on_title: bool = True
    """Speaks of what its title says; a notice never does."""
    units: int = 0
    """Of these statements."""
    rest: int = 0
    """Units of what follows them."""
    rewritten: bool = False
    """An edit made another text of the one the entry came with."""
    traditional: bool = False
    """In traditional Chinese characters."""

    def by_mark(self) -> dict[int, int]:
        """Return the units of each statement."""
        return dict(zip(self.marks, self.traits.translate(_UNITS_ONLY), strict=True))


class Title(Struct, frozen=True):
    """A title as it is compared."""

    letters: str = ""
    """Lower case, one script, letters and digits only."""
    pieces: tuple[str, ...] = ()
    """All of the letters, as punctuation parts them: a site's name is one, a label another."""
    words: tuple[str, ...] = ()
    """Numbers, words, and CJK characters one by one."""
    cut: bool = False
    """Ends in dots."""


class Features(Struct, frozen=True):
    """What an entry is recognised by."""

    title: Title
    sketch: Sketch
    keys: tuple[int, ...]
    """63 bits a statement, as in ``sketch``; the index gets some of them."""
    said: tuple[str, ...]
    """The letters of each statement, as in ``sketch``."""
    text: str
    """As it was written."""
    title_keys: tuple[int, ...]
    link_key: int | None
    """31 bits, as in the index."""


class Told(Struct, frozen=True):
    """An entry among those that may tell one story."""

    key: EntryKey
    number: int
    """Its own; below zero where it is not kept yet."""
    cluster: int
    at: datetime
    """First seen."""
    title: Title
    sketch: Sketch
    link_key: int | None = None
    level: str = "text+short"
    keep_scripts: bool = False
    """Is no copy of what is in the other Chinese characters."""
    joined: bool = True
    """False where it is known that nobody else tells its story."""


class Evidence(Struct, frozen=True):
    """Why two entries were taken for one story, or were not."""

    statements: int = 0
    """Shared, boilerplate left out."""
    units: int = 0
    """Of the shared statements."""
    contained: float = 0.0
    """Share of the shorter text that stands in the longer, 0 to 1."""
    altered: float = 0.0
    """Share of what was exchanged between shared statements, 0 to 1."""
    figures_agree: int = 0
    figures_differ: int = 0
    titles: str = "unlike"
    """"same", "exchanged" or "unlike"."""
    same_link: bool = False
    samples: tuple[str, ...] = ()
    """The three longest of the shared statements."""


class Verdict(Struct, frozen=True):
    """Whether two entries tell one story."""

    same: bool
    rule: str
    """``matching``'s name of what spoke for it, or of what spoke against it."""
    score: float
    """0 to 1; 0 where they are not the same."""
    evidence: Evidence = field(default_factory=Evidence)


class Tie(Struct, frozen=True):
    """A link between two entries, and who made it."""

    a: EntryKey
    b: EntryKey
    verdict: Verdict
    by_user: bool = False

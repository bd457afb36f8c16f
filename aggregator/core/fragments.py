"""What was written before is not written again: items taken over from earlier documents.

An item is written alike in every document of one format and one language: in the feeds it stands
in, and on the page of the archive it goes to. So a document is its frame, which is written each
time, and its items, of which only those are written that no earlier document of the same writer
has. Whether one has is told by a hash of the whole item: an edit, another copy that is shown, a
source that is called otherwise each make another item.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from aggregator.errors import RenderError
from aggregator.model.shown import Artifact, Item, Pieces, Publication, Written
from aggregator.ports import Border, Format

_KEEP_BYTES = 4 * 1024 * 1024
"""Of items that may be wanted by another feed or by an archive."""


@dataclass(frozen=True, slots=True)
class Document:
    """A publication in one format."""

    body: bytes
    pieces: Pieces


@dataclass(slots=True)
class Fragments:
    """Writes documents, and remembers their items as long as there is room."""

    border: Border
    version: str
    """Of the program."""
    held_bytes: int = 0
    """Of ``_recent``."""
    _recent: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """(label, key) to an item, those written last at the end."""
    _before: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """The same of the feed that is built."""

    def recall(self, artifacts: Iterable[Artifact]) -> None:
        """Go on from what a feed's last documents hold; those of another feed are let go."""
        self._before = {}
        for one in artifacts:
            if one.pieces:
                label = one.pieces.label
                self._before.update(((label, key), text) for key, text in cut(one.body, one.pieces))

    def write(self, publication: Publication, formats: Mapping[str, Format]) -> dict[str, Document]:
        """Write a publication in these formats.

        :raises RenderError: one of them cannot be written
        """
        labels = {name: f"{self.version} {name} {form.label()}" for name, form in formats.items()}
        keys = [_key(item, publication.language) for item in publication.items]
        known = {name: self._known(label, keys) for name, label in labels.items()}
        new = {key for key in keys if any(key not in texts for texts in known.values())}
        # The frame of a feed without items is another one: "nothing here yet".
        new = new or set(keys[:1])
        wanted = zip(keys, publication.items, strict=True)
        fresh = self.border(
            replace(publication, items=tuple(item for key, item in wanted if key in new))
        )
        documents = {}
        for name, form in formats.items():
            written = form.render(fresh)
            if len(written.items) != len(fresh.items):
                raise RenderError(f"{len(written.items)} of {len(fresh.items)} items were written")
            made = dict(zip((key for key in keys if key in new), written.items, strict=True))
            self._keep(labels[name], made)
            texts = known[name] | made
            documents[name] = _document(written, labels[name], {key: texts[key] for key in keys})
        return documents

    def _known(self, label: str, keys: Iterable[str]) -> dict[str, bytes]:
        found = {}
        for key in keys:
            text = self._before.get((label, key)) or self._recent.get((label, key))
            if text is not None:
                found[key] = text
        return found

    def _keep(self, label: str, made: Mapping[str, bytes]) -> None:
        for key, text in made.items():
            self.held_bytes += len(text) - len(self._recent.pop((label, key), b""))
            self._recent[label, key] = text
        while self.held_bytes > _KEEP_BYTES:
            self.held_bytes -= len(self._recent.pop(next(iter(self._recent))))


def cut(body: bytes, pieces: Pieces) -> Iterator[tuple[str, bytes]]:
    """Yield (key, bytes) of the items of a document."""
    begin = pieces.head
    for key, length in zip(pieces.keys, pieces.lengths, strict=True):
        yield key, body[begin : begin + length]
        begin += length + pieces.joint


def _document(written: Written, label: str, items: Mapping[str, bytes]) -> Document:
    """Put all items into a frame."""
    lengths = tuple(map(len, items.values()))
    pieces = Pieces(label, len(written.head), len(written.joint), tuple(items), lengths)
    return Document(replace(written, items=tuple(items.values())).whole(), pieces)


def _key(item: Item, language: str) -> str:
    """Hash all that an item is written from."""
    text = repr((language, item))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

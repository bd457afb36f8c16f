"""What was written before is not written again: items taken over from earlier documents.

An item is written alike in every document of one format and one language: in the feeds it stands
in, and on the page of the archive it goes to. So a document is its frame, which is written each
time, and its items, of which only those are written that no earlier document of the same writer
has. Whether one has is told by a hash of all that the item is made from: an edit, another copy that
is shown, a source that is called otherwise each make another item. What entries say is pinned by
their revisions, so that nobody need look up what an item says that was written before.

What is new passes the gate in the frame of its document, and says the ids it was given. What is
taken over passed it when it was new: a frame that holds some whole items is whole with others, for
what an item means does not depend on those beside it. Runs of items that stay together are taken
over as they were compressed (``stitching``).
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator.core.stitching import Document, Saved, stitch
from aggregator.errors import RenderError
from aggregator.model.shown import Artifact, Item, Publication, Slot, Written
from aggregator.ports import Border, Format

_KEEP_BYTES = 4 * 1024 * 1024
"""Of items that may be wanted by another feed or by an archive."""


class Fragments(Struct):
    """Writes documents, and remembers their items as long as there is room."""

    border: Border
    version: str
    """Of the program."""
    held_bytes: int = 0
    """Of ``_recent``."""
    _recent: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """(label, key) to an item, those written last at the end."""
    _before: dict[str, Saved] = field(default_factory=dict)
    """Label to the document of the feed that is built."""

    def recall(self, artifacts: Iterable[Artifact]) -> None:
        """Go on from what a feed's last documents hold; those of another feed are let go."""
        self._before = {
            one.pieces.label: Saved(one.gzip, one.pieces) for one in artifacts if one.pieces
        }

    def lacking(self, slots: Sequence[Slot], formats: Mapping[str, Format]) -> frozenset[str]:
        """Return the keys of the items that must be handed to ``write`` for these formats."""
        keys = [slot.key for slot in slots]
        known = [self._known(label, keys)[0] for label in self._labels(formats).values()]
        new = {key for key in keys if any(key not in lengths for lengths in known)}
        # The frame of a feed without items is another one: "nothing here yet".
        return frozenset(new or keys[:1])

    def write(
        self,
        frame: Publication,
        slots: Sequence[Slot],
        items: Mapping[str, Item],
        formats: Mapping[str, Format],
    ) -> dict[str, Document]:
        """Write a publication in these formats: its frame, and the ``items`` that are ``lacking``.

        :raises RenderError: one of them cannot be written, or does not pass the gate
        """
        _check_ids(slot.id for slot in slots)
        labels = self._labels(formats)
        keys = [slot.key for slot in slots]
        new = [key for key in keys if key in items]
        known = {name: self._known(label, keys) for name, label in labels.items()}
        fresh = self.border(replace(frame, items=tuple(items[key] for key in new)))
        documents = {}
        for name, form in formats.items():
            written = _written(form, fresh)
            made = dict(zip(new, written.items, strict=True))
            self._keep(labels[name], made)
            lengths, texts = known[name]
            lengths |= {key: len(text) for key, text in made.items()}
            sizes = {slot.key: (slot.id, lengths[slot.key]) for slot in slots}
            documents[name] = stitch(
                written, labels[name], sizes, texts | made, self._before.get(labels[name])
            )
        return documents

    def _labels(self, formats: Mapping[str, Format]) -> dict[str, str]:
        return {name: f"{self.version} {name} {form.label()}" for name, form in formats.items()}

    def _known(self, label: str, keys: Iterable[str]) -> tuple[dict[str, int], dict[str, bytes]]:
        """Return how long items are that were written before, and those of no saved document."""
        before = self._before.get(label)
        lengths: dict[str, int] = {}
        texts: dict[str, bytes] = {}
        for key in keys:
            length = before.length(key) if before else None
            text = self._recent.get((label, key)) if length is None else None
            if text is not None:
                texts[key] = text
                lengths[key] = len(text)
            elif length is not None:
                lengths[key] = length
        return lengths, texts

    def _keep(self, label: str, made: Mapping[str, bytes]) -> None:
        for key, text in made.items():
            self.held_bytes += len(text) - len(self._recent.pop((label, key), b""))
            self._recent[label, key] = text
        while self.held_bytes > _KEEP_BYTES:
            self.held_bytes -= len(self._recent.pop(next(iter(self._recent))))


def _written(form: Format, fresh: Publication) -> Written:
    """Write what is new, and have it pass the gate."""
    written = form.render(fresh)
    if len(written.items) != len(fresh.items):
        raise RenderError(f"{len(written.items)} of {len(fresh.items)} items were written")
    said = form.check(written.whole())
    if said is not None and said.ids != tuple(item.id for item in fresh.items):
        raise RenderError("what is read in the bytes has other ids than what was written")
    return written


def slot_of(item: Item, language: str) -> Slot:
    """Return the slot of an item that is made from nothing but itself."""
    text = repr((language, item))
    key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Slot(key, item.id, item.link, item.published)


def _check_ids(ids: Iterable[str]) -> None:
    """Raise RenderError where two items have one id: those beside the new are not read again."""
    seen: set[str] = set()
    for item_id in ids:
        if item_id in seen:
            raise RenderError(f"two entries have the id {item_id[:200]}")
        seen.add(item_id)

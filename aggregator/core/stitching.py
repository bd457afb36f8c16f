"""A document put together from a frame, items, and runs of items that are compressed already."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from aggregator.core.artifacts import MAX_BYTES
from aggregator.core.packing import HEADER, Block, Packed, block, inflated, joined, run_of, runs
from aggregator.errors import RenderError
from aggregator.model.shown import Pieces, Written


class Document(Struct, frozen=True):
    """A publication in one format."""

    packed: Packed
    pieces: Pieces


class Saved:
    """A document as it was saved: its runs, and its items as soon as one is asked for."""

    def __init__(self, gzip: bytes, pieces: Pieces) -> None:
        self._joint = pieces.joint
        self._lengths = dict(zip(pieces.keys, pieces.lengths, strict=True))
        self._runs = dict(_runs(gzip, pieces))
        self._first = next(iter(self._runs), ())
        self._homes = {key: keys for keys in self._runs for key in keys}
        self._texts: dict[str, bytes] = {}

    def length(self, key: str) -> int | None:
        """Return how long an item is; None: it is not in the document."""
        return self._lengths.get(key)

    def text(self, key: str) -> bytes:
        """Return an item that is in the document."""
        if key not in self._texts:
            self._open(self._homes[key])
        return self._texts[key]

    def run(self, keys: Sequence[str], *, first: bool) -> Block | None:
        """Return these items as they were compressed together; None: they were not."""
        found = self._runs.get(tuple(keys))
        if self._joint and first is not (tuple(keys) == self._first):
            return None
        return found

    def _open(self, keys: tuple[str, ...]) -> None:
        text = inflated(self._runs[keys].deflated)
        begin = 0 if keys == self._first else self._joint
        for key in keys:
            end = begin + self._lengths[key]
            self._texts[key] = text[begin:end]
            begin = end + self._joint


def stitch(
    written: Written,
    label: str,
    items: Mapping[str, tuple[str, int]],
    texts: Mapping[str, bytes],
    before: Saved | None,
) -> Document:
    """Put items into the frame that was ``written``; equal items in equal frames make equal bytes.

    ``items`` are (id, length) by key, in their order; those not among the ``texts`` are in the
    document from ``before``.

    :raises RenderError: it is too large
    """
    keys = tuple(items)
    lengths = tuple(length for _, length in items.values())
    _check_size(written, sum(lengths))
    head, blocks, sizes = block(written.head), [], []
    begin = 0
    for count in runs(items.values()):
        run = keys[begin : begin + count]
        known = before.run(run, first=not begin) if before else None
        blocks.append(known or block(_text(run, written.joint, texts, before, first=not begin)))
        sizes.append(count)
        begin += count
    pieces = Pieces(
        label=label,
        joint=len(written.joint),
        keys=keys,
        lengths=lengths,
        start=len(HEADER) + len(head.deflated),
        runs=tuple(map(run_of, blocks, sizes)),
    )
    return Document(joined((head, *blocks, block(written.tail))), pieces)


def _text(
    run: Sequence[str],
    joint: bytes,
    texts: Mapping[str, bytes],
    before: Saved | None,
    *,
    first: bool,
) -> bytes:
    found = (before.text(key) if before and key not in texts else texts[key] for key in run)
    return (b"" if first else joint) + joint.join(found)


def _runs(gzip: bytes, pieces: Pieces) -> Iterator[tuple[tuple[str, ...], Block]]:
    """Yield (keys, block) of the runs of a document."""
    keys, begin = iter(pieces.keys), pieces.start
    for run in pieces.runs:
        end = begin + run.deflated
        yield (
            tuple(islice(keys, run.items)),
            Block(gzip[begin:end], run.length, run.crc, run.digest),
        )
        begin = end


def _check_size(written: Written, items: int) -> None:
    size = len(written.head) + items + len(written.tail)
    if size > MAX_BYTES:
        raise RenderError(f"it is too large: {size} bytes, at most {MAX_BYTES} are published")

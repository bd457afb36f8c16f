"""Who is measured: how each is set up, and the command of one poll."""

from collections.abc import Callable, Iterable, Sequence

from bench.contestants.ours import ours
from bench.contestants.reader import reader
from bench.contestants.records import Contestant, Task
from bench.contestants.terminal import newsboat, sfeed

PEERS: dict[str, Callable[[], Contestant | None]] = {
    "reader": reader,
    "newsboat": newsboat,
    "sfeed": sfeed,
}

__all__ = ["PEERS", "Contestant", "Task", "chosen", "ours"]


def chosen(peers: Iterable[str]) -> Sequence[Contestant]:
    """Return ourselves and those of these peers that are installed or can be."""
    made = (PEERS[name]() for name in peers)
    return (ours(), *(peer for peer in made if peer is not None))

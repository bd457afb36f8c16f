"""A process that polls once and is killed meanwhile: ``python -m bench.simulation.victim FILE``.

It kills itself, so that a run is the same on a slow machine: with the so-many-th answer in hand and
not kept, while other requests are under way.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aggregator import app
from aggregator.model.fetched import Answer, Request
from aggregator.pipeline import Kind
from aggregator.ports import Fetcher


class Dying(Struct):
    """A fetcher that is killed when it has so many answers."""

    fetch: Fetcher
    answers: int

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = bool,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        for answer in self.fetch(requests, stop, more):
            self.answers -= 1
            if not self.answers:
                die()
            yield answer


def die() -> None:
    """Die as of kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(words: Path) -> None:
    """Poll what is due at the moment the file names, and do not live to the end of it."""
    settings, instance, now, answers = pickle.loads(words.read_bytes())
    pipeline = app.build(settings, instance, lambda: now)
    feeds = pipeline.kinds["feed"]
    kinds = {"feed": Kind(Dying(feeds.fetch, answers), feeds.parse)}
    replace(pipeline, kinds=kinds).poll_due()
    die()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Measure one instance from inside: ``python -m bench.growth.costs FOLDER CONTROL SMALL``.

A process of its own, so that the memory and the caches of one size do not help the other. Prints
JSON: CPU seconds by what was done.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from urllib.request import ProxyHandler, build_opener

from aggregator import app
from aggregator.pipeline import Pipeline
from bench.generate import CHANGED_EVERY
from bench.growth.instance import CONFIG, INSTANCE, name_of

_MOST = 100


def costs(folder: Path, control: str, small: int) -> dict[str, float]:
    """Return CPU seconds: of one source unchanged, of one feed built, of a round with news."""
    opener = build_opener(ProxyHandler({}))
    pipeline = app.build(folder / CONFIG, folder / INSTANCE)
    sources = len(pipeline.settings.sources)
    opener.open(f"{control}as-is").close()
    _settle(pipeline)
    unchanged = _cpu(lambda: pipeline.poll_due(force=True))
    slugs = [feed.slug for feed in pipeline.publishing.feeds()]
    for _ in range(2):  # the first time is for imports
        pipeline.store.outdate(slugs)
        built = _cpu(lambda: pipeline.publishing.publish(bool))
    opener.open(f"{control}changed").close()
    changed = [name_of(number) for number in range(0, small, CHANGED_EVERY)]
    news = _cpu(lambda: pipeline.poll_due(changed, force=True))
    return {
        "one source, unchanged": unchanged / sources,
        "one feed, built": built / len(slugs),
        "news of one source, feeds built": news / len(changed),
    }


def _settle(pipeline: Pipeline) -> None:
    """Build what is still to be built: none of it is a cost of polling."""
    for _ in range(_MOST):
        if not pipeline.publishing.publish(bool):
            return


def _cpu(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


if __name__ == "__main__":
    place, address, count = sys.argv[1:]
    print(json.dumps(costs(Path(place), address, int(count))))

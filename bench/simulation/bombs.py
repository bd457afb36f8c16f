"""How much memory an answer can make us take.

A process of its own polls one bomb after the other through the whole pipeline, then all of them
in one round. What counts is the highest resident memory during a poll above what it was before it
(VmHWM, Linux).
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from aggregator import app
from aggregator.model.settings import Settings
from bench.simulation.kinds import hostile
from bench.simulation.world import World

LIMIT_MB = 64
TOGETHER = "all in one round"
_ROWS = (
    "gzip-bomb",
    "gzip-bomb-in-members",
    "gzip-twice",
    "gzip-a-hundred-times",
    "thousands-of-members",
    "redirect-bomb",
    "redirect-endless-body",
    "endless-body",
    "endless-chunks",
    "endless-chunk-extension",
    "endless-trailers",
    "endless-headers",
    "endless-header-line",
    "endless-interim",
    "error-without-end",
    "large-body",
)
_WARM_UP = 3


class Growth(Struct, frozen=True):
    """What one bomb cost."""

    name: str
    megabytes: float


def measure(world: World, folder: Path) -> list[Growth]:
    """Poll every bomb of the world in a process of its own."""
    names = [*hostile.bombs(), "gzip-bomb-of-a-feed", *_ROWS]
    here = {source.name: source for source in world.sources}
    ordinary = [name for name in here if name.startswith("ordinary")][:_WARM_UP]
    wanted = [*ordinary, *(name for name in names if name in here)]
    settings = replace(
        world.settings(folder),
        sources=tuple(here[name] for name in wanted),
    )
    words = folder / "bombs.pickle"
    words.write_bytes(pickle.dumps((settings, folder / "bombs", world.clock.now, wanted)))
    command = [sys.executable, "-m", "bench.simulation.bombs", str(words)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    grown = [Growth(**line) for line in json.loads(done.stdout)]
    return [one for one in grown if one.name not in ordinary]


def poll_each(
    settings: Settings, instance: Path, now: datetime, names: Sequence[str]
) -> Iterator[Growth]:
    """Poll each of these sources alone, then all."""
    moment = [now]
    pipeline = app.build(settings, instance, lambda: moment[0])
    for title, polled in (*((name, [name]) for name in names), (TOGETHER, names)):
        moment[0] += timedelta(hours=1)
        before = _reset_peak()
        pipeline.poll_due(polled)
        yield Growth(title, max(0.0, _megabytes("VmHWM") - before))


def _reset_peak() -> float:
    """Forget the highest resident memory; returns what it is now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _megabytes("VmRSS")


def _megabytes(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    said = pickle.loads(Path(sys.argv[1]).read_bytes())
    print(json.dumps([asdict(one) for one in poll_each(*said)]))

"""Lets the pipeline run among the servers, restarts it, and kills it."""

import pickle
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from msgspec import Struct, field

from aggregator import app
from aggregator.model.events import Bug, Event
from aggregator.model.known import PollRecord
from aggregator.model.settings import Match, Settings
from aggregator.pipeline import Pipeline
from bench.simulation.world import BEGAN, World


class Plan(Struct, frozen=True):
    """How long, in which steps, and what happens meanwhile."""

    length: timedelta
    tick: timedelta
    restarts: int
    kills: int
    seed: int = 1


class Kept(Struct):
    """What the program itself kept, for what no server can see."""

    log: dict[str, list[PollRecord]] = field(default_factory=dict)
    """By source, in order of time."""
    titles: dict[str, list[str]] = field(default_factory=dict)
    """Of the entries, by source."""
    pages: list[tuple[str, bytes]] = field(default_factory=list)
    """Everything published."""
    bugs: list[str] = field(default_factory=list)
    killed: set[datetime] = field(default_factory=set)
    """Moments of the rounds that were killed."""
    restarts: int = 0
    rounds: int = 0
    until: datetime = BEGAN


def run(world: World, folder: Path, plan: Plan) -> Kept:
    """Run to the end, and return what was kept."""
    settings = world.settings(folder)
    kept = Kept()
    chance = Random(plan.seed)
    restarts, kills = _moments(plan, plan.restarts), _moments(plan, plan.kills, shift=0.25)

    def watch(event: Event) -> None:
        if isinstance(event, Bug):
            kept.bugs.append(f"{event.source}: {type(event.error).__name__}: {event.error}")

    def build() -> Pipeline:
        return app.build(settings, folder / "instance", world.clock, observe=watch)

    pipeline = build()
    while world.clock.now < BEGAN + plan.length:
        if kills and world.clock.now >= kills[0]:
            kills.pop(0)
            pipeline.store.close()
            kept.killed.add(_kill(world, settings, folder, chance))
            pipeline = build()
        elif restarts and world.clock.now >= restarts[0]:
            restarts.pop(0)
            pipeline.store.close()
            pipeline = build()
            kept.restarts += 1
        else:
            pipeline.poll_due()
            kept.rounds += 1
        _advance(world, pipeline, plan.tick)
    _collect(world, pipeline, kept)
    pipeline.store.close()
    return kept


def _moments(plan: Plan, count: int, shift: float = 0.0) -> list[datetime]:
    return [BEGAN + plan.length * ((number + 0.5 + shift) / count) for number in range(count)]


def _advance(world: World, pipeline: Pipeline, tick: timedelta) -> None:
    """Go to the tick at which something is due; nothing waits for what is not.

    A server that is behind would take a request of this tick for one of the next.
    """
    world.settle()
    following = pipeline.store.next_due() or world.clock.now
    ticks = max(1, -((following - world.clock.now) // -tick))
    world.clock.now += ticks * tick


def _collect(world: World, pipeline: Pipeline, kept: Kept) -> None:
    store = pipeline.store
    kept.until = world.clock.now
    for source in world.sources:
        name = source.name
        kept.log[name] = list(reversed(store.log(name, 10**6)))
        listed = store.newest(Match(sources=(name,)), since=None, limit=10**6)
        kept.titles[name] = [one.article.title for one in listed]
    found = ((path, store.artifact(path)) for path in store.artifacts())
    kept.pages = [(path, one.body) for path, one in found if one]


# -- kills ---------------------------------------------------------------------------------------


def _kill(world: World, settings: Settings, folder: Path, chance: Random) -> datetime:
    """Let another process poll that is killed at one of its first answers; returns the moment."""
    words = folder / "victim.pickle"
    answers = chance.randrange(1, 9)
    words.write_bytes(pickle.dumps((settings, folder / "instance", world.clock.now, answers)))
    victim = subprocess.run([sys.executable, "-m", "bench.simulation.victim", words], check=False)
    if victim.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the victim ended by itself: {victim.returncode}")
    return world.clock.now

"""Ten thousand sources over a week of virtual time: flat memory, and polls per CPU second.

The store (SQLite), the reading, the deciding and the publishing are the real ones. Only the network
is not there: a fetcher that works answers 200, 304 or an error by what the source would have
published by then. So what is counted is what a poll costs besides its transfer.

Beside the resident memory stands how many blocks of memory Python's objects hold: what grows while
they do not is holes between what the C libraries keep and what they gave back.
"""

import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator import app
from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Answer,
    Document,
    Failed,
    Fetched,
    NotModified,
    Outcome,
    Request,
    Traffic,
    Validators,
)
from aggregator.model.settings import Category, Settings, Site, Source
from aggregator.pipeline import Kind, Pipeline
from bench.simulation.feeds import EPOCH, FORMS, Story
from bench.simulation.world import BEGAN, Clock

_CATEGORIES = 25
_TICK = timedelta(minutes=30)
_DAY = timedelta(days=1)
_RATES = (_DAY / 12, *(_DAY,) * 3, *(7 * _DAY,) * 8, *(30 * _DAY,) * 8)
"""Of twenty sources one brings twelve stories a day, three bring one, the others are seldom."""
_LISTED = 10
_FAILING = 50
"""Every so-many-th source never answers."""
_LEAST_POLLS_A_SECOND = 100.0
_MOST_MB_A_DAY = 1.0


class Crowd(Struct):
    """Answers for all sources by the clock."""

    clock: Clock
    polls: int = 0

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = bool,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        while requests:
            for request in requests:
                self.polls += 1
                yield Answer(request, self._outcome(request), self.clock.now)
            requests = more()

    def _outcome(self, request: Request) -> Outcome:
        number = int(request.source.name.removeprefix("source-"))
        if number % _FAILING == 0:
            return Failed(
                FetchError("500 Internal Server Error", status=500), traffic=Traffic(1, 300)
            )
        every = _RATES[number % len(_RATES)]
        newest = int((self.clock.now - EPOCH + every * (number % 97) / 97) / every)
        etag = f'"{number}-{newest}"'
        if request.validators.etag == etag:
            return NotModified(Validators(etag), traffic=Traffic(1, 200))
        body = _feed(request.source.name, newest, every)
        document = Document(request.location, "application/rss+xml", None, body)
        digest = blake2b(body, digest_size=16).hexdigest()
        return Fetched(document, digest, Validators(etag), traffic=Traffic(1, len(body)))


def _feed(name: str, newest: int, every: timedelta) -> bytes:
    listed = [_story(name, number, every) for number in range(newest, newest - _LISTED, -1)]
    return FORMS["rss"](name, listed, "")


def _story(name: str, number: int, every: timedelta) -> Story:
    link = f"https://{name}.example/{number}"
    text = f"<p>Story {number} of {name}, " + "with a few words more " * 20 + "</p>"
    return Story(number, f"{name} story {number}", link, link, EPOCH + number * every, text)


class Course(Struct):
    """How the run went, day by day."""

    days: list[tuple[float, float, int]] = field(default_factory=list)
    """(resident MB, CPU seconds, polls) at the end of each virtual day."""
    blocks: int = 0
    """Of memory that Python's objects hold."""

    def note(self, polls: int) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        self.days.append((_resident_mb(), used.ru_utime + used.ru_stime, polls))
        self.blocks = sys.getallocatedblocks()

    @property
    def mb_a_day(self) -> float:
        """Return the slope of the memory, by least squares, without the first day."""
        points = [megabytes for megabytes, _, _ in self.days[1:]]
        middle = (len(points) - 1) / 2
        spread = sum((at - middle) ** 2 for at in range(len(points)))
        rise = sum((at - middle) * megabytes for at, megabytes in enumerate(points))
        return rise / spread if spread else 0.0


def crowd(folder: Path, sources: int, days: float) -> int:
    """Run, print a line for each day; 1 if memory grows or polls are dear."""
    clock = Clock()
    asked = Crowd(clock)
    pipeline = _pipeline(folder, clock, asked, sources)
    course = Course()
    course.note(0)
    for line in _days(pipeline, clock, asked, course, BEGAN + days * _DAY):
        print(line, flush=True)
    seconds = course.days[-1][1] - course.days[0][1]
    rate = asked.polls / seconds
    print(
        f"{sources:,} sources, {days:g} virtual days: {asked.polls:,} polls, {rate:.0f} per CPU "
        f"second (at least {_LEAST_POLLS_A_SECOND:g}), feeds written too; memory "
        f"{course.mb_a_day:+.2f} MB a day after the first (at most {_MOST_MB_A_DAY:g})"
    )
    pipeline.store.close()
    return int(rate < _LEAST_POLLS_A_SECOND or course.mb_a_day > _MOST_MB_A_DAY)


def _days(
    pipeline: Pipeline, clock: Clock, asked: Crowd, course: Course, end: datetime
) -> Iterator[str]:
    """Poll to the end; yield a line a day."""
    day = clock.now + _DAY
    while clock.now < end:
        pipeline.poll_due()
        clock.now += _TICK
        if clock.now >= day:
            day += _DAY
            pipeline.tidy()
            course.note(asked.polls)
            yield _line(course)


def _line(course: Course) -> str:
    (_, before_s, before), (megabytes, seconds, polls) = list(pairwise(course.days))[-1]
    rate = (polls - before) / (seconds - before_s)
    number = len(course.days) - 1
    return (
        f"day {number}: {polls - before:,} polls, {rate:.0f} per CPU second, {megabytes:.1f} MB, "
        f"{course.blocks:,} blocks"
    )


def _pipeline(folder: Path, clock: Clock, asked: Crowd, sources: int) -> Pipeline:
    settings = Settings(
        path=folder / "feeds.yaml",
        site=Site("https://feeds.example/", tag="feeds.example,2026"),
        sources=tuple(
            Source(
                f"source-{number}",
                "feed",
                f"https://source-{number}.example/feed",
                categories=(f"Topic {number % _CATEGORIES}",),
            )
            for number in range(sources)
        ),
        defaults=Category(name="defaults", newest=50),
    )
    base = app.build(settings, folder / "instance", clock)
    read = base.kinds["feed"].parse
    return replace(base, kinds={"feed": Kind(asked, read)})


def _resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024

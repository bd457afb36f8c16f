"""Who is polled in the simulation, the clock, and the servers that share it."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aggregator.model.settings import Category, FetchSettings, HttpOptions, Settings, Site, Source
from bench.servers.certificates import Certificates, make_certificates
from bench.servers.guesthouse import CANARY, Behaviour, Guesthouse, Visit, name_of
from bench.servers.misbehaving import BEHAVIOURS, CATALOGUE
from bench.simulation.feeds import Growing
from bench.simulation.kinds import all_kinds
from bench.simulation.speaking import Book, Kind, behaviour

BEGAN = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
CONTACT = "admin@feeds.example"
FETCH = FetchSettings(
    spacing=timedelta(seconds=0.1),
    timeout=timedelta(seconds=3),
    connect_timeout=timedelta(seconds=2),
    allow_networks=(IPv4Network("127.0.0.0/16"),),
)
"""As it is by default, but for what is waited for in real time."""

BAD_CERTIFICATES = ("expired", "early", "other", "self-signed", "unknown-authority")


class Clock(Struct):
    """What time it is, for the pipeline and for the servers."""

    now: datetime = BEGAN

    def __call__(self) -> datetime:
        return self.now


class World(Struct, frozen=True):
    """Everything that can be asked."""

    clock: Clock
    book: Book
    house: Guesthouse
    locked: dict[str, Guesthouse]
    """Servers with TLS, by the name of their certificate."""
    kinds: dict[str, Kind]
    sources: tuple[Source, ...]

    @property
    def houses(self) -> tuple[Guesthouse, ...]:
        """Return all servers."""
        return (self.house, *self.locked.values())

    @property
    def canary(self) -> list[str]:
        """Return the contacts with the forbidden address."""
        return [contact for house in self.houses for contact in house.canary]

    @property
    def visits(self) -> list[Visit]:
        """Return all requests, in order of time."""
        found = [visit for house in self.houses for visit in house.visits]
        return sorted(found, key=lambda visit: visit.at)

    def settle(self) -> None:
        """Let all servers take in what was sent until now."""
        for house in self.houses:
            house.settle()

    def settings(self, folder: Path) -> Settings:
        """Return what the operator said."""
        return Settings(
            path=folder / "feeds.yaml",
            site=Site("https://feeds.example/", contact=CONTACT, tag="feeds.example,2026"),
            sources=self.sources,
            fetch=FETCH,
            defaults=Category(name="defaults", newest=20, formats=("atom", "rss", "json")),
        )


def source_of(visit: Visit) -> str:
    """Return the name of the source that is asked with a request."""
    return name_of(visit.target)


@contextmanager
def open_world(folder: Path, step: int = 1) -> Iterator[World]:
    """Start all servers; with a step, every so-many-th kind only, and families whole."""
    clock, book = Clock(), Book()
    kinds = _some_kinds(step)
    rows = _some_rows(step)
    speaking = {name: behaviour(kind, book, clock, BEGAN) for name, kind in kinds.items()}
    house = Guesthouse(rows | speaking, clock=clock, hosts=_hosts(rows, kinds))
    certificates = make_certificates(folder)
    with ExitStack() as stack:
        stack.enter_context(house)
        locked = {}
        for name in ("good", *BAD_CERTIFICATES):
            locked[name] = stack.enter_context(_locked_house(name, certificates, clock, book))
        sources = (
            *_kind_sources(house, kinds.values()),
            *_row_sources(house, rows),
            *_locked_sources(locked, certificates),
            *_dead_sources(house),
        )
        yield World(clock, book, house, locked, kinds | _locked_kinds(locked), sources)


def _some_kinds(step: int) -> dict[str, Kind]:
    """Return every so-many-th kind, and all that have a family."""
    listed = enumerate(all_kinds().values())
    kept = (kind for number, kind in listed if number % step == 0 or kind.family)
    return {kind.name: kind for kind in kept}


def _some_rows(step: int) -> dict[str, Behaviour]:
    listed = enumerate(BEHAVIOURS.items())
    return dict(row for number, row in listed if number % step == 0)


def _hosts(rows: Iterable[str], kinds: dict[str, Kind]) -> dict[str, str]:
    """Give each behaviour an address of its own, and each family one."""
    owners = dict.fromkeys([*rows, *(kind.family or name for name, kind in kinds.items())])
    addresses = {
        owner: f"127.0.{1 + number // 250}.{number % 250 + 1}"
        for number, owner in enumerate(owners)
    }
    own = {name: addresses[kind.family or name] for name, kind in kinds.items()}
    return own | {name: addresses[name] for name in rows}


def _kind_sources(house: Guesthouse, kinds: Iterable[Kind]) -> Iterator[Source]:
    for kind in kinds:
        source = Source(kind.name, "feed", house.url(kind.name), categories=(kind.group,))
        yield replace(source, every=kind.every) if kind.every else source


def _row_sources(house: Guesthouse, rows: Iterable[str]) -> Iterator[Source]:
    groups = {row.name: row.group for row in CATALOGUE}
    for name in rows:
        yield Source(name, "feed", house.url(name), categories=(f"row {groups[name]}",))


# -- certificates --------------------------------------------------------------------------------


def _locked_house(name: str, made: Certificates, clock: Clock, book: Book) -> Guesthouse:
    certificate = "good" if name == "unknown-authority" else name
    kind = _locked_kind(name)
    behave = behaviour(kind, book, clock, BEGAN)
    return Guesthouse(
        {kind.name: behave}, made.server(certificate), clock, {kind.name: "127.0.0.1"}
    )


def _locked_kind(name: str) -> Kind:
    title = f"certificate-{name}"
    return Kind("certificates", title, Growing(title), family="locked", tells=name == "good")


def _locked_kinds(locked: dict[str, Guesthouse]) -> dict[str, Kind]:
    kinds = map(_locked_kind, locked)
    return {kind.name: kind for kind in kinds}


def _locked_sources(locked: dict[str, Guesthouse], made: Certificates) -> Iterator[Source]:
    for name, house in locked.items():
        known = None if name in ("self-signed", "unknown-authority") else made.authority
        title = f"certificate-{name}"
        yield Source(title, "feed", house.url(title), http=HttpOptions(ca_certificates=known))


# -- nobody there --------------------------------------------------------------------------------


def _dead_sources(house: Guesthouse) -> Iterator[Source]:
    make = partial(Source, kind="feed", categories=("dead",))
    places = {
        "refused": "http://127.0.0.1:1/feed",
        "no-such-host": "http://nowhere.invalid/feed",
        "the-canary": f"http://{CANARY}:{house.port}/feed",
        "the-canary-in-hex": f"http://0x7f090909:{house.port}/feed",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "private": "http://10.0.0.1/feed",
        "loopback-6": f"http://[::1]:{house.port}/feed",
        "mapped": f"http://[::ffff:127.9.9.9]:{house.port}/feed",
    }
    for name, place in places.items():
        yield make(name, location=place)

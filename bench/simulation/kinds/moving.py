"""Redirects that last, that do not, and that lead astray."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from bench.servers.guesthouse import CANARY
from bench.simulation.feeds import HOUR, Growing
from bench.simulation.speaking import Call, Kind, Said, Speaker

_DAY = timedelta(days=1)
PERMANENT = ("301", "308")


def kinds() -> Iterator[Kind]:
    """All of them."""
    for status in PERMANENT:
        yield Kind("moves", f"moved-{status}", _moved(f"moved-{status}", status), moves=True)
    for status in ("302", "303", "307"):
        name = f"moved-{status}"
        yield Kind("moves", name, _moved(name, status), moves=False)
    yield from _for_a_while()
    yield from _to_no_feed()
    yield Kind("moves", "moved-then-lost", _lost("moved-then-lost"))
    yield Kind("moves", "moved-by-301-then-302", _chain("moved-by-301-then-302"), moves=False)
    yield Kind("moves", "moved-to-and-fro", _to_and_fro, moves=False)
    yield Kind("moves", "moved-with-304", _moved("moved-with-304", "301", slow=True), moves=True)


def _go(call: Call, status: str, rest: str) -> Said:
    target = f"{call.root}{rest}"
    return Said(
        f"{status} x",
        (f"Location: {target}".encode(),),
        leads_to=target if status in PERMANENT else None,
    )


def _moved(name: str, status: str, *, slow: bool = False) -> Speaker:
    feed = Growing(name, every=500 * HOUR if slow else 5 * HOUR)
    return lambda call: feed(call) if call.rest == "/new" else _go(call, status, "/new")


def _for_a_while() -> Iterator[Kind]:
    """Permanent redirects that somebody set up by mistake: never long enough to be believed."""
    spells: dict[str, Callable[[Call], bool]] = {
        "moved-once": lambda call: call.number == 3,
        "moved-for-20h": lambda call: 5 * HOUR < call.since < 25 * HOUR,
        "moved-every-second-time": lambda call: call.number % 2 == 0,
    }
    for name, spell in spells.items():
        feed = Growing(name)
        yield Kind("moves", name, partial(_at_times, feed, spell), moves=False)


def _at_times(feed: Growing, spell: Callable[[Call], bool], call: Call) -> Said:
    if call.rest == "/new" or not spell(call):
        return feed(call)
    return _go(call, "301", "/new")


def _to_no_feed() -> Iterator[Kind]:
    kind = partial(Kind, "moves", moves=False, tells=False)
    page = Said(body=b"<!doctype html><title>Parked</title><p>Buy this domain")
    yield kind("moved-to-a-page", lambda call: page if call.rest else _go(call, "301", "/page"))
    missing = Said("404 x", body=b"no")
    yield kind("moved-to-nothing", lambda call: missing if call.rest else _go(call, "308", "/x"))
    empty = Said()
    yield kind("moved-to-emptiness", lambda call: empty if call.rest else _go(call, "301", "/x"))
    forbidden = Said("301 x", (f"Location: http://{CANARY}/feed".encode(),))
    yield kind("moved-to-a-private-address", lambda call: forbidden)
    metadata = Said("308 x", (b"Location: http://169.254.169.254/latest/",))
    yield kind("moved-to-metadata", lambda call: metadata)


def _lost(name: str) -> Speaker:
    """Move for good, and lose the new address after two days: the old one is there again."""
    feed = Growing(name)

    def speak(call: Call) -> Said:
        if call.since > 50 * HOUR:
            return Said("404 x", body=b"no") if call.rest else feed(call)
        return feed(call) if call.rest == "/new" else _go(call, "301", "/new")

    return speak


def _chain(name: str) -> Speaker:
    feed = Growing(name)
    steps = {"": ("301", "/one"), "/one": ("302", "/two")}
    return lambda call: _go(call, *steps[call.rest]) if call.rest in steps else feed(call)


def _to_and_fro(call: Call) -> Said:
    """Redirect for good to one place or the other."""
    if call.rest:
        return Growing("moved-to-and-fro")(call)
    return _go(call, "301", "/left" if call.number % 2 else "/right")

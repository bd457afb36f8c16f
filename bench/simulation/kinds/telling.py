"""Feeds that list the same stories in untidy ways: none is lost, none is new twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from msgspec.structs import replace

from bench.simulation.feeds import FORMS, HOUR, Growing, Story, Untidy, now_and_then
from bench.simulation.speaking import Call, Kind, Marks, Said, Speaker

_HALF_DAY = timedelta(hours=12)
_NO_MARKS = Marks()


def kinds() -> Iterator[Kind]:
    """All of them."""
    for form in FORMS:
        yield Kind("stories", f"tidy-{form}", Growing(f"tidy-{form}", form=form))
    yield Kind("stories", "tidy-gzip", Growing("tidy-gzip", packed=True))
    for name, untidy in _WAYS.items():
        yield Kind("stories", name, Growing(name, untidy=untidy))
    for name, count, age, began, ended in _CROWDS:
        crowd = partial(_crowd, name, count, age * HOUR, began * HOUR, ended * HOUR)
        yield Kind("stories", name, Growing(name, untidy=crowd))
    yield from _once()
    yield Kind("stories", "hourly", Growing("hourly", every=HOUR, listed=30))
    yield Kind(
        "stories", "every-ten-minutes", Growing("every-ten-minutes", every=HOUR / 6, listed=60)
    )


def _shift(call: Call) -> int:
    return int(call.since / _HALF_DAY)


def _guid_flood(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    """Give every guid anew twice a day."""
    return [replace(story, guid=f"{story.guid}#{_shift(call)}") for story in listed]


def _session_guids(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    """Put the number of the request into every guid."""
    return [replace(story, guid=f"{story.guid}?sid={call.number}") for story in listed]


def _scheme_flips(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    scheme = "http:" if _shift(call) % 2 else "https:"

    def flip(address: str) -> str:
        return address.replace("https:", scheme)

    return [replace(story, guid=flip(story.guid), link=flip(story.link)) for story in listed]


def _shuffled(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return Random(call.number).sample(listed, len(listed))


def _come_and_go(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    """List every second story at every second request only."""
    return [story for story in listed if story.number % 2 or call.number % 2]


def _edited(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, text=f"{story.text} Edit {_shift(call)}.") for story in listed]


def _advertising(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    ad = f'<p><a href="https://ads.example/{call.number}">Buy {call.number}</a></p>'
    return [replace(story, text=story.text + ad) for story in listed]


def _redated(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, when=call.now - timedelta(minutes=1)) for story in listed]


def _in_the_future(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, when=story.when.replace(year=2036)) for story in listed]


def _long_ago(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, when=datetime(1970, 1, 1, tzinfo=UTC)) for story in listed]


def _without_guids(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, guid="") for story in listed]


def _without_links(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, link="") for story in listed]


def _same_guid(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [replace(story, guid="post") for story in listed]


def _listed_twice(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return [*listed, *listed]


def _tracked(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    tail = f"?utm_source=feed&utm_campaign={call.number}"
    return [replace(story, link=story.link + tail) for story in listed]


def _newest_last(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return list(reversed(listed))


def _only_two(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    return listed[:2]


def _hostile_links(call: Call, listed: Sequence[Story]) -> Sequence[Story]:
    bad = '<img src="http://127.9.9.9/x"><a href="javascript:alert(1)">x</a><script>1</script>'
    return [replace(story, text=bad) for story in listed]


_CROWDS = (
    ("sixty-in-an-hour", 60, 0, 30, 200),
    ("hundreds-at-first", 400, 1, 0, 200),
    ("hundreds-at-once", 300, 0, 30, 40),
    ("an-archive-at-once", 300, 9000, 30, 40),
)
"""Names, and how many stories more, how old (h) each is listed from when to when (h)."""


def _crowd(
    name: str,
    count: int,
    age: timedelta,
    began: timedelta,
    ended: timedelta,
    call: Call,
    listed: Sequence[Story],
) -> Sequence[Story]:
    """List many stories more that came all at once."""
    if not began <= call.since < ended:
        return listed
    came = call.now - call.since + began - age
    links = (f"https://{name}.example/crowd/{number}" for number in range(count))
    return [
        *listed,
        *(
            Story(number, f"{name} crowd {number}", link, link, came, f"About {link}.")
            for number, link in enumerate(links)
        ),
    ]


_WAYS: dict[str, Untidy] = {
    "guid-flood": _guid_flood,
    "session-guids": _session_guids,
    "scheme-flips": _scheme_flips,
    "shuffled": _shuffled,
    "come-and-go": _come_and_go,
    "edited": _edited,
    "advertising": _advertising,
    "redated": _redated,
    "in-the-future": _in_the_future,
    "long-ago": _long_ago,
    "without-guids": _without_guids,
    "without-links": _without_links,
    "same-guid": _same_guid,
    "listed-twice": _listed_twice,
    "tracked-links": _tracked,
    "newest-last": _newest_last,
    "only-two": _only_two,
    "hostile-links": _hostile_links,
}


def _once() -> Iterator[Kind]:
    """Feeds that are something else at times."""
    others = {
        "an-empty-feed": Growing("x", listed=0).write(()),
        "a-page": b"<!doctype html><title>Down</title><p>We are back soon",
        "no-byte": b"",
        "a-cut-feed": b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>torn',
        "random-bytes": bytes(range(256)) * 20,
        "an-error-in-json": b'{"error": "quota"}',
        "a-warning-of-php": b"<br />\n<b>Warning</b>: mysql_connect() in <b>/x.php</b>",
    }
    for name, body in others.items():
        named = f"at-times-{name}"
        good = name == "an-empty-feed"
        said = Said(headers=(b'ETag: "other"',), body=body, good=False)
        usual = Growing(named)
        kind = Kind("stories", named, now_and_then(usual, _as_is(said), _at_times))
        yield kind if not good else replace(kind, speaker=now_and_then(usual, _empty, _at_times))


def _as_is(said: Said) -> Speaker:
    return lambda call: said


def _empty(call: Call) -> Said:
    """An empty feed is whole: its validators may be kept."""
    return Said(body=Growing("x", listed=0).write(()), good=True, marks=_NO_MARKS)


def _at_times(call: Call) -> bool:
    return call.number % 5 == 3

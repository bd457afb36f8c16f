"""Validators that move, wishes about when to come back, refusals, cookies."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from bench.simulation.feeds import HOUR, Growing, http_date, mark_lines, now_and_then, whole
from bench.simulation.speaking import CEILING, Call, Kind, Marks, Said, Speaker

_DAY = timedelta(days=1)


def kinds() -> Iterator[Kind]:
    """All of them."""
    yield from _moving_validators()
    yield from _freshness()
    yield from _rhythms()
    yield from _refusals()
    yield from _pauses()
    yield from _cookies()


# -- validators ----------------------------------------------------------------------------------


def _moving_validators() -> Iterator[Kind]:
    kind = partial(Kind, "validators")
    body = Growing("still", every=1000 * HOUR)

    def always(marks: Marks, call: Call) -> Said:
        listed = body.stories(call)
        return whole(body.write(listed), marks, frozenset(story.title for story in listed))

    def by_number(call: Call) -> bytes:
        return b"%d" % call.number

    def by_date(call: Call) -> bytes:
        return http_date(call.now)

    moving: dict[str, MarksOf] = {
        "tag-moves-body-stays": lambda call: Marks(b'"' + by_number(call) + b'"'),
        "date-moves-body-stays": lambda call: Marks(None, by_date(call)),
        "tag-moves-date-stays": lambda call: Marks(b'"%d"' % call.number, b"Mon, 02 Mar 2026"),
        "date-moves-tag-stays": lambda call: Marks(b'"same"', by_date(call)),
        "date-goes-back": lambda call: Marks(None, http_date(call.now - 2 * call.since)),
        "date-in-the-future": lambda call: Marks(None, http_date(call.now + 400 * _DAY)),
        "tag-grows-weak": lambda call: Marks((b"W/" if call.number % 2 else b"") + b'"1"'),
        "tag-comes-and-goes": lambda call: Marks(b'"1"' if call.number % 2 else None),
        "date-comes-and-goes": lambda call: Marks(
            b'"1"', by_date(call) if call.number % 2 else None
        ),
        "both-come-and-go": lambda call: Marks(b'"1"', b"x") if call.number % 3 else Marks(),
        "gzip-suffix-comes-and-goes": lambda call: Marks(
            b'"1-gzip"' if call.number % 2 else b'"1"'
        ),
        "long-tag-that-moves": lambda call: Marks(b'"' + b"x" * 300 + by_number(call) + b'"'),
        "odd-date-that-moves": lambda call: Marks(None, call.now.isoformat().encode()),
    }
    for name, marks_of in moving.items():
        yield kind(name, _with_marks(always, marks_of), tells=False)
    renewing: dict[str, MarksOf] = {
        "304-carries-a-new-tag": lambda call: Marks(b'"%d"' % call.number),
        "304-carries-a-new-date": lambda call: Marks(None, by_date(call)),
        "304-carries-both": lambda call: Marks(b'"%d"' % call.number, by_date(call)),
        "304-carries-nothing": lambda call: Marks(),
    }
    for name, carried in renewing.items():
        yield kind(name, _renewed_by_304(always, carried), tells=False)
    yield kind("tag-of-a-broken-body", _tag_of(b"<rss><channel><title>x", "broken"), tells=False)
    yield kind("tag-of-a-page", _tag_of(b"<!doctype html><p>Welcome", "page"), tells=False)
    yield kind("tag-of-nothing", _tag_of(b"", "nothing"), tells=False)
    yield kind("tag-of-a-short-body", _tag_of(b"<rss/>", "short", length=999), tells=False)


Always = Callable[[Marks, Call], Said]
MarksOf = Callable[[Call], Marks]


def _with_marks(always: Always, marks_of: MarksOf) -> Speaker:
    return lambda call: always(marks_of(call), call)


def _renewed_by_304(always: Always, carried: MarksOf) -> Speaker:
    """Give both validators once, and others with each 304."""
    first = Marks(b'"first"', b"Mon, 02 Mar 2026 00:00:00 GMT")

    def speak(call: Call) -> Said:
        if call.asked("If-None-Match") is None:
            return always(first, call)
        marks = carried(call)
        return Said("304 Not Modified", mark_lines(marks), good=True, marks=marks)

    return speak


def _tag_of(body: bytes, name: str, length: int | None = None) -> Speaker:
    """Every third answer is no feed, with validators that must not be kept."""
    usual = Growing(f"tag-of-{name}")
    headers = (b'ETag: "bad"', b"Last-Modified: Tue, 03 Mar 2026 00:00:00 GMT")
    extra = (f"Content-Length: {length}".encode(), b"Connection: close") if length else ()
    bad = Said(headers=(*headers, *extra), body=body)
    return now_and_then(usual, lambda call: bad, lambda call: call.number % 3 == 2)


# -- when to come back ---------------------------------------------------------------------------


def _freshness() -> Iterator[Kind]:
    fields = {
        "max-age-4h": (b"Cache-Control: max-age=14400", 4 * HOUR),
        "max-age-of-a-year": (b"Cache-Control: max-age=31536000", CEILING),
        "max-age-20-digits": (b"Cache-Control: max-age=" + b"9" * 20, CEILING),
        "max-age-0": (b"Cache-Control: max-age=0", 0 * HOUR),
        "max-age-minus": (b"Cache-Control: max-age=-14400", 0 * HOUR),
        "max-age-nonsense": (b"Cache-Control: max-age=soon, =, ;;", 0 * HOUR),
        "max-age-quoted": (b'Cache-Control: public, max-age="7200"', 2 * HOUR),
        "max-age-upper-case": (b"cache-control: Public, MAX-AGE=7200", 2 * HOUR),
        "max-age-2h": (b"Cache-Control: private, must-revalidate, max-age=7200", 2 * HOUR),
        "no-cache": (b"Cache-Control: no-cache, max-age=14400", 0 * HOUR),
        "no-store": (b"Cache-Control: no-store", 0 * HOUR),
        "expires-in-the-past": (b"Expires: Thu, 01 Jan 1970 00:00:00 GMT", 0 * HOUR),
        "expires-0": (b"Expires: 0", 0 * HOUR),
        "expires-never": (b"Expires: Fri, 31 Dec 9999 23:59:59 GMT", CEILING),
        "expires-nonsense": (b"Expires: Fri, 99 Foo 99999 99:99:99 GMT", 0 * HOUR),
        "retry-after-on-200": (b"Retry-After: 10800", 3 * HOUR),
    }
    for name, (field, asks) in fields.items():
        yield Kind("wishes", name, _saying(name, field, asks))
    for minutes in (1, 5):
        name = f"every-{minutes}-minutes"
        eager = Growing(name, every=HOUR / 4, listed=30)
        yield Kind("wishes", name, eager, every=timedelta(minutes=minutes))
    yield Kind("wishes", "expires-in-4h", _until(b"Expires: ", 4 * HOUR, "expires-in-4h"))
    yield Kind("wishes", "expires-in-3d", _until(b"Expires: ", 3 * _DAY, "expires-in-3d"))
    aged = (b"Cache-Control: max-age=14400\r\nAge: 3600", 3 * HOUR)
    yield Kind("wishes", "max-age-with-age", _saying("max-age-with-age", *aged))


def _saying(name: str, field: bytes, asks: timedelta) -> Speaker:
    usual = Growing(name)
    return lambda call: usual(call).saying(field, asks=asks)


def _until(field: bytes, length: timedelta, name: str) -> Speaker:
    usual = Growing(name)
    return lambda call: usual(call).saying(field + http_date(call.now + length), asks=length)


def _rhythms() -> Iterator[Kind]:
    heads = {
        "ttl-240": ("<ttl>240</ttl>", 4 * HOUR),
        "ttl-of-a-year": ("<ttl>525600</ttl>", CEILING),
        "ttl-20-digits": ("<ttl>99999999999999999999</ttl>", CEILING),
        "ttl-nonsense": ("<ttl>often</ttl><ttl/>", 0 * HOUR),
        "ttl-minus": ("<ttl>-60</ttl>", 0 * HOUR),
        "sy-hourly": ("<sy:updatePeriod>hourly</sy:updatePeriod>", HOUR),
        "sy-twice-a-day": (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            12 * HOUR,
        ),
        "sy-weekly": ("<sy:updatePeriod>weekly</sy:updatePeriod>", CEILING),
        "sy-nonsense": (
            "<sy:updatePeriod>x</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            0 * HOUR,
        ),
    }
    for name, (head, asks) in heads.items():
        yield Kind("wishes", name, _asking(Growing(name, head=head), asks))
    nights = frozenset(range(8))
    yield _skipping("skip-hours", hours=nights)
    yield _skipping("skip-all-hours", hours=frozenset(range(24)))
    yield _skipping("skip-days", days=frozenset({2}))
    yield _skipping("skip-nonsense", extra="<hour>77</hour><hour>x</hour>")


def _asking(usual: Growing, asks: timedelta) -> Speaker:
    return lambda call: usual(call).saying(asks=asks)


_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _skipping(
    name: str,
    hours: frozenset[int] = frozenset(),
    days: frozenset[int] = frozenset(),
    extra: str = "",
) -> Kind:
    listed = "".join(f"<hour>{hour}</hour>" for hour in sorted(hours))
    named = "".join(f"<day>{_NAMES[day]}</day>" for day in sorted(days))
    head = f"<skipHours>{listed}{extra}</skipHours><skipDays>{named}</skipDays>"
    usual = Growing(name, every=2 * HOUR, head=head)
    return Kind("wishes", name, usual, skips=hours, skips_days=days)


# -- refusals ------------------------------------------------------------------------------------


def _refusing(status: str, *headers: bytes, asks: timedelta = 0 * HOUR) -> Speaker:
    wait = min(asks, CEILING)
    busy = status[:3] in ("429", "503")
    said = Said(status, headers, b"<p>no", asks=wait, pause=(wait or HOUR) if busy else 0 * HOUR)
    return lambda call: said


def _refusals() -> Iterator[Kind]:
    kind = partial(Kind, "failures", tells=False)
    for status in ("400 x", "401 x", "403 x", "404 x", "500 x", "502 x", "504 x", "418 x", "599 x"):
        yield kind(f"always-{status[:3]}", _refusing(status))
    yield kind("always-410", _refusing("410 Gone"), retires=True)
    usual = Growing("failing")
    for name, refused, when in (
        ("every-third-500", "500 x", lambda call: call.number % 3 == 0),
        ("every-second-404", "404 x", lambda call: call.number % 2 == 0),
        ("404-six-hours-a-day", "404 x", lambda call: 6 <= call.now.hour < 12),
        ("500-at-night", "500 x", lambda call: call.now.hour < 6),
        ("410-once", "410 x", lambda call: call.number == 3),
        ("down-for-a-day", "502 x", lambda call: 8 * HOUR < call.since < 32 * HOUR),
        ("403-at-first", "403 x", lambda call: call.number < 3),
    ):
        own = replace(usual, name=name)
        yield Kind("failures", name, now_and_then(own, _refusing(refused), when))
    late = _refusing("500 x", b"Retry-After: 21600", asks=6 * HOUR)
    yield kind("500-with-retry-after", late)
    yield kind("404-with-retry-after", _refusing("404 x", b"Retry-After: 90000", asks=25 * HOUR))


def _pauses() -> Iterator[Kind]:
    kind = partial(Kind, "pauses", tells=False)
    digits = b"Retry-After: " + b"9" * 20
    for code in ("429", "503"):
        status = f"{code} x"
        yield kind(f"{code}-bare", _refusing(status))
        yield kind(f"{code}-for-4h", _refusing(status, b"Retry-After: 14400", asks=4 * HOUR))
        yield kind(f"{code}-until-a-date", _busy_until(status, 5 * HOUR))
        yield kind(f"{code}-20-digits", _refusing(status, digits, asks=CEILING))
        yield kind(f"{code}-until-the-past", _busy_until(status, -HOUR))
        yield kind(f"{code}-nonsense", _refusing(status, b"Retry-After: soon\x0c-3"))
        yield kind(f"{code}-minus", _refusing(status, b"Retry-After: -5"))
        yield kind(f"{code}-fraction", _refusing(status, b"Retry-After: 1.5e9"))
        name = f"{code}-three-times"
        busy = _refusing(status, b"Retry-After: 7200", asks=2 * HOUR)
        then = now_and_then(Growing(name), busy, lambda call: call.number < 4)
        yield Kind("pauses", name, then)
    yield from _families()


def _busy_until(status: str, length: timedelta) -> Speaker:
    def speak(call: Call) -> Said:
        until = _whole_second(call.now) + length
        wait = max(until - call.now, timedelta(0))
        field = b"Retry-After: " + http_date(until)
        return Said(status, (field,), asks=wait, pause=wait or HOUR)

    return speak


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _families() -> Iterator[Kind]:
    """Sources of one host: one that is told to wait speaks for all of them."""
    for number in range(6):
        name = f"sibling-{number}"
        yield Kind("families", name, Growing(name), family="siblings")
    for number in range(4):
        name = f"beside-429-{number}"
        yield Kind("families", name, Growing(name), family="paused")
    busy = _refusing("429 x", b"Retry-After: 10800", asks=3 * HOUR)
    at_times = now_and_then(Growing("429-at-times"), busy, lambda call: call.number % 3 == 2)
    yield Kind("families", "429-at-times", at_times, family="paused")
    for number in range(3):
        name = f"beside-503-{number}"
        yield Kind("families", name, Growing(name), family="busy")
    yield Kind("families", "503-for-ever", _refusing("503 x"), family="busy", tells=False)
    for number in range(4):
        name = f"sent-to-one-host-{number}"
        yield Kind("families", name, _sent_on(Growing(name), busy), tells=False)


_ONE_HOST = "127.0.200.1"


def _sent_on(usual: Growing, busy: Speaker) -> Speaker:
    """Redirect to a host that many are sent to, where some are told to wait at times."""

    def speak(call: Call) -> Said:
        if call.visit.host == _ONE_HOST:
            return (busy if call.number % 3 == 2 else usual)(call)
        port = call.root.rpartition("/")[0].rpartition(":")[2]
        location = f"http://{_ONE_HOST}:{port}/{usual.name}/there"
        return Said("302 x", (f"Location: {location}".encode(),))

    return speak


# -- cookies -------------------------------------------------------------------------------------


def _cookies() -> Iterator[Kind]:
    field = b"Set-Cookie: id=1; Path=/; Max-Age=99999999"
    yield Kind("cookies", "cookie-with-a-feed", _saying("cookie-with-a-feed", field, 0 * HOUR))
    refused = Said("403 x", (field,), b"no")
    usual = Growing("cookie-with-a-refusal")
    at_times = now_and_then(usual, lambda call: refused, lambda call: call.number % 4 == 2)
    yield Kind("cookies", "cookie-with-a-refusal", at_times)
    yield Kind("cookies", "cookie-with-a-redirect", _cookie_redirect)


def _cookie_redirect(call: Call) -> Said:
    if call.rest == "/feed":
        return Growing("cookie-with-a-redirect")(call)
    location = f"Location: {call.root}/feed".encode()
    return Said("302 x", (location, b"Set-Cookie: seen=1; Path=/"))

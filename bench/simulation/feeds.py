"""Feeds that grow with the clock, and the ways in which feeds are untidy."""

import gzip
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from html import escape

from msgspec import Struct

from bench.simulation.speaking import Call, Marks, Said, Speaker

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Story(Struct, frozen=True):
    """One entry as a feed lists it."""

    number: int
    title: str
    link: str
    guid: str
    when: datetime
    text: str


Untidy = Callable[[Call, Sequence[Story]], Sequence[Story]]
"""Changes what is listed."""


class Growing(Struct, frozen=True):
    """A feed with a new story every so often; it lists the newest."""

    name: str
    every: timedelta = 5 * HOUR
    listed: int = 10
    form: str = "rss"
    untidy: Untidy | None = None
    text: Callable[[int], str] | None = None
    head: str = ""
    """Further elements of the channel."""
    packed: bool = False

    def stories(self, call: Call) -> Sequence[Story]:
        """Return what is listed now, the newest first."""
        newest = int((call.now - EPOCH) / self.every)
        listed = [self._story(number) for number in range(newest, newest - self.listed, -1)]
        return self.untidy(call, listed) if self.untidy else listed

    def __call__(self, call: Call) -> Said:
        """Answer with the feed, or 304."""
        listed = self.stories(call)
        return conditional(call, self.write(listed), titles(listed), packed=self.packed)

    def write(self, listed: Sequence[Story]) -> bytes:
        """Write the document."""
        return FORMS[self.form](self.name, listed, self.head)

    def _story(self, number: int) -> Story:
        link = f"https://{self.name}.example/{number}"
        words = self.text(number) if self.text else f"About story {number} of {self.name}."
        title = f"{self.name} story {number}"
        return Story(number, title, link, link, EPOCH + number * self.every, words)


def titles(listed: Sequence[Story]) -> frozenset[str]:
    """Return the titles: what tells stories apart, whatever else is said of them."""
    return frozenset(story.title for story in listed)


def conditional(call: Call, body: bytes, shown: frozenset[str], *, packed: bool = False) -> Said:
    """Answer with a body, or 304 where it is the one that was given last."""
    etag = tag(body)
    if call.asked("If-None-Match") == etag:
        return Said("304 Not Modified", (b"ETag: " + etag,), good=True)
    return whole(body, Marks(etag), shown, packed=packed)


def whole(
    body: bytes, marks: Marks, shown: frozenset[str] = frozenset(), *, packed: bool = False
) -> Said:
    """Answer with a whole feed."""
    headers = mark_lines(marks)
    if packed:
        body, headers = gzip.compress(body, mtime=0), (*headers, b"Content-Encoding: gzip")
    return Said(headers=headers, body=body, good=True, marks=marks, shown=shown)


def mark_lines(marks: Marks) -> tuple[bytes, ...]:
    """Write validators."""
    lines = ((b"ETag: ", marks.etag), (b"Last-Modified: ", marks.last_modified))
    return tuple(name + value for name, value in lines if value is not None)


def tag(body: bytes) -> bytes:
    """Return an ETag of a body."""
    return b'"' + blake2b(body, digest_size=6).hexdigest().encode() + b'"'


def http_date(moment: datetime) -> bytes:
    """Write a date as HTTP does."""
    return format_datetime(moment, usegmt=True).encode()


# -- documents -----------------------------------------------------------------------------------


def _rss(name: str, listed: Sequence[Story], head: str) -> bytes:
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{escape(story.link)}</link>"
        f"{_guid(story)}<pubDate>{format_datetime(story.when)}</pubDate>"
        f"<description>{escape(story.text)}</description></item>\n"
        for story in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">\n'
        f"<channel><title>{name}</title><link>https://{name}.example/</link>"
        f"<description>d</description>{head}\n{items}</channel></rss>\n"
    ).encode()


def _guid(story: Story) -> str:
    return f'<guid isPermaLink="false">{escape(story.guid)}</guid>' if story.guid else ""


def _atom(name: str, listed: Sequence[Story], head: str) -> bytes:
    items = "".join(
        f"<entry><title>{escape(story.title)}</title><link href='{escape(story.link)}'/>"
        f"<id>{escape(story.guid)}</id><updated>{story.when.isoformat()}</updated>"
        f"<content type='html'>{escape(story.text)}</content></entry>\n"
        for story in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{name}</title><id>https://{name}.example/</id>{head}\n{items}</feed>\n"
    ).encode()


def _rdf(name: str, listed: Sequence[Story], head: str) -> bytes:
    items = "".join(
        f"<item rdf:about='{escape(story.link)}'><title>{escape(story.title)}</title>"
        f"<link>{escape(story.link)}</link><description>{escape(story.text)}</description></item>\n"
        for story in listed
    )
    return (
        '<?xml version="1.0"?>\n<rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f"<channel rdf:about='https://{name}.example/'><title>{name}</title>{head}</channel>"
        f"\n{items}</rdf:RDF>\n"
    ).encode()


def _json(name: str, listed: Sequence[Story], head: str) -> bytes:
    items = [
        {
            "id": story.guid,
            "url": story.link,
            "title": story.title,
            "content_html": story.text,
            "date_published": story.when.isoformat(),
        }
        for story in listed
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
    return json.dumps(feed).encode()


FORMS: dict[str, Callable[[str, Sequence[Story], str], bytes]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
}


def now_and_then(usual: Speaker, other: Speaker, when: Callable[[Call], bool]) -> Speaker:
    """Answer otherwise at times."""

    def speak(call: Call) -> Said:
        return (other if when(call) else usual)(call)

    return speak

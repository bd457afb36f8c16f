"""What an answer means."""

from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus

from msgspec import Struct

from aggregator.core import headers as read
from aggregator.core.headers import Headers
from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Answer,
    Document,
    Failed,
    Fetched,
    HostPause,
    NotModified,
    Outcome,
    Wishes,
)
from aggregator.sources.http.asking import sent_validators
from aggregator.sources.http.body import Body
from aggregator.sources.http.trip import Trip

_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_BARE_PAUSE = timedelta(hours=1)
_HASH_BYTES = 16


class Reply(Struct, frozen=True):
    """One hop's answer; status 0 where none came."""

    status: int = 0
    headers: Headers = ()
    body: Body | None = None
    """Of a 200, as it crossed the wire."""
    fault: str = ""
    """Why it cannot be used, for a person."""

    @property
    def location(self) -> str | None:
        """Say where it redirects to."""
        return read.header(self.headers, "location") if self.status in _REDIRECTS else None


class Landed(Struct, frozen=True):
    """The last hop's answer, not unpacked yet."""

    trip: Trip
    reply: Reply
    at: datetime

    @property
    def size(self) -> int:
        """Return how many bytes it holds."""
        return self.reply.body.size if self.reply.body else 0

    def answer(self) -> Answer:
        """Unpack and judge it; a fault of our own ends this one, and no other."""
        try:
            outcome = judge(self.trip, self.reply, self.at)
        except Exception as error:
            outcome = our_fault(self.trip, error)
        return Answer(self.trip.request, outcome, self.at)


def judge(trip: Trip, reply: Reply, now: datetime) -> Outcome:
    """Say what the last hop's answer means for the source."""
    if reply.fault:
        return failed(trip, reply.fault)
    if reply.body:
        return _fetched(trip, reply, reply.body, now)
    if reply.status == HTTPStatus.NOT_MODIFIED:
        return _not_modified(trip, reply, now)
    return _refused(trip, reply, now)


def failed(trip: Trip, words: str) -> Failed:
    """Say that no answer came that has a status."""
    return Failed(FetchError(words), traffic=trip.traffic)


def our_fault(trip: Trip, error: Exception) -> Failed:
    """Say that the handling of a request broke, without words that may hold anything."""
    fault = FetchError(f"a fault of the aggregator's own: {type(error).__name__}")
    fault.__cause__ = error
    return Failed(fault, traffic=trip.traffic)


def _fetched(trip: Trip, reply: Reply, packed: Body, now: datetime) -> Outcome:
    body = packed.unpacked()
    if packed.fault or not body:
        return failed(trip, packed.fault or "the answer is empty")
    media_type, charset = read.content_type(reply.headers)
    return Fetched(
        document=Document(trip.place.url, media_type, charset, body),
        body_hash=blake2b(body, digest_size=_HASH_BYTES).hexdigest(),
        validators=read.validators(reply.headers),
        wishes=_wishes(reply, now),
        traffic=trip.traffic,
        permanent_url=trip.permanent_url,
    )


def _not_modified(trip: Trip, reply: Reply, now: datetime) -> Outcome:
    """Believe a 304 only if we asked for it: else there is nothing it could be the same as."""
    sent = sent_validators(trip.request.validators)
    if not sent.etag and not sent.last_modified:
        return failed(trip, "304 Not Modified, though nothing was asked that could be")
    return NotModified(
        validators=read.validators(reply.headers),
        wishes=_wishes(reply, now),
        traffic=trip.traffic,
        permanent_url=trip.permanent_url,
    )


def _wishes(reply: Reply, now: datetime) -> Wishes:
    return Wishes(
        fresh_for=read.fresh_for(reply.headers, now),
        retry_after=read.retry_after(reply.headers, now),
    )


def _refused(trip: Trip, reply: Reply, now: datetime) -> Failed:
    status = reply.status
    wait = read.retry_after(reply.headers, now)
    pause = HostPause(trip.domain, wait or _BARE_PAUSE) if status in _BUSY else None
    # What a temporary redirect leads to may be gone without the source being so.
    gone = status == HTTPStatus.GONE and trip.permanent
    error = FetchError(_reason(trip, status), status=status, gone=gone)
    return Failed(error, Wishes(retry_after=wait, host_pause=pause), trip.traffic)


def _reason(trip: Trip, status: int) -> str:
    """Name a status in our own words: the server's are hostile text."""
    try:
        phrase = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = f"status {status}"
    if status in _REDIRECTS:
        return f"{phrase}, but not where to"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and trip.left_behind:
        return f"{phrase}: it redirects to {trip.place.host}, where its credentials are not sent"
    if 200 <= status < 300:
        return f"{phrase} is no answer to read"
    return phrase

"""The loop: starts what may start, lets libcurl work, finishes what came.

It runs in a thread of its own, so that reading and keeping an answer delays no other. It starts
new requests while

* fewer than ``fetch.parallel`` are making progress. One that has not moved for half a second is
  set aside: a row of dead hosts must not hold up the living. There are never more than eight times
  as many in all;
* the answers nobody has read yet are few (``channel``).

So the starts of a large round are spread by ``fetch.parallel``, and nothing bursts.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pycurl
from msgspec.structs import replace

from aggregator.core.hosts import is_address
from aggregator.errors import FetchError
from aggregator.model.fetched import Answer, CalledOff, Failed, Outcome, Wishes
from aggregator.model.settings import FetchSettings
from aggregator.ports import Clock
from aggregator.sources.http.channel import Broken, Channel, Dropped
from aggregator.sources.http.engine import Engine
from aggregator.sources.http.names import Found, Names
from aggregator.sources.http.outcome import Landed, Reply, failed, judge, our_fault
from aggregator.sources.http.room import Room
from aggregator.sources.http.transfer import Transfer, connect_s, require_public
from aggregator.sources.http.trip import Trip, begin
from aggregator.sources.http.turns import Turns

_STALLED_S = 0.5
_STALLED_FACTOR = 8
_GLANCE_S = 0.1
_SLEEP_S = 1.0


class Loop:
    """All requests of one round."""

    def __init__(
        self,
        settings: FetchSettings,
        agent: str,
        clock: Clock,
        channel: Channel,
        free_at: dict[str, float],
    ) -> None:
        """``free_at`` remembers when each host may be asked again; it outlives the round."""
        self._settings = settings
        self._agent = agent
        self._clock = clock
        self._channel = channel
        self._turns = Turns(settings.spacing.total_seconds(), free_at)
        self._names = Names(channel.ring)
        self._engine = Engine(channel.alarm, settings.parallel)
        self._looking: dict[Trip, float] = {}
        """Trips that wait for an address, and until when."""
        self._flying: dict[pycurl.Curl, Transfer] = {}
        self._room = Room(channel.unread)
        self._crowded = False
        """A body waits for room."""
        self._idle: list[Transfer] = []

    def run(self) -> None:
        """Work until the channel is closed. A fault of our own ends the round, and is told."""
        try:
            while self._channel.listen():
                self._step()
        except BaseException as error:
            self._channel.put(Broken(error))
        finally:
            self._shut()

    def _step(self) -> None:
        now = time.monotonic()
        self._take_requests(now)
        for found in self._names.found():
            with self._harmless(found.trip):
                self._take_addresses(found, now)
        self._give_up_lookups(now)
        self._start(now)
        self._engine.run(self._patience_s(now))
        for easy, code in list(self._engine.finished()):
            with self._harmless(self._flying[easy].trip):
                self._land(easy, code)
        self._make_room(time.monotonic())

    @contextmanager
    def _harmless(self, trip: Trip) -> Iterator[None]:
        """Let a fault of our own in the handling of one request end that one, and no other."""
        try:
            yield
        except Exception as error:
            now = time.monotonic()
            self._turns.done(trip.domain, now)
            self._answer(trip, our_fault(trip, error), now)

    def _patience_s(self, now: float) -> float:
        """Say how long nothing needs doing unless something happens."""
        patience_s = _GLANCE_S if self._looking or self._crowded else _SLEEP_S
        next_at = self._turns.next_at()
        if next_at is None:
            return patience_s
        return min(patience_s, max(next_at - now, 0.0 if self._may_start(now) else _GLANCE_S))

    # -- starting --------------------------------------------------------------------------------

    def _take_requests(self, now: float) -> None:
        for request in self._channel.requests():
            try:
                trip = begin(request)
            except FetchError as error:
                self._channel.put(Answer(request, Failed(error), self._clock()))
                continue
            if not self._turns.add(trip, now):
                self._channel.put(Dropped(request))

    def _start(self, now: float) -> None:
        while self._may_start(now):
            trip = self._turns.take(now)
            if trip is None:
                return
            trip.begin_hop(now)
            with self._harmless(trip):
                self._find(trip, now)

    def _may_start(self, now: float) -> bool:
        if self._channel.full:
            return False
        parallel = self._settings.parallel
        active = len(self._flying) + len(self._looking)
        if active < parallel:
            return True
        if active >= parallel * _STALLED_FACTOR:
            return False
        since = now - _STALLED_S
        moving = sum(transfer.trip.moved_at > since for transfer in self._flying.values())
        return moving + sum(trip.moved_at > since for trip in self._looking) < parallel

    def _find(self, trip: Trip, now: float) -> None:
        """Find the address of a trip's host, and go there."""
        host = trip.place.host
        if is_address(host):
            self._depart(trip, (host,), now)
        elif trip.request.source.http.proxy:
            self._depart(trip, (), now)
        elif known := self._names.known(host, now):
            self._depart(trip, known, now)
        else:
            self._looking[trip] = now + connect_s(trip, self._settings)
            self._names.look_up(trip)

    def _take_addresses(self, found: Found, now: float) -> None:
        if self._looking.pop(found.trip, None) is None:
            return  # too late
        if found.fault:
            self._abandon(found.trip, found.fault, now)
        else:
            self._depart(found.trip, found.addresses, now)

    def _give_up_lookups(self, now: float) -> None:
        for trip in [trip for trip, until in self._looking.items() if until <= now]:
            del self._looking[trip]
            host = trip.place.host
            self._abandon(trip, f"no name server answers in time about the host {host}", now)

    def _depart(self, trip: Trip, addresses: tuple[str, ...], now: float) -> None:
        """Send a request on its way; no addresses means that its proxy finds them."""
        host, networks = trip.place.host, self._settings.allow_networks
        transfer = None
        try:
            good = require_public(host, addresses, networks) if addresses else ()
            transfer = self._idle.pop() if self._idle else self._new_transfer()
            transfer.aim(trip, good, now)
        except FetchError as error:
            if transfer:
                self._put_back(transfer)
            self._abandon(trip, str(error), now)
            return
        trip.requests += 1
        self._flying[transfer.easy] = transfer
        self._engine.add(transfer.easy)

    def _new_transfer(self) -> Transfer:
        return Transfer(self._settings, self._agent, self._room)

    def _put_back(self, transfer: Transfer) -> None:
        """Keep a handle for the next; one with a source's own certificates is not."""
        if transfer.reusable:
            self._idle.append(transfer)
        else:
            transfer.easy.close()

    # -- finishing -------------------------------------------------------------------------------

    def _abandon(self, trip: Trip, fault: str, now: float) -> None:
        """End a hop for which no connection was made."""
        self._arrive(trip, Reply(fault=fault), now)

    def _land(self, easy: pycurl.Curl, code: int) -> None:
        transfer = self._flying.pop(easy)
        reply = transfer.reply(code)
        self._engine.remove(easy)
        self._put_back(transfer)
        self._arrive(transfer.trip, reply, time.monotonic())

    def _make_room(self, now: float) -> None:
        """Let bodies go on that waited for room; who stalls meanwhile loses his."""
        waiting = [transfer for transfer in self._flying.values() if transfer.waits]
        self._crowded = bool(waiting)
        if not waiting:
            return
        for transfer in [one for one in self._flying.values() if one.wastes_room(now)]:
            transfer.give_up()
            self._end(transfer)
        for transfer in waiting:
            if not self._room.free:
                return
            if not transfer.go_on():
                self._end(transfer)

    def _end(self, transfer: Transfer) -> None:
        """End a transfer that libcurl would go on with."""
        with self._harmless(transfer.trip):
            self._land(transfer.easy, pycurl.E_WRITE_ERROR)

    def _arrive(self, trip: Trip, reply: Reply, now: float) -> None:
        trip.end_hop(now)
        self._turns.done(trip.domain, now)
        if reply.location is not None:
            self._redirect(trip, reply.status, reply.location, now)
        elif reply.body:
            self._channel.put(Landed(trip, reply, self._clock()))
        else:
            self._answer(trip, judge(trip, reply, self._clock()), now)

    def _redirect(self, trip: Trip, status: int, location: str, now: float) -> None:
        try:
            trip.redirect(status, location)
        except FetchError as error:
            self._answer(trip, failed(trip, str(error)), now)
            return
        until = trip.request.paused.get(trip.domain)
        if until is not None:
            self._pause(trip.domain, (until - self._clock()).total_seconds(), now)
        if not self._turns.add(trip, now, first=True):
            self._answer(trip, self._sent_to_pausing(trip, now), now)

    def _answer(self, trip: Trip, outcome: Outcome, now: float) -> None:
        self._channel.put(Answer(trip.request, outcome, self._clock()))
        if not isinstance(outcome, Failed) or not outcome.wishes.host_pause:
            return
        pause = outcome.wishes.host_pause
        self._pause(pause.domain, pause.wait.total_seconds(), now)

    def _pause(self, domain: str, wait_s: float, now: float) -> None:
        """Leave a host alone; who waits for it loses his turn."""
        for other in self._turns.pause(domain, now, wait_s):
            if other.been:
                self._answer(other, self._sent_to_pausing(other, now), now)
            else:
                self._channel.put(Dropped(other.request))

    def _sent_to_pausing(self, trip: Trip, now: float) -> Failed:
        """Say that a redirect leads to a host that is left alone; it is tried when that is over."""
        words = f"it redirects to {trip.place.host}, which asks to be left alone for now"
        wait = timedelta(seconds=self._turns.paused_for(trip.domain, now))
        return replace(failed(trip, words), wishes=Wishes(retry_after=wait))

    def _shut(self) -> None:
        """Drop what is under way, and remember that its hosts were asked."""
        now = time.monotonic()
        for transfer in self._flying.values():
            trip = transfer.trip
            self._engine.remove(transfer.easy)
            self._turns.done(trip.domain, now)
            self._channel.put(Answer(trip.request, CalledOff(trip.traffic), self._clock()))
        for transfer in (*self._flying.values(), *self._idle):
            transfer.easy.close()
        self._engine.close()
        self._channel.hang_up()

"""Our own WebSub hub, as far as it calls others: it asks subscribers and delivers to them.

Whom to call is in the database (``ports.Store``, "our own hub"); this runs beside the rounds, and a
subscriber that is slow or dead holds up the others for ten seconds at most, then waits for longer
and longer.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import attrgetter
from secrets import compare_digest, token_urlsafe

from aggregator.core import hub
from aggregator.core.select import own_hub
from aggregator.model.settings import Site
from aggregator.model.shown import Question, Subscriber
from aggregator.ports import Caller, Clock, Reply, Store

_BATCH = 32
_BATCHES = 8
"""Of one kind in a row: a crowd of dead addresses must not keep editions from the living."""
_GONE = 410


class OwnHub:
    """Asks and delivers what is due."""

    def __init__(
        self,
        store: Store,
        site: Site,
        call: Caller,
        clock: Clock,
        challenge: Callable[[], str] = token_urlsafe,
    ) -> None:
        self._store = store
        self._site = site
        self._call = call
        self._clock = clock
        self._challenge = challenge

    def __call__(self, stop: Callable[[], bool]) -> None:
        """Do what is due, or as much of it as is fair.

        :raises StoreError: the database cannot be had
        """
        self._store.expire_subscriptions(self._clock())
        if not stop():
            self._ask()
        for _ in range(_BATCHES):
            if stop() or not self._deliver():
                break

    # -- was it meant? ---------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the next subscribers, one of each host: strangers said who is to be asked."""
        waiting = self._store.questions(self._clock(), hub.UNVERIFIED)
        firsts = {one.asked.host: one for one in reversed(waiting)}
        due = list(firsts.values())[-_BATCH:]
        challenges = [self._challenge() for _ in due]
        calls = [
            hub.question(one.asked, self._site, challenge)
            for one, challenge in zip(due, challenges, strict=True)
        ]
        for one, challenge, reply in zip(due, challenges, self._call(calls), strict=True):
            self._take_answer(one, challenge, reply)

    def _take_answer(self, question: Question, challenge: str, reply: Reply) -> None:
        now = self._clock()
        wait = hub.wait_after(question.attempts + 1, verifying=True)
        if wait and (reply.status == 0 or reply.status >= 500):
            self._store.ask_again(question, now + wait)
            return
        same = compare_digest(reply.body.strip(), challenge.encode())
        self._store.answered(question, same and 200 <= reply.status < 300, now)

    # -- editions --------------------------------------------------------------------------------

    def _deliver(self) -> bool:
        """Deliver to the next subscribers; tells whether there were any."""
        due = self._store.unsent(self._clock(), _BATCH)
        for topic, subscribers in groupby(due, attrgetter("topic")):
            self._deliver_one(topic, tuple(subscribers))
        return bool(due)

    def _deliver_one(self, topic: str, subscribers: Sequence[Subscriber]) -> None:
        artifact = self._store.artifact(topic)
        if artifact is None or artifact.digest:
            return
        links = {"hub": own_hub(self._site), "self": self._site.url + topic}
        calls = [
            hub.edition(one.callback, one.secret, artifact.media_type, artifact.body, links)
            for one in subscribers
        ]
        done = [
            one
            for one, reply in zip(subscribers, self._call(calls), strict=True)
            if self._is_done(one, reply)
        ]
        self._store.sent(done, artifact.etag)

    def _is_done(self, subscriber: Subscriber, reply: Reply) -> bool:
        """Tell whether a subscriber has its edition, or is not to get it any more."""
        if 200 <= reply.status < 300:
            return True
        if reply.status == _GONE:
            self._store.unsubscribe(subscriber)
            return False
        wait = hub.wait_after(subscriber.attempts + 1)
        if wait is None:
            return True
        self._store.send_again(subscriber, self._clock() + wait)
        return False

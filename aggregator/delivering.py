"""What follows a build: targets beside the database get what they are to have.

What is to be delivered is in the database, put there by the transaction that saved the bytes: a
kill, a full disk or a dead hub delays a delivery and loses none. A target that fails holds up no
other, and no feed is built again for it. Targets on this machine are served in the round; those on
the network by ``deliver(remote=True)``, which the daemon calls beside the rounds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from aggregator.core.feed_addresses import addresses
from aggregator.errors import PublishError
from aggregator.model.events import Delivered, Observer, Undelivered
from aggregator.model.settings import Feed, Site
from aggregator.model.shown import Delivery, Publication, Stamp
from aggregator.ports import Clock, Release, Store, Target

_BATCH = 50
"""Feeds handed over at once: their bytes are in memory together."""
_SOON, _SELDOM = timedelta(seconds=10), timedelta(minutes=10)
_REMOTE_SOON, _REMOTE_SELDOM = timedelta(minutes=1), timedelta(hours=6)
_DOUBLINGS = 20


class Delivering(Struct, frozen=True):
    """Hands what changed to its targets."""

    targets: Sequence[Target]
    site: Site
    store: Store
    clock: Clock
    observe: Observer
    hub: Callable[[Callable[[], bool]], None] | None = None
    """Our own, which knows by itself what is due."""

    def sync(self, feeds: Sequence[Feed]) -> None:
        """Take over which targets there are, and which feeds each is to have."""
        self.store.sync_targets(
            {
                target.name: [feed.slug for feed in feeds if target.wants(feed)]
                for target in self.targets
            }
        )

    def names(self, feed: Feed) -> tuple[str, ...]:
        """Name the targets that are to have a feed."""
        return tuple(target.name for target in self.targets if target.wants(feed))

    def deliver(
        self,
        feeds: Callable[[], Sequence[Feed]],
        publication: Callable[[Feed], Publication],
        stop: Callable[[], bool],
        *,
        remote: bool,
    ) -> None:
        """Hand over what is due to the targets of one kind.

        ``publication`` composes a feed for those who write it in forms of their own.
        """
        for target in self.targets:
            if target.remote is remote:
                self._serve(target, feeds, publication, stop)
        if remote and self.hub:
            self.hub(stop)

    def _serve(
        self,
        target: Target,
        feeds: Callable[[], Sequence[Feed]],
        publication: Callable[[Feed], Publication],
        stop: Callable[[], bool],
    ) -> None:
        while not stop():
            batch = self.store.pending(target.name, self.clock(), _BATCH)
            if not batch:
                return
            named = {feed.slug: feed for feed in feeds()}
            try:
                refused = target.publish(self._release(target, batch, named, publication))
            except PublishError as error:
                self._put_off(target, batch, str(error))
                return
            self._settle(target, batch, named)
            self.observe(Delivered(target.name, len(batch)))
            for line in refused:
                self.observe(Undelivered(target.name, line))

    def _release(
        self,
        target: Target,
        batch: Sequence[Delivery],
        feeds: Mapping[str, Feed],
        publication: Callable[[Feed], Publication],
    ) -> Release:
        shown = _wanted(target, batch, feeds)
        left = {feed.slug for feed in shown}
        return Release(
            at=self.clock(),
            topics=tuple(url for feed in shown for _, url in addresses(feed, self.site)),
            stamps=tuple(self._stamps(shown)) if target.needs == "artifacts" else (),
            load=self.store.artifact,
            publications=tuple(map(publication, shown)) if target.needs == "stories" else (),
            retired=tuple(one.feed for one in batch if one.feed not in left),
        )

    def _settle(self, target: Target, batch: Sequence[Delivery], feeds: Mapping[str, Feed]) -> None:
        kept = {feed.slug for feed in _wanted(target, batch, feeds)}
        self.store.delivered(
            [one for one in batch if one.feed in kept],
            [one for one in batch if one.feed not in kept],
        )
        at = target.again_at()
        if kept and at and at > self.clock():
            self.store.want_later(target.name, min(kept), at)

    def _stamps(self, feeds: Iterable[Feed]) -> Iterable[Stamp]:
        for feed in feeds:
            yield from self.store.stamps(feed.slug)
        yield from self.store.stamps(None)

    def _put_off(self, target: Target, batch: Sequence[Delivery], reason: str) -> None:
        soon, seldom = (_REMOTE_SOON, _REMOTE_SELDOM) if target.remote else (_SOON, _SELDOM)
        doublings = min(max(one.attempts for one in batch), _DOUBLINGS)
        until = self.clock() + min(soon * 2**doublings, seldom)
        self.store.put_off(target.name, until, reason)
        self.observe(Undelivered(target.name, reason))


def _wanted(target: Target, batch: Sequence[Delivery], feeds: Mapping[str, Feed]) -> list[Feed]:
    named = (feeds[one.feed] for one in batch if one.feed in feeds)
    return [feed for feed in named if target.wants(feed)]

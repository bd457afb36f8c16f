"""Which stories a feed shows, and under which ids."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core import compose, digest
from aggregator.core.flood import is_held
from aggregator.model.settings import Feed
from aggregator.model.shown import Place
from aggregator.ports import Store
from aggregator.publishing.speaking import Speakers

_STEP = 200
"""Entries looked at together."""
_MORE = 20
_STEPS = 50
"""At most: of a feed that is all late copies, the stories among so many are its newest."""
_MOST_HELD = 10_000
"""Entries of a feed that are held back at once (``hold_back``)."""


class Window(Struct, frozen=True):
    """Which stories are shown: all from a moment on, or those that came between two."""

    since: datetime | None = None
    until: datetime | None = None


class Gathering(Struct, frozen=True):
    """Looks feeds up in the store."""

    store: Store
    names: compose.Names
    speakers: Speakers
    """Who ``names`` asks."""
    now: datetime

    @property
    def zone(self) -> tzinfo:
        """Return the site's time zone."""
        return ZoneInfo(self.names.site.timezone)

    def stories(self, feed: Feed) -> tuple[compose.Story, ...]:
        """Collect the newest stories that are no longer held back."""
        since = self.now - feed.max_age if feed.max_age else None
        return self._stories(feed, Window(since, self._until(feed)))

    def held_back(self, feed: Feed, shown: Sequence[compose.Story]) -> tuple[Place, ...]:
        """Return the entries of stories that are held back, newest first."""
        if feed.hold_back is None:
            return ()
        inside = {story.shown.cluster for story in shown}
        rows = self.store.places(feed.match, since=self._until(feed), limit=_MOST_HELD)
        return tuple(row for row in rows if row.cluster not in inside)

    def _until(self, feed: Feed) -> datetime | None:
        return self.now - feed.hold_back if feed.hold_back else None

    def periods(
        self, feed: Feed, kind: str
    ) -> Iterator[tuple[digest.Period, tuple[compose.Story, ...]]]:
        """Yield the periods of a digest that are over and the stories of each, the newest first.

        One story more than a digest lists is among them where there is one.
        """
        wide = replace(feed, newest=digest.MOST + 1)
        until = digest.open_period(self.now, kind, self.zone).since
        left = feed.newest
        # Periods of late copies alone have none: looking is bounded as elsewhere.
        for _ in range(feed.newest + _STEPS):
            row = next(iter(self.store.places(feed.match, since=None, limit=1, until=until)), None)
            if not left or row is None or is_held(row.sort_at):
                return
            period = digest.period_of(row.sort_at, kind, self.zone)
            if feed.max_age and period.until < self.now - feed.max_age:
                return
            stories = self._stories(wide, Window(period.since, period.until))
            if stories:
                left -= 1
                yield period, stories
            until = period.since

    def ids(self, feed: Feed, stories: Sequence[compose.Story]) -> compose.Ids:
        """Look up the ids that these stories have, and those others have taken."""
        clusters = [story.shown.cluster for story in stories]
        wanted = compose.wanted_ids(stories, self.names.site).values()
        return compose.Ids(
            announced=self.store.announced(feed.slug, clusters),
            taken=self.store.taken(feed.slug, tuple(wanted)),
        )

    def _stories(self, feed: Feed, window: Window) -> tuple[compose.Story, ...]:
        """Collect the newest stories of a window.

        A story stands where its first copy stands, so that a late copy in a row near the top may be
        of a story far below: rows are looked at until those to come can bring none that is newer.
        """
        if feed.per_source:
            return self._fair_stories(feed, feed.per_source, window)
        step = feed.newest + _MORE
        found: dict[int, datetime] = {}
        for skip in range(0, _STEPS * step, step):
            rows = self._rows(feed, window, step, skip)
            told = self._told_before(feed, window, rows)
            found.update((row.cluster, row.story_at) for row in rows if row.cluster not in told)
            last = compose.last_shown(found.values(), feed.newest)
            if len(rows) < step or (last is not None and last >= rows[-1].sort_at):
                break
        last = compose.last_shown(found.values(), feed.newest)
        shown = [one for one, at in found.items() if last is None or at >= last]
        return self._collapse(feed, window, shown)

    def _fair_stories(
        self, feed: Feed, per_source: int, window: Window
    ) -> tuple[compose.Story, ...]:
        """Collect the newest stories, at most so many of a source.

        Of each source its newest stories of the feed count; once it has brought its share it is
        passed over, so that a source with a million entries costs no more than one with ten.
        """
        shares = compose.Shares(per_source)
        while True:
            rows = self._rows(feed, window, _STEP, shares.skip, shares.full)
            shares.take(rows, self._told_before(feed, window, rows))
            stories = self._collapse(feed, window, tuple(shares.found))
            if len(stories) >= feed.newest or len(rows) < _STEP:
                return stories

    def _rows(
        self,
        feed: Feed,
        window: Window,
        limit: int,
        skip: int,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Place, ...]:
        return self.store.places(
            feed.match,
            since=window.since,
            limit=limit,
            skip=skip,
            without=without,
            until=window.until,
        )

    def _told_before(self, feed: Feed, window: Window, rows: Sequence[Place]) -> frozenset[int]:
        """Return those stories of these rows that a window before this one has.

        A story whose older copies are not of the feed is new here: else no window would have it.
        """
        if window.until is None or window.since is None:
            return frozenset()
        late = {row.cluster for row in rows if row.story_at < window.since}
        older = [
            copy
            for copy in (self.store.clusters(sorted(late)) if late else ())
            if copy.sort_at < window.since and not is_held(copy.sort_at)
        ]
        matching = self.store.matching(feed.match, [copy.id for copy in older])
        return frozenset(copy.cluster for copy in older if copy.id in matching)

    def _collapse(
        self, feed: Feed, window: Window, clusters: Sequence[int]
    ) -> tuple[compose.Story, ...]:
        copies = self.store.clusters(clusters)
        self.speakers.load(copy.key.source for copy in copies)
        return compose.collapse(
            self.names.tellable(feed, copies),
            feed.newest,
            None if window.until else window.since,
            names=self.names,
            per_source=feed.per_source,
            prefer=feed.prefer,
        )

"""Which stories a feed shows, and under which ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.core import compose
from aggregator.model.settings import Feed
from aggregator.ports import Store

_STEP = 200
"""Entries looked at together."""
_MORE = 20
_STEPS = 50
"""At most: of a feed that is all late copies, the stories among so many are its newest."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Looks feeds up in the store."""

    store: Store
    names: compose.Names
    now: datetime

    def stories(self, feed: Feed) -> tuple[compose.Story, ...]:
        """Collect the newest stories.

        A story stands where its first copy stands, so that a late copy in a row near the top may be
        of a story far below: rows are looked at until those to come can bring none that is newer.
        """
        since = self.now - feed.max_age if feed.max_age else None
        if feed.per_source:
            return self._fair_stories(feed, feed.per_source, since)
        step = feed.newest + _MORE
        found: dict[int, datetime] = {}
        for skip in range(0, _STEPS * step, step):
            rows = self.store.places(feed.match, since=since, limit=step, skip=skip)
            found.update((row.cluster, row.story_at) for row in rows)
            last = compose.last_shown(found.values(), feed.newest)
            if len(rows) < step or (last is not None and last >= rows[-1].sort_at):
                break
        last = compose.last_shown(found.values(), feed.newest)
        shown = [one for one, at in found.items() if last is None or at >= last]
        copies = self.store.clusters(shown)
        return compose.collapse(copies, feed.newest, since, names=self.names, prefer=feed.prefer)

    def ids(self, feed: Feed, stories: Sequence[compose.Story]) -> compose.Ids:
        """Look up the ids that these stories have, and those others have taken."""
        clusters = [story.shown.cluster for story in stories]
        wanted = compose.wanted_ids(stories, self.names.site).values()
        return compose.Ids(
            announced=self.store.announced(feed.slug, clusters),
            taken=self.store.taken(feed.slug, tuple(wanted)),
        )

    def _fair_stories(
        self, feed: Feed, per_source: int, since: datetime | None
    ) -> tuple[compose.Story, ...]:
        """Collect the newest stories, at most so many of a source.

        Of each source its newest stories of the feed count; once it has brought its share it is
        passed over, so that a source with a million entries costs no more than one with ten.
        """
        shares = compose.Shares(per_source)
        while True:
            rows = self.store.places(
                feed.match,
                since=since,
                limit=_STEP,
                skip=shares.skip,
                without=shares.full,
            )
            shares.take(rows)
            copies = self.store.clusters(tuple(shares.found))
            stories = compose.collapse(
                copies,
                feed.newest,
                since,
                names=self.names,
                per_source=per_source,
                prefer=feed.prefer,
            )
            if len(stories) >= feed.newest or len(rows) < _STEP:
                return stories

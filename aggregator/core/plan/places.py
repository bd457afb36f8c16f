"""Which feeds a poll outdates."""

from aggregator.core.plan.entries import Sorted
from aggregator.core.plan.records import Poll
from aggregator.core.select import touched
from aggregator.core.slugs import category_slug
from aggregator.model.parsed import FeedInfo


def outdated(poll: Poll, before: FeedInfo, now: FeedInfo, found: Sorted) -> tuple[str, ...]:
    """Return the slugs of the feeds to build again.

    Those are the feeds of entries that came, changed or moved to another category; those that told
    the same story before are the store's to know. A source that renames itself outdates the feeds
    it is credited in, too.
    """
    source = poll.source.name
    places = {frozenset(place.slug for place in one.filed) for one in found.changed}
    places |= {frozenset(found.known[one.guid].categories) for one in found.changed}
    if _renamed(before, now):
        places.add(frozenset(category_slug(name) for name in poll.source.categories))
    slugs: set[str] = set()
    for categories in places:
        slugs |= touched(poll.settings, source, categories)
    come = {(frozenset(place.slug for place in one.filed), one.shelves) for one in found.new}
    for categories, shelves in come:
        slugs |= touched(poll.settings, source, categories, shelves)
    return tuple(sorted(slugs))


def _renamed(before: FeedInfo, now: FeedInfo) -> bool:
    """Tell whether what items say of their source changed."""
    return before != FeedInfo() and any(
        getattr(before, name) != getattr(now, name)
        for name in ("title", "link", "feed_url", "id", "rights")
    )

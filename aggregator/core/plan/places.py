"""Which feeds a poll outdates."""

from collections.abc import Iterable

from aggregator.core.plan.entries import Sorted
from aggregator.core.plan.records import Poll
from aggregator.core.select import touched
from aggregator.core.slugs import category_slug
from aggregator.model.known import Candidate
from aggregator.model.parsed import FeedInfo


def outdated(
    poll: Poll, before: FeedInfo, now: FeedInfo, found: Sorted, others: Iterable[Candidate]
) -> tuple[str, ...]:
    """Return the slugs of the feeds to build again.

    Those are the feeds of entries that came, changed or moved to another category, and of the kept
    ones that tell the same story (``others``). A source that renames itself outdates the feeds it
    is credited in, too.
    """
    filed = (*(one.filed for one in found.new), *(one.filed for one in found.changed))
    places = {frozenset(place.slug for place in of_one) for of_one in filed}
    places |= {frozenset(found.known[one.guid].categories) for one in found.changed}
    if _renamed(before, now):
        places.add(frozenset(category_slug(name) for name in poll.source.categories))
    slugs: set[str] = set()
    for categories in places:
        slugs |= touched(poll.settings, poll.source.name, categories)
    for other in others:
        slugs |= touched(poll.settings, other.key.source, set(other.categories))
    return tuple(sorted(slugs))


def _renamed(before: FeedInfo, now: FeedInfo) -> bool:
    """Tell whether what items say of their source changed."""
    return before != FeedInfo() and any(
        getattr(before, name) != getattr(now, name)
        for name in ("title", "link", "feed_url", "id", "rights")
    )

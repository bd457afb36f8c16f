"""Which entries end because a complete document lists them no more.

Only a folder is complete, and only where its operator asked for it (``deleted:``). A folder that
lost most of its posts at once is a failed checkout or a wrong path more often than a wish: all of
them stay, and the operator is told, who says ``remove-all`` if it is one.
"""

from msgspec import Struct

from aggregator.core.plan.entries import Sorted
from aggregator.core.plan.records import Memory, Poll
from aggregator.model.parsed import ParsedFeed

_FEW = 3
"""So many may always go: of a small folder two posts are soon most of them."""


class Missing(Struct, frozen=True):
    """Entries that are listed no more."""

    gone: tuple[str, ...] = ()
    """Guids of those that are believed gone."""
    held: int = 0
    """How many stay because they are too many."""


def missing(poll: Poll, feed: ParsedFeed, found: Sorted, memory: Memory) -> Missing:
    """Tell what is gone from a source."""
    policy = poll.source.posts.deleted
    if policy == "keep" or not feed.complete:
        return Missing()
    live = memory.live()
    gone = live - {one.guid for one in found.changed} - set(found.seen)
    if policy == "remove" and len(gone) > max(_FEW, len(live) // 2):
        return Missing(held=len(gone))
    return Missing(gone=tuple(sorted(gone)))

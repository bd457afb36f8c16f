"""Which posts are shown now: drafts, days to come, days past, undated ones, the newest.

Nothing here is kept between scans, because it depends on the time of day.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec import Struct

from aggregator.formats.reading.posts.heads import Head
from aggregator.model.settings import PostsOptions

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Chosen(Struct, frozen=True):
    """A post to show, and its date by the policy."""

    head: Head
    date: datetime | None


class Choice(Struct, frozen=True):
    """The posts to show, newest first, and what became of the others."""

    posts: tuple[Chosen, ...]
    counted: Counter[str]
    next_due: datetime | None
    """When the next of those that wait appears, or the next of those shown expires."""


def choose(
    heads: Iterable[tuple[Head, datetime | None]], options: PostsOptions, now: datetime
) -> Choice:
    """Choose from heads, each with the date a policy would give it."""
    counted: Counter[str] = Counter()
    waiting: list[datetime] = []
    posts: list[Chosen] = []
    for head, fallback in heads:
        state = _state(head, options, now)
        date = head.date or fallback
        if date is None:
            counted["undated"] += not state
            state = state or ("undated-skipped" if options.undated == "skip" else "")
        if state == "future" and options.future == "hold":
            waiting.append(_start(head))
        counted[state] += bool(state)
        if not state:
            posts.append(Chosen(head, date))
            waiting += [head.expires] if head.expires else []
    posts.sort(key=lambda post: post.head.path)
    posts.sort(key=lambda post: post.date or _LONG_AGO, reverse=True)
    if options.limit and len(posts) > options.limit:
        counted["beyond-limit"] = len(posts) - options.limit
    return Choice(tuple(posts[: options.limit]), counted, min(waiting, default=None))


def _state(head: Head, options: PostsOptions, now: datetime) -> str:
    """Say why a post is not shown now; "" if it is."""
    if head.skip and not (head.skip == "draft" and options.drafts):
        return head.skip
    if _start(head) > now and options.future != "show":
        return "future"
    if head.expires and head.expires <= now:
        return "expired"
    return ""


def _start(head: Head) -> datetime:
    return head.starts or head.date or _LONG_AGO

"""Decide what becomes of a folder of posts: memory and feeds in, changes out; nothing is done here.

1. A story is one file, whichever feeds bring it; the feeds that brought it earlier are remembered.
2. A file's name is made once, of the day and the title of that time, and never again.
3. A story stays when it leaves its feed's window, which is short; it goes when it is too old, when
   too many are newer, when it is withdrawn, or when none of its feeds is published here any more.
   Age is that of the entry, by its instant: not of the file, and not the day in its name.
4. What would go is not written in the first place: a slow source that still lists it changes
   nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from msgspec import Struct

from aggregator.errors import PublishError
from aggregator.model.settings import PostsTarget
from aggregator.model.shown import Item, Publication
from aggregator.publishers.keeping import Changes, Memory
from aggregator.publishers.posts.bodies import body_of
from aggregator.publishers.posts.heads import Style, head_of
from aggregator.publishers.posts.words import local, one_line

_TICK = timedelta(seconds=1)
_HASH_LENGTH = 16
_SLUG_LIMIT = 60
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TAIL = {"html": "</body>\n</html>\n"}


class _Post(Struct):
    """One story: what is remembered of it, and its item where a feed brings it now."""

    id: str
    path: str
    published: datetime
    feeds: dict[str, str]
    """Slug to title."""
    item: Item | None = None


def chosen(publications: Iterable[Publication], target: PostsTarget) -> tuple[Publication, ...]:
    """Return the feeds that are published in this folder."""
    return tuple(one for one in publications if not target.feeds or one.slug in target.feeds)


def plan(
    memory: Memory,
    publications: Sequence[Publication],
    target: PostsTarget,
    style: Style,
    now: datetime,
) -> Changes:
    """Return what is to be written, and what goes.

    :raises PublishError: the memory is damaged
    """
    posts = _remembered(memory, target)
    for publication in publications:
        _withdraw(posts, publication)
        for item in publication.items:
            _take(posts, item, publication, style)
    homeless = {post.path for post in posts.values() if not post.feeds}
    old = {post.path for post in _outdated(posts, target, now)} - homeless
    kept = [post for post in posts.values() if post.path not in homeless | old]
    archived = tuple(sorted(path for path in old if path in memory and target.archive))
    gone = (path for path in homeless | old if path in memory and path not in archived)
    return Changes(
        files={post.path: _written(post, post.item, target, style) for post in kept if post.item},
        memory={post.path: _facts(post) for post in kept},
        removed=tuple(sorted(gone)),
        archived=archived,
        archive=target.archive,
    )


def file_name(item: Item, style: Style) -> str:
    """Name a story's file: its day, a hash of its id, and its title where that is ASCII.

    Jekyll ignores names without a day; [a-z0-9-] alone is safe and the same on every file system.
    """
    day = local(item.published, style.zone).date().isoformat()
    digest = sha256(item.id.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    title = unicodedata.normalize("NFKD", one_line(item.title)).lower()
    slug = _NOT_SLUG.sub("-", title.encode("ascii", "ignore").decode())
    slug = slug.strip("-")[:_SLUG_LIMIT].strip("-")
    return f"{day}-{digest}{f'-{slug}' if slug else ''}.{style.engine.extension}"


def _remembered(memory: Memory, target: PostsTarget) -> dict[str, _Post]:
    try:
        posts = [_known(path, facts) for path, facts in memory.items()]
    except (LookupError, TypeError, ValueError) as error:
        words = f"the manifest in {target.folder} is damaged; put a copy back, or move all away"
        raise PublishError(words) from error
    for post in posts:
        if target.feeds:
            post.feeds = {slug: post.feeds[slug] for slug in post.feeds if slug in target.feeds}
    return {post.id: post for post in posts}


def _known(path: str, facts: dict[str, Any]) -> _Post:
    published = datetime.fromisoformat(facts["published"]).astimezone(UTC)
    feeds = {str(slug): str(title) for slug, title in facts["feeds"]}
    return _Post(str(facts["id"]), path, published, feeds)


def _facts(post: _Post) -> dict[str, object]:
    # A list, not a map: the order of the categories is theirs, and the manifest sorts its keys.
    feeds = [[slug, title] for slug, title in post.feeds.items()]
    return {"id": post.id, "published": post.published.isoformat(), "feeds": feeds}


def _withdraw(posts: dict[str, _Post], publication: Publication) -> None:
    """Take a feed from stories that it no longer tells, where it says so."""
    listed = {item.id for item in publication.items}
    gone = {line.id for line in publication.withdrawn} - listed
    if publication.complete:
        gone |= {post.id for post in posts.values() if post.id not in listed}
    for name in gone & posts.keys():
        posts[name].feeds.pop(publication.slug, None)


def _take(posts: dict[str, _Post], item: Item, publication: Publication, style: Style) -> None:
    post = posts.get(item.id)
    if post is None:
        post = _Post(item.id, file_name(item, style), item.published, {})
        posts[item.id] = post
    post.feeds[publication.slug] = one_line(publication.title) or publication.slug
    if post.item is None or item.updated > post.item.updated:
        post.item, post.published = item, item.published


def _outdated(posts: dict[str, _Post], target: PostsTarget, now: datetime) -> list[_Post]:
    """Return the stories that are too old, or that too many are newer than."""
    ranked = sorted(posts.values(), key=lambda post: post.id)
    ranked.sort(key=lambda post: post.published, reverse=True)
    ranked = [post for post in ranked if post.feeds]
    rest = ranked if target.keep_posts is None else ranked[: target.keep_posts]
    beyond = ranked[len(rest) :]
    if target.keep_days is None:
        return beyond
    oldest = now - timedelta(days=target.keep_days)
    return beyond + [post for post in rest if post.published < oldest]


def next_departure(memory: Memory, target: PostsTarget) -> datetime | None:
    """Return when the oldest of these stories is too old; None where age takes none."""
    if target.keep_days is None or not memory:
        return None
    oldest = min(datetime.fromisoformat(facts["published"]) for facts in memory.values())
    return oldest + timedelta(days=target.keep_days) + _TICK


def _written(post: _Post, item: Item, target: PostsTarget, style: Style) -> bytes:
    categories = tuple(dict.fromkeys(post.feeds.values()))
    slug = post.path.rsplit(".", 1)[0]
    head = head_of(item, categories, slug, style)
    text = head + body_of(item, target.body) + _TAIL.get(style.engine.form, "")
    return text.encode("utf-8", "replace")

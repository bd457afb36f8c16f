"""Write a folder of posts: hold it, plan, apply; then the pages of its categories."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aggregator.core import loop_guard
from aggregator.errors import PublishError
from aggregator.model.settings import PostsTarget, Site
from aggregator.model.shown import Publication
from aggregator.publishers.keeping import Changes, Published, held
from aggregator.publishers.posts.engines import ENGINES
from aggregator.publishers.posts.heads import Style
from aggregator.publishers.posts.pages import page_name, page_of
from aggregator.publishers.posts.planning import chosen, next_departure, plan

_MANIFEST = ".aggregator-posts.json"
_PAGES_MANIFEST = ".aggregator-pages.json"


class PostsPublisher:
    """Writes the stories of feeds as posts of a static site."""

    def __init__(self, target: PostsTarget, site: Site) -> None:
        """Take a target.

        :raises PublishError: its engine or time zone is not known, or two of its folders are one
        """
        self._target = target
        self._style = _style(target, site)
        self._again_at: datetime | None = None
        folders = [target.folder, target.archive, target.index_pages]
        named = [folder.absolute() for folder in folders if folder]
        if len(set(named)) < len(named):
            raise PublishError(
                f"{target.folder}: posts, archive and pages need folders of their own"
            )

    def __call__(self, publications: Sequence[Publication], now: datetime) -> Published:
        """Write what differs; only feeds that changed need be given, the others are remembered.

        Without ``feeds`` in the target every publication given is taken for a category.

        :raises PublishError: a folder cannot be written; what was written stays whole
        """
        target = self._target
        feeds = chosen(publications, target)
        with held(target.folder, _MANIFEST, f"{self._style.engine.name} posts") as keep:
            changes = plan(keep.memory, feeds, target, self._style, now)
            done = keep.apply(changes)
        self._again_at = next_departure(changes.memory, target)
        return done + self._pages(target.index_pages, feeds) if target.index_pages else done

    def again_at(self) -> datetime | None:
        """Return when the oldest post goes, as of the last call: a quiet day keeps none longer."""
        return self._again_at

    def _pages(self, folder: Path, feeds: Sequence[Publication]) -> Published:
        target, style = self._target, self._style
        with held(folder, _PAGES_MANIFEST, f"{style.engine.name} pages") as keep:
            files = {page_name(feed, style): page_of(feed, style) for feed in feeds}
            memory = keep.memory | {page_name(feed, style): {"feed": feed.slug} for feed in feeds}
            gone = tuple(
                path
                for path, facts in keep.memory.items()
                if target.feeds and facts.get("feed") not in target.feeds
            )
            kept = {path: facts for path, facts in memory.items() if path not in gone}
            return keep.apply(Changes(files, kept, removed=gone))


def _style(target: PostsTarget, site: Site) -> Style:
    engine = ENGINES.get(target.engine)
    if engine is None:
        raise PublishError(f"{target.engine} is no engine; known are {', '.join(ENGINES)}")
    try:
        zone = ZoneInfo(target.timezone)
    except (ValueError, OSError, LookupError) as error:
        raise PublishError(f"{target.timezone} is no time zone") from error
    return Style(engine, zone, loop_guard.mark(site.tag), dict(target.front_matter))

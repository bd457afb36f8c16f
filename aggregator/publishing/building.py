"""One feed: its stories, its archive, its documents, and whether they may leave."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.archiving import Archivist, Filed, Shown
from aggregator.core import compose, select
from aggregator.core.archive import current
from aggregator.core.artifacts import PAGE, artifact, headers_of
from aggregator.core.fragments import Fragments
from aggregator.core.plausible import plausible
from aggregator.delivering import Delivering
from aggregator.errors import RenderError
from aggregator.model.settings import Feed
from aggregator.model.shown import Artifact, Build, LastBuild, Publication, Summary
from aggregator.ports import Format, Store
from aggregator.publishing.gathering import Gathering

_WITHDRAWN = 50
"""Tombstones a feed shows, the newest."""
ARCHIVE_VERSION = "1"
"""Of the pages of archives: another one has all of them written again."""


class Implausible(RenderError):
    """A rendering that is well-formed and cannot be right."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds feeds as of one moment."""

    store: Store
    formats: Mapping[str, Format]
    version: str
    recipes: select.Recipes
    gathering: Gathering
    fragments: Fragments
    delivering: Delivering
    settle: timedelta

    @property
    def names(self) -> compose.Names:
        return self.gathering.names

    @property
    def now(self) -> datetime:
        return self.gathering.now

    def publication(self, feed: Feed) -> Publication:
        """Compose a feed for targets that write it in forms of their own."""
        stories = self.gathering.stories(feed)
        ids = self.gathering.ids(feed, stories)
        publication, _ = compose.compose(feed, stories, ids, self.names)
        return replace(publication, withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN))

    def build(self, feed: Feed, pages: int | None = None) -> tuple[Build, int]:
        """Build a feed; returns how many items it shows, too.

        With ``pages`` its archive is gone on with, by so many at most; without, a page is added
        for what left the current document, unless older ones are still lacking.

        :raises RenderError: it cannot be written, or is not plausible
        """
        recipe = self.recipes.of(feed, self.version)
        last = self.store.last_build(feed.slug)
        stories = self.gathering.stories(feed)
        ids = self.gathering.ids(feed, stories)
        publication, given = compose.compose(feed, stories, ids, self.names)
        self.fragments.recall(self.store.documents(feed.slug) if last.recipe == recipe else ())
        entries = self.store.count(feed.match)
        filed = self._archivist(feed).file(
            Shown(stories, (*ids.announced, *given), entries), last, pages
        )
        publication = replace(
            current(publication, feed, self.names.site.url, filed.archived.pages),
            complete=filed.complete,
            withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN),
        )
        artifacts, said = self._documents(feed, publication)
        if last.recipe == recipe:
            _compare(feed, last, said)
        build = Build(
            slug=feed.slug,
            recipe=recipe,
            artifacts=artifacts,
            entries=entries,
            updated=publication.updated if publication.items else None,
            announced=given,
            rebuild_at=_grows_old(feed, stories),
            archive_at=self._archive_at(last, filed),
            said=said,
            archived=filed.archived,
            targets=self.delivering.names(feed),
        )
        return build, len(publication.items)

    def _archivist(self, feed: Feed) -> Archivist:
        """Return who keeps its archive; another version of the program writes no page again."""
        recipe = self.recipes.of_archive(feed, ARCHIVE_VERSION)
        return Archivist(feed, self.names, self.store, self.formats, self.fragments, recipe)

    def _archive_at(self, last: LastBuild, filed: Filed) -> datetime | None:
        """Return when an archive that lacks pages is gone on with: a new one has time."""
        if not filed.unfinished:
            return None
        return last.archive_at or (self.now if last.recipe else self.now + self.settle)

    def _documents(
        self, feed: Feed, publication: Publication
    ) -> tuple[tuple[Artifact, ...], Summary | None]:
        """Write a feed in all its formats; returns what it says, too, as read back."""
        forms = {name: self.formats[name] for name in (*feed.formats, PAGE)}
        headers = headers_of(publication)
        artifacts, said = [], None
        for name, document in self.fragments.write(publication, forms).items():
            form = forms[name]
            summary = form.check(document.body)
            said = said or summary
            path = form.path.format(slug=feed.slug)
            made = artifact(
                path, form.media_type, document.body, publication.updated, feed.slug, headers
            )
            artifacts.append(replace(made, pieces=document.pieces))
        return tuple(artifacts), said


def _compare(feed: Feed, last: LastBuild, said: Summary | None) -> None:
    """Raise RenderError where a feed cannot be right, seen from what it said last."""
    if said is None or (feed.max_age and not said.ids):
        return
    reason = plausible(last.said, said)
    if reason:
        raise Implausible(f"{reason}; `aggregator release {feed.slug}` lets it pass")


def _grows_old(feed: Feed, stories: tuple[compose.Story, ...]) -> datetime | None:
    """Return when the oldest story shown passes ``max_age``."""
    if feed.max_age is None or not stories:
        return None
    return min(story.sort_at for story in stories) + feed.max_age

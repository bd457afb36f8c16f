"""The outgo: from kept entries to saved bytes, one feed at a time.

outdated ▶ newest ▶ collapse ▶ compose ▶ render ▶ check ▶ save

Only feeds that are marked as outdated are built; a feed that cannot be built keeps its last good
bytes and its mark.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.core import compose, operator, select
from aggregator.core.artifacts import artifact
from aggregator.errors import RenderError
from aggregator.model.events import Built, Held, Observer
from aggregator.model.settings import Feed, Settings
from aggregator.model.shown import Artifact, Build, BuiltFeed, Directory, FeedLine, Publication
from aggregator.ports import Clock, Format, SitePage, Store

PAGE = "html"
"""The format every feed has besides those it asks for: its page."""

_STEP = 200


@dataclass(frozen=True, slots=True)
class Publishing:
    """Builds feeds and the pages that list them."""

    settings: Settings
    store: Store
    formats: Mapping[str, Format]
    pages: Sequence[SitePage]
    version: str
    """Of whatever writes feeds: another version, another build."""
    clock: Clock
    observe: Observer

    def start(self) -> None:
        """Mark feeds that are new or whose recipe changed, and retire those no longer there."""
        built = self.store.built()
        recipes = {feed.slug: self._recipe(feed) for feed in self._feeds()}
        recipes[operator.SLUG] = self._operator_recipe()
        known = {slug: line.recipe for slug, line in built.items()}
        self.store.outdate(slug for slug, recipe in recipes.items() if known.get(slug) != recipe)
        self.store.retire(built.keys() - recipes.keys())

    def publish(self, stop: Callable[[], bool]) -> tuple[str, ...]:
        """Build every outdated feed; returns the slugs of those that were saved."""
        outdated = self.store.outdated(self.clock())
        if not outdated:
            return ()
        feeds = self._feeds()
        names = self._names()
        built: list[str] = []
        for feed in feeds:
            if stop():
                return tuple(built)
            if feed.slug in outdated and self._publish(feed, names):
                built.append(feed.slug)
        if operator.SLUG in outdated:
            self._publish_notices()
        self._publish_pages(feeds, names)
        return tuple(built)

    def directory(self) -> Directory:
        """List all feeds with what they hold."""
        return self._directory(self._feeds(), self._names())

    # -- one feed --------------------------------------------------------------------------------

    def _publish(self, feed: Feed, names: compose.Names) -> bool:
        try:
            build, publication = self._build(feed, names)
        except RenderError as error:
            self.observe(Held(feed.slug, str(error)))
            return False
        self.store.save(build)
        self.observe(Built(feed.slug, len(publication.items)))
        return True

    def _build(self, feed: Feed, names: compose.Names) -> tuple[Build, Publication]:
        stories = self._stories(feed)
        publication, given = compose.compose(feed, stories, self._ids(feed, stories), names)
        build = Build(
            slug=feed.slug,
            recipe=self._recipe(feed),
            artifacts=tuple(self._artifacts(feed, publication)),
            entries=self.store.count(feed.match),
            updated=publication.updated if publication.items else None,
            announced=given,
            rebuild_at=_grows_old(feed, stories),
        )
        return build, publication

    def _stories(self, feed: Feed) -> tuple[compose.Story, ...]:
        """Collect the newest stories: copies are folded, so more rows may be needed than shown."""
        since = self.clock() - feed.max_age if feed.max_age else None
        found: dict[int, None] = {}
        skip = 0
        while len(found) < feed.newest:
            rows = self.store.newest(feed.match, since=since, limit=_STEP, skip=skip)
            found.update((row.cluster, None) for row in rows)
            skip += _STEP
            if len(rows) < _STEP:
                break
        return compose.collapse(self.store.clusters(tuple(found)), feed.newest, since)

    def _ids(self, feed: Feed, stories: Sequence[compose.Story]) -> compose.Ids:
        clusters = [story.shown.cluster for story in stories]
        wanted = compose.wanted_ids(stories, self.settings.site).values()
        return compose.Ids(
            announced=self.store.announced(feed.slug, clusters),
            taken=self.store.taken(feed.slug, tuple(wanted)),
        )

    def _artifacts(self, feed: Feed, publication: Publication) -> Iterable[Artifact]:
        for name in (*feed.formats, PAGE):
            form = self.formats[name]
            body = form.render(publication)
            form.check(body)
            path = form.path.format(slug=feed.slug)
            yield artifact(path, form.media_type, body, publication.updated, feed.slug)

    # -- the operator's feed ---------------------------------------------------------------------

    def _publish_notices(self) -> None:
        notices = self.store.notices(operator.NEWEST)
        publication = operator.operator_feed(notices, self.settings.site)
        form = self.formats["atom"]
        body = form.render(publication)
        made = artifact(
            operator.PATH, form.media_type, body, publication.updated, feed=operator.SLUG
        )
        self.store.save(
            Build(
                slug=operator.SLUG,
                recipe=self._operator_recipe(),
                artifacts=(made,),
                entries=len(notices),
                updated=publication.updated if notices else None,
            )
        )

    def _operator_recipe(self) -> str:
        return select.site_recipe(self.settings.site, self.version)

    # -- all feeds -------------------------------------------------------------------------------

    def _publish_pages(self, feeds: Sequence[Feed], names: compose.Names) -> None:
        directory = self._directory(feeds, names)
        changed = max((line.updated for line in directory.feeds), default=compose.EPOCH)
        made = []
        for page in self.pages:
            body = page.render(directory)
            page.check(body)
            made.append(artifact(page.path, page.media_type, body, changed))
        self.store.save_pages(made)

    def _directory(self, feeds: Sequence[Feed], names: compose.Names) -> Directory:
        site = self.settings.site
        built = self.store.built()
        return Directory(
            title=site.title,
            url=site.url,
            language=site.language,
            feeds=tuple(self._line(feed, built.get(feed.slug)) for feed in feeds),
            sources=tuple(compose.credit(source.name, names) for source in self.settings.sources),
        )

    def _line(self, feed: Feed, built: BuiltFeed | None) -> FeedLine:
        return FeedLine(
            slug=feed.slug,
            title=feed.title,
            description=feed.description,
            entries=built.entries if built else 0,
            updated=(built.updated if built else None) or compose.EPOCH,
            addresses=compose.addresses(feed, self.settings.site),
            home=f"{self.settings.site.url}feeds/{feed.slug}/",
        )

    def _feeds(self) -> tuple[Feed, ...]:
        return select.feeds_of(self.settings, self.store.categories())

    def _recipe(self, feed: Feed) -> str:
        return select.recipe(self.settings, feed, self.version)

    def _names(self) -> compose.Names:
        return compose.Names(
            site=self.settings.site,
            configured={source.name: source for source in self.settings.sources},
            known={source.name: source for source in self.store.sources()},
        )


def _grows_old(feed: Feed, stories: Sequence[compose.Story]) -> datetime | None:
    """Return when the oldest story shown passes ``max_age``."""
    if feed.max_age is None or not stories:
        return None
    return min(story.sort_at for story in stories) + feed.max_age

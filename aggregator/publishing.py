"""The outgo: from kept entries to saved bytes, one feed at a time.

outdated ▶ newest ▶ collapse ▶ compose ▶ archive ▶ render ▶ check ▶ compare ▶ save

Only feeds that are marked as outdated are built. A feed that cannot be built, or whose new
rendering is not plausible beside the last one, keeps its last good bytes and its mark, and its
operator is told once. What is only implausible is not tried again before there is another mark.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.archiving import Archivist, Shown
from aggregator.core import compose, operator, select
from aggregator.core.archive import current
from aggregator.core.artifacts import artifact, headers_of
from aggregator.core.matching import matches, subject_of
from aggregator.core.plausible import plausible
from aggregator.delivering import Delivering
from aggregator.errors import OvertakenError, RenderError
from aggregator.model.events import Built, Held, Observer, Shelved
from aggregator.model.settings import Feed, Settings
from aggregator.model.shown import (
    Artifact,
    Build,
    BuiltFeed,
    Directory,
    FeedLine,
    HeldFeed,
    Kept,
    LastBuild,
    Publication,
    Summary,
)
from aggregator.ports import Clock, Format, SitePage, Store

PAGE = "html"
"""The format every feed has besides those it asks for: its page."""

_STEP = 200
_WITHDRAWN = 50
"""Tombstones a feed shows, the newest."""
_ARCHIVE_VERSION = "1"
"""Of the pages of archives: another one has all of them written again."""


class _Implausible(RenderError):
    """A rendering that is well-formed and cannot be right."""


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
    delivering: Delivering

    def start(self) -> None:
        """Mark feeds that are new or whose recipe changed, and retire those no longer there."""
        self.store.sync_shelves(tuple(select.shelves(self.settings)))
        self._shelve()
        built = self.store.built()
        feeds = self._feeds()
        recipes = {feed.slug: self._recipe(feed) for feed in feeds}
        recipes[operator.SLUG] = self._operator_recipe()
        known = {slug: line.recipe for slug, line in built.items()}
        self.store.outdate(slug for slug, recipe in recipes.items() if known.get(slug) != recipe)
        self.store.retire(built.keys() - recipes.keys())
        self.delivering.sync(feeds)

    def publish(self, stop: Callable[[], bool]) -> tuple[str, ...]:
        """Build every outdated feed; returns the slugs of those that were saved.

        Then targets on this machine get what changed, or what they could not take earlier.
        """
        self._shelve()
        outdated = self.store.outdated(self.clock())
        built = self._build_all(outdated, stop) if outdated else ()
        self._deliver(stop, remote=False)
        return built

    def deliver(self, stop: Callable[[], bool]) -> None:
        """Tell targets on the network what changed; it takes as long as they take."""
        self._deliver(stop, remote=True)

    def _build_all(self, outdated: Collection[str], stop: Callable[[], bool]) -> tuple[str, ...]:
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

    def _deliver(self, stop: Callable[[], bool], *, remote: bool) -> None:
        self.delivering.deliver(self._feeds, self._publication, stop, remote=remote)

    def _publication(self, feed: Feed) -> Publication:
        """Compose a feed for targets that write it in forms of their own."""
        names = self._names()
        stories = self._stories(feed, names)
        publication, _ = compose.compose(feed, stories, self._ids(feed, stories), names)
        return replace(publication, withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN))

    def _shelve(self) -> None:
        """Decide of kept entries where they stand, for feeds that match by what articles say."""
        shelves = select.shelves(self.settings)
        languages: dict[str, str | None] = {}

        def decide(kept: Kept) -> list[str]:
            if not languages:
                known = self.store.sources()
                languages.update((source.name, source.info.language) for source in known)
            subject = subject_of(kept, languages.get(kept.key.source))
            return [shelf for shelf, match in shelves.items() if matches(match, subject)]

        looked_at = 0
        while looked := self.store.shelve(tuple(shelves), decide):
            looked_at += looked
            self.observe(Shelved(looked_at))
        if looked_at:
            self.store.outdate(
                feed.slug for feed in self.settings.feeds if select.shelf_of(feed.match)
            )

    def feeds(self) -> tuple[Feed, ...]:
        """List every feed there is."""
        return self._feeds()

    def directory(self) -> Directory:
        """List all feeds with what they hold."""
        return self._directory(self._feeds(), self._names())

    # -- one feed --------------------------------------------------------------------------------

    def _publish(self, feed: Feed, names: compose.Names) -> bool:
        try:
            build, publication = self._build(feed, names)
        except RenderError as error:
            self._hold(feed, error)
            return False
        try:
            self.store.save(build)
        except OvertakenError as error:
            # Its mark stays; one feed that cannot be saved must not stop the others.
            self.observe(Held(feed.slug, str(error)))
            return False
        self.observe(Built(feed.slug, len(publication.items)))
        return True

    def _hold(self, feed: Feed, error: RenderError) -> None:
        held = HeldFeed(feed.slug, str(error), self.clock())
        until_marked = isinstance(error, _Implausible)
        if self.store.hold(held, until_marked=until_marked, told=(operator.SLUG,)):
            self.observe(Held(feed.slug, held.reason))

    def _build(self, feed: Feed, names: compose.Names) -> tuple[Build, Publication]:
        last = self.store.last_build(feed.slug)
        stories = self._stories(feed, names)
        ids = self._ids(feed, stories)
        publication, given = compose.compose(feed, stories, ids, names)
        archivist = Archivist(feed, names, self.store, self.formats, self._archive_recipe(feed))
        filed = archivist.file(Shown(stories, (*ids.announced, *given)), last)
        publication = replace(
            current(publication, feed, self.settings.site.url, filed.archived.pages),
            complete=filed.complete,
            withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN),
        )
        artifacts = tuple(self._artifacts(feed, publication))
        said = self._said(feed, artifacts)
        self._compare(feed, last, said)
        build = Build(
            slug=feed.slug,
            recipe=self._recipe(feed),
            artifacts=artifacts,
            entries=self.store.count(feed.match),
            updated=publication.updated if publication.items else None,
            announced=given,
            rebuild_at=self.clock() if filed.unfinished else _grows_old(feed, stories),
            said=said,
            archived=filed.archived,
            targets=self.delivering.names(feed),
        )
        return build, publication

    def _said(self, feed: Feed, artifacts: Sequence[Artifact]) -> Summary | None:
        """Read back what the feed says, from the first format that tells."""
        for name, made in zip((*feed.formats, PAGE), artifacts, strict=True):
            summary = self.formats[name].summary
            if summary:
                return summary(made.body)
        return None

    def _compare(self, feed: Feed, last: LastBuild, said: Summary | None) -> None:
        """Raise RenderError where a feed cannot be right, seen from what it said last."""
        if said is None or last.recipe != self._recipe(feed) or (feed.max_age and not said.ids):
            return
        reason = plausible(last.said, said)
        if reason:
            raise _Implausible(f"{reason}; `aggregator release {feed.slug}` lets it pass")

    def _stories(self, feed: Feed, names: compose.Names) -> tuple[compose.Story, ...]:
        """Collect the newest stories: copies are folded, so more rows may be needed than shown."""
        since = self.clock() - feed.max_age if feed.max_age else None
        if feed.per_source:
            return self._fair_stories(feed, feed.per_source, names, since)
        found: dict[int, None] = {}
        skip = 0
        while len(found) < feed.newest:
            rows = self.store.newest(feed.match, since=since, limit=_STEP, skip=skip)
            found.update((row.cluster, None) for row in rows)
            skip += _STEP
            if len(rows) < _STEP:
                break
        copies = self.store.clusters(tuple(found))
        return compose.collapse(copies, feed.newest, since, names=names)

    def _fair_stories(
        self, feed: Feed, per_source: int, names: compose.Names, since: datetime | None
    ) -> tuple[compose.Story, ...]:
        """Collect the newest stories, at most so many of a source.

        Of each source its newest stories of the feed count; once it has brought its share it is
        passed over, so that a source with a million entries costs no more than one with ten.
        """
        shares = compose.Shares(per_source)
        while True:
            rows = self.store.newest(
                feed.match,
                since=since,
                limit=_STEP,
                skip=shares.skip,
                without=shares.full,
            )
            shares.take(rows)
            copies = self.store.clusters(tuple(shares.found))
            stories = compose.collapse(
                copies, feed.newest, since, names=names, per_source=per_source
            )
            if len(stories) >= feed.newest or len(rows) < _STEP:
                return stories

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
            yield artifact(
                path,
                form.media_type,
                body,
                publication.updated,
                feed.slug,
                headers_of(publication),
            )

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

    def _archive_recipe(self, feed: Feed) -> str:
        """Return the recipe of its archive: another version writes no page again."""
        return select.recipe(self.settings, feed, _ARCHIVE_VERSION)

    def _recipe(self, feed: Feed) -> str:
        return select.recipe(self.settings, feed, self.version)

    def _names(self) -> compose.Names:
        return compose.Names(
            site=self.settings.site,
            configured={source.name: source for source in self.settings.sources},
            known={source.name: source for source in self.store.sources()},
            hubs=select.hubs(self.settings),
        )


def _grows_old(feed: Feed, stories: Sequence[compose.Story]) -> datetime | None:
    """Return when the oldest story shown passes ``max_age``."""
    if feed.max_age is None or not stories:
        return None
    return min(story.sort_at for story in stories) + feed.max_age

"""What is built, in which order, and what follows.

What builds is imported where there is something to build: at most ticks there is nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, field

from aggregator.core import archive, select
from aggregator.core.fragments import Fragments
from aggregator.core.health import TOLD_IN
from aggregator.delivering import Delivering
from aggregator.errors import ImplausibleError, OvertakenError, RenderError
from aggregator.model.events import Built, Held, Observer, Shelved
from aggregator.model.settings import Feed, Settings
from aggregator.model.shown import Build, Directory, HeldFeed, Kept, Publication
from aggregator.ports import Clock, Format, SitePage, Store
from aggregator.publishing.listed import Listed
from aggregator.publishing.speaking import Speakers

if TYPE_CHECKING:
    from aggregator.core import compose
    from aggregator.publishing.building import Builder
    from aggregator.publishing.listing import Listing


class Publishing(Struct, frozen=True):
    """Builds feeds and the pages that list them."""

    settings: Settings
    store: Store
    formats: Mapping[str, Format]
    fragments: Fragments
    """Of the documents that were just written, by whichever feed."""
    pages: Sequence[SitePage]
    version: str
    """Of whatever writes feeds: another version, another build."""
    looks: str
    """Of the operator's templates: with others, all pages are made anew."""
    clock: Clock
    observe: Observer
    delivering: Delivering
    recipes: select.Recipes
    settle: timedelta = archive.SETTLE
    """How long a new feed waits with its archive."""
    _listed: Listed = field(default_factory=Listed)

    def start(self) -> None:
        """Mark feeds that are new or whose recipe changed, and retire those no longer there."""
        self.store.sync_shelves(tuple(select.shelves(self.settings)))
        self._shelve()
        self._hide()
        built = self.store.built()
        feeds = self.feeds()
        recipes = {feed.slug: self.recipes.of(feed, self._made_by) for feed in feeds}
        recipes[TOLD_IN] = self._operator_recipe(feeds)
        known = {slug: line.recipe for slug, line in built.items()}
        self.store.retire(
            built.keys() - recipes.keys(),
            select.moved(self.settings),
            recipes.keys(),
            select.private(feeds),
            [feed.slug for feed in feeds if feed.closed],
        )
        for feed in feeds:
            if feed.closed:
                self.observe(Held(feed.slug, f"it {select.STAYS_CLOSED}"))
        # Not before: what is retired is marked no more.
        self.store.outdate(slug for slug, recipe in recipes.items() if known.get(slug) != recipe)
        self.delivering.sync(feeds)

    def publish(self, stop: Callable[[], bool]) -> tuple[str, ...]:
        """Build every outdated feed; returns the slugs of those that were saved.

        Archives that lack pages are gone on with, a few pages at a time. Then targets on this
        machine get what changed, or what they could not take earlier.
        """
        self._shelve()
        now = self.clock()
        outdated = [one for one in self.store.outdated(now) if one not in self.settings.closed]
        built = self._build_all(outdated, stop) if outdated or self.store.unarchived(now) else ()
        self._deliver(stop, remote=False)
        return built

    def deliver(self, stop: Callable[[], bool]) -> None:
        """Tell targets on the network what changed; it takes as long as they take."""
        self._deliver(stop, remote=True)

    def feeds(self) -> tuple[Feed, ...]:
        """List every feed there is."""
        moved = select.moved(self.settings)
        emptied = self.store.emptied().items()
        held = {slug: name for slug, name in emptied if slug not in moved}
        feeds = select.feeds_of(self.settings, held | self.store.categories())
        return select.original(feeds, self.store.origins())

    def directory(self) -> Directory:
        """List all feeds with what they hold."""
        speakers = Speakers(self.store)
        return self._listing(self._names(speakers), speakers).directory(self.feeds())

    # -- feeds -----------------------------------------------------------------------------------

    def _build_all(self, outdated: Collection[str], stop: Callable[[], bool]) -> tuple[str, ...]:
        if self._finds_out:
            self._hide()
        feeds, speakers = self.feeds(), Speakers(self.store)
        names = self._names(speakers)
        builder = self._builder(names, speakers)
        built: dict[str, None] = {}
        for feed in feeds:
            if stop():
                return tuple(built)
            if feed.slug in outdated and self._publish(feed, builder):
                built[feed.slug] = None
        built.update(dict.fromkeys(self._go_on(feeds, builder, stop)))
        listing = self._listing(names, speakers)
        if TOLD_IN in outdated:
            form = self.formats["atom"]
            self.store.save(listing.notices(form, self._operator_recipe(feeds)))
        self.store.save_pages(listing.pages(feeds, self.pages))
        return tuple(built)

    def _go_on(
        self, feeds: Sequence[Feed], builder: "Builder", stop: Callable[[], bool]
    ) -> Sequence[str]:
        """Go on with archives that lack pages, those that wait longest first."""
        named = {feed.slug: feed for feed in feeds}
        unarchived = self.store.unarchived(builder.now)
        held = {one.slug for one in self.store.held()} if unarchived else set()
        held |= self.settings.closed
        room, done = archive.ROUND, []
        for slug in unarchived:
            if slug not in named or slug in held:
                continue
            lacks = True
            while lacks and room > 0 and not stop():
                build = self._publish(named[slug], builder, min(room, archive.MOST))
                if build is None:
                    break
                done.append(slug)
                # A build that only looks for what is lacking takes its time, too.
                room -= len(build.archived.written) or 1
                lacks = build.archive_at is not None
        return done

    def _publish(self, feed: Feed, builder: "Builder", pages: int | None = None) -> Build | None:
        """Build and save a feed; returns None where it stays as it was."""
        try:
            build, items = builder.build(feed, pages)
        except RenderError as error:
            self._hold(feed, error)
            return None
        try:
            self.store.save(build)
        except OvertakenError as error:
            # Its mark stays; one feed that cannot be saved must not stop the others.
            self.observe(Held(feed.slug, str(error)))
            return None
        self.observe(Built(feed.slug, items))
        return build

    def _hold(self, feed: Feed, error: RenderError) -> None:
        held = HeldFeed(feed.slug, str(error), self.clock())
        until_marked = isinstance(error, ImplausibleError)
        # Everybody may read the operator's feed: of a private one the log and `status` tell.
        told = () if feed.private else (TOLD_IN,)
        if self.store.hold(held, until_marked=until_marked, told=told):
            self.observe(Held(feed.slug, held.reason))

    # -- before and after ------------------------------------------------------------------------

    def _shelve(self) -> None:
        """Decide of kept entries where they stand, for feeds that match by what articles say."""
        shelves = select.shelves(self.settings)
        speakers = Speakers(self.store)

        def decide(kept: Kept) -> list[str]:
            from aggregator.core.matching import matches, subject_of

            said = speakers(kept.key.source)
            subject = subject_of(kept, said.info.language if said else None)
            return [shelf for shelf, match in shelves.items() if matches(match, subject)]

        looked_at = 0
        while looked := self.store.shelve(tuple(shelves), decide):
            looked_at += looked
            self.observe(Shelved(looked_at))
        if looked_at:
            self.store.outdate(
                feed.slug for feed in self.settings.feeds if select.shelf_of(feed.match)
            )

    @property
    def _finds_out(self) -> bool:
        """Tell whether entries themselves say if their source stands in private feeds alone."""
        own = any(source.own_categories for source in self.settings.sources)
        return own and bool(select.private_categories(self.settings))

    def _hide(self) -> None:
        """Remember which sources are named to nobody."""
        shut = select.private_categories(self.settings)
        filed = self.store.filed_outside(shut) if self._finds_out else frozenset()
        self.store.hide(select.hidden_sources(self.settings, filed))

    def _deliver(self, stop: Callable[[], bool], *, remote: bool) -> None:
        self.delivering.deliver(self.feeds, self._publication, stop, remote=remote)

    def _publication(self, feed: Feed) -> Publication:
        speakers = Speakers(self.store)
        return self._builder(self._names(speakers), speakers).publication(feed)

    # -- parts -----------------------------------------------------------------------------------

    def _builder(self, names: "compose.Names", speakers: Speakers) -> "Builder":
        from aggregator.publishing.building import Builder
        from aggregator.publishing.gathering import Gathering

        return Builder(
            store=self.store,
            formats=self.formats,
            version=self._made_by,
            looks=self.looks,
            recipes=self.recipes,
            gathering=Gathering(self.store, names, speakers, self.clock()),
            fragments=self.fragments,
            delivering=self.delivering,
            settle=self.settle,
        )

    def _listing(self, names: "compose.Names", speakers: Speakers) -> "Listing":
        from aggregator.publishing.listing import Listing

        return Listing(self.settings, self.store, names, speakers, self._listed)

    @property
    def _made_by(self) -> str:
        return f"{self.version} {self.looks}"

    def _operator_recipe(self, feeds: Sequence[Feed]) -> str:
        return select.site_recipe(self.settings.site, self.version, feeds)

    def _names(self, speakers: Speakers) -> "compose.Names":
        from aggregator.core import compose

        return compose.Names(
            site=self.settings.site,
            configured={source.name: source for source in self.settings.sources},
            known=speakers,
            hubs=select.hubs(self.settings),
            unnamed=select.private_categories(self.settings),
            hidden=self.store.hidden(),
        )

"""What belongs to no single feed: the list of all, the pages of the site, the operator's feed."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core import compose, operator
from aggregator.core.artifacts import artifact
from aggregator.core.feed_addresses import addresses
from aggregator.model.settings import Feed, Settings
from aggregator.model.shown import (
    Artifact,
    Build,
    BuiltFeed,
    Credit,
    Directory,
    FeedLine,
    Publication,
)
from aggregator.ports import Format, SitePage, Store
from aggregator.publishing.listed import Listed
from aggregator.publishing.speaking import Speakers


class Listing(Struct, frozen=True):
    """Makes lists of what is in the store."""

    settings: Settings
    store: Store
    names: compose.Names
    speakers: Speakers
    """Who ``names`` asks."""
    last: Listed

    def directory(self, feeds: Sequence[Feed]) -> Directory:
        """List these feeds with what they hold; tokens of private ones stand in no list."""
        site = self.settings.site
        built = self.store.built()
        return Directory(
            title=site.title,
            url=site.url,
            language=site.language,
            feeds=tuple(self._line(feed, built.get(feed.slug)) for feed in feeds),
            sources=self._sources(),
        )

    def _sources(self) -> tuple[Credit, ...]:
        """Credit sources that are named to all; they are the same while they say the same."""
        spoken = self.store.spoken()
        if spoken != self.last.spoken:
            hidden = self.names.hidden
            names = [one.name for one in self.settings.sources if one.name not in hidden]
            self.speakers.load(names)
            self.last.sources = tuple(compose.credit(name, self.names) for name in names)
            self.last.spoken = spoken
        return self.last.sources

    def pages(self, feeds: Sequence[Feed], pages: Sequence[SitePage]) -> list[Artifact]:
        """Write the pages of the site; private feeds are named in none.

        :raises RenderError: one cannot be written
        """
        directory = self.directory([feed for feed in feeds if not feed.private])
        changed = max((line.updated for line in directory.feeds), default=compose.EPOCH)
        names = (tuple(map(_name, directory.feeds)), directory.sources)
        still = names == self.last.names
        made = {}
        for page in pages:
            kept = self.last.pages.get(page.path) if page.timeless and still else None
            made[page.path] = kept or _written(page, directory, changed)
        # Not before all are written: what fails in between is made anew.
        self.last.names = names
        self.last.pages = {page.path: made[page.path] for page in pages if page.timeless}
        return list(made.values())

    def notices(self, form: Format, recipe: str) -> Build:
        """Build the feed that tells the operator what befell sources and feeds."""
        noted = self.store.notices(operator.NEWEST)
        secluded, hidden = self.store.secluded(), self.names.hidden
        notices = [one for one in noted if one.source not in hidden and one.feed not in secluded]
        publication = operator.operator_feed(notices, self.settings.site)
        made = _notices(publication, form)
        return Build(
            slug=operator.SLUG,
            recipe=recipe,
            artifacts=(made,),
            entries=len(notices),
            updated=publication.updated if notices else None,
        )

    def _line(self, feed: Feed, built: BuiltFeed | None) -> FeedLine:
        return FeedLine(
            slug=feed.slug,
            title=feed.title,
            description=feed.description,
            entries=built.entries if built else 0,
            updated=(built.updated if built else None) or compose.EPOCH,
            addresses=addresses(_open(feed), self.settings.site),
            home=f"{self.settings.site.url}feeds/{feed.slug}/",
            private=feed.private,
        )


def _name(line: FeedLine) -> tuple[object, ...]:
    return line.slug, line.title, line.description, line.addresses, line.home


def _open(feed: Feed) -> Feed:
    """Return a feed without its token, which stands in no list."""
    return replace(feed, token=None) if feed.token else feed


def _written(page: SitePage, directory: Directory, changed: datetime) -> Artifact:
    body = page.render(directory)
    page.check(body)
    return artifact(page.path, page.media_type, body, changed)


def _notices(publication: Publication, form: Format) -> Artifact:
    body = form.render(publication).whole()
    form.check(body)
    return artifact(operator.PATH, form.media_type, body, publication.updated, feed=operator.SLUG)

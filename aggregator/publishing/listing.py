"""What belongs to no single feed: the list of all, the pages of the site, the operator's feed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aggregator.core import compose, operator
from aggregator.core.artifacts import artifact
from aggregator.core.feed_addresses import addresses
from aggregator.model.settings import Feed, Settings
from aggregator.model.shown import Artifact, Build, BuiltFeed, Directory, FeedLine, Publication
from aggregator.ports import Format, SitePage, Store
from aggregator.publishing.speaking import Speakers


@dataclass(frozen=True, slots=True)
class Listing:
    """Makes lists of what is in the store."""

    settings: Settings
    store: Store
    names: compose.Names
    speakers: Speakers
    """Who ``names`` asks."""

    def directory(self, feeds: Sequence[Feed]) -> Directory:
        """List these feeds with what they hold; tokens of private ones stand in no list."""
        site = self.settings.site
        built = self.store.built()
        self.speakers.load(source.name for source in self.settings.sources)
        return Directory(
            title=site.title,
            url=site.url,
            language=site.language,
            feeds=tuple(self._line(feed, built.get(feed.slug)) for feed in feeds),
            sources=tuple(
                compose.credit(source.name, self.names) for source in self.settings.sources
            ),
        )

    def pages(self, feeds: Sequence[Feed], pages: Sequence[SitePage]) -> list[Artifact]:
        """Write the pages of the site; private feeds are named in none.

        :raises RenderError: one cannot be written
        """
        directory = self.directory([feed for feed in feeds if not feed.token])
        changed = max((line.updated for line in directory.feeds), default=compose.EPOCH)
        made = []
        for page in pages:
            body = page.render(directory)
            page.check(body)
            made.append(artifact(page.path, page.media_type, body, changed))
        return made

    def notices(self, form: Format, recipe: str) -> Build:
        """Build the feed that tells the operator what befell sources and feeds."""
        notices = self.store.notices(operator.NEWEST)
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
            addresses=addresses(replace(feed, token=None), self.settings.site),
            home=f"{self.settings.site.url}feeds/{feed.slug}/",
            private=feed.token is not None,
        )


def _notices(publication: Publication, form: Format) -> Artifact:
    body = form.render(publication).whole()
    form.check(body)
    return artifact(operator.PATH, form.media_type, body, publication.updated, feed=operator.SLUG)

"""One feed: its stories, its archive, its documents, and whether they may leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from aggregator.archiving import Archivist, Filed, Shown, lacking_items
from aggregator.core import compose, digest, select
from aggregator.core.archive import current
from aggregator.core.artifacts import PAGE, artifact_of, headers_of
from aggregator.core.fragments import Fragments, slot_of
from aggregator.core.plausible import plausible, said_by
from aggregator.delivering import Delivering
from aggregator.errors import ImplausibleError
from aggregator.model.settings import Feed
from aggregator.model.shown import (
    Announced,
    Archived,
    Artifact,
    Build,
    Item,
    LastBuild,
    Place,
    Publication,
    Slot,
    Summary,
)
from aggregator.ports import Format, Store
from aggregator.publishing.gathering import Gathering

_WITHDRAWN = 50
"""Tombstones a feed shows, the newest."""
ARCHIVE_VERSION = "1"
"""Of the pages of archives: another one has all of them written again."""


class Draft(Struct, frozen=True):
    """A feed before it is written."""

    publication: Publication
    slots: Sequence[Slot]
    items: Mapping[str, Item]
    """By key, those that no earlier document has."""
    given: Sequence[Announced]
    """Ids of stories, given out for the first time."""
    filed: Filed
    entries: int
    due_at: datetime | None
    """When it is another one though nothing comes."""


class Builder(Struct, frozen=True):
    """Builds feeds as of one moment."""

    store: Store
    formats: Mapping[str, Format]
    version: str
    looks: str
    """Of the operator's templates."""
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
        if feed.digest:
            return self._digests(feed, feed.digest).publication
        stories = self.gathering.stories(feed)
        frame = compose.frame(feed, stories, self.gathering.ids(feed, stories), self.names)
        return replace(
            frame.publication,
            items=self._items(frame.slots, stories, self.names),
            withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN),
        )

    def build(self, feed: Feed, pages: int | None = None) -> tuple[Build, int]:
        """Build a feed; returns how many items it shows, too.

        With ``pages`` its archive is gone on with, by so many at most; without, a page is added
        for what left the current document, unless older ones are still lacking.

        :raises RenderError: it cannot be written, or is not plausible
        """
        recipe = self.recipes.of(feed, self.version)
        last = self.store.last_build(feed.slug)
        self.fragments.recall(self.store.documents(feed.slug) if last.recipe == recipe else ())
        if feed.digest:
            draft = self._digests(feed, feed.digest)
        else:
            draft = self._stories(feed, last, pages)
        publication, filed = draft.publication, draft.filed
        artifacts, said = self._documents(feed, draft), said_by(draft.slots)
        if last.recipe == recipe:
            _compare(feed, last, said)
        build = Build(
            slug=feed.slug,
            recipe=recipe,
            artifacts=artifacts,
            entries=draft.entries,
            updated=publication.updated if draft.slots else None,
            announced=tuple(draft.given),
            rebuild_at=draft.due_at,
            archive_at=self._archive_at(last, filed),
            said=said,
            archived=filed.archived,
            targets=self.delivering.names(feed),
        )
        return build, len(draft.slots)

    def _stories(self, feed: Feed, last: LastBuild, pages: int | None) -> Draft:
        """Draft a feed of stories, and what leaves it for its archive."""
        stories = self.gathering.stories(feed)
        held = self.gathering.held_back(feed, stories)
        ids = self.gathering.ids(feed, stories)
        frame = compose.frame(feed, stories, ids, self.names)
        entries = self.store.count(feed.match)
        first = {row.cluster: row.entry for row in sorted(held, key=lambda row: -row.entry)}
        shown = Shown(stories, (*ids.announced, *frame.given), entries, first)
        filed = self._archivist(feed).file(shown, last, pages)
        publication = replace(
            current(frame.publication, feed, self.names.site.url, filed.archived.pages),
            complete=filed.complete,
            withdrawn=self.store.withdrawn(feed.slug, _WITHDRAWN),
        )
        items = lacking_items(
            self.store, self.fragments, frame.slots, stories, self.names, self._forms(feed)
        )
        due = (_grows_old(feed, stories), _comes(feed, held))
        due_at = min(filter(None, due), default=None)
        return Draft(publication, frame.slots, items, frame.given, filed, shown.size, due_at)

    def _digests(self, feed: Feed, kind: str) -> Draft:
        """Draft a feed of digests.

        Its stories get ids as elsewhere: by them it is known that they stand in it, so that it is
        built again when one is withdrawn.
        """
        names = replace(self.names, words=digest.WORDS)
        frame = compose.frame(feed, (), compose.Ids(), names).publication
        digests: list[Item] = []
        noindex = False
        given: dict[str, Announced] = {}
        for period, stories in self.gathering.periods(feed, kind):
            ids = self.gathering.ids(feed, stories)
            taken = dict(ids.taken or {}) | {one: line.entry for one, line in given.items()}
            told = compose.frame(feed, stories, replace(ids, taken=taken), names)
            given |= {line.atom_id: line for line in told.given}
            noindex = noindex or told.publication.noindex
            items = self._items(told.slots, stories, names)
            digests.append(digest.digest_of(period, replace(told.publication, items=items), feed))
        slots = [slot_of(item, frame.language) for item in digests]
        return Draft(
            publication=digest.publication_of(frame, digests, noindex=noindex),
            slots=slots,
            items={slot.key: item for slot, item in zip(slots, digests, strict=True)},
            given=tuple(given.values()),
            filed=Filed(Archived()),
            entries=len(digests),
            due_at=digest.closes_at(self.now, kind, self.gathering.zone),
        )

    def _items(
        self, slots: Sequence[Slot], stories: Sequence[compose.Story], names: compose.Names
    ) -> tuple[Item, ...]:
        articles = self.store.articles([story.shown.id for story in stories])
        return tuple(compose.items(slots, stories, articles, names).values())

    def _archivist(self, feed: Feed) -> Archivist:
        """Return who keeps its archive; another version of the program writes no page again."""
        recipe = self.recipes.of_archive(feed, f"{ARCHIVE_VERSION} {self.looks}")
        return Archivist(feed, self.names, self.store, self.formats, self.fragments, recipe)

    def _archive_at(self, last: LastBuild, filed: Filed) -> datetime | None:
        """Return when an archive that lacks pages is gone on with: a new one has time."""
        if not filed.unfinished:
            return None
        return last.archive_at or (self.now if last.recipe else self.now + self.settle)

    def _forms(self, feed: Feed) -> dict[str, Format]:
        return {name: self.formats[name] for name in (*feed.formats, PAGE)}

    def _documents(self, feed: Feed, draft: Draft) -> tuple[Artifact, ...]:
        """Write a feed in all its formats."""
        forms, publication = self._forms(feed), draft.publication
        headers = headers_of(publication)
        written = self.fragments.write(publication, draft.slots, draft.items, forms)
        return tuple(
            artifact_of(
                forms[name].path.format(slug=feed.slug),
                forms[name].media_type,
                document.packed,
                publication.updated,
                feed.slug,
                headers,
                pieces=document.pieces,
            )
            for name, document in written.items()
        )


def _compare(feed: Feed, last: LastBuild, said: Summary) -> None:
    """Raise RenderError where a feed cannot be right, seen from what it said last."""
    if feed.max_age and not said.ids:
        return
    reason = plausible(last.said, said)
    if reason:
        raise ImplausibleError(f"{reason}; `aggregator release {feed.slug}` lets it pass")


def _grows_old(feed: Feed, stories: tuple[compose.Story, ...]) -> datetime | None:
    """Return when the oldest story shown passes ``max_age``."""
    if feed.max_age is None or not stories:
        return None
    return min(story.sort_at for story in stories) + feed.max_age


def _comes(feed: Feed, held: Sequence[Place]) -> datetime | None:
    """Return when the first of the stories that are held back is to be shown."""
    if feed.hold_back is None or not held:
        return None
    return min(row.sort_at for row in held) + feed.hold_back

"""The archive of one feed: its new pages, and those to be written again.

arrivals ▶ what left ▶ sheets ▶ collapse ▶ compose ▶ write
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator.core import archive, compose
from aggregator.core.artifacts import PAGE, artifact_of, headers_of
from aggregator.core.fragments import Fragments
from aggregator.model.settings import Feed
from aggregator.model.shown import (
    Announced,
    Archived,
    Arrivals,
    Artifact,
    Item,
    LastBuild,
    Slot,
    Standing,
    Sweep,
)
from aggregator.ports import Format, Store

_STRETCH = 500
"""Entries that are looked at in one go."""
_LOOK = 10_000
"""Entries one build looks at: in a large archive that was swept before, nearly all are on pages."""


class Shown(Struct, frozen=True):
    """The current document of a feed, as far as its archive needs to know."""

    stories: Sequence[compose.Story]
    """Newest first."""
    announced: Sequence[Announced]
    """All ids of its stories, those it gives out now included."""
    entries: int
    """How many kept entries the feed has, shown or not."""
    held: Mapping[int, int] = field(default_factory=dict)
    """Stories that are held back (``hold_back``), and the first entry of each that makes it so.

    They are on no page before they are shown.
    """

    @property
    def lacks(self) -> bool:
        """Tell whether the feed has more than it shows, as far as numbers tell."""
        return self.entries > sum(len(story.copies) for story in self.stories)

    @property
    def size(self) -> int:
        """Count what readers find: its stories, or its entries where more are kept than shown."""
        return self.entries if self.lacks else len(self.stories)


class Filed(Struct, frozen=True):
    """What becomes of an archive."""

    archived: Archived
    complete: bool = False
    """The current document holds all there is."""
    unfinished: bool = False
    """More pages are to be written than one build writes."""


class Lack(Struct, frozen=True):
    """What a feed's archive lacks."""

    outside: tuple[int, ...] = ()
    """Stories for which there is room, the oldest first."""
    swept: Sweep | None = None
    unfinished: bool = False
    """There are more, or it is not known."""


def lacking_items(
    store: Store,
    fragments: Fragments,
    slots: Sequence[Slot],
    stories: Sequence[compose.Story],
    names: compose.Names,
    formats: Mapping[str, Format],
) -> dict[str, Item]:
    """Look up what those stories say that no earlier document has; returns their items by key."""
    lacking = fragments.lacking(slots, formats)
    wanted = zip(slots, stories, strict=True)
    articles = store.articles([story.shown.id for slot, story in wanted if slot.key in lacking])
    return compose.items(slots, stories, articles, names)


class Archivist(Struct):
    """Builds the archive of one feed."""

    feed: Feed
    names: compose.Names
    store: Store
    formats: Mapping[str, Format]
    fragments: Fragments
    recipe: str
    """Of the archive: by another one, every page is written again."""
    _given: list[Announced] = field(default_factory=list)
    """Ids given out for the first time by pages."""
    _taken: dict[str, int] = field(default_factory=dict)
    """Ids that are given out in this build, and to which entry."""

    def file(self, shown: Shown, last: LastBuild, most: int | None = None) -> Filed:
        """Write the pages that stories need which are in the current document no more.

        With ``most`` that many new ones; without, one, and none where others are lacking already:
        they come first. A page that is spoilt is written at once.
        """
        if not self.feed.archive:
            return Filed(Archived(recipe=self.recipe))
        lacking = not last.recipe or last.archive_at is not None
        room = min(most, archive.MOST) if most is not None else 0 if lacking else 1
        if not room and not last.pages and shown.lacks:
            return Filed(Archived(recipe=self.recipe), unfinished=True)
        self._taken.update((line.atom_id, line.entry) for line in shown.announced)
        afresh = last.archived_by != self.recipe
        lack = self._look(shown, None if afresh else last.swept, room)
        new, sealed = self._seal(self._cut(shown, lack, last), shown, last.pages)
        spoilt = range(1, last.pages + 1) if afresh else last.stale
        least = archive.MOST - len(sealed)
        again = [line for page in spoilt[:least] for line in self._write_again(page)]
        return Filed(
            Archived(
                recipe=self.recipe,
                pages=last.pages + len(sealed),
                artifacts=(*new, *again),
                announced=tuple(self._given),
                sealed=tuple(sealed),
                swept=lack.swept,
                stale=tuple(spoilt[least:]),
                stale_until=last.stale_until,
            ),
            complete=not lack.outside and not lack.unfinished and not last.pages,
            unfinished=lack.unfinished or len(spoilt) > least,
        )

    # -- what goes where -------------------------------------------------------------------------

    def _look(self, shown: Shown, swept: Sweep | None, room: int) -> Lack:
        """Look for stories that are neither in the current document nor on a page.

        No more are looked at than it takes to fill ``room`` pages, or to know that there are few.
        """
        if not room and shown.lacks:
            return Lack(swept=swept, unfinished=True)
        wanted, looked = room * archive.SIZE, 0
        outside: dict[int, Standing] = {}
        after = swept
        while True:
            arrivals = self.store.arrivals(self.feed.slug, self.feed.match, after, _STRETCH)
            outside = self._outside(shown, arrivals) | outside
            after, looked = arrivals.swept, looked + _STRETCH
            if after.until is None or len(outside) > wanted or looked >= _LOOK:
                break
        # What is held back still is looked at again, and of what came before it nothing.
        after = replace(after, arrival=min((after.arrival, *shown.held.values())))
        oldest_first = tuple(sorted(outside, key=lambda cluster: outside[cluster]))
        if len(outside) <= wanted:
            return Lack(oldest_first, after, unfinished=after.until is not None)
        if not room:
            return Lack(swept=swept, unfinished=True)
        taken = oldest_first[:wanted]
        return Lack(taken, archive.left_off(swept, after, outside[taken[-1]]), unfinished=True)

    def _outside(self, shown: Shown, arrivals: Arrivals) -> dict[int, Standing]:
        inside = shown.held.keys() | {story.shown.cluster for story in shown.stories}
        left = [cluster for cluster in arrivals.clusters if cluster not in inside]
        if not left:
            return {}
        announced = self.store.announced(self.feed.slug, left)
        known = {line.cluster for line in announced if line.page}
        doubtful = arrivals.announced.difference(inside, known)
        known |= doubtful - self._matching(sorted(doubtful))
        return {cluster: arrivals.clusters[cluster] for cluster in left if cluster not in known}

    def _matching(self, clusters: Sequence[int]) -> frozenset[int]:
        """Return those of the stories that the feed holds still."""
        copies = self.store.clusters(clusters)
        matching = self.store.matching(self.feed.match, [copy.id for copy in copies])
        return frozenset(copy.cluster for copy in copies if copy.id in matching)

    def _cut(self, shown: Shown, lack: Lack, last: LastBuild) -> tuple[tuple[int, ...], ...]:
        filed = {line.cluster for line in shown.announced if line.page}
        clusters = [story.shown.cluster for story in reversed(shown.stories)]
        staying = [cluster for cluster in clusters if cluster not in filed]
        first = lack.unfinished or (not last.pages and last.archive_at is not None)
        return archive.sheets(lack.outside, staying, self.feed.newest, first=first)

    def _seal(
        self, cut: Iterable[Sequence[int]], shown: Shown, pages: int
    ) -> tuple[list[Artifact], list[tuple[int, tuple[str, ...]]]]:
        made: list[Artifact] = []
        sealed: list[tuple[int, tuple[str, ...]]] = []
        for clusters in cut:
            stories = self._stories(clusters)
            number = pages + len(sealed) + 1
            frame = self._framed(stories, shown.announced)
            made += self._render(frame, stories, number)
            sealed.append((number, tuple(slot.id for slot in frame.slots)))
        return made, sealed

    def _write_again(self, number: int) -> Iterable[Artifact]:
        """Write a page as it is now: what was taken back, or matches no more, is not on it."""
        clusters = self.store.page_clusters(self.feed.slug, number)
        first, matching = self._first_pages(clusters), self._matching(clusters)
        own = [one for one in clusters if first.get(one) == number and one in matching]
        stories = self._stories(own)
        return self._render(self._framed(stories, ()), stories, number)

    def _first_pages(self, clusters: Sequence[int]) -> dict[int, int]:
        """Return on which page each story stands: two that became one stand where the first did.

        One that was only in the current document takes the other with it from no page.
        """
        found: dict[int, int] = {}
        for line in self.store.announced(self.feed.slug, clusters):
            if line.page:
                found.setdefault(line.cluster, line.page)
        return found

    def _stories(self, clusters: Sequence[int]) -> tuple[compose.Story, ...]:
        copies = self.names.tellable(self.feed, self.store.clusters(clusters))
        prefer = self.feed.prefer
        return compose.collapse(copies, len(clusters), names=self.names, prefer=prefer)

    # -- one page --------------------------------------------------------------------------------

    def _framed(
        self, stories: Sequence[compose.Story], shown: Sequence[Announced]
    ) -> compose.Frame:
        clusters = [story.shown.cluster for story in stories]
        wanted = compose.wanted_ids(stories, self.names.site).values()
        ids = compose.Ids(
            announced=(*self.store.announced(self.feed.slug, clusters), *shown),
            taken=self.store.taken(self.feed.slug, tuple(wanted)) | self._taken,
        )
        frame = compose.frame(self.feed, stories, ids, self.names)
        self._given += frame.given
        self._taken.update((line.atom_id, line.entry) for line in frame.given)
        return frame

    def _render(
        self, frame: compose.Frame, stories: Sequence[compose.Story], number: int
    ) -> list[Artifact]:
        page = archive.page_of(frame.publication, self.feed, self.names.site.url, number)
        forms = {name: self.formats[name] for name in (*self.feed.formats, PAGE)}
        items = lacking_items(self.store, self.fragments, frame.slots, stories, self.names, forms)
        headers = headers_of(page)
        return [
            artifact_of(
                forms[name].archive.format(slug=self.feed.slug, page=number),
                forms[name].media_type,
                document.packed,
                page.updated,
                self.feed.slug,
                headers,
                page=number,
            )
            for name, document in self.fragments.write(page, frame.slots, items, forms).items()
        ]

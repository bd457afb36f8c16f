"""From kept entries to one feed that can be written in any format.

1. A story is told once: the copies of one cluster become one item.
2. Which copy is shown: one that no flood holds back, then one whose full text may be shown, then
   the first seen, then the longest.
3. An item's id is the one under which this feed announced the story first. It never changes, not
   even when another copy is shown. A story that is new here takes the publisher's own id where that
   is globally unique (an absolute URI), else one minted from (source, guid) under the site's tag
   (RFC 4151), never from a row of the database.
4. A story stands where its first copy stands: a copy that arrives later does not lift it.
5. Of an article leaves what its source allows (``republishing``). Where the texts of a feed are too
   long together, the longest are only begun: a source that sends megabytes must not have the gate
   hold what the others bring.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.structs import replace

from aggregator.core.feed_addresses import addresses, query_of
from aggregator.core.flood import is_held
from aggregator.core.loop_guard import is_ours
from aggregator.core.normalise.texts import cut
from aggregator.core.republishing import republished
from aggregator.core.select import may_hold
from aggregator.core.urls import without_userinfo
from aggregator.model.known import Article, EntryKey, Speaker
from aggregator.model.parsed import FeedInfo, Origin
from aggregator.model.settings import Feed, Republish, Site, Source
from aggregator.model.shown import (
    Announced,
    Credit,
    Item,
    Outline,
    Place,
    Publication,
    Slot,
    Via,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""``updated`` of a feed that never had an entry: any other moment would change by itself."""

# An id must be an IRI (RFC 4287 4.2.6). Those kept are URIs in the letters of RFC 3986, by the
# grammar of their scheme (RFC 4151 2.1, RFC 2141 2.2, RFC 4122 3): of others validators say that
# they are none, and a minted one is right everywhere.
_TEXT = r"[0-9A-Za-z;/?:@&=+$.\-_!~*'(),]|%[0-9A-Fa-f]{2}"
_NAME = r"[0-9A-Za-z()+,.:=@;$_!*'-]|%[0-9A-Fa-f]{2}"
_HEX = "[0-9A-Fa-f]"
_URI = re.compile(
    rf"(?:[Hh][Tt][Tt][Pp][Ss]?://(?![/?#:@])(?:{_TEXT})+(?:#(?:{_TEXT})*)?"
    rf"|tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{{4}}(?:-\d\d){{0,2}}:(?:{_TEXT})*(?:#(?:{_TEXT})*)?"
    rf"|[Uu][Rr][Nn]:[Uu][Uu][Ii][Dd]:{_HEX}{{8}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
    rf"|[Uu][Rr][Nn]:(?![Uu][Uu][Ii][Dd]:)[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:(?:{_NAME})+)"
)
_ID_LIMIT = 1024
ROOM = 4_000_000
"""Characters of all texts of a feed together; readers refuse documents of more than some MB."""
_BEGUN = 1000
"""Words of a text for which there is no room."""
_SUBTITLE = 300
"""Characters: every item of a source has it with it."""


class Story(Struct, frozen=True):
    """All kept copies of one story, the one to show first."""

    shown: Outline
    others: tuple[Outline, ...]
    sort_at: datetime

    @property
    def copies(self) -> tuple[Outline, ...]:
        return (self.shown, *self.others)


class Names(Struct, frozen=True):
    """Who the sources are: as configured, and as they say themselves."""

    site: Site
    configured: Mapping[str, Source]
    known: Callable[[str], Speaker | None]
    hubs: tuple[str, ...] = ()
    """Of the site's feeds."""
    words: int | None = None
    """At most so many of an article are shown, whatever its source allows; None: as it allows."""
    unnamed: frozenset[str] = frozenset()
    """Slugs of categories whose feed is private: no item says that it is filed there."""
    hidden: frozenset[str] = frozenset()
    """Sources that private feeds alone hold."""

    def tellable(self, feed: Feed, copies: Sequence[Outline]) -> Sequence[Outline]:
        """Leave the copies of stories that a feed may show or name.

        A private feed names what it holds itself, and nothing of another one. A source that was
        hidden a moment ago may have the only one.
        """
        if not self.hidden:
            return copies
        told = [copy for copy in copies if self._names(feed, copy)]
        clusters = {copy.cluster for copy in told}
        return [copy for copy in copies if copy.cluster not in clusters] + told

    def _names(self, feed: Feed, copy: Outline) -> bool:
        source = copy.key.source
        if source not in self.hidden:
            return True
        return feed.private and may_hold(feed.match, source, (filed.slug for filed in copy.filed))

    def terms(self, source: str) -> Republish:
        """Return on which terms a source is republished; they hold when it is gone, too."""
        configured, known = self.configured.get(source), self.known(source)
        if configured:
            return configured.republish
        return known.republish if known else Republish()


class Ids(Struct, frozen=True):
    """Ids this feed has given out for the clusters at hand, and those it has given to others."""

    announced: Sequence[Announced] = ()
    taken: Mapping[str, int] | None = None


class Shares(Struct):
    """The rows of a feed, newest first, of which each source may bring a few stories only."""

    per_source: int
    found: dict[int, None] = field(default_factory=dict)
    """Clusters, in the order in which they came."""
    _seen: Counter[str] = field(default_factory=Counter)
    _brought: dict[str, set[int]] = field(default_factory=dict)

    def take(self, rows: Iterable[Place], told: Collection[int] = ()) -> None:
        """Go on with further rows; those of stories that were ``told`` are nobody's share."""
        for row in rows:
            self._seen[row.source] += 1
            if row.cluster in told:
                continue
            share = self._brought.setdefault(row.source, set())
            if len(share) < self.per_source:
                share.add(row.cluster)
                self.found[row.cluster] = None

    @property
    def full(self) -> frozenset[str]:
        """Return the sources whose further rows are not wanted."""
        brought = self._brought.items()
        return frozenset(name for name, share in brought if len(share) >= self.per_source)

    @property
    def skip(self) -> int:
        """Return how many of the rows of the other sources were taken."""
        full = self.full
        return sum(count for name, count in self._seen.items() if name not in full)


class Frame(Struct, frozen=True):
    """A feed before its items are written."""

    publication: Publication
    """Without items."""
    slots: tuple[Slot, ...]
    """One for each story, in their order."""
    given: tuple[Announced, ...]
    """Ids given out for the first time."""


def collapse(
    copies: Iterable[Outline],
    limit: int,
    since: datetime | None = None,
    *,
    names: Names | None = None,
    per_source: int | None = None,
    prefer: Sequence[str] = (),
) -> tuple[Story, ...]:
    """Fold copies into stories, newest first, at most ``limit``, none from before ``since``.

    The copy of a source in ``prefer`` is shown rather than others'. With ``per_source`` at most so
    many of the stories shown are from one source.
    """
    clusters: dict[int, list[Outline]] = {}
    for copy in copies:
        clusters.setdefault(copy.cluster, []).append(copy)
    pinned = {source: place for place, source in enumerate(prefer)}
    stories = [_story(members, names, pinned) for members in clusters.values()]
    stories.sort(key=lambda story: story.shown.key)
    stories.sort(key=lambda story: story.sort_at, reverse=True)
    if per_source is not None:
        stories = _fair(stories, per_source)
    return tuple(story for story in stories[:limit] if since is None or story.sort_at >= since)


def last_shown(stories: Iterable[datetime], newest: int) -> datetime | None:
    """Return where the last of the newest stories stands; None where there are fewer."""
    newest_first = sorted(stories, reverse=True)
    return newest_first[newest - 1] if len(newest_first) >= newest else None


def wanted_ids(stories: Iterable[Story], site: Site) -> dict[int, str]:
    """Return, by entry, the id each shown copy would take if the feed is free to choose."""
    return {story.shown.id: _own_id(story.shown.key, site) for story in stories}


def frame(feed: Feed, stories: Sequence[Story], ids: Ids, names: Names) -> Frame:
    """Return all of a feed but what its stories say."""
    site = names.site
    first_ids = _first_ids(ids.announced)
    taken = dict(ids.taken or {})
    credits = {name: credit(name, names) for name in {one.shown.key.source for one in stories}}
    begun = _begun(stories, names)
    slots, given = [], []
    for story in stories:
        item_id = first_ids.get(story.shown.cluster)
        if item_id is None:
            item_id = _free_id(story.shown, site, taken)
            taken[item_id] = story.shown.id
            given.append(Announced(story.shown.id, story.shown.cluster, item_id))
        words = _BEGUN if story.shown.id in begun else names.words
        slots.append(_slot(item_id, story, names, credits[story.shown.key.source], words))
    publication = Publication(
        slug=feed.slug,
        id=f"tag:{site.tag}:feed/{feed.origin or feed.slug}",
        title=feed.title,
        description=feed.description,
        language=site.language,
        home=f"{site.url}feeds/{feed.slug}/{query_of(feed)}",
        addresses=addresses(feed, site),
        updated=max((story.shown.updated_at for story in stories), default=EPOCH),
        author=site.title,
        site_url=site.url,
        # A hub hands the feed on to whoever asks.
        hubs=() if feed.private else names.hubs,
        noindex=feed.noindex
        or feed.private
        or any(names.terms(story.shown.key.source).noindex for story in stories),
    )
    return Frame(publication, tuple(slots), tuple(given))


def items(
    slots: Iterable[Slot],
    stories: Iterable[Story],
    articles: Mapping[int, Article],
    names: Names,
) -> dict[str, Item]:
    """Return, by key, the items of those slots of whose stories it is known what they say.

    ``articles`` are by entry; ``stories`` are those of the slots.
    """
    return {
        slot.key: _item(slot, story, articles[story.shown.id], names)
        for slot, story in zip(slots, stories, strict=True)
        if story.shown.id in articles
    }


def credit(name: str, names: Names) -> Credit:
    """Return how a source is named where its entries are shown.

    Where its address is a secret, so is what its feed says of itself: its id is that address often.
    """
    source = names.configured.get(name)
    known = names.known(name)
    info = known.info if known else FeedInfo()
    if names.terms(name).hide_address:
        feed_url = own_id = None
    else:
        polled = without_userinfo(source.location) if source and not source.local else None
        feed_url = info.feed_url or polled
        own_id = _uri(info.id) or _uri(feed_url)
    return Credit(
        name=name,
        id=own_id or f"tag:{names.site.tag}:source/{name}",
        title=(source.title if source else None) or info.title or name,
        link=info.link,
        feed_url=feed_url,
        rights=names.terms(name).rights or info.rights,
        authors=info.authors,
        subtitle=cut(info.subtitle, _SUBTITLE) if info.subtitle else None,
        icon=info.icon,
        logo=info.image,
    )


def _fair(stories: Iterable[Story], per_source: int) -> list[Story]:
    """Leave the first so many stories of each source."""
    counts: Counter[str] = Counter()
    left = []
    for story in stories:
        counts[story.shown.key.source] += 1
        if counts[story.shown.key.source] <= per_source:
            left.append(story)
    return left


def _story(members: list[Outline], names: Names | None, pinned: Mapping[str, int]) -> Story:
    ranked = sorted(members, key=lambda copy: _rank(copy, names, pinned))
    return Story(shown=ranked[0], others=tuple(ranked[1:]), sort_at=_place(members))


def _place(members: Iterable[Outline]) -> datetime:
    """Return where a story stands: a copy that is held back takes no other with it."""
    places = sorted(member.sort_at for member in members)
    return next((place for place in places if not is_held(place)), places[0])


def _rank(
    copy: Outline, names: Names | None, pinned: Mapping[str, int]
) -> tuple[bool, int, bool, datetime, int, EntryKey]:
    """Order copies: not held, as pinned, full text, first seen, longest; the key is the last."""
    terms = names.terms(copy.key.source) if names else Republish()
    place = pinned.get(copy.key.source, len(pinned))
    all_shown = copy.full and terms.how == "full"
    return (is_held(copy.sort_at), place, not all_shown, copy.first_seen, -copy.length, copy.key)


def _first_ids(announced: Iterable[Announced]) -> dict[int, str]:
    first: dict[int, str] = {}
    for line in announced:
        first.setdefault(line.cluster, line.atom_id)
    return first


def _free_id(copy: Outline, site: Site, taken: Mapping[str, int]) -> str:
    """Choose an id no other entry of this feed has, even if two sources claim the same guid."""
    own = _own_id(copy.key, site)
    if taken.get(own, copy.id) == copy.id:
        return own
    return _minted_id(copy.key, site)


def _own_id(key: EntryKey, site: Site) -> str:
    """Keep a guid that is globally unique, unless it claims to be one of those minted here.

    Minted ids can be foreseen: a source that gives out another's next one would keep it from every
    feed they share.
    """
    own = len(key.guid) <= _ID_LIMIT and _URI.fullmatch(key.guid)
    if own and not is_ours(key.guid, site.tag):
        return key.guid
    return _minted_id(key, site)


def _uri(text: str | None) -> str | None:
    """Return a text that is a URI as it is, else None."""
    return text if text and _URI.fullmatch(text) else None


def _minted_id(key: EntryKey, site: Site) -> str:
    digest = sha256(key.guid.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"tag:{site.tag}:{quote(key.source)}/{digest}"


def _begun(stories: Sequence[Story], names: Names) -> frozenset[int]:
    """Return the entries whose texts are only begun: the longest, where not all have room."""
    whole = [
        story.shown
        for story in stories
        if names.words is None and names.terms(story.shown.key.source).how == "full"
    ]
    over = sum(shown.length for shown in whole) - ROOM
    begun = set()
    for shown in sorted(whole, key=lambda shown: (-shown.length, shown.key)):
        if over <= 0:
            break
        begun.add(shown.id)
        over -= shown.length
    return frozenset(begun)


def _slot(item_id: str, story: Story, names: Names, own: Credit, words: int | None) -> Slot:
    """Return what an item is known by: all that ``_item`` makes it from, revisions by number."""
    shown = story.shown
    pinned = (shown.id, shown.revision, shown.published_at, shown.updated_at)
    terms = names.terms(shown.key.source)
    said = (own, terms, words, _filed(story, names), _via(story, names))
    text = repr((names.site.language, item_id, pinned, said))
    key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Slot(key, item_id, shown.link, shown.published_at, words, shown.first_seen)


def _item(slot: Slot, story: Story, article: Article, names: Names) -> Item:
    shown = story.shown
    own = (term.label or term.term for term in article.terms)
    return Item(
        id=slot.id,
        title=article.title,
        link=article.link,
        published=shown.published_at,
        updated=shown.updated_at,
        article=republished(article, names.terms(shown.key.source), slot.words),
        source=_credit_of(shown, article, names),
        terms=tuple(dict.fromkeys((*own, *_filed(story, names)))),
        via=_via(story, names),
    )


def _filed(story: Story, names: Names) -> tuple[str, ...]:
    """Name the categories that the copies of a story are filed under, but for private ones."""
    filed = (filed for copy in story.copies for filed in copy.filed)
    return tuple(dict.fromkeys(one.name for one in filed if one.slug not in names.unnamed))


def _credit_of(copy: Outline, article: Article, names: Names) -> Credit:
    """Credit the source, or the feed it took the entry from if it says so (atom:source).

    That feed may be the source itself, so where an address is hidden, none is shown of it either.
    """
    own = credit(copy.key.source, names)
    origin = article.origin
    if origin is None or not (origin.title or origin.feed_url or origin.link):
        return replace(own, updated=copy.updated_at)
    if _claims_ours(origin, names.site):
        return replace(own, updated=copy.updated_at)
    if names.terms(own.name).hide_address:
        origin = replace(origin, feed_url=None, id=None)
    return Credit(
        name=own.name,
        id=_uri(origin.id) or _uri(origin.feed_url) or _uri(origin.link) or own.id,
        title=origin.title or own.title,
        link=origin.link,
        feed_url=origin.feed_url,
        rights=names.terms(own.name).rights or origin.rights,
        updated=copy.updated_at,
    )


def _claims_ours(origin: Origin, site: Site) -> bool:
    """Tell whether an entry says that it is from a feed of this site: it would speak for us."""
    stated = origin.feed_url or ""
    return stated.startswith(f"{site.url}feeds/") or is_ours(origin.id or "", site.tag)


def _via(story: Story, names: Names) -> tuple[Via, ...]:
    """Name the other sources of a story, each once, with the address of its copy."""
    found: dict[str, Via] = {}
    for copy in story.others:
        if copy.link and copy.key.source != story.shown.key.source:
            title = credit(copy.key.source, names).title
            found.setdefault(copy.key.source, Via(title=title, link=copy.link))
    return tuple(found[name] for name in sorted(found))

"""Which feeds there are, and which of them an entry touches.

Every category has feeds without being named in feeds.yaml: the settings only dress it. A feed of
the ``feeds:`` section and a category of the same name do not collide: the category steps aside.

The newest entries of a category, of a source and of all are one stretch of an index. What asks for
more (tags, languages, authors, words) has a shelf: who stands on it is decided once, when an entry
comes or changes, so that the newest of it are one stretch, too.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from msgspec.structs import fields, replace

from aggregator.core.slugs import category_slug
from aggregator.model.settings import (
    DEDUPE_LEVELS,
    Category,
    Feed,
    HubTarget,
    Match,
    Settings,
    Site,
    Source,
)

_NEWEST = 50
_FORMATS = ("atom", "rss", "json")
STAYS_CLOSED = (
    "had a token and stays as it was for those who know it; give it a token, or open it to all"
    " by `token: none`"
)
"""What an operator is told of a feed that is ``closed``."""


def feeds_of(settings: Settings, kept: Mapping[str, str]) -> tuple[Feed, ...]:
    """List every feed: the combined ones as configured, then the categories by slug.

    ``kept`` is slug to name of the categories that hold entries.
    """
    dressed = {category_slug(category.name): category for category in settings.categories}
    names = {slug: category.name for slug, category in dressed.items()}
    for source in settings.sources:
        for name in source.categories:
            names.setdefault(category_slug(name), name)
    for slug, name in kept.items():
        names.setdefault(slug, name)
    custom = frozenset(feed.slug for feed in settings.feeds)
    categories = (
        _category_feed(slug, names[slug], dressed.get(slug), settings.defaults, custom)
        for slug in sorted(names)
    )
    feeds = (*settings.feeds, *categories)
    return tuple(
        replace(feed, closed=True) if feed.slug in settings.closed else feed for feed in feeds
    )


def closed(settings: Settings, secluded: frozenset[str]) -> frozenset[str]:
    """Return the slugs of feeds that had a token, and of which nobody said that they are open now.

    ``secluded`` are those that were private last. A block of feeds.yaml that is edited away, or
    whose name is mistyped, must not show to all what was for some.
    """
    custom = frozenset(feed.slug for feed in settings.feeds)
    said = {feed.slug for feed in settings.feeds if feed.token or feed.public} | {
        feed_slug(category_slug(one.name), custom)
        for one in settings.categories
        if one.token or one.public
    }
    led = {slug for old, slug in moved(settings).items() if old in secluded}
    return (secluded | led) - said


def moved(settings: Settings) -> dict[str, str]:
    """Return the slugs that feeds had before, and what they have now."""
    custom = {feed.slug for feed in settings.feeds}
    names = {old: feed.slug for feed in settings.feeds for old in feed.moved_from}
    for category in settings.categories:
        slug = feed_slug(category_slug(category.name), custom)
        names |= {feed_slug(old, custom): slug for old in category.moved_from}
    return names


def original(feeds: Iterable[Feed], origins: Mapping[str, str]) -> tuple[Feed, ...]:
    """Return feeds with the names they had first: their ids and those of digests are made of them.

    ``origins`` is slug to that name, of those that were renamed. A feed that has another's first
    name now is another one all the same.
    """
    if not origins:
        return tuple(feeds)
    taken = frozenset(origins.values())
    return tuple(
        replace(feed, origin=origins.get(feed.slug) or f"{feed.slug}.2")
        if feed.slug in origins or feed.slug in taken
        else feed
        for feed in feeds
    )


def feed_slug(category: str, custom: Collection[str]) -> str:
    """Return the slug of a category's feed, out of the way of the combined feeds'."""
    return f"{category}-category" if category in custom else category


def shelf_of(match: Match) -> str | None:
    """Return the shelf that holds what matches; None where source and category say it all."""
    if not _reads_articles(match):
        return None
    return sha256(repr(match).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def shelves(settings: Settings) -> dict[str, Match]:
    """Return all shelves there must be, and what stands on each."""
    named = ((shelf_of(feed.match), feed.match) for feed in settings.feeds)
    return {shelf: match for shelf, match in named if shelf}


def touched(
    settings: Settings,
    source: str,
    categories: Collection[str],
    stands_on: Collection[str] | None = None,
) -> frozenset[str]:
    """Return the slugs of all feeds that an entry of this source in these categories may be in.

    ``stands_on`` are the shelves it stands on, where they are known. No digest is among them: it
    tells nothing before its period is over.
    """
    custom = {feed.slug for feed in settings.feeds}
    told = [feed for feed in settings.feeds if not feed.digest]
    combined = {feed.slug for feed in told if may_hold(feed.match, source, categories)}
    if stands_on is not None:
        combined -= {
            feed.slug for feed in told if (shelf := shelf_of(feed.match)) and shelf not in stands_on
        }
    return frozenset(combined | {feed_slug(category, custom) for category in categories})


def dedupe_level(
    settings: Settings, source: Source | None, categories: Collection[str] = ()
) -> str:
    """Return how far an entry's story is looked for (``DEDUPE_LEVELS``).

    By its source's own word; else the most careful of the categories it is filed under, for which
    those of its source stand where its own are not known.
    """
    if source and source.dedupe:
        return source.dedupe
    filed = {*categories, *map(category_slug, source.categories if source else ())}
    asked = [one.dedupe for one in settings.categories if category_slug(one.name) in filed]
    levels = [DEDUPE_LEVELS.index(level) for level in asked if level]
    return DEDUPE_LEVELS[min(levels)] if levels else settings.defaults.dedupe or DEDUPE_LEVELS[-1]


def keeps_scripts(
    settings: Settings, source: Source | None, categories: Collection[str] = ()
) -> bool:
    """Tell whether copies of an entry in other Chinese characters are stories of their own.

    They are where one of its categories says so, as in ``dedupe_level``.
    """
    filed = {*categories, *map(category_slug, source.categories if source else ())}
    asked = [one.keep_scripts for one in settings.categories if category_slug(one.name) in filed]
    said = [keep for keep in asked if keep is not None]
    return any(said) if said else bool(settings.defaults.keep_scripts)


def hubs(settings: Settings) -> tuple[str, ...]:
    """Return the WebSub hubs that readers are told of."""
    targets = (target for target in settings.publish if isinstance(target, HubTarget))
    urls = (own_hub(settings.site) if target.own else target.url for target in targets)
    return tuple(dict.fromkeys(urls))


def is_hub(settings: Settings) -> bool:
    """Tell whether we are to be a hub ourselves."""
    return any(isinstance(target, HubTarget) and target.own for target in settings.publish)


def own_hub(site: Site) -> str:
    """Return the address of the hub we are ourselves."""
    return f"{site.url}hub"


def token_digest(token: str) -> str:
    """Hash the token of a private feed: it is kept in no other form."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def private(feeds: Iterable[Feed]) -> dict[str, str]:
    """Return slug to the hash of the token, of those feeds that have one."""
    return {feed.slug: token_digest(feed.token.value) for feed in feeds if feed.token}


def private_categories(settings: Settings) -> frozenset[str]:
    """Return the slugs of categories whose feed is private."""
    custom = frozenset(feed.slug for feed in settings.feeds)
    shut = {slug.removesuffix("-category") for slug in settings.closed} & custom
    shut |= settings.closed - custom
    return frozenset(category_slug(one.name) for one in settings.categories if one.token) | shut


def hidden_sources(settings: Settings, filed: Collection[str] = ()) -> frozenset[str]:
    """Return the sources that stand in private feeds alone: who has no token is told of none.

    ``filed`` are those that have entries in a public category by those entries' own words.
    """
    shut = private_categories(settings)
    secluded = {feed.slug for feed in settings.feeds if feed.private} | settings.closed
    private = [feed.match for feed in settings.feeds if feed.slug in secluded]
    public = [feed.match for feed in settings.feeds if feed.slug not in secluded]
    if not private and not shut:
        return frozenset()

    def hides(source: Source) -> bool:
        slugs = frozenset(map(category_slug, source.categories))
        if source.name in filed or slugs - shut:
            return False
        if any(may_hold(match, source.name, slugs) for match in public):
            return False
        by_itself = source.own_categories and shut
        return bool(slugs or by_itself) or any(
            may_hold(match, source.name, slugs) for match in private
        )

    return frozenset(source.name for source in settings.sources if hides(source))


class Recipes:
    """What feeds of some settings are built by beside entries: another recipe, another build.

    What feeds.yaml says of sources is looked through once for each match, and sources are found by
    their categories: with ten thousand of them, the recipes of forty feeds took seconds.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._terms: dict[Match, str] = {}

    def of(self, feed: Feed, version: str) -> str:
        """Hash all of it."""
        terms = self._terms.get(feed.match)
        if terms is None:
            terms = self._terms[feed.match] = _hash(self._of_sources(feed.match))
        return _hash((self.of_archive(feed, version), terms))

    def of_archive(self, feed: Feed, version: str) -> str:
        """Hash all of it but what is said of sources.

        Where that changes, the store knows on which pages a source stands: one source more must not
        have years of pages written again.
        """
        # A secret hides in its repr; a token stands in every link of its feed.
        token = token_digest(feed.token.value) if feed.token else None
        settings = self._settings
        unnamed = sorted(private_categories(settings))
        # Nothing is written otherwise for who may read it.
        written = replace(feed, public=False, closed=False)
        return _hash((version, settings.site, written, token, hubs(settings), unnamed))

    def _of_sources(self, match: Match) -> tuple[tuple[object, ...], ...]:
        """Return what feeds.yaml says of the sources whose entries may stand in a feed."""
        slugs, filed = self._filed
        places = set(filed[None]).union(*(filed.get(slug, ()) for slug in match.categories))
        sources = self._settings.sources
        return tuple(
            (source.name, source.title, source.location, source.republish)
            for place in (sorted(places) if match.categories else range(len(sources)))
            for source in (sources[place],)
            if source.own_categories or may_hold(match, source.name, slugs[place])
        )

    @cached_property
    def _filed(self) -> tuple[list[frozenset[str]], dict[str | None, list[int]]]:
        """Return the slugs of each source, and the places of sources by slug.

        Under None are those that file their entries themselves: they may stand anywhere.
        """
        slugs = [
            frozenset(map(category_slug, source.categories)) for source in self._settings.sources
        ]
        filed: dict[str | None, list[int]] = {None: []}
        for place, source in enumerate(self._settings.sources):
            for slug in (None,) if source.own_categories else slugs[place]:
                filed.setdefault(slug, []).append(place)
        return slugs, filed


def site_recipe(site: Site, version: str, feeds: Iterable[Feed]) -> str:
    """Hash all that a feed about the whole site is built by beside its entries.

    Private feeds are told of to nobody.
    """
    return _hash((version, site, sorted(feed.slug for feed in feeds if feed.private)))


def may_hold(match: Match, source: str, categories: Iterable[str]) -> bool:
    """Tell whether a match may hold an entry of which only its source and categories are known."""
    if match.sources and source not in match.sources:
        return False
    return not match.categories or any(slug in match.categories for slug in categories)


def _reads_articles(match: Match) -> bool:
    """Tell whether a match asks for more than where entries are from and filed."""
    plain = {"categories", "sources"}
    return any(getattr(match, key.name) for key in fields(match) if key.name not in plain)


def _hash(value: object) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _category_feed(
    slug: str, name: str, said: Category | None, defaults: Category, custom: Iterable[str]
) -> Feed:
    said = said or Category(name=name)
    return Feed(
        slug=feed_slug(slug, frozenset(custom)),
        title=said.title or name,
        description=said.description,
        match=Match(categories=(slug,)),
        newest=said.newest or defaults.newest or _NEWEST,
        max_age=said.max_age or defaults.max_age,
        formats=said.formats or defaults.formats or _FORMATS,
        per_source=said.per_source or defaults.per_source,
        noindex=bool(defaults.noindex if said.noindex is None else said.noindex),
        archive=defaults.archive is not False if said.archive is None else said.archive,
        moved_from=said.moved_from,
        token=said.token,
        public=said.public,
        prefer=(defaults.prefer or ()) if said.prefer is None else said.prefer,
        hold_back=said.hold_back or defaults.hold_back,
    )

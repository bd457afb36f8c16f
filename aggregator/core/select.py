"""Which feeds there are, and which of them an entry touches.

Every category has feeds without being named in feeds.yaml: the settings only dress it. A feed of
the ``feeds:`` section and a category of the same name do not collide: the category steps aside.
"""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from aggregator.core.slugs import category_slug
from aggregator.model.settings import Category, Feed, Match, Settings, Site

_NEWEST = 50
_FORMATS = ("atom", "rss", "json")


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
    return (*settings.feeds, *categories)


def feed_slug(category: str, custom: Collection[str]) -> str:
    """Return the slug of a category's feed, out of the way of the combined feeds'."""
    return f"{category}-category" if category in custom else category


def touched(settings: Settings, source: str, categories: Collection[str]) -> frozenset[str]:
    """Return the slugs of all feeds that an entry of this source in these categories may be in."""
    custom = {feed.slug for feed in settings.feeds}
    combined = {feed.slug for feed in settings.feeds if _may_hold(feed.match, source, categories)}
    return frozenset(combined | {feed_slug(category, custom) for category in categories})


def recipe(settings: Settings, feed: Feed, version: str) -> str:
    """Hash all that a feed is built by beside its entries: another recipe, another build."""
    text = repr((version, settings.site, feed, _titles(settings, feed)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def site_recipe(site: Site, version: str) -> str:
    """Hash all that a feed about the whole site is built by beside its entries."""
    text = repr((version, site))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _titles(settings: Settings, feed: Feed) -> tuple[tuple[str, str | None, str], ...]:
    """Return what feeds.yaml says of the sources whose entries may stand in the feed."""
    return tuple(
        (source.name, source.title, source.location)
        for source in settings.sources
        if source.own_categories
        or _may_hold(feed.match, source.name, {category_slug(name) for name in source.categories})
    )


def _may_hold(match: Match, source: str, categories: Collection[str]) -> bool:
    if match.sources and source not in match.sources:
        return False
    return not match.categories or any(slug in match.categories for slug in categories)


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
    )

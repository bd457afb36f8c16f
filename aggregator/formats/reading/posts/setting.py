"""Recognise the engine of a folder, and read the few lines of its configuration that matter.

Only YAML, TOML and JSON are read; ``*.js`` and ``*.py`` are recognised by their names and never
run. What the operator says in feeds.yaml goes before what the site says.
"""

import fnmatch
import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aggregator.formats.reading.posts.engines import ENGINES, Engine, is_at_home
from aggregator.formats.reading.posts.values import Value, as_value, plain_key
from aggregator.formats.reading.posts.words import person_of
from aggregator.formats.reading.posts.yamltext import UnreadableError, read_yaml
from aggregator.model.fetched import PostFolder, PostSite
from aggregator.model.parsed import Person
from aggregator.model.settings import PostsOptions

_JEKYLL_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_HEXO_KEYS = frozenset(("source_dir", "new_post_name", "post_asset_folder", "public_dir", "deploy"))
_HUGO_KEYS = frozenset(("baseurl", "languagecode", "publishdir", "contentdir", "markup", "module"))


class Setting(Struct, frozen=True):
    """How the posts of one folder are read."""

    engine: Engine
    options: PostsOptions
    folder: str = ""
    """The post folder below the site's root, "" or ending with "/"."""
    base_url: str | None = None
    """Ends with "/"."""
    permalink: str = ""
    section_permalinks: Mapping[str, str] = field(default_factory=dict)
    zone: tzinfo = UTC
    day_zone: tzinfo = UTC
    title: str | None = None
    language: str | None = None
    authors: Mapping[str, Person] = field(default_factory=dict)
    defaults: tuple[tuple[str, Mapping[str, Value]], ...] = ()
    """Jekyll's front matter defaults: (path or glob, values)."""
    more_mark: str | None = None
    """The site's own mark of the excerpt's end."""
    notes: tuple[str, ...] = ()


def recognise(folder: PostFolder) -> Setting:
    """Return how to read a folder."""
    notes: list[str] = []
    configs = _configs(folder.site, notes)
    engine = ENGINES.get(folder.options.engine) or _engine(folder, configs)
    config = _config_of(engine, configs)
    options = folder.options
    if engine.name == "plain" and options.engine == "auto" and _is_of_some_engine(folder):
        notes.append("no site's configuration was found in the folder or above it: set `engine:`")
    zone, day_zone = _zones(engine, options, config, notes)
    return Setting(
        engine=engine,
        options=options,
        folder=f"{folder.site.folder}/" if folder.site.folder else "",
        base_url=_base_url(options, config, notes),
        permalink=_permalink(engine, options, config),
        section_permalinks=_section_permalinks(engine, options, config),
        zone=zone,
        day_zone=day_zone,
        title=_text(config, "title"),
        language=_text(config, "lang", "language", "languagecode", "default_language"),
        authors=_authors(configs),
        defaults=_defaults(engine, config),
        more_mark=_text(config, "excerpt_separator"),
        notes=tuple(notes),
    )


# -- configuration files -------------------------------------------------------------------------


def _configs(site: PostSite, notes: list[str]) -> dict[str, dict[str, Value]]:
    """Read what is data; programs are there by their names only."""
    found: dict[str, dict[str, Value]] = {}
    for file in site.files:
        text = file.body.decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            found[file.path] = _data(file.path, text)
        except (UnreadableError, ValueError, RecursionError) as error:
            notes.append(f"{file.path}:{_line(error)}: the site's configuration: {error}")
            found[file.path] = {}
    return found


def _line(error: Exception) -> int:
    return error.line + 1 if isinstance(error, UnreadableError) else 1


def _data(path: str, text: str) -> dict[str, Value]:
    value: Value = None
    if path.endswith((".yml", ".yaml")):
        value = read_yaml(text).root
    elif path.endswith(".toml"):
        value = as_value(tomllib.loads(text, parse_float=str))
    elif path.endswith(".json"):
        value = as_value(json.loads(text, parse_float=str, parse_int=str))
    elif path == "conf.py":
        return {"nikola": "true"} if "NIKOLA" in text.upper() else {}
    if not isinstance(value, dict):
        return {}
    return value if "authors" in path else {plain_key(key): item for key, item in value.items()}


def _engine(folder: PostFolder, configs: Mapping[str, Mapping[str, Value]]) -> Engine:
    """Recognise the engine by its configuration, else by the folder's own name."""
    return ENGINES[_by_configuration(folder.site, configs) or _by_place(folder)]


def _by_configuration(site: PostSite, configs: Mapping[str, Mapping[str, Value]]) -> str | None:
    names = frozenset(configs)
    for engine, prefixes in (
        ("docusaurus", ("docusaurus.config.",)),
        ("eleventy", ("eleventy.config.", ".eleventy.js")),
        ("pelican", ("pelicanconf.py",)),
        ("zola", ("zola.toml",)),
        ("hugo", ("hugo.", "config/_default/")),
    ):
        if any(name.startswith(prefixes) for name in names):
            return engine
    if configs.get("conf.py"):
        return "nikola"
    jekyll = next((name for name in names if name.startswith("_config.")), None)
    if jekyll:
        return "hexo" if _is_hexo(site, configs[jekyll]) else "jekyll"
    return _hugo_or_zola(site, configs)


def _is_hexo(site: PostSite, config: Mapping[str, Value]) -> bool:
    if _HEXO_KEYS & config.keys():
        return True
    return "source/_posts" in site.folders or f"{site.folder}/".startswith("source/")


def _hugo_or_zola(site: PostSite, configs: Mapping[str, Mapping[str, Value]]) -> str | None:
    """Tell the two apart that may both have a ``config.toml`` beside ``content``."""
    if "content" not in site.folders:
        return None
    for name in ("config.toml", "config.yaml", "config.yml", "config.json"):
        if name in configs:
            config = configs[name]
            return "zola" if "base_url" in config and not _HUGO_KEYS & config.keys() else "hugo"
    return None


def _by_place(folder: PostFolder) -> str:
    """Without a configuration only folders that are one engine's alone tell something."""
    place = f"{folder.site.folder}/" if folder.site.folder else ""
    paths = [f"/{place}{file.path}" for file in folder.files]
    if any("/source/_posts/" in path for path in paths):
        return "hexo"
    return "jekyll" if any("/_posts/" in path for path in paths) else "plain"


def _is_of_some_engine(folder: PostFolder) -> bool:
    """Tell whether a folder is plainly some engine's, though which one it is cannot be told."""
    place = f"/{folder.site.folder}/" if folder.site.folder else "/"
    paths = [f"{place}{file.path}" for file in folder.files]
    return any("/content/" in path or "/_index." in path for path in paths)


def _config_of(engine: Engine, configs: Mapping[str, Mapping[str, Value]]) -> Mapping[str, Value]:
    if engine.name in ("plain", "pelican", "docusaurus", "eleventy", "nikola"):
        return {}
    names = [name for name in configs if "authors" not in name]
    return next((configs[name] for name in names if configs[name]), {})


# -- what it says --------------------------------------------------------------------------------


def _text(config: Mapping[str, Value], *keys: str) -> str | None:
    for key in keys:
        value = config.get(key)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:200]
    return None


def _base_url(options: PostsOptions, config: Mapping[str, Value], notes: list[str]) -> str | None:
    stated = options.base_url or _text(config, "url", "baseurl", "base_url") or ""
    if not options.base_url and "url" in config:
        stated += _text(config, "baseurl") or ""
    url = stated.rstrip("/") + "/"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good and options.base_url:
        notes.append(f"base_url {options.base_url} is no http(s) address; left out")
    return url if good else None


def _permalink(engine: Engine, options: PostsOptions, config: Mapping[str, Value]) -> str:
    if options.permalink:
        return _JEKYLL_STYLES.get(options.permalink, options.permalink)
    stated = _text(config, "permalink") if engine.name in ("jekyll", "hexo") else None
    if stated:
        return _JEKYLL_STYLES.get(stated, stated) if engine.name == "jekyll" else stated
    return engine.permalink


def _section_permalinks(
    engine: Engine, options: PostsOptions, config: Mapping[str, Value]
) -> Mapping[str, str]:
    """Read Hugo's ``permalinks``: by section, or by section under ``page``."""
    value = config.get("permalinks")
    if engine.name != "hugo" or options.permalink or not isinstance(value, dict):
        return {}
    page = value.get("page")
    sections = page if isinstance(page, dict) else value
    return {name: pattern for name, pattern in sections.items() if isinstance(pattern, str)}


def _zones(
    engine: Engine, options: PostsOptions, config: Mapping[str, Value], notes: list[str]
) -> tuple[tzinfo, tzinfo]:
    """Return the zones of date-times and of days that state none."""
    stated = options.timezone or _text(config, "timezone")
    if not stated:
        return UTC, UTC
    zone = _zone(stated)
    if zone is None:
        notes.append(f"the time zone {stated} is not known; UTC is taken")
        return UTC, UTC
    # Jekyll's YAML reader takes a date-time without a zone for UTC, whatever the site's zone is;
    # the operator's word goes before that.
    return (UTC if engine.naive_utc and not options.timezone else zone), zone


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def _authors(configs: Mapping[str, Mapping[str, Value]]) -> Mapping[str, Person]:
    known: dict[str, Person] = {}
    for name, config in configs.items():
        if "authors" in name:
            people = {key: _person(value) for key, value in config.items()}
            known.update({key: person for key, person in people.items() if person})
    return known


def _person(value: Value) -> Person | None:
    return person_of(value) if isinstance(value, dict) else None


def _defaults(
    engine: Engine, config: Mapping[str, Value]
) -> tuple[tuple[str, Mapping[str, Value]], ...]:
    """Read Jekyll's front matter defaults for posts and for paths."""
    value = config.get("defaults")
    if engine.name != "jekyll" or not isinstance(value, list):
        return ()
    found = []
    for item in value:
        scope = item.get("scope") if isinstance(item, dict) else None
        values = item.get("values") if isinstance(item, dict) else None
        if not isinstance(scope, dict) or not isinstance(values, dict):
            continue
        if scope.get("type") in (None, "posts", ""):
            path = scope.get("path")
            found.append((path if isinstance(path, str) else "", _keyed(values)))
    return tuple(found)


def _keyed(values: dict[str, Value]) -> Mapping[str, Value]:
    return {plain_key(key): value for key, value in values.items()}


def defaults_for(setting: Setting, path: str) -> dict[str, Value]:
    """Return what the site's configuration gives a post that does not say otherwise."""
    values: dict[str, Value] = {}
    for scope, given in setting.defaults:
        if path.startswith(scope) or fnmatch.fnmatch(path, scope):
            values.update(given)
    return values


def at_home(setting: Setting, path: str) -> bool:
    """Tell whether a file lies where the engine keeps its posts."""
    return is_at_home(setting.engine, setting.folder + path)

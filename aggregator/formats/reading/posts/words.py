"""Categories, tags, authors and languages out of whatever front matter holds."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from aggregator.formats.reading.posts.engines import Engine
from aggregator.formats.reading.posts.notes import Notes
from aggregator.formats.reading.posts.values import FrontMatter, Value, as_value
from aggregator.model.parsed import Person

_COUNT_LIMIT = 100
_LENGTH_LIMIT = 200
_COMMAS = re.compile(r"[,;，；、]")
_LABELS = ("label", "name", "title", "term")
_EMAIL = re.compile(r"(.*?)\s*[<(]([^\s<>()@]+@[^\s<>()@]+)[>)]\s*$")
_MARKDOWN_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s)]+)\)$")
_LINKED_WORDS = re.compile(r"\[([^\[\]\n]+)\]\(https?://[^\s()]+\)")
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_]([A-Za-z]{2,4}))?$")
_LANGUAGES = frozenset(
    re.findall(
        "..",
        "arbebgbncacsdadeelenesetfafifrgaglhehihrhuhyidisitjakakkkoltlv"
        "mkmlmnmrmsmynbnenlnnnoplpsptrorusksl"
        "sqsrsvswtatethtrukuruzvizh",
    )
)
"""Of ISO 639-1 those that sites are written in; "os", "io" or "go" is a folder, not a language."""


def categories(front: FrontMatter, engine: Engine, how: str, notes: Notes) -> tuple[str, ...]:
    """Return the categories a post names itself."""
    whole = _republished(front)
    if whole:
        return tidy(whole, notes)
    at = engine.categories_at if how == "engine" else how
    one = _words(front.values.get("category"), "never")
    many = front.values.get("categories", _taxonomy(front, "categories"))
    if isinstance(many, str) and how == "engine" and engine.name == "plain" and " " in many.strip():
        notes.count("split")
    return tidy((*one, *_words(many, at)), notes)


def _republished(front: FrontMatter) -> tuple[str, ...]:
    """Return the categories a republisher could not name in its engine's own way."""
    value = front.values.get("republished_categories")
    if isinstance(value, str):
        try:
            value = as_value(json.loads(value))
        except (ValueError, RecursionError):
            return ()
    return tuple(_words(value, "never")) if isinstance(value, list) else ()


def tags(front: FrontMatter, engine: Engine, how: str, notes: Notes) -> tuple[str, ...]:
    """Return the tags a post names itself."""
    at = engine.tags_at if how == "engine" else how
    one = _words(front.values.get("tag"), "never")
    many = front.values.get("tags", _taxonomy(front, "tags"))
    if isinstance(many, str) and many.startswith("[") and many.endswith("]"):
        many = [part.strip().strip("\"'") for part in many[1:-1].split(",")]
    return tidy((*one, *_words(many, at)), notes)


def tidy(words: Iterable[str], notes: Notes) -> tuple[str, ...]:
    """Put words in one spelling of Unicode, each once; too many or too long ones are cut."""
    clean = dict.fromkeys(
        word for raw in words if (word := " ".join(unicodedata.normalize("NFC", raw).split()))
    )
    if len(clean) > _COUNT_LIMIT or any(len(word) > _LENGTH_LIMIT for word in clean):
        notes.warn("words", f"names over {_COUNT_LIMIT} words or longer than {_LENGTH_LIMIT}; cut")
    return tuple(dict.fromkeys(word[:_LENGTH_LIMIT] for word in clean))[:_COUNT_LIMIT]


def _taxonomy(front: FrontMatter, key: str) -> Value:
    """Look under Zola's ``[taxonomies]``."""
    taxonomies = front.values.get("taxonomies")
    return taxonomies.get(key) if isinstance(taxonomies, dict) else None


def _words(value: Value, at: str) -> Iterator[str]:
    """Yield the words of a value; a list in a list is a path of categories (Hexo)."""
    if isinstance(value, str):
        yield from _cut(value, at)
    elif isinstance(value, dict):
        yield from _label(value)
    elif isinstance(value, list):
        for item in value[: _COUNT_LIMIT + 1]:
            if isinstance(item, str):
                yield item
            elif isinstance(item, dict):
                yield from _label(item)
            elif isinstance(item, list):
                yield "/".join(part for part in item if isinstance(part, str))


def _cut(text: str, at: str) -> list[str]:
    if at == "space":
        return text.split()
    return _COMMAS.split(text) if at == "comma" else [text]


def _label(value: dict[str, Value]) -> Iterator[str]:
    for key in _LABELS:
        label = value.get(key)
        if isinstance(label, str):
            yield label
            return


def authors(front: FrontMatter, known: Mapping[str, Person]) -> tuple[Person, ...]:
    """Return who wrote a post: names, maps, or keys of the site's list of authors."""
    for key in ("authors", "author", "by", "creator"):
        value = front.values.get(key)
        people = _people(value, known, several=key == "authors")
        if people:
            return people
    return ()


def _people(value: Value, known: Mapping[str, Person], *, several: bool) -> tuple[Person, ...]:
    if isinstance(value, str):
        # "Jane Doe, safely working from home" is one author; only ``authors:`` is a list.
        parts = re.split(r"[;,]", value) if several else value.split(";")
        value = [*parts]
    if isinstance(value, dict):
        value = [value]
    found = (_person(item, known) for item in (value or [])[:_COUNT_LIMIT])
    return tuple(dict.fromkeys(person for person in found if person))


def _person(value: Value, known: Mapping[str, Person]) -> Person | None:
    if isinstance(value, dict):
        return person_of(value) or known.get(_text(value, "key") or "")
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if name in known:
        return known[name]
    if match := _MARKDOWN_LINK.match(name):
        return Person(match[1], url=match[2])
    name = _LINKED_WORDS.sub(r"\1", name)
    if match := _EMAIL.match(name[:_LENGTH_LIMIT]):
        return Person(match[1].strip() or None, email=match[2])
    return Person(name[:_LENGTH_LIMIT]) if name else None


def person_of(value: dict[str, Value]) -> Person | None:
    """Read a map that describes an author."""
    name = _text(value, "name") or _text(value, "title") or _text(value, "display_name")
    url = _text(value, "url") or _text(value, "uri") or _text(value, "homepage")
    email = _text(value, "email")
    return Person(name, email, url) if name or email else None


def _text(value: dict[str, Value], key: str) -> str | None:
    text = value.get(key)
    return text.strip()[:_LENGTH_LIMIT] or None if isinstance(text, str) else None


def language(front: FrontMatter, path: str) -> str | None:
    """Return the language a post states, else its folder's or its name's ("post.fr.md")."""
    stated = front.text("lang", "language", "locale")
    if stated:
        return stated.replace("_", "-")[:35] if re.match(r"[A-Za-z]{2,3}([-_]|$)", stated) else None
    *folders, name = path.split("/")
    marks = name.split(".")[1:-1]
    return next((tag for part in (*marks, *folders) if (tag := _tag(part))), None)


def _tag(part: str) -> str | None:
    match = _LANGUAGE.match(part)
    if not match or match[1] not in _LANGUAGES:
        return None
    return f"{match[1]}-{match[2]}" if match[2] else match[1]

"""The front matter of a post: one key a line, each text quoted, in the engine's own form."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from html import escape

from msgspec import Struct, field

from aggregator.core.urls import absolute
from aggregator.model.shown import Item
from aggregator.publishers.posts import quoting
from aggregator.publishers.posts.engines import Engine
from aggregator.publishers.posts.words import headline, local, one_line, words

Value = str | tuple[str, ...] | datetime
Fields = dict[str, Value]

_ID_LIMIT = 1024


class Style(Struct, frozen=True):
    """How the posts of one target are written."""

    engine: Engine
    zone: tzinfo
    mark: str
    """What ``republished_by`` says."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """The operator's keys; ours go before them."""


def head_of(item: Item, categories: tuple[str, ...], slug: str, style: Style) -> str:
    """Return a post's front matter with its fences; ``slug`` is its file's name."""
    fields = _fields(item, categories, style)
    if style.engine.form in ("html", "nikola"):
        # Both would make the address of the title: an edited title would move the page.
        fields["slug"] = slug
    return _FORMS[style.engine.form](fields, style)


def page_head(fields: Fields, style: Style) -> str:
    """Return the front matter of a page that is no post."""
    plain = Style(style.engine, style.zone, style.mark)
    return _FORMS[style.engine.form](fields, plain)


def _fields(item: Item, categories: tuple[str, ...], style: Style) -> Fields:
    engine = style.engine
    safe = engine.guard
    title, whole = headline(item), words(categories)
    fields: Fields = {"title": safe(title), "date": local(item.published, style.zone)}
    if item.updated.replace(microsecond=0) > item.published:
        fields[engine.updated] = local(item.updated, style.zone)
    named = tuple(map(safe, whole))
    fields["categories"] = named
    tags = words(term.label or term.term for term in item.article.terms)
    own = tuple(safe(tag) for tag in tags if safe(tag) not in named)
    fields["tags"] = (*named, *own) if engine.tags_hold_all else own
    fields |= _authors(item, safe) | _origin(item, safe, style.mark)
    return fields | _whole(title, whole, fields, engine)


def _whole(title: str, categories: tuple[str, ...], fields: Fields, engine: Engine) -> Fields:
    """Keep as they are what the engine's own keys cannot hold, for whoever reads the folder."""
    kept: Fields = {} if title == fields["title"] else {"republished_title": title}
    if categories == _as_read(_words_of(fields, "categories"), engine):
        return kept
    in_lines = engine.form in ("html", "nikola")
    return kept | {"republished_categories": quoting.flow(categories) if in_lines else categories}


def _as_read(named: tuple[str, ...], engine: Engine) -> tuple[str, ...]:
    """Return what the engine's own keys say: Pelican has one category, commas part words."""
    if engine.form in ("yaml", "toml"):
        return named
    parted = _parted(named)
    return parted[:1] if engine.form == "html" else parted


def _authors(item: Item, safe: Callable[[str], str]) -> Fields:
    people = item.article.authors or item.source.authors
    names = tuple(map(safe, words(person.name or "" for person in people)))
    if not names:
        return {}
    return {"author": names[0]} if len(names) == 1 else {"authors": names}


def _origin(item: Item, safe: Callable[[str], str], mark: str) -> Fields:
    """Say where a story comes from, and that it went through here."""
    link = absolute(item.link) if item.link else None
    fields: Fields = {"source_id": item.id[:_ID_LIMIT]}
    if link:
        fields |= {"source_url": link, "canonical_url": link}
    fields["source_name"] = safe(one_line(item.source.title) or item.source.name)
    image = absolute(item.article.image) if item.article.image else None
    if image:
        fields["image"] = image
    return fields | {"republished_by": mark}


# -- forms ---------------------------------------------------------------------------------------


def _yaml(fields: Fields, style: Style) -> str:
    lines = [f"{quoting.key(name)}: {_yaml_value(name, fields, style)}" for name in fields]
    lines += (
        f"{quoting.key(name)}: {quoting.fixed(value)}"
        for name, value in style.fixed.items()
        if name not in fields
    )
    return "\n".join(("---", *lines, "---", ""))


def _yaml_value(name: str, fields: Fields, style: Style) -> str:
    value = fields[name]
    if isinstance(value, tuple):
        return quoting.flow(value, nested=style.engine.nested and name == "categories")
    if isinstance(value, datetime) and style.engine.clock_time:
        return quoting.quoted(value.replace(tzinfo=None).isoformat(sep=" "))
    # Quoted, with "T": Eleventy takes no space, and a bare one is text to some, a time to others.
    return quoting.quoted(_text(value))


_ZOLA_OWN = frozenset(("title", "date", "updated", "authors"))


def _toml(fields: Fields, style: Style) -> str:
    """Write Zola's: words under [taxonomies], what templates may ask for under [extra].

    What tells where a story comes from stands at the top, too, for whoever reads the folder.
    """
    author = fields.pop("author", None)
    if isinstance(author, str):
        fields["authors"] = (author,)
    words_of = {name: fields.pop(name) for name in ("categories", "tags") if name in fields}
    extra = {name: value for name, value in fields.items() if name not in _ZOLA_OWN}
    lines = [f"{name} = {_toml_value(value)}" for name, value in fields.items()]
    lines += (
        f"{quoting.key(name)} = {quoting.fixed(value)}"
        for name, value in style.fixed.items()
        if name not in fields
    )
    lines += ("[taxonomies]", *(f"{name} = {_toml_value(words_of[name])}" for name in words_of))
    lines += ("[extra]", *(f"{name} = {_toml_value(value)}" for name, value in extra.items()))
    return "\n".join(("+++", *lines, "+++", ""))


def _toml_value(value: Value) -> str:
    if isinstance(value, tuple):
        return quoting.flow(value)
    return value.isoformat() if isinstance(value, datetime) else quoting.quoted(value)


def _html(fields: Fields, style: Style) -> str:
    """Write Pelican's HTML: one category, the others are tags, and commas part words."""
    named = _parted(_words_of(fields, "categories"))
    lines = [f"<title>{escape(_text(fields['title']), quote=False)}</title>"]
    pairs = {name: _joined(value) for name, value in fields.items() if name != "title"}
    pairs["tags"] = ", ".join((*named[1:], *_parted(_words_of(fields, "tags"))))
    pairs.pop("categories", None)
    pairs = {"category": named[0] if named else ""} | pairs
    pairs |= {name: value for name, value in style.fixed.items() if name not in pairs}
    lines += (
        f'<meta name="{escape(name)}" content="{escape(value)}">'
        for name, value in pairs.items()
        if value
    )
    return "\n".join(
        ("<html>", "<head>", '<meta charset="utf-8">', *lines, "</head>", "<body>", "")
    )


def _nikola(fields: Fields, style: Style) -> str:
    """Write Nikola's lines: one category, words parted by commas, a blank line behind."""
    named = _parted(_words_of(fields, "categories"))
    pairs = {name: _joined(value) for name, value in fields.items()}
    pairs["tags"] = ", ".join((*named[1:], *_parted(_words_of(fields, "tags"))))
    pairs["categories"] = ", ".join(named) if len(named) > 1 else ""
    pairs["category"] = named[0] if named else ""
    pairs |= {name: one_line(value) for name, value in style.fixed.items() if name not in pairs}
    return "".join(f".. {name}: {value}\n" for name, value in pairs.items() if value) + "\n"


_FORMS = {"yaml": _yaml, "toml": _toml, "html": _html, "nikola": _nikola}


def _words_of(fields: Fields, name: str) -> tuple[str, ...]:
    value = fields.get(name, ())
    return value if isinstance(value, tuple) else ()


def _parted(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Take out of words what would part them, where a list is a line of words."""
    return words(text.translate(_COMMAS) for text in texts)


_COMMAS = str.maketrans(",;，；、", "     ")


def _joined(value: Value) -> str:
    if isinstance(value, tuple):
        return "; ".join(_parted(value))
    return one_line(_text(value))


def _text(value: Value) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""The JSON Schema for editors, and the shipped starter."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import fields
from ruamel.yaml import YAML

from aggregator.config import load_settings
from aggregator.config.editors import json_schema
from aggregator.config.keys import FORMATS
from aggregator.config.schema import PostsKeys
from aggregator.core.artifacts import PAGE
from aggregator.core.select import feeds_of
from aggregator.model.settings import PostsOptions, Settings
from aggregator.plugins import SOURCE_KINDS, formats

Load = Callable[..., Settings]

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "feeds.yaml"


def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def keys() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (part, key, what the schema says of it)."""
    schema = json_schema()
    for part, said in [("Document", schema), *schema["$defs"].items()]:
        for name, of_key in said["properties"].items():
            referred = schema["$defs"].get(of_key.get("$ref", "").rpartition("/")[2], {})
            yield part, name, referred | of_key


def yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_the_starter_is_right() -> None:
    settings = load_settings(STARTER, {})
    assert {source.kind for source in settings.sources} == set(SOURCE_KINDS)
    assert "all" in {feed.slug for feed in feeds_of(settings, {})}
    assert settings.sources[0].location == str(ROOT / "docs/_posts")


def test_the_starter_is_right_by_the_schema() -> None:
    validator().validate(yaml(STARTER.read_text()))


@pytest.mark.parametrize(
    "text",
    [
        "sources: {a: {feed: https://a.example/, evry: 1h}}",
        "sources: {a: {feed: https://a.example/, every: soon}}",
        "sources: {a: {feed: https://a.example/, posts: x}}",
        "sources: {A: {feed: https://a.example/}}",
        "sources: {a: {posts: x, engine: jekyl}}",
        "sources: {}\nfeeds: {a b: {}}",
        "sources: {}\nfetch: {parallel: 0}",
        "site: {}",
    ],
)
def test_editors_see_what_is_wrong(text: str) -> None:
    assert not validator().is_valid(yaml(text))


def test_every_key_is_described() -> None:
    assert [(part, name) for part, name, said in keys() if not said.get("description")] == []


def test_every_option_of_posts_is_a_key() -> None:
    assert set(PostsKeys.model_fields) == {line.name for line in fields(PostsOptions)}


def test_every_format_can_be_asked_for() -> None:
    assert set(FORMATS) == formats(()).keys() - {PAGE}


_WHERE = {
    "Site": "site: {%s}\nsources: {}",
    "Fetch": "fetch: {%s}\nsources: {}",
    "Source": "sources: {a: {feed: https://a.example/, %s}}",
    "Posts": "sources: {a: {posts: x, %s}}",
    "Defaults": "defaults: {%s}\nsources: {a: {feed: https://a.example/}, b: {posts: x}}",
    "Category": "categories: {a: {%s}}\nsources: {}",
    "Feed": "feeds: {a: {%s}}\nsources: {}",
}
_WITH_OTHERS = {"password": "username: x"}


def written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


def cases(word: str) -> Iterator[Any]:
    """Yield the text of a file that says what the schema gives as default or example of a key."""
    for part, name, said in keys():
        if part in _WHERE and word in said:
            where = "Posts" if part == "Source" and name in PostsKeys.model_fields else part
            value = said[word][0] if word == "examples" else said[word]
            with_others = f", {_WITH_OTHERS[name]}" if name in _WITH_OTHERS else ""
            if name not in ("feed", "posts"):
                line = f"{name}: {written(value)}{with_others}"
                yield pytest.param(_WHERE[where], line, id=f"{part}.{name}")


@pytest.mark.parametrize(("where", "line"), list(cases("default")))
def test_what_is_said_to_be_the_default_is_it(load: Load, where: str, line: str) -> None:
    without, with_it = load(where % ""), load(where % line)
    if "defaults:" in where or "categories:" in where:
        # These are handed on to the feeds, which have the default.
        assert feeds_of(with_it, {"a": "a"}) == feeds_of(without, {"a": "a"})
        assert [source.posts for source in with_it.sources] == [
            source.posts for source in without.sources
        ]
    else:
        assert with_it == without


@pytest.mark.parametrize(("where", "line"), list(cases("examples")))
def test_every_example_is_right(load: Load, tmp_path: Path, where: str, line: str) -> None:
    (tmp_path / "client.pem").write_text("PEM")
    environment = dict.fromkeys(
        ("PLANET_KEY", "PLANET_SESSION", "PLANET_PASSWORD", "PLANET_TOKEN", "NEWS_TOKEN"),
        "s3cret-of-16-and-more",
    )
    assert load(where % line, environment) != load(where % "")

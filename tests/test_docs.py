"""The documentation says what is: every key, every command, every example."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from aggregator.cli.main import COMMANDS, group
from aggregator.config import load_settings
from aggregator.config.editors import json_schema
from aggregator.errors import AggregatorError

ROOT = Path(__file__).parent.parent
CONFIGURATION = (ROOT / "docs/configuration.md").read_text()
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

SECTIONS = {
    "Site": "site",
    "Source": "sources",
    "Defaults": "defaults",
    "Category": "categories",
    "Feed": "feeds",
    "Match": "match",
    "Fetch": "fetch",
    "Target": "publish",
    "Keep": "keep",
}
BELOW = {"feeds": "match", "publish": "keep"}
"""Sections that stand inside of others."""
OTHERS = "sources: {others: {posts: x, categories: front-matter}, blog: {posts: y}}"
SECRETS = {"MEMBERS_PASSWORD": "x", "API_KEY": "x", "BLOG_PASSWORD": "x"}


def section(title: str) -> str:
    """Return the text under a heading, with the parts below it."""
    found = re.search(
        rf"^(#+) {title}$\n(.*?)(?=^\1 |^#{{1,2}} |\Z)", CONFIGURATION, re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/configuration.md has no section {title}"
    return found[2]


def rows(title: str) -> dict[str, list[str]]:
    """Return the lines of a section's tables, by key."""
    lines = re.findall(r"^\| `([a-z_]+)` \|(.*)\|$", section(title), re.MULTILINE)
    return {key: [cell.strip() for cell in re.split(r"(?<!\\)\|", rest)] for key, rest in lines}


def in_words(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(in_words, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(("part", "title"), SECTIONS.items())
def test_every_key_is_documented_as_the_schema_has_it(part: str, title: str) -> None:
    keys = json_schema()["$defs"][part]["properties"]
    if part == "Defaults":
        keys = {
            name: said
            for name, said in keys.items()
            if name in ("newest", "max_age", "formats", "per_source", "archive")
        }
    documented = rows(title)
    for name, said in keys.items():
        _, default, _, means = documented[name]
        assert default == (f"`{in_words(said['default'])}`" if "default" in said else "")
        assert means.replace("\\|", "|") == said.get("description", means)
    below = rows(BELOW[title]).keys() if title in BELOW else set()
    assert documented.keys() - below == keys.keys() - below


def examples() -> Iterator[Any]:
    for page in PAGES:
        for number, found in enumerate(
            re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.M | re.S)
        ):
            yield pytest.param(found, id=f"{page.name}-{number}")


@pytest.mark.parametrize("text", list(examples()))
def test_every_example_is_right(text: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    whole = re.search(r"^sources:", text, re.MULTILINE)
    path.write_text(text if whole else f"{text}\n{OTHERS}\n")
    assert load_settings(path, SECRETS).sources


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert set(re.findall(r"^\| `aggregator ([a-z]+)", readme, re.MULTILINE)) == set(COMMANDS)


def test_every_command_has_a_section_with_an_example() -> None:
    commands = (ROOT / "docs/commands.md").read_text()
    sections = re.findall(r"^### aggregator ([a-z]+)(.*?)(?=^##|\Z)", commands, re.M | re.S)
    assert {name for name, _ in sections} == set(COMMANDS)
    for name, text in sections:
        assert re.search(rf"^    \$ .*aggregator {name}\b", text, re.M), name


def test_the_help_cuts_no_description_short() -> None:
    with click.Context(group) as context:
        commands = [group.get_command(context, name) for name in COMMANDS]
    longest = 78 - 6 - max(map(len, COMMANDS))
    for command in commands:
        assert command
        assert not command.get_short_help_str(longest).endswith("..."), command.name


def test_every_variable_is_documented() -> None:
    serving = (ROOT / "docs/serving.md").read_text()
    with click.Context(group) as context:
        commands = [group.get_command(context, name) for name in COMMANDS]
    parameters = [*group.params, *(each for one in commands if one for each in one.params)]
    names = {each.envvar for each in parameters if isinstance(each, click.Option) and each.envvar}
    assert set(re.findall(r"^\| `(AGGREGATOR_[A-Z_]+)`", serving, re.MULTILINE)) == names


def test_every_exit_code_is_documented() -> None:
    serving = (ROOT / "docs/serving.md").read_text()
    documented = set(map(int, re.findall(r"^\| ([0-9]+) \|", serving, re.MULTILINE)))
    assert documented == {0} | {error.exit_code for error in AggregatorError.__subclasses__()}

"""What is named by module and name is there: the linter of imports cannot see it."""

from dataclasses import fields
from importlib import import_module

import pytest

from aggregator import plugins
from aggregator.cli.main import COMMANDS, group
from aggregator.formats.writing.pages import STYLE


def named() -> list[plugins.Later]:
    """Return all that the tables of formats, and the module itself, import later."""
    tables = (*plugins.formats([]).values(), *plugins.site_pages([]))
    parts = [getattr(form, part.name) for form in tables for part in fields(form)]
    found = (one for one in (*parts, *vars(plugins).values()) if isinstance(one, plugins.Later))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("later", named(), ids=lambda later: later.name)
def test_what_is_imported_later_is_there(later: plugins.Later) -> None:
    assert callable(getattr(import_module(later.module), later.name))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_where_the_table_says(name: str) -> None:
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.name == name


def test_the_style_sheet_is_saved_where_pages_look_for_it() -> None:
    paths = [page.path for page in plugins.site_pages([])]
    assert STYLE in paths

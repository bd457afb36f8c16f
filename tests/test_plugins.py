"""What is named by module and name is there: the linter of imports cannot see it."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from msgspec.structs import fields

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


QUIET = """
import sys
sys.argv[1:] = ["--config", sys.argv[1], "--instance", sys.argv[2], "poll"]
from aggregator.__main__ import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""
NEEDED = {"aggregator", "click", "msgspec", "publicsuffixlist", "pydantic", "sqlalchemy", "yaml"}
"""Outside packages that a round of nothing may import: each costs every tick of a timer."""
THEIR_OWN = {"annotated_types", "pydantic_core", "typing_extensions", "greenlet"}
THEIR_OWN |= {"typing_inspection", "cython_runtime"}
BUILDING = {
    "aggregator.archiving",
    "aggregator.core.compose",
    "aggregator.core.html",
    "aggregator.publishing.building",
    "aggregator.publishing.gathering",
    "aggregator.publishing.listing",
}
"""What builds feeds, and is imported by what does."""


def test_a_poll_with_nothing_due_imports_no_reader_writer_or_network(
    tmp_path: Path, instance: Path
) -> None:
    """What is needed only where something is asked, read or written, is imported there."""
    (tmp_path / "feeds.yaml").write_text(
        "site: {url: 'https://feeds.example.org/', title: Feeds, contact: me@example.org}\n"
        "sources: {one: {feed: 'http://127.0.0.1:9/feed'}}\n"
        "publish: [{hub: 'https://hub.example.org/'}]\n"
    )
    words = [sys.executable, "-c", QUIET, str(tmp_path / "feeds.yaml"), str(instance)]
    first, second = (
        subprocess.run(words, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert "1 failed" in first.stdout
    assert "nothing is due" in second.stdout
    assert not BUILDING - set(first.stderr.split())
    assert not BUILDING & set(second.stderr.split())
    outside = {name.partition(".")[0] for name in second.stderr.split()} - sys.stdlib_module_names
    assert {name for name in outside if not name.startswith("_")} - THEIR_OWN <= NEEDED

"""A database comes to this release's schema whole, or stays as it was."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from store_cases import NOW, ready

from aggregator.errors import StoreError
from aggregator.store import migrate, open_store
from aggregator.store.database import Database
from aggregator.store.schema import metadata

KILLED = """
import os, signal, sys
from aggregator.store import migrate
from aggregator.store.database import Database

database = Database(sys.argv[1])
with database.write() as connection:
    migrate.upgrade(connection)
    connection.exec_driver_sql("SELECT * FROM source").all()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def tables(url: str) -> set[str]:
    database = Database(url)
    with database.read() as connection:
        found = set(inspect(connection).get_table_names())
    database.close()
    return found


def set_revision(url: str, revision: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(
            text(f"UPDATE {migrate.VERSION_TABLE} SET version_num = :to"), {"to": revision}
        )
    database.close()


def test_a_database_with_nothing_in_it_gets_all_tables(bare_database_url: str) -> None:
    open_store(bare_database_url).close()
    assert tables(bare_database_url) == {*metadata.tables, migrate.VERSION_TABLE}


def test_the_steps_lead_to_the_tables_the_store_uses(bare_database_url: str) -> None:
    open_store(bare_database_url).close()
    database = Database(bare_database_url)
    with database.read() as connection:
        options = {"version_table": migrate.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_newest_step_is_the_one_this_release_asks_for() -> None:
    steps = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert steps.get_current_head() == migrate.NEWEST
    names = [step.revision for step in steps.walk_revisions()]
    assert names == sorted(names, reverse=True), "a later step has a greater name"


def test_a_database_that_is_up_to_date_needs_no_alembic(sqlite_template: Path) -> None:
    """A tenth of a second and some megabytes that every command would pay."""
    script = (
        "import sys; from aggregator.store import open_store; open_store(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{sqlite_template}"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"False\n"


def test_opening_again_keeps_what_is_there(bare_database_url: str) -> None:
    for _ in range(2):
        store = open_store(bare_database_url)
        ready(store)
        store.check()
        store.close()
    store = open_store(bare_database_url)
    assert [known.name for known in store.sources()] == ["a"]
    store.close()


def test_many_open_a_new_database_at_once(bare_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_store, [bare_database_url] * 4))
    for store in stores:
        store.check()
        store.close()


def test_a_database_of_a_newer_release_is_refused_and_left_alone(bare_database_url: str) -> None:
    store = open_store(bare_database_url)
    ready(store)
    set_revision(bare_database_url, "9999")
    refused = r"made by a newer aggregator \(schema 9999, this one knows \d+\)"
    with pytest.raises(StoreError, match=refused):
        open_store(bare_database_url)
    with pytest.raises(StoreError, match=refused):
        store.check()
    assert [known.name for known in store.sources()] == ["a"]
    store.close()


def test_a_database_that_lost_its_tables_is_told_apart(bare_database_url: str) -> None:
    store = open_store(bare_database_url)
    database = Database(bare_database_url)
    with database.write() as connection:
        connection.execute(text(f"DROP TABLE {migrate.VERSION_TABLE}"))
    database.close()
    with pytest.raises(StoreError, match="has the schema of nobody"):
        store.check()
    store.close()


@pytest.mark.slow
def test_a_kill_in_the_middle_leaves_no_table_and_the_next_start_makes_all(
    bare_database_url: str,
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, bare_database_url], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert tables(bare_database_url) == set()
    store = open_store(bare_database_url)
    ready(store)
    assert store.next_due() == NOW
    store.close()


def test_other_programs_tables_are_left_alone(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('theirs')"))
    open_store(bare_database_url).close()
    with database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "theirs"
    database.close()

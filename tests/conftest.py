"""Databases for every test that wants a store: the same tests run on SQLite and on PostgreSQL.

PostgreSQL is looked for at AGGREGATOR_TEST_POSTGRES, whose user may make databases; where none
answers, its tests are skipped and say so.
"""

import gc
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from aggregator.store import SqlStore, open_store
from aggregator.store.database import Database
from aggregator.store.schema import metadata

POSTGRES = os.environ.get("AGGREGATOR_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")

BOTH = ("sqlite", "postgres")

SQLITE_FIRST = (
    "test_history.py",
    "test_pipeline.py",
    "test_private.py",
    "test_selection.py",
    "test_stories_end_to_end.py",
    "test_store_cost.py",
    "test_store_faults.py",
    "test_store_migrations.py",
    "test_store_shelves.py",
    "test_store_sources.py",
    "test_store_text.py",
)
"""Flows over a store whose methods are tested on both databases, and what is long among the store's
own tests: on PostgreSQL they run with the slow tests."""
LATER = ("test_digests_end_to_end.py", "test_floods.py", "test_gone.py", "test_websub.py")
"""Flows that run with the slow tests on both. So the default run stays under a minute."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        name = item.path.name
        if name in LATER or (name in SQLITE_FIRST and "postgres" in item.name):
            item.add_marker(pytest.mark.slow)
    # The type checker takes longest: begun last, it would be waited for by the other processes.
    items.sort(key=lambda item: item.path.name != "test_house.py")


# As the command has it (aggregator.__main__): a tenth of the time went into looking for rubbish.
gc.set_threshold(50_000)


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules they import are no rubbish."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def store(database_url: str, opened: Callable[[str], Database]) -> SqlStore:
    """Give an empty store; a test that asks for it runs once on each database."""
    return SqlStore(opened(database_url))


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, opened: Callable[[str], Database]) -> str:
    """Name a database with our tables and no rows."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    if request.param == "postgres":
        _empty(opened(url))
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, shared_path: Path) -> str:
    """Name the file that tests use one after the other, as it was at first."""
    source, target = sqlite3.connect(sqlite_template), sqlite3.connect(shared_path)
    with closing(source), closing(target):
        target.execute("PRAGMA synchronous = OFF")
        source.backup(target)
    return f"sqlite:///{shared_path}"


@pytest.fixture(scope="session")
def opened() -> Iterator[Callable[[str], Database]]:
    """Open a database once for all tests: compiling statements anew took a seventh of a run."""
    databases: dict[str, Database] = {}

    def database(url: str) -> Database:
        if url not in databases:
            databases[url] = Database(url)
        return databases[url]

    yield database
    for one in databases.values():
        one.close()


@pytest.fixture(scope="session")
def shared_path(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("shared") / "aggregator.db"
    return Path(shutil.copy(sqlite_template, path))


@pytest.fixture(params=BOTH)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'aggregator.db'}"
        return
    with _new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path) -> Path:
    """Make an instance folder that has its tables: making them takes longer than most tests."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "aggregator.db")
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the file that tests copy: a copy is quicker made than tables are."""
    path = tmp_path_factory.mktemp("template") / "aggregator.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_url(postgres_server: psycopg.Connection) -> Iterator[str]:
    """Make the database that tests use one after the other: rows are quicker gone than it is."""
    with _new_database(postgres_server) as url:
        open_store(url).close()
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[psycopg.Connection]:
    """Log in where tests may make databases."""
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        address = conninfo_to_dict(POSTGRES)
        pytest.skip(f"no PostgreSQL answers at {address.get('host')}:{address.get('port', 5432)}")
    with server:
        yield server


@contextmanager
def _new_database(server: psycopg.Connection) -> Iterator[str]:
    name = f"aggregator_test_{uuid4().hex}"
    server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{POSTGRES.rpartition('/')[0]}/{name}"
    finally:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _empty(database: Database) -> None:
    tables = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
    with database.write() as connection:
        connection.exec_driver_sql(";".join(tables))

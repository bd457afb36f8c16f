"""Databases for every test that wants a store: the same tests run on SQLite and on PostgreSQL.

PostgreSQL is looked for at AGGREGATOR_TEST_POSTGRES, whose user may make databases; where none
answers, its tests are skipped and say so.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from aggregator.store import SqlStore, open_store
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


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """Open an empty store; a test that asks for it runs once on each database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database with our tables and no rows."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        _empty(url)
        return url
    path = tmp_path / "aggregator.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture(params=BOTH)
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Name a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'aggregator.db'}"
        return
    with _new_database(request.getfixturevalue("postgres_server")) as url:
        yield url


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


def _empty(url: str) -> None:
    tables = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(";".join(tables))

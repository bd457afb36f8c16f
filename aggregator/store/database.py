"""Connections and transactions, the same on SQLite and PostgreSQL.

1. One writer at a time: BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL. So nothing read
   in a write transaction is stale, nothing deadlocks, and no transaction needs a second try.
2. Readers never wait for the writer: WAL on SQLite, snapshots on PostgreSQL.
3. A commit is on the disk: synchronous=FULL on SQLite, the server's own setting on PostgreSQL.
4. Whoever waits longer than half a minute for a lock is told so.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy import exc as sa
from sqlalchemy.dialects import postgresql, sqlite

from aggregator.errors import StoreError
from aggregator.store.faults import translated

_WAIT_S = 30
_PART = 500
_WRITER_KEY = 0x6665656473
"""Of the advisory lock: "feeds"."""

_EXAMPLES = "write sqlite:////absolute/path/aggregator.db or postgresql://user@host/name"

_SCHEMES = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)

T = TypeVar("T")

Insert = sqlite.Insert | postgresql.Insert


class Database:
    """One database, its connections and its two kinds of transaction. Safe with threads."""

    def __init__(self, url: str) -> None:
        self._url = _checked(url)
        self._engine = _engine(self._url)
        self._writer = self._engine.execution_options(writes=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a transaction that only looks; it sees one moment of the database.

        :raises StoreError: the database cannot be had
        """
        with translated(self._url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Begin a transaction that changes things, as the only one that does; all or nothing.

        :raises StoreError: the database cannot be had; nothing was changed
        """
        with translated(self._url), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_WRITER_KEY)))
            yield connection

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def insert(connection: Connection, table: Table) -> Insert:
    """Return the INSERT of this database that knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def parts(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut values into lists short enough for one IN: both databases bound parameters."""
    rest = iter(values)
    while part := list(islice(rest, _PART)):
        yield part


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
    except (sa.ArgumentError, ValueError):
        raise StoreError(f"the database URL cannot be read; {_EXAMPLES}") from None
    driver = _SCHEMES.get(url.drivername)
    if driver is None:
        raise StoreError(f"no database is called {url.drivername}; {_EXAMPLES}")
    if driver == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError(f"the database URL names no file; {_EXAMPLES}")
    return url.set(drivername=driver)


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(
            url,
            hide_parameters=True,
            # No BEGIN by the driver: it would come too late to be IMMEDIATE, and not before DDL.
            connect_args={"isolation_level": None, "timeout": _WAIT_S},
        )
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ImportError:
        raise StoreError(
            "PostgreSQL needs psycopg: pip install 'feed-aggregator[postgres]'"
        ) from None
    event.listen(engine, "connect", _set_up_postgres)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up_postgres(connection: Any, record: Any) -> None:
    """A session whose machine died must not hold the lock for longer than others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SET lock_timeout = '{_WAIT_S}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{_WAIT_S}s'")
    connection.commit()

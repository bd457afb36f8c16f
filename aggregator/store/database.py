"""Connections and transactions, the same on SQLite and PostgreSQL.

1. One writer at a time: BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL. So nothing read
   in a write transaction is stale, nothing deadlocks, and no transaction needs a second try.
2. Readers never wait for the writer and see one moment: WAL on SQLite, REPEATABLE READ on
   PostgreSQL, whose default lets two statements of one transaction see two states.
3. A commit is on the disk: synchronous=FULL on SQLite, the server's own setting on PostgreSQL.
4. Whoever waits longer than half a minute for a lock is told so.
5. A thread takes a connection of its own for each transaction, so web threads read beside the one
   that writes. No transaction is open while somebody waits for a network.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Dialect,
    Engine,
    Executable,
    FromClause,
    Row,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy import Insert as AnyInsert
from sqlalchemy import exc as sa
from sqlalchemy.dialects import sqlite

from aggregator.errors import StoreError
from aggregator.store.faults import translated

WAIT_S = 30.0
"""For a lock, before the database counts as locked by another program."""
_STEP_S = 0.01
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
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What a first poll let the log grow to is given back at the next checkpoint.
    f"PRAGMA journal_size_limit = {32 * 1024 * 1024}",
)

T = TypeVar("T")

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert


class Database:
    """One database, its connections and its two kinds of transaction. Safe with threads."""

    def __init__(self, url: str, wait_s: float = WAIT_S) -> None:
        self._url = _checked(url)
        self._engine = _engine(self._url, wait_s)
        self._writer = self._engine.execution_options(writes=True)
        self._reader = self._engine.execution_options(**_reading(self._url))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Begin a transaction that only looks; it sees one moment of the database.

        :raises StoreError: the database cannot be had
        """
        with translated(self._url), self._reader.begin() as connection:
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

    def written(self) -> Callable[[], int | None]:
        """Return what tells, in the thread that calls it, whether anybody wrote meanwhile.

        Two equal numbers: the database is as it was. Nothing: it cannot be told for a few µs.
        """
        if self._url.drivername != "sqlite" or not self._url.database:
            return _nothing
        return _Pulse(self._url.database).number

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


class _Pulse:
    """A connection that only looks whether others wrote (https://sqlite.org/pragma.html).

    SQLAlchemy would take ten times as long for it, and its pool would hand out another connection,
    whose numbers are others.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def number(self) -> int | None:
        """Return a number that is another after somebody wrote."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._path, timeout=0, isolation_level=None, check_same_thread=False
                )  # it is closed by whichever thread ends last
            found: tuple[int] = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return None
        return found[0]

    def __del__(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _nothing() -> None:
    return None


def insert(connection: Connection, table: Table) -> "Insert":
    """Return the INSERT of this database that knows ON CONFLICT."""
    return insert_by(connection.dialect.name, table)


def insert_by(dialect: str, table: Table) -> "Insert":
    """Return the INSERT of a database, for a statement that is built once."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # 40 ms that SQLite need not pay

        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(connection: Connection, table: Table) -> "Insert":
    """Return the INSERT of this database that leaves rows alone that are there."""
    return _insert_new(connection.dialect.name, table)


@cache
def _insert_new(dialect: str, table: Table) -> "Insert":
    """Build it once: building a statement takes longer than running it."""
    return insert_by(dialect, table).on_conflict_do_nothing()


def fill(
    connection: Connection,
    statement: AnyInsert,
    names: tuple[str, ...],
    rows: list[tuple[Any, ...]],
) -> None:
    """Run an INSERT for many rows, each the values of these columns in this order.

    What SQLAlchemy does again for each row of an ``execute`` is prepared once: a poll of twenty
    entries is four hundred rows. ``statement`` is one that is built once for all.
    """
    if rows:
        ready = _ready(connection.dialect, statement, names)
        connection.exec_driver_sql(ready.sql, [ready.parameters(row) for row in rows])


class _Ready(Struct, frozen=True):
    """An INSERT as the driver takes it."""

    sql: str
    names: tuple[str, ...]
    by_name: bool
    """Parameters are named; SQLite's stand in the order of the columns."""
    changes: tuple[tuple[int, Callable[[Any], Any]], ...]
    """What must be done with the values at these places."""

    def parameters(self, row: tuple[Any, ...]) -> Any:
        """Return the parameters of one row."""
        values = list(row)
        for place, change in self.changes:
            values[place] = change(values[place])
        return dict(zip(self.names, values, strict=True)) if self.by_name else tuple(values)


@lru_cache(maxsize=64)
def _ready(dialect: Dialect, statement: AnyInsert, names: tuple[str, ...]) -> _Ready:
    compiled = statement.compile(dialect=dialect, column_keys=list(names), for_executemany=True)
    order = tuple(compiled.positiontup or names)
    if set(order) != set(names) or (compiled.positiontup and order != names):
        raise ValueError(f"{statement.table.name}: the columns are {', '.join(order)}")
    columns = [statement.table.c[name] for name in names]
    made = [one.type.dialect_impl(dialect).bind_processor(dialect) for one in columns]
    changes = tuple((place, change) for place, change in enumerate(made) if change is not None)
    return _Ready(str(compiled), names, compiled.positiontup is None, changes)


def wanted() -> BindParameter[Any]:
    """Return what stands for the list in a statement that ``each`` runs."""
    return bindparam("wanted", expanding=True)


def each(
    connection: Connection, statement: Executable, values: Iterable[Any], **words: Any
) -> Iterator[Row[Any]]:
    """Run a statement for a list, however long it is, and yield what it finds."""
    for part in parts(values):
        # All of them at once: SQLAlchemy takes three times as long to hand out one after the other.
        yield from connection.execute(statement, {"wanted": part, **words}).all()


def pairs_table(dialect: str) -> FromClause:
    """Return a table (kind, value) of the pairs that ``pair_words`` hands in, however many."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        texts = postgresql.ARRAY(Text)
        columns = (bindparam("kinds", type_=texts), bindparam("values", type_=texts))
        return func.unnest(*columns).table_valued("kind", "value", name="wanted").render_derived()
    each = func.json_each(bindparam("pairs", type_=Text)).table_valued("value", name="pair")
    kind, value = (func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1))
    return select(kind.label("kind"), value.label("value")).subquery("wanted")


def pair_words(dialect: str, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the parameters of ``pairs_table``."""
    if dialect == "postgresql":
        return {"kinds": [kind for kind, _ in pairs], "values": [value for _, value in pairs]}
    return {"pairs": json.dumps(pairs)}


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


def _reading(url: URL) -> dict[str, str]:
    """Return the options of a connection that only looks; SQLite's BEGIN takes a snapshot."""
    return {} if url.drivername == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _engine(url: URL, wait_s: float) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(
            url,
            hide_parameters=True,
            # No BEGIN by the driver: it would come too late to be IMMEDIATE, and not before DDL.
            connect_args={"isolation_level": None, "timeout": wait_s},
        )
        event.listen(engine, "connect", partial(_set_up_sqlite, wait_s))
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ImportError:
        raise StoreError(
            "PostgreSQL needs psycopg: pip install 'feed-aggregator[postgres]'"
        ) from None
    event.listen(engine, "connect", partial(_set_up_postgres, wait_s))
    return engine


def _set_up_sqlite(wait_s: float, connection: sqlite3.Connection, record: Any) -> None:
    _change_to_wal(connection, wait_s)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _change_to_wal(connection: sqlite3.Connection, wait_s: float) -> None:
    """Have the file keep a log of writes; whoever is second waits here.

    Of many processes that open a new file at once, one changes it; the others are told that it is
    locked at once, whatever their timeout (https://sqlite.org/c3ref/busy_handler.html).
    """
    end = time.monotonic() + wait_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_STEP_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up_postgres(wait_s: float, connection: Any, record: Any) -> None:
    """A session whose machine died must not hold the lock for longer than others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(f"SET lock_timeout = {wait_s * 1000:.0f}")
        cursor.execute(f"SET idle_in_transaction_session_timeout = {WAIT_S * 1000:.0f}")
    connection.commit()

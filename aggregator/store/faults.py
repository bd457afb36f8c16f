"""What the database says, in one line for a person, with the next step. Never a password.

Only what ails the machine or the database is a StoreError. A value the database refuses
(``DataError``, ``IntegrityError``) is a fault of ours: it keeps its traceback and, in the intake,
stops its own source only.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy import exc as sa

from aggregator.errors import StoreError

_WORDS_LIMIT = 200

_SQLITE = {
    sqlite3.SQLITE_BUSY: "is locked by another program; end that one, it is tried again",
    sqlite3.SQLITE_LOCKED: "is locked by another program; end that one, it is tried again",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full; free some space, it is tried again",
    sqlite3.SQLITE_READONLY: "is read-only; let this user write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; its folder must exist and this user may write it",
    sqlite3.SQLITE_PERM: "cannot be opened; let this user write the file and its folder",
    sqlite3.SQLITE_NOTADB: "is no SQLite database; move the file away or name another",
    sqlite3.SQLITE_CORRUPT: "is damaged; put a backup in its place",
    sqlite3.SQLITE_IOERR: "cannot be read or written; look after the disk",
}

_POSTGRES = {
    "28": "refuses the login; check user and password in the database URL",
    "3D": "does not exist; make it with createdb",
    "42501": "does not allow it; grant this user all rights on the schema",
    "25006": "is read-only; name the primary server",
    "53100": "cannot grow, the disk is full; free some space, it is tried again",
    "53300": "has no connection left; raise max_connections, it is tried again",
    "55P03": "is locked by another program; end that one, it is tried again",
}
"""By SQLSTATE or its class."""

_AT_THE_DOOR = (
    (re.compile(r'database ".*" does not exist'), "3D"),
    (re.compile(r'password authentication failed|role ".*" does not exist|pg_hba\.conf'), "28"),
    (re.compile(r"too many clients|connection slots|too many connections"), "53300"),
)
"""A server that lets nobody in says why in words only: libpq drops the SQLSTATE."""


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Let errors of SQLAlchemy and its drivers leave as StoreError.

    :raises StoreError: the database cannot be had
    """
    try:
        yield
    except (sa.DataError, sa.IntegrityError):
        raise
    except sa.DBAPIError as error:
        raise StoreError(f"the database {name(url)} {_reason(error.orig)}") from error
    except sa.StatementError as error:
        raise error.orig or error from error
    except sa.TimeoutError as error:
        raise StoreError(
            f"the database {name(url)} is busy, all connections are in use; it is tried again"
        ) from error


def name(url: URL) -> str:
    """Name a database without user, password or options."""
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    host = f"{url.host or 'localhost'}:{url.port}" if url.port else url.host or "localhost"
    return f"{url.database or url.username or 'postgres'} on {host}"


def _reason(error: BaseException | None) -> str:
    if isinstance(error, sqlite3.Error):
        return _sqlite_reason(error)
    state = getattr(error, "sqlstate", None) or ""
    known = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if known:
        return known
    _, refused, words = _first_line(error).partition("FATAL:")
    if refused:
        found = (_POSTGRES[code] for said, code in _AT_THE_DOOR if said.search(words))
        return next(found, f"refuses the connection: {words.strip()}")
    if state and not state.startswith(("08", "57")):
        return f"gives an error: {_first_line(error)}"
    return f"cannot be reached: {_first_line(error)}; check that the server runs, it is tried again"


def _sqlite_reason(error: sqlite3.Error) -> str:
    primary_code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _SQLITE.get(primary_code) or f"gives an error: {_first_line(error)}"


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip()[:_WORDS_LIMIT]

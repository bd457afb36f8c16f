"""Bring a database to the schema of this release: all steps in one transaction, or none.

The steps are in ``migrations/versions``; both databases take the same ones. A database that was
made by a newer release is refused: its tables may mean something else now. Alembic is imported only
where a step is to be taken: every command opens the store, and one start in a thousand migrates.
"""

from pathlib import Path
from threading import Lock

from sqlalchemy import Column, Connection, MetaData, Table, Text, inspect, select

from aggregator.errors import StoreError
from aggregator.store.database import Database

NEWEST = "0001"
"""The last step of ``migrations/versions``; a test compares the two."""

VERSION_TABLE = "aggregator_version"
"""A name of our own: other programs in the same database may use Alembic, too."""

_FOLDER = Path(__file__).parent / "migrations"
_TURN = Lock()
"""Alembic keeps the migration under way in a variable of its module."""

_version = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))


def migrate(database: Database) -> None:
    """Make the database's schema the one of this release.

    A database that has it is only looked at, so that a read-only one can still be served from.

    :raises StoreError: it was made by a newer release, or cannot be had
    """
    with database.read() as connection:
        if _revision(connection) == NEWEST:
            return
    with _TURN, database.write() as connection:
        _refuse_newer(_revision(connection))
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Take all steps that are missing, in the transaction of the connection."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    command.upgrade(config, NEWEST)


def check(connection: Connection) -> None:
    """Look whether the database has the schema of this release.

    :raises StoreError: it has another one
    """
    revision = _revision(connection)
    if revision == NEWEST:
        return
    _refuse_newer(revision)
    raise StoreError(
        f"the database has the schema {revision or 'of nobody'}, not {NEWEST}; "
        "start the aggregator once more, so that it is brought up to date"
    )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(select(_version))
    return found


def _refuse_newer(revision: str | None) -> None:
    if revision is not None and revision > NEWEST:
        raise StoreError(
            f"the database was made by a newer aggregator (schema {revision}, this one knows "
            f"{NEWEST}); upgrade the aggregator, or put the backup from before in its place"
        )

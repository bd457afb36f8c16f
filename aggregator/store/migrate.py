"""Bring a database to the schema of this release: all steps in one transaction, or none.

The steps are in ``migrations/versions``; both databases take the same ones. A database that was
made by a newer release is refused: its tables may mean something else now.
"""

from functools import cache
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from aggregator.errors import StoreError
from aggregator.store.database import Database

VERSION_TABLE = "aggregator_version"
"""A name of our own: other programs in the same database may use Alembic, too."""

_FOLDER = Path(__file__).parent / "migrations"
_TURN = Lock()
"""Alembic keeps the migration under way in a variable of its module."""


def migrate(database: Database) -> None:
    """Make the database's schema the one of this release.

    A database that has it is only looked at, so that a read-only one can still be served from.

    :raises StoreError: it was made by a newer release, or cannot be had
    """
    with database.read() as connection:
        if _revision(connection) == newest():
            return
    with _TURN, database.write() as connection:
        _refuse_newer(_revision(connection))
        command.upgrade(_config(connection), "head")


def check(connection: Connection) -> None:
    """Look whether the database has the schema of this release.

    :raises StoreError: it has another one
    """
    revision = _revision(connection)
    if revision == newest():
        return
    _refuse_newer(revision)
    raise StoreError(
        f"the database has the schema {revision or 'of nobody'}, not {newest()}; "
        "start the aggregator once more, so that it is brought up to date"
    )


@cache
def newest() -> str:
    """Return the revision of this release's schema."""
    head = _scripts().get_current_head()
    assert head is not None  # noqa: S101 - there is a first revision
    return head


def _revision(connection: Connection) -> str | None:
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision()


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(
            f"the database was made by a newer aggregator (schema {revision}, this one knows "
            f"{newest()}); upgrade the aggregator, or put the backup from before in its place"
        )


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(_FOLDER))


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config

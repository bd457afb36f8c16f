"""Run by Alembic: take the steps on the connection, and in the transaction, we were handed.

A further step is drafted by ``alembic.command.revision(config, autogenerate=True)`` with a
connection to an up-to-date database in ``config.attributes``.
"""

from alembic import context

from aggregator.store.migrate import VERSION_TABLE
from aggregator.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()

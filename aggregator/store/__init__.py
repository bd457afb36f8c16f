"""The database: SQLAlchemy Core on SQLite and PostgreSQL, one transaction per method."""

from aggregator.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]

"""A look behind the store: rows as they are, and statements as they run."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from store_cases import Rows

from aggregator.store.database import Database


@pytest.fixture
def rows(database_url: str, opened: Callable[[str], Database]) -> Rows:
    """Run one statement beside the store and return what it finds."""
    database = opened(database_url)

    def run(statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with database.write() as connection:
            found = connection.execute(text(statement), values)
            return [tuple(row) for row in found] if found.returns_rows else []

    return run


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Collect the statements that run from here on, without BEGIN and COMMIT."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN") and "pg_advisory" not in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)

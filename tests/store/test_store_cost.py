"""What a poll costs the database, and which index answers what."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects import postgresql, sqlite
from store_cases import DAY, HOUR, LEASE, NEWS, NOW, SPORT, Rows, artifact, build, new, plan, ready

from aggregator.model.known import Traces
from aggregator.model.settings import Match
from aggregator.store import (
    SqlStore,
    floods,
    intake,
    output,
    shelves,
    stories,
    tellers,
    turns,
    withdrawal,
)
from aggregator.store.database import Database, pair_words
from aggregator.store.schema import revision

# -- statements ----------------------------------------------------------------------------------


def test_an_unchanged_answer_is_two_statements(store: SqlStore, statements: list[str]) -> None:
    ready(store)
    statements.clear()
    store.apply(plan(outcome="not-modified"))
    assert [line.split()[0] for line in statements] == ["UPDATE", "INSERT"]


def test_many_unchanged_answers_are_two_statements(store: SqlStore, statements: list[str]) -> None:
    names = [str(number) for number in range(50)]
    ready(store, *names)
    statements.clear()
    store.apply(*(plan(name, outcome="not-modified") for name in names))
    assert [line.split()[0] for line in statements] == ["UPDATE", "INSERT"]


@pytest.mark.parametrize("count", [1, 20, 400])
def test_a_first_poll_is_as_many_statements_whatever_it_brings(
    store: SqlStore, statements: list[str], count: int
) -> None:
    ready(store)
    traces = Traces(b"", None, (1, 2))
    entries = tuple(
        new(str(number), NEWS, SPORT, marks=["x"], traces=traces) for number in range(count)
    )
    statements.clear()
    store.apply(plan(new=entries, outdated=("news", "sport")))
    assert len(statements) <= 16


def test_a_claim_with_nothing_due_takes_no_writers_turn(
    store: SqlStore, statements: list[str]
) -> None:
    ready(store)
    store.apply(plan())
    statements.clear()
    assert store.claim(NOW, LEASE, limit=9, per_host=9) == ()
    assert [line.split()[0] for line in statements] == ["SELECT"]


TABLES = ("source", "entry", "alias", "revision", "category", "entry_category", "fingerprint")
OUTPUT = ("duplicate_link", "output_item", "artifact", "built", "outdated", "notice")


def test_an_unchanged_second_run_writes_nothing_but_the_polls_own_record(
    store: SqlStore, rows: Rows
) -> None:
    ready(store, "a", "b")
    entries = (new("1", NEWS, marks=["x"]), new("2", NEWS, marks=["y"]))
    store.apply(plan(new=entries, outdated=("news",)))
    store.outdated(NOW)
    store.save(build("news", artifact("n.atom")))
    before = {name: rows(f"SELECT * FROM {name}") for name in (*TABLES, *OUTPUT)}
    ready(store, "a", "b")
    assert len(store.claim(NOW + 2 * HOUR, LEASE, limit=9, per_host=9)) == 2
    store.apply(plan(at=NOW + 2 * HOUR, outcome="not-modified"))
    store.apply(plan("b", at=NOW + 2 * HOUR, outcome="unchanged", seen=("1", "2")))
    store.outdated(NOW + 2 * HOUR)
    assert {name: rows(f"SELECT * FROM {name}") for name in (*TABLES, *OUTPUT)} == before
    assert rows("SELECT count(*) FROM poll_log") == [(3,)]


def test_an_unchanged_answer_changes_two_rows(sqlite_template: Path, tmp_path: Path) -> None:
    """One of the state, one of the log: SQLite counts them."""
    shutil.copy(sqlite_template, tmp_path / "aggregator.db")
    url = f"sqlite:///{tmp_path / 'aggregator.db'}"
    store = SqlStore(Database(url))
    ready(store)
    store.apply(plan(new=(new("1", NEWS),)))
    database = Database(url)
    with database.write() as connection:
        counted: Any = connection.connection
        before = counted.total_changes
        intake.apply(connection, [plan(at=NOW + HOUR, seen=("1",), outcome="unchanged")])
        assert counted.total_changes == before + 2
    database.close()
    store.close()


# -- indexes -------------------------------------------------------------------------------------


@pytest.fixture
def connection(store: SqlStore, database_url: str) -> Iterator[Connection]:
    """Give a connection to a store of some entries, whose planner likes indexes.

    Of two sources SQLite looks at both rather than at an index.
    """
    ready(store, "a", "b", *(f"source {number}" for number in range(50)))
    entries = tuple(new(str(n), NEWS, SPORT, marks=[str(n % 9)]) for n in range(100))
    store.apply(*(plan(name, new=entries) for name in "ab"))
    database = Database(database_url)
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            for name in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
                connection.exec_driver_sql(f"SET LOCAL enable_{name} = off")
        connection.exec_driver_sql("ANALYZE")
        yield connection
    database.close()


def steps(connection: Connection, statement: Select[Any]) -> str:
    """Return the plan of a statement, one step a line."""
    on_postgres = connection.dialect.name == "postgresql"
    dialect: Any = postgresql.psycopg.dialect() if on_postgres else sqlite.dialect()
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN (COSTS OFF) " if on_postgres else "EXPLAIN QUERY PLAN "
    text = explain + str(compiled).replace("%%", "%")
    found = connection.exec_driver_sql(text.replace("%", "%%") if on_postgres else text)
    return "\n".join(str(row[-1]) for row in found)


def scans(found: str) -> list[str]:
    """Return the steps that read a whole table, or sort."""
    bad = re.compile(
        r"SCAN (?!wanted|CONSTANT|\d|.*VIRTUAL)|TEMP B-TREE FOR ORDER|Seq Scan|^ *(->)? *Sort\b"
    )
    return [line for line in found.splitlines() if bad.search(line)]


MATCHES = [
    Match(("news",)),
    Match(("news", "sport")),
    Match(sources=("a",)),
    Match(sources=("a", "b")),
    Match(("news",), ("a",)),
]


@pytest.mark.parametrize("since", [None, NOW - DAY], ids=["ever", "since"])
@pytest.mark.parametrize("match", MATCHES, ids=repr)
def test_the_newest_are_one_stretch_of_an_index(
    connection: Connection, match: Match, since: Any
) -> None:
    for stretch in shelves.stretches(match, since):
        found = steps(connection, stretch.limit(50))
        assert scans(found) == [], found
        assert "ix_entry" in found


@pytest.mark.parametrize("without", [(), ("a",)], ids=["all", "of others"])
def test_the_newest_on_a_shelf_are_one_stretch_of_an_index(
    connection: Connection, without: tuple[str, ...]
) -> None:
    match = Match(("news",), words=("tea",))
    (stretch,) = shelves.stretches(match, NOW - DAY, without)
    found = steps(connection, stretch.limit(50))
    assert "ix_shelf_entry_shelf_sort_at_identity_entry" in found, found
    assert not re.search(r"SCAN shelf_entry|TEMP B-TREE FOR ORDER|Sort\b", found), found


def test_the_newest_of_everything_are_the_start_of_an_index(connection: Connection) -> None:
    (stretch,) = shelves.stretches(Match(), None)
    found = steps(connection, stretch.limit(50))
    assert "ix_entry_sort_at_identity" in found
    assert "Sort" not in found
    assert "TEMP B-TREE" not in found


def test_bearers_of_a_mark_are_looked_up_in_an_index(connection: Connection) -> None:
    name = connection.dialect.name
    words = pair_words(name, [("link", "1"), ("link", "2")]) | {"per_mark": 59}
    chosen = stories.bearing(name).params(words)
    found = steps(connection, chosen)
    assert scans(found) == [], found
    assert found.count("ix_fingerprint_kind_value_entry") == 2
    first = r"kind=\? AND value=\? AND entry>\?|value = \(?\w+\.value\)?.* AND \(entry >="
    assert re.search(first, found), found


def test_bearers_of_a_key_are_stretches_of_the_primary_key(connection: Connection) -> None:
    name = connection.dialect.name
    keys: Any = [1, 2] if name == "postgresql" else "[1, 2]"
    words = {"keys": keys, "limit": 60}
    found = steps(connection, tellers.bearing(name).params(words))
    first = (
        r"USING PRIMARY KEY \(key=\? AND entry>\?\)"
        if name == "sqlite"
        else r"pk_story_key on story_key\n\s+Index Cond: \(key = \w+\.value\)"
    )
    assert re.search(first, found), found
    assert not re.search(r"Seq Scan|SCAN (story_key|story_sketch|entry)\b", found), found


def test_what_is_due_is_a_stretch_of_an_index(connection: Connection) -> None:
    found = steps(connection, turns.due(NOW))
    assert "ix_poll_state_next_poll_at" in found
    assert not re.search(r"SCAN (poll_state|source)\b", found), found


def test_a_select_is_explained(connection: Connection) -> None:
    """The searcher for scans finds one where there is one."""
    whole = select(revision).where(revision.c.title == "x")
    assert scans(steps(connection, whole)) != []


def test_what_building_a_feed_looks_up_does_not_grow_with_what_it_gave_out(
    connection: Connection,
) -> None:
    """SQLite went through all that a feed ever gave out, for each feed that was built."""
    ids = output.ANNOUNCED.params(of="news", wanted=[1, 2])
    assert re.search(r"entry=\? AND feed=\?|uq_output_item_entry", steps(connection, ids))
    gone = steps(connection, withdrawal.WITHDRAWN.params(of="news", most=50))
    assert re.search(r"entry=\? AND feed=\?|uq_output_item_entry", gone), gone
    assert "ix_entry_withdrawn" in gone
    held = steps(connection, floods.HELD)
    assert "ix_entry_sort_at_identity" in held, held

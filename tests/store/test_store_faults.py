"""What ails the machine or the database is said in one line, without a secret."""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text
from store_cases import NOW, new, plan, ready

from aggregator.errors import StoreError
from aggregator.model.known import Article
from aggregator.model.settings import Match
from aggregator.store import SqlStore, open_store
from aggregator.store.database import Database


def python(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def refusal(url: str, **words: Any) -> str:
    """Return the one line with which a database cannot be opened."""
    with pytest.raises(StoreError) as refused:
        open_store(url, **words)
    line = str(refused.value)
    assert "\n" not in line
    assert line[-1] != "."
    return line


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "the database URL cannot be read; write sqlite:///"),
        ("aggregator.db", "the database URL cannot be read; write sqlite:///"),
        ("postgresql://u:hush@h:port/x", "the database URL cannot be read; write sqlite:///"),
        ("mysql://u:hush@h/x", "no database is called mysql; write sqlite:///"),
        ("sqlite://", "the database URL names no file"),
        ("sqlite:///:memory:", "the database URL names no file"),
        ("postgresql://u:hush@127.0.0.1:1/x?no_such_option=1", "cannot be reached"),
        ("postgresql://u:hush@127.0.0.1:1/x", "x on 127.0.0.1:1 cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_without_its_password(url: str, words: str) -> None:
    line = refusal(url)
    assert words in line
    assert "hush" not in line


def test_short_and_long_schemes_are_one(tmp_path: Path) -> None:
    for scheme in ("sqlite", "sqlite+pysqlite"):
        open_store(f"{scheme}:///{tmp_path / 'aggregator.db'}").close()


# -- PostgreSQL ----------------------------------------------------------------------------------


def test_a_database_nobody_made_is_told(postgres_url: str) -> None:
    line = refusal(postgres_url.rpartition("/")[0] + "/nobody_made_this")
    assert "nobody_made_this on 127.0.0.1" in line
    assert line.endswith("does not exist; make it with createdb")


def test_a_login_that_is_refused_is_told_without_the_password(postgres_url: str) -> None:
    parts = urlsplit(postgres_url)
    url = f"postgresql://nobody_at_all:hush@{parts.hostname}:{parts.port or 5432}{parts.path}"
    line = refusal(url)
    assert line.endswith("refuses the login; check user and password in the database URL")
    assert "hush" not in line


def test_a_user_without_rights_is_told(postgres_url: str, postgres_server: Any) -> None:
    postgres_server.execute("DROP ROLE IF EXISTS aggregator_guest")
    postgres_server.execute("CREATE ROLE aggregator_guest LOGIN PASSWORD 'hush'")
    parts = urlsplit(postgres_url)
    url = f"postgresql://aggregator_guest:hush@{parts.hostname}{parts.path}"
    try:
        line = refusal(url)
    finally:
        postgres_server.execute("DROP ROLE aggregator_guest")
    assert line.endswith("does not allow it; grant this user all rights on the schema")


def test_a_connection_that_the_server_ended_is_made_anew(postgres_url: str) -> None:
    store = open_store(postgres_url)
    store.check()
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    store.check()
    store.close()


# -- locks ---------------------------------------------------------------------------------------


def test_another_programs_lock_is_told_and_tried_again(database_url: str) -> None:
    store = open_store(database_url, wait_s=0.05)
    other = Database(database_url)
    with other.write(), pytest.raises(StoreError, match="is locked by another program"):
        ready(store)
    ready(store)
    assert store.next_due() == NOW
    store.close()
    other.close()


# -- files ---------------------------------------------------------------------------------------


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "aggregator.db").mkdir()
    line = refusal(f"sqlite:///{tmp_path / 'aggregator.db'}")
    assert "aggregator.db cannot be opened; its folder must exist" in line


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    line = refusal(f"sqlite:///{tmp_path / 'not' / 'there.db'}")
    assert "there.db cannot be opened; its folder must exist" in line


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    path.write_bytes(b"not a database, " * 100)
    assert "is no SQLite database; move the file away" in refusal(f"sqlite:///{path}")
    assert path.read_bytes() == b"not a database, " * 100


def test_a_damaged_file_is_told(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    ready(store)
    store.apply(plan(new=tuple(new(str(number)) for number in range(500))))
    store.close()
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    assert refusal(f"sqlite:///{path}").endswith("is damaged; put a backup in its place")


@pytest.fixture
def open_folder(sqlite_template: Path) -> Iterator[Path]:
    """Make a folder that any user may write, with a database that nobody may."""
    folder = Path(tempfile.mkdtemp())
    shutil.copy(sqlite_template, folder / "aggregator.db")
    (folder / "aggregator.db").chmod(0o444)
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


READ_ONLY = """
import os, sys
from aggregator.errors import StoreError
from aggregator.store import open_store

open_store(f"{sys.argv[1]}.warm").close()
if os.geteuid() == 0:  # whom file modes do not stop
    os.seteuid(65534)
try:
    store = open_store(sys.argv[1])
    print(store.artifacts(), store.categories())
    store.outdate(["news"])
except StoreError as error:
    print(error)
"""


@pytest.mark.slow
def test_a_read_only_database_is_served_from_and_says_so_when_it_is_to_be_written(
    open_folder: Path,
) -> None:
    done = python(READ_ONLY, f"sqlite:///{open_folder / 'aggregator.db'}")
    assert done.stderr == ""
    read, told = done.stdout.splitlines()
    assert read == "() {}"
    assert told.endswith("is read-only; let this user write the file and its folder")


def test_a_database_in_a_read_only_folder_is_told(open_folder: Path) -> None:
    """SQLite needs a file beside it, even to read."""
    open_store(f"sqlite:///{open_folder / 'aggregator.db'}.warm").close()
    open_folder.chmod(0o555)
    done = python(READ_ONLY, f"sqlite:///{open_folder / 'aggregator.db'}")
    assert done.stderr == ""
    assert done.stdout.endswith("is read-only; let this user write the file and its folder\n")


def test_a_full_disk_is_told_loses_nothing_and_is_recovered_from(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "aggregator.db"
    shutil.copy(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    ready(store)
    store.apply(plan(new=(new("1"),)))
    big = plan(new=(new("2", article=Article("Big", content="x" * 300_000)),))
    done = python(FULL, f"sqlite:///{path}")
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["told", "cannot grow", "1 entry", "2 entries"]
    store.apply(big)
    assert [one.key.guid for one in store.newest(Match(), since=None, limit=9)] == ["1", "2", "3"]
    store.close()


FULL = f"""
import resource, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from store_cases import new, plan
from aggregator.errors import StoreError
from aggregator.model.known import Article
from aggregator.store import open_store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
try:
    store.apply(plan(new=(new("2", article=Article("Big", content="x" * 300_000)),)))
except StoreError as error:
    print("told")
    print("cannot grow" if "full" in str(error) or "look after the disk" in str(error) else error)
print(store.sources()[0].entries, "entry")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
store.apply(plan(new=(new("3"),)))
print(store.sources()[0].entries, "entries")
"""


def test_a_database_at_its_largest_size_is_told_as_full(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "aggregator.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    told = "cannot grow, the disk is full; free some space"
    with pytest.raises(StoreError, match=told), database.write() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(text("CREATE TABLE big AS SELECT zeroblob(9999999) AS zeros"))
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_a_commit_is_on_the_disk(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "aggregator.db")
    database = Database(f"sqlite:///{tmp_path / 'aggregator.db'}")
    with database.write() as connection:
        found = [
            connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    database.close()


def test_a_fault_of_our_own_keeps_its_traceback(store: SqlStore) -> None:
    ready(store)
    with pytest.raises(ValueError, match="without a zone"):
        store.tidy(NOW.replace(tzinfo=None))

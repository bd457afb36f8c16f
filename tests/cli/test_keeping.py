"""History, takedown and the like on the command line, over a folder of posts."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from msgspec.structs import replace

from aggregator.core import flood
from aggregator.model.known import Article, NewEntry, PollPlan, PollRecord, PollState
from aggregator.model.settings import Match
from aggregator.store import open_store

Invoke = Callable[..., Result]

USAGE = 2
FIRST = "2026-03-01-post.md"
THEN = datetime(2026, 3, 3, tzinfo=UTC)
ENTRY = NewEntry("x", "declared", "", "", Article("One of many"), THEN, THEN, THEN)


def published(folder: Path, path: str = "feeds/all.atom") -> str:
    """Return the feed as it is now."""
    store = open_store(f"sqlite:///{folder / 'instance/aggregator.db'}")
    saved = store.artifact(path)
    store.close()
    assert saved
    return saved.body.decode()


def guid(folder: Path, title: str = "First words") -> str:
    store = open_store(f"sqlite:///{folder / 'instance/aggregator.db'}")
    kept = store.newest(Match(), since=None, limit=9)
    store.close()
    return next(one.key.guid for one in kept if one.article.title == title)


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "posts" / FIRST
    path.write_text(path.read_text().replace(old, new))
    os.utime(path, (9, 9))


@pytest.fixture
def polled(folder: Path, invoke: Invoke) -> Path:
    invoke("poll")
    return folder


def test_a_takedown_and_its_undoing(invoke: Invoke, polled: Path) -> None:
    entry = guid(polled)
    result = invoke("takedown", entry, "--reason", "asked to")
    assert result.stdout == "took back 1 entry; built 2 feeds\n"
    assert "First words" not in published(polled)
    assert "deleted-entry" in published(polled)
    assert "asked to" in invoke("history", entry).stdout
    result = invoke("restore", entry)
    assert result.stdout == "restored 1 entry; built 2 feeds\n"
    assert "First words" in published(polled)
    assert "deleted-entry" not in published(polled)


def test_history_shows_what_changed(invoke: Invoke, polled: Path) -> None:
    entry = guid(polled)
    edit(polled, "Hello", "Hello, \u202edear world\u00a0!")
    invoke("poll", "--force")
    shown = invoke("history", entry).stdout
    assert shown.startswith(f"notes:{entry}\n")
    assert "revision 1, seen" in shown
    assert "revision 2, seen" in shown
    assert "text: [-Hello-] {+Hello, \ufffddear world !+}" in shown


@pytest.mark.parametrize("command", ["history", "takedown", "restore"])
def test_an_entry_nobody_knows_is_told(invoke: Invoke, polled: Path, command: str) -> None:
    result = invoke(command, "https://nowhere.example/")
    assert result.exit_code == USAGE
    assert "no entry has the id, link or guid https://nowhere.example/" in result.stderr


def test_a_feed_that_is_not_held_cannot_be_released(invoke: Invoke, polled: Path) -> None:
    result = invoke("release", "all")
    assert result.exit_code == USAGE
    assert "no feed called all is held" in result.stderr


def test_what_a_flood_holds_back_is_named_and_accepted(
    invoke: Invoke, polled: Path, folder: Path
) -> None:
    held = replace(ENTRY, sort_at=ENTRY.sort_at - flood.BEHIND)
    record = PollRecord("notes", ENTRY.sort_at, "flood", new=1)
    store = open_store(f"sqlite:///{folder / 'instance/aggregator.db'}")
    store.apply(PollPlan(record, PollState(next_poll_at=ENTRY.sort_at), new=(held,)))
    store.close()
    told = "1 entry is held as a flood: `aggregator accept notes` puts them into their places"
    assert told in invoke("status").stdout
    assert "held back   1, as a flood" in invoke("show", "notes").stdout
    assert "1 entry of notes put in place" in invoke("accept", "notes").stdout
    assert "flood" not in invoke("status").stdout
    assert "0 entries of notes put in place" in invoke("accept", "notes").stdout
    result = invoke("accept", "nobody")
    assert result.exit_code == USAGE
    assert "no source is called nobody" in result.stderr


def test_a_folder_has_no_archive_to_take_in(invoke: Invoke, polled: Path) -> None:
    result = invoke("backfill", "notes")
    assert result.exit_code == USAGE
    assert "notes is a folder" in result.stderr

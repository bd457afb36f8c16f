"""What the daemon does at a tick, and how it holds its instance folder."""

import logging
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import app, daemon
from aggregator.config import load_settings
from aggregator.errors import InstanceError, LockHeldError, StoreError
from aggregator.model.events import Round
from aggregator.pipeline import Pipeline

FEEDS = "sources: {notes: {posts: posts, categories: [News], every: 1m}}\n"


class Clock:
    """A time that moves by a minute each time it is looked at."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


class Watched:
    """A daemon's pipeline over a folder of posts, and what its rounds did."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "feeds.yaml"
        self.config.write_text(FEEDS)
        (folder / "posts").mkdir()
        (folder / "posts/2026-03-01-one.md").write_text("---\ntitle: One\n---\nHello\n")
        self.clock = Clock()
        self.fault: Exception | None = None
        self.rounds: list[Round] = []
        self.edits: list[Pipeline] = []
        self.first = app.build(self.config, folder / "instance", self.clock)
        self.live = daemon.Live(self.first, self.rebuild, self.edits.append, self.after)

    def rebuild(self) -> Pipeline:
        settings = load_settings(self.config)
        if self.fault:
            raise self.fault
        pipeline = app.assemble(settings, self.first.store, self.clock, lambda event: None)
        pipeline.start()
        return pipeline

    def after(self, pipeline: Pipeline, done: Round) -> None:
        self.rounds.append(done)
        if self.fault:
            raise self.fault

    def tick(self, *, stopped: bool = False) -> None:
        self.live.tick(lambda: stopped)


@pytest.fixture
def watched(tmp_path: Path, instance: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.first.store.close()


def test_a_tick_polls_what_is_due_and_publishes_it(watched: Watched) -> None:
    watched.tick()
    assert [done.new for done in watched.rounds] == [1]
    assert watched.first.store.artifact("feeds/news.atom") is not None


def test_an_edit_is_taken_up_at_the_next_tick(watched: Watched) -> None:
    watched.tick()
    watched.config.write_text(FEEDS.replace("News", "Olds"))
    watched.tick()
    assert watched.live.pipeline.settings.sources[0].categories == ("Olds",)
    assert watched.edits == [watched.live.pipeline]
    assert watched.first.store.artifact("feeds/olds.atom") is not None


def test_an_edit_of_a_template_has_all_pages_made_anew(watched: Watched) -> None:
    watched.tick()
    templates = watched.config.parent / "templates"
    templates.mkdir()
    (templates / "style.css").write_text("body { color: green }")
    (templates / "feed.html").write_text("<html>{{ feed.title }}{{ entries }}</html>")
    watched.tick()
    store = watched.first.store
    assert store.artifact("style.css").body == b"body { color: green }"  # type: ignore[union-attr]
    assert store.artifact("feeds/news/").body.startswith(b"<html>News<")  # type: ignore[union-attr]
    assert watched.edits == [watched.live.pipeline]
    assert watched.rebuild().publishing.publish(bool) == ()


def test_a_file_that_was_not_edited_is_not_read_again(watched: Watched) -> None:
    watched.tick()
    watched.tick()
    assert watched.live.pipeline is watched.first


def test_a_wrong_edit_is_told_once_and_the_old_settings_go_on(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.config.write_text(FEEDS.replace("posts:", "psts:"))
    watched.tick()
    watched.tick()
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "feeds.yaml was edited and is wrong, the old one goes on:" in record.getMessage()
    assert "psts is no key here (did you mean posts?)" in record.getMessage()
    assert watched.live.pipeline is watched.first
    assert not watched.edits
    assert watched.first.store.artifact("feeds/news.atom") is not None


def test_a_deleted_file_is_told_once_and_taken_up_when_it_returns(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.config.unlink()
    watched.tick()
    watched.tick()
    assert [record.getMessage().count("no such file") for record in caplog.records] == [1]
    watched.config.write_text(FEEDS.replace("News", "Olds"))
    watched.tick()
    assert watched.live.pipeline.settings.sources[0].categories == ("Olds",)


def test_an_edit_that_met_a_locked_database_is_taken_up_later(watched: Watched) -> None:
    watched.config.write_text(FEEDS.replace("News", "Olds"))
    watched.fault = StoreError("the database is locked")
    watched.tick()
    assert watched.live.pipeline is watched.first
    watched.fault = None
    watched.tick()
    assert watched.live.pipeline.settings.sources[0].categories == ("Olds",)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (StoreError("the database is full"), "the database is full; trying again in 10 s"),
        (ZeroDivisionError("oh"), "a fault of the aggregator's own; trying again in 10 s"),
    ],
)
def test_nothing_that_goes_wrong_ends_the_ticks(
    watched: Watched, caplog: pytest.LogCaptureFixture, fault: Exception, words: str
) -> None:
    watched.fault = fault
    watched.tick()
    assert [record.getMessage() for record in caplog.records] == [words]
    watched.fault = None
    watched.tick()
    assert len(watched.rounds) == 2


def test_a_tick_that_is_stopped_tells_nothing(watched: Watched) -> None:
    watched.tick(stopped=True)
    assert watched.rounds == []


def test_only_one_daemon_holds_an_instance_folder(tmp_path: Path) -> None:
    second = pytest.raises(LockHeldError, match=f"process {os.getpid()} runs on {tmp_path}")
    with daemon.hold(tmp_path), second:
        daemon.hold(tmp_path).__enter__()
    with daemon.hold(tmp_path):
        assert (tmp_path / daemon.LOCK).read_text() == f"{os.getpid()}\n"


def test_an_instance_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / daemon.LOCK).mkdir()
    with pytest.raises(InstanceError, match=r"cannot write .*: Is a directory"):
        daemon.hold(tmp_path).__enter__()


def test_the_starter_is_laid_where_nothing_is(tmp_path: Path) -> None:
    app.lay_starter(tmp_path)
    settings = load_settings(tmp_path / "feeds.yaml", {})
    posts = next(source for source in settings.sources if source.kind == "posts")
    files = list(Path(posts.location).glob("*.md"))
    assert len(files) == 3
    assert all(time.time() - path.stat().st_mtime > 30 for path in files), "young files must wait"


def test_the_starter_takes_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("mine")
    app.lay_starter(tmp_path)
    assert (tmp_path / "feeds.yaml").read_text() == "mine"


def test_a_folder_that_takes_no_starter_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs").write_text("in the way")
    with pytest.raises(InstanceError, match="cannot write the starter"):
        app.lay_starter(tmp_path)


def test_one_that_is_restarted_every_day_tidies_up_too(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    live = Watched(tmp_path).live
    jobs = daemon.scheduled(live, lambda: False, now).get_jobs()
    tidying = next(job for job in jobs if job.func == live.tidy)
    assert now < tidying.next_run_time < now + timedelta(hours=1)
    assert tidying.trigger.interval == timedelta(days=1)

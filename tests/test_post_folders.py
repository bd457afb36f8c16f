"""A folder of posts, all the way into feeds: what a person who writes one would expect."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from aggregator import app
from aggregator.model.fetched import Answer
from aggregator.pipeline import Kind, Pipeline

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

FEEDS = """
site: {url: "https://feeds.example/", title: Test feeds, tag: "feeds.example,2026"}
sources:
  papers:
    posts: posts
    categories: front-matter
    timezone: Asia/Shanghai
    link: body
    every: 1h
"""

ARTICLE = """---
layout: post
title: "{title}"
date: 2026-02-17 08:01:58 +08:00
categories: harbourpost
tags: [ferries]
---
The harbour was closed in the morning when the ferry lost its rudder and drifted to the pier.
Nobody was hurt, and the next boat left at noon.

<https://news.example/share?code={code}>
"""


@dataclass
class Case:
    """A folder, its aggregator and its clock."""

    folder: Path
    pipeline: Pipeline
    moment: list[datetime]

    def write(self, name: str, text: str, age_s: int = 60) -> Path:
        path = self.folder / "posts" / name
        path.write_text(text, encoding="utf-8")
        stamp = (START - timedelta(seconds=age_s)).timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def poll(self, after: timedelta = 2 * HOUR) -> tuple[int, int]:
        """Return how many entries are new and changed."""
        self.moment[0] += after
        done = self.pipeline.poll_due()
        return done.new, done.changed

    def entries(self, slug: str = "harbourpost") -> list[feedparser.FeedParserDict]:
        artifact = self.pipeline.store.artifact(f"feeds/{slug}.atom")
        return list(feedparser.parse(artifact.body).entries) if artifact else []


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    (tmp_path / "posts").mkdir()
    moment = [START]
    pipeline = app.build(tmp_path / "feeds.yaml", tmp_path / "instance", lambda: moment[0])
    yield Case(tmp_path, pipeline, moment)
    pipeline.store.close()


def test_a_post_comes_out_with_its_title_date_category_tag_and_true_link(case: Case) -> None:
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    assert case.poll() == (1, 0)
    (entry,) = case.entries()
    assert entry.title == "Harbour closed"
    assert entry.published == "2026-02-17T00:01:58Z"
    assert entry.link == "https://news.example/share?code=A1"
    assert {tag.term for tag in entry.tags} == {"harbourpost", "ferries"}


def test_one_bad_post_harms_no_other(case: Case) -> None:
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    case.write("2026-02-17-A2.md", ARTICLE.format(title='A "quoted" title', code="A2"))
    case.poll()
    assert sorted(entry.title for entry in case.entries()) == ['A "quoted" title', "Harbour closed"]
    (record,) = case.pipeline.store.log("papers", 1)
    assert record.message is not None
    assert record.message.startswith("2026-02-17-A2.md:3: ")


def test_a_renamed_post_is_no_news_and_its_edits_are_updates(case: Case) -> None:
    text = ARTICLE.replace("<https://news.example/share?code={code}>", "")
    path = case.write("2026-02-17-old.md", text.format(title="Harbour closed"))
    case.poll()
    (before,) = case.entries()
    path.unlink()
    case.write("2026-02-17-new.md", text.format(title="Harbour closed"), 30)
    assert case.poll() == (0, 0)
    case.write("2026-02-17-new.md", text.format(title="Harbour closed, and open again"), 20)
    assert case.poll() == (0, 1)
    (after,) = case.entries()
    assert (after.id, after.title) == (before.id, "Harbour closed, and open again")


def test_a_post_touched_but_not_edited_changes_nothing(case: Case) -> None:
    path = case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    case.poll()
    os.utime(path)
    assert case.poll() == (0, 0)


def test_a_future_post_appears_when_it_is_due_and_no_file_was_touched(case: Case) -> None:
    text = ARTICLE.format(title="Later", code="A9").replace(
        "2026-02-17 08:01:58 +08:00", "2026-03-02 20:00:00 +00:00"
    )
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    case.write("2026-03-02-A9.md", text)
    assert case.poll() == (1, 0)
    assert case.poll() == (0, 0)
    assert case.poll(8 * HOUR) == (1, 0)
    assert [entry.title for entry in case.entries()] == ["Later", "Harbour closed"]


def test_an_emptied_folder_deletes_nothing_and_is_told(case: Case) -> None:
    path = case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    case.poll()
    path.unlink()
    case.poll()
    assert len(case.entries()) == 1
    (known,) = case.pipeline.store.sources()
    assert known.state.failures == 1


def killed(*requests: object) -> Iterator[Answer]:
    """Scan a folder in a process that is killed meanwhile: nothing is caught, nothing noted."""
    raise KeyboardInterrupt


def test_a_scan_that_was_killed_is_made_again_after_a_minute(case: Case) -> None:
    """A folder asks nobody: it waited out the quarter of an hour that spares servers."""
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    posts = case.pipeline.kinds["posts"]
    dying = replace(case.pipeline, kinds={"posts": Kind(killed, posts.parse)})
    with pytest.raises(KeyboardInterrupt):
        dying.poll_due()
    assert case.poll(timedelta(seconds=59)) == (0, 0)
    assert case.poll(timedelta(seconds=1)) == (1, 0)

"""A folder of posts, all the way into feeds: what a person who writes one would expect."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from msgspec.structs import replace

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

    def poll_with(self, more: str) -> tuple[int, int]:
        """Poll by other settings of the source, as after an edit of feeds.yaml."""
        self.pipeline.store.close()
        self.pipeline = _pipeline(self.folder, self.moment, more)
        return self.poll()

    def gone(self, slug: str = "harbourpost") -> list[str]:
        """Return the ids a feed says it took back (RFC 6721)."""
        artifact = self.pipeline.store.artifact(f"feeds/{slug}.atom")
        assert artifact
        return re.findall(r'deleted-entry[^>]* ref="([^"]+)"', artifact.body.decode())

    def notices(self) -> list[str]:
        return [notice.kind for notice in self.pipeline.store.notices(10)]


def _pipeline(folder: Path, moment: list[datetime], more: str) -> Pipeline:
    (folder / "feeds.yaml").write_text(FEEDS + more)
    return app.build(folder / "feeds.yaml", folder / "instance", lambda: moment[0])


def _case(folder: Path, more: str = "") -> Iterator[Case]:
    (folder / "posts").mkdir()
    moment = [START]
    case = Case(folder, _pipeline(folder, moment, more), moment)
    yield case
    case.pipeline.store.close()


@pytest.fixture
def case(tmp_path: Path, instance: Path) -> Iterator[Case]:
    yield from _case(tmp_path)


REMOVE = "    deleted: remove\n"


@pytest.fixture
def removing(tmp_path: Path, instance: Path) -> Iterator[Case]:
    """Return a folder whose deleted posts end."""
    yield from _case(tmp_path, REMOVE)


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


def test_a_post_of_signs_no_file_can_hold_comes_out_without_them(case: Case) -> None:
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    front = (
        '"title": "Odd \\ud800 title\\u0008", "date": "2026-02-17", "categories": ["harbourpost"]'
    )
    case.write(
        "2026-02-17-A2.md", "---json\n{" + front + "}\n---\n<https://news.example/share?code=A2>"
    )
    assert case.poll() == (2, 0)
    titles = sorted(entry.title for entry in case.entries())
    assert titles == ["Harbour closed", "Odd title"]


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


def test_the_folder_is_looked_at_the_very_moment_a_future_post_is_due(case: Case) -> None:
    due = START + timedelta(hours=8, minutes=23, seconds=7)
    stated = f"{due:%Y-%m-%d %H:%M:%S} +00:00"
    text = ARTICLE.format(title="Later", code="A9").replace("2026-02-17 08:01:58 +08:00", stated)
    case.write("2026-03-02-A9.md", text)
    case.write("2026-02-17-A1.md", ARTICLE.format(title="Harbour closed", code="A1"))
    case.poll()
    while (moment := case.pipeline.store.next_due()) and moment < due:
        assert case.poll(moment - case.moment[0]) == (0, 0)
    assert moment == due
    assert case.poll(due - case.moment[0]) == (1, 0)


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


# -- deleted posts -------------------------------------------------------------------------------


def _write(case: Case, *codes: str) -> dict[str, Path]:
    """Write posts that share no words, for like texts would be one story."""
    text = ARTICLE.replace("The harbour was closed", "{code} {code} {code}. The harbour was closed")
    return {
        code: case.write(f"2026-02-17-{code}.md", text.format(title=f"News of {code}", code=code))
        for code in codes
    }


def _titles(case: Case) -> list[str]:
    return sorted(entry.title.removeprefix("News of ") for entry in case.entries())


def test_by_default_the_entry_of_a_deleted_post_stays(case: Case) -> None:
    posts = _write(case, "A1", "A2")
    case.poll()
    posts["A1"].unlink()
    case.poll()
    assert _titles(case) == ["A1", "A2"]


def test_a_deleted_post_is_withdrawn_with_a_tombstone_and_returns_under_its_old_id(
    removing: Case,
) -> None:
    posts = _write(removing, "A1", "A2", "A3")
    removing.poll()
    (old,) = (entry.id for entry in removing.entries() if entry.title == "News of A1")
    posts["A1"].unlink()
    assert removing.poll() == (0, 0)
    assert (_titles(removing), removing.gone()) == (["A2", "A3"], [old])
    _write(removing, "A1")
    assert removing.poll() == (0, 0)
    assert (_titles(removing), removing.gone()) == (["A1", "A2", "A3"], [])
    assert old in [entry.id for entry in removing.entries()]


def test_a_deleted_post_that_comes_back_edited_says_its_new_words(removing: Case) -> None:
    posts = _write(removing, "A1", "A2")
    removing.poll()
    text = posts["A1"].read_text().replace("News of A1", "News of A1, again")
    posts["A1"].unlink()
    removing.poll()
    removing.write("2026-02-17-A1.md", text)
    assert removing.poll() == (0, 1)
    assert _titles(removing) == ["A1, again", "A2"]


def test_a_post_made_a_draft_is_withdrawn(removing: Case) -> None:
    posts = _write(removing, "A1", "A2")
    removing.poll()
    text = posts["A1"].read_text().replace("layout: post", "published: false")
    removing.write("2026-02-17-A1.md", text)
    removing.poll()
    assert _titles(removing) == ["A2"]


def test_a_post_that_comes_back_under_another_name_is_the_old_one(removing: Case) -> None:
    text = ARTICLE.replace("<https://news.example/share?code={code}>", "")
    _write(removing, "A2")
    path = removing.write("2026-02-17-old.md", text.format(title="Harbour closed"))
    removing.poll()
    (old,) = (entry.id for entry in removing.entries() if entry.title == "Harbour closed")
    path.unlink()
    removing.poll()
    assert _titles(removing) == ["A2"]
    removing.write("2026-02-17-new.md", text.format(title="Harbour closed"))
    assert removing.poll() == (0, 0)
    assert old in [entry.id for entry in removing.entries()]


def test_a_renamed_post_is_not_taken_for_a_deleted_one(removing: Case) -> None:
    text = ARTICLE.replace("<https://news.example/share?code={code}>", "")
    _write(removing, "A2")
    path = removing.write("2026-02-17-old.md", text.format(title="Harbour closed"))
    removing.poll()
    path.unlink()
    removing.write("2026-02-17-new.md", text.format(title="Harbour closed"))
    assert removing.poll() == (0, 0)
    assert (_titles(removing), removing.gone()) == (["A2", "Harbour closed"], [])


def test_what_the_operator_took_down_does_not_return_with_its_file(removing: Case) -> None:
    posts = _write(removing, "A1", "A2")
    removing.poll()
    store = removing.pipeline.store
    (key,) = (one.key for one in store.find("https://news.example/share?code=A1"))
    posts["A1"].unlink()
    removing.poll()
    store.withdraw([key], removing.moment[0], "by a judge's order")
    _write(removing, "A1")
    removing.poll()
    assert _titles(removing) == ["A2"]


def test_an_unmounted_folder_deletes_nothing(removing: Case) -> None:
    _write(removing, "A1", "A2")
    removing.poll()
    (removing.folder / "posts").rename(removing.folder / "elsewhere")
    removing.poll()
    (removing.folder / "posts").mkdir()
    removing.poll()
    assert _titles(removing) == ["A1", "A2"]


def test_while_a_file_cannot_be_read_nothing_is_deleted(removing: Case) -> None:
    posts = _write(removing, "A1", "A2", "A3")
    removing.poll()
    posts["A1"].unlink()
    posts["A2"].write_bytes(b"\x00\x01 no text")
    os.utime(posts["A2"], (START.timestamp() - 60, START.timestamp() - 60))
    removing.poll()
    assert _titles(removing) == ["A1", "A2", "A3"]
    _write(removing, "A2")
    removing.poll()
    assert _titles(removing) == ["A2", "A3"]


def test_most_posts_gone_at_once_are_held_and_told_until_the_operator_believes_it(
    removing: Case,
) -> None:
    codes = [f"A{number}" for number in range(9)]
    posts = _write(removing, *codes)
    removing.poll()
    for code in codes[:5]:
        posts[code].unlink()
    removing.poll()
    posts[codes[5]].unlink()
    removing.poll()
    assert _titles(removing) == codes
    assert removing.notices() == ["missing"]
    removing.poll_with("    deleted: remove-all\n")
    assert _titles(removing) == codes[6:]
    assert len(removing.gone()) == 6


def test_most_posts_gone_at_once_may_come_back(removing: Case) -> None:
    codes = [f"A{number}" for number in range(9)]
    posts = _write(removing, *codes)
    removing.poll()
    for code in codes[:5]:
        posts[code].unlink()
    removing.poll()
    _write(removing, *codes[1:5])
    removing.poll()
    assert _titles(removing) == codes[1:]


# -- out again -----------------------------------------------------------------------------------

OUT = """
publish:
  - posts: site/_posts
    engine: jekyll
    keep: {days: 30, archive: site/old}
"""


def test_a_post_that_is_too_old_goes_on_a_day_without_news(case: Case) -> None:
    _write(case, "A1", "A2")
    case.poll_with(OUT)
    site = case.folder / "site"
    names = [path.name for path in (site / "_posts").glob("*.md")]
    assert len(names) == 2
    case.poll(timedelta(days=16))
    assert len([*(site / "_posts").glob("*.md")]) == 2
    case.moment[0] = datetime(2026, 3, 19, 0, 1, 58, tzinfo=UTC)
    case.pipeline.publishing.publish(bool)
    assert len([*(site / "_posts").glob("*.md")]) == 2
    case.moment[0] += timedelta(seconds=1)
    case.pipeline.publishing.publish(bool)
    assert {path.name for path in (site / "old").glob("*.md")} == set(names)
    assert [*(site / "_posts").glob("*.md")] == []

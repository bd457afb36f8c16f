"""What is written for a static site, and what is left alone."""

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace
from publisher_cases import (
    DAY,
    ENGINES,
    NASTY_BODY,
    NASTY_TITLES,
    NOW,
    PAPER,
    SITE,
    article,
    item,
    posts_in,
    publication,
    read_back,
    target,
)

from aggregator.core.html import plain_text, sanitize
from aggregator.errors import PublishError
from aggregator.model.parsed import Person, Term
from aggregator.model.settings import PostsTarget
from aggregator.model.shown import Item, Publication, Via, Withdrawn
from aggregator.publishers.keeping import Published
from aggregator.publishers.posts import PostsPublisher


def publish(goal: PostsTarget, *feeds: Publication, now: datetime = NOW) -> Published:
    return PostsPublisher(goal, SITE)(feeds, now)


def facts(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """Return bytes, inode and mtime of everything in a folder, hidden files included."""
    return {
        path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.iterdir()
    }


def text(folder: Path) -> str:
    (path,) = posts_in(folder)
    return path.read_text(encoding="utf-8")


# -- the round trip ------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_written_is_read_back_the_same(tmp_path: Path, engine: str) -> None:
    stories = [
        item(number, title=title, article=article(NASTY_BODY), updated=NOW)
        for number, title in enumerate(NASTY_TITLES, 1)
    ]
    feeds = (publication(*stories), publication(*stories[:3], slug="tea", title="Tea & more"))
    publish(target(tmp_path, engine), *feeds)
    entries = {entry.guid: entry for entry in read_back(tmp_path, engine)}
    assert entries.keys() == {story.id for story in stories}
    for number, story in enumerate(stories):
        entry = entries[story.id]
        assert entry.link == story.link
        assert entry.title.value == story.title
        assert (entry.published, entry.updated) == (story.published, story.updated)
        filed = ("News", "Tea & more") if number < 3 else ("News",)
        assert entry.categories == filed
        assert entry.content is not None
        assert plain_text(sanitize(entry.content.value)) == plain_text(NASTY_BODY)


@pytest.mark.parametrize("engine", ENGINES)
def test_preformatted_text_comes_back_line_by_line(tmp_path: Path, engine: str) -> None:
    code = "<pre>a\n\n\n    b\n\t\n```\n---\n</pre>"
    publish(target(tmp_path, engine), publication(item(article=article(f"<div>{code}</div>"))))
    (entry,) = read_back(tmp_path, engine)
    assert entry.content is not None
    assert code in sanitize(entry.content.value)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_cannot_hold_comes_back_all_the_same(tmp_path: Path, engine: str) -> None:
    story = item(id="https://paper.example/" + "x" * 1000, title='A <b>"bold"</b> title')
    names = ("Tea, coffee; milk", "<i>Notes</i>", "No")
    feeds = [publication(story, title=name, slug=name[0].lower()) for name in names]
    publish(target(tmp_path, engine), *feeds)
    (entry,) = read_back(tmp_path, engine)
    assert (entry.guid, entry.title.value) == (story.id, story.title)
    assert entry.categories == names


def test_tags_and_authors_come_back(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item()))
    (entry,) = read_back(tmp_path, "jekyll")
    assert (entry.terms, entry.authors) == ((Term("tea"),), (Person("Jane Doe"),))


# -- one post ------------------------------------------------------------------------------------


def test_a_post_for_jekyll_looks_so(tmp_path: Path) -> None:
    goal = target(
        tmp_path, front_matter=(("layout", "post"), ("comments", "false")), body="summary"
    )
    story = item(title='A "b": c', updated=NOW, article=article(language="en-GB"))
    publish(replace(goal, timezone="Asia/Shanghai"), publication(story))
    (path,) = posts_in(tmp_path)
    assert path.name == "2026-03-02-782f091f2b08a5ae-a-b-c.md"
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.read_text(encoding="utf-8") == (
        "---\n"
        'title: "A \\"b\\": c"\n'
        'date: "2026-03-02T19:00:00+08:00"\n'
        'last_modified_at: "2026-03-02T20:00:00+08:00"\n'
        'categories: ["News"]\n'
        "tags: []\n"
        'source_id: "https://paper.example/1"\n'
        'source_url: "https://paper.example/1"\n'
        'canonical_url: "https://paper.example/1"\n'
        'source_name: "The Paper"\n'
        'republished_by: "tag:feeds.example,2026:posts"\n'
        'layout: "post"\n'
        "comments: false\n"
        "---\n"
        '<div lang="en-GB">\n'
        "<p>In short</p>\n"
        '<p class="source">'
        '<a href="https://paper.example/1" rel="nofollow noopener">The Paper</a></p>\n'
        "</div>\n"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_no_line_of_a_body_is_blank_or_markdown(tmp_path: Path, engine: str) -> None:
    publish(target(tmp_path, engine), publication(item(article=article(NASTY_BODY))))
    body = text(tmp_path)[text(tmp_path).index("<div>") :]
    assert all(line.startswith("<") for line in body.rstrip("\n").split("\n"))
    assert "{" not in body
    assert "}" not in body


@pytest.mark.parametrize(
    ("how", "shown"),
    [
        ("full", "<p>At length</p>\n"),
        ("summary", "<p>In short</p>\n"),
        ("link", ""),
    ],
)
def test_as_much_is_shown_as_the_operator_says(tmp_path: Path, how: str, shown: str) -> None:
    publish(target(tmp_path, body=how), publication(item()))
    assert f'<div>\n{shown}<p class="source">' in text(tmp_path)


def test_a_summary_that_is_the_whole_article_is_cut(tmp_path: Path) -> None:
    story = item(article=article("", summary=f"<p>{'word ' * 1000}</p>"))
    publish(target(tmp_path, body="summary"), publication(story))
    assert "word word…</p>" in text(tmp_path)
    assert len(text(tmp_path)) < 1500


def test_what_acts_is_taken_out_once_more(tmp_path: Path) -> None:
    story = item(article=article('<p onclick="x()">a</p><script>y()</script>'))
    publish(target(tmp_path), publication(story))
    assert "<div>\n<p>a</p>\n" in text(tmp_path)


def test_other_sources_of_the_story_are_named(tmp_path: Path) -> None:
    other = Via("The <Other>", "https://other.example/1")
    publish(target(tmp_path), publication(item(via=(other,))))
    assert (
        ', <a href="https://other.example/1" rel="nofollow noopener">The &lt;Other&gt;</a></p>'
        in text(tmp_path)
    )


def test_a_story_without_an_address_names_its_source(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(link=None, source=replace(PAPER, link=None))))
    assert '<p class="source">The Paper</p>' in text(tmp_path)
    assert "source_url" not in text(tmp_path)


def test_an_untitled_story_is_called_by_its_first_words(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(title="")))
    assert 'title: "In short"\n' in text(tmp_path)


def test_a_title_that_turns_the_page_around_is_turned_back(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(title="a\u202eb\x85c\u2028d")))
    assert 'title: "a b c d"\n' in text(tmp_path)


def test_the_day_in_the_name_is_the_sites(tmp_path: Path) -> None:
    late = item(published=datetime(2026, 3, 2, 17, tzinfo=UTC))
    publish(target(tmp_path, timezone="Asia/Shanghai"), publication(late))
    assert posts_in(tmp_path)[0].name.startswith("2026-03-03-")


def test_hexo_is_told_the_time_by_the_sites_clock(tmp_path: Path) -> None:
    """With ``timezone`` set it moves every date by the machine's zone, offset or none."""
    publish(target(tmp_path, "hexo", timezone="Asia/Shanghai"), publication(item()))
    assert 'date: "2026-03-02 19:00:00"\n' in text(tmp_path)


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_dates_at_the_ends_of_time_are_written(tmp_path: Path, year: int) -> None:
    moment = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 23, tzinfo=UTC)
    for zone in ("America/New_York", "Asia/Shanghai"):
        goal = target(tmp_path / zone[:3], timezone=zone)
        publish(goal, publication(item(published=moment, updated=moment)))
        assert len(posts_in(goal.folder)) == 1


# -- one story, one file -------------------------------------------------------------------------


def test_a_story_in_two_categories_is_one_file(tmp_path: Path) -> None:
    done = publish(target(tmp_path), publication(item()), publication(item(), slug="tea"))
    assert done == Published(written=1)
    assert 'categories: ["News", "Tea"]\n' in text(tmp_path)


def test_a_category_that_is_not_given_this_time_is_remembered(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item()), publication(item(), slug="tea"))
    edited = item(title="Edited", updated=NOW)
    assert publish(target(tmp_path), publication(edited, slug="tea")).written == 1
    assert 'title: "Edited"\n' in text(tmp_path)
    assert 'categories: ["News", "Tea"]\n' in text(tmp_path)


def test_another_title_category_or_date_never_moves_a_file(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item()))
    before = posts_in(tmp_path)
    moved = item(title="Other", published=NOW - 40 * DAY, updated=NOW)
    publish(target(tmp_path, timezone="Asia/Shanghai"), publication(moved, slug="tea"))
    assert posts_in(tmp_path) == before


def test_a_story_that_left_the_window_stays(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(1), item(2)))
    done = publish(target(tmp_path), publication(item(1)))
    assert (done.kept, done.removed, len(posts_in(tmp_path))) == (1, 0, 2)


def test_a_story_that_was_taken_back_goes(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(1), item(2)), publication(item(2), slug="tea"))
    gone = tuple(Withdrawn(item(number).id, NOW) for number in (1, 2))
    done = publish(target(tmp_path), publication(withdrawn=gone))
    assert done.removed == 1
    assert "Tea" in text(tmp_path)


def test_a_feed_that_is_complete_says_what_is_no_more(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(1), item(2)))
    assert publish(target(tmp_path), publication(item(1), complete=True)).removed == 1


def test_only_the_feeds_asked_for_are_written(tmp_path: Path) -> None:
    both = (publication(item(1)), publication(item(2), slug="tea"))
    publish(target(tmp_path, feeds=("tea",)), *both)
    assert 'title: "Story 2"' in text(tmp_path)


def test_posts_of_a_feed_that_is_no_longer_asked_for_go(tmp_path: Path) -> None:
    both = (publication(item(1)), publication(item(2), slug="tea"))
    publish(target(tmp_path), *both)
    assert publish(target(tmp_path, feeds=("tea",)), *both).removed == 1


# -- again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_second_time_touches_no_file(tmp_path: Path, engine: str) -> None:
    goal = target(tmp_path / "posts", engine, index_pages=tmp_path / "pages", keep_days=3)
    feeds = (publication(item(1), item(2)), publication(item(2), slug="tea"))
    publish(goal, *feeds)
    before = facts(goal.folder), facts(tmp_path / "pages")
    assert publish(goal, *feeds, now=NOW + DAY) == Published(kept=4)
    assert (facts(goal.folder), facts(tmp_path / "pages")) == before


def test_a_post_that_somebody_deleted_or_edited_is_written_again(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item(1), item(2)))
    first, second = posts_in(tmp_path)
    before = first.read_bytes(), second.read_bytes()
    first.unlink()
    second.write_text("edited")
    assert publish(target(tmp_path), publication(item(1), item(2))).written == 2
    assert (first.read_bytes(), second.read_bytes()) == before


# -- retention -----------------------------------------------------------------------------------


def aged(days: float, number: int = 1) -> Item:
    return item(number, published=NOW - days * DAY, updated=NOW - days * DAY)


def test_old_posts_go_by_the_date_of_the_entry(tmp_path: Path) -> None:
    goal = target(tmp_path, keep_days=3)
    publish(goal, publication(aged(2.9, 1), aged(1, 2)))
    assert publish(goal, publication(aged(2.9, 1), aged(1, 2)), now=NOW + 0.2 * DAY).removed == 1
    assert len(posts_in(tmp_path)) == 1


def test_it_says_when_its_oldest_post_goes(tmp_path: Path) -> None:
    goal = target(tmp_path, keep_days=3)
    publisher = PostsPublisher(goal, SITE)
    assert publisher.again_at() is None
    publisher([publication(aged(1, 1), aged(2, 2))], NOW)
    moment = publisher.again_at()
    assert moment is not None
    assert timedelta() < moment - (NOW + DAY) < timedelta(minutes=1)
    assert publisher([publication()], moment - timedelta(seconds=2)).removed == 0
    assert publisher([publication()], moment).removed == 1
    assert publisher.again_at() == moment + DAY
    publisher([publication()], moment + DAY)
    assert publisher.again_at() is None


def test_where_age_takes_no_post_none_goes_by_itself(tmp_path: Path) -> None:
    publisher = PostsPublisher(target(tmp_path, keep_posts=1), SITE)
    publisher([publication(aged(1, 1), aged(2, 2))], NOW)
    assert publisher.again_at() is None


def test_a_slow_source_that_still_lists_an_old_story_changes_nothing(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", keep_days=3, archive=tmp_path / "old")
    publish(goal, publication(aged(2)))
    assert publish(goal, publication(aged(2)), now=NOW + 2 * DAY).archived == 1
    for _ in range(2):
        assert publish(goal, publication(aged(2)), now=NOW + 2 * DAY) == Published()
    assert (posts_in(tmp_path / "posts"), len(posts_in(tmp_path / "old"))) == ([], 1)


def test_posts_go_to_the_archive_as_they_are(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", keep_posts=1, archive=tmp_path / "a" / "old")
    publish(goal, publication(aged(1)))
    (path,) = posts_in(goal.folder)
    body = path.read_bytes()
    publish(goal, publication(aged(0, 2)))
    assert (tmp_path / "a" / "old" / path.name).read_bytes() == body
    assert len(posts_in(goal.folder)) == 1


def test_the_archive_may_be_on_another_disk(tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system at /dev/shm")
    with TemporaryDirectory(dir=shared) as name:
        goal = target(tmp_path, keep_days=3, archive=Path(name) / "old")
        publish(goal, publication(aged(1)))
        (path,) = posts_in(tmp_path)
        body = path.read_bytes()
        assert publish(goal, publication(), now=NOW + 9 * DAY).archived == 1
        assert posts_in(tmp_path) == []
        assert (Path(name) / "old" / path.name).read_bytes() == body


def test_the_newest_are_kept(tmp_path: Path) -> None:
    goal = target(tmp_path, keep_posts=2)
    publish(goal, publication(*(aged(number, number) for number in range(1, 6))))
    publish(goal, publication(aged(0.5, 9), slug="tea"))
    titles = [path.read_text().split("\n")[1] for path in posts_in(tmp_path)]
    assert sorted(titles) == ['title: "Story 1"', 'title: "Story 9"']


# -- foreign files -------------------------------------------------------------------------------


def test_files_of_others_stay_whatever_happens(tmp_path: Path) -> None:
    own = tmp_path / "2020-01-01-my-own.md"
    own.write_text("mine")
    goal = target(tmp_path, keep_posts=1)
    publish(goal, publication(item(1), item(2)))
    publish(replace(goal, feeds=("tea",)), publication(item(3), slug="tea"))
    assert own.read_text() == "mine"


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_in_the_way_is_refused_and_the_others_are_written(
    tmp_path: Path, kind: str
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    goal = target(tmp_path / "posts")
    publish(target(tmp_path / "names"), publication(item(1)))
    place = goal.folder / posts_in(tmp_path / "names")[0].name
    place.parent.mkdir()
    if kind == "file":
        place.write_text("mine")
    elif kind == "link":
        place.symlink_to(outside)
    else:
        place.mkdir()
    for _ in range(2):
        done = publish(goal, publication(item(1), item(2)))
        assert done.refused == (f"{place} is a {kind} that is not ours; move it away",)
        assert outside.read_text() == "mine"
        assert len(posts_in(goal.folder)) == 2
        assert not place.is_file() or place.read_text() == "mine"


def test_a_post_replaced_by_a_link_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    goal = target(tmp_path / "posts", keep_days=3)
    publish(goal, publication(item()))
    (path,) = posts_in(goal.folder)
    path.unlink()
    path.symlink_to(outside)
    assert publish(goal, publication(item(title="New"))).refused
    publish(goal, publication(), now=NOW + 9 * DAY)
    assert path.is_symlink()
    assert outside.read_text() == "mine"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"owner": "jekyll posts", "files": {"../outside": {}}}',
        b'{"owner": "jekyll posts", "files": {"a.md": []}}',
        b'{"owner": "jekyll posts", "files": {"a.md": {"id": "x"}}}',
        b'{"owner": "jekyll posts", "files": {"a.md": {"id": "x", "published": "?", "feeds": []}}}',
    ],
)
def test_a_damaged_manifest_stops_all(tmp_path: Path, body: bytes) -> None:
    (tmp_path / ".aggregator-posts.json").write_bytes(body)
    with pytest.raises(PublishError, match="damaged; put a copy back, or move all away"):
        publish(target(tmp_path), publication(item()))
    assert posts_in(tmp_path) == []


def test_a_folder_belongs_to_one_engine(tmp_path: Path) -> None:
    publish(target(tmp_path, "jekyll"), publication(item()))
    with pytest.raises(PublishError, match="was written for jekyll posts; name another folder"):
        publish(target(tmp_path, "hugo"), publication(item()))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item()))
    with (tmp_path / ".aggregator-posts.json.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PublishError, match="another run is writing"):
            publish(target(tmp_path), publication(item(2)))
    assert publish(target(tmp_path), publication(item(2))).written == 1


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / ".aggregator-0123456789abcdef.tmp"
    left.write_text("half a po")
    other = tmp_path / ".other.tmp"
    other.write_text("mine")
    publish(target(tmp_path), publication(item()))
    assert not left.exists()
    assert other.exists()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file" / "posts", Path("/proc/posts")):
        with pytest.raises(PublishError) as caught:
            publish(target(folder), publication(item()))
        assert str(caught.value).startswith(f"cannot write {folder}: ")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"engine": "word"}, "word is no engine; known are jekyll, hexo, hugo"),
        ({"timezone": "Mars/Base"}, "Mars/Base is no time zone"),
        ({"archive": Path("/srv/posts")}, "need folders of their own"),
        ({"index_pages": Path("/srv/posts")}, "need folders of their own"),
    ],
)
def test_a_target_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    goal = replace(target(Path("/srv/posts")), **change)  # type: ignore[arg-type]
    with pytest.raises(PublishError, match=words):
        PostsPublisher(goal, SITE)


# -- category pages ------------------------------------------------------------------------------


def test_the_page_of_a_category_carries_its_own_name_and_feeds(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", index_pages=tmp_path / "category")
    publish(goal, publication(item(1)), publication(item(2), slug="tea", title='Tea "{{ x }}"'))
    news, tea = (path.read_text() for path in posts_in(tmp_path / "category"))
    assert news.startswith('---\ntitle: "News"\nlayout: "default"\ncategory: "News"\n---\n')
    assert tea.startswith('---\ntitle: "Tea \\"{{ x }}\\""\n')
    assert "site.categories[page.category]" in tea
    assert 'href="https://feeds.example/feeds/tea.atom">Atom</a>' in tea


def test_a_jekyll_page_does_not_change_with_its_posts(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", index_pages=tmp_path / "category")
    publish(goal, publication(item(1)))
    before = facts(tmp_path / "category")
    publish(goal, publication(item(1), item(2)))
    assert facts(tmp_path / "category") == before


def test_the_page_of_a_category_that_is_no_longer_asked_for_goes(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", index_pages=tmp_path / "category")
    own = tmp_path / "category" / "own.html"
    publish(goal, publication(item(1)), publication(item(2), slug="tea"))
    own.write_text("mine")
    publish(replace(goal, feeds=("tea",)))
    assert [path.name for path in posts_in(tmp_path / "category")] == ["own.html", "tea.html"]


def test_elsewhere_the_page_lists_the_stories(tmp_path: Path) -> None:
    goal = target(tmp_path / "posts", "hugo", index_pages=tmp_path / "category")
    publish(goal, publication(item(1, title="A {{ b }}")))
    (page,) = posts_in(tmp_path / "category")
    assert (
        '<li><a href="https://paper.example/1" rel="nofollow noopener">A &#123;&#123; b'
        " &#125;&#125;</a> 2026-03-02</li>"
    ) in page.read_text()


def test_the_manifest_is_readable(tmp_path: Path) -> None:
    publish(target(tmp_path), publication(item()))
    said = json.loads((tmp_path / ".aggregator-posts.json").read_text())
    (facts_of,) = said["files"].values()
    assert facts_of == {
        "id": "https://paper.example/1",
        "published": "2026-03-02T11:00:00+00:00",
        "feeds": [["news", "News"]],
    }


def test_a_umask_does_not_hide_posts_from_the_web_server(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        publish(target(tmp_path), publication(item()))
    finally:
        os.umask(before)
    assert posts_in(tmp_path)[0].stat().st_mode & 0o777 == 0o644


def test_an_item_is_as_new_as_its_newest_copy(tmp_path: Path) -> None:
    edited = item(title="Edited", updated=NOW + timedelta(hours=1))
    publish(target(tmp_path), publication(item()), publication(edited, slug="tea"))
    assert 'title: "Edited"\n' in text(tmp_path)

"""Folders on this machine: what is read of them, what is not, and when nothing is read at all."""

import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from aggregator.model.fetched import (
    Failed,
    Fetched,
    NotModified,
    PostFolder,
    Request,
    Validators,
)
from aggregator.model.settings import PostsOptions, Source
from aggregator.sources.folder import FolderFetcher
from aggregator.sources.folder.marks import Mark, parse_mark
from aggregator.sources.folder.opening import CannotReadError, read_file
from aggregator.sources.folder.walk import list_folder

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC).timestamp()


@dataclass
class Case:
    """A folder, the fetcher's memory of it, and its clock."""

    root: Path
    options: PostsOptions = field(default_factory=PostsOptions)
    validators: Validators = field(default_factory=Validators)
    now: datetime = NOW
    due: datetime | None = None
    slow: bool = True
    """Pauses end before their time."""

    def write(self, path: str, text: str | bytes = "words", age: float = 0.0) -> Path:
        """Write a file of a day ago, or of ``age`` seconds ago."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        time = self.now.timestamp() - age if age else LONG_AGO
        os.utime(file, (time, time))
        return file

    def outcome(self, location: Path | None = None) -> Fetched | NotModified | Failed:
        """Scan once, remembering validators as the pipeline does."""
        fetch = FolderFetcher(lambda: self.now, lambda folder: self.due, self.pause)
        place = str(location or self.root)
        source = Source("blog", "posts", place, posts=self.options)
        (answer,) = fetch([Request(source, place, self.validators)])
        if isinstance(answer.outcome, Fetched):
            self.validators = answer.outcome.validators
        return answer.outcome

    def pause(self, length_s: float) -> None:
        """Let time pass at once."""
        self.now += timedelta(seconds=0 if self.slow else length_s)

    def folder(self) -> PostFolder:
        """Scan a folder that must be read."""
        found = self.outcome()
        assert isinstance(found, Fetched), found
        assert isinstance(found.document, PostFolder)
        return found.document

    def paths(self) -> list[str]:
        return [file.path for file in self.folder().files]

    def error(self, location: Path | None = None) -> str:
        found = self.outcome(location)
        assert isinstance(found, Failed), found
        return str(found.error)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    root = tmp_path / "posts"
    root.mkdir()
    return Case(root)


# -- what is read --------------------------------------------------------------------------------


def test_files_come_sorted_with_their_bytes(case: Case) -> None:
    case.write("b.md", "bee")
    case.write("a/c.html", b"\xff")
    folder = case.folder()
    assert [(file.path, file.body) for file in folder.files] == [
        ("a/c.html", b"\xff"),
        ("b.md", b"bee"),
    ]
    assert (folder.name, folder.now, folder.warnings) == ("blog", NOW, ())
    assert folder.complete


@pytest.mark.parametrize(
    "path",
    [
        ".hidden.md",
        ".git/a.md",
        "a.md~",
        "a.md.swp",
        "a.md.tmp",
        "#a.md#",
        "a.md%",
        "a.png",
        "a",
        "node_modules/x/README.md",
        "_site/a.html",
    ],
)
def test_what_is_no_post_is_not_read_and_nothing_is_said(case: Case, path: str) -> None:
    case.write("post.md")
    case.write(path)
    assert case.paths() == ["post.md"]


def test_patterns_choose(case: Case) -> None:
    case.options = PostsOptions(include=("*.md", "*.text"), exclude=("drafts/", "README.*"))
    for path in ("a.md", "b.text", "c.html", "drafts/d.md", "README.md", "x/drafts/e.md"):
        case.write(path)
    assert case.paths() == ["a.md", "b.text"]


def test_the_newest_by_name_are_read(case: Case) -> None:
    case.options = PostsOptions(limit=2)
    for day in ("2026-1-9", "2026-01-11", "2025-12-31", "2026-01-10"):
        case.write(f"{day}-a.md")
    folder = case.folder()
    assert [file.path for file in folder.files] == ["2026-01-10-a.md", "2026-01-11-a.md"]
    assert folder.warnings == ("only the newest 2 of 4 files are read",)


# -- what is left out ----------------------------------------------------------------------------


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def a_gigabyte(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024**3)
    os.utime(path, (LONG_AGO, LONG_AGO))


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("gone.md")


def a_link_out(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (a_pipe, "is a pipe, not a file"),
        (a_socket, "is a socket, not a file"),
        (a_gigabyte, "is 1073741824 bytes long, over 4194304"),
        (a_folder, "is a folder named like a post"),
        (a_link_to_nothing, "is a link to nothing"),
        (a_link_out, "is a link out of the folder"),
        (a_link_to_itself, "Too many levels of symbolic links"),
    ],
)
def test_what_cannot_be_read_is_one_line(
    case: Case, make: Callable[[Path], None], reason: str
) -> None:
    case.write("good.md")
    os.chdir(case.root)
    make(Path("odd.md"))
    folder = case.folder()
    assert [file.path for file in folder.files] == ["good.md"]
    assert folder.warnings == (f"odd.md:1: {reason}",)
    assert not folder.complete


def gone(path: Path) -> None:
    path.unlink()


def swapped_for_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def swapped_for_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def grown(path: Path) -> None:
    with path.open("a") as file:
        file.write(" and more")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (gone, "vanished while it was read"),
        (swapped_for_a_pipe, "is no file any more"),
        (swapped_for_a_link, "cannot be read: Too many levels of symbolic links"),
        (grown, "is being written; it is read at the next scan"),
    ],
)
def test_a_file_that_changes_between_listing_and_reading(
    case: Case, change: Callable[[Path], None], reason: str
) -> None:
    path = case.write("a.md", "words")
    (found,) = list_folder(str(case.root), PostsOptions()).found
    change(path)
    with pytest.raises(CannotReadError, match=reason):
        read_file(found)


@pytest.mark.slow
def test_of_more_than_a_hundred_thousand_files_the_newest_are_read(case: Case) -> None:
    for number in range(100_001):
        case.write(f"{number % 300}/2026-01-{1 + number % 28:02}-{number:06}.md", b"")
    folder = case.folder()
    assert len(folder.files) == 100_000
    assert "0/2026-01-01-000000.md" not in {file.path for file in folder.files}
    words = "only the newest 100000 of 100001 files are read: set `limit` or `include`"
    assert folder.warnings == (words,)
    assert not folder.complete


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read(case: Case) -> None:
    case.write("good.md")
    case.write("odd.md").chmod(0)
    folder = case.folder()
    assert folder.warnings == ("odd.md:1: cannot be read: Permission denied",)


def test_a_name_that_is_no_utf_8(case: Case) -> None:
    case.write("good.md")
    with open(os.fsencode(case.root) + b"/\xff.md", "wb") as file:  # noqa: PTH123
        file.write(b"words")
    folder = case.folder()
    assert folder.warnings == ("?.md:1: has a name that is no UTF-8 or holds controls",)


def test_a_link_inside_the_folder_is_its_file_once(case: Case) -> None:
    case.write("a.md", "one")
    case.write(".data/b.md", "two")
    (case.root / "link.md").symlink_to("a.md")
    (case.root / "b.md").symlink_to(".data/b.md")
    (case.root / "loop").symlink_to(".")
    assert [(file.path, file.body) for file in case.folder().files] == [
        ("a.md", b"one"),
        ("b.md", b"two"),
    ]


def test_the_folder_itself_may_be_a_link(case: Case, tmp_path: Path) -> None:
    case.write("a.md")
    (tmp_path / "link").symlink_to(case.root)
    assert isinstance(case.outcome(tmp_path / "link"), Fetched)


def test_a_file_of_this_very_second_is_left_for_the_next_scan(case: Case) -> None:
    case.write("old.md")
    case.write("young.md", age=1)
    folder = case.folder()
    assert ([file.path for file in folder.files], folder.complete) == (["old.md"], False)
    case.now += timedelta(seconds=2)
    assert case.paths() == ["old.md", "young.md"]
    assert isinstance(case.outcome(), NotModified)


def test_a_file_from_the_future_is_read(case: Case) -> None:
    case.write("a.md", age=-3600)
    assert case.paths() == ["a.md"]


# -- when nothing is read ------------------------------------------------------------------------


def test_a_folder_in_which_nothing_moved_is_not_read(case: Case) -> None:
    case.write("a.md")
    first = case.outcome()
    assert isinstance(first, Fetched)
    assert isinstance(case.outcome(), NotModified)


def edit(case: Case) -> None:
    case.write("a.md", "other")


def touch(case: Case) -> None:
    os.utime(case.root / "a.md", (LONG_AGO + 1, LONG_AGO + 1))


def add(case: Case) -> None:
    case.write("b.md")


def move(case: Case) -> None:
    (case.root / "a.md").rename(case.root / "b.md")


def swap(case: Case) -> None:
    other = case.write("b.md")
    other.rename(case.root / "a.md")


def forbid(case: Case) -> None:
    (case.root / "a.md").chmod(0o640)


def configure(case: Case) -> None:
    case.write("_config.yml", "title: A")


def set_zone(case: Case) -> None:
    case.options = replace(case.options, timezone="Asia/Tokyo")


@pytest.mark.parametrize("change", [edit, touch, add, move, swap, forbid, configure, set_zone])
def test_a_folder_in_which_something_moved_is_read(
    case: Case, change: Callable[[Case], None]
) -> None:
    case.write("a.md")
    first = case.outcome()
    change(case)
    second = case.outcome()
    assert isinstance(first, Fetched)
    assert isinstance(second, Fetched)
    assert first.body_hash != second.body_hash


def test_on_the_day_a_post_is_due_the_folder_is_read_though_no_file_moved(case: Case) -> None:
    case.write("a.md")
    case.due = NOW + timedelta(days=7)
    first = case.outcome()
    assert isinstance(case.outcome(), NotModified)
    case.now, case.due = NOW + timedelta(days=7), NOW + timedelta(days=8)
    second = case.outcome()
    assert isinstance(case.outcome(), NotModified)
    case.now, case.due = NOW + timedelta(days=8), None
    third = case.outcome()
    assert isinstance(case.outcome(), NotModified)
    hashes = {found.body_hash for found in (first, second, third) if isinstance(found, Fetched)}
    assert len(hashes) == 3


def test_when_a_post_is_due_is_said_whether_or_not_a_file_moved(case: Case) -> None:
    case.write("a.md")
    case.due = NOW + timedelta(days=7)
    read, unmoved = case.outcome(), case.outcome()
    case.write("a.md", "other words", age=1)
    young = case.outcome()
    assert [type(found) for found in (read, unmoved, young)] == [Fetched, NotModified, NotModified]
    assert {found.wishes.due_at for found in (read, unmoved, young)} == {case.due}


@pytest.mark.parametrize(
    "mark", [Mark("ab", 3), Mark("ab", 0, NOW), Mark("", 1, NOW + timedelta(microseconds=1))]
)
def test_a_mark_is_read_back(mark: Mark) -> None:
    assert parse_mark(str(mark)) == mark


@pytest.mark.parametrize(
    "text", [None, "", '"abc"', "a b c", "a 1 never", "a 1 2026-01-01", "a -1 -"]
)
def test_what_is_no_mark_of_ours_is_none(text: str | None) -> None:
    assert parse_mark(text) is None


# -- what goes wrong -----------------------------------------------------------------------------


def test_a_folder_that_is_not_there(case: Case) -> None:
    gone = case.root / "gone"
    assert case.error(gone) == f"there is no folder {gone}; nothing is taken away"


def test_a_file_in_a_folder_s_place(case: Case) -> None:
    file = case.write("a.md")
    assert case.error(file) == f"{file} is a file; name the folder it lies in"


def test_an_empty_folder(case: Case) -> None:
    assert case.error() == f"{case.root} holds no posts"


def test_a_folder_of_nothing_that_can_be_read(case: Case) -> None:
    os.mkfifo(case.root / "a.md")
    assert case.error() == (
        f"{case.root} holds no posts that can be read; a.md:1: is a pipe, not a file"
    )


def test_a_folder_that_was_full_and_is_empty(case: Case) -> None:
    file = case.write("a.md")
    case.outcome()
    file.unlink()
    assert case.error() == (
        f"{case.root} held 1 posts and is empty now: an unmounted disk, a failed checkout? "
        "Nothing is taken away"
    )


def test_a_folder_made_this_very_second_is_waited_for_at_its_first_scan(case: Case) -> None:
    case.write("a.md", age=1)
    case.slow = False
    assert case.paths() == ["a.md"]


def test_posts_that_are_all_being_written(case: Case) -> None:
    case.write("a.md", age=1)
    assert case.error() == f"all posts in {case.root} are being written just now"


def test_the_only_post_being_edited_is_left_for_the_next_scan(case: Case) -> None:
    case.write("a.md")
    case.outcome()
    case.write("a.md", "other", age=1)
    assert isinstance(case.outcome(), NotModified)
    case.now += timedelta(seconds=2)
    assert [file.body for file in case.folder().files] == [b"other"]


def test_a_bad_folder_harms_no_other(case: Case, tmp_path: Path) -> None:
    case.write("a.md")
    places = (tmp_path / "gone", case.root)
    requests = [Request(Source(place.name, "posts", str(place)), str(place)) for place in places]
    outcomes = [answer.outcome for answer in FolderFetcher(lambda: NOW)(requests)]
    assert [type(outcome) for outcome in outcomes] == [Failed, Fetched]


def test_a_round_that_is_stopped_scans_nothing(case: Case) -> None:
    case.write("a.md")
    request = Request(Source("blog", "posts", str(case.root)), str(case.root))
    assert list(FolderFetcher(lambda: NOW)([request], lambda: True)) == []


# -- the site around the folder ------------------------------------------------------------------


def test_the_site_s_configuration_is_found_above(case: Case) -> None:
    case.write("_config.yml", "title: A")
    case.write("source/_posts/a.md")
    case.write("_data/authors.yml", "ann: {name: Ann}")
    case.root /= "source/_posts"
    site = case.folder().site
    assert (site.folder, site.folders) == ("source/_posts", ("source/_posts", "source"))
    assert [(file.path, file.body) for file in site.files] == [
        ("_config.yml", b"title: A"),
        ("_data/authors.yml", b"ann: {name: Ann}"),
    ]


def test_nothing_above_a_checkout_is_looked_at(case: Case) -> None:
    case.write("_config.yml", "title: Not ours")
    case.write("checkout/.git", "gitdir: x")
    case.write("checkout/posts/a.md")
    case.root /= "checkout/posts"
    assert case.folder().site.files == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("conf.py", "project = 'a manual'"),
        ("config.yaml", "theme: dark"),
        ("config.json", "{}"),
        ("config.toml", "[tool]"),
    ],
)
def test_a_file_that_many_programs_have_makes_no_site_of_the_folders_above(
    case: Case, name: str, text: str
) -> None:
    """Else the folders between it and ``_posts`` would be categories of every post."""
    case.write(name, text)
    case.write("some/place/docs/_posts/a.md")
    case.root /= "some/place/docs/_posts"
    site = case.folder().site
    assert (site.folder, site.files) == ("_posts", ())


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("conf.py", "# This is the Nikola configuration", "posts"),
        ("config.yaml", "baseURL: https://a.example/", "content/blog"),
    ],
)
def test_it_makes_one_where_it_is_an_engine_s(case: Case, name: str, text: str, place: str) -> None:
    case.write(name, text)
    case.write(f"{place}/a.md")
    case.root /= place
    site = case.folder().site
    assert (site.folder, [file.path for file in site.files]) == (place, [name])


def test_a_configuration_that_is_a_link_or_a_pipe_is_not_opened(case: Case) -> None:
    case.write("a.md")
    (case.root / "_config.yml").symlink_to("/etc/passwd")
    os.mkfifo(case.root / "hugo.toml")
    assert case.folder().site.files == ()


# -- dates for undated posts ---------------------------------------------------------------------


def test_dates_of_files_are_told_only_where_they_are_asked_for(case: Case) -> None:
    case.write("a.md")
    assert [file.fallback_date for file in case.folder().files] == [None]
    case.options = PostsOptions(undated="mtime")
    assert [file.fallback_date for file in case.folder().files] == [
        datetime(2026, 3, 1, tzinfo=UTC)
    ]


def git(root: Path, *words: str, at: str = "2020-01-01T00:00:00Z") -> None:
    who = {
        f"GIT_{role}_{part}": "x" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z"}
    command = ["git", "-c", "init.defaultBranch=main", *words]
    subprocess.run(command, cwd=root, env={**os.environ, **who, **when}, check=True, stdout=-3)


def test_the_commit_that_added_a_file_dates_it(case: Case) -> None:
    case.options = PostsOptions(undated="git")
    case.write("sub/日本.md")
    git(case.root, "init", "-q")
    git(case.root, "add", ".")
    git(case.root, "commit", "-qm", "one", at="2020-05-05T00:00:00Z")
    case.write("sub/日本.md", "edited")
    case.write("b.md")
    git(case.root, "add", ".")
    git(case.root, "commit", "-qm", "two", at="2021-06-06T00:00:00Z")
    case.write("new.md")
    assert {file.path: file.fallback_date for file in case.folder().files} == {
        "b.md": datetime(2021, 6, 6, tzinfo=UTC),
        "new.md": None,
        "sub/日本.md": datetime(2020, 5, 5, tzinfo=UTC),
    }


def test_a_folder_without_a_history(case: Case) -> None:
    case.options = PostsOptions(undated="git")
    case.write("a.md")
    (warning,) = case.folder().warnings
    assert warning.startswith("no dates from git: git ")

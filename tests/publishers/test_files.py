"""Published bytes as files, laid out as the URLs are."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.core.artifacts import artifact
from aggregator.errors import PublishError
from aggregator.model.settings import FilesTarget
from aggregator.model.shown import Artifact, Stamp
from aggregator.publishers.files import FilesPublisher
from aggregator.publishers.keeping import Published

CHANGED = datetime(2026, 3, 2, 12, tzinfo=UTC)


def made(path: str, body: bytes = b"<feed/>", feed: str | None = "news") -> Artifact:
    return artifact(path, "text/plain", body, CHANGED, feed)


def write(folder: Path, *artifacts: Artifact, retired: tuple[str, ...] = ()) -> Published:
    by_path = {one.path: one for one in artifacts}
    stamps = [Stamp(one.path, one.feed, one.etag, one.last_modified) for one in artifacts]
    return FilesPublisher(FilesTarget(folder))(stamps, by_path.get, retired)


def files_in(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_files_lie_as_their_urls_say(tmp_path: Path) -> None:
    done = write(tmp_path, made("feeds/news.atom"), made("feeds/news/"), made("", feed=None))
    assert done == Published(written=6)
    plain = {"feeds/news.atom", "feeds/news/index.html", "index.html"}
    assert files_in(tmp_path) == plain | {f"{name}.gz" for name in plain}


def test_bytes_and_time_are_those_that_are_served(tmp_path: Path) -> None:
    write(tmp_path, made("feeds/news.atom", b"<feed/>"))
    path = tmp_path / "feeds" / "news.atom"
    packed = path.with_name("news.atom.gz")
    assert path.read_bytes() == gzip.decompress(packed.read_bytes()) == b"<feed/>"
    assert path.stat().st_mtime == packed.stat().st_mtime == CHANGED.timestamp()
    assert path.stat().st_mode & 0o777 == 0o644


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write(tmp_path, made("a.atom"), made("b.atom"))
    before = (tmp_path / "a.atom").stat()
    assert write(tmp_path, made("a.atom"), made("b.atom", b"new")) == Published(written=2, kept=2)
    after = (tmp_path / "a.atom").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (tmp_path / "b.atom").read_bytes() == b"new"


def test_feeds_that_are_not_named_stay(tmp_path: Path) -> None:
    write(tmp_path, made("a.atom", feed="tea"))
    write(tmp_path, made("b.atom"))
    assert {"a.atom", "b.atom"} <= files_in(tmp_path)


def test_what_a_feed_has_no_longer_goes(tmp_path: Path) -> None:
    write(tmp_path, made("feeds/news.atom"), made("feeds/news/archive/1.atom"))
    assert write(tmp_path, made("feeds/news.atom")).removed == 2
    assert files_in(tmp_path) == {"feeds/news.atom", "feeds/news.atom.gz"}


def test_what_is_there_is_not_even_loaded(tmp_path: Path) -> None:
    write(tmp_path, made("a.atom"), made("b.atom"))
    asked: list[str] = []
    stamps = [
        Stamp(one.path, one.feed, one.etag, one.last_modified)
        for one in (made("a.atom"), made("b.atom", b"new"))
    ]

    def load(path: str) -> Artifact:
        asked.append(path)
        return made(path, b"new")

    FilesPublisher(FilesTarget(tmp_path))(stamps, load)
    assert asked == ["b.atom"]


@pytest.mark.parametrize("how", ["removed", "edited"])
def test_a_file_that_somebody_spoilt_is_written_again(tmp_path: Path, how: str) -> None:
    write(tmp_path, made("a.atom"))
    path = tmp_path / "a.atom"
    path.unlink() if how == "removed" else path.write_text("mine")
    assert write(tmp_path, made("a.atom")).written == 1
    assert path.read_bytes() == b"<feed/>"


def test_what_is_retired_goes_with_its_folder(tmp_path: Path) -> None:
    write(tmp_path, made("feeds/tea/", feed="tea"), made("feeds/news/"))
    own = tmp_path / "feeds" / "own.html"
    own.write_text("mine")
    assert write(tmp_path, retired=("tea",)).removed == 2
    assert not (tmp_path / "feeds" / "tea").exists()
    assert own.exists()
    assert (tmp_path / "feeds" / "news" / "index.html").exists()


@pytest.mark.parametrize(
    "path",
    [
        "../out",
        "/etc/passwd",
        "a/../../out",
        "a//b",
        "./a",
        "a/.htaccess",
        ".aggregator-files.json",
        "a\\b",
        "a\0b",
        "a\nb",
        "a/" + "x" * 300,
        "\ud800",
    ],
)
def test_no_path_leads_out_or_is_hidden(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "public"
    done = write(folder, made(path), made("good.atom"))
    assert len(done.refused) == 1
    assert done.written == 2
    assert files_in(tmp_path) == {"public/good.atom", "public/good.atom.gz"}


def test_a_foreign_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    done = write(tmp_path, made(""), made("a.atom"))
    words = f"{tmp_path}/index.html is a file that is not ours; move it away"
    assert (done.refused, done.written) == ((words,), 2)
    assert (tmp_path / "index.html").read_text() == "mine"
    # nginx would serve a .gz of ours in its place.
    assert files_in(tmp_path) == {"index.html", "a.atom", "a.atom.gz"}


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "public"
    outside.mkdir()
    folder.mkdir()
    (folder / "feeds").symlink_to(outside)
    done = write(folder, made("feeds/a.atom"))
    assert len(done.refused) == 1
    assert "feeds is a link; move it away" in done.refused[0]
    assert list(outside.iterdir()) == []


def test_a_folder_reached_by_a_link_is_the_operators_choice(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "real")
    assert write(tmp_path / "public", made("a.atom")).written == 2
    assert (tmp_path / "real" / "a.atom").exists()


def test_a_file_where_a_folder_should_be_is_refused(tmp_path: Path) -> None:
    write(tmp_path, made("feeds"))
    done = write(tmp_path, made("feeds/a.atom"), made("b.atom"))
    assert (len(done.refused), done.written) == (1, 2)


def test_a_folder_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("")
    with pytest.raises(PublishError, match=r"^cannot write .*public: File exists; it is tried"):
        write(tmp_path / "public", made("a.atom"))

"""A folder on disk, scanned and read as in production; and any bytes at all."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from post_cases import post, read, titles

from aggregator.formats.reading.posts import PostReader, Reading
from aggregator.model.fetched import Fetched, NotModified, PostFolder, Request, Validators
from aggregator.model.settings import PostsOptions, Source
from aggregator.sources.folder import FolderFetcher


class Watcher:
    """Fetcher and reader of one folder, put together as ``plugins`` does, with a clock of ours."""

    def __init__(self, root: Path, **options: object) -> None:
        self.now = datetime(2026, 3, 2, tzinfo=UTC)
        self.source = Source("blog", "posts", str(root), posts=PostsOptions(**options))  # type: ignore[arg-type]
        self.validators = Validators()
        self.restart()

    def restart(self) -> None:
        self.reader = PostReader()
        self.fetch = FolderFetcher(lambda: self.now, self.reader.next_due)

    def scan(self) -> Reading | None:
        """Scan as the pipeline does; None where nothing changed."""
        request = Request(self.source, self.source.location, self.validators)
        (answer,) = self.fetch([request])
        if isinstance(answer.outcome, NotModified):
            return None
        assert isinstance(answer.outcome, Fetched), answer.outcome
        assert isinstance(answer.outcome.document, PostFolder)
        self.validators = answer.outcome.validators
        return self.reader.read(answer.outcome.document)


def write(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    day = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    os.utime(file, (day, day))


@pytest.mark.parametrize("restarted", [False, True])
def test_a_future_post_appears_in_its_minute_though_no_file_moved(
    tmp_path: Path, restarted: bool
) -> None:
    write(tmp_path, "a.md", post(title="Now", date="2026-03-01"))
    write(tmp_path, "b.md", post(title="Later", date="2026-03-02 20:00 +0800"))
    watcher = Watcher(tmp_path)
    first = watcher.scan()
    assert first is not None
    assert titles(first) == ["Now"]
    if restarted:
        watcher.restart()
    watcher.now = datetime(2026, 3, 2, 11, 59, tzinfo=UTC)
    assert watcher.scan() is None
    watcher.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    due = watcher.scan()
    assert due is not None
    assert titles(due) == ["Later", "Now"]
    assert watcher.scan() is None


def test_of_a_changed_folder_only_the_changed_file_is_rendered(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, f"{number}.md", post(f"Text {number}.", date="2026-02-01"))
    watcher = Watcher(tmp_path)
    first = watcher.scan()
    write(tmp_path, "3.md", post("Another text.", date="2026-02-01"))
    second = watcher.scan()
    assert first is not None
    assert second is not None
    assert (first.rendered, second.rendered) == (5, 1)


def test_a_folder_inside_its_site_is_read_by_its_site_s_rules(tmp_path: Path) -> None:
    write(tmp_path, "_config.yml", "url: https://site.example\ntitle: A site\n")
    write(tmp_path, "news/_posts/2026-01-02-a.md", post(categories="own"))
    reading = Watcher(tmp_path / "news" / "_posts").scan()
    assert reading is not None
    (entry,) = reading.feed.entries
    assert entry.link == "https://site.example/news/own/2026/01/02/a.html"
    assert entry.guid == entry.link
    assert entry.categories == ("news", "own")


_PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "+++\n",
            "title: a\n",
            "date: 2026-01-01\n",
            'title = "a"\n',
            "tags: [a, {b: c}]\n",
        ),
        *(
            "{% ",
            "%}",
            "{{",
            "}}",
            "{{< x >}}",
            "{% raw %}",
            "{% endraw %}",
            "{% comment %}",
            "```\n",
        ),
        *("`", "[[", "]]", "<h1>", "</h1>", "<p hidden>", "<!--", "-->", "<!-- more -->", "# a\n"),
        *("\n", " ", "\t", "\0", "\u0008", "\ufeff", "é", "語", "a: b\n", ".. a: b\n", ":a: b\n"),
        *(
            "= a\n",
            "#+TITLE: a\n",
            '{"a": 1}',
            "===\n",
            "<meta name=a content=b>",
            "</body>",
            "<http://a>",
        ),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.lists(_PIECES, max_size=25).map("".join).map(str.encode), st.binary(max_size=60)),
    st.sampled_from(["md", "html", "mdx", "rst", "adoc", "org", "ipynb", "textile"]),
    st.sampled_from(["jekyll", "hexo", "hugo", "pelican", "zola", "docusaurus", "nikola", "plain"]),
)
def test_no_bytes_stop_the_reading(body: bytes, extension: str, engine: str) -> None:
    files: dict[str, str | bytes] = {
        f"2026-01-02-odd.{extension}": body,
        "2026-01-03-good.md": post(title="Good"),
    }
    reading = read(
        files,
        engine=engine,
        base_url="https://site.example",
        remove=(".x",),
        link="body",
        id_pattern="a(b)",
        source_name="a(b)",
    )
    assert "bug" not in reading.kinds, reading.feed.warnings
    assert "Good" in titles(reading)

"""Real feed readers subscribe to what `aggregator serve` gives: entries once, then 304.

A reader that is not installed is skipped with a word; .ci/run installs them.
"""

import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from waitress.server import create_server

from aggregator import app
from aggregator.formats.writing.pages import Pages
from aggregator.web import create_app

TITLES = ['A "quoted" title: with <b> & more', "第二篇文章", "Third"]

pytestmark = pytest.mark.slow


@dataclass
class Site:
    """A published site and the answers it gave."""

    url: str
    answers: list[tuple[str, int]] = field(default_factory=list)

    def statuses(self, path: str) -> list[int]:
        return [status for asked, status in self.answers if asked == path]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Publish three posts of a folder and serve them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pipeline = app.build(_config(tmp_path, port), tmp_path / "instance")
    pipeline.poll_due()
    site = Site(f"http://127.0.0.1:{port}")
    served = create_app(pipeline.store, Pages(app.template_folders(pipeline.settings)), _now)

    def watched(environ: dict[str, Any], start: Any) -> Any:
        def start_noted(status: str, headers: Any, error: Any = None) -> Any:
            site.answers.append((environ["PATH_INFO"], int(status[:3])))
            return start(status, headers, error)

        return served(environ, start_noted)

    server = create_server(watched, host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield site
    server.close()
    pipeline.store.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _config(folder: Path, port: int) -> Path:
    posts = folder / "posts"
    posts.mkdir()
    for number, title in enumerate(TITLES, 1):
        quoted = title.replace('"', '\\"')
        text = (
            f'---\ntitle: "{quoted}"\ndate: 2026-03-0{number} 12:00:00 +0000\n---\nText {number}.\n'
        )
        (posts / f"2026-03-0{number}-post.md").write_text(text, encoding="utf-8")
    subprocess.run(["touch", "-d", "2026-03-09", *posts.iterdir()], check=True)
    config = folder / "feeds.yaml"
    config.write_text(
        f"site: {{url: 'http://127.0.0.1:{port}/', title: Test}}\n"
        "sources:\n  notes: {posts: posts, categories: [News]}\n"
    )
    return config


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def run(*command: str | Path, home: Path) -> str:
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "READER_NO_VENDORED_FEEDPARSER": "1",
    }
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


@pytest.mark.parametrize("ending", ["atom", "rss"])
def test_newsboat(site: Site, tmp_path: Path, ending: str) -> None:
    newsboat = needs("newsboat")
    urls, cache = tmp_path / "urls", tmp_path / "cache.db"
    urls.write_text(f"{site.url}/feeds/news.{ending}\n")
    for _ in range(2):
        run(newsboat, "-u", urls, "-c", cache, "-x", "reload", home=tmp_path)
    with sqlite3.connect(cache) as database:
        found = database.execute("select title from rss_item order by pubDate").fetchall()
    assert [title for (title,) in found] == TITLES
    assert len(site.statuses(f"/feeds/news.{ending}")) == 2, "2.21 never asks conditionally"


def test_sfeed(site: Site, tmp_path: Path) -> None:
    sfeed_update = needs("sfeed_update")
    configuration = tmp_path / "sfeedrc"
    configuration.write_text(
        f'sfeedpath="{tmp_path}/sfeed"\nfeeds() {{ feed "news" "{site.url}/feeds/news.atom"; }}\n'
    )
    needs("curl")
    for _ in range(2):
        run(sfeed_update, configuration, home=tmp_path)
    lines = (tmp_path / "sfeed/news").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines] == TITLES[::-1]


def test_sfeed_that_remembers_etags(site: Site, tmp_path: Path) -> None:
    sfeed_update = needs("sfeed_update")
    needs("curl")
    configuration = tmp_path / "sfeedrc"
    etag = tmp_path / "etag"
    configuration.write_text(
        f'sfeedpath="{tmp_path}/sfeed"\nfeeds() {{ feed "news" "{site.url}/feeds/news.atom"; }}\n'
        f'fetch() {{ curl -sf --compressed --etag-compare "{etag}" --etag-save "{etag}" "$2"; }}\n'
    )
    for _ in range(2):
        run(sfeed_update, configuration, home=tmp_path)
    lines = (tmp_path / "sfeed/news").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines] == TITLES[::-1]
    assert site.statuses("/feeds/news.atom") == [200, 304]


def test_rss2email(site: Site, tmp_path: Path) -> None:
    r2e = needs("r2e")
    mails = tmp_path / "mails"
    (tmp_path / "r2e.cfg").write_text(
        "[DEFAULT]\nto = me@example.org\nfrom = feeds@example.org\n"
        f"email-protocol = maildir\nmaildir-path = {tmp_path}\nmaildir-mailbox = mails\n"
    )
    files = ("-c", tmp_path / "r2e.cfg", "-d", tmp_path / "r2e.json")
    run(r2e, *files, "add", "news", f"{site.url}/feeds/news.atom", home=tmp_path)
    for _ in range(2):
        run(r2e, *files, "run", home=tmp_path)
    assert len(list((mails / "new").iterdir())) == len(TITLES)
    assert site.statuses("/feeds/news.atom")[-1] == 304


@pytest.mark.parametrize("ending", ["atom", "rss", "json"])
def test_the_reader_package(site: Site, tmp_path: Path, ending: str) -> None:
    if find_spec("reader") is None:
        pytest.skip("the package reader is not installed")
    script = (
        "import sys; from reader import make_reader\n"
        "reader = make_reader(sys.argv[1])\n"
        "reader.add_feed(sys.argv[2], exist_ok=True); reader.update_feeds(scheduled=False)\n"
        "print(*[entry.title for entry in reader.get_entries()], sep='\\n')\n"
    )
    address = f"{site.url}/feeds/news.{ending}"
    for _ in range(2):
        shown = run(sys.executable, "-c", script, tmp_path / "reader.db", address, home=tmp_path)
    assert sorted(shown.splitlines()) == sorted(TITLES)
    assert site.statuses(f"/feeds/news.{ending}") == [200, 304]

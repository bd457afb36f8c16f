"""A real browser shows the pages, and runs nothing a feed says."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.core.artifacts import artifact
from aggregator.core.compose import EPOCH
from aggregator.formats.writing.pages import Pages
from aggregator.model.known import Article
from aggregator.model.shown import Credit, Item, Publication

pytestmark = pytest.mark.slow

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def shown(page: bytes, folder: Path) -> str:
    """Return the document after a browser has done all it would do with it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    path = folder / "page.html"
    path.write_bytes(page)
    command = [chromium, *QUIET, f"--user-data-dir={folder}/profile", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, timeout=90, check=True)
    return done.stdout.decode("utf-8")


def test_a_page_shows_its_items_and_runs_none_of_their_words(tmp_path: Path) -> None:
    hostile = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
    item = Item(
        id="urn:1",
        title=hostile,
        link="https://a.example/1",
        published=EPOCH,
        updated=EPOCH,
        article=Article(title=hostile, summary="<p>Something to read.</p>"),
        source=Credit("a", "urn:a", hostile),
    )
    feed = Publication(
        slug="news",
        id="urn:feed",
        title="News",
        description=None,
        language="en",
        home="https://feeds.example/feeds/news/",
        addresses=(("atom", "https://feeds.example/feeds/news.atom"),),
        updated=EPOCH,
        items=(item,),
    )
    page = Pages([TEMPLATES]).feed(feed).whole()
    document = shown(artifact("feeds/news/", "text/html", page, EPOCH).body, tmp_path)
    assert "<title>News</title>" in document
    assert "Something to read." in document
    assert "https://feeds.example/feeds/news.atom" in document
    assert "&lt;script&gt;" in document

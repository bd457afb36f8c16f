"""`read` and `preview`: what a document or a source holds, with nothing kept."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aggregator.cli.main import group
from bench.servers.guesthouse import Guest, Guesthouse, answer

DONE, FAILED, USAGE = 0, 1, 2

FEED = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>News</title><link>https://example.org/</link>
<item><title>Old</title><guid>g1</guid><link>/1?utm_source=x</link><category>a</category>
<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>
<enclosure url="/x.mp3" type="audio/mpeg" length="9"/>
<description>&lt;p onclick="x()"&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;script&gt;x()&lt;/script&gt;
</description></item>
<item><title>New \u202e</title><guid>g2</guid>
<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>
"""

Invoke = Callable[..., Result]


def read(*words: str, given: bytes) -> Result:
    return CliRunner().invoke(group, ["read", *words], input=given, prog_name="aggregator")


def test_read_prints_what_would_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(FEED)
    result = CliRunner().invoke(group, ["read", str(path), "--url", "https://example.org/feed"])
    assert result.exit_code == DONE
    said = json.loads(result.stdout)
    assert (said["version"], said["feed"]["title"], said["identity"]) == ("rss20", "News", "guid")
    first = said["entries"][0]
    assert (first["id"], first["id_origin"]) == ("g1", "declared")
    assert first["link"] == "https://example.org/1"
    assert first["published"] == "2026-03-02T10:00:00+00:00"
    assert [term["term"] for term in first["terms"]] == ["a"]
    assert first["enclosures"][0]["url"] == "https://example.org/x.mp3"
    assert "onclick" not in first["summary"]
    assert "script" not in first["summary"]


def test_read_takes_the_word_of_a_server_on_the_encoding() -> None:
    body = "<rss><channel><title>Привет</title></channel></rss>".encode("koi8-r")
    result = read("-", "--content-type", 'text/xml; Charset="koi8-r"', given=body)
    assert json.loads(result.stdout)["feed"]["title"] == "Привет"


def test_read_prints_an_id_that_is_no_text() -> None:
    feed = b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"\\ud800","content_text":"x"}]}'
    result = read("-", given=feed)
    assert json.loads(result.stdout)["entries"][0]["id"] == "\ud800"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><body>x</body></html>", "an HTML page"),
        (b"", "an empty document"),
        (b"<opml/>", "an OPML list"),
        (b" " * (10 * 1024 * 1024 + 1), "larger than 10 MiB"),
    ],
)
def test_read_says_why_it_is_no_feed(body: bytes, reason: str) -> None:
    result = read("-", given=body)
    assert result.exit_code == FAILED
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_preview_of_a_folder_shows_entries_files_and_warnings(invoke: Invoke, folder: Path) -> None:
    bad = folder / "posts" / "2026-03-03-bad.md"
    bad.write_text("---\ntitle: Bad\ndate: soon\n---\nx")
    os.utime(bad, (0, 0))  # a scan leaves files of the last seconds for the next one
    result = invoke("--instance", str(folder / "none"), "preview", "notes", "--entries", "2")
    assert result.exit_code == DONE, result.output
    assert "3 files" in result.stdout
    assert "More words" in result.stdout
    assert "First words" not in result.stdout
    assert "in     News" in result.stdout
    assert "2026-03-03-bad.md:3: " in result.stdout
    assert "warnings: 1 (date 1" in result.stdout
    assert not (folder / "none").exists()


def test_preview_of_a_page_says_what_it_is_and_which(invoke: Invoke, folder: Path) -> None:
    async def behave(guest: Guest) -> None:
        await guest.send(answer(body=b"<!doctype html><p>Hello"))

    with Guesthouse({"page": behave}) as house:
        address = house.url("page")
        (folder / "feeds.yaml").write_text(
            f"fetch: {{allow_networks: [127.0.0.0/8]}}\nsources: {{f: {{feed: '{address}'}}}}"
        )
        result = invoke("preview", "f")
    assert result.exit_code == FAILED
    assert result.stderr.startswith(f"aggregator: {address} is an HTML page, not a feed")


def test_preview_of_a_feed_shows_the_newest_first(invoke: Invoke, folder: Path) -> None:
    async def behave(guest: Guest) -> None:
        await guest.send(answer(body=FEED.replace("<rss", "junk <rss").encode()))

    with Guesthouse({"feed": behave}) as house:
        (folder / "feeds.yaml").write_text(
            "fetch: {allow_networks: [127.0.0.0/8]}\n"
            f"sources: {{f: {{feed: '{house.url('feed')}'}}}}"
        )
        result = invoke("--instance", str(folder / "none"), "preview", "f")
    assert result.exit_code == DONE, result.output
    lines = result.stdout.splitlines()
    assert lines[1] == "News · rss20 · 2 entries, told apart by guid"
    assert result.stdout.index("  2026-03-03 10:00  New") < result.stdout.index("Old")
    assert "    link   https://example.org/1" in lines
    assert "    text   Hello you" in lines
    assert "    files  https://example.org/x.mp3" in lines
    assert lines[-2:] == ["warnings: 1", "  what stood before the document was skipped"]
    assert "\u202e" not in result.stdout
    assert not (folder / "none").exists()


def test_preview_tells_why_a_source_gives_nothing(invoke: Invoke, folder: Path) -> None:
    (folder / "feeds.yaml").write_text(
        "sources: {f: {feed: 'http://127.0.0.1:1/'}, g: {posts: gone}}"
    )
    for name, reason in (("f", "is no public address"), ("g", "gone")):
        result = invoke("preview", name)
        assert result.exit_code == FAILED
        assert reason in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_preview_of_a_source_that_is_not_there_names_where_to_look(invoke: Invoke) -> None:
    result = invoke("preview", "note")
    assert result.exit_code == USAGE
    assert "no source is called note" in result.stderr

"""The measure of reading, on tables of our own: it counts what is right and names what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.reading.__main__ import main
from bench.reading.fields import agree
from bench.reading.safety import unsafe

FEED = (
    '<rss version="2.0"><channel><title>Snakes</title><link>https://site.example/</link><item>'
    "<title>Eggs &amp;amp; ham</title><link>/1</link><guid>one</guid><category>Food</category>"
    "<pubDate>Mon, 02 Mar 2026 11:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;x&lt;/p&gt;</description></item></channel></rss>"
)
AT = "https://site.example/feed"
EXPECTED = {
    "n_entries": 1,
    "feed": {"title": "Snakes", "link": "https://site.example", "self": "not compared"},
    "entries": {
        "0": {
            "title": "Eggs & ham",
            "link": "https://SITE.example/1",
            "id": "one",
            "date": "2026-03-02T11:00:00Z",
            "body": "x",
            "categories": ["food"],
        }
    },
}


def fill(folder: Path, **tables: list[dict[str, Any]]) -> None:
    """Write tables and one document."""
    (folder / "inputs").mkdir()
    (folder / "inputs" / "one.xml").write_text(FEED)
    for name, cases in tables.items():
        lines = "\n".join(json.dumps({"case": f"{name}/1"} | case) for case in cases)
        (folder / f"cases_{name}.jsonl").write_text(lines + "\n")


def test_what_is_right_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path, mine=[{"file": "one.xml", "base": AT, "expect": EXPECTED}])
    main([str(tmp_path)])
    told = capsys.readouterr().out
    assert "mine: 9/9 = 100.00 %; whole cases 1/1, crashes 0" in told
    assert "fields of all suites: 9/9 = 100.00 %" in told


def test_what_is_wrong_is_named_and_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"entries": {"0": {"title": "Eggs"}, "1": {"title": "Ham"}}}
    fill(
        tmp_path,
        mine=[
            {"inline": FEED, "base": AT, "expect": wrong},
            {"inline": "<html></html>", "base": AT, "must_fail": True},
            {"inline": FEED, "base": AT, "must_fail": True},
        ],
    )
    main([str(tmp_path), "--show", "1", "--json", str(tmp_path / "kept.json")])
    told = capsys.readouterr().out
    assert "mine: 0/3 = 0.00 %; whole cases 1/3, crashes 0" in told
    assert "mine/1[0] title: wanted 'Eggs', got 'Eggs & ham'" in told
    kept = json.loads((tmp_path / "kept.json").read_text())["mine"]
    assert len(kept["misses"]) == 3


def test_every_other_table_has_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    opml = '<opml><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'
    fill(
        tmp_path,
        dates=[
            {
                "input": "2026-03-02T11:00:00.5Z",
                "utc": "2026-03-02T11:00:00Z",
                "alt": [],
                "tags": [],
            },
            {"input": "soon", "utc": None, "alt": [], "tags": ["reject"]},
        ],
        sanitize=[
            {
                "input": "<script>go()</script><a href='/x'>x</a>",
                "base": AT,
                "kind": "attack",
                "must_contain": ["x"],
                "must_urls": ["https://site.example/x"],
            }
        ],
        urlclean=[
            {"op": "clean", "input": f"{AT}?utm_source=x", "expected": AT},
            {"op": "keep", "input": f"{AT}?id=1"},
            {"op": "same", "a": AT, "b": f"{AT}/"},
            {"op": "different", "a": AT, "b": f"{AT}2"},
        ],
        discovery=[{"html": page, "page_url": AT, "expected": [AT]}],
        opml=[
            {
                "inline": opml,
                "description": "one feed",
                "raw_eval": [
                    "result['bozo'] == 0",
                    "len(result['feeds']) == 1",
                    "result['feeds'][0]['url'] == 'https://a.example/feed'",
                    "['x'] in result['feeds'][0]['categories']",
                ],
            }
        ],
    )
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "one.rss").write_text(FEED)
    captured = {"file": "one.rss", "host": "site.example", "entries": 1}
    (tmp_path / "real" / "index.jsonl").write_text(json.dumps(captured))
    main([str(tmp_path)])
    told = capsys.readouterr().out
    for line in (
        *("dates: 2/2", "sanitize: 3/3", "urlclean: 4/4", "discovery: 1/1", "opml: 2/3"),
        "real: 2/2 = 100.00 %; whole cases 1/1, crashes 0",
    ):
        assert line in told


@pytest.mark.parametrize(
    "html",
    ["<script>x</script>", "<a href='java\nscript:x'>", "<p onclick=x>", "<iframe srcdoc=x>"],
)
def test_what_acts_is_unsafe(html: str) -> None:
    assert unsafe(html)
    assert not unsafe("<p><a href='https://a.example/'>x</a><img src='/x.png'></p>")


def test_a_body_is_compared_by_its_beginning() -> None:
    assert agree("summary", "a" * 300, {"summary": "<p>" + "a" * 250 + "</p>"})
    assert not agree("summary", "a" * 100, {"summary": "<p>" + "a" * 99 + "</p>"})
    assert agree("unheard of", "a", {}) is None

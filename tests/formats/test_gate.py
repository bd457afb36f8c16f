"""What the gate lets through and what it holds."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import RenderError
from aggregator.formats import gate
from aggregator.model.shown import Summary

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WRITTEN = Path(__file__).parent.parent / "data" / "writing"
CHECKS = {"atom": gate.check_atom, "rss": gate.check_rss, "json": gate.check_json}


def written(ending: str, name: str = "plain") -> bytes:
    return (WRITTEN / f"{name}.{ending}").read_bytes()


@pytest.mark.parametrize("ending", CHECKS)
@pytest.mark.parametrize("name", ["rich", "plain", "bare", "empty", "archive", "complete"])
def test_what_we_write_passes(name: str, ending: str) -> None:
    CHECKS[ending](written(ending, name))


@pytest.mark.parametrize("ending", CHECKS)
def test_a_cut_document_is_held(ending: str) -> None:
    body = written(ending)
    for end in (0, 1, len(body) // 2, len(body) - 1):
        with pytest.raises(RenderError):
            CHECKS[ending](body[:end])


@pytest.mark.parametrize("ending", CHECKS)
def test_bytes_that_are_no_utf8_are_held(ending: str) -> None:
    with pytest.raises(RenderError):
        CHECKS[ending](written(ending).replace(b"News", b"\xff\xfe"))


@pytest.mark.parametrize(
    ("ending", "right", "wrong", "says"),
    [
        ("atom", b"<id>urn:paper:1</id>", b"<id>https://paper.example/2</id>", "two entries"),
        ("atom", b"<id>urn:paper:1</id>", b"", "has no id"),
        ("atom", b"<published>2026-03-02T12:00:00Z</published>", b"", "has no date"),
        ("atom", b"<updated>2026-03-02T12:00:00Z</updated>", b"", "has no date"),
        ("rss", b">urn:paper:1</guid>", b">https://paper.example/2</guid>", "two entries"),
        ("rss", b">urn:paper:1</guid>", b"></guid>", "has no id"),
        ("rss", b"<pubDate>Mon, 02 Mar 2026", b"<pubDate>Mon, 32 Mar 2026", "has no date"),
        ("json", b'"id":"urn:paper:1"', b'"id":"https://paper.example/2"', "two entries"),
        ("json", b'"id":"urn:paper:1",', b"", "has no id"),
        ("json", b'"date_published":"2026-03-02T12:00:00Z",', b"", "has no date"),
        ("json", b'"id":"urn:paper:1"', b'"id":"urn:paper:1","id":"urn:paper:1"', "twice"),
    ],
)
def test_ids_and_dates_are_looked_at(ending: str, right: bytes, wrong: bytes, says: str) -> None:
    body = written(ending).replace(right, wrong)
    assert body != written(ending)
    with pytest.raises(RenderError, match=says):
        CHECKS[ending](body)


def test_another_kind_of_document_is_held() -> None:
    for check, other in (
        (gate.check_atom, written("rss")),
        (gate.check_rss, written("atom")),
        (gate.check_json, b"{}"),
        (gate.check_json, b"[]"),
        (gate.check_json, b"[" * 100_000),
    ):
        with pytest.raises(RenderError):
            check(other)


def test_a_dtd_is_held() -> None:
    for body in (b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>', b"<!DOCTYPE x><x/>"):
        with pytest.raises(RenderError, match="DTD"):
            gate.check_xml(body)


def test_a_prefix_that_nobody_declared_is_held() -> None:
    with pytest.raises(RenderError, match="not well-formed"):
        gate.check_atom(written("atom").replace(b"<published>", b"<x:y/><published>", 1))


@pytest.mark.parametrize(
    "check", [gate.check_xml, gate.check_json, gate.check_html, gate.check_text]
)
def test_a_document_beyond_all_measure_is_held(check: Callable[[bytes], None]) -> None:
    with pytest.raises(RenderError, match="too large"):
        check(b" " * (gate.MAX_BYTES + 1))


def test_a_page_needs_its_end() -> None:
    gate.check_html(b"<p>whole</p></html>\n")
    for cut in (b"", b"<p>whole</p>", b"\xff</html>"):
        with pytest.raises(RenderError):
            gate.check_html(cut)


def test_a_text_needs_a_letter() -> None:
    gate.check_text(b"a {}")
    with pytest.raises(RenderError):
        gate.check_text(b" \n")


@pytest.mark.parametrize("ending", CHECKS)
def test_a_summary_is_the_same_in_every_format(ending: str) -> None:
    assert CHECKS[ending](written(ending)) == Summary(
        ids=("https://paper.example/3", "https://paper.example/2", "urn:paper:1"),
        links={
            "https://paper.example/3": "https://paper.example/3",
            "https://paper.example/2": "https://paper.example/2",
            "https://paper.example/1": "urn:paper:1",
        },
        newest=NOON,
    )


@pytest.mark.parametrize("body", [b"", b"<html/>", b"{", b"<feed/>"])
@pytest.mark.parametrize("ending", CHECKS)
def test_what_is_no_feed_of_ours_says_nothing(body: bytes, ending: str) -> None:
    with pytest.raises(RenderError):
        CHECKS[ending](body)


def test_a_feed_is_read_without_recursion() -> None:
    deep = b"<rss>" + b"<channel>" * sys.getrecursionlimit() * 2
    with pytest.raises(RenderError):
        gate.check_rss(deep)

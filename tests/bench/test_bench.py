"""The benchmark measures what it says, on a catalogue of a few feeds."""

import gzip
import json
import ssl
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import feedparser
import pytest

from bench import __main__ as command
from bench import ratios
from bench.contestants import ours
from bench.generate import catalogue, file_of
from bench.measure import ROUNDS, Cost
from bench.report import put_into, table, text
from bench.server import Server, address_of
from bench.serving import costs as serving

FEEDS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("catalogue") / "feeds"
    catalogue(made, FEEDS, seed=3)
    return made


@pytest.mark.slow
def test_one_seed_makes_one_catalogue(folder: Path, tmp_path: Path) -> None:
    again = catalogue(tmp_path / "again", FEEDS, seed=3)
    assert catalogue(folder, FEEDS, seed=3) == again
    for path in folder.glob("*.xml"):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.slow
def test_another_seed_takes_the_place_of_what_was_made_before(tmp_path: Path) -> None:
    place = tmp_path / "feeds"
    catalogue(place, 2, seed=3)
    before = file_of(place, 1).read_bytes()
    catalogue(place, 2, seed=4)
    assert file_of(place, 1).read_bytes() != before


def test_every_feed_reads_cleanly_with_the_entries_it_lists(folder: Path) -> None:
    for feed in catalogue(folder, FEEDS, seed=3):
        body = file_of(folder, feed.number).read_bytes()
        assert gzip.decompress(file_of(folder, feed.number, packed=True).read_bytes()) == body
        parsed = feedparser.parse(body)
        assert not parsed.bozo
        assert len({entry.link for entry in parsed.entries}) == feed.entries


def test_every_tenth_feed_has_one_entry_more_on_top(folder: Path) -> None:
    changes = [feed.number for feed in catalogue(folder, FEEDS, seed=3) if feed.changes]
    assert changes == [0, 10]
    before, after = (
        [entry.link for entry in feedparser.parse(path.read_bytes()).entries]
        for path in (file_of(folder, 0), file_of(folder, 0, changed=True))
    )
    assert after[1:] == before


def test_no_two_feeds_share_an_address() -> None:
    addresses = {address_of(number) for number in range(70_000)}
    assert len(addresses) == 70_000
    assert "127.0.0.1" not in addresses


def test_the_server_answers_304_to_its_own_validators_and_new_bytes_when_told(
    folder: Path,
) -> None:
    opener = build_opener(ProxyHandler({}))
    with Server(folder) as server:
        with opener.open(server.url(0)) as answer:
            first, etag = answer.read(), answer.headers["ETag"]
        assert first == file_of(folder, 0).read_bytes()
        asked = Request(server.url(0), headers={"If-None-Match": etag})
        with pytest.raises(HTTPError, match="304"):
            opener.open(asked)
        assert server.state("changed")["requests"] == 2
        told = opener.open(server.hub, data=b"hub.mode=publish")
        assert (told.status, server.state("changed")) == (204, {"pings": 1})
        with opener.open(asked) as answer:
            assert answer.read() == file_of(folder, 0, changed=True).read_bytes()
        packed = Request(server.url(1), headers={"Accept-Encoding": "gzip"})
        with opener.open(packed) as answer:
            assert gzip.decompress(answer.read()) == file_of(folder, 1).read_bytes()


def test_the_server_is_had_over_tls_by_whom_was_told_of_its_authority(folder: Path) -> None:
    with Server(folder) as server:
        context = ssl.create_default_context(cafile=str(server.authorities))
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
        with opener.open(server.url(1, tls=True)) as answer:
            assert answer.read() == file_of(folder, 1).read_bytes()


NAMES = [one.name for one in ROUNDS]
COSTS = {name: Cost(1.5, 2.25, 60.0, 12, 0, 1.0, 220, 9) for name in NAMES}


def test_a_table_has_the_medians() -> None:
    other = {name: Cost(3.5, 2.25, 70.0, 12, 0, 1.0, 220, 9) for name in COSTS}
    assert "| first poll | 2.50 | 2.25 | 65 | 12 | 0 | 1.0 | 220 | 9 |" in table([COSTS, other])


def test_a_report_goes_between_the_marks_of_a_document(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n")
    put_into(document, "new \\1")
    put_into(document, "newer \\1")
    assert document.read_text() == (
        "before\n<!-- bench: begin -->\n\nnewer \\1\n\n<!-- bench: end -->\nafter\n"
    )


def test_the_report_names_what_it_was_made_of() -> None:
    about = {"date": "2026-03-02", "machine": "a machine", "python": "3.11", "feeds": 12}
    about |= {"entries": 99, "megabytes": 1.0, "seed": 3, "repeat": 1}  # type: ignore[dict-item]
    words = text({ours(): [COSTS]}, about)
    assert "12 feeds, 99 entries, 1 MB, seed 3; medians of 1" in words
    assert "### aggregator " in words


@pytest.mark.slow
def test_a_whole_run_measures_ours_in_every_round(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "bench.json"
    words = ["--feeds", str(FEEDS), "--json", str(kept), "--data", str(tmp_path / "feeds")]
    command.main([*words, "--repeat", "1", "--peers"])
    assert "| one in ten changed |" in capsys.readouterr().out
    (run,) = json.loads(kept.read_text())["measured"]["aggregator"]["runs"]
    asked = {name: (cost["requests"], cost["not_modified"]) for name, cost in run.items()}
    assert asked == {
        "first poll": (12, 0),
        "all unchanged": (12, 12),
        "one in ten changed": (12, 10),
        "all unchanged, 100 HTTPS hosts": (12, 12),
    }
    pings = [cost["pings"] for cost in run.values()]
    assert [bool(count) for count in pings] == [True, False, True, False]
    assert run["one in ten changed"]["entries"] == run["first poll"]["entries"] + 2
    assert all(cost["cpu_s"] > 0 and cost["peak_mb"] > 10 for cost in run.values())


def costs(cpu_s: float) -> dict[str, Cost]:
    return {name: Cost(cpu_s, 2.25, 60.0 * cpu_s, 12, 0, 1.0, 220, 9) for name in NAMES}


def test_a_ratio_is_the_median_of_the_pairs_of_one_turn() -> None:
    found = ratios.ratios(
        [costs(1.0), costs(8.0), costs(1.0)], {"peer": [costs(2.0), costs(10.0), costs(5.0)]}
    )
    assert found["peer"]["first poll"] == 0.5
    assert "| first poll | 0.50 |" in ratios.table(found)
    assert "| peak memory | 0.50 |" in ratios.table(found)


def test_a_ratio_that_is_worse_by_a_fifth_is_told() -> None:
    now = {"peer": {"first poll": 0.25, "all unchanged": 0.119}, "other": {"first poll": 9.0}}
    last = {"ratios": {"peer": {"first poll": 0.2, "all unchanged": 0.1}}}
    assert ratios.worse(now, last) == ("WORSE: first poll, ours to peer: 0.20 before, 0.25 now",)
    assert ratios.worse(now, {}) == ()


@pytest.mark.slow
def test_the_growth_table_compares_ten_times_the_sources(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--feeds", str(FEEDS), "--seed", "3", "--data", str(folder), "--repeat", "1"]
    command.main([*words, "--growth", "--entries", "1000"])
    said = capsys.readouterr().out
    entries = sum(feed.entries for feed in catalogue(folder, FEEDS, seed=3))
    kept = 1000 // entries * entries
    assert f"12 and 120 sources, {entries} and {kept} entries" in said
    for name in ("one source, unchanged", "one feed, built", "start, nothing due", "status"):
        assert f"| {name} | " in said


@pytest.mark.slow
def test_serving_is_compared_with_gunicorn(tmp_path: Path) -> None:
    pytest.importorskip("gunicorn")
    found = serving.measure(tmp_path, serving.prepare(tmp_path), 100)
    assert list(found) == list(serving.commands(tmp_path, 0))
    assert all(seconds >= 0 for seconds in found.values())

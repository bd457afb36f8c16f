"""Commands that end by themselves: what they say, and their exit codes."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from aggregator import daemon
from aggregator.cli.context import Place

Invoke = Callable[..., Result]

DONE, FAILED, USAGE, NO_DATABASE, HELD, MISCONFIGURED = 0, 1, 2, 69, 75, 78


def test_check_tells_that_all_is_well(invoke: Invoke, folder: Path) -> None:
    result = invoke("check")
    assert result.exit_code == DONE
    assert result.stdout == f"{folder}/feeds.yaml: 1 source, 0 categories, no problem found\n"


def test_check_tells_every_problem_with_its_place(invoke: Invoke, folder: Path) -> None:
    (folder / "feeds.yaml").write_text("sources:\n  a: {psts: x}\n  B: {posts: y, every: soon}\n")
    result = invoke("check")
    assert result.exit_code == MISCONFIGURED
    places = [line.partition(" ")[0] for line in result.stderr.splitlines()]
    expected = [f"{folder}/feeds.yaml:{place}:" for place in ("2:3", "2:7", "3:3", "3:24")]
    assert places == [*expected, "aggregator:"]
    assert result.stderr.endswith("aggregator: 4 problems in the configuration\n")


@pytest.mark.parametrize(
    "words", [("check",), ("poll",), ("run",), ("list",), ("status",), ("show", "notes")]
)
def test_a_wrong_configuration_stops_every_command(
    invoke: Invoke, folder: Path, words: tuple[str, ...]
) -> None:
    (folder / "feeds.yaml").write_text("sources: {a: {}}")
    result = invoke(*words)
    assert result.exit_code == MISCONFIGURED
    assert "feeds.yaml:1:11: names no feed and no folder" in result.stderr


@pytest.mark.parametrize("words", [("check",), ("poll",), ("run",)])
def test_a_configuration_that_is_named_and_not_there_is_told(
    invoke: Invoke, folder: Path, words: tuple[str, ...]
) -> None:
    result = invoke(*words, config=folder / "other.yaml")
    assert result.exit_code == MISCONFIGURED
    assert "other.yaml: no such file" in result.stderr
    assert not (folder / "other.yaml").exists()


LONG = "x" * 300
"""No file can be called so: what nobody may look at cannot be had where tests run as root."""


@pytest.mark.parametrize("command", ["check", "poll", "run", "serve"])
def test_a_configuration_that_cannot_be_looked_for_is_told(invoke: Invoke, command: str) -> None:
    result = invoke(command, config=Path(LONG))
    assert result.exit_code == MISCONFIGURED
    assert f"{LONG}: cannot be read: File name too long (let this user read it)" in result.stderr


@pytest.mark.parametrize("command", ["poll", "run", "serve", "status"])
def test_an_instance_folder_that_cannot_be_looked_for_is_told(invoke: Invoke, command: str) -> None:
    result = invoke("--instance", LONG, command)
    assert result.exit_code == FAILED
    assert "cannot make the instance folder" in result.stderr


def test_schema_prints_json(invoke: Invoke) -> None:
    assert "sources" in json.loads(invoke("schema").stdout)["properties"]


def test_poll_asks_what_is_due_once(invoke: Invoke) -> None:
    first, second = invoke("poll"), invoke("poll")
    assert (first.exit_code, second.exit_code) == (DONE, DONE)
    assert "1 ok · 2 new entries" in first.stdout
    assert "feeds built: 2 feeds" in first.stdout
    assert second.stdout.startswith("nothing is due before ")


def test_poll_of_a_source_breaks_the_floor_only_by_force(invoke: Invoke, folder: Path) -> None:
    feeds = folder / "feeds.yaml"
    far = "sources:\n  far: {feed: 'http://127.0.0.1:9/'}"
    feeds.write_text(feeds.read_text().replace("sources:", far))
    invoke("poll")
    assert "asked less than 15 min ago; --force" in invoke("poll", "far").stdout
    assert "0 ok, 1 failed" in invoke("poll", "--force", "far").stdout


def test_poll_of_a_folder_looks_at_it_at_once(invoke: Invoke) -> None:
    invoke("poll")
    assert "1 ok · 0 new entries" in invoke("poll", "notes").stdout


def test_poll_of_nothing_says_so(invoke: Invoke, folder: Path) -> None:
    (folder / "feeds.yaml").write_text("sources: {}")
    result = invoke("poll")
    assert (result.exit_code, result.stdout) == (
        DONE,
        "nothing is ever due: feeds.yaml names no source that is still polled\n",
    )


def test_a_folder_that_is_not_there_is_one_line_with_the_next_try(
    invoke: Invoke, folder: Path
) -> None:
    text = (folder / "feeds.yaml").read_text()
    (folder / "feeds.yaml").write_text(text.replace("sources:", "sources:\n  gone: {posts: gone}"))
    result = invoke("poll")
    assert result.exit_code == DONE
    assert "1 ok, 1 failed · 2 new entries" in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("  ! gone  ")]
    assert " · again " in line
    assert line.endswith(" · aggregator show gone")


def test_a_source_that_is_not_there_is_named(invoke: Invoke) -> None:
    for words in (("poll", "note"), ("show", "note")):
        result = invoke(*words)
        assert result.exit_code == USAGE
        assert "no source is called note" in result.stderr


def test_list_names_feeds_and_sources(invoke: Invoke, folder: Path) -> None:
    feeds = folder / "feeds.yaml"
    feeds.write_text(feeds.read_text().replace("sources:", "sources:\n  a: {posts: gone}"))
    invoke("poll")
    assert invoke("list").stdout.splitlines() == [
        "Feeds:",
        "  all   http://127.0.0.1:8080/feeds/all.atom   2 entries   Everything",
        "  news  http://127.0.0.1:8080/feeds/news.atom   2 entries",
        "Sources:",
        f"  a      {folder}/gone  [no category]",
        f"  notes  {folder}/posts  [its own categories]",
    ]


def test_what_steers_a_terminal_is_shown_without_it(invoke: Invoke, folder: Path) -> None:
    feeds = (folder / "feeds.yaml").read_text().replace("posts: posts,", 'posts: "po\\u202Ests",')
    (folder / "posts").rename(folder / "po\u202ests")
    (folder / "feeds.yaml").write_text(feeds)
    invoke("poll")
    assert f"asked       {folder}/po\ufffdsts\n" in invoke("show", "notes").stdout


def test_list_says_what_a_feed_is_called_and_that_it_needs_its_token(
    invoke: Invoke, folder: Path
) -> None:
    with (folder / "feeds.yaml").open("a") as file:
        file.write("categories: {新聞: {token: not-to-be-guessed}, rust: {title: Rust}}\n")
    said = invoke("list").stdout
    assert ".atom?token=…   0 entries   新聞\n" in said
    assert "/feeds/rust.atom   0 entries\n" in said
    assert "guessed" not in said


def test_the_address_of_the_command_line_outranks_the_file(invoke: Invoke) -> None:
    result = invoke("--base-url", "https://feeds.example.org/x", "list")
    assert "  all  https://feeds.example.org/x/feeds/all.atom   0 entries" in result.stdout


def test_feeds_link_to_where_the_daemon_listens_whoever_builds_them(
    invoke: Invoke, folder: Path, instance: Path
) -> None:
    Place(folder / "feeds.yaml", instance).listen_at("http://127.0.0.1:9999/")
    invoke("poll")
    assert "  all   http://127.0.0.1:9999/feeds/all.atom   2 entries" in invoke("list").stdout


def test_an_address_of_the_file_outranks_where_the_daemon_listens(
    folder: Path, instance: Path
) -> None:
    """A daemon that was started without one took no notice of it in an edit."""
    place = Place(folder / "feeds.yaml", instance)
    place.listen_at("http://127.0.0.1:9999/")
    text = (folder / "feeds.yaml").read_text()
    (folder / "feeds.yaml").write_text(text.replace("site: {", "site: {url: https://a.example/, "))
    assert place.settings().site.url == "https://a.example/"


def test_an_address_that_is_none_is_wrong_usage(invoke: Invoke) -> None:
    result = invoke("--base-url", "feeds", "list")
    assert result.exit_code == USAGE
    assert "the public address “feeds” is no address with a host" in result.stderr


def test_status_tells_how_each_source_does(invoke: Invoke) -> None:
    assert "not polled yet" in invoke("status").stdout
    invoke("poll")
    lines = invoke("status").stdout.splitlines()
    assert lines[0].startswith("notes       2 entries  next ")
    assert " ok, " in lines[0]
    assert lines[1] == "1 source, 0 failing"


def test_status_tells_which_hub_does_not_answer(invoke: Invoke, folder: Path) -> None:
    feeds = folder / "feeds.yaml"
    feeds.write_text(feeds.read_text() + "publish: [{hub: 'http://127.0.0.1:9/'}]\n")
    invoke("poll")
    (line,) = [line for line in invoke("status").stdout.splitlines() if "hub" in line]
    assert line.startswith("hub http://127.0.0.1:9/ lacks 2 feeds after 1 attempt: ")
    assert "cannot be connected to" in line


def test_status_tells_which_feed_stays_closed_though_its_token_went(
    invoke: Invoke, folder: Path
) -> None:
    feeds = folder / "feeds.yaml"
    before = feeds.read_text()
    feeds.write_text(before.replace("Everything}", "Everything, token: 0123456789abcdef}"))
    invoke("poll")
    feeds.write_text(before)
    (line,) = [line for line in invoke("status").stdout.splitlines() if "token" in line]
    assert line.startswith("the feed all had a token and stays as it was")
    feeds.write_text(before.replace("Everything}", "Everything, token: none}"))
    assert "token" not in invoke("status").stdout


def test_status_is_there_for_programs_too(invoke: Invoke) -> None:
    invoke("poll")
    (source,) = json.loads(invoke("status", "--json").stdout)
    assert (source["name"], source["entries"], source["failures"]) == ("notes", 2, 0)


def test_show_tells_one_source_with_its_polls(invoke: Invoke) -> None:
    invoke("poll")
    lines = invoke("show", "notes").stdout.splitlines()
    assert lines[0] == "source      notes"
    assert "entries     2" in lines
    assert len(lines[lines.index("polls:") + 1 :]) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("politeness", "--days"),
        ("show", "notes", "--polls"),
        ("preview", "notes", "--entries"),
        ("backfill", "notes", "--pages"),
        ("dedupe", "replay", "--dry-run", "--entries"),
    ],
    ids=" ".join,
)
def test_a_number_that_counts_nothing_is_wrong_usage(
    invoke: Invoke, words: tuple[str, ...]
) -> None:
    for number in ("-1", "0", "nan", "1000000", "9" * 30):
        result = invoke(*words, number)
        assert result.exit_code == USAGE
        assert f"Invalid value for '{words[-1]}'" in result.stderr


@pytest.mark.parametrize("bind", ["8080", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:0", "x:70000"])
def test_an_address_to_listen_on_that_is_none_is_wrong_usage(invoke: Invoke, bind: str) -> None:
    for command in ("run", "serve"):
        result = invoke(command, "--bind", bind)
        assert result.exit_code == USAGE
        assert f"{bind} is not HOST:PORT" in result.stderr


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:////nowhere/at/all.db", "the database /nowhere/at/all.db cannot be opened"),
        ("nonsense", "the database URL cannot be read"),
        ("mysql://me:hunter2@host/name", "no database is called mysql"),
        ("postgresql://me:hunter2@127.0.0.1:1/name", "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_line(invoke: Invoke, url: str, message: str) -> None:
    for words in (("poll",), ("run",), ("serve",), ("list",)):
        result = invoke("--database-url", url, *words)
        assert result.exit_code == NO_DATABASE
        assert message in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert "hunter2" not in result.output


def test_an_instance_folder_that_cannot_be_made_is_one_line(invoke: Invoke, folder: Path) -> None:
    blocked = folder / "blocked"
    blocked.write_text("in the way")
    for words in (("poll",), ("run",), ("serve",)):
        result = invoke("--instance", str(blocked), *words)
        assert result.exit_code == FAILED
        assert result.stderr.startswith(f"aggregator: cannot make the instance folder {blocked}")
        assert len(result.stderr.splitlines()) == 1


def test_a_second_daemon_is_told_who_runs(invoke: Invoke, folder: Path) -> None:
    new = folder / "new"
    new.mkdir()
    with daemon.hold(new):
        result = invoke("--instance", str(new), "run")
    assert result.exit_code == HELD
    assert f"runs on {new} already" in result.stderr
    assert not (new / "aggregator.db").exists()


def test_an_address_in_use_is_told(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        for command in ("run", "serve"):
            result = invoke(command, "--bind", bind)
            assert result.exit_code == FAILED
            assert f"cannot listen on {bind}: Address already in use" in result.stderr


def test_a_host_that_is_not_ours_is_told(invoke: Invoke) -> None:
    result = invoke("serve", "--bind", "192.0.2.1:8080")
    assert result.exit_code == FAILED
    assert "cannot listen on 192.0.2.1:8080" in result.stderr

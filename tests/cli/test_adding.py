"""`add`, `import` and `export`, as somebody does who has a reader's list and a browser."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aggregator.cli.main import group
from aggregator.config import load_settings
from aggregator.model.settings import Source
from bench.servers.guesthouse import Behaviour, Guest, Guesthouse, answer

DONE, FAILED, USAGE, MISCONFIGURED = 0, 1, 2, 78

CONFIG = """# mine
fetch: {allow_networks: [127.0.0.0/8], spacing: 0s, connect_timeout: 1s}
sources:
  old: {feed: "http://old.example/feed"}  # keep

# the end
"""
OPML = """<opml version="2.0"><body>
<outline text="Tech"><outline text="Planet Two" xmlUrl="https://two.example/feed"/></outline>
<outline text="Old" xmlUrl="https://www.old.example/feed/"/>
<outline text="Mail" xmlUrl="mailto:me@example.org"/>
</body></opml>
"""

Invoke = Callable[..., Result]


def feed(title: str) -> bytes:
    item = "<item><title>One</title><guid>1</guid></item>"
    return f"<rss><channel><title>{title}</title>{item}</channel></rss>".encode()


def says(body: bytes, media_type: bytes = b"text/html") -> Behaviour:
    async def behave(guest: Guest) -> None:
        await guest.send(answer(headers=[b"Content-Type: " + media_type], body=body))

    return behave


def link(href: str, title: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'


BLOG = f"<!doctype html><head>{link('/blog-feed', 'Feed')}</head><p>Hello".encode()
WORDPRESS = (
    "<!doctype html><html><head>"
    + link("/wp-comments", "A blog » Comments Feed")
    + link("/wp-feed", "A blog » Feed")
    + '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">'
    + "</head><body>Hello</body></html>"
).encode()
SITE: dict[str, Behaviour] = {
    "blog": says(BLOG),
    "blog-feed": says(feed("A linked blog")),
    "wp": says(WORDPRESS),
    "wp-feed": says(feed("A blog")),
    "wp-comments": says(feed("Comments on: A blog")),
    "plain": says(b"<html><body>No link at all</body></html>"),
    "feed.xml": says(feed("Where most are")),
    "@someone": says(b"<html><body>Needs JavaScript</body></html>"),
    "@someone.rss": says(feed("Someone")),
    "itself": says(feed("A feed itself"), b"application/rss+xml"),
}
BARE: dict[str, Behaviour] = {"bare": says(b"<html><body>Nothing here</body></html>")}


@pytest.fixture(scope="module")
def house() -> Iterator[Guesthouse]:
    with Guesthouse(SITE | BARE) as open_house:
        yield open_house


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def run(config: Path) -> Invoke:
    def invoke(*words: str) -> Result:
        places = ("--config", str(config), "--instance", str(config.parent / "instance"))
        return CliRunner().invoke(group, [*places, *words], prog_name="aggregator")

    return invoke


def last(config: Path) -> Source:
    return load_settings(config).sources[-1]


@pytest.mark.parametrize(
    ("page", "name", "address"),
    [
        ("blog", "a-linked-blog", "blog-feed"),
        ("wp", "a-blog", "wp-feed"),
        ("plain", "where-most-are", "feed.xml"),
        ("@someone", "someone", "@someone.rss"),
        ("itself", "a-feed-itself", "itself"),
    ],
)
def test_an_address_of_any_kind_becomes_a_source(
    run: Invoke, config: Path, house: Guesthouse, page: str, name: str, address: str
) -> None:
    result = run("add", house.url(page), "--category", "News", "--category", "Two words")
    assert result.exit_code == DONE, result.output
    added = last(config)
    assert (added.name, added.categories) == (name, ("News", "Two words"))
    assert added.location == house.url(page).removesuffix(page) + address
    assert f"added {name}  {added.location}  [News, Two words]" in result.stdout
    assert f"next: `aggregator poll {name}`" in result.stdout
    text = config.read_text()
    assert text.startswith(CONFIG.partition("\n\n")[0])
    assert text.endswith("\n\n# the end\n")


def test_what_was_added_is_polled_and_not_added_twice(
    run: Invoke, house: Guesthouse, config: Path
) -> None:
    assert run("add", house.url("itself"), "--name", "mine").exit_code == DONE
    assert "1 ok · 1 new entry" in run("poll", "mine").stdout
    before = config.read_bytes()
    again = run("add", house.url("itself"))
    assert again.exit_code == DONE
    assert "is already among the sources, as mine" in again.stdout
    assert config.read_bytes() == before


def test_a_source_that_is_a_page_is_told_the_address_of_its_feed(
    run: Invoke, house: Guesthouse, config: Path
) -> None:
    address = house.url("blog")
    page = f'  page: {{feed: "{address}"}}\n'
    config.write_text(CONFIG.replace("\n# the end", f"{page}\n# the end"))
    before = config.read_bytes()
    result = run("add", address)
    assert result.exit_code == DONE
    assert f"write feed: {address}-feed under page" in result.stdout
    assert config.read_bytes() == before


def test_of_several_the_first_is_taken_where_nobody_can_be_asked(
    run: Invoke, house: Guesthouse, config: Path
) -> None:
    for words in ((), ("--yes",), ("--first",)):
        config.write_text(CONFIG)
        result = run("add", house.url("wp"), *words)
        assert "  1. A blog · 1 entry · " in result.stdout
        assert "  2. Comments on: A blog · 1 entry · " in result.stdout
        assert "taking the first of 2" in result.stdout
        assert "it is in no category" in result.stdout
        assert last(config).name == "a-blog"


def test_of_several_those_that_are_there_are_marked(
    run: Invoke, house: Guesthouse, config: Path
) -> None:
    run("add", house.url("wp"))
    result = run("add", house.url("wp"))
    assert "is a-blog already" in result.stdout
    assert "nothing was added: the first is among the sources" in result.stdout
    assert last(config).name == "a-blog"
    run("add", house.url("wp").removesuffix("wp") + "wp-comments")
    assert last(config).name == "comments-on-a-blog"
    assert "nothing to add" in run("add", house.url("wp")).stdout


@pytest.mark.slow
def test_on_a_terminal_it_asks(house: Guesthouse, config: Path) -> None:
    master, slave = pty.openpty()
    os.write(master, b"2\n")
    command = [sys.executable, "-m", "aggregator", "--config", str(config), "add", house.url("wp")]
    try:
        said = subprocess.run(command, stdin=slave, capture_output=True, timeout=60, check=True)
    finally:
        os.close(slave)
        os.close(master)
    assert b"which one [1]" in said.stdout + said.stderr
    assert last(config).name == "comments-on-a-blog"


def test_nothing_found_is_told(run: Invoke, config: Path) -> None:
    with Guesthouse(BARE) as house:
        result = run("add", house.url("bare"))
    assert result.exit_code == FAILED
    assert "no feed was found at " in result.stderr
    assert config.read_text() == CONFIG


def test_what_is_no_page_is_told(run: Invoke, config: Path) -> None:
    with Guesthouse({"list": says(OPML.encode(), b"text/x-opml")}) as house:
        result = run("add", house.url("list"))
    assert result.exit_code == FAILED
    assert "/list is an OPML list of feeds, not a feed; `aggregator import" in result.stderr
    assert config.read_text() == CONFIG


def test_no_answer_is_told(run: Invoke, config: Path, house: Guesthouse) -> None:
    result = run("add", house.url("itself", "-not-there"))
    assert result.exit_code == FAILED
    assert "404" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert config.read_text() == CONFIG


@pytest.mark.slow
def test_without_a_scheme_both_are_tried(run: Invoke, config: Path, house: Guesthouse) -> None:
    result = run("add", house.url("itself").removeprefix("http://"))
    assert result.exit_code == DONE, result.output
    assert last(config).location == house.url("itself")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("[x",), "is no address"),
        (("ftp://example.org/feed",), "is no address"),
        (("https://me:hunter2@example.org/",), "are not kept"),
        (("me:hunter2@example.org/",), "is no address"),
        (("https://example.org/", "--name", "No name"), "is no name of a source"),
        (("https://example.org/", "--name", "old"), "a source is called old already"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(
    run: Invoke, config: Path, words: tuple[str, ...], said: str
) -> None:
    result = run("add", *words)
    assert result.exit_code == USAGE
    assert said in result.stderr
    assert config.read_text() == CONFIG


def test_a_file_without_sources_can_be_begun(run: Invoke, config: Path, house: Guesthouse) -> None:
    config.write_text(CONFIG.partition("sources:")[0])
    assert run("add", house.url("itself")).exit_code == DONE
    assert [source.name for source in load_settings(config).sources] == ["a-feed-itself"]


def test_a_wrong_configuration_stops_it(run: Invoke, config: Path, tmp_path: Path) -> None:
    config.write_text("sources: {a: {}}")
    (tmp_path / "x.opml").write_text(OPML)
    for words in (
        ("add", "https://example.org/"),
        ("import", str(tmp_path / "x.opml")),
        ("export",),
    ):
        assert run(*words).exit_code == MISCONFIGURED


def test_an_import_tells_each_line(run: Invoke, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.opml"
    path.write_text(OPML)
    lines = [
        "  + planet-two  https://two.example/feed  [Tech]",
        "  = old  https://www.old.example/feed/  is among the sources",
        f"  ! {path}:4: mailto:me@example.org: no http(s) address",
    ]
    tried = run("import", str(path), "--dry-run")
    counted = "1 added, 1 known, 1 refused"
    assert tried.stdout.splitlines() == [*lines, f"{counted} (nothing was written)"]
    assert config.read_text() == CONFIG
    assert run("import", str(path)).stdout.splitlines()[:4] == [*lines, f"{config}: {counted}"]
    assert (last(config).name, last(config).categories) == ("planet-two", ("Tech",))
    assert "0 added, 2 known" in run("import", str(path)).stdout


def test_an_import_of_no_list_is_told(run: Invoke, config: Path, tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_bytes(feed("x"))
    result = run("import", str(tmp_path / "x.xml"))
    assert result.exit_code == FAILED
    assert "x.xml is a feed, not a list of feeds" in result.stderr
    assert config.read_text() == CONFIG


def test_a_list_cannot_reach_for_a_secret(run: Invoke, config: Path, tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text(
        '<opml><outline text="${HOME}"><outline text="${PATH} x" xmlUrl="https://x.example/${HOME}"/>'
        '</outline><outline text="front-matter"><outline xmlUrl="https://y.example/"/></outline></opml>'
    )
    assert run("import", str(tmp_path / "x.opml")).exit_code == DONE
    first, second = load_settings(config).sources[-2:]
    assert (first.location, first.categories) == ("https://x.example/$%7BHOME%7D", ("${HOME}",))
    assert second.categories == ()


def test_an_export_imported_gives_the_same(run: Invoke, config: Path, tmp_path: Path) -> None:
    config.write_text(
        "sources:\n"
        "  a: {feed: 'https://a.example/?x=1&y=2', categories: [Two words, C++], title: A & B}\n"
        "  b.c: {feed: 'https://b.example/', categories: [C++]}\n"
        "  notes: {posts: notes}\n"
        "  plain: {feed: 'https://plain.example/'}\n"
    )
    before = {one.name: one for one in load_settings(config).sources if not one.local}
    out = tmp_path / "out.opml"
    result = run("export", str(out))
    assert result.stdout == f"wrote 3 feeds to {out}\n"
    assert "left out: 1 folder of posts" in result.stderr
    assert run("export").stdout_bytes == out.read_bytes()
    config.write_text("sources: {}\n")
    assert run("import", str(out)).exit_code == DONE
    after = {one.name: one for one in load_settings(config).sources}
    assert {
        name: (one.location, set(one.categories), one.title) for name, one in after.items()
    } == {name: (one.location, set(one.categories), one.title) for name, one in before.items()}


def test_an_export_that_cannot_be_written_is_told(run: Invoke, tmp_path: Path) -> None:
    result = run("export", str(tmp_path / "no" / "where.opml"))
    assert result.exit_code == USAGE
    assert "cannot be written: No such file or directory" in result.stderr


def test_the_first_command_in_an_empty_folder_may_be_an_import(tmp_path: Path) -> None:
    (tmp_path / "x.opml").write_text(OPML)
    with chdir(tmp_path):
        result = CliRunner().invoke(group, ["import", "x.opml"])
    assert result.exit_code == DONE, result.output
    assert len(load_settings(tmp_path / "feeds.yaml").sources) == 2

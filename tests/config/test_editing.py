"""Sources put into feeds.yaml: where they go, and that nothing else moves."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config import load_settings
from aggregator.config.editing import NewSource, add_sources, open_draft
from aggregator.core.slugs import category_slug
from aggregator.errors import ConfigError

NEW = NewSource("new", "https://n.example/feed", ("Two words", "c"))
LINE = 'new: {feed: "https://n.example/feed", categories: [Two words, c]}'


def edited(tmp_path: Path, text: str, *sources: NewSource) -> str:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(text.encode())
    after = add_sources(open_draft(path), sources or (NEW,))
    assert after == load_settings(path)
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("sources:\n", f"sources:\n  {LINE}\n", id="nothing"),
        pytest.param("sources:\n  # none\n", f"sources:\n  {LINE}\n  # none\n", id="a comment"),
        pytest.param("sources: ~ # c\n\n#d", f"sources: # c\n  {LINE}\n\n#d", id="a null"),
        pytest.param("sources: {}", f"sources:\n  {LINE}\n", id="braces"),
        pytest.param("site: {}", f"site: {{}}\nsources:\n  {LINE}\n", id="no section"),
        pytest.param(
            "sources:\n  a: {feed: 'http://a.example/'}  # keep\n\n# next\nfeeds:\n  b: {}\n",
            f"sources:\n  a: {{feed: 'http://a.example/'}}  # keep\n  {LINE}\n\n# next\n"
            "feeds:\n  b: {}\n",
            id="a line",
        ),
        pytest.param(
            "sources:\n    a:\n       feed:   http://a.example/\n# end",
            "sources:\n    a:\n       feed:   http://a.example/\n"
            '    new:\n       feed: "https://n.example/feed"\n       categories: [Two words, c]\n'
            "# end",
            id="keys below",
        ),
        pytest.param(
            "sources:\r\n  a: {feed: http://a.example/}\r\n",
            f"sources:\r\n  a: {{feed: http://a.example/}}\r\n  {LINE}\r\n",
            id="CRLF",
        ),
        pytest.param(
            "\ufeffsources:\n  a: {feed: http://a.example/}",
            f"\ufeffsources:\n  a: {{feed: http://a.example/}}\n  {LINE}\n",
            id="a byte order mark",
        ),
        pytest.param(
            "sources: {a: {feed: http://a.example/},}\n",
            f"sources: {{a: {{feed: http://a.example/}}, {LINE},}}\n",
            id="sources in braces",
        ),
        pytest.param(
            "sources: {\n  a: {feed: http://a.example/}\n}\n",
            f"sources: {{\n  a: {{feed: http://a.example/}},\n  {LINE}\n}}\n",
            id="braces over lines",
        ),
        pytest.param("{sources: }", f"{{sources: {{{LINE}}} }}", id="all in braces"),
        pytest.param(
            "sources:\n  a:\n    feed: http://a.example/\n    categories:\n    - x # y\n...\n",
            "sources:\n  a:\n    feed: http://a.example/\n    categories:\n    - x # y\n"
            '  new:\n    feed: "https://n.example/feed"\n    categories: [Two words, c]\n...\n',
            id="the end of the document",
        ),
        pytest.param(
            '{"sources": {"a": {"feed": "http://a.example/"}}}',
            '{"sources": {"a": {"feed": "http://a.example/"}, "new": {"feed": '
            '"https://n.example/feed", "categories": ["Two words", "c"]}}}',
            id="JSON",
        ),
    ],
)
def test_a_source_goes_behind_the_last_and_looks_like_it(
    tmp_path: Path, before: str, after: str
) -> None:
    assert edited(tmp_path, before) == after


def test_the_starter_keeps_every_line(tmp_path: Path) -> None:
    starter = (Path(__file__).parents[2] / "feeds.yaml").read_text()
    after = edited(tmp_path, starter).splitlines()
    after.remove(f"  {LINE}")
    assert after == starter.splitlines()


def test_many_go_in_at_once_in_their_order(tmp_path: Path) -> None:
    more = NewSource("more", "https://m.example/")
    text = edited(tmp_path, "sources:\n  a: {posts: x}\n", NEW, more)
    assert text.splitlines()[2:] == [f"  {LINE}", '  more: {feed: "https://m.example/"}']


TEXTS = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
SHAPES = st.sampled_from(
    [
        "sources: {}\n",
        '{"sources": {"a": {"feed": "http://a.example/"}}}',
        "sources:\n  a:\n    posts: x\n",
    ]
)


@given(
    SHAPES, st.lists(TEXTS, max_size=3), st.none() | st.sampled_from(["${HOME}", "$${X}", "a: b #"])
)
@settings(max_examples=150, deadline=None)
def test_any_text_stays_that_text(
    tmp_path_factory: pytest.TempPathFactory, shape: str, categories: list[str], title: str | None
) -> None:
    path = tmp_path_factory.mktemp("edit") / "feeds.yaml"
    path.write_text(shape)
    new = NewSource("null", "https://n.example/?a=1&b=%20", tuple(categories), title or "")
    try:
        added = add_sources(open_draft(path), (new,)).sources[-1]
    except ConfigError as error:
        # Controls are no text of a configuration: nothing is written then.
        assert "control character" in str(error) or "no YAML" in str(error)
        assert path.read_text() == shape
        return
    assert (added.name, added.location, added.title) == (new.name, new.url, title)
    assert set(map(category_slug, added.categories)) == set(map(category_slug, categories))


@pytest.mark.parametrize(
    ("text", "new", "words"),
    [
        ("sources:\n  new: {posts: x}\n", NEW, "new stands here twice"),
        ("sources: {}\n", NewSource("No name", "https://n.example/"), "no name of a source"),
        ("sources: {}\n", NewSource("new", "ftp://n.example/"), "feeds.yaml"),
        ("sources:\n  x: {posts: x}\nfeeds: {a: {match: {sources: [y]}}}\n", NEW, "called y"),
    ],
)
def test_what_would_not_load_is_not_written(
    tmp_path: Path, text: str, new: NewSource, words: str
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        add_sources(open_draft(path), (new,))
    assert path.read_text() == text


def test_sources_that_are_written_elsewhere_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    text = "defaults: &x {every: 1h}\nsources: {a: &a {posts: x}, b: *a}\nfeeds: {}\n"
    path.write_text(text)
    add_sources(open_draft(path), (NEW,))
    assert path.read_text() == text.replace("b: *a", f"b: *a, {LINE}")


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("sources: {}\n")
    draft = open_draft(path)
    path.write_text("sources: {}\n# mine\n")
    with pytest.raises(ConfigError, match="was changed meanwhile"):
        add_sources(draft, (NEW,))
    assert path.read_text() == "sources: {}\n# mine\n"


def test_a_file_that_came_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    draft = open_draft(path, new=True)
    path.write_text("sources: {}\n")
    with pytest.raises(ConfigError, match="was changed meanwhile"):
        add_sources(draft, (NEW,))
    assert path.read_text() == "sources: {}\n"


def test_a_new_file_is_begun_only_where_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    with pytest.raises(ConfigError, match="no such file"):
        open_draft(path)
    add_sources(open_draft(path, new=True), (NEW,))
    assert [source.name for source in load_settings(path).sources] == ["new"]
    assert path.read_text().startswith("# ")


def test_mode_and_link_stay_and_nothing_is_left_behind(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "feeds.yaml"
    real.write_text("sources: {}\n")
    real.chmod(0o640)
    link.symlink_to(real)
    add_sources(open_draft(link), (NEW,))
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert LINE in real.read_text()
    assert {one.name for one in tmp_path.iterdir()} == {"feeds.yaml", "real.yaml"}


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "feeds.yaml"
    path.parent.mkdir()
    path.write_text("sources: {}\n")
    draft = open_draft(path)
    path.unlink()
    path.parent.rmdir()
    gone = open_draft(path, new=True)
    for one in (draft, gone):
        with pytest.raises(ConfigError, match=r"changed meanwhile|cannot be written"):
            add_sources(one, (NEW,))

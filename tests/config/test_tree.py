"""Two parsers read feeds.yaml: the quick one is believed only where both say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import events

from aggregator.config import tree
from aggregator.config.tree import Node, read_tree
from aggregator.errors import ConfigError

WORDS = (
    *("a", "b: ", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", ": ", ":", "#", " # c"),
    *(
        '"x"',
        "'y'",
        '"',
        "'",
        " ",
        "&a ",
        "*a",
        "&a:b ",
        "\r",
        "...\n",
        "|",
        ">",
        "|\n   t\n",
        ">-",
        "~",
        "null",
        "é",
        "中",
    ),
    *("http://x/y?a=b", "-", "\r\n", "\\", '"a\\/b"', '"\\x41"', '"\\N"', "%", "@", "`", "--- "),
    *("...", "\n---\n", "<<: ", "key: v\n", '"k":', "1:30", "no", "''", "\n- ", '"a\n b"', "😀"),
    *("a\n  b", "? ", "?", "!", "!!str ", "!x ", "\t", "\x85", "\ufeff", "\u2028", "root:\n  "),
)


def thorough(text: str) -> Node:
    """Read with ruamel.yaml alone."""
    builder = tree._Builder("feeds.yaml", tree._events("feeds.yaml", text), events)
    root = builder.document()
    assert not builder.problems
    return root


def told(node: Node) -> object:
    """Return what a node says; where nothing stands, the parsers differ on its place."""
    if isinstance(node.value, dict):
        below = {key: told(one) for key, one in node.value.items()}
        return node.line, node.column, below, node.keys, node.size
    if isinstance(node.value, list):
        return node.line, node.column, [told(one) for one in node.value], node.size
    return None if node.value is None else (node.line, node.column, node.value)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map("".join))
def test_what_libyaml_is_believed_ruamel_reads_alike(text: str) -> None:
    quick = None if tree._DOUBTFUL.search(text) else tree._quickly("feeds.yaml", text)
    if quick is not None:
        assert told(quick) == told(thorough(text))


DOUBTFUL = (
    "a: |\n  text\n",
    "a: >- # folded\n  text\n",
    "a: >#no comment\n  text\n",
    "%YAML 1.1\n---\na: b\n",
    "? a\n: b\n",
    "a: x\x85y\n",
    "a: x\u2028y\n",
    "a: &x:y z\n",
    "{a: &b.c d, e: *b.c }\n",
    "a: b\n...\n...\n",
    "a\r...\r...\r",
)


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_text_that_could_be_read_in_two_ways_is_left_to_ruamel(text: str) -> None:
    assert tree._DOUBTFUL.search(text)


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: !!str b\n", "a: [1\n", "a: *b\n", "[a]: b\n"])
def test_libyaml_is_not_asked_what_is_wrong(text: str) -> None:
    assert tree._quickly("feeds.yaml", text) is None


def test_ordinary_sources_are_read_by_libyaml() -> None:
    text = "sources:\n  one: {feed: 'https://a.example/?q=1&b=2', title: What? Why!}  # a\n"
    assert not tree._DOUBTFUL.search(text)
    assert tree._quickly("feeds.yaml", text) == read_tree("feeds.yaml", text)[0]


def test_a_key_that_stands_twice_is_told_with_its_place() -> None:
    _, (problem,) = read_tree("feeds.yaml", "a: 1\nb: 2\na: 3\n")
    assert (problem.line, problem.column, problem.message) == (3, 1, "a stands here twice")


def test_what_is_no_yaml_is_told_with_its_place() -> None:
    with pytest.raises(ConfigError) as caught:
        read_tree("feeds.yaml", "sources:\n  one: {feed: [}\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (2, 16)

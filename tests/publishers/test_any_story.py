"""Whatever a story says, a post comes of it that every reader reads alike."""

import json
import re
import shutil
import subprocess
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import pytest
import yaml
from engine_sites import NODE
from hypothesis import given, settings
from hypothesis import strategies as st
from publisher_cases import ENGINES, NOW, SITE, article, item, posts_in, publication, read_back
from publisher_cases import target as target_of
from ruamel.yaml import YAML

from aggregator.core.html import plain_text, sanitize
from aggregator.model.parsed import Person, Term
from aggregator.model.shown import Item
from aggregator.publishers.posts import PostsPublisher
from aggregator.publishers.posts.bodies import in_lines
from aggregator.publishers.posts.quoting import fixed, flow, key, quoted
from aggregator.publishers.posts.words import headline, one_line, words

ANY_TEXT = st.text(st.characters(), max_size=40)  # every code point, lone surrogates too
WRITABLE = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
EVERY_SIGN = "".join(map(chr, (*range(0x800), *range(0x2000, 0x2100), *range(0xFE00, 0x10010))))


def whole(text: str) -> str:
    """Return a text as files can hold it."""
    return "".join("\ufffd" if 0xD800 <= ord(sign) < 0xE000 else sign for sign in text)


# -- the emitter ---------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(WRITABLE)
def test_yaml_1_1_yaml_1_2_toml_and_json_readers_agree(text: str) -> None:
    scalar = quoted(text)
    assert "\n" not in scalar
    assert yaml.safe_load(f"a: {scalar}\n") == {"a": text}
    assert yaml.load(f"a: {scalar}\n", Loader=yaml.CSafeLoader) == {"a": text}
    assert YAML(typ="safe", pure=True).load(f"a: {scalar}\n") == {"a": text}
    assert tomllib.loads(f"a = {scalar}\n") == {"a": text}
    assert json.loads(scalar) == text


def test_lone_surrogates_are_replaced() -> None:
    assert quoted("a\ud800b") == '"a\ufffdb"'


def test_lists_keep_every_word() -> None:
    names = ("a, b", "[c]", "no", "null", "1")
    assert yaml.safe_load(flow(names)) == list(names)
    assert yaml.safe_load(flow(names, nested=True)) == [[name] for name in names]


@pytest.mark.parametrize("name", ["layout", "no", "y", "a b", "1", "ключ", "a: b", ""])
def test_keys_are_text_to_every_reader(name: str) -> None:
    assert yaml.safe_load(f"{key(name)}: 1") == {name: 1}
    assert tomllib.loads(f"{key(name)} = 1") == {name: 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("true", True),
        ("false", False),
        ("10", 10),
        ("010", "010"),
        ("yes", "yes"),
        ("1.10", "1.10"),
    ],
)
def test_an_operators_true_and_numbers_stay_such(typed: str, meant: object) -> None:
    assert yaml.safe_load(fixed(typed)) == meant
    assert tomllib.loads(f"a = {fixed(typed)}") == {"a": meant}


def _scalars() -> tuple[list[str], str]:
    texts = [*EVERY_SIGN, "no", "12:30", "2022-05-26", "a: b", "- a", "#", "", " ", "\U0001f600"]
    texts = [text for text in texts if text == whole(text)]
    return texts, "".join(f"- {quoted(text)}\n" for text in texts)


@pytest.mark.slow
@pytest.mark.parametrize("package", ["js-yaml", "yaml"])
def test_javascripts_readers_agree(package: str) -> None:
    if not (NODE / package).exists():
        pytest.skip(f"{package} is not installed: run .ci/engines")
    call = "load" if package == "js-yaml" else "parse"
    program = (
        f"const y=require('{package}');const t=require('fs').readFileSync(0,'utf8');"
        f"process.stdout.write(JSON.stringify(y.{call}(t)))"
    )
    texts, document = _scalars()
    done = subprocess.run(
        ["node", "-e", program], input=document.encode(), capture_output=True, cwd=NODE.parent
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == texts


@pytest.mark.slow
def test_rubys_reader_agrees() -> None:
    if not shutil.which("ruby"):
        pytest.skip("ruby is not installed: run .ci/engines")
    program = "require 'yaml'; require 'json'; print JSON.generate(YAML.safe_load(STDIN.read))"
    texts, document = _scalars()
    done = subprocess.run(
        ["ruby", "-Ku", "-E", "UTF-8:UTF-8", "-e", program],
        input=document.encode(),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == texts


# -- whole posts ---------------------------------------------------------------------------------


SNIPPETS = st.sampled_from(
    (
        *("<p>", "</p>", "<pre>", "</pre>", "<code>", "</code>", "<div>", "</div>", "\n\n", "<br>"),
        *("{{ x }}", "{% raw %}", "{% endraw %}", "{{< f >}}", "{#", "&#123;", "&lbrace;", "}}"),
        *(
            "```\n",
            "    - a\n",
            "---\n",
            "# b\n",
            "<!--more-->",
            "[[c]]",
            "<b hidden>",
            "&lt;i&gt;",
        ),
        *('<a href="/d?{e}&amp;f">', "</a>", "import g from 'h'\n", "{filename}i.md", "$1$", ":::"),
    )
)
MOMENTS = st.floats(700_000_000, 1_770_000_000).map(lambda time: datetime.fromtimestamp(time, UTC))
STORIES = st.builds(
    item,
    id=st.text(st.sampled_from("abc/?&=%_-~"), max_size=1000).map("https://a.example/".__add__),
    title=ANY_TEXT,
    link=st.sampled_from(("https://a.example/b?c=d&e=%7B%7B", "https://b.example/")),
    published=MOMENTS,
    updated=MOMENTS,
    article=st.builds(
        article,
        st.lists(SNIPPETS | ANY_TEXT, max_size=12).map("".join),
        terms=st.builds(Term, ANY_TEXT).map(lambda term: (term,)),
        authors=st.builds(Person, ANY_TEXT).map(lambda person: (person,)),
        language=ANY_TEXT,
    ),
)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(STORIES, st.lists(ANY_TEXT, min_size=1, max_size=3), st.sampled_from(ENGINES))
def test_any_story_is_written_and_read_back(
    story: Item, categories: list[str], engine: str
) -> None:
    feeds = [
        publication(story, title=title, slug=f"a{number}")
        for number, title in enumerate(categories)
    ]
    with TemporaryDirectory() as name:
        folder = Path(name)
        goal = target_of(folder, engine)
        assert PostsPublisher(goal, SITE)(feeds, NOW).written == 1
        (path,) = posts_in(folder)
        body = path.read_bytes().decode("utf-8")
        text = body[body.rindex("\n<div") + 1 : -1]
        assert all(line.startswith("<") for line in text.split("\n"))
        assert PostsPublisher(goal, SITE)(feeds, NOW).kept == 1
        (entry,) = read_back(folder, engine)
    published = story.published.replace(microsecond=0)
    assert (entry.guid, entry.link, entry.published) == (story.id, story.link, published)
    assert entry.title.value == whole(headline(story))
    said = story.article.content or story.article.summary
    named = words(one_line(title) or f"a{number}" for number, title in enumerate(categories))
    assert entry.categories == tuple(dict.fromkeys(whole(normalize("NFC", one)) for one in named))
    if re.search(r"\w", plain_text(sanitize(said))):  # marks alone go with what `remove` names
        assert _words(entry.content.value if entry.content else "") == _words(said)


def _words(markup: str) -> list[str]:
    return plain_text(sanitize(whole(markup))).split()


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('<>/pre div \n\t&"=x'), max_size=60))
def test_laying_out_changes_no_word(soup: str) -> None:
    safe = sanitize(soup)
    laid = in_lines(safe)
    assert "\n\n" not in laid
    assert plain_text(laid) == plain_text(safe)


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_words_are_one_line_and_not_empty(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert headline(item(title=text)).strip()
    assert all(any(sign.isalnum() for sign in word) for word in words((text, text + "!")))

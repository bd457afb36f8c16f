"""Secrets come from the environment and are shown by nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rich.pretty import pretty_repr

from aggregator.errors import Problem
from aggregator.model.settings import HttpOptions, Secret, Settings

Load = Callable[..., Settings]
Complain = Callable[..., tuple[Problem, ...]]

SOURCE = "sources: {a: {feed: https://a.example/, bearer: '%s'}}"


@pytest.mark.parametrize(
    ("written", "read"),
    [("${TOKEN}", "s3cret"), ("x-${TOKEN}-${TOKEN}", "x-s3cret-s3cret"), ("$${TOKEN}", "${TOKEN}"),
     ("$TOKEN", "$TOKEN")],
)  # fmt: skip
def test_a_variable_is_put_in(load: Load, written: str, read: str) -> None:
    settings = load(SOURCE % written, {"TOKEN": "s3cret"})
    assert settings.sources[0].http.bearer == Secret(read)


def test_a_file_holds_the_value(load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    settings = load(SOURCE % "${TOKEN}", {"TOKEN_FILE": str(tmp_path / "token")})
    assert settings.sources[0].http.bearer == Secret("s3cret")


def test_a_missing_variable_is_a_problem_with_its_place(complain: Complain) -> None:
    assert [str(problem).rpartition("/")[2] for problem in complain(SOURCE % "${TOKEN}")] == [
        "feeds.yaml:1:49: the environment has no TOKEN "
        "(set TOKEN, or TOKEN_FILE to a file that holds the value)"
    ]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"TOKEN_FILE": "/nowhere"}, "TOKEN_FILE names a file that cannot be used"),
        ({"TOKEN_FILE": "/dev/zero"}, "too large for a secret"),
        ({"TOKEN": "two\nlines"}, "TOKEN is no single line of text"),
        ({"TOKEN": "\udc80"}, "TOKEN is no single line of text"),
    ],
)
def test_a_variable_that_cannot_be_used_is_one_problem(
    complain: Complain, environment: dict[str, str], message: str
) -> None:
    (problem,) = complain(SOURCE % "${TOKEN}", environment)
    assert message in problem.message


def test_a_name_that_is_none_is_a_problem(complain: Complain) -> None:
    (problem,) = complain(SOURCE % "${A-B}")
    assert problem.message == "${A-B} names no variable"


@pytest.mark.parametrize(
    "text",
    [
        "fetch: {floor: '${SECRET}'}\nsources: {}",
        "sources: {a: {feed: 'https://me:${SECRET}@a example/'}}",
        "sources: {a: {feed: 'https://me:hunter2@a example/'}}",
        "sources: {a: {feed: 'me:hunter2@a.example'}}",
        "sources: {a: {feed: https://a.example/, proxy: 'me:hunter2@x'}}",
        "sources: {a: {feed: https://a.example/, proxy: '${SECRET}'}}",
        'sources: {a: {feed: https://a.example/, password: "hunter2\\n", username: me}}',
        'sources: {a: {feed: https://a.example/, cookies: {a: "hunter2;"}}}',
        'sources: {a: {feed: https://a.example/, headers: {a: "hunter2\\n"}}}',
    ],
)
def test_no_problem_shows_a_secret(complain: Complain, text: str) -> None:
    problems = complain(text, {"SECRET": "hunter2"})
    assert not any("hunter2" in str(problem) for problem in problems)


def test_a_secret_in_a_published_address_is_refused(complain: Complain) -> None:
    (problem,) = complain("sources: {a: {feed: 'https://a.example/?key=${KEY}'}}", {"KEY": "k"})
    assert problem.message == "“https://a.example/?key=${KEY}” is published with the entries"


def test_a_secret_before_the_at_sign_is_no_part_of_the_address(load: Load) -> None:
    text = "sources: {a: {feed: 'https://${NAME}:${PW}@a.example/'}}"
    source = load(text, {"NAME": "me", "PW": "s3cret"}).sources[0]
    assert (source.location, source.http.basic) == ("https://a.example/", ("me", Secret("s3cret")))


def test_a_secret_is_shown_by_no_printer() -> None:
    options = HttpOptions(bearer=Secret("hunter2"))
    assert "bearer=Secret()" in repr(options)
    assert "bearer=Secret()" in pretty_repr(options)

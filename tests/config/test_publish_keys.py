"""What is written besides the database, what feeds match, and what sources allow."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.errors import Problem
from aggregator.model.settings import (
    FilesTarget,
    HubTarget,
    Match,
    PostsTarget,
    Republish,
    Settings,
)

Load = Callable[..., Settings]
Complain = Callable[..., tuple[Problem, ...]]


def test_targets_are_read(load: Load, tmp_path: Path) -> None:
    settings = load(
        """
        sources: {}
        publish:
          - hub: self
          - {hub: "https://hub.example.org/"}
          - files: instance/public
          - posts: ../site/_posts
            engine: hugo
            feeds: tea
            body: link
            keep: {days: 3, newest: 9, archive: old}
            index_pages: /srv/pages
            front_matter: {layout: post}
            timezone: Asia/Shanghai
        """
    )
    assert settings.publish == (
        HubTarget("self"),
        HubTarget("https://hub.example.org/"),
        FilesTarget(tmp_path / "instance/public"),
        PostsTarget(
            folder=tmp_path / "../site/_posts",
            engine="hugo",
            feeds=("tea",),
            body="link",
            keep_days=3,
            keep_posts=9,
            archive=tmp_path / "old",
            index_pages=Path("/srv/pages"),
            front_matter=(("layout", "post"),),
            timezone="Asia/Shanghai",
        ),
    )


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("{}", "the target is no hub, no files and no posts"),
        ("{hub: self, files: x}", "the target is hub and files"),
        ("{files: x, engine: hugo}", "engine has no meaning for a folder of files"),
        ("{posts: x}", "posts stands without engine"),
        ("{posts: x, engine: wordpress}", "“wordpress” is not known here"),
        ("{posts: x, engine: hugo, timezone: Mars/Olympus}", "“Mars/Olympus”"),
        ("{hub: ftp://hub.example.org/}", "“ftp://hub.example.org/” is no http(s) address"),
        ("{posts: x, engine: hugo, keep: {weeks: 3}}", "weeks is no key here"),
        ("{file: x}", "file is no key here"),
    ],
)
def test_a_target_that_cannot_be_meant(complain: Complain, target: str, message: str) -> None:
    problems = complain(f"sources: {{}}\npublish: [{target}]")
    assert any(message in problem.message for problem in problems)
    assert {problem.line for problem in problems} == {2}


def test_a_match_is_read(load: Load) -> None:
    settings = load(
        """
        sources: {a: {feed: https://a.example/, categories: [Tea Time]}}
        feeds:
          x:
            match:
              categories: Tea Time
              tags: [Green Tea, green-tea]
              languages: en
              authors: Ada Example
              words: [green, black tea]
              without: {sources: [a], words: coffee}
            per_source: 3
            noindex: true
        """
    )
    (feed,) = settings.feeds
    assert feed.match == Match(
        categories=("tea-time",),
        tags=("green-tea",),
        languages=("en",),
        authors=("Ada Example",),
        words=("green", "black tea"),
        without=Match(sources=("a",), words=("coffee",)),
    )
    assert (feed.per_source, feed.noindex) == (3, True)


def test_a_feed_says_whose_copy_is_shown(load: Load, complain: Complain) -> None:
    text = """
        sources: {a: {feed: https://a.example/}, b: {feed: https://b.example/}}
        defaults: {prefer: b}
        categories: {Tea: {prefer: [a, b]}}
        feeds: {x: {}, y: {prefer: a}}
        """
    found = load(text)
    assert [feed.prefer for feed in found.feeds] == [("b",), ("a",)]
    assert (found.defaults.prefer, found.categories[0].prefer) == (("b",), ("a", "b"))
    wrong = "sources: {}\ncategories: {Tea: {prefer: nobody}}"
    assert [problem.message for problem in complain(wrong)] == ["no source is called nobody"]


def test_names_in_without_are_checked_as_well(complain: Complain) -> None:
    text = "sources: {}\nfeeds: {x: {match: {without: {sources: [nobody]}}}}"
    assert [problem.message for problem in complain(text)] == ["no source is called nobody"]


def test_terms_of_a_source_outrank_the_defaults(load: Load) -> None:
    settings = load(
        """
        defaults: {republish: excerpt, excerpt_words: 30, rights: CC BY}
        sources:
          a: {feed: https://a.example/}
          b: {posts: x, republish: link, attribution: By B, noindex: true}
        """
    )
    assert [source.republish for source in settings.sources] == [
        Republish("excerpt", 30, rights="CC BY"),
        Republish("link", 30, noindex=True, rights="CC BY", attribution="By B"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "feed: https://a.example/feed?token=x",
        "feed: https://a.example/feed?x=1&api_key=",
        "feed: https://a.example/feed?Signature=x",
        "feed: https://me:word@a.example/feed",
        "feed: https://a.example/feed, bearer: x",
        "feed: https://a.example/feed, username: me, password: x",
        "feed: https://a.example/feed, cookies: {id: x}",
        "feed: https://a.example/feed, headers: {X-Api-Key: x}",
        "feed: https://a.example/3f9a8b7c/feed, hide_address: true",
    ],
)
def test_the_address_of_a_feed_for_one_reader_is_not_published(load: Load, said: str) -> None:
    (source,) = load(f"sources: {{a: {{{said}}}}}").sources
    assert source.republish.hide_address


@pytest.mark.parametrize(
    "said",
    [
        "feed: https://a.example/feed?author=x&keyword=y&page=2",
        "feed: https://a.example/token/feed",
        "feed: https://a.example/feed, headers: {Accept-Language: en}",
        "feed: https://a.example/feed?token=x, hide_address: false",
        "posts: x",
    ],
)
def test_the_address_of_any_other_feed_is(load: Load, said: str) -> None:
    (source,) = load(f"sources: {{a: {{{said}}}}}").sources
    assert not source.republish.hide_address

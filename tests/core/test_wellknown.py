"""Feeds of pages whose sites have a rule for them, and where others usually have theirs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.urls import absolute
from aggregator.core.wellknown import feeds_by_rule, usual_feeds

YOUTUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("https://www.youtube.com/channel/UCabc_-9", f"{YOUTUBE}?channel_id=UCabc_-9"),
        ("https://m.youtube.com/user/someone/", f"{YOUTUBE}?user=someone"),
        ("https://www.youtube.com/playlist?list=PL12", f"{YOUTUBE}?playlist_id=PL12"),
        ("https://youtube.com/watch?v=x&list=a%26b", f"{YOUTUBE}?playlist_id=a%26b"),
        ("https://github.com/someone", "https://github.com/someone.atom"),
        ("https://github.com/some/thing", "https://github.com/some/thing/releases.atom"),
        ("https://gitlab.com/some/thing", "https://gitlab.com/some/thing/-/tags?format=atom"),
        ("https://codeberg.org/some/thing/", "https://codeberg.org/some/thing.rss"),
        ("https://old.reddit.com/r/python/", "https://www.reddit.com/r/python/.rss"),
        ("https://medium.com/@someone", "https://medium.com/feed/@someone"),
        ("https://vimeo.com/someone", "https://vimeo.com/someone/videos/rss"),
        ("https://dev.to/someone", "https://dev.to/feed/someone"),
        ("https://bsky.app/profile/a.example", "https://bsky.app/profile/a.example/rss"),
        ("https://pypi.org/project/x/", "https://pypi.org/rss/project/x/releases.xml"),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("https://social.example:8443/@someone", "https://social.example:8443/@someone.rss"),
    ],
)
def test_a_site_with_a_rule_needs_no_look_at_the_page(page: str, feed: str) -> None:
    assert feeds_by_rule(page)[0] == feed


@pytest.mark.parametrize(
    "page",
    [
        "https://example.org/",
        "https://notyoutube.com/playlist?list=PL12",
        "https://www.youtube.com/playlist?list=",
        "https://www.youtube.com/@someone",
        "https://github.com/",
        "https://github.com/some/thing/issues",
        "https://social.example/@someone/109",
        "https://github.com.example/some/thing",
    ],
)
def test_another_site_has_none(page: str) -> None:
    assert feeds_by_rule(page) == ()


def test_usual_places_begin_below_the_page_and_go_on_at_the_root() -> None:
    found = usual_feeds("https://example.org/blog/")
    assert found[:2] == ("https://example.org/blog/feed", "https://example.org/blog/index.xml")
    assert "https://example.org/feed.xml" in found
    assert "https://example.org/?feed=rss2" in found


def test_a_file_is_no_folder() -> None:
    assert usual_feeds("https://example.org/blog/index.html")[0] == "https://example.org/blog/feed"
    assert usual_feeds("https://example.org/index.html") == usual_feeds("https://example.org/")


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_every_address_gives_clean_addresses(path: str, query: str) -> None:
    for host in ("www.youtube.com", "github.com", "social.example"):
        page = absolute(f"https://{host}/{path}?list={query}")
        for feed in (*feeds_by_rule(page), *usual_feeds(page)) if page else ():
            assert absolute(feed) == feed

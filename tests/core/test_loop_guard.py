"""Our own posts are known when they come back."""

from pathlib import Path

import pytest

from aggregator.core.loop_guard import is_ours, mark, minted_here
from aggregator.model.settings import Settings, Site, Source

TAG = "feeds.example,2026"


@pytest.mark.parametrize(
    "source_id",
    [mark(TAG), f"tag:{TAG}:paper/0123", f" TAG:{TAG.upper()}:paper/0123 "],
)
def test_what_was_minted_under_our_tag_is_ours(source_id: str) -> None:
    assert is_ours(source_id, TAG)


@pytest.mark.parametrize(
    "source_id",
    [
        "",
        "https://paper.example/1",
        "tag:feeds.example,2025:paper/1",
        "tag:feeds.example,2026-01:paper/1",
        "tag:my.feeds.example,2026:paper/1",
        "see tag:feeds.example,2026:paper/1",
    ],
)
def test_what_others_minted_is_not(source_id: str) -> None:
    assert not is_ours(source_id, TAG)


def test_a_site_without_a_tag_owns_nothing() -> None:
    assert not is_ours("tag::x", "")


def test_an_id_is_ours_where_it_names_what_we_follow() -> None:
    sources = tuple(Source(f"s{number}", "feed", "https://s.example/") for number in range(2_000))
    site = Site(url="https://feeds.example/", title="Feeds", tag=TAG)
    ours = {f"tag:{TAG}:s7/0123", f"tag:{TAG}:feed/all", f"tag:{TAG}:notice/1"}
    others = {f"tag:{TAG}:others/{number}" for number in range(50_000)}
    settings = Settings(Path("feeds.yaml"), site, sources=sources)
    assert minted_here(ours | others, settings) == ours

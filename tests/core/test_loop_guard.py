"""Our own posts are known when they come back."""

import pytest

from aggregator.core.loop_guard import is_ours, mark

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

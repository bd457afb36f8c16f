"""How two titles stand to each other."""

import pytest

from aggregator.core.stories.titles import EXCHANGED, SAME, UNLIKE, read_title, relation

LONG = "Strength in consumer durables and housing as the cycle ends"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (LONG, f"{LONG} | The Coast", SAME),
        (LONG, f"Bank official: {LONG}", SAME),
        (LONG, "Bank official: Strength in consumer durables and hous", SAME),
        (LONG, "Bank official: Strength in consumer durable", UNLIKE),
        ("The next all hands", "The next all hands - The Coast", SAME),
        ("Quill 4.1.2", "Quill 4.1.2 - The Coast", SAME),
        ("Quill 4.1.2", "Quill 4.1.3", EXCHANGED),
        ("Quill 4.1.2", "Quill 4.1.3 - The Coast", EXCHANGED),
        ("Briefing", "Briefing: Tuesday", UNLIKE),
        ("Court notice: Osei", "Court notice: Voss", EXCHANGED),
    ],
)
def test_titles_agree_or_were_exchanged(one: str, other: str, found: str) -> None:
    for pair in ((one, other), (other, one)):
        assert relation(*map(read_title, pair)) == found

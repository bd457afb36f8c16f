"""Different stories that look alike are never one."""

from itertools import combinations

import pytest
from newsroom import Newsroom
from texts import SLOTS, STORIES, TEMPLATES, filled

FAMILIES = sorted(TEMPLATES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_is_seen_through_at_first_sight(family: str) -> None:
    """No source has shown its template before: nothing but the pair itself can tell."""
    for one, other in combinations(SLOTS, 2):
        room = Newsroom()
        keys = room.tell("a", *filled(family, one)), room.tell("b", *filled(family, other))
        assert room.are_apart(*keys)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "title",
    ["Notices of the county for the week, as they were given", "今日有关部门发布的重要公告全文"],
)
def test_one_title_makes_no_story_of_a_template(family: str, title: str) -> None:
    for other in SLOTS[1:]:
        room = Newsroom()
        texts = (filled(family, slots)[1] for slots in (SLOTS[0], other))
        assert room.are_apart(*(room.tell(f"s{n}", title, text) for n, text in enumerate(texts)))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_of_one_source_gives_as_many_stories(family: str) -> None:
    room = Newsroom()
    assert room.are_apart(*(room.tell("a", *filled(family, slots)) for slots in SLOTS))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_in_many_sources_gives_as_many_stories(family: str) -> None:
    room = Newsroom()
    told = [[room.tell(f"s{n}", *filled(family, slots)) for n in range(3)] for slots in SLOTS]
    for one, other in combinations(told, 2):
        assert all(room.are_apart(a, b) for a in one for b in other)


def test_a_notice_under_other_titles_is_no_story() -> None:
    room = Newsroom()
    notice = (
        "This article is for subscribers. To read on, sign in or take out a subscription,"
        " which can be cancelled at any time. The first month is free of charge."
    )
    titles = ("Quarry owners lose patience", "A pie for every day of Lent", "The slow death of ink")
    assert room.are_apart(*(room.tell(f"s{n}", title, notice) for n, title in enumerate(titles)))


def test_a_digest_is_not_one_of_its_items() -> None:
    room = Newsroom()
    title, parts = STORIES["en"]
    item = room.tell("agency", title, parts[:3])
    digest = (
        "Ferries stand still on Monday, as the crews and the company do not agree on winter pay.",
        "A school in Brackwater stays shut after the boiler burst for the third time in a month.",
        *parts[:3],
        "The library of Alderby buys the house next door and wants to keep its pear tree.",
        "Two swans hold up traffic on the ring road, and nobody dares to move them.",
    )
    assert room.are_apart(item, room.tell("morning", "The morning in short", digest))


def test_a_follow_up_that_quotes_the_background_is_news() -> None:
    room = Newsroom()
    title, parts = STORIES["en"]
    first = room.tell("agency", title, parts)
    follow = (
        "A third keeper has come forward and wants to stay on Gannet Rock at her own cost.",
        "She was trained on the neighbouring island and knows every stone, she told the harbour"
        " board, which will decide in a fortnight.",
        *parts[1:4],
    )
    assert room.are_apart(first, room.tell("paper", "Volunteer wants to keep the rock", follow))


def test_a_daily_bulletin_with_other_figures_is_news_under_one_title() -> None:
    def bulletin(figures: str) -> list[str]:
        a, b, c, d = figures.split()
        return [
            "Prices at the fish market this morning, a kilogram, as the harbour office noted them:",
            f"Cod {a}",
            f"Haddock {b}",
            f"Mackerel {c}",
            f"Crab {d}",
            "Prices are means of five sellers and differ by size and quality.",
        ]

    room = Newsroom()
    days = ("4.10 3.20 2.15 9.00", "4.30 3.10 2.40 9.50", "4.05 3.25 2.20 8.75")
    keys = [
        room.tell(source, "Prices at the fish market", bulletin(day))
        for day in days
        for source in ("office", "gazette")
    ]
    assert all(room.are_apart(*pair) for pair in combinations(keys[::2], 2))


def test_equal_ids_and_home_page_links_prove_nothing() -> None:
    room = Newsroom()
    home = "https://paper.example/"
    one = room.tell("a", "Swans hold up traffic", STORIES["en"][1][:3], link=home)
    other = room.tell("b", "School stays shut", STORIES["ru"][1][:3], link=home)
    assert room.are_apart(one, other)


def test_a_column_that_returns_under_its_title_is_news_each_week() -> None:
    frame = "The author writes here every Saturday. Letters are welcome, and answered by hand."
    weeks = (
        "I lost an umbrella on the tram and found two others that were better than mine.",
        "The neighbours have bought a cockerel, and the street has taken sides about it.",
        "My aunt is learning to drive at seventy, in a van that once belonged to a circus.",
    )
    room = Newsroom()
    assert room.are_apart(*(room.tell("a", "The Saturday column", (w, frame)) for w in weeks))


def test_release_notes_of_two_programs_are_two() -> None:
    room = Newsroom()
    notes = "This release fixes bugs and improves performance. Thank you for all your reports."
    one, other = room.tell("a", "Quill 4.1.2", notes), room.tell("b", "Osprey 7.0.3", notes)
    assert room.are_apart(one, other)

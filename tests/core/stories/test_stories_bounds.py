"""Hostile and empty input: bounded, and no link without evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom
from texts import STORIES

from aggregator.core.stories import Sketch, features, pack, unpack
from aggregator.core.stories.text import (
    plain,
    run_on,
    statements,
    without_lead_on,
    written,
)

MEGABYTE = 1_000_000


def test_entries_without_anything_are_apart() -> None:
    room = Newsroom()
    assert room.are_apart(*(room.tell(f"s{n % 7}", "", "") for n in range(40)))


@pytest.mark.parametrize("title", ["Hi", "News", "今日导读", "Untitled", "…", "2025"])
def test_a_short_title_proves_nothing(title: str) -> None:
    room = Newsroom()
    assert room.are_apart(*(room.tell(f"s{n}", title, "") for n in range(6)))


@pytest.mark.parametrize(
    "piece",
    [
        "The same again and again. ",
        "<",
        "<p ",
        ".",
        "… ",
        " 一",
        "https://",
        "\n related stories \n",
        "Ab\n",
        "1. a\n",
    ],
)
def test_a_megabyte_of_anything_is_read_in_part(piece: str) -> None:
    made = features("x", "", piece * (MEGABYTE // len(piece)), None)
    assert len(made.sketch.marks) <= 40


@pytest.mark.parametrize("nothing", ["\n", "<p>", " ", "\u3000"])
def test_a_gap_in_a_text_is_read_at_once(nothing: str) -> None:
    made = features("x", "", f"今天。{nothing * (150_000 // len(nothing))}明天", None)
    assert made.said == ("今天", "明天")


def test_figures_without_end_belong_to_the_statement_before_them() -> None:
    made = features("x", "", "Goals: " + "1, 2, " * 30_000, None)
    assert made.said == ("goals" + "12" * 30_000,)


@pytest.mark.slow
def test_a_flood_of_one_text_is_no_story_of_thousands() -> None:
    room = Newsroom()
    title, parts = STORIES["en"]
    keys = [room.tell(f"s{n}", title, parts, hours=1) for n in range(450)]
    stories = [room.desk.cluster(key) for key in keys]
    assert max(stories.count(story) for story in set(stories)) <= 200


def test_no_known_language_is_read_by_its_letters() -> None:
    room = Newsroom()
    text = "".join(f"<p>ᚠᚢᚦ ᚨᚱᚲ{'ᚷ' * n} ᚹᚺᚾ ᛁᛃᛇ{'ᛈ' * n} ᛉᛊᛏ ᛒᛖᛗ ᛚᛜᛞ</p>" for n in range(1, 8))
    one, other = room.tell("a", "ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁᛃ ᛇᛈᛉᛊᛏᛒᛖᛗ", text), room.tell("b", "ᚠ", text)
    assert room.are_one(one, other)


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_sketch_that_survives_the_database(title: str, html: str) -> None:
    made = features(title, html, html[:50], None)
    assert unpack(pack(made.sketch)) == made.sketch
    assert len(made.keys) == len(made.sketch.marks) == len(made.sketch.traits) == len(made.said)
    assert set(made.said) <= set(statements(made.text))
    assert all(0 <= key < 2**63 for key in made.keys)


def test_of_a_long_text_the_head_is_kept_and_the_length_of_the_rest() -> None:
    room = Newsroom()
    long = [
        f"This is the {n}th sentence of a text, he said, which tells of {n} sheep."
        for n in range(90)
    ]
    sketch = features("", "", "".join(f"<p>{part}</p>" for part in long), None).sketch
    assert len(sketch.marks) == 40
    assert sketch.rest > 2 * sketch.units
    copy = [part for n, part in enumerate(long) if n % 4]
    assert room.are_one(room.tell("a", "Sheep", long), room.tell("b", "A flock", copy))


def test_nothing_packed_is_an_empty_sketch() -> None:
    assert unpack(b"") == Sketch()


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Rates rose 3.5 percent, to 1,200.", ["ratesrose35percent", "to1200"]),
        ("沪指涨0.5%，深成指跌。", ["沪指涨05", "深成指跌"]),
        ("Cod\n12.50\nCrab\n9", ["cod1250", "crab9"]),
        ("臺灣 — ＡＢＣ１２", ["台湾", "abc12"]),
        ("七点社3月4日电 港务部门表示", ["七点社3月4日电", "港务部门表示"]),
    ],
)
def test_a_text_falls_into_statements(text: str, letters: list[str]) -> None:
    assert statements(text) == letters


@given(st.text(alphabet="abÉß12.,:;!?–…’“²½|[]()·_ \n\xa0\x85٠中", max_size=40))
def test_latin_text_is_read_by_a_table_as_any_other_is_read(text: str) -> None:
    """A line in another script keeps a text from the table."""
    latin, other = (statements(f"{line}\n{text}") for line in ("ab", "日本"))
    assert latin[0].removeprefix("ab") == other[0].removeprefix("日本")
    assert latin[1:] == other[1:]


@given(st.text(alphabet="abÉ12.,;!–“²[] \n中", max_size=40))
def test_statements_are_shown_as_they_were_written(text: str) -> None:
    shown = written(text)
    assert list(shown) == list(dict.fromkeys(statements(text)))
    assert all(statements(line.replace(" ", "")) == [said] for said, line in shown.items())


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("Introduction\nIn April we posted", "Introduction In April we posted"),
        ("Готово\n\nВ апреле", "Готово В апреле"),
        ("It ends here.\nIn April", "It ends here.\nIn April"),
        ("Cod 12\nCrab 9", "Cod 12\nCrab 9"),
        ("To do:\n1. Discuss it\n2. Review it", "To do:\nDiscuss it Review it"),
        ("They lost 3. The others won.", "They lost 3. The others won."),
        ("In 1951. 12. Platoon left", "In 1951.\nPlatoon left"),
        ("议程\n审议报告", "议程\n审议报告"),
    ],
)
def test_headings_and_items_run_into_what_follows(text: str, run: str) -> None:
    assert statements(run_on(text)) == statements(run)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("<p>One\ntwo <b>three</b></p>", "One two three"),
        ("One &amp; two", "One & two"),
        ("See https://paper.example/a?b for more", "See  for more"),
    ],
)
def test_blocks_are_lines(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It ends here.", ("It ends here.", False)),
        ("It goes on… Read more", ("It goes on", True)),
        ("It goes on [...]", ("It goes on [", True)),
        ("它还没有说完……【阅读全文】", ("它还没有说完", True)),
        ("It stops in the midd", ("It stops in the midd", True)),
        ("", ("", False)),
    ],
)
def test_a_summary_that_goes_on_is_known(text: str, cut: tuple[str, bool]) -> None:
    assert without_lead_on(text) == cut


def test_one_sentence_repeated_for_a_megabyte_proves_nothing() -> None:
    room = Newsroom()
    text = "The same again and again. " * (MEGABYTE // 26)
    assert room.are_apart(*(room.tell(f"s{n}", title, text) for n, title in enumerate("AB")))


@pytest.mark.slow
def test_ten_thousand_entries_with_one_text_are_taken_in() -> None:
    room = Newsroom()
    title, parts = STORIES["en"]
    keys = [room.tell(f"s{n % 500}", title, parts, hours=n / 1000) for n in range(10_000)]
    stories = [room.desk.cluster(key) for key in keys]
    assert max(stories.count(story) for story in set(stories)) <= 200


@pytest.mark.slow
def test_ten_thousand_entries_without_evidence_are_apart() -> None:
    room = Newsroom()
    keys = [room.tell(f"s{n % 500}", "Update", "", hours=n / 1000) for n in range(10_000)]
    assert room.are_apart(*keys)

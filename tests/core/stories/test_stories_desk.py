"""How stories are put together and taken apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from zlib import crc32

import pytest
from msgspec.structs import replace
from newsroom import MONDAY, Newsroom
from texts import SLOTS, STORIES, filled

from aggregator.core.stories import (
    Desk,
    Nothing,
    Sketch,
    Tie,
    Told,
    Verdict,
    Whole,
    explain,
    features,
)
from aggregator.model.known import EntryKey

TITLE, PARTS = STORIES["en"]
STORY = (TITLE, PARTS)


def kept(source: str, cluster: int, title: str, parts: Sequence[str]) -> Told:
    """Return an entry as a store would give it back."""
    made = features(title, "", "".join(f"<p>{part}</p>" for part in parts), None)
    key = EntryKey(source, "kept")
    return Told(key, crc32(source.encode()), cluster, MONDAY, made.title, made.sketch)


@dataclass
class Shelf(Nothing):
    """An index that holds a few entries and gives all of them for any key."""

    entries: tuple[Told, ...]
    kept_ties: tuple[Tie, ...] = ()
    parted: frozenset[frozenset[EntryKey]] = frozenset()

    def bearers(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        return {key: [told.number for told in self.entries] for key in keys}

    def told(self, numbers: Collection[int]) -> Sequence[Told]:
        return [told for told in self.entries if told.number in numbers]

    def stories(self, clusters: Collection[int]) -> Whole:
        members = [told for told in self.entries if told.cluster in clusters]
        keys = {told.key for told in members}
        ties = [tie for tie in self.kept_ties if tie.a in keys or tie.b in keys]
        return Whole(members, ties, [pair for pair in self.parted if not pair.isdisjoint(keys)])

    def recent(self, source: str) -> Sequence[Told]:
        return [told for told in self.entries if told.key.source == source]


def test_a_kept_story_keeps_its_number() -> None:
    room = Newsroom(Desk(Shelf((kept("agency", 17, *STORY),))))
    assert room.desk.cluster(room.tell("paper", *STORY)) == 17


@pytest.mark.parametrize("days", [15, -15])
def test_what_stands_two_weeks_apart_is_no_copy(days: int) -> None:
    """Neither is what an archive brings that is read for the first time."""
    room = Newsroom(Desk(Shelf((kept("agency", 17, *STORY),))))
    assert room.desk.cluster(room.tell("paper", *STORY, hours=24 * days)) < 0


def test_what_the_operator_parted_stays_apart() -> None:
    told = kept("agency", 17, *STORY)
    parted = frozenset({frozenset({told.key, EntryKey("paper", "1")})})
    room = Newsroom(Desk(Shelf((told,), parted=parted)))
    assert room.desk.cluster(room.tell("paper", *STORY)) < 0
    assert not room.desk.made


def test_an_entry_that_fits_two_stories_makes_one_of_them() -> None:
    head = kept("a", 3, TITLE, PARTS[:3])
    rest = replace(kept("b", 9, TITLE, PARTS[3:]), key=EntryKey("b", "kept"))
    room = Newsroom(Desk(Shelf((head, rest))))
    assert room.desk.cluster(room.tell("agency", *STORY)) == 3
    assert room.desk.cluster(rest.key) == 3


def test_links_that_rest_on_a_template_are_cut_when_it_is_known() -> None:
    """A wrong link that an earlier version kept; the source's third bulletin shows its frame."""
    frame = filled("weather warning", SLOTS[0])[1][1:]
    one = kept("a", 1, "Snow on the passes", frame)
    other = kept("b", 1, "Gale at sea", frame)
    tie = Tie(one.key, other.key, Verdict(True, "text", 0.8))
    third = kept("a", 2, "Fog in the valley", frame)
    shelf = Shelf((one, other, replace(third, key=EntryKey("a", "third"), number=3)), (tie,))
    room = Newsroom(Desk(shelf))
    assert room.desk.judge_again("a", frozenset(one.sketch.marks)) == (tie,)
    assert room.are_apart(one.key, other.key)
    assert list(room.desk.cut.values()) == [tie]


def test_a_link_to_an_entry_whose_sketch_was_forgotten_is_not_doubted() -> None:
    frame = filled("weather warning", SLOTS[0])[1][1:]
    one, other = kept("a", 1, "Snow on the passes", frame), kept("b", 1, "Gale at sea", frame)
    other = replace(other, sketch=Sketch())
    tie = Tie(one.key, other.key, Verdict(True, "text", 0.8))
    room = Newsroom(Desk(Shelf((one, other), (tie,))))
    assert room.desk.judge_again("a", frozenset(one.sketch.marks)) == ()


def test_a_link_of_the_operator_is_never_cut() -> None:
    frame = filled("weather warning", SLOTS[0])[1][1:]
    one, other = kept("a", 1, "Snow on the passes", frame), kept("b", 1, "Gale at sea", frame)
    tie = Tie(one.key, other.key, Verdict(True, "text", 1.0), by_user=True)
    third = kept("a", 2, "Fog in the valley", frame)
    third = replace(third, key=EntryKey("a", "third"), number=3)
    room = Newsroom(Desk(Shelf((one, other, third), (tie,))))
    assert room.desk.judge_again("a", frozenset(one.sketch.marks)) == ()


@pytest.mark.parametrize(
    ("level", "found"),
    [("off", ""), ("identity", ""), ("link", "l"), ("text", "lt"), ("text+short", "lts")],
)
def test_a_level_finds_what_it_says(level: str, found: str) -> None:
    room = Newsroom()
    page = "https://agency.example/gannet"
    first = room.tell("agency", TITLE, PARTS, link=page)
    told = {
        "l": room.tell("paper", TITLE, PARTS, link=page, level=level),
        "t": room.tell("gazette", "Harbour notes", PARTS, level=level),
        "s": room.tell("links", TITLE, "", level=level),
    }
    assert "".join(sign for sign, key in told.items() if room.are_one(first, key)) == found


def test_the_order_of_arrival_does_not_matter() -> None:
    copies = [PARTS, PARTS[1:], PARTS[:4], (*PARTS, "Sign up for our letter.")]
    for order in permutations(range(4)):
        room = Newsroom()
        assert room.are_one(*(room.tell(f"s{n}", TITLE, copies[n], hours=1) for n in order))


def test_a_link_says_why_in_words() -> None:
    room = Newsroom()
    room.tell("agency", *STORY)
    room.tell("paper", TITLE, PARTS[1:])
    (tie,) = room.desk.made.values()
    lines = explain(tie.verdict)
    assert lines[0] == "They have the same text."
    assert any(line.startswith("Both say: ") for line in lines)
    assert len(tie.verdict.evidence.samples) == 3


def test_a_source_has_no_two_unlike_entries_in_one_story() -> None:
    room = Newsroom()
    own = (*PARTS[:3], "The mayor of Alderby regrets the decision and will write a letter.")
    first = room.tell("agency", *STORY)
    second = room.tell("agency", "Mayor writes a letter", own)
    third = room.tell("paper", "Mayor writes a letter", own)
    assert room.are_apart(first, second)
    assert room.are_one(second, third)

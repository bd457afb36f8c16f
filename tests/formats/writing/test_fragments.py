"""Items that were written before are taken over, and nobody can tell from the bytes."""

from collections.abc import Mapping
from gzip import decompress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_publications import GOLDEN, item, publication
from msgspec.structs import replace

from aggregator import plugins
from aggregator.core.artifacts import MAX_BYTES, artifact_of
from aggregator.core.fragments import Fragments, slot_of
from aggregator.core.plausible import said_by
from aggregator.core.stitching import Document, Saved, stitch
from aggregator.errors import RenderError
from aggregator.model.shown import Artifact, Item, Publication, Written
from aggregator.ports import Format

TEMPLATES = (Path(__file__).parents[3] / "templates",)
FORMATS = plugins.formats(TEMPLATES)
FEED = publication(*(item(number) for number in range(9, 0, -1)))
NEWS = replace(FEED, items=(item(10), *FEED.items[:-1]), description="Other words")


def fresh() -> Fragments:
    return Fragments(plugins.border, "1")


def bodies(documents: dict[str, Document]) -> dict[str, bytes]:
    return {name: decompress(one.packed.gzip) for name, one in documents.items()}


def saved(documents: dict[str, Document]) -> list[Artifact]:
    return [
        artifact_of(name, "x/y", one.packed, FEED.updated, pieces=one.pieces)
        for name, one in documents.items()
    ]


def written(
    made: Fragments, shown: Publication, formats: Mapping[str, Format]
) -> dict[str, Document]:
    """Write a publication, handing over only what is asked for."""
    slots = [slot_of(one, shown.language) for one in shown.items]
    lacking = made.lacking(slots, formats)
    pairs = zip(slots, shown.items, strict=True)
    items = {slot.key: one for slot, one in pairs if slot.key in lacking}
    return made.write(replace(shown, items=()), slots, items, formats)


class Counting:
    """The formats, counting the items they are asked to write."""

    def __init__(self) -> None:
        self.items = 0
        self.formats = {name: self._counted(form) for name, form in FORMATS.items()}

    def _counted(self, form: Format) -> Format:
        def render(shown: Publication) -> object:
            self.items += len(shown.items)
            return form.render(shown)

        return replace(form, render=render)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_document_of_kept_items_is_the_one_that_is_written_whole(name: str) -> None:
    made = fresh()
    whole = bodies(written(made, GOLDEN[name], FORMATS))
    assert bodies(written(made, GOLDEN[name], FORMATS)) == whole
    assert whole["rss"] == FORMATS["rss"].render(GOLDEN[name]).whole()


def test_only_what_is_new_is_written() -> None:
    made, counting = fresh(), Counting()
    written(made, FEED, counting.formats)
    assert counting.items == 9 * len(FORMATS)
    after = bodies(written(made, NEWS, counting.formats))
    assert counting.items == 10 * len(FORMATS)
    assert after == bodies(written(fresh(), NEWS, FORMATS))


def said(number: int, words: int) -> Item:
    """Return an item with so many words: of a few hundred, each item is a run of its own."""
    shown = item(number)
    return replace(shown, article=replace(shown.article, content=f"<p>{'word ' * words}</p>"))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.integers(1, 12), st.sampled_from((1, 900, 4000)), max_size=8),
        min_size=2,
        max_size=3,
    )
)
def test_whatever_came_and_went_the_bytes_are_those_of_a_document_written_whole(
    editions: list[dict[int, int]],
) -> None:
    made = fresh()
    for edition in editions:
        shown = publication(*(said(number, words) for number, words in edition.items()))
        documents = written(made, shown, FORMATS)
        whole = written(fresh(), shown, FORMATS)
        for name, form in FORMATS.items():
            assert documents[name] == whole[name], name
            read = form.check(decompress(documents[name].packed.gzip))
            assert read in (None, said_by([slot_of(one, "en") for one in shown.items])), name
        made = fresh()
        made.recall(saved(documents))


def test_runs_that_stay_together_are_not_compressed_again() -> None:
    shown = publication(*(said(number, 4000) for number in range(9, 0, -1)))
    before = written(fresh(), shown, FORMATS)
    later = fresh()
    later.recall(saved(before))
    after = written(later, replace(shown, items=(said(10, 4000), *shown.items[:-1])), FORMATS)
    for name, document in after.items():
        kept = set(before[name].pieces.runs) & set(document.pieces.runs)
        assert len(kept) >= 7, name


def test_what_reads_otherwise_than_it_was_written_does_not_leave() -> None:
    atom = FORMATS["atom"]
    other = replace(FEED, items=tuple(item(number) for number in range(19, 10, -1)))
    strange = replace(atom, render=lambda _: atom.render(other))
    with pytest.raises(RenderError, match="other ids"):
        written(fresh(), FEED, {"atom": strange})


def test_two_items_of_one_id_do_not_leave() -> None:
    twice = (FEED.items[0], replace(FEED.items[1], id=FEED.items[0].id))
    with pytest.raises(RenderError, match="two entries have the id"):
        written(fresh(), replace(FEED, items=twice), FORMATS)


def test_a_document_beyond_all_measure_does_not_leave() -> None:
    huge = Written(b"<", (b"x" * (MAX_BYTES // 2),) * 2, b">")
    items = {name: (name, MAX_BYTES // 2) for name in "ab"}
    with pytest.raises(RenderError, match="too large"):
        stitch(huge, "label", items, dict(zip("ab", huge.items, strict=True)), None)


def test_an_edit_writes_its_item_again() -> None:
    made = fresh()
    written(made, FEED, FORMATS)
    edited = replace(FEED, items=(replace(FEED.items[0], title="Edited"), *FEED.items[1:]))
    again = bodies(written(made, edited, FORMATS))
    assert again == bodies(written(fresh(), edited, FORMATS))
    assert b"Edited" in again["atom"]


def test_what_a_document_that_was_saved_holds_is_taken_over() -> None:
    before = written(fresh(), FEED, FORMATS)
    later, counting = fresh(), Counting()
    later.recall(saved(before))
    after = bodies(written(later, NEWS, counting.formats))
    assert counting.items == len(FORMATS)
    assert after == bodies(written(fresh(), NEWS, FORMATS))


def test_another_program_another_template_or_another_language_takes_nothing_over() -> None:
    before = saved(written(fresh(), FEED, FORMATS))
    other = Fragments(plugins.border, "2")
    other.recall(before)
    counting = Counting()
    written(other, FEED, counting.formats)
    assert counting.items == 9 * len(FORMATS)
    same = fresh()
    same.recall(before)
    labelled = {"html": replace(FORMATS["html"], label=lambda: "edited")}
    assert b"Story 9" in bodies(written(same, FEED, labelled))["html"]
    translated = written(same, replace(FEED, language="fr"), FORMATS)
    assert bodies(translated) == bodies(written(fresh(), replace(FEED, language="fr"), FORMATS))


def test_the_items_of_a_document_are_found_by_where_they_stand() -> None:
    for document in written(fresh(), FEED, FORMATS).values():
        saved_one = Saved(document.packed.gzip, document.pieces)
        titles = [f"Story {number}".encode() for number in range(9, 0, -1)]
        keys = document.pieces.keys
        assert all(one in saved_one.text(key) for one, key in zip(titles, keys, strict=True))


def test_little_is_remembered_of_feeds_that_were_written_before() -> None:
    made = fresh()
    long = "word " * 200_000
    for number in range(10):
        shown = item(number)
        article = replace(shown.article, content=f"<p>{long}{number}</p>")
        written(made, publication(replace(shown, article=article)), {"json": FORMATS["json"]})
    assert made.held_bytes < 5 * 1024 * 1024


def test_a_writer_that_leaves_items_out_is_told_of() -> None:
    atom = FORMATS["atom"]
    short = replace(atom, render=lambda shown: atom.render(replace(shown, items=shown.items[1:])))
    with pytest.raises(RenderError, match="8 of 9 items"):
        written(fresh(), FEED, {"atom": short})

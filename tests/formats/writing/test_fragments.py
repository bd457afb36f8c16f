"""Items that were written before are taken over, and nobody can tell from the bytes."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_publications import GOLDEN, item, publication

from aggregator import plugins
from aggregator.core.artifacts import artifact
from aggregator.core.fragments import Document, Fragments, cut
from aggregator.errors import RenderError
from aggregator.model.shown import Artifact, Publication
from aggregator.ports import Format

TEMPLATES = (Path(__file__).parents[3] / "templates",)
FORMATS = plugins.formats(TEMPLATES)
FEED = publication(*(item(number) for number in range(9, 0, -1)))
NEWS = replace(FEED, items=(item(10), *FEED.items[:-1]), description="Other words")


def fresh() -> Fragments:
    return Fragments(plugins.border, "1")


def bodies(documents: dict[str, Document]) -> dict[str, bytes]:
    return {name: one.body for name, one in documents.items()}


def saved(documents: dict[str, Document]) -> list[Artifact]:
    made = (artifact(name, "x/y", one.body, FEED.updated) for name, one in documents.items())
    return [
        replace(one, pieces=document.pieces)
        for one, document in zip(made, documents.values(), strict=True)
    ]


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
    whole = bodies(made.write(GOLDEN[name], FORMATS))
    assert bodies(made.write(GOLDEN[name], FORMATS)) == whole
    assert whole["rss"] == FORMATS["rss"].render(GOLDEN[name]).whole()


def test_only_what_is_new_is_written() -> None:
    made, counting = fresh(), Counting()
    made.write(FEED, counting.formats)
    assert counting.items == 9 * len(FORMATS)
    after = bodies(made.write(NEWS, counting.formats))
    assert counting.items == 10 * len(FORMATS)
    assert after == bodies(fresh().write(NEWS, FORMATS))


def test_an_edit_writes_its_item_again() -> None:
    made = fresh()
    made.write(FEED, FORMATS)
    edited = replace(FEED, items=(replace(FEED.items[0], title="Edited"), *FEED.items[1:]))
    again = bodies(made.write(edited, FORMATS))
    assert again == bodies(fresh().write(edited, FORMATS))
    assert b"Edited" in again["atom"]


def test_what_a_document_that_was_saved_holds_is_taken_over() -> None:
    before = fresh().write(FEED, FORMATS)
    later, counting = fresh(), Counting()
    later.recall(saved(before))
    after = bodies(later.write(NEWS, counting.formats))
    assert counting.items == len(FORMATS)
    assert after == bodies(fresh().write(NEWS, FORMATS))


def test_another_program_another_template_or_another_language_takes_nothing_over() -> None:
    before = saved(fresh().write(FEED, FORMATS))
    other = Fragments(plugins.border, "2")
    other.recall(before)
    counting = Counting()
    other.write(FEED, counting.formats)
    assert counting.items == 9 * len(FORMATS)
    same = fresh()
    same.recall(before)
    labelled = {"html": replace(FORMATS["html"], label=lambda: "edited")}
    assert b"Story 9" in same.write(FEED, labelled)["html"].body
    translated = same.write(replace(FEED, language="fr"), FORMATS)
    assert bodies(translated) == bodies(fresh().write(replace(FEED, language="fr"), FORMATS))


def test_the_items_of_a_document_are_found_by_where_they_stand() -> None:
    for document in fresh().write(FEED, FORMATS).values():
        found = dict(cut(document.body, document.pieces))
        titles = [f"Story {number}".encode() for number in range(9, 0, -1)]
        assert all(one in text for one, text in zip(titles, found.values(), strict=True))


def test_little_is_remembered_of_feeds_that_were_written_before() -> None:
    made = fresh()
    long = "word " * 200_000
    for number in range(30):
        shown = item(number)
        article = replace(shown.article, content=f"<p>{long}{number}</p>")
        made.write(publication(replace(shown, article=article)), {"json": FORMATS["json"]})
    assert made.held_bytes < 5 * 1024 * 1024


def test_a_writer_that_leaves_items_out_is_told_of() -> None:
    atom = FORMATS["atom"]
    short = replace(atom, render=lambda shown: atom.render(replace(shown, items=shown.items[1:])))
    with pytest.raises(RenderError, match="8 of 9 items"):
        fresh().write(FEED, {"atom": short})

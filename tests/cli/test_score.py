"""`dedupe score`: a labelled set in, figures and predictions out."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from aggregator.cli.main import group

DONE, FAILED = 0, 1

WIRE = (
    "The council voted on Monday to close the old bridge over the river for eight months.",
    "Engineers had found cracks in two of the stone pillars during a routine inspection in June.",
    "Buses will take the northern ring road, and cyclists get a ferry that runs until midnight.",
    "Shop owners on the east bank fear that their customers will stay away over the winter.",
    "The mayor promised that the work would be finished before the summer festival begins.",
)
OTHER = (
    "The harvest of apples in the valley is the largest since records have been kept there.",
    "Growers blame the warm spring, and complain that nobody will pay a fair price for it.",
    "Several cellars have hired more presses, and the school children help on two afternoons.",
    "A shipment of cider barrels is expected to leave for the coast before the first frost.",
)


def line(name: str, feed: str, title: str, parts: Iterable[str]) -> Mapping[str, str]:
    """Return an entry of a set."""
    content = "".join(f"<p>{part}</p>" for part in parts)
    link = f"https://{feed}.example/{name}"
    day = "2026-03-02T10:00:00+01:00"
    said = {"title": title, "content": content, "link": link, "published": day}
    return {"id": name, "feed": feed, **said}


ENTRIES = (
    line("1", "herald", "Old bridge closes for eight months", WIRE),
    line("2", "courier", "Old bridge closes for eight months", WIRE[:4]),
    line("3", "courier", "Apple harvest breaks all records", OTHER),
)
TRUTH = (
    {"id": "1", "cluster": "bridge", "family": "pos_wire"},
    {"id": "2", "cluster": "bridge", "family": "pos_wire"},
    {"id": "3", "cluster": "apples", "family": "neg_harvest"},
)


def score(folder: Path, entries: Iterable[object], *words: str) -> Result:
    """Run the command on a set."""
    for name, lines in (("entries", entries), ("truth", TRUTH)):
        (folder / name).write_text("".join(f"{json.dumps(line)}\n\n" for line in lines))
    places = [str(folder / "entries"), str(folder / "truth")]
    return CliRunner().invoke(group, ["dedupe", "score", *places, *words])


def test_the_figures_of_a_set(tmp_path: Path) -> None:
    result = score(tmp_path, ENTRIES, "--by-family")
    assert result.exit_code == DONE
    assert [said.split(maxsplit=2)[2] for said in result.stdout.splitlines()[:4]] == [
        "1.00000  (1 of 1)",
        "1.00000  (1 of 1)",
        "1.00000  (1 of 1)",
        "0.00000  (0 of 1)",
    ]
    assert "pos_wire         2 entries, 0 wrongly merged, 1 of 1 copies removed" in result.stdout


def test_predictions_name_the_story_of_every_entry(tmp_path: Path) -> None:
    place = tmp_path / "predictions.jsonl"
    score(tmp_path, ENTRIES, "--predictions", str(place))
    found = {one["id"]: one["cluster"] for one in map(json.loads, place.read_text().splitlines())}
    assert found.keys() == {"1", "2", "3"}
    assert found["1"] == found["2"] != found["3"]


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for bad, why in (
        ("a text", "is no object with id and feed"),
        ({"id": "1"}, "is no object with id and feed"),
        ({"id": "1", "feed": "herald", "title": 5}, "has something else where a text is wanted"),
    ):
        result = score(tmp_path, [ENTRIES[0], bad])
        assert result.exit_code == FAILED
        assert result.stderr == f"aggregator: {tmp_path / 'entries'}:3 {why}\n"


def test_what_is_no_date_is_said(tmp_path: Path) -> None:
    result = score(tmp_path, [{**ENTRIES[0], "published": "Monday"}])
    assert (result.exit_code, result.stderr) == (
        FAILED,
        "aggregator: 'Monday' is no date of ISO 8601\n",
    )

"""The figures of stories are printed, and are those of the set."""

import json
from pathlib import Path

import pytest

from bench import stories

TEXT = (
    "The council voted on Monday to close the old bridge over the river for eight months. "
    "Engineers had found cracks in two of the stone pillars during an inspection in June. "
    "Buses will take the northern ring road, and cyclists get a ferry until midnight."
)


def write(folder: Path, name: str, lines: list[dict[str, object]]) -> None:
    (folder / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.mark.slow
def test_one_command_prints_all_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"title": "Old bridge closes for eight months", "content": TEXT, "lang": "en"}
    entries = [{"id": str(n), "feed": f"s{n}", **said} for n in range(3)]
    write(tmp_path, "entries.jsonl", entries)
    write(tmp_path, "truth.jsonl", [{"id": str(n), "cluster": "c"} for n in range(3)])
    urls = ("https://a.example/1", "https://a.example/1?utm_source=x", "https://a.example/2")
    groups = [{"url": url, "group": n // 2} for n, url in enumerate(urls)]
    write(tmp_path, "urls.jsonl", groups)
    stories.main([str(tmp_path), "--indexed", "10"])
    printed = capsys.readouterr().out.splitlines()
    figures = dict(line.split("  ", 1) for line in printed if "  " in line)
    assert figures["pair recall, all"].strip() == "1.0000"
    assert figures["addresses, precision"].strip() == "1.0000"
    assert figures["addresses, recall"].strip() == "1.0000"
    assert float(figures["whole polls, entries a second"]) > 0

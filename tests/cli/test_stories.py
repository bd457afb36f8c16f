"""`why`, `split` and `join`: what the operator asks and says of stories."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import feedparser
import pytest
from click.testing import Result

from aggregator.store import open_store

Invoke = Callable[..., Result]

DONE, USAGE = 0, 2

FEEDS = """
site: {title: Test feeds}
sources:
  herald: {posts: herald, categories: News, base_url: "https://herald.example/"}
  courier: {posts: courier, categories: News, base_url: "https://courier.example/"}
"""

BRIDGE = (
    "The council voted on Monday to close the old bridge over the river for eight months.",
    "Engineers had found cracks in two of the stone pillars during an inspection in June.",
    "Buses will take the northern ring road, and cyclists get a ferry that runs until midnight.",
    "Shop owners on the east bank fear that their customers will stay away over the winter.",
)
APPLES = (
    "The harvest of apples in the valley is the largest since records have been kept there.",
    "Growers blame the warm spring, and complain that nobody will pay a fair price for it.",
    "Several cellars have hired more presses, and the school children help on two afternoons.",
)


def post(folder: Path, name: str, title: str, parts: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"2026-03-01-{name}.md"
    head = f"title: {title}\ndate: 2026-03-01 12:00:00 +0000"
    path.write_text(f"---\n{head}\n---\n" + "\n\n".join(parts))
    os.utime(path, (0, 0))  # a scan leaves files of the last seconds for the next one


@pytest.fixture
def papers(folder: Path, invoke: Invoke) -> Path:
    """Return a folder in which two papers told one story, and one of them another."""
    (folder / "feeds.yaml").write_text(FEEDS)
    post(folder / "herald", "bridge", "Old bridge closes", BRIDGE)
    post(folder / "courier", "shut", "Bridge shut until summer", BRIDGE)
    post(folder / "courier", "apples", "Apples for everyone", APPLES)
    assert invoke("poll").exit_code == DONE
    return folder


def told(folder: Path) -> dict[str, str]:
    """Return the ids that the feed has, by title."""
    store = open_store(f"sqlite:///{folder / 'instance/aggregator.db'}")
    artifact = store.artifact("feeds/news.atom")
    store.close()
    assert artifact is not None
    return {entry.title: entry.id for entry in feedparser.parse(artifact.body).entries}


def names(papers: Path) -> tuple[str, str, str]:
    """Return how the entries are called: of both copies, and of the other story."""
    store = open_store(f"sqlite:///{papers / 'instance/aggregator.db'}")
    keys = [one.key for source in ("herald", "courier") for one in store.recent(source, 9)]
    by_word = {
        word: key for key in keys for word in ("bridge", "shut", "apples") if word in key.guid
    }
    store.close()
    return (
        f"herald:{by_word['bridge'].guid}",
        f"courier:{by_word['shut'].guid}",
        f"courier:{by_word['apples'].guid}",
    )


def test_why_says_who_tells_a_story_and_what_they_share(papers: Path, invoke: Invoke) -> None:
    bridge, shut, apples = names(papers)
    assert len(told(papers)) == 2
    said = invoke("why", bridge).stdout
    assert shut in said
    assert "They have the same text." in said
    assert f"Both say: {BRIDGE[3].rstrip('.')}" in said
    assert "nobody else tells it" in invoke("why", apples).stdout


def test_why_says_of_two_what_speaks_for_and_against(papers: Path, invoke: Invoke) -> None:
    bridge, shut, apples = names(papers)
    together = invoke("why", shut, bridge).stdout.splitlines()
    assert together[2:4] == ["told as one story", "  They have the same text."]
    separate = invoke("why", bridge, apples).stdout.splitlines()
    assert separate[2:4] == ["told as two stories", "  They have too little in common."]


def test_why_says_of_two_days_of_a_notice_that_the_figures_differ(
    folder: Path, invoke: Invoke
) -> None:
    (folder / "feeds.yaml").write_text(FEEDS)
    for paper, rate in (("herald", "24.315"), ("courier", "24.408")):
        text = (
            f"The central bank fixed the rate of the crown at {rate} to the euro on this day.",
            "It is published for information only, and no claims can be made from it.",
        )
        post(folder / paper, "rate", "Exchange rate of the crown", text)
    invoke("poll")
    store = open_store(f"sqlite:///{folder / 'instance/aggregator.db'}")
    keys = [store.recent(paper, 9)[0].key for paper in ("herald", "courier")]
    store.close()
    said = invoke("why", *(f"{key.source}:{key.guid}" for key in keys)).stdout.splitlines()
    assert [line.strip() for line in said[2:]] == [
        "told as two stories",
        "Statements that are otherwise the same give other figures.",
        "They share 2 statements, 46% of the shorter text; 0% of that stands in the place of"
        " others.",
        "Of statements with figures 0 agree and 1 differ in nothing but those.",
        "Their titles agree; their addresses are not the same.",
        "Both say: It is published for information only",
        "Both say: and no claims can be made from it",
    ]


def test_one_copy_is_taken_down_by_its_source_and_guid(papers: Path, invoke: Invoke) -> None:
    bridge, shut, _ = names(papers)
    assert "took back 1 entry" in invoke("takedown", shut).stdout
    assert "withdrawn" in invoke("history", shut).stdout
    assert "withdrawn" not in invoke("history", bridge).stdout


def test_a_guid_of_two_sources_is_taken_down_only_when_it_is_said_whose(
    papers: Path, invoke: Invoke
) -> None:
    for paper, text in (("herald", BRIDGE), ("courier", BRIDGE[:1])):
        post(papers / paper, "shared", f"A notice of the {paper}", text)
    invoke("poll", "--force")
    store = open_store(f"sqlite:///{papers / 'instance/aggregator.db'}")
    (guid,) = {one.key.guid for one in store.recent("herald", 9) if "shared" in one.key.guid}
    store.close()
    result = invoke("takedown", guid)
    assert result.exit_code == USAGE
    assert f"2 entries are meant by {guid}; say --copies to mean all, or which: " in result.stderr
    assert f" herald:{guid}" in result.stderr
    assert f" courier:{guid}" in result.stderr
    assert "took back 1 entry" in invoke("takedown", f"courier:{guid}").stdout


def test_why_says_of_an_edit_that_it_is_the_same_story(papers: Path, invoke: Invoke) -> None:
    bridge, shut, _ = names(papers)
    edited = (*BRIDGE, "A spokesman said on Tuesday that the ferry would be free of charge.")
    post(papers / "courier", "shut", "Bridge shut until summer (updated)", edited)
    invoke("poll", "--force")
    assert len(told(papers)) == 2
    assert invoke("why", shut, bridge).stdout.splitlines()[2:4] == [
        "told as one story",
        "  They have the same text.",
    ]


def test_an_entry_that_is_split_is_told_by_itself_for_good(papers: Path, invoke: Invoke) -> None:
    bridge, shut, _ = names(papers)
    before = told(papers)
    result = invoke("split", shut)
    assert result.exit_code == DONE, result.output
    after = told(papers)
    assert before.items() < after.items()
    assert len(after) == 3
    assert "The operator parted them." in invoke("why", bridge, shut).stdout
    post(papers / "courier", "again", "Bridge shut until summer, again", BRIDGE)
    invoke("poll", "--force")
    assert set(after.values()) <= set(told(papers).values())


def test_entries_that_are_joined_are_told_once(papers: Path, invoke: Invoke) -> None:
    bridge, shut, apples = names(papers)
    before = told(papers)
    invoke("split", shut)
    for other in (apples, shut):
        assert invoke("join", bridge, other).exit_code == DONE
    assert len(told(papers)) == 1
    assert set(told(papers).values()) < set(before.values())
    assert "The operator joined them." in invoke("why", bridge, apples).stdout


def test_who_is_meant_must_be_clear(papers: Path, invoke: Invoke) -> None:
    bridge, *_ = names(papers)
    for command in (("why", "nobody"), ("split", "nobody"), ("join", bridge, bridge)):
        result = invoke(*command)
        assert result.exit_code == USAGE
        assert result.stderr.startswith("aggregator: ")


def test_a_replay_says_what_another_setting_would_make(papers: Path, invoke: Invoke) -> None:
    bridge, shut, _ = names(papers)
    assert invoke("dedupe", "replay", "--dry-run").stdout == "3 entries: 2 stories now, 2 then\n"
    (papers / "feeds.yaml").write_text(f"defaults: {{dedupe: link}}\n{FEEDS}")
    said = invoke("dedupe", "replay", "--dry-run").stdout
    assert said.splitlines() == [
        "would come apart:",
        f"  {shut}  Bridge shut until summer",
        f"  {bridge}  Old bridge closes",
        "3 entries: 2 stories now, 3 then",
    ]
    invoke("split", shut)
    (papers / "feeds.yaml").write_text(FEEDS)
    assert invoke("dedupe", "replay", "--dry-run").stdout.startswith("would come together:\n")
    assert len(told(papers)) == 3
    assert invoke("dedupe", "replay").exit_code == USAGE

"""One story once: settings and feeds in, feed out."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from pathlib import Path

import feedparser
import pytest
from test_pipeline import HOUR, START, Case, assemble

from aggregator.config import load_settings
from aggregator.model.settings import Settings
from aggregator.ports import Store

PAPERS = ("herald", "courier", "gazette", "tribune", "observer")

FEEDS = """
site: {url: "https://feeds.example/", title: Feeds, tag: "feeds.example,2026"}
defaults: {every: 1h, slowest: 1h}
sources:
%s
categories:
  News: {%s}
"""

WIRE = (
    "The council voted on Monday to close the old bridge over the river for eight months.",
    "Engineers had found cracks in two of the stone pillars during an inspection in June.",
    "Buses will take the northern ring road, and cyclists get a ferry that runs until midnight.",
    "Shop owners on the east bank fear that their customers will stay away over the winter.",
    "The mayor promised that the work would be finished before the summer festival begins.",
    "A temporary bridge was rejected because the meadows on the west bank are under protection.",
)
HARVEST = (
    "The harvest of apples in the valley is the largest since records have been kept there.",
    "Growers blame the warm spring, and complain that nobody will pay a fair price for it.",
    "Several cellars have hired more presses, and the school children help on two afternoons.",
    "A shipment of cider barrels is expected to leave for the coast before the first frost.",
)
TITLE = "Old bridge closes for eight months"

Item = tuple[str, str, Sequence[str], int]
"""Guid, title, paragraphs, and the hour it was published at."""


def settings(folder: Path, names: Sequence[str] = PAPERS, category: str = "") -> Settings:
    """Read the settings of some papers, all filed under News."""
    sources = "".join(
        f'  {name}: {{feed: "https://{name}.example/feed", categories: [News]}}\n' for name in names
    )
    path = folder / "feeds.yaml"
    path.write_text(FEEDS % (sources, category))
    return load_settings(path)


def feed(name: str, *items: Item) -> bytes:
    """Write a paper's feed; the address is made from the guid unless it is one."""
    lines = []
    for guid, title, parts, hour in items:
        link = guid if "://" in guid else f"https://{name}.example/{guid}"
        text = escape("".join(f"<p>{part}</p>" for part in parts))
        moment = START - timedelta(days=1) + hour * HOUR
        lines.append(
            f'<item><title>{title}</title><guid isPermaLink="false">{guid}</guid>'
            f"<link>{link}</link><description>{text}</description>"
            f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The {name}</title>'
        f"<link>https://{name}.example/</link><description/>{''.join(lines)}</channel></rss>"
    ).encode()


def tell(case: Case, **feeds: bytes) -> None:
    """Have papers publish, and poll them all."""
    case.world.bodies |= {f"https://{name}.example/feed": body for name, body in feeds.items()}
    case.poll(2 * HOUR)


def entries(case: Case) -> list[feedparser.FeedParserDict]:
    return list(feedparser.parse(case.body("feeds/news.atom")).entries)


def titles(case: Case) -> list[str]:
    return sorted(entry.title for entry in entries(case))


COPIES = {
    "herald": (TITLE, WIRE),
    "courier": ("Bridge shut until summer: council votes", WIRE[:5]),
    "gazette": (TITLE, ("RIVERTON (Wire) - " + WIRE[0], *WIRE[1:], "Read more in our app!")),
    "tribune": ("Cracks in pillars: old bridge closes", WIRE[1:]),
    "observer": (TITLE, (*WIRE[:3], *WIRE[4:])),
}


def test_a_wire_story_in_five_papers_is_told_once_with_the_others_named(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path))
    for hour, (name, (title, parts)) in enumerate(COPIES.items()):
        tell(case, **{name: feed(name, ("1", title, parts, hour))})
    (told,) = entries(case)
    via = {link.href for link in told.links if link.rel == "via"}
    assert via == {f"https://{name}.example/1" for name in PAPERS} - {told.link}
    page = case.body("feeds/news/").decode()
    assert "Also published by" in page


def test_a_list_of_feeds_counts_a_story_of_several_papers_once(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path))
    tell(
        case,
        herald=feed("herald", ("1", TITLE, WIRE, 0)),
        courier=feed("courier", ("2", TITLE, WIRE, 1)),
    )
    (line,) = case.pipeline.publishing.directory().feeds
    assert line.entries == len(entries(case)) == 1


def test_papers_that_are_all_new_at_once_tell_it_once_too(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path))
    tell(
        case,
        **{
            name: feed(name, ("1", *COPIES[name], 1), ("2", "Apples", HARVEST, 2))
            for name in PAPERS
        },
    )
    assert len(entries(case)) == 2


def test_an_edit_of_a_copy_is_no_second_story(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", TITLE, WIRE[:5], 2)))
    before = [entry.id for entry in entries(case)]
    edited = (*WIRE[:5], "A spokesman said on Tuesday that the ferry would be free of charge.")
    tell(case, courier=feed("courier", ("1", f"{TITLE} (updated)", edited, 2)))
    tell(case, herald=feed("herald", ("1", TITLE, (*WIRE, "The vote was unanimous."), 1)))
    assert [entry.id for entry in entries(case)] == before
    tell(case, gazette=feed("gazette", ("1", TITLE, edited, 3)))
    assert [entry.id for entry in entries(case)] == before


def test_an_address_that_tells_another_story_now_leaves_the_old_one(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path))
    live = "https://courier.example/live"
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", (live, TITLE, WIRE[:5], 2)))
    (before,) = entries(case)
    tell(case, courier=feed("courier", (live, "Apple harvest breaks all records", HARVEST, 2)))
    assert titles(case) == ["Apple harvest breaks all records", TITLE]
    assert before.id in {entry.id for entry in entries(case)}


def test_what_gets_the_text_of_a_story_joins_it(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", "News from the town hall", ("More soon.",), 2)))
    assert len(entries(case)) == 2
    tell(case, courier=feed("courier", ("1", "Council votes on bridge", WIRE, 2)))
    (told,) = entries(case)
    assert told.title == TITLE


def test_an_old_entry_that_gets_the_text_of_a_newer_story_takes_nobodys_place(
    store: Store, tmp_path: Path
) -> None:
    """A story stands where its first copy stands: who edits old entries could push any down."""
    case = assemble(store, settings(tmp_path))
    tell(case, courier=feed("courier", ("1", "News from the town hall", ("More soon.",), 1)))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 2)))
    before = entries(case)[0]
    assert before.title == TITLE
    tell(case, courier=feed("courier", ("1", TITLE, WIRE, 1)))
    assert (entries(case)[0].id, entries(case)[0].link) == (before.id, before.link)


def test_an_old_entry_that_was_edited_pulls_no_newer_copy_down(
    store: Store, tmp_path: Path
) -> None:
    """It got the text of the day after that was told: the third who tells it ties to both."""
    case = assemble(store, settings(tmp_path))
    tell(case, gazette=feed("gazette"))
    tell(case, courier=feed("courier", ("1", "News from the town hall", ("More soon.",), 1)))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 2)))
    before = entries(case)[0]
    tell(case, courier=feed("courier", ("1", TITLE, WIRE, 1)))
    tell(case, gazette=feed("gazette", ("1", TITLE, WIRE[:5], 3)))
    first, old = entries(case)
    assert (first.id, first.link) == (before.id, "https://herald.example/1")
    assert "https://gazette.example/1" in {link.href for link in first.links}
    assert old.link == "https://courier.example/1"


def test_who_edits_an_old_entry_hides_nobodys_news(store: Store, tmp_path: Path) -> None:
    """It got the text before anybody told it, and was touched up since."""
    case = assemble(store, settings(tmp_path))
    tell(case, herald=feed("herald"))
    tell(case, courier=feed("courier", ("1", "Apples", HARVEST, 1)))
    tell(case, courier=feed("courier", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", TITLE, (*WIRE[:5], "More soon."), 1)))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 2)))
    assert entries(case)[0].link == "https://herald.example/1"


def test_a_correction_makes_no_other_entry_of_one(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path))
    tell(case, courier=feed("courier", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", f"Update: {TITLE}", (*WIRE[:5], "So it is."), 1)))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 2)))
    assert len(entries(case)) == 1


def test_a_text_that_is_for_subscribers_now_stays_in_its_story(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", "Bridge shut: council votes", WIRE, 2)))
    wall = ("To read on, sign in or take out a subscription.",)
    tell(case, courier=feed("courier", ("1", "Bridge shut: council votes", wall, 2)))
    assert len(entries(case)) == 1


NOTICE = (
    "The central bank announces the exchange rate of the crown against the euro for the day.",
    "The rate was fixed at {} crowns after the meeting of the dealers in the morning.",
    "It is published for information only, and no claims can be made from it at any counter.",
    "Banks and exchange offices are free to set rates of their own for their customers.",
)


def test_a_daily_notice_with_other_numbers_is_never_merged(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path, ("herald", "courier")))
    rates = ("24.315", "24.408", "24.391")
    for day, rate in enumerate(rates):
        text = [line.format(rate) for line in NOTICE]
        item = (str(day), "Exchange rate of the crown", text, day)
        paper = ("herald", "courier")[day % 2]
        tell(case, **{paper: feed(paper, item)})
    assert len(entries(case)) == len(rates)


def test_a_hostile_feed_that_claims_anothers_guid_hides_nothing(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path, ("herald", "courier")))
    guid = "https://herald.example/bridge"
    tell(case, courier=feed("courier", (guid, "Apples for everyone", HARVEST, 1)))
    tell(case, herald=feed("herald", (guid, TITLE, WIRE, 2)))
    assert titles(case) == ["Apples for everyone", TITLE]
    assert len({entry.id for entry in entries(case)}) == 2


def test_a_published_id_stays_whatever_joins_the_story(store: Store, tmp_path: Path) -> None:
    case = assemble(store, settings(tmp_path))
    ids = set()
    for hour, (name, (title, parts)) in reversed(list(enumerate(COPIES.items()))):
        tell(case, **{name: feed(name, ("1", title, parts, hour))})
        ids |= {entry.id for entry in entries(case)}
    assert len(ids) == 1


def test_the_copy_of_a_preferred_source_is_shown_under_the_old_id(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path, category="prefer: [tribune, courier]"))
    tell(case, herald=feed("herald", ("1", *COPIES["herald"], 1)))
    (first,) = entries(case)
    for name in ("courier", "tribune", "gazette"):
        tell(case, **{name: feed(name, ("1", *COPIES[name], 2))})
        (told,) = entries(case)
        assert told.id == first.id
        shown = {"gazette": "tribune"}.get(name, name)
        assert told.link == f"https://{shown}.example/1"


SIMPLIFIED = (
    "软件企业的数据显示，发展势头良好，出口总额达到三百亿元。",
    "专家认为，这与国际环境的变化有关，后续仍需继续观察。",
    "协会将于年底发布报告，对各地的产业园区作出评价。",
)
TRADITIONAL = (
    "軟體企業的資料顯示，發展勢頭良好，出口總額達到三百億元。",
    "專家認爲，這與國際環境的變化有關，後續仍需繼續觀察。",
    "協會將於年底發布報告，對各地的產業園區作出評價。",
)


@pytest.mark.parametrize(("shape", "stories"), [("", 1), ("keep_scripts: true", 2)])
def test_twins_in_other_characters_are_one_unless_they_are_to_be_kept(
    store: Store, tmp_path: Path, shape: str, stories: int
) -> None:
    case = assemble(store, settings(tmp_path, ("herald", "courier"), shape))
    tell(case, herald=feed("herald", ("1", "软件业数据出炉", SIMPLIFIED, 1)))
    tell(case, courier=feed("courier", ("1", "軟體業數據出爐", TRADITIONAL, 2)))
    assert len(entries(case)) == stories


def test_a_story_is_held_back_until_the_best_copy_may_have_come(
    store: Store, tmp_path: Path
) -> None:
    shape = "prefer: [tribune], hold_back: 3h"
    case = assemble(store, settings(tmp_path, ("herald", "tribune"), shape))
    tell(case, herald=feed("herald"), tribune=feed("tribune"))
    tell(case, herald=feed("herald", ("1", *COPIES["herald"], 1)))
    assert entries(case) == []
    tell(case, tribune=feed("tribune", ("1", *COPIES["tribune"], 2)))
    assert entries(case) == []
    case.poll(2 * HOUR)
    (told,) = entries(case)
    assert told.link == "https://tribune.example/1"
    tell(case, herald=feed("herald", ("2", "Apples", HARVEST, 5)))
    assert [entry.id for entry in entries(case)] == [told.id]


def test_a_feed_that_always_holds_something_back_is_not_looked_through_each_time(
    store: Store, tmp_path: Path
) -> None:
    case = assemble(store, settings(tmp_path, ("herald",), "hold_back: 3h, newest: 2"))
    tell(case, herald=feed("herald"))
    told: list[Item] = []
    for hour in range(8):
        told.append((str(hour), f"Bridge {hour}", (WIRE[hour % 6] * (hour + 1),), hour))
        tell(case, herald=feed("herald", *told))
    swept = store.last_build("news").swept
    (match,) = (one.match for one in case.pipeline.publishing.feeds() if one.slug == "news")
    found = store.arrivals("news", match, swept, 500)
    assert len(found.clusters) <= 4


@pytest.mark.parametrize(("level", "stories"), [("off", 2), ("identity", 2), ("text", 1)])
def test_a_category_says_how_far_copies_are_looked_for(
    store: Store, tmp_path: Path, level: str, stories: int
) -> None:
    case = assemble(store, settings(tmp_path, ("herald", "courier"), f"dedupe: {level}"))
    tell(case, herald=feed("herald", ("1", TITLE, WIRE, 1)))
    tell(case, courier=feed("courier", ("1", "Bridge shut: council votes", WIRE, 2)))
    assert len(entries(case)) == stories

"""One poll is kept whole or not at all."""

from datetime import timedelta, timezone

import pytest
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from store_cases import (
    DAY,
    HOUR,
    MINUTE,
    NEWS,
    NOW,
    SPORT,
    Rows,
    build,
    changed,
    link,
    mark_of,
    new,
    plan,
    ready,
    source,
)

from aggregator.core import flood
from aggregator.model.known import Article, EntryKey, Kin, PollRecord, Remembered
from aggregator.model.parsed import Enclosure, Link, Origin, Person, Term
from aggregator.model.settings import Match
from aggregator.model.shown import Kept
from aggregator.store import SqlStore
from aggregator.store.rows import identity

WHOLE = Article(
    title="A & B",
    link="https://a.example/1?x=ü",
    summary="<p>Short</p>",
    content="<p>Long 文字</p>",
    published=NOW - DAY,
    updated=NOW - HOUR,
    authors=(Person("Ann", "a@example.org", "https://a.example/"), Person("Bob")),
    contributors=(Person(email="c@example.org"),),
    terms=(Term("x", "https://scheme.example/", "X"), Term("y")),
    categories=("Sport", "News"),
    enclosures=(Enclosure("https://a.example/1.mp3", "audio/mpeg", 2**40, "Talk", 61),),
    links=(Link("https://b.example/", "via"),),
    comments="https://a.example/1#comments",
    rights="CC0",
    language="zh-Hant",
    origin=Origin("https://b.example/feed", "B", "https://b.example/"),
    image="https://a.example/1.png",
    duration_s=61,
    explicit=False,
    season=2,
    episode=3,
)


def kept(store: SqlStore) -> tuple[Kept, ...]:
    return store.newest(Match(), since=None, limit=99)


TABLES = (
    "poll_log",
    "notice",
    "entry",
    "alias",
    "revision",
    "category",
    "entry_category",
    "fingerprint",
    "story_sketch",
    "story_key",
    "duplicate_link",
    "outdated",
)


def everything(rows: Rows) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows a plan may touch, the poll's own record left out."""
    return {name: sorted(rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES}


def test_an_article_comes_back_as_it_was(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new(article=WHOLE), new("2"))))
    assert [one.article for one in kept(store)] == [WHOLE, Article("Title 2")]


def test_an_entry_comes_back_with_its_dates_and_places(store: SqlStore) -> None:
    ready(store)
    entry = new("1", NEWS, SPORT, sort_at=NOW - DAY, published_at=NOW - HOUR, updated_at=NOW)
    store.apply(plan(at=NOW + MINUTE, new=(entry,)))
    (one,) = kept(store)
    assert one.key == ("a", "1")
    assert one.cluster == one.id
    assert (one.sort_at, one.first_seen) == (NOW - DAY, NOW + MINUTE)
    assert (one.published_at, one.updated_at) == (NOW - HOUR, NOW)
    assert one.filed == (NEWS, SPORT)


def test_what_is_remembered_of_guids(store: SqlStore) -> None:
    ready(store, "a", "b")
    stated = Article("One", updated=NOW - HOUR)
    store.apply(plan("a", new=(new("1", NEWS, SPORT, article=stated), new("2"))))
    store.apply(plan("b", new=(new("3"),)))
    assert store.remembered("a", ["1", "3", "4"]) == {
        "1": Remembered("1", "hash 1", 1, NOW, NOW, NOW - HOUR, "words 1", ("news", "sport"))
    }
    assert store.remembered("a", []) == {}
    assert store.remembered("nobody", ["1"]) == {}


def test_an_edit_is_a_further_revision_and_the_earlier_one_stays(
    store: SqlStore, rows: Rows
) -> None:
    ready(store)
    store.apply(plan(new=(new("1", NEWS, title="One", sort_at=NOW - DAY),)))
    before = rows("SELECT * FROM revision")
    store.apply(plan(at=NOW + HOUR, changed=(changed("1", SPORT, title="Uno"),)))
    (one,) = kept(store)
    assert (one.article.title, one.filed) == ("Uno", (SPORT,))
    assert (one.sort_at, one.first_seen, one.published_at) == (NOW - DAY, NOW, NOW - DAY)
    assert one.updated_at == NOW + HOUR
    remembered = store.remembered("a", ["1"])["1"]
    assert remembered.revision == 2
    assert remembered.content_hash == "hash of 1, edited"
    assert remembered.words_hash == "words of 1, edited"
    revisions = rows("SELECT * FROM revision ORDER BY number")
    assert revisions[:1] == before
    assert len(revisions) == 2


def test_an_edit_is_found_by_its_new_marks_only(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1", marks=["x", "y"]),)))
    store.apply(plan(changed=(changed("1", marks=["y", "z"]),)))
    (one,) = store.kin("a", [mark_of("x"), mark_of("y"), mark_of("z")])
    assert one.marks == {mark_of("y"), mark_of("z")}


def test_an_entry_told_as_new_again_keeps_its_place_and_its_first_words(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1", NEWS, title="First"),)))
    store.apply(plan(at=NOW + DAY, new=(new("1", SPORT, title="Again", sort_at=NOW + DAY),)))
    (one,) = kept(store)
    assert (one.article.title, one.sort_at, one.filed) == ("First", NOW, (NEWS,))
    assert store.sources()[0].entries == 1


def test_one_guid_in_two_sources_is_two_entries(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1"),)))
    store.apply(plan("b", new=(new("1"),)))
    assert [one.key for one in kept(store)] == [("a", "1"), ("b", "1")]


def test_names_that_run_together_are_not_one(store: SqlStore) -> None:
    ready(store, "a", "a b")
    store.apply(plan("a", new=(new("b c"),)))
    store.apply(plan("a b", new=(new("c"),)))
    assert store.remembered("a", ["c"]) == {}
    assert len(kept(store)) == 2


def test_a_plan_applied_twice_changes_nothing_but_the_log(store: SqlStore, rows: Rows) -> None:
    ready(store, "a", "b")
    store.apply(plan("b", new=(new("1", NEWS, marks=["x"]),)))
    whole = plan(
        new=(new("1", NEWS, marks=["x"]), new("2", SPORT)),
        links=(link(("a", "1"), ("b", "1")),),
        aliases=(("old", "1"),),
    )
    edit = plan(changed=(changed("1", SPORT, marks=["y"]),))
    store.apply(whole)
    store.apply(edit)
    before = everything(rows)
    store.apply(whole)
    store.apply(edit)
    after = everything(rows)
    assert len(after.pop("poll_log")) == len(before.pop("poll_log")) + 2
    assert after == before
    assert [known.entries for known in store.sources()] == [2, 1]


def test_a_late_edit_does_not_undo_a_later_one(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1"),)))
    store.apply(plan(changed=(changed("1", revision=2, title="Two"),)))
    store.apply(plan(changed=(changed("1", revision=3, title="Three"),)))
    store.apply(plan(changed=(changed("1", revision=2, title="Other"),)))
    assert kept(store)[0].article.title == "Three"


@pytest.mark.parametrize(
    "broken",
    [
        {"new": (new("2"), new("3", article=replace(WHOLE, title=None)))},  # type: ignore[arg-type]
        {"changed": (changed("1", article=replace(WHOLE, title=None)),)},  # type: ignore[arg-type]
    ],
    ids=["new", "changed"],
)
def test_a_failure_in_the_middle_leaves_nothing(
    store: SqlStore, rows: Rows, broken: dict[str, object]
) -> None:
    ready(store)
    store.apply(plan(new=(new("1", NEWS, marks=["x"]),)))
    before = everything(rows), store.sources()
    with pytest.raises(IntegrityError):
        store.apply(plan(at=NOW + DAY, outdated=("news",), **broken))
    assert (everything(rows), store.sources()) == before


def test_a_plan_for_a_source_nobody_knows_leaves_nothing(store: SqlStore, rows: Rows) -> None:
    before = everything(rows)
    with pytest.raises(IntegrityError):
        store.apply(plan("nobody", new=(new("1"),)))
    assert everything(rows) == before


def test_several_plans_are_all_done_or_none(store: SqlStore, rows: Rows) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1"),)), plan("b", outcome="not-modified"))
    assert [one.outcome for name in "ab" for one in store.log(name, 9)] == ["new", "not-modified"]
    assert len(kept(store)) == 1
    before = everything(rows)
    with pytest.raises(IntegrityError):
        store.apply(plan("a", new=(new("2"),)), plan("nobody"))
    assert everything(rows) == before


def test_a_time_without_a_zone_is_refused_and_leaves_nothing(store: SqlStore) -> None:
    ready(store)
    with pytest.raises(ValueError, match="without a zone"):
        store.apply(plan(new=(new("1", sort_at=NOW.replace(tzinfo=None)),)))
    assert kept(store) == ()


def test_times_of_other_zones_come_back_as_the_same_moment_in_utc(store: SqlStore) -> None:
    ready(store)
    there = NOW.replace(microsecond=123456).astimezone(timezone(timedelta(hours=8)))
    store.apply(plan(new=(new("1", sort_at=there),)))
    (one,) = kept(store)
    assert one.sort_at == there
    assert one.sort_at.utcoffset() == timedelta(0)


@pytest.mark.slow
def test_poll_many_entries_at_once(store: SqlStore) -> None:
    ready(store)
    guids = [str(number) for number in range(1201)]
    store.apply(plan(new=tuple(new(guid, NEWS, marks=[guid]) for guid in guids)))
    assert len(store.remembered("a", guids)) == 1201
    store.apply(plan(changed=tuple(changed(guid, SPORT) for guid in guids)))
    assert {one.revision for one in store.remembered("a", guids).values()} == {2}
    assert store.count(Match(("sport",))) == 1201
    assert store.count(Match(("news",))) == 0


# -- other guids ---------------------------------------------------------------------------------


def test_an_entry_is_remembered_under_the_guid_it_was_recognised_by(store: SqlStore) -> None:
    ready(store, "a", "b")
    store.apply(plan("a", new=(new("1", NEWS),)))
    store.apply(plan("a", aliases=(("https://1", "1"),)))
    found = store.remembered("a", ["https://1", "1"])
    assert {guid: one.guid for guid, one in found.items()} == {"https://1": "1", "1": "1"}
    assert found["https://1"].categories == ("news",)
    assert store.remembered("b", ["https://1"]) == {}


def test_an_entrys_own_guid_goes_before_anothers_alias(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1"), new("2")), aliases=(("2", "1"),)))
    assert store.remembered("a", ["2"])["2"].guid == "2"


def test_of_endless_other_guids_the_newest_are_kept(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1"), new("2")), aliases=(("two", "2"),)))
    for session in range(40):
        store.apply(plan(aliases=((f"1?sid={session}", "1"),)))
    known = store.remembered("a", [f"1?sid={session}" for session in range(40)])
    assert sorted(known) == [f"1?sid={session}" for session in range(24, 40)]
    assert "two" in store.remembered("a", ["two"])


def test_kin_are_entries_of_the_source_that_bear_a_mark_with_all_of_theirs(
    store: SqlStore,
) -> None:
    ready(store, "a", "b")
    dated = Article("One", published=NOW - DAY)
    store.apply(plan("a", new=(new("1", NEWS, marks=["guid:1", "x"], article=dated),)))
    store.apply(plan("a", new=(new("2", marks=["x"]), new("3", marks=["y"]))))
    store.apply(plan("b", new=(new("4", marks=["x"]),)))
    remembered = store.remembered("a", ["1", "2"])
    one = Kin(remembered["1"], frozenset({mark_of("guid:1"), mark_of("x")}), NOW - DAY)
    two = Kin(remembered["2"], frozenset({mark_of("x")}), None)
    assert store.kin("a", [mark_of("x")]) == (one, two)
    assert store.kin("a", [mark_of("guid:1"), mark_of("z")]) == (one,)
    assert store.kin("a", [mark_of("guid:x")]) == ()
    assert store.kin("a", []) == ()


def test_a_mark_longer_than_an_index_holds_is_found_and_comes_back_whole(store: SqlStore) -> None:
    long = mark_of("https://a.example/" + "x" * 5000)
    ready(store)
    store.apply(plan(new=(new("1", marks=[f"link:{'y' * 5000}"]),)))
    store.apply(plan(new=(replace(new("2"), fingerprints=(long,)),)))
    assert [one.marks for one in store.kin("a", [long])] == [frozenset({long})]


def test_a_mark_that_a_flood_of_entries_bears_brings_a_bounded_number(store: SqlStore) -> None:
    ready(store)
    flood = tuple(new(str(number), marks=["home"]) for number in range(300))
    store.apply(plan(new=(*flood, new("one", marks=["own"]))))
    assert len(store.kin("a", [mark_of("home"), mark_of("own")])) == 201


def test_a_buried_guid_is_told(store: SqlStore, rows: Rows) -> None:
    ready(store, "a", "b")
    key = identity(EntryKey("a", "gone\x00"))
    insert = "INSERT INTO tombstone (identity, at, by_source) VALUES (:key, :at, false)"
    rows(insert, key=key, at=str(NOW)[:19])
    assert store.buried("a", ["gone\x00", "here"]) == {"gone\x00"}
    assert store.buried("b", ["gone\x00"]) == frozenset()
    assert store.buried("a", []) == frozenset()


def test_what_its_source_dropped_is_not_live_and_comes_back_when_it_is_listed(
    store: SqlStore,
) -> None:
    ready(store)
    store.apply(plan(new=(new("x"), new("y"))))
    store.apply(plan(gone=("x", "unheard-of")))
    assert store.live("a") == {"y"}
    assert store.buried("a", ["x"]) == frozenset()
    store.apply(plan(returning=("x", "y")))
    assert store.live("a") == {"x", "y"}


def test_what_the_operator_took_back_does_not_come_back_with_its_source(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("x"), new("y"))))
    store.withdraw([EntryKey("a", "x")], NOW, None)
    store.apply(plan(gone=("y",)))
    store.withdraw([EntryKey("a", "y")], NOW, None)
    store.apply(plan(returning=("x", "y")))
    assert store.live("a") == frozenset()
    assert store.buried("a", ["x", "y"]) == {"x", "y"}


def test_a_document_listed_again_is_noted_once_a_day(store: SqlStore, rows: Rows) -> None:
    ready(store)
    store.apply(plan(new=(new("1"), new("2"))))
    first = rows("SELECT last_seen FROM entry")
    store.apply(plan(at=NOW + HOUR, seen=("1",)))
    assert rows("SELECT last_seen FROM entry") == first
    store.apply(plan(at=NOW + DAY, seen=("1",)))
    assert len(set(rows("SELECT last_seen FROM entry"))) == 2


def test_sync_between_claim_and_apply_loses_nothing(store: SqlStore) -> None:
    ready(store)
    store.sync([], NOW)
    store.apply(plan(new=(new("1"),)))
    store.sync([source()], NOW)
    assert [one.key for one in kept(store)] == [("a", "1")]


def test_held_entries_are_counted_and_accepted_into_all_their_places(store: SqlStore) -> None:
    """What a flood holds back stands behind everything, in every table that sorts."""
    ready(store, "a", "b")
    flooded = PollRecord("a", NOW, "flood", new=2)
    behind = NOW - flood.BEHIND
    held = (new("1", NEWS, sort_at=behind), new("2", NEWS, sort_at=behind - MINUTE))
    store.apply(plan("a", record=flooded, new=held))
    store.apply(plan("b", new=(new("3", NEWS, sort_at=NOW - DAY),)))
    store.save(build("news"))
    news = Match(categories=("news",))
    assert [one.key.guid for one in store.newest(news, since=None, limit=9)] == ["3", "1", "2"]
    assert {one.name: one.held for one in store.sources()} == {"a": 2, "b": 0}
    assert store.outdated(NOW) == frozenset()
    assert (store.accept("b"), store.accept("a"), store.accept("a")) == (0, 2, 0)
    assert [one.key.guid for one in store.newest(news, since=None, limit=9)] == ["1", "2", "3"]
    assert [one.sort_at for one in store.newest(Match(), since=None, limit=2)] == [
        NOW,
        NOW - MINUTE,
    ]
    assert {one.held for one in store.sources()} == {0}
    assert store.outdated(NOW) == {"news"}
    assert [line.outcome for line in store.log("a", 9)] == ["new"]

"""By what entries are found among stories, and how stories come apart."""

from msgspec.structs import replace
from store_cases import DAY, HOUR, NOW, changed, ids_of, link, new, plan, ready

from aggregator.model.known import DuplicateLink, EntryKey, Stories, Teller, Traces
from aggregator.model.settings import Match
from aggregator.store import SqlStore

LARGEST = (1 << 31) - 1
SKETCH = bytes(range(256))


def traces(*keys: int, sketch: bytes = SKETCH, link_key: int | None = None) -> Traces:
    return Traces(sketch, link_key, keys)


def found(store: SqlStore, key: int, limit: int = 60) -> list[str]:
    """Return the guids of who bears a key."""
    rows = store.bearers([key], limit).get(key, ())
    guids = {one.number: one.key.guid for one in store.numbered(rows)}
    return [guids[row] for row in rows]


def stories(store: SqlStore) -> list[list[str]]:
    """Return the guids of each story, the earliest first."""
    kept = store.newest(Match(), since=None, limit=99)
    return [
        sorted(one.key.guid for one in store.stories([number]).tellers)
        for number in sorted({one.cluster for one in kept})
    ]


def stories_of(store: SqlStore) -> list[Stories]:
    """Return all that is known of each story."""
    kept = store.newest(Match(), since=None, limit=99)
    return [store.stories([number]) for number in sorted({one.cluster for one in kept})]


def test_an_entry_comes_back_as_it_is_compared(store: SqlStore) -> None:
    ready(store, "a", "b")
    said = traces(0, LARGEST, link_key=LARGEST)
    title = "Ein Titel – 标题"
    store.apply(plan("b", at=NOW + HOUR, new=(new("1", title=title, sort_at=NOW, traces=said),)))
    ((row,),) = store.bearers([LARGEST, 5], 60).values()
    key = EntryKey("b", "1")
    one = Teller(key, row, row, NOW, title, said.sketch, said.link_key)
    assert store.numbered([row]) == (one,)
    assert store.recent("b", 50) == (replace(one, joined=False),)
    assert store.stories([one.cluster]) == Stories((one,), (), frozenset())
    assert store.recent("a", 50) == ()


def test_of_each_key_its_bearers_are_told(store: SqlStore) -> None:
    ready(store)
    bear = {"one": (1,), "three": (1, 2, 3), "two": (2, 3), "none": (4,)}
    store.apply(plan(new=tuple(new(guid, traces=traces(*keys)) for guid, keys in bear.items())))
    assert [found(store, key) for key in (1, 2, 5)] == [["three", "one"], ["two", "three"], []]
    assert set(store.bearers([1, 2, 5], 60)) == {1, 2}
    assert store.bearers([], 60) == {}


def test_of_a_flood_only_the_newest_are_looked_at(store: SqlStore) -> None:
    ready(store)
    flood = tuple(new(f"{number:03}", traces=traces(1)) for number in range(100))
    store.apply(plan(new=(new("rare", traces=traces(2, 3)), *flood)))
    assert found(store, 1, limit=3) == ["099", "098", "097"]
    assert found(store, 3, limit=3) == ["rare"]


def test_an_edit_is_compared_as_it_is_now(store: SqlStore) -> None:
    ready(store)
    store.apply(plan(new=(new("1", traces=traces(1)),)))
    edit = changed("1", title="Another", traces=traces(2, sketch=b"other"))
    store.apply(plan(changed=(edit,)))
    ((row,), (other,)) = store.bearers([1, 2], 60).values()
    assert row == other
    (one,) = store.numbered([row])
    assert (one.title, one.sketch) == ("Another", b"other")


def test_keys_of_long_ago_are_forgotten_and_the_entries_stay(store: SqlStore) -> None:
    ready(store)
    keys = (0, 1 << 20, 1 << 30, LARGEST)
    store.apply(plan(at=NOW - DAY, new=(new("old", traces=traces(*keys)),)))
    store.apply(plan(at=NOW, new=(new("new", traces=traces(*keys)),)))
    store.forget_traces(NOW - HOUR, 50)
    assert [found(store, key) for key in keys] == [["new"]] * 4
    assert {one.key.guid for one in store.recent("a", 50)} == {"old", "new"}


def test_of_long_ago_the_sketches_of_a_sources_newest_stay(store: SqlStore) -> None:
    """They tell its boilerplate, be it ever so slow; who has none is in its story still."""
    ready(store, "a", "b")
    for name in "ab":
        old = tuple(
            new(f"{name}{number}", traces=traces(1), sort_at=NOW - DAY + number * HOUR)
            for number in range(3)
        )
        store.apply(plan(name, at=NOW - DAY, new=old))
    store.apply(plan("a", at=NOW, new=(new("a3", traces=traces(1)),)))
    store.apply(plan("b", links=(link(("a", "a0"), ("b", "b0")),)))
    store.forget_traces(NOW - HOUR, 2)
    kept = {one.key.guid: one.sketch for name in "ab" for one in store.recent(name, 50)}
    assert {guid for guid, sketch in kept.items() if not sketch} == {"a0", "a1", "b0"}
    told = store.stories([ids_of(store)["a", "a0"]])
    assert [(one.key.guid, one.sketch) for one in told.tellers] == [("a0", b""), ("b0", b"")]
    store.forget_traces(NOW - HOUR, 2)
    assert {one.key.guid: one.sketch for name in "ab" for one in store.recent(name, 50)} == kept


def linked(store: SqlStore, *pairs: tuple[str, str]) -> None:
    ready(store)
    store.apply(
        plan(
            new=tuple(new(guid, traces=traces(1)) for guid in "1234"),
            links=tuple(link(("a", one), ("a", other)) for one, other in pairs),
        )
    )


def test_links_are_asked_for_by_either_end(store: SqlStore) -> None:
    linked(store, ("1", "2"), ("3", "4"))
    line = DuplicateLink(EntryKey("a", "1"), EntryKey("a", "2"), "link", 1.0)
    assert store.ties([line.a]) == store.ties([line.b]) == (line,)
    assert store.apart([line.a]) == frozenset()
    (story,) = (one for one in stories_of(store) if len(one.ties) == 1 and line in one.ties)
    assert [one.key for one in story.tellers] == [line.a, line.b]
    assert all(one.joined for one in store.recent("a", 50))


def test_a_link_that_is_cut_parts_a_story(store: SqlStore) -> None:
    linked(store, ("1", "2"), ("2", "3"), ("3", "4"))
    store.apply(plan(cut=(link(("a", "2"), ("a", "3")),)))
    assert stories(store) == [["1", "2"], ["3", "4"]]
    assert len(store.ties([EntryKey("a", "2"), EntryKey("a", "3")])) == 2


def test_a_story_that_holds_together_otherwise_stays_one(store: SqlStore) -> None:
    linked(store, ("1", "2"), ("2", "3"), ("1", "3"))
    store.apply(plan(cut=(link(("a", "3"), ("a", "2")),)))
    assert stories(store) == [["1", "2", "3"], ["4"]]


def test_a_link_can_be_made_again(store: SqlStore) -> None:
    linked(store, ("1", "2"))
    line = link(("a", "1"), ("a", "2"), "text", 0.5)
    store.apply(plan(cut=(line,)))
    store.apply(plan(links=(line,)))
    assert stories(store) == [["1", "2"], ["3"], ["4"]]
    assert store.ties([line.a]) == (line,)


def test_the_operators_word_outlasts_what_is_found(store: SqlStore) -> None:
    linked(store, ("1", "2"), ("2", "3"))
    two = EntryKey("a", "2")
    assert store.split(two, NOW) == 2
    assert stories(store) == [["1"], ["2"], ["3"], ["4"]]
    pairs = {frozenset((two, EntryKey("a", one))) for one in "13"}
    assert store.apart([two]) == pairs
    (own,) = (one for one in stories_of(store) if one.tellers[0].key == two)
    assert own.apart == pairs
    assert store.split(two, NOW) == 0
    said = replace(link(("a", "1"), ("a", "2"), "by hand"), by_user=True)
    store.join(said, NOW)
    assert stories(store) == [["1", "2"], ["3"], ["4"]]
    store.apply(plan(cut=(said,)))
    assert stories(store) == [["1", "2"], ["3"], ["4"]]
    assert store.apart([two]) == {frozenset((two, EntryKey("a", "3")))}
    assert [one.key for one in store.tellers([two, EntryKey("a", "9")])] == [two]

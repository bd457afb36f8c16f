"""Whatever text comes, both databases keep it, compare it and sort it alike."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import NOW, new, plan, ready, source, state

from aggregator.model.fetched import Validators
from aggregator.model.known import Article, EntryKey, Filed
from aggregator.model.parsed import FeedInfo, Term
from aggregator.model.settings import Match
from aggregator.store import SqlStore, rows
from aggregator.store.types import bounded, clean, escape, unescape

ANY = st.text(st.characters(codec=None), max_size=30)
LONE = "\ud800 \udfff"
ODD = [
    "\x00",
    "a\x00b",
    LONE,
    "\\",
    "\\u0000",
    "\\\\u005c",
    "'; DROP TABLE entry; --",
    "%s :name ? {} %(x)s",
    "\t\r\n\x0b\x7f\x85\u2028",
    "e\u0301 \ufeff \ufffe \uffff",
    "\U0010ffff",
    "x" * 1_000_000,
    "文" * 400_000,
]
IDS = [repr(text[:12]) for text in ODD]


@pytest.mark.parametrize("odd", ODD, ids=IDS)
def test_a_guid_comes_back_exactly_and_is_found_by_itself_only(store: SqlStore, odd: str) -> None:
    ready(store)
    others = (odd + " ", "x" + odd, odd.upper() + "\x01")
    guids = (odd, *others)
    store.apply(plan(new=tuple(new(guid, content_hash="h", words_hash="w") for guid in guids)))
    assert store.remembered("a", [odd])[odd].guid == odd
    kept = [one.key.guid for one in store.newest(Match(), since=None, limit=9)]
    assert sorted(kept) == sorted(guids)


@pytest.mark.parametrize("odd", ODD, ids=IDS)
def test_header_text_and_addresses_come_back_exactly(store: SqlStore, odd: str) -> None:
    ready(store)
    given = state(location=odd, validators=Validators(odd, odd), moved_to=odd)
    store.apply(plan(state=given))
    found = store.sources()[0].state
    assert (found.location, found.validators, found.moved_to) == (odd, given.validators, odd)


@pytest.mark.parametrize("odd", ODD, ids=IDS)
def test_text_for_people_comes_back_without_what_no_database_stores(
    store: SqlStore, odd: str
) -> None:
    ready(store)
    article = Article(odd, summary=odd, content=odd, terms=(Term(odd),), rights=odd)
    filed = Filed("odd", odd, fixed=False)
    store.apply(plan(new=(new("1", filed, article=article),), info=FeedInfo(title=odd)))
    (one,) = store.newest(Match(), since=None, limit=9)
    shown = clean(odd)
    assert one.article == Article(
        shown, summary=shown, content=shown, terms=(Term(shown),), rights=shown
    )
    assert one.filed == (Filed("odd", shown, fixed=False),)
    assert store.sources()[0].info == FeedInfo(title=shown)


@pytest.mark.parametrize("odd", ["\x00", LONE, "\\", "'"], ids=ascii)
def test_a_source_of_an_odd_name_is_asked_and_kept(store: SqlStore, odd: str) -> None:
    store.sync([source(odd, "/srv/posts")], NOW)
    store.sync([source(odd, "/srv/posts")], NOW)
    assert len(store.sources()) == 1
    store.apply(plan(odd, new=(new("1"),)))
    assert set(store.remembered(odd, ["1"])) == {"1"}
    assert len(store.log(odd, 9)) == 1


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_escaping_is_undone_and_leaves_what_every_database_stores(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert "\x00" not in escaped
    assert escaped.encode().decode() == escaped


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_clean_text_keeps_all_that_is_no_nul_and_no_lone_surrogate(text: str) -> None:
    kept = clean(text)
    assert len(kept) == len(text)
    kept.encode()
    assert "\x00" not in kept
    assert all(new == old for new, old in zip(kept, text, strict=True) if new != "\ufffd")


@given(st.tuples(ANY, ANY), st.tuples(ANY, ANY))
@settings(max_examples=100, deadline=None)
def test_identities_are_equal_for_equal_keys_only(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    same = rows.identity(EntryKey(*one)) == rows.identity(EntryKey(*other))
    assert same == (one == other)


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\\"))


@given(st.tuples(PLAIN, PLAIN), st.tuples(PLAIN, PLAIN))
@settings(max_examples=100, deadline=None)
def test_identities_sort_like_their_keys(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (rows.identity(EntryKey(*one)) < rows.identity(EntryKey(*other))) == (one < other)


@given(st.text(st.characters(codec="utf-8"), min_size=200, max_size=400), st.integers(1, 50))
@settings(max_examples=60, deadline=None)
def test_what_is_indexed_is_short_and_tells_long_texts_apart(text: str, more: int) -> None:
    assert len(bounded(text).encode()) <= 255 * 4 < 2704
    assert bounded(text) == bounded(text)
    assert bounded(text * 2) != bounded(text * 2 + "x" * more)
    assert sys.getsizeof(bounded(text * 100)) < 2000

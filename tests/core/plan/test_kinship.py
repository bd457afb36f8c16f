"""Whether an unknown guid belongs to an entry that is known under another."""

import string
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.plan import kinship
from aggregator.model.known import Article, Fingerprint, Kin, Remembered

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = "<p>" + "The harbour was closed in the morning when the ferry lost its rudder. " * 5 + "</p>"
SHORT = "<p>The harbour is closed until further notice because of the storm.</p>"


@dataclass(frozen=True)
class Said:
    """An entry in a feed."""

    guid: str
    title: str = "The harbour is closed"
    link: str | None = "https://paper.example/harbour"
    text: str = LONG
    published: datetime | None = NOON

    @property
    def article(self) -> Article:
        return Article(self.title, self.link, content=self.text, published=self.published)

    @property
    def marks(self) -> frozenset[Fingerprint]:
        words = kinship.words_of(self.article)
        return frozenset(kinship.marks(self.guid, self.article, words))

    @property
    def fresh(self) -> kinship.Fresh:
        return kinship.Fresh(self.guid, self.marks, self.published)

    @property
    def kept(self) -> Kin:
        remembered = Remembered(self.guid, "hash", 1, NOON, NOON, None)
        return Kin(remembered, self.marks, self.published)


def recognised(
    *fresh: Said, kept: tuple[Said, ...], listed: tuple[str, ...] = ()
) -> dict[str, str]:
    guids = {*listed, *(one.guid for one in fresh)}
    found = kinship.recognise([one.fresh for one in fresh], [one.kept for one in kept], guids)
    return {guid: known.guid for guid, known in found.items()}


OLD = Said("http://paper.example/?p=7")


@pytest.mark.parametrize(
    "fresh",
    [
        Said("https://paper.example/?p=7", text="", link="https://new.example/else"),
        Said("HTTP://www.paper.example/?p=7", text=""),
        Said("http://paper.example/?p=7#3", text=""),
        Said("tag:paper.example,2026:7", text="<p>Rewritten.</p>"),
        Said("tag:new.example,2026:7", link="https://new.example/2026/harbour"),
        Said("8", link=None, published=NOON - timedelta(days=900)),
    ],
    ids=[
        "scheme",
        "host and case",
        "fragment",
        "same address and title",
        "moved: same title and text",
        "no address: same title and text",
    ],
)
def test_an_entry_whose_guid_changed_is_recognised(fresh: Said) -> None:
    assert recognised(fresh, kept=(OLD,)) == {fresh.guid: OLD.guid}


@pytest.mark.parametrize(
    "fresh",
    [
        Said("new", title="The harbour is open", text="<p>Ferries sail again.</p>"),
        Said("new", link="https://paper.example/other", text="<p>Another day, another storm.</p>"),
        Said(
            "https://paper.example/?p=7", "Another article", "https://paper.example/8", "<p>x</p>"
        ),
    ],
    ids=["same address only", "same title only", "alike guid only"],
)
def test_less_is_not_enough(fresh: Said) -> None:
    assert recognised(fresh, kept=(OLD,)) == {}


def test_a_kept_entry_that_is_listed_itself_is_somebody_else() -> None:
    assert recognised(Said("new"), kept=(OLD,), listed=(OLD.guid,)) == {}


def test_a_short_notice_is_the_same_only_on_its_day() -> None:
    kept = Said("1", link="https://paper.example/1", text=SHORT)
    moved = Said("a", link="https://new.example/a", text=SHORT)
    later = Said("a", link="https://new.example/a", text=SHORT, published=NOON + timedelta(days=7))
    undated = Said("a", link="https://new.example/a", text=SHORT, published=None)
    assert recognised(moved, kept=(kept,)) == {"a": "1"}
    assert recognised(later, kept=(kept,)) == {}
    assert recognised(undated, kept=(kept,)) == {}


def test_an_address_that_several_entries_share_proves_nothing() -> None:
    home = "https://paper.example/"
    kept = (Said("1", "Open thread", home, "<p>One.</p>"), Said("2", "Notes", home, "<p>Two.</p>"))
    assert recognised(Said("3", "Open thread", home, "<p>Three.</p>"), kept=kept) == {}


def test_what_fits_two_kept_entries_fits_none() -> None:
    kept = (Said("1", link="https://a.example/1"), Said("2", link="https://a.example/2"))
    assert recognised(Said("3", link="https://a.example/3"), kept=kept) == {}


def test_a_kept_entry_is_recognised_once() -> None:
    fresh = (Said("a", link="https://new.example/a"), Said("b", link="https://new.example/b"))
    assert recognised(*fresh, kept=(OLD,)) == {"a": OLD.guid}


def test_a_whole_archive_moves() -> None:
    def many(site: str) -> tuple[Said, ...]:
        return tuple(
            Said(
                f"{site}/{number}",
                f"Article {number}",
                f"{site}/{number}",
                f"{LONG}<p>Part {number}.</p>",
            )
            for number in range(50)
        )

    found = recognised(*many("https://new.example"), kept=many("http://old.example"))
    assert found == {
        f"https://new.example/{number}": f"http://old.example/{number}" for number in range(50)
    }


def hashed(article: Article) -> str:
    return kinship.words_hash(article, kinship.words_of(article))


@given(st.text() | st.text(string.printable) | st.text("ΣσςİıſK①Ⅷﬁ\u0301é_ 9"))
@settings(max_examples=300, deadline=None)
def test_letters_are_the_letters_and_digits_case_and_forms_folded(text: str) -> None:
    folded = unicodedata.normalize("NFKC", text).casefold()
    assert kinship.letters(text) == "".join(sign for sign in folded if sign.isalnum())


def test_words_are_what_is_read_not_where_it_is() -> None:
    before = OLD.article
    assert hashed(before) == hashed(
        Article("THE harbour is closed!", "https://new.example/", content=f"<div>{LONG}</div>")
    )
    assert hashed(before) != hashed(
        Article("The harbour is closed", before.link, content=LONG + "<p>Corrected.</p>")
    )

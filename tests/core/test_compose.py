"""From kept entries to one feed: which copy is shown, under which id, in which order."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from aggregator.core import compose
from aggregator.core.flood import BEHIND
from aggregator.model.known import Article, EntryKey, Filed, Speaker
from aggregator.model.parsed import FeedInfo, Origin, Term
from aggregator.model.settings import Feed, Match, Republish, Site, Source
from aggregator.model.shown import Announced, Kept, Outline, Publication, Via

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = Site(url="https://feeds.example/", title="Feeds", tag="feeds.example,2026")
FEED = Feed(slug="python", title="Python", match=Match(categories=("python",)))
PAPER = Source(name="paper", kind="feed", location="https://paper.example/feed")
WIRE = Source(
    name="wire", kind="feed", location="https://me:secret@wire.example/feed", title="Wire"
)
NAMES = compose.Names(
    site=SITE,
    configured={"paper": PAPER, "wire": WIRE},
    known={
        "paper": Speaker(FeedInfo(title="The Paper", id="urn:paper:1")),
        "wire": Speaker(FeedInfo(title="ignored")),
    }.get,
)


def kept(
    number: int,
    source: str = "paper",
    *,
    cluster: int | None = None,
    content: str = "<p>Text</p>",
    hours: int = 0,
    guid: str | None = None,
) -> Kept:
    moment = NOON + hours * HOUR
    return Kept(
        id=number,
        key=EntryKey(source, guid or f"https://{source}.example/{number}"),
        cluster=cluster or number,
        sort_at=moment,
        first_seen=moment,
        published_at=moment,
        updated_at=moment,
        article=Article(
            title=f"Story {number}", link=f"https://{source}.example/{number}", content=content
        ),
        filed=(Filed("python", "Python", fixed=True),),
    )


def outline(copy: Kept) -> Outline:
    said = copy.article
    return Outline(
        id=copy.id,
        key=copy.key,
        cluster=copy.cluster,
        sort_at=copy.sort_at,
        first_seen=copy.first_seen,
        published_at=copy.published_at,
        updated_at=copy.updated_at,
        revision=1,
        link=said.link,
        full=bool(said.content),
        length=len(said.content) + len(said.summary),
        filed=copy.filed,
    )


def publication(*copies: Kept, ids: compose.Ids = compose.Ids()) -> Publication:
    stories = compose.collapse(map(outline, copies), 50)
    frame = compose.frame(FEED, stories, ids, NAMES)
    articles = {copy.id: copy.article for copy in copies}
    items = compose.items(frame.slots, stories, articles, NAMES)
    return replace(frame.publication, items=tuple(items.values()))


def ids_of(*copies: Kept, ids: compose.Ids = compose.Ids()) -> list[str]:
    return [item.id for item in publication(*copies, ids=ids).items]


def test_copies_of_one_story_are_one_item() -> None:
    items = publication(kept(1), kept(2, "wire", cluster=1, hours=1)).items
    assert [item.link for item in items] == ["https://paper.example/1"]


def test_a_source_whose_address_is_a_secret_is_named_without_any_of_its_feed() -> None:
    """A token in an address went out as rel="self" of atom:source, and as the id of the feed."""
    private = replace(WIRE, republish=Republish(hide_address=True))
    said = FeedInfo(
        title="Wire",
        link="https://wire.example/",
        feed_url="https://wire.example/feed?token=x",
        id="https://wire.example/feed?token=x",
    )
    here = replace(NAMES, configured={"wire": private}, known={"wire": Speaker(said)}.get)
    credit = compose.credit("wire", here)
    assert (credit.feed_url, credit.link) == (None, "https://wire.example/")
    assert credit.id == f"tag:{SITE.tag}:source/wire"
    gone = Speaker(said, private.republish)
    assert compose.credit(
        "wire", replace(here, configured={}, known={"wire": gone}.get)
    ) == replace(credit, title="Wire")


def test_the_copy_with_full_text_is_shown_though_it_came_later() -> None:
    stub = kept(1, content="")
    full = kept(2, "wire", cluster=1, hours=1)
    assert publication(stub, full).items[0].link == "https://wire.example/2"


def test_among_full_texts_the_first_seen_is_shown() -> None:
    first, second = (
        kept(1, "wire", hours=0),
        kept(2, cluster=1, hours=1, content="<p>Longer text</p>"),
    )
    assert publication(second, first).items[0].link == "https://wire.example/1"


def test_a_copy_that_is_held_back_is_not_the_one_that_is_shown() -> None:
    flooded = kept(1, "wire", content="<p>Longer text</p>")
    held, copy = replace(flooded, sort_at=flooded.sort_at - BEHIND), kept(2, cluster=1, hours=1)
    shown = compose.collapse(map(outline, (held, copy)), 50, prefer=("wire",))
    assert [story.shown for story in shown] == [outline(copy)]


def test_a_story_stands_where_its_first_copy_stands() -> None:
    old, copy, newer = kept(1), kept(3, "wire", cluster=1, hours=5), kept(2, hours=1)
    assert [item.title for item in publication(old, copy, newer).items] == ["Story 2", "Story 1"]


def test_at_most_so_many_stories_are_shown_and_none_from_before() -> None:
    copies = [kept(number, hours=number) for number in range(1, 6)]
    stories = compose.collapse(map(outline, copies), limit=3, since=NOON + 4 * HOUR)
    assert [story.shown.id for story in stories] == [5, 4]


def test_other_sources_of_a_story_are_named_once_each_with_their_link() -> None:
    copies = [kept(1), kept(2, "wire", cluster=1, hours=1), kept(3, "wire", cluster=1, hours=2)]
    assert publication(*copies).items[0].via == (Via("Wire", "https://wire.example/2"),)


@pytest.mark.parametrize(
    "guid",
    [
        "https://paper.example/?p=1",
        "http://paper.example:8080/1#top",
        "tag:paper.example,2020-01-02:1",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    ],
)
def test_a_globally_unique_guid_is_the_id(guid: str) -> None:
    assert ids_of(kept(1, guid=guid)) == [guid]


@pytest.mark.parametrize(
    "guid",
    [
        "1",
        "Entry 7",
        "消息",
        "yt:video:1",
        "https://paper.example/a b",
        "http:///",
        "tag:1",
        "urn:x",
        "tag:feeds.example,2026:wire/0123456789abcdef0123456789abcdef",
        "TAG:Feeds.Example,2026:feed/python",
        "javascript:alert(1)",
        "https://paper.example/" + "x" * 2000,
        'https://x.example/"><',
        "https://paper.example/?tags[]=1",
        "https://paper.example/消息",
        "urn:uuid:1",
        "TAG:Paper.example,2020:1",
    ],
)
def test_any_other_guid_is_minted_under_the_sites_tag(guid: str) -> None:
    (item_id,) = ids_of(kept(1, guid=guid))
    assert item_id.startswith("tag:feeds.example,2026:paper/")
    assert ids_of(kept(9, guid=guid)) == [item_id], "the row has no part in it"
    assert ids_of(kept(1, "wire", guid=guid)) != [item_id], "the source has"


def test_two_sources_that_claim_one_guid_both_have_their_item() -> None:
    guid = "https://paper.example/1"
    first, second = ids_of(kept(1, guid=guid, hours=1), kept(2, "wire", guid=guid))
    assert first == guid
    assert second.startswith("tag:feeds.example,2026:wire/")


def test_an_id_given_to_another_entry_earlier_is_not_given_again() -> None:
    guid = "https://paper.example/1"
    ids = compose.Ids(taken={guid: 99})
    assert ids_of(kept(1, guid=guid), ids=ids)[0].startswith("tag:feeds.example,2026:paper/")


def test_the_announced_id_stays_when_another_copy_is_shown() -> None:
    ids = compose.Ids(announced=(Announced(1, 1, "urn:first"), Announced(2, 1, "urn:second")))
    copies = (kept(1, content=""), kept(2, "wire", cluster=1))
    assert ids_of(*copies, ids=ids) == ["urn:first"]


def test_only_ids_given_for_the_first_time_are_remembered() -> None:
    ids = compose.Ids(announced=(Announced(1, 1, "urn:first"),))
    stories = compose.collapse(map(outline, (kept(1), kept(2))), 50)
    given = compose.frame(FEED, stories, ids, NAMES).given
    assert given == (Announced(2, 2, "https://paper.example/2"),)


def test_a_feed_is_as_new_as_its_newest_change() -> None:
    edited = replace(kept(1), updated_at=NOON + 9 * HOUR)
    assert publication(edited, kept(2, hours=1)).updated == NOON + 9 * HOUR


def test_an_empty_feed_has_a_date_that_never_changes() -> None:
    assert publication().updated == compose.EPOCH


def test_a_source_is_credited_by_its_configured_title_else_its_own() -> None:
    assert compose.credit("paper", NAMES).title == "The Paper"
    assert compose.credit("wire", NAMES).title == "Wire"
    assert compose.credit("gone", NAMES).title == "gone"


def test_a_password_in_an_address_is_not_published() -> None:
    assert compose.credit("wire", NAMES).feed_url == "https://wire.example/feed"


def test_the_credited_id_is_the_feeds_own_where_it_is_a_uri() -> None:
    assert compose.credit("paper", NAMES).id == "urn:paper:1"
    assert compose.credit("wire", NAMES).id == "https://wire.example/feed"
    assert compose.credit("gone", NAMES).id == "tag:feeds.example,2026:source/gone"


def test_an_entry_an_aggregator_took_from_elsewhere_is_credited_to_there() -> None:
    copy = kept(1)
    origin = Origin(title="Origin", link="https://origin.example/")
    copy = replace(copy, article=replace(copy.article, origin=origin))
    source = publication(copy).items[0].source
    assert (source.title, source.id) == ("Origin", "https://origin.example/")


def test_terms_are_the_publishers_own_then_our_categories_of_all_copies() -> None:
    copy = kept(1)
    copy = replace(
        copy, article=replace(copy.article, terms=(Term("x", label="X"), Term("Python")))
    )
    other = replace(kept(2, "wire", cluster=1, hours=1), filed=(Filed("news", "News", fixed=True),))
    assert publication(copy, other).items[0].terms == ("X", "Python", "News")


def test_addresses_hang_on_the_sites_url() -> None:
    assert publication().addresses == (
        ("atom", "https://feeds.example/feeds/python.atom"),
        ("rss", "https://feeds.example/feeds/python.rss"),
        ("json", "https://feeds.example/feeds/python.json"),
    )


COPIES = (outline(kept(1)), outline(kept(2, "wire", cluster=1, hours=1)))
OTHER_NAMES = {
    "a source is called otherwise": replace(
        NAMES, configured={**NAMES.configured, "paper": replace(PAPER, title="Another")}
    ),
    "it says another id": replace(
        NAMES,
        known={"paper": Speaker(FeedInfo(id="urn:2"))}.get,
    ),
    "it is republished on other terms": replace(
        NAMES, configured={**NAMES.configured, "paper": replace(PAPER, republish=Republish("link"))}
    ),
    "the other source is called otherwise": replace(
        NAMES, configured={**NAMES.configured, "wire": replace(WIRE, title="Another")}
    ),
    "no more than a few words are shown": replace(NAMES, words=9),
    "a category is private": replace(NAMES, unnamed=frozenset({"python"})),
    "the site speaks another language": replace(NAMES, site=replace(SITE, language="fr")),
}
OTHER_COPIES = {
    "an edit": replace(COPIES[0], revision=2),
    "a later date": replace(COPIES[0], updated_at=NOON + HOUR),
    "another first date": replace(COPIES[0], published_at=NOON + HOUR),
    "another category": replace(COPIES[0], filed=(Filed("news", "News", fixed=True),)),
}


def key_of(*copies: Outline, names: compose.Names = NAMES) -> str:
    (slot,) = compose.frame(FEED, compose.collapse(copies, 50), compose.Ids(), names).slots
    return slot.key


@pytest.mark.parametrize("case", OTHER_NAMES)
def test_another_name_makes_another_item(case: str) -> None:
    assert key_of(*COPIES, names=OTHER_NAMES[case]) != key_of(*COPIES)


@pytest.mark.parametrize("case", OTHER_COPIES)
def test_another_state_of_an_entry_makes_another_item(case: str) -> None:
    assert key_of(OTHER_COPIES[case], COPIES[1]) != key_of(*COPIES)


def test_what_another_copy_is_known_by_makes_another_item() -> None:
    moved = replace(COPIES[1], link="https://wire.example/moved")
    assert key_of(COPIES[0], moved) != key_of(*COPIES)
    assert key_of(COPIES[0], replace(COPIES[1], length=9)) == key_of(*COPIES)


def test_texts_for_which_there_is_no_room_are_begun_and_the_others_are_whole() -> None:
    """A source that sent two megabytes a time had its categories' feeds held for everybody."""
    long = [kept(number, "wire", content=f"<p>{'word ' * 390_000}</p>") for number in (1, 2, 3)]
    made = publication(*long, kept(4), kept(5))
    texts = {item.id: item.article for item in made.items}
    assert texts["https://paper.example/4"].content == "<p>Text</p>"
    begun = [article for article in texts.values() if article.summary.endswith("word…</p>")]
    assert [len(article.summary) for article in begun] == [5007]
    assert sum(len(one.content) + len(one.summary) for one in texts.values()) < compose.ROOM


@pytest.mark.parametrize(
    "origin",
    [
        Origin(id="tag:feeds.example,2026:feed/python", title="Python"),
        Origin(feed_url="https://feeds.example/feeds/python.atom", title="Python"),
    ],
)
def test_no_entry_speaks_for_a_feed_of_ours(origin: Origin) -> None:
    copy = kept(1)
    spoofed = replace(copy, article=replace(copy.article, origin=origin))
    (item,) = publication(spoofed).items
    assert (item.source.title, item.source.id) == ("The Paper", "urn:paper:1")

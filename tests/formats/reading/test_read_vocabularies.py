"""What rarer vocabularies say stands in where the usual ones are silent, and nowhere else."""

from datetime import UTC, datetime

import pytest
from feed_samples import atom, entry, item, read, rss

from aggregator.model.parsed import Enclosure, Person, Term

SITE = "<link>https://site.example/blog/</link>"
MARCH = datetime(2026, 3, 2, 11, tzinfo=UTC)
ATOM03 = 'xmlns:old="http://purl.org/atom/ns#"'


@pytest.mark.parametrize(
    "elements",
    [
        "<dc:identifier>doi:10.1/x</dc:identifier>",
        "<dcterms:identifier>doi:10.1/x</dcterms:identifier>",
    ],
)
def test_an_identifier_is_the_guid_where_there_is_none(elements: str) -> None:
    assert item(elements).guid == "doi:10.1/x"
    assert item(f"<guid>17</guid>{elements}").guid == "17"
    assert item(f"<guid/>{elements}").guid == "doi:10.1/x"


def test_a_publication_date_of_a_journal_is_one() -> None:
    date = "<prism:publicationDate>2026-03-02T11:00:00Z</prism:publicationDate>"
    assert item(date).published == MARCH
    assert entry(f"{date}<published>2026-01-01T00:00:00Z</published>").published == datetime(
        2026, 1, 1, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("address", "read_as"),
    [
        ("https://site.example/a b", "https://site.example/a b"),
        ("https://site.example/\r\n\t a", "https://site.example/a"),
        ("\n  https://site.example/a\n", "https://site.example/a"),
    ],
)
def test_an_address_keeps_its_spaces_and_loses_where_it_was_wrapped(
    address: str, read_as: str
) -> None:
    assert item(f"<link>{address}</link>").link == read_as


def test_who_is_credited_in_a_file_as_the_author_is_one() -> None:
    credit = '<media:credit role="author">Ann Lee</media:credit>'
    assert item(f'<media:content url="/a.mp4">{credit}</media:content>').authors == (
        Person("Ann Lee"),
    )
    assert item(f"<media:group>{credit}</media:group>").authors == (Person("Ann Lee"),)


@pytest.mark.parametrize(
    ("elements", "terms"),
    [
        (
            '<itunes:category text="Society"><itunes:category text="Diary"/></itunes:category>',
            (Term("Society", "http://www.itunes.com/"), Term("Diary", "http://www.itunes.com/")),
        ),
        ('<googleplay:category text="Art"/>', (Term("Art"),)),
        (
            "<dc:subject><rdf:Bag><rdf:li>Snakes</rdf:li><rdf:li/><rdf:li> Eggs </rdf:li></rdf:Bag>"
            "</dc:subject>",
            (Term("Snakes"), Term("Eggs")),
        ),
    ],
)
def test_terms_within_terms(elements: str, terms: tuple[Term, ...]) -> None:
    assert item(elements).terms == terms


def test_a_container_of_subjects_is_read_in_rdf_too() -> None:
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    feed = read(
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="{rdf}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><dc:subject><rdf:Bag>'
        "<rdf:li>Snakes</rdf:li><rdf:li>Eggs</rdf:li></rdf:Bag></dc:subject></item></rdf:RDF>"
    )
    assert feed.entries[0].terms == (Term("Snakes"), Term("Eggs"))


def test_the_file_itself_is_preferred_to_the_redirector_before_it() -> None:
    enclosure = '<enclosure url="https://feedproxy.example/~r/a.mp3" type="audio/mpeg" length="9"/>'
    original = "<feedburner:origEnclosureLink>/a.mp3</feedburner:origEnclosureLink>"
    assert item(enclosure + original, SITE).enclosures == (
        Enclosure("https://site.example/a.mp3", "audio/mpeg", 9),
    )


def test_of_two_files_and_one_original_address_nothing_is_guessed() -> None:
    files = '<enclosure url="/a.mp3"/><enclosure url="/b.mp3"/>'
    original = "<feedburner:origEnclosureLink>/c.mp3</feedburner:origEnclosureLink>"
    assert item(files + original, SITE).enclosures == (
        Enclosure("https://site.example/a.mp3"),
        Enclosure("https://site.example/b.mp3"),
    )


def test_a_torrent_is_a_file_of_the_entry() -> None:
    link = '<media:peerLink type="application/x-bittorrent" href="/a.torrent"/>'
    torrent = Enclosure("https://site.example/a.torrent", "application/x-bittorrent")
    assert item(link, SITE).enclosures == (torrent,)
    assert item(f"<media:group>{link}</media:group>", SITE).enclosures == (torrent,)


def test_a_file_that_rdf_names_as_a_resource() -> None:
    enclosure = (
        '<enc:enclosure xmlns:enc="http://purl.oclc.org/net/rss_2.0/enc#" '
        'rdf:resource="/a.mp3" enc:type="audio/mpeg" enc:length="9"/>'
    )
    assert item(enclosure, SITE).enclosures == (
        Enclosure("https://site.example/a.mp3", "audio/mpeg", 9),
    )


@pytest.mark.parametrize(
    "date",
    [
        "<old:modified>2026-03-02T11:00:00Z</old:modified>",
        "<dcterms:modified>2026-03-02T11:00:00Z</dcterms:modified>",
    ],
)
def test_a_feed_dated_by_another_vocabulary(date: str) -> None:
    assert read(rss(date, ATOM03)).updated == MARCH
    assert read(atom(date, ATOM03)).updated == MARCH


@pytest.mark.parametrize("name", ["yandex:full-text", "turbo:content"])
def test_the_whole_text_as_russian_news_give_it_is_content(name: str) -> None:
    found = item(f"<description>Short</description><{name}>&lt;p&gt;Long&lt;/p&gt;</{name}>")
    assert found.summary is not None and found.summary.value == "Short"
    assert found.content is not None and found.content.value == "<p>Long</p>"


def test_a_creator_in_dublin_core_terms_is_an_author() -> None:
    creator = "<dcterms:creator>Ann</dcterms:creator>"
    assert item(creator).authors == (Person("Ann"),)
    assert item(f"{creator}<dc:creator>Bob</dc:creator>").authors == (Person("Bob"),)
    assert read(rss(creator)).info.authors == (Person("Ann"),)


def test_spaces_around_the_address_of_a_vocabulary_are_no_matter() -> None:
    named = 'xmlns:core=" http://purl.org/dc/elements/1.1/\t"'
    feed = read(rss("<item><core:creator>Ann</core:creator></item>", named))
    assert (feed.entries[0].authors, feed.warnings) == ((Person("Ann"),), ())


def test_a_tagline_of_old_atom_is_a_subtitle() -> None:
    assert read(rss("<old:tagline>On snakes</old:tagline>", ATOM03)).info.subtitle == "On snakes"

"""What RSS and RDF say, in the words our records have for it."""

from datetime import UTC, datetime, timedelta

import pytest
from feed_samples import atom, item, read, rss

from aggregator.model.parsed import (
    CHAPTERS,
    TRANSCRIPT,
    Enclosure,
    Link,
    Origin,
    Person,
    Rhythm,
    Term,
    Text,
)

SITE = "<link>https://site.example/blog/</link>"


# -- identity and links --------------------------------------------------------------------------


@pytest.mark.parametrize("guid", ["post-17", "/blog/17", "tag:site.example,2026:17", "17 &amp; 18"])
def test_a_guid_is_kept_raw(guid: str) -> None:
    found = item(f"<guid isPermaLink='false'>\n {guid} </guid>", SITE)
    assert found.guid == guid.replace("&amp;", "&")
    assert found.link is None


def test_a_guid_that_is_an_address_is_the_link_where_there_is_none() -> None:
    assert item("<guid>https://site.example/17</guid>").link == "https://site.example/17"


def test_a_guid_said_to_be_a_permalink_may_be_relative() -> None:
    assert item('<guid isPermaLink="true">/17</guid>', SITE).link == "https://site.example/17"


def test_a_link_is_preferred_to_a_permalink() -> None:
    found = item("<guid>https://site.example/?p=17</guid><link>https://site.example/a</link>")
    assert found.link == "https://site.example/a"


@pytest.mark.parametrize(
    "links",
    [
        "<link>https://a.example/</link><link>https://b.example/</link>",
        '<link>https://a.example/</link><link href="https://b.example/"/>',
        '<link>https://a.example/</link><link>https://b.example/</link><link rel="x" href="/c"/>',
        "<link>https://a.example/</link><link>https://b.example/</link><link/>",
    ],
)
def test_the_last_of_several_links_counts(links: str) -> None:
    assert item(links).link == "https://b.example/"
    assert read(rss(links)).info.link == "https://b.example/"


def test_the_last_of_several_dates_of_one_name_counts() -> None:
    dates = "<pubDate>2025-03-04</pubDate><pubDate>2025-03-05</pubDate><pubDate>soon</pubDate>"
    assert item(dates + "<dc:date>2025-03-06</dc:date>").published == (
        datetime(2025, 3, 5, tzinfo=UTC)
    )


def test_the_original_link_is_preferred_to_the_redirector() -> None:
    found = item(
        "<link>https://feedproxy.example/~r/x</link>"
        "<feedburner:origLink>https://site.example/a?b=1&amp;c=2</feedburner:origLink>"
    )
    assert found.link == "https://site.example/a?b=1&c=2"


def test_an_atom_link_stands_in_for_a_missing_link() -> None:
    found = item('<atom:link href="/a"/><atom:link rel="self" href="/b"/>', SITE)
    assert found.link == "https://site.example/a"


def test_a_link_may_be_broken_over_lines() -> None:
    assert item("<link>\n https://site.example/\n   a </link>").link == "https://site.example/a"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (SITE, "https://site.example/blog/a.html"),
        ("", "https://feeds.example/blog/a.html"),
        ("<link>/news/</link>", "https://feeds.example/news/a.html"),
    ],
)
def test_relative_links_hang_on_the_channels_link_else_on_the_feed(
    channel: str, expected: str
) -> None:
    assert item("<link>a.html</link>", channel).link == expected


def test_an_xml_base_is_preferred_to_the_channels_link() -> None:
    document = rss(f'{SITE}<item xml:base="posts/"><link>a.html</link></item>')
    assert read(document).entries[0].link == "https://feeds.example/blog/posts/a.html"


def test_an_address_with_broken_brackets_is_left_as_it_is() -> None:
    assert item("<link>http://[broken/</link>", SITE).link == "http://[broken/"


# -- texts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "is_html"),
    [
        ("Plain &amp; simple", "Plain & simple", False),
        ("1 &lt; 2", "1 < 2", False),
        ("Vec&lt;T&gt; and Box&lt;T&gt;", "Vec<T> and Box<T>", False),
        ("The &lt;b&gt; element", "The <b> element", False),
        ("Why &lt;!-- opens a comment", "Why <!-- opens a comment", False),
        ("A &lt;!-- new --&gt; day", "A <!-- new --> day", True),
        ("A &lt;em&gt;new&lt;/em&gt; day", "A <em>new</em> day", True),
        ("Caf&amp;eacute;", "Caf&eacute;", True),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom &amp; Jerry", True),
        ("<![CDATA[<i>x</i>]]>", "<i>x</i>", True),
        ("one<br/>two", "one<br />two", True),
        ("  two\n words ", "two\n words", False),
        ("ActualitÃ©s", "Actualités", False),
    ],
)
def test_a_title_is_text_unless_it_is_clearly_marked_up(
    written: str, value: str, is_html: bool
) -> None:
    title = item(f"<title>{written}</title>").title
    assert (title.value, title.is_html) == (value, is_html)


@pytest.mark.parametrize(
    "elements",
    [
        "<dc:title>Name</dc:title>",
        "<media:title>Name</media:title>",
        "<media:group><media:title>Name</media:title></media:group>",
        "<itunes:title>Name</itunes:title>",
        "<title></title><dc:title>Name</dc:title>",
        "<media:title>Picture</media:title><title>Name</title>",
        "<image><title>Picture</title></image><title>Name</title>",
    ],
)
def test_other_vocabularies_stand_in_for_a_missing_title(elements: str) -> None:
    assert item(elements).title.value == "Name"


def test_an_entry_without_a_title_has_an_empty_one() -> None:
    assert item("<description>x</description>").title == Text("")


def test_content_and_summary_are_told_apart() -> None:
    found = item(
        "<link>https://site.example/a</link>"
        "<description>Short</description>"
        "<content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
        "<media:description>Of the picture</media:description>"
    )
    assert found.summary == Text("Short", False, "https://site.example/a")
    assert found.content == Text("<p>Long</p>", True, "https://site.example/a")


@pytest.mark.parametrize(
    "elements",
    [
        "<description>Here is all of it</description><summary>Shorter</summary>",
        "<summary>Shorter</summary><description>Here is all of it</description>",
        "<description>Shorter</description><summary>Here is all of it</summary>",
    ],
)
def test_of_a_description_and_a_summary_the_longer_is_the_content(elements: str) -> None:
    found = item(elements, SITE)
    assert found.summary == Text("Shorter", False, "https://site.example/blog/")
    assert found.content == Text("Here is all of it", False, "https://site.example/blog/")


@pytest.mark.parametrize(
    ("first", "second"),
    [("description", "summary"), ("summary", "description"), ("description", "description")],
)
def test_of_two_about_as_long_the_second_is_the_content(first: str, second: str) -> None:
    found = item(f"<{first}>In a few words</{first}><{second}>In words</{second}>")
    assert found.summary is not None and found.content is not None
    assert (found.summary.value, found.content.value) == ("In a few words", "In words")


def test_a_description_alone_is_a_summary() -> None:
    found = item("<description>&lt;p&gt;All of it</description>", SITE)
    assert found.summary == Text("<p>All of it", True, "https://site.example/blog/")
    assert found.content is None


@pytest.mark.parametrize(
    "elements",
    [
        "<dc:description>Words</dc:description>",
        "<itunes:summary>Words</itunes:summary>",
        "<media:group><media:description>Words</media:description></media:group>",
        "<itunes:subtitle>Words</itunes:subtitle>",
        "<atom:summary>Words</atom:summary>",
        "<description/><itunes:summary>Words</itunes:summary>",
    ],
)
def test_other_vocabularies_stand_in_for_a_missing_description(elements: str) -> None:
    summary = item(elements).summary
    assert summary is not None
    assert summary.value == "Words"


def test_unescaped_markup_is_written_out() -> None:
    found = item('<description><p>One <a href="/x?a=1&amp;b">two</a><br/>three</p></description>')
    assert found.summary is not None
    assert found.summary.value == '<p>One <a href="/x?a=1&amp;b">two</a><br />three</p>'


def test_relative_links_of_a_text_hang_on_a_stated_base() -> None:
    document = rss(f'{SITE}<item><description xml:base="/deep/">x</description></item>')
    summary = read(document).entries[0].summary
    assert summary == Text("x", False, "https://feeds.example/deep/")


# -- dates ---------------------------------------------------------------------------------------

MARCH = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def test_dates_of_several_vocabularies() -> None:
    found = item(
        "<pubDate>Mon, 02 Mar 2026 12:00:00 +0100</pubDate>"
        "<atom:updated>2026-03-03T11:00:00Z</atom:updated>"
    )
    assert (found.published, found.updated) == (MARCH, MARCH + timedelta(days=1))


def test_a_dublin_core_date_dates_both() -> None:
    found = item("<dc:date>2026-03-02T12:00:00+01:00</dc:date>")
    assert (found.published, found.updated) == (MARCH, MARCH)


def test_a_date_that_cannot_be_read_gives_way_to_one_that_can() -> None:
    found = item("<pubDate>yesterday</pubDate><dc:date>2026-03-02T11:00:00Z</dc:date>")
    assert found.published == MARCH


def test_an_unreadable_date_is_none() -> None:
    assert item("<pubDate>soon</pubDate>").published is None


# -- people and terms ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ("<author>ann@site.example (Ann Lee)</author>", Person("Ann Lee", "ann@site.example")),
        (
            "<author>Ann Lee &lt;ann@site.example&gt;</author>",
            Person("Ann Lee", "ann@site.example"),
        ),
        ("<author>Ann Lee (ann@site.example)</author>", Person("Ann Lee", "ann@site.example")),
        ("<author>ann@site.example</author>", Person(None, "ann@site.example")),
        ("<author>mailto:ann@site.example</author>", Person(None, "ann@site.example")),
        ("<author>Ann Lee</author>", Person("Ann Lee")),
        ("<dc:creator>&lt;a href='/ann'&gt;Ann&lt;/a&gt; Lee</dc:creator>", Person("Ann Lee")),
        ("<author>by <b>Ann</b> Lee</author>", Person("by Ann Lee")),
        ("<author>Ann &lt;3 Lee</author>", Person("Ann <3 Lee")),
        (
            "<author><name>Ann Lee</name><email>a@b.example</email></author>",
            Person("Ann Lee", "a@b.example"),
        ),
        ("<dc:creator>Ann Lee</dc:creator>", Person("Ann Lee")),
        ("<author>web@site.example</author><dc:creator>Ann Lee</dc:creator>", Person("Ann Lee")),
        ("<itunes:author>Ann Lee</itunes:author>", Person("Ann Lee")),
        ("<atom:author><atom:name>Ann Lee</atom:name></atom:author>", Person("Ann Lee")),
        ('<media:credit role="author">Ann Lee</media:credit>', Person("Ann Lee")),
    ],
)
def test_an_author_in_every_spelling(elements: str, expected: Person) -> None:
    assert item(elements).authors == (expected,)


def test_several_authors_and_contributors() -> None:
    found = item(
        "<dc:creator>Ann</dc:creator><dc:creator>Bob</dc:creator><dc:creator>Ann</dc:creator>"
        "<dc:contributor>Cy</dc:contributor>"
    )
    assert found.authors == (Person("Ann"), Person("Bob"))
    assert found.contributors == (Person("Cy"),)


def test_hosts_and_guests_of_a_podcast_are_contributors() -> None:
    found = item(
        '<podcast:person href="https://ann.example/">Ann</podcast:person>'
        '<podcast:person role="guest">Bob</podcast:person>'
    )
    assert found.contributors == (Person("Ann", url="https://ann.example/"), Person("Bob"))
    assert found.authors == ()


def test_a_credited_photographer_is_no_author() -> None:
    assert item('<media:credit role="photographer">Ann</media:credit>').authors == ()


def test_terms_of_several_vocabularies_each_once() -> None:
    found = item(
        '<category domain="https://site.example/tags">Python</category>'
        "<category>Web, later</category>"
        "<dc:subject>Snakes</dc:subject><category>Web, later</category><category/>"
        "<itunes:keywords>a, b ,</itunes:keywords><media:keywords>c</media:keywords>"
    )
    assert found.terms == (
        Term("Python", "https://site.example/tags"),
        Term("Web, later"),
        Term("Snakes"),
        Term("a", "http://www.itunes.com/"),
        Term("b", "http://www.itunes.com/"),
        Term("c"),
    )


# -- files and podcasts --------------------------------------------------------------------------


def test_several_enclosures_with_all_that_is_said_of_them() -> None:
    found = item(
        '<enclosure url="/a.mp3" type="audio/mpeg" length="1234"/>'
        '<enclosure url="https://cdn.example/b.mp4" type="video/mp4" length="0"/>'
        '<media:content url="https://site.example/a.mp3" duration="61" fileSize="9">'
        "<media:title>Take one</media:title></media:content>"
        '<media:group><media:content url="https://cdn.example/c.webm" fileSize="77"/>'
        "</media:group>",
        SITE,
    )
    assert found.enclosures == (
        Enclosure("https://site.example/a.mp3", "audio/mpeg", 1234, "Take one", 61),
        Enclosure("https://cdn.example/b.mp4", "video/mp4"),
        Enclosure("https://cdn.example/c.webm", None, 77),
    )


@pytest.mark.parametrize(
    ("length", "expected"),
    [("1,234", 1234), (" 12 ", 12), ("-1", None), ("9" * 400, None), ("big", None), ("", None)],
)
def test_a_length_is_a_number_or_nothing(length: str, expected: int | None) -> None:
    (file,) = item(f'<enclosure url="https://x.example/a" length="{length}"/>').enclosures
    assert file.length_bytes == expected


def test_an_enclosure_without_an_address_is_none() -> None:
    assert item('<enclosure type="audio/mpeg"/>').enclosures == ()


@pytest.mark.parametrize(
    "elements",
    [
        '<media:thumbnail url="/a.png"/>',
        '<media:group><media:thumbnail url="/a.png"/></media:group>',
        '<media:content url="/film.mp4"><media:thumbnail url="/a.png"/></media:content>',
        '<itunes:image href="/a.png"/>',
        '<media:content url="/a.png" medium="image"/>',
        '<enclosure url="/a.png" type="image/png"/>',
        "<image><url>/a.png</url></image>",
    ],
)
def test_a_picture_that_stands_for_an_entry(elements: str) -> None:
    assert item(elements, SITE).image == "https://site.example/a.png"


def test_the_authors_portrait_is_no_picture_of_the_entry() -> None:
    portrait = "https://1.gravatar.com/avatar/0123?s=96"
    found = item(f'<media:content url="{portrait}" medium="image"/>')
    assert (found.image, found.enclosures) == (None, ())


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:02:03", 3723),
        ("62:03", 3723),
        ("3723", 3723),
        ("3723.6", 3723),
        ("PT1H2M3S", 3723),
        ("1h 2m 3s", 3723),
        ("1 hour, 2 minutes and 3 seconds", 3723),
        ("1 Std. 5 Min.", 3900),
        ("P0DT1H2M", 3720),
        ("01:02:03.250", 3723),
        ("0", None),
        ("long", None),
        ("9" * 300, None),
        ("1:2:3:4", None),
        ("99999:00:00", None),
    ],
)
def test_durations(written: str, seconds: int | None) -> None:
    assert item(f"<itunes:duration>{written}</itunes:duration>").duration_s == seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [("yes", True), ("True", True), ("clean", False), ("no", False), ("false", False), ("?", None)],
)
def test_the_explicit_flag(written: str, expected: bool | None) -> None:
    assert item(f"<itunes:explicit>{written}</itunes:explicit>").explicit is expected


def test_seasons_episodes_transcripts_and_chapters() -> None:
    found = item(
        "<itunes:season>2</itunes:season><podcast:episode>7</podcast:episode>"
        '<podcast:transcript url="/t.vtt" type="text/vtt"/>'
        '<podcast:chapters url="/c.json" type="application/json+chapters"/>',
        SITE,
    )
    assert (found.season, found.episode) == (2, 7)
    assert found.links == (
        Link("https://site.example/t.vtt", TRANSCRIPT, "text/vtt"),
        Link("https://site.example/c.json", CHAPTERS, "application/json+chapters"),
    )


# -- the rest of an entry ------------------------------------------------------------------------


def test_comments_rights_license_and_source() -> None:
    found = item(
        "<comments>/a#comments</comments><wfw:commentRss>/a/feed</wfw:commentRss>"
        "<dc:rights>CC BY</dc:rights>"
        "<creativeCommons:license>https://license.example/by</creativeCommons:license>"
        '<source url="https://first.example/rss">First</source>',
        SITE,
    )
    assert found.comments == "https://site.example/a#comments"
    assert found.rights == "CC BY"
    assert found.links == (
        Link("https://site.example/a/feed", "replies", "application/rss+xml"),
        Link("https://license.example/by", "license"),
    )
    assert found.origin == Origin("First", feed_url="https://first.example/rss")


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ("<dc:language>de</dc:language>", "de"),
        ("<dc:language>EN-us</dc:language>", None),
        ("", None),
    ],
)
def test_a_language_of_its_own(elements: str, expected: str | None) -> None:
    assert item(elements, "<language>en-US</language>").language == expected


def test_xml_lang_of_an_item() -> None:
    document = rss('<language>en</language><item xml:lang="fr"><title>Bonjour</title></item>')
    assert read(document).entries[0].language == "fr"


# -- channels ------------------------------------------------------------------------------------


def test_what_a_channel_says_of_itself() -> None:
    info = read(
        rss(
            "<title>A &lt;b&gt;blog&lt;/b&gt;</title>"
            "<description>About &amp;amp; more</description>"
            '<atom:link rel="self" href="/feed.xml"/>'
            '<atom:link rel="hub" href="https://hub.example/"/>'
            "<link>https://site.example/</link><language>en_GB</language>"
            "<copyright>Ann</copyright><managingEditor>ann@site.example (Ann)</managingEditor>"
            "<image><url>/favicon.png</url><title>T</title><link>/elsewhere</link></image>"
            '<itunes:image href="/cover.jpg"/><generator>Maker 1</generator>'
        )
    ).info
    assert (info.title, info.subtitle) == ("A blog", "About & more")
    assert info.link == "https://site.example/"
    assert info.feed_url == "https://feeds.example/feed.xml"
    assert info.hubs == ("https://hub.example/",)
    assert (info.language, info.rights, info.generator) == ("en-GB", "Ann", "Maker 1")
    assert info.authors == (Person("Ann", "ann@site.example"),)
    assert info.image == "https://feeds.example/cover.jpg"


def test_the_self_link_of_a_channel_is_not_its_page() -> None:
    info = read(rss('<atom:link rel="self" href="/feed.xml"/><title>t</title>')).info
    assert info.link is None


def test_the_rhythm_of_a_channel() -> None:
    feed = read(
        rss(
            "<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour>"
            "</skipHours><skipDays><day>Sunday</day><day>Someday</day></skipDays>"
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
        )
    )
    assert feed.rhythm == Rhythm(
        timedelta(minutes=90), frozenset({0, 7}), frozenset({6}), timedelta(hours=6)
    )


@pytest.mark.parametrize(
    "words",
    [
        "<ttl>-5</ttl>",
        "<ttl>soon</ttl>",
        f"<ttl>{'9' * 500}</ttl>",
        "<ttl>0000000000000000000000</ttl>",
        "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
        "<sy:updatePeriod>often</sy:updatePeriod>",
    ],
)
def test_a_rhythm_that_makes_no_sense_is_none(words: str) -> None:
    assert read(rss(words)).rhythm == Rhythm()


@pytest.mark.parametrize("digits", ["525600", "527041", "9" * 15, "9" * 16, "9" * 50])
def test_a_ttl_of_a_year_or_more_is_at_most_a_year(digits: str) -> None:
    """Retry-After and max-age of twenty digits were waited for, a ttl of as many was not."""
    ttl = read(rss(f"<ttl>{digits}</ttl>")).rhythm.ttl
    assert ttl == timedelta(minutes=min(int(digits), 366 * 24 * 60))


def test_the_date_of_a_channel() -> None:
    feed = read(rss("<lastBuildDate>Mon, 02 Mar 2026 11:00:00 GMT</lastBuildDate>"))
    assert feed.updated == MARCH


@pytest.mark.parametrize(
    ("document", "version"),
    [
        ('<rss version="0.91"><channel/></rss>', "rss091"),
        ('<rss version="0.92"><channel/></rss>', "rss092"),
        ('<rss version="2.0"><channel/></rss>', "rss20"),
        ("<rss><channel/></rss>", "rss20"),
        (atom("<title>t</title>"), "atom10"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"/>', "atom03"),
    ],
)
def test_versions(document: str, version: str) -> None:
    assert read(document).version == version


# -- shapes --------------------------------------------------------------------------------------

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="https://site.example/rss"><title>Site</title>
 <link>https://site.example/</link>
 <items><rdf:Seq><rdf:li resource="x"/></rdf:Seq></items></channel>
 <image><url>https://site.example/logo.png</url></image>
 <item rdf:about="https://site.example/1"><title>One</title><dc:creator>Ann</dc:creator>
 <link>https://site.example/one</link></item>
 <item rdf:about="https://site.example/2"><title>Two</title></item></rdf:RDF>"""


def test_rdf_puts_items_beside_the_channel() -> None:
    feed = read(RDF)
    assert feed.version == "rss10"
    assert (feed.info.title, feed.info.id) == ("Site", "https://site.example/rss")
    assert feed.info.image == "https://site.example/logo.png"
    assert [(one.guid, one.link) for one in feed.entries] == [
        ("https://site.example/1", "https://site.example/one"),
        ("https://site.example/2", "https://site.example/2"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        '<rss xmlns="http://backend.userland.com/rss2"><channel><item><title>One</title></item></channel></rss>',
        '<rss xmlns="https://unknown.example/"><channel><item><title>One</title></item></channel></rss>',
        '<a:rss xmlns:a="http://purl.org/rss/1.0/"><a:channel><a:item><a:title>One</a:title></a:item></a:channel></a:rss>',
        "<RSS><Channel><Item><Title>One</Title></Item></Channel></RSS>",
        "<rss><channel/><item><title>One</title></item></rss>",
        "<rss><channel/><channel><item><title>One</title></item></channel></rss>",
        "<rss><channel><items><item><title>One</title></item></items></channel></rss>",
    ],
)
def test_shapes_of_rss_that_are_about(document: str) -> None:
    assert [one.title.value for one in read(document).entries] == ["One"]


@pytest.mark.parametrize(
    "declaration",
    [
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:dc=" http://purl.org/dc/elements/1.1/ "',
        'xmlns:dc="HTTPS://PURL.ORG/dc/elements/1.1"',
        'xmlns:dc="https://stranger.example/"',
        "",
    ],
)
def test_a_well_known_prefix_is_understood_however_it_is_declared(declaration: str) -> None:
    document = (
        f"<rss {declaration}><channel><item><dc:creator>Ann</dc:creator></item></channel></rss>"
    )
    assert read(document).entries[0].authors == (Person("Ann"),)


def test_an_odd_prefix_of_a_well_known_vocabulary_is_understood() -> None:
    document = (
        '<rss xmlns:x="http://purl.org/dc/elements/1.1/"><channel><item><x:creator>Ann</x:creator>'
        "</item></channel></rss>"
    )
    assert read(document).entries[0].authors == (Person("Ann"),)


def test_a_strangers_element_is_not_taken_for_a_known_one() -> None:
    document = rss(
        '<item><s:title xmlns:s="https://shop.example/">Price</s:title><title>Name</title></item>'
    )
    assert read(document).entries[0].title.value == "Name"


def test_a_feed_inside_an_entry_is_part_of_it() -> None:
    inner = "<rss><channel><item><title>Inner</title></item></channel></rss>"
    feed = read(rss(f"<item><title>Outer</title><description>{inner}</description></item>"))
    assert [one.title.value for one in feed.entries] == ["Outer"]


def test_a_feed_without_entries_is_a_feed() -> None:
    feed = read(rss("<title>Quiet</title>"))
    assert (feed.entries, feed.whole, feed.warnings) == ((), True, ())

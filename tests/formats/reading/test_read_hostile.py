"""Documents made to cost: each ends at once, in a feed or in one line."""

import pytest
from feed_samples import read, rss

from aggregator.errors import ParseError

ITEM = "<item><guid>1</guid><title>One</title></item>"
MANY = 100_000


def laughs() -> str:
    names = [f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10)]
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{"".join(names)}]>'
    return doctype + rss("<item><title>&l9;</title></item>")


def test_entities_are_never_expanded() -> None:
    assert read(laughs()).entries[0].title.value == "&l9;"


@pytest.mark.parametrize(
    "entity", ['SYSTEM "file:///etc/passwd"', 'PUBLIC "x" "https://x.example/"', '"harmless"']
)
def test_entities_of_a_dtd_are_left_out(entity: str) -> None:
    doctype = f"<!DOCTYPE rss [<!ENTITY e {entity}>]>"
    assert (
        read(doctype + rss("<item><title>a&e;b</title></item>")).entries[0].title.value == "a&e;b"
    )


@pytest.mark.parametrize("filler", ["<!-- ", '"', "'", "<!ENTITY x 'y'>", "[", "x"])
def test_a_doctype_without_end_is_refused(filler: str) -> None:
    with pytest.raises(ParseError, match="DOCTYPE"):
        read("<!DOCTYPE rss [" + filler * MANY)


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * MANY + "</a>" * MANY,
        "<item><description>" + "<a>" * 2000 + "</a>" * 2000 + "</description></item>",
        "<b " + " ".join(f'a{number}="1"' for number in range(20_000)) + "/>",
        "<item><category " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/></item>",
        "<!-- " * MANY,
        "<?a " * MANY,
        "<![CDATA[" * MANY,
        "&" * MANY,
        "<a " * 20_000,
        "</a>" * MANY,
        "<x y='" * 20_000,
        "".join(f"<p{number}:a/>" for number in range(5_000)),
        "<item>" * 5_000,
        f"<item><author>{'a@' * MANY}</author></item>",
        f"<item><pubDate>{'1 ' * MANY}</pubDate></item>",
        f"<item><link>a{' ' * MANY}b</link></item>",
        f"<item><itunes:duration>{'1:' * MANY}</itunes:duration></item>",
        f"<item><title>{'&lt;script ' * MANY}</title></item>",
        f"<item><title>{'&lt;a' * MANY}&lt;/a&gt;</title></item>",
    ],
)
def test_markup_made_to_cost_harms_no_entry_before_it(inside: str) -> None:
    feed = read(rss(ITEM + inside))
    assert (feed.entries[0].guid, feed.entries[0].title.value) == ("1", "One")


@pytest.mark.parametrize("reference", ["&#xD800;", "&#xdfff;", "&#55296;", "&#x0000000000DBFF;"])
def test_half_a_character_where_cdata_only_seems_to_be(reference: str) -> None:
    """libxml2 makes bytes of it that are no UTF-8, when it recovers from something else."""
    feed = read(rss(ITEM) + f'<item><guid x="<![CDATA[{reference}"/></item>')
    assert feed.entries[0].guid == "1"
    cut = rss(ITEM + f'<item><guid x="<![CDATA[a{reference}" y="]]>"/></item>').removesuffix(
        "</channel></rss>"
    )
    assert read(cut).entries[0].guid == "1"


@pytest.mark.slow
def test_a_long_title_and_many_entries_are_kept() -> None:
    long = "word " * 400_000
    feed = read(rss(f"<item><title>{long}</title></item>" + ITEM * 10_000))
    assert feed.entries[0].title.value == long.strip()
    assert len(feed.entries) == 10_001


def test_text_in_an_element_too_deep_for_the_parser_is_lost_alone() -> None:
    deep = "<a>" * 300 + "x" + "</a>" * 300
    feed = read(rss(ITEM + f"<item><guid>2</guid><description>{deep}</description></item>"))
    assert [one.guid for one in feed.entries] == ["1", "2"]


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000],
)
def test_deep_json_is_refused(body: str) -> None:
    with pytest.raises(ParseError, match="nested too deeply"):
        read(body)


@pytest.mark.parametrize("letter", ["a", "&#97;", "a<!-- -->", "<![CDATA[a]]>", "a</i>"])
def test_a_name_without_end_takes_no_time(letter: str) -> None:
    name = f"<author>{letter * (100_000 // len(letter))}</author>"
    feed = read(rss(f"<item><title>One</title><description><p>a<br>b</description>{name}</item>"))
    assert feed.entries[0].title.value == "One"
    with pytest.raises(ParseError, match=r"does not end|cannot be repaired"):
        read(f"<channel><title>CDF</title>{name}</channel>")

"""Bodies: markup to HTML, boilerplate out, the source in."""

import json

import pytest
from post_cases import SITE, content, folder, one, post, read

from aggregator.core.identity import article_hash
from aggregator.formats.reading.posts import PostReader
from aggregator.model.parsed import Link, ParsedEntry


def html(body: str, path: str = "2026-01-02-a.md", **options: object) -> str:
    return content(one(post(body), path, **options))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <s>c</s></p>"),
        ("| a |\n|---|\n| b |", "<table>"),
        ("a[^1]\n\n[^1]: note", 'class="footnotes"'),
        ("term\n: meaning", "<dd>meaning</dd>"),
        ("- [x] done", 'type="checkbox"'),
        ("![x](y.png){.wide}", 'class="wide"'),
        (":::note\nwords\n:::", '<div class="note">'),
        ("<b>raw</b>", "<p><b>raw</b></p>"),
        ("<https://a.example/?b&c>", 'href="https://a.example/?b&amp;c"'),
    ],
)
def test_markdown_and_its_extensions(body: str, expected: str) -> None:
    assert expected in html(body)


def test_html_stays_as_it_is() -> None:
    assert html("<p class=x>a<br>b</p>", "2026-01-02-a.html") == "<p class=x>a<br>b</p>"


def test_rest_opens_no_file_and_no_raw_html() -> None:
    forbidden = (
        ".. include:: /etc/passwd",
        ".. raw:: html\n\n   <script>x</script>",
        ".. csv-table::\n   :file: /etc/passwd",
        ".. raw:: html\n   :file: /etc/passwd",
    )
    body = "\n\n".join(("*a*", *forbidden))
    assert content(one(body, "2026-01-02-a.rst")) == "<p><em>a</em></p>"


def test_a_notebook_is_its_text_and_its_code() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "*a*"]},
        {"cell_type": "code", "source": "x < 1", "outputs": [{"text": "secret"}]},
        {"cell_type": "raw", "source": "left out"},
    ]
    entry = one(json.dumps({"cells": cells, "nbformat": 4}), "2026-01-02-a.ipynb")
    assert entry.title.value == "Title"
    assert "<em>a</em>" in content(entry)
    assert "<pre>x &lt; 1</pre>" in content(entry)
    assert "secret" not in content(entry)


def test_an_old_notebook_keeps_its_cells_in_worksheets() -> None:
    book = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"]}]}]}
    assert content(one(json.dumps(book), "2026-01-02-a.ipynb")) == "<pre>a\nb</pre>"


def test_other_markups_are_plain_text_and_told_of_once() -> None:
    files: dict[str, str | bytes] = {
        "2026-01-01-a.adoc": "= A\n\n*b* <c>",
        "2026-01-02-a.textile": "h1. A",
        "2026-01-03-a.org": "* A\nb",
    }
    reading = read(files)
    assert reading.feed.warnings == ("3 files have a markup that is shown as plain text",)
    assert content(reading.feed.entries[-1]) == "<pre>*b* &lt;c&gt;</pre>"


def test_a_very_long_text_is_shown_plain() -> None:
    reading = read({"2026-01-02-a.md": "*a* " * 300_000})
    assert content(reading.feed.entries[0]).startswith("<pre>*a* *a*")
    assert reading.feed.warnings == (
        "1 file has a text too long to be rendered, which is shown as plain text",
    )


def test_rest_that_would_take_docutils_minutes_is_shown_plain() -> None:
    reading = read({"2026-01-02-a.rst": "**a " * 15_000})
    assert content(reading.feed.entries[0]).startswith("<pre>**a **a")


def test_links_hang_on_the_address() -> None:
    entry = one(post("[x](y)"), "_posts/2026-01-02-a.md", base_url=SITE)
    assert entry.content is not None
    assert entry.content.base == "https://site.example/2026/01/02/a.html"


# -- what is no part of the article --------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "remove", "expected"),
    [
        ('<p>a</p><p class="ad">b</p>', (".ad",), "<p>a</p>"),
        ('<p>a <b class="ad">b</b> c</p>', (".ad",), "<p>a  c</p>"),
        (
            '<p>a</p><p><a href="//x/1">b</a>｜<a href="//x/2">c</a></p>',
            ('a[href*="//x/"]',),
            "<p>a</p>",
        ),
        (
            '<p>a</p><p><a class="ad">b</a><img src="c.png"></p>',
            (".ad",),
            '<p>a</p><p><img src="c.png"></p>',
        ),
        ("<p>a</p><p hidden>b</p>", (), "<p>a</p>"),
        ('<p>a</p><div style="display: none">b</div>', (), "<p>a</p>"),
        ("<p>a</p><!-- b --><p>c</p>", (), "<p>a</p><p>c</p>"),
        ("<p>a</p><!-- b", (), "<p>a</p><!-- b"),
    ],
)
def test_what_is_removed(body: str, remove: tuple[str, ...], expected: str) -> None:
    assert html(body, "2026-01-02-a.html", remove=remove) == expected


STORY = "<p>The council met.</p><p class='em'>(From: The Herald)</p>"
HOME = ("a[href*='home.example']", "a[href^='../']")
EIGHT = (
    f'\n---\ntitle: "Story"\ndate: 2026-01-02 10:46:18\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](../news/)',
    f'---\ntitle: "Story"\ndate: 2026-01-02 10:46:18\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](../news/)',
    f'---\ntitle: "Story"\ndate: 2026-01-02 10:46:18 +0800\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](../news/)\n',
    f'---\ntitle: "Story"\ndate: 2026-01-02 10:46:18 +0800\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](//old.home.example/news/)',
    f'---\ntitle: "Story"\ndate: 2026-01-02 10:46:18 +0800\nlayout: post\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](//home.example/news/)',
    f'---\ntitle: "Story"\ndate: 2026-01-02 10:46:18 +0800\n---\n{STORY}\n\n<https://s.example/?id=N1>\n\n[back](//home.example/news/)｜[home](//home.example/)',
    f"---\r\ntitle: Story\r\ndate: 2026-01-02 10:46:18 +0800\r\n---\r\n{STORY}\r\n\r\n<https://s.example/?id=N1>\r\n\r\n[back](//home.example/news/)",
)


def story(text: str) -> ParsedEntry:
    return one(
        text,
        "2026-01-02-751.md",
        engine="jekyll",
        link="body",
        remove=(*HOME, ".em"),
        timezone="Asia/Shanghai",
        id_pattern=r"id=(\w+)|news/\d+,(\d+)\.html",
        source_name=r"From: ([^)]+)\)",
    )


def test_a_file_that_changes_around_its_article_is_the_same_entry_unchanged() -> None:
    assert {story(text).guid for text in EIGHT} == {"N1"}
    assert len({article_hash(story(text)) for text in EIGHT}) == 1
    edited = EIGHT[-1].replace("The council met.", "The council met twice.")
    assert story(edited).guid == "N1"
    assert article_hash(story(edited)) != article_hash(story(EIGHT[-1]))


def test_what_a_republisher_s_post_says() -> None:
    entry = story(EIGHT[5])
    assert entry.link == "https://s.example/?id=N1"
    assert entry.origin is not None
    assert entry.origin.title == "The Herald"
    assert content(entry) == "<p>The council met.</p>"


def test_a_name_that_markup_cuts_is_one_name() -> None:
    entry = one(
        post("<p>（文章来源：南<span>昌</span>日报）</p>"), source_name=r"文章来源：\s*(\S+?)）"
    )
    assert entry.origin is not None
    assert entry.origin.title == "南昌日报"


# -- identity and links --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "guid"),
    [
        ("<http://a.example/?infoCode=NW1>", "NW1"),
        ("<http://b.example/?infoCode=NW1>", "NW1"),
        ("<http://a.example/news/1354,202.html>", "202"),
        ("nothing", "own"),
    ],
)
def test_the_identity_by_a_pattern_holds_across_hosts(body: str, guid: str) -> None:
    pattern = r"infoCode=(\w+)|news/\d+,(\d+)\.html"
    assert one(post(body, id="own"), id_pattern=pattern).guid == guid


def test_without_any_other_identity_it_is_the_path() -> None:
    assert one(post(), "x/2026-01-02-a.md").guid == "x/2026-01-02-a.md"


def test_a_moved_file_with_an_address_of_its_own_is_the_same_entry() -> None:
    def guid(path: str) -> str | None:
        return one(post(permalink="/a/"), path, base_url=SITE, engine="jekyll").guid

    assert guid("_posts/2026-01-02-a.md") == guid("_posts/old/2026-01-02-b.md")


@pytest.mark.parametrize(
    "front",
    [
        {"source_id": '"tag:planet.example,2026:news/1"'},
        {"source_id": "https://a.example/1", "republished_by": '"tag:planet.example,2026:posts"'},
    ],
)
def test_what_we_wrote_ourselves_is_not_read_again(front: dict[str, str]) -> None:
    made = folder({"2026-01-02-a.md": post(**front)})
    feed = PostReader("planet.example,2026")(made)
    assert feed.entries == ()
    assert feed.warnings == ("1 file has been written by this program, and not been read again",)
    assert len(PostReader("other.example,2026")(made).entries) == 1


def test_a_republisher_names_the_source() -> None:
    entry = one(post(source_name="The Herald"))
    assert entry.origin is not None
    assert entry.origin.title == "The Herald"


def test_the_link_of_a_key() -> None:
    front = {"source_url": "https://s.example/1"}
    assert one(post(**front), link="front-matter:source-url").link == "https://s.example/1"


def test_links_to_elsewhere() -> None:
    entry = one(post(external_url="https://e.example/", canonical_url="https://c.example/"))
    assert entry.links == (
        Link("https://c.example/", "canonical"),
        Link("https://e.example/", "related"),
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("image", "/i.png"),
        ("cover", "https://site.example/i.png"),
        ("image", "{path: /i.png}"),
        ("images", "[/i.png, /j.png]"),
        ("header-img", "../../../i.png"),
    ],
)
def test_the_picture_of_a_post(key: str, value: str) -> None:
    entry = one(post(**{key: value}), "_posts/2026-01-02-a.md", base_url=SITE)
    assert entry.image == "https://site.example/i.png"


def test_a_picture_on_an_unknown_site_is_none() -> None:
    assert one(post(image="/i.png")).image is None

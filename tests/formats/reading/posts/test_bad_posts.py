"""Bad input gives one line for its file and harms no other."""

import re
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from msgspec.structs import replace
from post_cases import content, folder, one, post, read, titles, warned

from aggregator.errors import ParseError
from aggregator.formats.reading.posts import PostReader, read_posts
from aggregator.model.fetched import Document

GOOD = {f"2026-01-{day:02}-good-{day}.md": post(title=f"Good {day}") for day in range(1, 11)}
GOOD_TITLES = sorted(f"Good {day}" for day in range(1, 11))
DAY = datetime(2026, 1, 2, tzinfo=UTC)
PATH = "2026-01-02-odd.md"


def beside_good(text: str | bytes, path: str = PATH, **rest: object) -> tuple[list[str], list[str]]:
    """Read one odd file beside ten good ones; returns its titles and the lines of warning."""
    reading = read({**GOOD, path: text}, **rest)  # type: ignore[arg-type]
    found = titles(reading)
    assert [title for title in found if title in GOOD_TITLES] == GOOD_TITLES
    return [title for title in found if title not in GOOD_TITLES], list(reading.feed.warnings)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\ufeff", id="only a BOM"),
        pytest.param("\n \n\t\n", id="only blanks"),
    ],
)
def test_an_empty_file_is_no_post_and_nothing_is_said(text: str) -> None:
    assert beside_good(text) == ([], [])


def test_a_section_is_no_post() -> None:
    assert beside_good(post(title="News"), "news/_index.md", engine="hugo") == ([], [])


def test_a_file_without_front_matter_is_no_post_of_jekyll() -> None:
    assert beside_good("# A page\n\nwords", engine="jekyll") == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff---\ntitle: Odd\n---\nx", id="BOM"),
        pytest.param("---\r\ntitle: Odd\r\n---\r\nx", id="CRLF"),
        pytest.param("---\rtitle: Odd\r---\rx", id="CR"),
        pytest.param("---  \ntitle: Odd\n--- \t\nx", id="spaces after the fence"),
        pytest.param("---\ntitle: Odd\n...\nx", id="three dots"),
        pytest.param("---\ntitle: Odd\n---", id="no text"),
        pytest.param("---\ntitle: Odd\n---\nx".encode("utf-16"), id="UTF-16 with BOM"),
    ],
)
def test_what_is_merely_unusual_is_read_without_a_word(text: str | bytes) -> None:
    assert beside_good(text) == (["Odd"], [])


@pytest.mark.parametrize("fence", ["----", "-------"])
def test_long_fences_are_hexos(fence: str) -> None:
    assert beside_good(f"{fence}\ntitle: Odd\n{fence}\nx", engine="hexo") == (["Odd"], [])


def test_hexo_does_without_the_first_fence() -> None:
    assert beside_good("title: Odd\ntags: [a]\n---\nx", engine="hexo") == (["Odd"], [])


def test_blank_lines_before_the_front_matter() -> None:
    assert beside_good("\n\n---\ntitle: Odd\n---\nx") == (
        ["Odd"],
        [f"{PATH}:1: has blank lines before its ---"],
    )


def test_front_matter_that_is_never_closed_is_text() -> None:
    found, lines = beside_good("---\ntitle: Odd\n\nwords")
    assert (found, lines) == (
        ["odd"],
        [f"{PATH}:1: has front matter that is never closed; all of it is taken as text"],
    )


@pytest.mark.parametrize(
    ("front", "title", "line"),
    [
        ('title: "a "b""', 'a "b"', 2),
        ("title: a: b: c", "a: b: c", 2),
        ("title: Odd\n\tdate: 2026-01-05\n x: [", "Odd", 3),
        ('title: Odd\nx: "\\q"', "Odd", 3),
        ("title: [Solved] a: b", "[Solved] a: b", 2),
        ("title: Odd\nx: [1, 2", "Odd", 4),
        ("title: Odd\n@x: y", "Odd", 3),
    ],
)
def test_unreadable_yaml_is_saved_line_by_line(front: str, title: str, line: int) -> None:
    found, (warning,) = beside_good(f"---\n{front}\n---\nx")
    assert found == [title]
    assert warning.startswith(f"{PATH}:{line}: front matter cannot be read: ")


def test_what_is_saved_of_unreadable_front_matter() -> None:
    text = '---\ntitle: "a "b""\ndate: 2026-01-05\ntags: [one, "two"]\nauthor: Ann\n---\nx'
    entry = one(text)
    assert entry.title.value == 'a "b"'
    assert entry.published == datetime(2026, 1, 5, tzinfo=UTC)
    assert [term.term for term in entry.terms] == ["one", "two"]
    assert [person.name for person in entry.authors] == ["Ann"]


def test_a_list_of_tags_that_is_never_closed_is_saved_as_one() -> None:
    entry = one('---\ntitle: Odd\ntags: [one, "two"\n---\nx')
    assert [term.term for term in entry.terms] == ["one", "two"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\n\nHello\n\n---\nmore", id="rules"),
        pytest.param("---\n- a\n- b\n---\nmore", id="a list"),
        pytest.param("---\n\nHello, world\n", id="one rule"),
    ],
)
def test_a_rule_at_the_top_is_part_of_the_text(text: str) -> None:
    found, lines = beside_good(text)
    assert (found, lines) == (["odd"], [])
    assert "Hello" in content(one(text)) or "<li>a" in content(one(text))


def test_of_a_key_that_is_there_twice_the_last_counts() -> None:
    assert beside_good("---\ntitle: First\ntitle: Odd\n---\nx") == (
        ["Odd"],
        [f'{PATH}:3: names "title" twice; the last counts'],
    )


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("title: Odd\na: &x 1", "uses an anchor"),
        ("title: Odd\na: *x", "uses an alias"),
        ("title: Odd\na: " + "[" * 60 + "]" * 60, "is nested over 50 deep"),
        ("title: Odd\na: " + "[" * 60_000, "exceeded maximum nesting depth"),
        pytest.param(
            "title: Odd\na: &a [x, x]\n"
            + "".join(f"{b}: &{b} [{f'*{a}, ' * 9}]\n" for a, b in pairwise("abcdefghij")),
            "uses an anchor",
            id="billion laughs",
        ),
        ("title: Odd\n<<: [*a]", "uses an alias"),
    ],
)
def test_bombs_are_not_built(front: str, words: str) -> None:
    found, (warning,) = beside_good(f"---\n{front}\n---\nx")
    assert found == ["Odd"]
    assert words in warning


def test_front_matter_is_at_most_64_kib() -> None:
    found, (warning,) = beside_good(f"---\ntitle: Odd\nx: {'y' * 70_000}\n---\nx")
    assert found == ["Odd"]
    assert warning == f"{PATH}:2: has front matter of over 65536 characters"


def test_a_tag_constructs_nothing() -> None:
    text = (
        "---\ntitle: !!python/object/apply:os.system [echo]\ntags: !!python/name:os.system x\n---\n"
    )
    found, (warning,) = beside_good(text)
    assert found == ["odd"]
    assert warning == f"{PATH}:2: has a title that is a list"


def test_broken_toml_costs_the_metadata_and_not_the_text() -> None:
    text = '+++\ntitle = "Odd"\ndate = 2026-13-01\n+++\nWords.'
    found, (warning,) = beside_good(text)
    assert found == ["Odd"]
    assert warning.startswith(f"{PATH}:3: front matter cannot be read: ")
    assert content(one(text)) == "<p>Words.</p>"


@pytest.mark.parametrize(
    ("text", "engine", "words"),
    [
        ('{"title": "Odd",\n"tags": [\nx', "hugo", "has front matter that is no JSON: "),
        ('---json\n{"title": }\n---\nx', "eleventy", "front matter cannot be read: "),
        ("+++\na = " + "[" * 3000 + "\n+++\nx", "zola", "front matter cannot be read: is nested"),
        ("+++\n" + "a." * 5000 + "b = 1\n+++\nx", "zola", "front matter cannot be read: is nested"),
    ],
)
def test_a_post_of_broken_front_matter_is_kept(text: str, engine: str, words: str) -> None:
    found, (warning,) = beside_good(text, engine=engine)
    assert found == ["odd"]
    assert re.match(rf"{PATH}:[12]: {words}", warning)


@pytest.mark.parametrize(
    "value",
    [
        '""',
        '" +0800"',
        "2017-02-29",
        "11-9-2017",
        "12",
        "May",
        "2022",
        "yesterday",
        "2026-01-02 25:00",
        "2026-01-02 10:00 CST",
        "0001-01-01",
        "1970-01-01",
        "9999-12-31",
        "99999999999999999999",
        "2026-01-05 00:10::00 -03:00",
        "2026-01-05 18:30:22 2026 -0800",
    ],
)
def test_what_is_no_date_is_told_and_the_file_name_dates_the_post(value: str) -> None:
    text = post(title="Odd", date=value)
    _, (warning,) = beside_good(text)
    assert re.match(rf'{PATH}:3: date ".*" is no date$', warning)
    assert one(text).published == DAY


def test_a_date_that_is_no_date_and_no_other_leaves_a_post_undated() -> None:
    assert one(post(title="Odd", date="11-9-2017"), "odd.md").published is None


def test_the_front_matter_goes_before_the_file_name() -> None:
    text = post(title="Odd", date="2025-06-01")
    assert beside_good(text) == (["Odd"], [])
    assert one(text).published == datetime(2025, 6, 1, tzinfo=UTC)


def test_a_draft_that_is_not_shown_is_not_complained_of() -> None:
    assert beside_good("---\ndraft: true\ndate:\ntitle: []\n---\nx") == ([], [])


def test_undated_posts_are_told_of_once() -> None:
    files = {f"{name}.md": post(title=name) for name in "abc"}
    assert warned(files) == ("3 files have no date; shown as new when first seen: set `undated:`",)


@pytest.mark.parametrize(
    ("value", "words"),
    [('""', "empty"), ("", "empty"), ("[a, b]", "a list"), ("{a: b}", "a map")],
)
def test_a_title_that_is_none_is_looked_for_elsewhere(value: str, words: str) -> None:
    found, lines = beside_good(f"---\ntitle: {value}\n---\n# Heading\n\nWords.")
    assert (found, lines) == (["Heading"], [f"{PATH}:2: has a title that is {words}"])


@pytest.mark.parametrize(
    "title", ["2019", "1.10", "No", "12:30", "2022-05-26", "0x10", "1e3", "=", "<<"]
)
def test_a_title_is_its_text(title: str) -> None:
    assert beside_good(post(title=title)) == ([title], [])


def test_a_title_of_several_lines_is_folded() -> None:
    assert beside_good("---\ntitle: |\n  Two\n  lines\n---\nx") == (
        ["Two lines"],
        [f"{PATH}:2: has a title of several lines; folded"],
    )


def test_a_very_long_title_is_cut() -> None:
    (found,), lines = beside_good(post(title="x" * 600))
    assert (len(found), lines) == (500, [f"{PATH}:2: has a title of 600 characters; cut"])


@pytest.mark.parametrize(
    "link", ["<>", "<javascript:alert(1)>", "<ftp://a.example/x>", "none at all"]
)
def test_without_a_source_link_in_the_text_the_permalink_is_taken(link: str) -> None:
    options = {"link": "body", "base_url": "https://site.example", "permalink": "/:title/"}
    entry = one(post(f"Words.\n\n{link}"), **options)
    (warning,) = warned({PATH: post(f"Words.\n\n{link}")}, **options)
    assert entry.link == "https://site.example/a/"
    assert re.match(rf"{PATH}:\d: has no http\(s\) <link> in its text", warning)


def test_another_encoding_is_found_and_named() -> None:
    text = post(
        "这是一个很长的句子，说明这篇文章不是用 UTF-8 写的，而是用旧的编码。" * 5, title="编码"
    )
    found, (warning,) = beside_good(text.encode("gb18030"))
    assert found == ["编码"]
    assert warning == f"{PATH}:1: is no UTF-8, read as gb18030: set `encoding:`"


CUT = post("Schluß für heute. " * 9 + "übrig blieb f", title="Größe").encode().strip() + b"\xc3"


@pytest.mark.parametrize("end", [b"", b"\xed\xa0\x80", b"\xc0\xaf", b"\n\n\xff"])
def test_a_few_broken_bytes_do_not_cost_the_other_letters(end: bytes) -> None:
    found, (warning,) = beside_good(CUT + end)
    assert found == ["Größe"]
    assert re.match(rf"{PATH}:4: holds bytes that are no UTF-8 \(\d\); they are ", warning)
    assert "übrig blieb f\ufffd" in content(one(CUT + end))


@pytest.mark.parametrize("name", ["cp1252", "koi8-r", "gb18030", "shift_jis", "big5"])
def test_another_encoding_is_not_taken_for_broken_utf_8(name: str) -> None:
    words = {"cp1252": "Größe für Schluß ", "koi8-r": "Привет, мир ", "big5": "中文網站 "}
    raw = post(words.get(name, "中文文章 ") * 20, title="Odd").encode(name)
    found, (warning,) = beside_good(raw)
    assert found == ["Odd"]
    assert warning.startswith(f"{PATH}:1: is no UTF-8, read as ")


def test_the_operator_knows_the_encoding() -> None:
    text = post("привет", title="кодировка").encode("koi8-r")
    assert beside_good(text, encoding="koi8-r") == (["кодировка"], [])


@pytest.mark.parametrize(
    "body",
    [
        b"---\ntitle: x\n---\n\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xfe\x00\xd8",
        pytest.param(b"\xff\xfe\0\0abc", id="no UTF-32"),
        pytest.param("---\ntitle: x\n---\n".encode("utf-16-le"), id="UTF-16 without a mark"),
        b"\xff\xd8\xff\xe0\0\x10JFIF",
    ],
)
def test_what_is_no_text_is_left_out(body: bytes) -> None:
    found, (warning,) = beside_good(body)
    assert found == []
    assert warning.startswith(f"{PATH}:1: ")
    assert warning.endswith("left out")
    assert not read({PATH: body}).feed.complete


@pytest.mark.parametrize("sign", ["\x08", "\x1b", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_removed(sign: str) -> None:
    text = f"---\ntitle: Odd\n---\none{sign}two\n"
    assert beside_good(text) == (
        ["Odd"],
        [f"{PATH}:4: holds characters that XML forbids; they are left out"],
    )
    assert content(one(text)) == "<p>onetwo</p>"


def test_of_two_files_with_one_identity_the_first_by_path_wins() -> None:
    files = {
        "2026-01-01-b.md": post(title="B", id="same"),
        "2026-02-01-a.md": post(title="A", id="same"),
    }
    reading = read(files)
    assert titles(reading) == ["B"]
    assert reading.feed.warnings == (
        "2026-02-01-a.md:1: has the identity of 2026-01-01-b.md (same); left out",
    )


def test_one_base_name_in_two_languages_is_two_entries() -> None:
    files = {"en/2026-01-02-a.md": post(title="Word"), "ja/2026-01-02-a.md": post(title="言葉")}
    entries = read(files).feed.entries
    assert {(entry.language, entry.title.value) for entry in entries} == {
        ("en", "Word"),
        ("ja", "言葉"),
    }
    assert len({entry.guid for entry in entries}) == 2


@pytest.mark.parametrize(
    ("stated", "permalink"),
    [
        ("/../../etc/x", "https://site.example/blog/etc/x"),
        ("/a/../b/", "https://site.example/blog/b/"),
        ("about.html", "https://site.example/blog/about.html"),
        ("/日本/", "https://site.example/blog/%E6%97%A5%E6%9C%AC/"),
        ("https://site.example/elsewhere/", "https://site.example/elsewhere/"),
    ],
)
def test_a_permalink_stays_on_its_site(stated: str, permalink: str) -> None:
    assert one(post(permalink=stated), base_url="https://site.example/blog").link == permalink


@pytest.mark.parametrize(
    "stated", ["//evil.example/x", "https://evil.example/", "javascript:alert(1)"]
)
def test_a_permalink_on_another_site_is_refused(stated: str) -> None:
    found, (warning,) = beside_good(
        post(title="Odd", permalink=stated), base_url="https://site.example", engine="hugo"
    )
    assert found == ["Odd"]
    assert warning == f'{PATH}:3: claims the address "{stated}" of another site'


def test_relative_links_without_a_base_are_told_of_once() -> None:
    files = {f"2026-01-0{day}-a.md": post("[x](/y) ![z](z.png)") for day in (1, 2)}
    assert warned(files) == (
        "2 files have links or images relative to a site that is not known: set `base_url:`",
    )


def test_a_hundred_thousand_words_are_cut() -> None:
    text = post(title="Odd", tags="[" + ", ".join(f"t{number}" for number in range(5_000)) + "]")
    found, (warning,) = beside_good(text)
    assert found == ["Odd"]
    assert warning == f"{PATH}:1: names over 100 words or longer than 200; cut"
    assert len(one(text).terms) == 100


def test_a_notebook_that_is_none() -> None:
    found, (warning,) = beside_good("{", "2026-01-02-odd.ipynb")
    assert found == ["odd"]
    assert warning.startswith("2026-01-02-odd.ipynb:1: is no notebook: ")


def test_all_that_is_odd_about_a_file_is_one_line() -> None:
    (warning,) = warned({PATH: "\n---\ntitle: A\ntitle: B\ndate: never\n---\nx"})
    assert warning == (
        f'{PATH}:4: names "title" twice; the last counts; has blank lines before its --- (line 1); '
        'date "never" is no date (line 5)'
    )


def test_a_thousand_bad_files_are_forty_lines() -> None:
    lines = warned({f"2026-01-02-{number:04}.md": b"\0" for number in range(1000)})
    assert len(lines) == 41
    assert lines[-1] == "… and 960 more"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"remove": ("li:has(> a",)}, "remove: "),
        ({"id_pattern": "(a"}, "id_pattern: "),
        ({"source_name": "(?=a)"}, "source_name: "),
    ],
)
def test_a_pattern_that_is_none_stops_its_source(options: dict[str, object], words: str) -> None:
    with pytest.raises(ParseError, match=words):
        PostReader()(folder(dict(GOOD), **options))


def test_a_document_is_no_folder() -> None:
    with pytest.raises(ParseError, match="no folder of posts"):
        read_posts(Document("https://a.example/feed", "text/html", None, b"<html>"))


def test_files_the_fetcher_left_out_are_told_of() -> None:
    told = replace(folder(dict(GOOD)), warnings=("pipe.md:1: is a pipe, not a file",))
    assert read_posts(told).warnings == ("pipe.md:1: is a pipe, not a file",)

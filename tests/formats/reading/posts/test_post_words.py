"""Categories, tags, authors, languages: table by table, engine by engine."""

import pytest
from post_cases import one, post, read

from aggregator.model.parsed import Person


def categories(value: str, key: str = "categories", **options: object) -> tuple[str, ...]:
    return one(post(**{key: value}), **options).categories


def tags(value: str, key: str = "tags", **options: object) -> list[str]:
    return [term.term for term in one(post(**{key: value}), **options).terms]


@pytest.mark.parametrize("engine", ["jekyll", "hexo", "hugo", "pelican", "zola", "plain"])
def test_a_single_category_is_one_whatever_is_in_it(engine: str) -> None:
    assert categories("Two Words", "category", engine=engine) == ("Two Words",)


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("jekyll", ("a", "b")),
        ("hexo", ("a b",)),
        ("hugo", ("a b",)),
        ("docusaurus", ("a b",)),
        ("eleventy", ("a b",)),
        ("plain", ("a b",)),
    ],
)
def test_words_in_one_string_of_categories(engine: str, found: tuple[str, ...]) -> None:
    assert categories("a b", engine=engine) == found
    if engine != "plain":
        assert tags("a b", engine=engine) == list(found)


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("jekyll", ["a,", "b"]),
        ("hexo", ["a, b"]),
        ("hugo", ["a, b"]),
        ("pelican", ["a", "b"]),
        ("nikola", ["a", "b"]),
        ("plain", ["a", "b"]),
    ],
)
def test_commas_in_one_string_of_tags(engine: str, found: list[str]) -> None:
    assert tags("a, b", engine=engine) == found


@pytest.mark.parametrize("mark", ["，", "；", ";", "、", ","])
def test_all_commas_of_the_world_cut_where_the_engine_is_not_known(mark: str) -> None:
    assert tags(f'"一{mark} 二"') == ["一", "二"]


@pytest.mark.parametrize(
    ("how", "found"), [("comma", ["a b", "c"]), ("space", ["a", "b,", "c"]), ("never", ["a b, c"])]
)
def test_the_operator_says_what_cuts(how: str, found: list[str]) -> None:
    assert tags("a b, c", split_words=how) == found
    assert list(categories("a b, c", split_words=how)) == found


def test_an_unknown_engine_s_string_of_categories_is_told_of_once() -> None:
    files = {f"2026-01-0{day}-a.md": post(categories="a b") for day in (1, 2)}
    (warning,) = read(files).feed.warnings
    assert warning == (
        "2 files have categories in one string of several words, taken as one: set `split_words:`"
    )


def test_lists_in_lists_are_paths() -> None:
    assert categories("[a, [b, c]]", engine="hexo") == ("a", "b/c")


def test_labels_of_maps() -> None:
    assert tags("[{label: x, permalink: /y}, z]", engine="docusaurus") == ["x", "z"]


@pytest.mark.parametrize("value", ["null", '""', "[]", "[null]", "[[]]", "{}", "~", "' '"])
def test_nothing_is_nothing(value: str) -> None:
    assert categories(value) == ()
    assert tags(value) == []


@pytest.mark.parametrize("value", ["2022", "1.10", "yes", "0x1", "12:30"])
def test_words_are_as_typed(value: str) -> None:
    assert categories(value) == (value,)
    assert tags(f"[{value}]") == [value]


def test_words_are_tidy_and_told_apart_by_case() -> None:
    assert tags('[" a ", a, A, "e\u0301", "\u00e9"]') == ["a", "A", "é"]


def test_zola_s_taxonomies() -> None:
    text = '+++\ntitle = "A"\n[taxonomies]\ncategories = ["c"]\ntags = ["t", "u"]\n+++\n'
    entry = one(text, engine="zola")
    assert (entry.categories, [term.term for term in entry.terms]) == (("c",), ["t", "u"])


def test_folders_above_jekyll_s_posts_are_categories() -> None:
    entry = one(post(categories="[own]"), "news/world/_posts/2026-01-02-a.md", engine="jekyll")
    assert entry.categories == ("news", "world", "own")


def test_pelican_s_folder_is_the_category_of_a_post_without_one() -> None:
    assert one("Title: A\n\nx", "news/a.md", engine="pelican").categories == ("news",)
    assert one("Title: A\nCategory: own\n\nx", "news/a.md", engine="pelican").categories == ("own",)


def test_folders_are_categories_where_the_operator_says_so() -> None:
    assert one(post(category="own"), "x/y/2026-01-02-a.md", folders=True).categories == (
        "own",
        "x",
        "y",
    )


@pytest.mark.parametrize(
    ("key", "value", "people"),
    [
        ("author", "Ann", [Person("Ann")]),
        ("author", '"Ann, safely working from home"', [Person("Ann, safely working from home")]),
        ("authors", "Ann, Ben", [Person("Ann"), Person("Ben")]),
        ("authors", "[Ann, Ben]", [Person("Ann"), Person("Ben")]),
        ("author", "{name: Ann, email: ann@a.example}", [Person("Ann", "ann@a.example")]),
        (
            "authors",
            "[{name: Ann, url: https://a.example/}]",
            [Person("Ann", url="https://a.example/")],
        ),
        ("by", "[Ann]", [Person("Ann")]),
        ("author", "Ann <ann@a.example>", [Person("Ann", "ann@a.example")]),
        ("author", "'[Ann](https://a.example/)'", [Person("Ann", url="https://a.example/")]),
        ("author", "'[Ann](https://a.example/), abroad'", [Person("Ann, abroad")]),
        ("author", "null", []),
        ("authors", "[[x], {}, '']", []),
    ],
)
def test_who_wrote_it(key: str, value: str, people: list[Person]) -> None:
    assert list(one(post(**{key: value})).authors) == people


def test_keys_into_the_site_s_list_of_authors() -> None:
    known = "ann:\n  name: Ann Lee\n  url: https://a.example/\n"
    entry = one(post(authors="[ann, Ben]"), configs={"authors.yml": known})
    assert entry.authors == (Person("Ann Lee", url="https://a.example/"), Person("Ben"))


@pytest.mark.parametrize(
    ("path", "front", "language"),
    [
        ("ja/a.md", {}, "ja"),
        ("zh_tw/news/a.md", {}, "zh-tw"),
        ("a.fr.md", {}, "fr"),
        ("go/os/a.md", {}, None),
        ("ja/a.md", {"lang": "en"}, "en"),
        ("a.md", {"lang": "pt_BR"}, "pt-BR"),
        ("a.md", {"lang": "no language at all"}, None),
    ],
)
def test_the_language_of_a_post(path: str, front: dict[str, str], language: str | None) -> None:
    assert one(post(**front), path).language == language


def test_the_site_s_language_is_not_said_again() -> None:
    reading = read({"2026-01-02-a.md": post(lang="de")}, configs={"_config.yml": "lang: de"})
    assert reading.feed.info.language == "de"
    assert [entry.language for entry in reading.feed.entries] == [None]

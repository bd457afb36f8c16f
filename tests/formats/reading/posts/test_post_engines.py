"""Engines: how they are recognised, and what each calls front matter, a post and an address."""

import re
from datetime import UTC, datetime

import pytest
from post_cases import content, one, post, read, titles

DAY = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("configs", "place", "engine"),
    [
        ({"_config.yml": "title: A"}, "", "jekyll"),
        ({"_config.yml": "source_dir: source"}, "", "hexo"),
        ({"_config.yml": "title: A"}, "source/_posts", "hexo"),
        ({"hugo.toml": ""}, "content", "hugo"),
        ({"hugo.yaml": ""}, "content", "hugo"),
        ({"config.toml": 'baseURL = "https://a.example/"'}, "content", "hugo"),
        ({"config.toml": 'base_url = "https://a.example/"'}, "content", "zola"),
        ({"zola.toml": ""}, "content", "zola"),
        ({"pelicanconf.py": "raise SystemExit"}, "content", "pelican"),
        ({"docusaurus.config.ts": "throw 1"}, "blog", "docusaurus"),
        ({"eleventy.config.js": "throw 1"}, "", "eleventy"),
        ({".eleventy.js": "throw 1"}, "", "eleventy"),
        ({"conf.py": "# This is a Nikola configuration: NIKOLA"}, "posts", "nikola"),
        ({"conf.py": "project = 'some manual'"}, "", "plain"),
        ({}, "", "plain"),
    ],
)
def test_an_engine_is_recognised_by_its_configuration(
    configs: dict[str, str], place: str, engine: str
) -> None:
    assert read({"2026-01-02-a.md": post()}, configs=configs, place=place).engine == engine


@pytest.mark.parametrize(
    ("path", "engine"),
    [
        ("_posts/2026-01-02-a.md", "jekyll"),
        ("news/_posts/2026-01-02-a.md", "jekyll"),
        ("source/_posts/a.md", "hexo"),
        ("posts/a.md", "plain"),
    ],
)
def test_without_a_configuration_only_telling_folders_tell(path: str, engine: str) -> None:
    assert read({path: post()}).engine == engine


@pytest.mark.parametrize("path", ["content/a.md", "posts/_index.en.md", "docs/content/b/a.md"])
def test_a_site_s_folder_without_its_configuration_is_told_of(path: str) -> None:
    line = "no site's configuration was found in the folder or above it: set `engine:`"
    assert read({path: post()}).feed.warnings[0] == line
    assert line not in read({path: post()}, engine="plain").feed.warnings
    assert line not in read({path: post()}, engine="hugo").feed.warnings


def test_the_operator_knows_better() -> None:
    assert read({"_posts/2026-01-02-a.md": post()}, engine="plain").engine == "plain"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "a: [1"),
        ("hugo.toml", "= 1"),
        ("hugo.json", "{"),
        ("_config.yml", "a: &x 1"),
    ],
)
def test_a_broken_configuration_is_told_of_and_its_engine_known(name: str, text: str) -> None:
    reading = read({"2026-01-02-a.md": post(title="A")}, configs={name: text})
    assert titles(reading) == ["A"]
    assert reading.engine in ("jekyll", "hugo")
    assert re.match(rf"{name}:[12]: the site's configuration: ", reading.feed.warnings[0])


# -- front matter --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "options"),
    [
        ("a.md", "---\ntitle: T\ndate: 2026-01-02\ntags: [x]\n---\nWords.", {}),
        ("a.md", '+++\ntitle = "T"\ndate = 2026-01-02\ntags = ["x"]\n+++\nWords.', {}),
        ("a.md", '{"title": "T", "date": "2026-01-02", "tags": ["x"]}\nWords.', {"engine": "hugo"}),
        ("a.md", '---json\n{"title": "T", "date": "2026-01-02", "tags": ["x"]}\n---\nWords.', {}),
        (
            "a.md",
            '"title": "T", "date": "2026-01-02", "tags": ["x"]\n;;;\nWords.',
            {"engine": "hexo"},
        ),
        ("a.md", "Title: T\nDate: 2026-01-02\nTags: x\n\nWords.", {"engine": "pelican"}),
        (
            "a.md",
            "<!--\n.. title: T\n.. date: 2026-01-02\n.. tags: x\n-->\n\nWords.",
            {"engine": "nikola"},
        ),
        ("a.rst", ".. title: T\n.. date: 2026-01-02\n.. tags: x\n\nWords.", {"engine": "nikola"}),
        ("a.rst", "T\n==\n\n:date: 2026-01-02\n:tags: x\n\nWords.", {"engine": "pelican"}),
        ("a.rst", "===\n T\n===\n:date: 2026-01-02\n:tags: x\n\nWords.", {"engine": "pelican"}),
        ("a.adoc", '= T\n:revdate: 2026-01-02\n:awestruct-tags: [ "x" ]\n\nWords.', {}),
        ("a.adoc", "= T\nAnn Lee\nv1.0, 2026-01-02\n:page-tags: [x]\n\nWords.", {}),
        ("a.org", "#+TITLE: T\n#+DATE: <2026-01-02 Fri>\n#+FILETAGS: :x:\n\nWords.", {}),
        (
            "a.html",
            '<html><head><title>T</title><meta name="date" content="2026-01-02">'
            '<meta name="tags" content="x"></head><body><p>Words.</p></body></html>',
            {},
        ),
    ],
)
def test_all_kinds_of_front_matter(path: str, text: str, options: dict[str, str]) -> None:
    entry = one(text, path, **options)
    assert entry.title.value == "T"
    assert entry.published == DAY
    assert [term.term for term in entry.terms] == ["x"]
    assert content(entry) in ("<p>Words.</p>", "<pre>Words.</pre>")


def test_nikola_keeps_front_matter_beside_a_post() -> None:
    files: dict[str, str | bytes] = {
        "a.rst": "Words.",
        "a.meta": ".. title: T\n.. date: 2026-01-02\n",
    }
    (entry,) = read(files, engine="nikola").feed.entries
    assert (entry.title.value, entry.published) == ("T", DAY)


def test_javascript_is_not_run_and_its_constants_are_read() -> None:
    text = '---js\nconst title = "T";\nconst date = "2026-01-02";\n---\nWords.'
    reading = read({"a.md": text})
    assert titles(reading) == ["T"]
    assert reading.feed.warnings == (
        "a.md:1: has front matter in JavaScript, which is not run; constants are read",
    )


def test_prose_with_a_colon_is_no_front_matter() -> None:
    entry = one("Note: this is prose\n\nand more")
    assert "Note: this is prose" in content(entry)


def test_a_long_value_goes_on_in_indented_lines() -> None:
    entry = one("Title: T\nSummary: one\n  two\n\nWords.", engine="pelican")
    assert entry.summary is not None
    assert entry.summary.value == "one two"


# -- what is a post ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "front",
    [
        {"draft": "true"},
        {"published": "false"},
        {"publish": "false"},
        {"status": "draft"},
        {"status": "Hidden"},
        {"unlisted": "true"},
        {"eleventyExcludeFromCollections": "yes"},
    ],
)
def test_a_draft_is_not_shown_unless_drafts_are_asked_for(front: dict[str, str]) -> None:
    files: dict[str, str | bytes] = {"2026-01-02-a.md": post(title="Draft", **front)}
    assert (titles(read(files)), read(files).feed.warnings) == ([], ())
    assert titles(read(files, drafts=True)) == ["Draft"]


@pytest.mark.parametrize(
    "front", [{"draft": "false"}, {"published": "true"}, {"status": "publish"}, {"hidden": "true"}]
)
def test_what_is_no_draft(front: dict[str, str]) -> None:
    assert titles(read({"2026-01-02-a.md": post(title="Shown", **front)})) == ["Shown"]


@pytest.mark.parametrize(
    ("engine", "shown", "ignored"),
    [
        ("jekyll", "_posts/2026-01-02-a.md", "about.md"),
        ("jekyll", "_posts/2026-01-02-a.md", "_posts/undated.md"),
        ("jekyll", "_posts/2026-01-02-a.md", "_layouts/2026-01-02-b.html"),
        ("hexo", "source/_posts/a.md", "source/about/index.md"),
        ("hugo", "content/post/a.md", "layouts/b.html"),
        ("hugo", "content/post/a.md", "content/post/_index.md"),
        ("pelican", "content/a.md", "content/pages/b.md"),
        ("docusaurus", "blog/a.md", "docs/b.md"),
        ("docusaurus", "blog/a.md", "blog/_draft.md"),
        ("eleventy", "blog/a.md", "_includes/b.html"),
        ("nikola", "posts/a.md", "pages/b.md"),
        ("plain", "a.md", "requirements.txt"),
    ],
)
def test_where_an_engine_s_posts_live(engine: str, shown: str, ignored: str) -> None:
    files: dict[str, str | bytes] = {shown: post(title="Shown"), ignored: post(title="Ignored")}
    assert titles(read(files, engine=engine)) == ["Shown"]


def test_jekyll_s_posts_without_a_dated_name_are_told_of_once() -> None:
    files = {"_posts/2026-01-02-a.md": post(), "_posts/-2.md": post(), "_posts/b.md": post()}
    assert read(files).feed.warnings == (
        "2 files have no date in their names, and Jekyll shows none of those",
    )


def test_jekyll_s_drafts_need_no_dated_name() -> None:
    files = {"_posts/2026-01-02-a.md": post(title="A"), "_drafts/b.md": post(title="B")}
    assert titles(read(files)) == ["A"]
    assert titles(read(files, drafts=True)) == ["A", "B"]


def test_text_files_are_posts_where_they_are_asked_for() -> None:
    assert titles(read({"2026-01-02-a.txt": "words"}, include=("*.txt",))) == ["a"]


# -- titles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "title", "body"),
    [
        ("a.md", "# Heading\n\nWords.", "Heading", "<p>Words.</p>"),
        ("a.md", "Heading\n=======\n\nWords.", "Heading", "<p>Words.</p>"),
        ("a.md", "# *Big* `x` [y](z) \\# \n\nWords.", "Big x y #", "<p>Words.</p>"),
        ("a.html", "<h1>Head<b>ing</b> &amp;</h1><p>Words.</p>", "Heading &", "<p>Words.</p>"),
        ("a.adoc", "= Heading\n\nWords.", "Heading", "<pre>Words.</pre>"),
        ("my-first_post.md", "Words.", "my first post", "<p>Words.</p>"),
        ("2026-01-02-my-post/index.md", "Words.", "my post", "<p>Words.</p>"),
    ],
)
def test_a_title_that_is_not_stated(path: str, text: str, title: str, body: str) -> None:
    entry = one(text, path)
    assert (entry.title.value, content(entry)) == (title, body)


def test_a_heading_that_is_not_the_first_block_stays() -> None:
    entry = one("Words.\n\n# Heading\n")
    assert entry.title.value == "Heading"
    assert content(entry) == "<p>Words.</p>\n<h1>Heading</h1>"


def test_a_comment_in_code_is_no_heading() -> None:
    assert one("```sh\n# install\n```\n", "a.md").title.value == "a"


# -- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engine", "path", "front", "address"),
    [
        ("jekyll", "_posts/2026-01-02-My-post.md", {}, "2026/01/02/My-post.html"),
        ("jekyll", "_posts/2026-01-02-a.md", {"categories": "X y"}, "x/y/2026/01/02/a.html"),
        ("jekyll", "_posts/2026-01-02-a.md", {"slug": "b"}, "2026/01/02/b.html"),
        ("jekyll", "_posts/2026-01-02-a.md", {"permalink": "/:title/"}, "a/"),
        ("hexo", "source/_posts/a.md", {"date": "2026-01-02"}, "2026/01/02/a/"),
        ("hugo", "content/post/My Post.md", {}, "post/my-post/"),
        ("hugo", "content/post/a/index.md", {}, "post/a/"),
        ("hugo", "content/post/a.md", {"slug": "b"}, "post/b/"),
        ("hugo", "content/post/a.md", {"url": "/x/y.html"}, "x/y.html"),
        ("pelican", "content/a.md", {"slug": "b"}, "b.html"),
        ("zola", "content/blog/2026-01-02-a.md", {}, "blog/a/"),
        ("zola", "content/blog/a.md", {"path": "x/y"}, "x/y/"),
        ("docusaurus", "blog/2026-01-02-a.md", {}, "blog/2026/01/02/a"),
        ("eleventy", "content/blog/a.md", {}, "blog/a/"),
        ("eleventy", "content/blog/a.md", {"permalink": "/x/"}, "x/"),
        ("nikola", "posts/a.md", {}, "posts/a/"),
    ],
)
def test_where_an_engine_puts_a_post(
    engine: str, path: str, front: dict[str, str], address: str
) -> None:
    entry = one(post(**front), path, engine=engine, base_url="https://site.example")
    assert entry.link == f"https://site.example/{address}"
    assert entry.guid == entry.link


@pytest.mark.parametrize("stated", ["false", '"{{ page.url }}/x"'])
def test_a_post_without_an_address(stated: str) -> None:
    text = post(permalink=stated)
    assert (
        one(text, "content/a.md", engine="eleventy", base_url="https://site.example").link is None
    )


def test_an_unknown_engine_s_addresses_are_not_guessed() -> None:
    reading = read({"2026-01-02-a.md": post()}, base_url="https://site.example")
    assert [entry.link for entry in reading.feed.entries] == [None]
    assert reading.feed.warnings == ("1 file has no address: set `permalink:`",)


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ("permalink: pretty", "2026/01/02/a/"),
        ("permalink: /:year/:i_month/:i_day/:title/", "2026/1/2/a/"),
        ("permalink: /n/:title", "n/a"),
        ("defaults: [{scope: {type: posts}, values: {permalink: /blog/:title/}}]", "blog/a/"),
        (
            "defaults: [{scope: {path: other}, values: {permalink: /x/:title/}}]",
            "2026/01/02/a.html",
        ),
        ("baseurl: /sub", "sub/2026/01/02/a.html"),
    ],
)
def test_the_site_s_configuration_makes_the_address(config: str, address: str) -> None:
    configs = {"_config.yml": f"url: https://site.example\n{config}\n"}
    assert one(post(), "_posts/2026-01-02-a.md", configs=configs).link == (
        f"https://site.example/{address}"
    )


def test_hugo_s_permalinks_by_section() -> None:
    toml = 'baseURL = "https://site.example/"\n[permalinks]\npost = "/:year/:slug/"\n'
    entry = one(post(date="2026-01-02"), "post/a.md", configs={"hugo.toml": toml}, place="content")
    assert entry.link == "https://site.example/2026/a/"


def test_what_a_site_says_of_itself() -> None:
    configs = {"_config.yml": "title: A site\nurl: https://site.example\nlang: de\n"}
    info = read({"2026-01-02-a.md": post()}, configs=configs).feed.info
    assert (info.title, info.link, info.language) == ("A site", "https://site.example/", "de")

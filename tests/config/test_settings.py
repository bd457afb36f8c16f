"""From feeds.yaml to records."""

from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config import load_settings
from aggregator.config.tree import read_tree
from aggregator.core.select import dedupe_level
from aggregator.errors import ConfigError, Problem
from aggregator.model.settings import (
    Category,
    Feed,
    FetchSettings,
    HttpOptions,
    Match,
    PostsOptions,
    Republish,
    Secret,
    Settings,
    Site,
    Source,
)

Load = Callable[..., Settings]
Complain = Callable[..., tuple[Problem, ...]]

HOUR = timedelta(hours=1)


def test_a_small_file_is_enough(load: Load, tmp_path: Path) -> None:
    read = load("sources: {planet: {feed: 'https://planet.example/feed'}}")
    assert read.path == tmp_path / "feeds.yaml"
    assert read.site == Site(url="http://127.0.0.1:8080/", tag="127.0.0.1,2025")
    assert read.sources == (
        Source(name="planet", kind="feed", location="https://planet.example/feed"),
    )
    assert (read.categories, read.feeds, read.fetch) == ((), (), FetchSettings())
    assert read.defaults == Category(name="defaults")


def test_every_section_becomes_records(load: Load) -> None:
    read = load(
        """
site: {url: https://feeds.example.org/planet, title: Example, contact: me@example.org, language: de,
       tag: "example.org,2019", timezone: Europe/Berlin}
defaults: {every: 2h, newest: 30, formats: [atom]}
sources:
  planet: {feed: https://planet.example/feed, categories: [Python, python, News]}
categories:
  Python: {title: All of Python, description: Snakes, newest: 9, max_age: 60d, formats: [rss, json]}
feeds:
  all: {title: Everything, match: {}}
  day: {digest: daily, newest: 7, match: {}}
  few: {match: {categories: [C++, News], sources: [planet]}, newest: 5}
fetch: {floor: 20m, spacing: 2s, timeout: 20s, connect_timeout: 5s, max_bytes: 5MB, budget: 1MB,
        parallel: 8, allow_networks: [10.1.0.0/16, 192.168.1.5, 'fd00::/8'], user_agent: planet/1}
""".replace("C++", "Python")
    )
    assert read.site == Site(
        url="https://feeds.example.org/planet/",
        title="Example",
        contact="me@example.org",
        language="de",
        tag="example.org,2019",
        timezone="Europe/Berlin",
    )
    assert read.sources[0].categories == ("Python", "News")
    assert read.sources[0].every == 2 * HOUR
    assert read.categories == (
        Category(
            name="Python",
            title="All of Python",
            description="Snakes",
            newest=9,
            max_age=timedelta(days=60),
            formats=("rss", "json"),
        ),
    )
    assert read.feeds == (
        Feed(slug="all", title="Everything", match=Match(), newest=30, formats=("atom",)),
        Feed("day", "day", Match(), newest=7, formats=("atom",), digest="daily"),
        Feed(
            slug="few",
            title="few",
            match=Match(categories=("python", "news"), sources=("planet",)),
            newest=5,
            formats=("atom",),
        ),
    )
    assert read.fetch == FetchSettings(
        floor=timedelta(minutes=20),
        spacing=timedelta(seconds=2),
        timeout=timedelta(seconds=20),
        connect_timeout=timedelta(seconds=5),
        max_bytes=5 * 1024**2,
        budget=1024**2,
        parallel=8,
        allow_networks=(
            IPv4Network("10.1.0.0/16"),
            IPv4Network("192.168.1.5/32"),
            IPv6Network("fd00::/8"),
        ),
        user_agent="planet/1",
    )
    assert read.defaults == Category(name="defaults", newest=30, formats=("atom",))


def test_a_source_says_how_it_is_asked(load: Load, tmp_path: Path) -> None:
    (tmp_path / "client.pem").write_text("PEM")
    read = load("""
sources:
  planet:
    feed: https://planet.example/feed
    every: 30m
    slowest: 1d
    title: The Planet
    identity: link
    strip_tracking: false
    headers: {X-Key: secret}
    user_agent: planet/1
    cookies: {session: abc}
    username: me
    password: pw
    proxy: socks5h://user:pw@127.0.0.1:9050
    client_certificate: client.pem
    timeout: 5s
    max_bytes: 500kB
""")
    assert read.sources[0] == Source(
        name="planet",
        kind="feed",
        location="https://planet.example/feed",
        every=timedelta(minutes=30),
        slowest=timedelta(days=1),
        title="The Planet",
        identity="link",
        strip_tracking=False,
        http=HttpOptions(
            headers=(("X-Key", Secret("secret")),),
            user_agent="planet/1",
            cookies=(("session", Secret("abc")),),
            basic=("me", Secret("pw")),
            proxy=Secret("socks5h://user:pw@127.0.0.1:9050"),
            client_certificate=tmp_path / "client.pem",
            timeout=timedelta(seconds=5),
            max_bytes=500 * 1024,
        ),
        republish=Republish(hide_address=True),
    )


def test_a_folder_says_how_it_is_read(load: Load, tmp_path: Path) -> None:
    read = load("""
sources:
  posts:
    posts: ../site/_posts
    categories: [front-matter, News]
    engine: hugo
    include: ["*.md"]
    exclude: ["drafts/**"]
    base_url: https://blog.example.org
    permalink: /:year/:title/
    timezone: Asia/Shanghai
    encoding: GB18030
    date_formats: ["%d.%m.%Y"]
    undated: git
    drafts: true
    future: show
    link: front-matter:source
    id_pattern: "code=([A-Z]+)"
    source_name: "From: (.*)"
    remove: [p.footer, "div > a"]
    folders: true
    split_words: comma
    body: excerpt
    limit: 100
""")
    assert read.sources[0] == Source(
        name="posts",
        kind="posts",
        location=str(tmp_path / "../site/_posts"),
        categories=("News",),
        own_categories=True,
        every=timedelta(minutes=5),
        posts=PostsOptions(
            engine="hugo",
            include=("*.md",),
            exclude=("drafts/**",),
            base_url="https://blog.example.org/",
            permalink="/:year/:title/",
            timezone="Asia/Shanghai",
            encoding="gb18030",
            date_formats=("%d.%m.%Y",),
            undated="git",
            drafts=True,
            future="show",
            link="front-matter:source",
            id_pattern="code=([A-Z]+)",
            source_name="From: (.*)",
            remove=("p.footer", "div > a"),
            folders=True,
            split_words="comma",
            body="excerpt",
            limit=100,
        ),
    )


def test_defaults_hold_for_the_kind_they_have_a_meaning_for(load: Load) -> None:
    feed, folder = load("""
defaults:
  {every: 3h, timezone: Europe/Berlin, user_agent: planet/1, categories: [front-matter, all]}
sources:
  a: {feed: https://planet.example/feed, categories: news}
  b: {posts: posts}
""").sources
    assert (feed.every, feed.categories, feed.own_categories) == (3 * HOUR, ("news",), False)
    assert (feed.http.user_agent, feed.posts) == ("planet/1", PostsOptions())
    assert (folder.every, folder.categories, folder.own_categories) == (3 * HOUR, ("all",), True)
    assert (folder.http, folder.posts.timezone) == (HttpOptions(), "Europe/Berlin")


def test_a_source_with_credentials_of_its_own_takes_none_of_the_defaults(load: Load) -> None:
    read = load("""
defaults: {username: me, password: pw}
sources:
  a: {feed: https://a.example/, bearer: token}
  b: {feed: https://b.example/}
  c: {feed: "https://you:p%40@c.example/"}
""")
    found = [(source.http.basic, source.http.bearer) for source in read.sources]
    assert found == [
        (None, Secret("token")),
        (("me", Secret("pw")), None),
        (("you", Secret("p@")), None),
    ]


def test_the_word_none_opens_a_feed_that_had_a_token(load: Load) -> None:
    read = load("""
sources: {a: {feed: 'https://a.example/'}}
categories: {News: {token: none}}
feeds: {all: {token: 0123456789abcdef}, open: {token: none}}
""")
    assert read.categories == (Category("News", public=True),)
    found = [(feed.token, feed.public) for feed in read.feeds]
    assert found == [(Secret("0123456789abcdef"), False), (None, True)]


def test_a_password_in_an_address_goes_before_a_token_of_the_defaults(load: Load) -> None:
    text = "defaults: {bearer: x}\nsources: {a: {feed: 'https://me:pw@a.example/'}}"
    http = load(text).sources[0].http
    assert (http.basic, http.bearer) == (("me", Secret("pw")), None)


def test_a_name_and_password_in_an_address_are_no_part_of_what_is_published(load: Load) -> None:
    source = load("sources: {a: {feed: 'https://me:pw@a.example:8443/x?y=1'}}").sources[0]
    assert source.location == "https://a.example:8443/x?y=1"
    assert source.http.basic == ("me", Secret("pw"))


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        ("https://feeds.example.org/", "feeds.example.org,2025"),
        ("https://FEEDS.example.org:8443/planet", "feeds.example.org,2025"),
        ("https://bücher.example/", "xn--bcher-kva.example,2025"),
        ("http://[2001:db8::1]/", "2001-db8--1,2025"),
    ],
)
def test_ids_are_made_under_the_host_of_the_site(load: Load, url: str, tag: str) -> None:
    assert load(f"site: {{url: '{url}'}}\nsources: {{}}").site.tag == tag


def test_a_key_with_nothing_behind_it_is_not_there(load: Load) -> None:
    read = load(
        "site:\ndefaults:\nsources:\n  a:\n    feed: https://a.example/\n    title:\nfeeds:\n"
    )
    assert (read.sources[0].title, read.feeds) == (None, ())


def test_nothing_is_taken_for_another_type(load: Load) -> None:
    """YAML 1.1 would read False, 90, 1.1 and a date here."""
    read = load("""
site: {title: 2024}
sources: {a: {feed: https://a.example/, categories: [no, 1:30, 1.10, 2024-01-01, true]}}
""")
    assert read.site.title == "2024"
    assert read.sources[0].categories == ("no", "1:30", "1.10", "2024-01-01", "true")


def test_anchors_are_followed(load: Load) -> None:
    read = load("""
sources:
  a: {feed: https://a.example/, categories: &both [one, two]}
  b: {feed: https://b.example/, categories: *both}
""")
    assert read.sources[1].categories == ("one", "two")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("1h", 3600), ("7d", 604_800), ("2 w", 1_209_600)],
)
def test_lengths_of_time(load: Load, text: str, seconds: int) -> None:
    read = load(f"sources: {{a: {{feed: 'https://a.example/', every: {text}}}}}")
    assert read.sources[0].every == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2000", 2000),
        ("2kB", 2048),
        ("10MB", 10 * 1024**2),
        ("1 GiB", 1024**3),
        ("5mb", 5 * 1024**2),
    ],
)
def test_sizes(load: Load, text: str, size: int) -> None:
    assert load(f"sources: {{}}\nfetch: {{max_bytes: {text}}}").fetch.max_bytes == size


def test_a_home_folder_is_found(load: Load) -> None:
    source = load("sources: {a: {posts: ~/posts}}").sources[0]
    assert source.location == str(Path.home() / "posts")


@given(text=st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_yaml_or_a_problem(text: str) -> None:
    try:
        read_tree("feeds.yaml", text)
    except ConfigError as error:
        assert all(problem.message for problem in error.problems)


_SCRAPS = st.sampled_from(
    ["sources:", "site:", "\n", "  ", "a", ": ", "{", "}", "[", "]", "feed", "- ", "&a", "*a", "#",
     "'", '"', "!!str", "<<", "https://a.example/", "posts", "match", "feeds", "?", "|", "\t",
     "---"]
)  # fmt: skip


@given(scraps=st.lists(_SCRAPS, max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_file_is_settings_or_problems(
    scraps: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "scraps.yaml"
    path.write_text("".join(scraps))
    try:
        load_settings(path, {})
    except ConfigError as error:
        assert all(problem.file == str(path) for problem in error.problems)


def test_problems_of_one_thousand_sources_are_bounded(complain: Complain) -> None:
    lines = "".join(f"  s{number}: {{fed: x}}\n" for number in range(1000))
    problems = complain(f"sources:\n{lines}")
    assert len(problems) == 101
    assert problems[-1].message == "and 1,900 more problems"


def test_how_far_copies_are_looked_for(load: Load) -> None:
    read = load(
        """
defaults: {dedupe: link}
sources:
  one: {feed: https://one.example/feed, dedupe: off}
  two: {feed: https://two.example/feed, categories: [News, Notices]}
  three: {feed: https://three.example/feed}
categories: {News: {dedupe: text+short}, Notices: {dedupe: text}}
"""
    )
    assert [source.dedupe for source in read.sources] == ["off", None, None]
    assert [dedupe_level(read, source) for source in read.sources] == ["off", "text", "link"]
    assert dedupe_level(read, read.sources[2], ["news"]) == "text+short"
    assert dedupe_level(load("sources: {a: {feed: https://a.example/}}"), None) == "text+short"

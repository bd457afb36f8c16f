"""What is wrong in feeds.yaml is told with its place and a remedy, all at once."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.config import load_settings, public_url
from aggregator.errors import ConfigError, Problem, UsageError

Complain = Callable[..., tuple[Problem, ...]]

FEED = "feed: https://a.example/"


def place_of(before: str) -> tuple[int, int]:
    """Return the line and column at which the text behind this one begins."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_every_problem_is_told_at_once_in_the_order_of_the_file(complain: Complain) -> None:
    problems = complain("""
site: {tilte: x, url: ftp://x}
sources:
  a: {feed: https://a.example/, every: soon}
  b: {categories: [x]}
  a: {posts: x}
feeds:
  all: {match: {sources: [bb]}}
fetch: {parallel: 0}
""")
    assert [(problem.line, problem.column, problem.message) for problem in problems] == [
        (2, 8, "tilte is no key here"),
        (2, 23, "“ftp://x” is no http(s) address"),
        (4, 40, "“soon” is no length of time"),
        (5, 3, "names no feed and no folder"),
        (6, 3, "a stands here twice"),
        (8, 27, "no source is called bb"),
        (9, 19, "“0” is out of range"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            f"sources: {{a: {{{FEED}}}}}\nfeeds: {{all: {{}}, new: {{moved_from: [§all]}}}}",
            "all is the name of a feed still",
            "no more",
        ),
        (
            f"sources: {{a: {{{FEED}}}}}\nfeeds: {{day: {{digest: daily, §archive: true}}}}",
            "archive has no meaning for a digest",
            "leave it out",
        ),
        (
            f"sources: {{a: {{{FEED}}}}}\nfeeds: {{day: {{digest: §hourly}}}}",
            "hourly",
            "daily",
        ),
        (
            f"site: {{timezone: §Berlin}}\nsources: {{a: {{{FEED}}}}}",
            "is no time zone",
            "Europe/Berlin",
        ),
        (
            f"sources: {{a: {{{FEED}}}}}\nfeeds: {{new: {{token: §short}}}}",
            "is no token: 16 to 200",
            "token_urlsafe",
        ),
        # -- keys
        ("sources: {}\n§feed: {}", "feed is no key here", "did you mean feeds?"),
        (f"sources: {{a: {{{FEED}, §evry: 1h}}}}", "evry is no key", "mean every?"),
        (f"sources: {{a: {{{FEED}, §ca-certificates: x}}}}", "no key", "ca_cert"),
        (f"sources: {{a: {{{FEED}, §token: x}}}}", "token is no key", "mean bearer?"),
        ("sources: {a: {§url: x, posts: y}}", "url is no key", "did you mean feed?"),
        ("sources: {}\nfeeds: {a: {match: {§colours: x}}}", "colours is no key", "categories"),
        ("sources: {}\n§output: []", "output is no key here", "the keys here are"),
        ("§site: {}", "sources: is missing", "name a feed"),
        ("sources: {}\n§sources: {}", "sources stands here twice", "keep one"),
        ("sources: {}\n? §[a]\n: b", "a key must be a text", "put quotes"),
        ("sources: {}\n§~: b", "a key must be a text", "put quotes"),
        ("sources: {a: {posts: x, §<<: {}}}", "<< is no key here", "aggregator schema"),
        # -- sources
        ("sources: {§a: }", "names no feed and no folder", "write feed: or posts:"),
        ("sources: {§A: {posts: x}}", "A is no name of a source", "use a-z"),
        ("sources: {§'../x': {posts: x}}", "../x is no name of a source", "use a-z"),
        (f"sources: {{a: {{{FEED}, §posts: x}}}}", "not both", "make two sources"),
        (f"sources: {{a: {{{FEED}, §drafts: true}}}}", "no meaning for a feed", "leave it"),
        ("sources: {a: {posts: x, §timeout: 1s}}", "no meaning for a folder", "leave it"),
        (f"sources: {{a: {{{FEED}, categories: §front-matter}}}}", "for a feed", "name"),
        ("sources: {a: {posts: §https://x/}}", "is no folder", "under feed:"),
        ("sources: {a: {feed: §a.example/x}}", "is no address with a host", "https://"),
        ("sources: {a: {feed: §'https:///x'}}", "is no address with a host", "https://"),
        ("sources: {a: {feed: §'https://a b/'}}", "is no address", "spaces"),
        ("sources: {a: {feed: §'https://a:0/'}}", "is no http(s) address", "https://"),
        ("sources: {a: {feed: §'https://a:99999/'}}", "is no address", "https://"),
        ("sources: {a: {feed: §'https://[::1/'}}", "is no address", "https://"),
        ("sources: {a: {feed: §'https://a..b/'}}", "is no address", "https://"),
        ("sources: {a: {feed: §'https://a/#x'}}", "never sent", "leave it out"),
        ("sources: {a: {feed: §[x]}}", "must be a text", ""),
        ("sources: {a: §[x]}", "must be keys with values", "name: {feed: "),
        ("sources: {a: §https://x.example/feed}", "must be keys with values", "name: {feed: "),
        ("sources: §[x]", "must be keys with values", "name: {feed: "),
        (f"sources: {{a: {{{FEED}, headers: §y}}}}", "must be keys with values", "key: value"),
        ("feeds: §[x]\nsources: {a: {posts: x}}", "must be keys with values", "key: value"),
        (f"sources: {{a: {{{FEED}, slowest: §1m}}}}", "shorter than", "make slowest"),
        (f"sources: {{a: {{{FEED}, every: §0s}}}}", "too short", "at least 1s"),
        (f"sources: {{a: {{{FEED}, every: §999999w}}}}", "too long", "at most 36500d"),
        (f"sources: {{a: {{{FEED}, identity: §links}}}}", "not known", "mean link?"),
        (f"sources: {{a: {{{FEED}, strip_tracking: §no}}}}", "neither true", "write true"),
        (f"sources: {{a: {{{FEED}, categories: [§' ']}}}}", "is empty", "say something"),
        (f"sources: {{a: {{{FEED}, title: §{'x' * 201}}}}}", "too long", "200"),
        (f"sources: {{a: {{{FEED}, §username: x}}}}", "without password", "add password:"),
        (f"sources: {{a: {{{FEED}, §client_key: x}}}}", "without client", "add"),
        (f"sources: {{a: {{{FEED}, ca_certificates: §x}}}}", "is no file", "paths begin"),
        (f"sources: {{a: {{{FEED}, headers: {{§Host: x}}}}}}", "not set here", "follows"),
        (f"sources: {{a: {{{FEED}, headers: {{§'a b': x}}}}}}", "no name of a", "X-"),
        (f"sources: {{a: {{{FEED}, cookies: {{a: §'b;c'}}}}}}", "no cookie can", "alone"),
        (f"sources: {{a: {{{FEED}, proxy: §ftp://x}}}}", "no address of", "socks5h"),
        # -- posts
        ("sources: {a: {posts: x, timezone: §berlin}}", "zone", "mean Europe/Berlin?"),
        ("sources: {a: {posts: x, timezone: §Europe}}", "is no time zone", ""),
        ("sources: {a: {posts: x, timezone: §../x}}", "is no time zone", ""),
        ("sources: {a: {posts: x, encoding: §rot13}}", "is no encoding", "utf-8"),
        ("sources: {a: {posts: x, date_formats: [§'%Q']}}", "no pattern of a date", "%d"),
        ("sources: {a: {posts: x, date_formats: [§Y]}}", "no field of a date", "%d"),
        ("sources: {a: {posts: x, date_formats: §'%Y'}}", "must be a list", "[one, other]"),
        ("sources: {a: {posts: x, id_pattern: §'(a'}}", "missing )", "RE2"),
        ("sources: {a: {posts: x, id_pattern: §'(?=a)'}}", "no RE2 expression", "RE2"),
        ("sources: {a: {posts: x, source_name: §a}}", "has no group", "brackets"),
        ("sources: {a: {posts: x, remove: [§'p >']}}", "no CSS selector", "p.footer"),
        ("sources: {a: {posts: x, remove: [§'p:foo']}}", "no CSS selector", "p.footer"),
        ("sources: {a: {posts: x, exclude: [§'!']}}", "no pattern of paths", "*.md"),
        ("sources: {a: {posts: x, link: §where}}", "no place of a link", "front-matter:"),
        ("sources: {a: {posts: x, engine: §jekyl}}", "not known", "did you mean jekyll?"),
        ("sources: {a: {posts: x, limit: §1.5}}", "no whole number", "write one from 1"),
        # -- what is published
        ("sources: {}\nsite: {url: §'https://x/?y'}", "more than a host", "https://"),
        ("sources: {}\nsite: {url: §'https://me@x/'}", "more than a host", "https://"),
        ("sources: {}\nsite: {tag: §x}", "no name for ids", "feeds.example.org,2025"),
        ("sources: {}\nsite: {language: §x}", "is no language", "en, de"),
        ("sources: {}\nsite: {contact: §Ärger}", "cannot be sent", "ASCII"),
        ("sources: {}\ncategories: {C: {}, §c: {}}", "c and C are one", "keep one"),
        ("sources: {}\ncategories: {C: {formats: [§atm]}}", "not known", "mean atom?"),
        ("sources: {}\ncategories: {C: {formats: §[]}}", "is empty", "leave the key out"),
        ("sources: {}\ncategories: {C: {formats: §[atom, atom]}}", "twice", "each once"),
        ("sources: {}\ncategories: {C: {newest: §0}}", "out of range", "from 1 to 10,000"),
        ("sources: {}\nfeeds: {§A_B: {}}", "cannot stand in an address", "a-z"),
        ("sources: {}\nfeeds: {'a': {match: {sources: [§x]}}}", "no source is", "name a"),
        (
            f"sources: {{planet: {{{FEED}, categories: python}}}}\n"
            "feeds: {a: {match: {sources: [§plant], categories: pyton}}}",
            "no source is called plant",
            "did you mean planet?",
        ),
        (
            f"sources: {{planet: {{{FEED}, categories: python}}}}\n"
            "feeds: {a: {match: {categories: §pyton}}}",
            "no category is called pyton",
            "did you mean python?",
        ),
        # -- fetch
        ("sources: {}\nfetch: {max_bytes: §10XB}", "is no size", "10MB"),
        ("sources: {}\nfetch: {max_bytes: §9GB}", "out of range", "from 1kB to 1GB"),
        ("sources: {}\nfetch: {allow_networks: [§10.0.0.1/8]}", "no net", "10.0.0.0/8?"),
        ("sources: {}\nfetch: {allow_networks: [§lan]}", "is no network", "192.168"),
        ("sources: {}\nfetch: {timeout: §1d}", "too long", "at most 10m"),
    ],
)  # fmt: skip
def test_a_problem_has_a_place_and_a_remedy(
    complain: Complain, text: str, message: str, remedy: str
) -> None:
    before, _, after = text.partition("§")
    problem = complain(before + after)[0]
    assert (problem.line, problem.column) == place_of(before)
    assert message in problem.message
    assert remedy in problem.remedy


def test_categories_of_front_matter_may_be_matched_before_they_are_known(
    complain: Complain,
) -> None:
    text = """
sources: {a: {posts: x, categories: front-matter}}
feeds: {b: {match: {categories: [anything], sources: [c]}}}
"""
    assert [problem.message for problem in complain(text)] == ["no source is called c"]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"", (0, 0), "is empty"),
        (b" \n", (0, 0), "is empty"),
        (b"# nothing\n", (0, 0), "holds nothing but comments"),
        (b"- a\n", (1, 1), "must be keys with values"),
        (b"hello", (1, 1), "must be keys with values"),
        (b"site:\n\ttitle: x", (2, 1), "found character '\\t'"),
        (b"site: {title: x", (1, 16), "expected ',' or '}'"),
        (b"site:\n  title: a: b", (2, 11), "mapping values are not allowed"),
        (b"site: @x", (1, 7), "found character '@'"),
        (b"sources: {a: {feed: x, bearer: ${A}}}", (1, 33), "expected ',' or '}'"),
        (b"site: {}\n---\nsite: {}", (2, 1), "a second document"),
        (b"site:\n  title: caf\xe9\n", (2, 13), "is not UTF-8"),
        ("site: {}".encode("utf-16"), (1, 1), "is not UTF-8"),
        (b"site: \0", (1, 7), "holds a character that no YAML text can"),
        (b'site: {title: "\\0"}', (1, 15), "holds a control character"),
        (b'site: {title: "\\ud800"}', (1, 15), "holds a control character"),
        (b'site: {title: "\\UFFFFFFFF"}', (0, 0), "is no YAML"),
        (b"%YAML 9.9\n---\nsite: {}", (1, 1), "version 1.* is required"),
        (b"site: !!python/name:os.system {}", (1, 7), "has no meaning here"),
        (b"site: &a {title: *a}", (1, 18), "stands inside of itself"),
        (b"site: *a", (1, 7), "the anchor &a is nowhere"),
        (b"[" * 100_000, (1, 22), "nested deeper than 20 levels"),
        (b"#" * 5_000_000, (0, 0), "is larger than 4 MB"),
    ],
    ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_a_file_that_cannot_be_read_is_one_line(
    complain: Complain, data: bytes, place: tuple[int, int], message: str
) -> None:
    found = {(problem.line, problem.column): problem for problem in complain(data)}
    assert message in found[place].message
    assert found[place].remedy
    assert "\n" not in str(found[place])


def test_anchors_that_stand_for_a_billion_values_are_refused(complain: Complain) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]" for before, name in pairwise(names)
    ]
    (problem,) = complain("\n".join(lines))
    assert problem.message == "stands for more than half a million values"


@pytest.mark.parametrize("kind", ["missing", "folder", "device"])
def test_what_is_no_file_is_told(tmp_path: Path, kind: str) -> None:
    path = {"missing": tmp_path / "x", "folder": tmp_path, "device": Path("/dev/zero")}[kind]
    with pytest.raises(ConfigError) as raised:
        load_settings(path, {})
    (problem,) = raised.value.problems
    assert problem.file == str(path)
    assert problem.message in ("no such file", "is no file")


def test_a_public_address_of_the_command_line_is_checked_as_well() -> None:
    assert public_url("https://feeds.example.org/x") == "https://feeds.example.org/x/"
    with pytest.raises(UsageError, match="“feeds” is no address"):
        public_url("feeds")

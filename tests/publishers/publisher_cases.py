"""Publications, targets and readers that the publisher tests share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from aggregator.formats.reading.posts import read_posts
from aggregator.model.fetched import Fetched, PostFolder, Request
from aggregator.model.known import Article
from aggregator.model.parsed import ParsedEntry, Person, Term
from aggregator.model.settings import PostsOptions, PostsTarget, Site, Source
from aggregator.model.shown import Credit, Item, Publication
from aggregator.sources.folder import FolderFetcher

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SITE = Site(url="https://feeds.example/", title="Example feeds", tag="feeds.example,2026")
ENGINES = ("jekyll", "hexo", "hugo", "zola", "eleventy", "pelican", "nikola")
PAPER = Credit(
    name="paper",
    id="https://paper.example/feed",
    title="The Paper",
    link="https://paper.example/",
)
NASTY_TITLES = (
    'He said "no": twice',
    r"C:\new\table",
    "key: value # no remark",
    "{{ site.title }} and {% raw %}",
    "- a list? [no] & *no* |no| >no !no %no @no `no`",
    "--- no fence ---",
    "Null",
    "2022-05-26",
    "12:30",
    "北向资金净流入超40亿元",
    "1 < 2 <b>bold</b> &amp; more",
    "no",
    "a --> b",
    "\u05d0\u200f \u200b\U0001f600\ue000\ufffd &lt;script> ${x} <%= y %> `z` \\{{ '",
)
NASTY_BODY = (
    "<p>One {{ 7 | times: 6 }} {% unknown_tag %} {# gone? #} {{&lt; figure &gt;}} {{% x %}}</p>"
    "<pre>first\n\n    - indented\n\n```js\n{% endraw %}\n</pre>"
    "\n\n    <p>Not code, though indented</p>\n\n<ul>\n<li>point</li>\n</ul>"
    '<p><a href="https://paper.example/%7B%7B?a=1&amp;b=2">link</a> $x$ :smile: {: .class}</p>'
)


def article(content: str = "<p>At length</p>", **changes: object) -> Article:
    whole = Article(title="", summary="<p>In short</p>", content=content)
    return replace(whole, **changes)  # type: ignore[arg-type]


def item(number: int = 1, **changes: object) -> Item:
    link = f"https://paper.example/{number}"
    whole = Item(
        id=link,
        title=f"Story {number}",
        link=link,
        published=NOW - number * timedelta(hours=1),
        updated=NOW - number * timedelta(hours=1),
        article=article(terms=(Term("tea"),), authors=(Person("Jane Doe"),)),
        source=PAPER,
        terms=("News",),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def publication(*items: Item, slug: str = "news", **changes: object) -> Publication:
    whole = Publication(
        slug=slug,
        id=f"tag:feeds.example,2026:feed/{slug}",
        title=slug.title(),
        description=None,
        language="en",
        home=f"https://feeds.example/feeds/{slug}/",
        addresses=(("atom", f"https://feeds.example/feeds/{slug}.atom"),),
        updated=NOW,
        items=items,
        site_url="https://feeds.example/",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def target(folder: Path, engine: str = "jekyll", **changes: object) -> PostsTarget:
    whole = PostsTarget(folder=folder, engine=engine, body="full")
    return replace(whole, **changes)  # type: ignore[arg-type]


def posts_in(folder: Path) -> list[Path]:
    """List the files that an engine would see."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def read_back(folder: Path, engine: str) -> list[ParsedEntry]:
    """Read a folder with the product's own reader, warnings being failures."""
    options = PostsOptions(engine=engine, link="front-matter:source_url", remove=(".source",))
    source = Source(name="back", kind="posts", location=str(folder), posts=options)
    fetcher = FolderFetcher(lambda: datetime.now(UTC) + DAY)
    (answer,) = fetcher([Request(source, source.location)])
    assert isinstance(answer.outcome, Fetched), answer.outcome
    document = answer.outcome.document
    assert isinstance(document, PostFolder)
    feed = read_posts(document)
    assert feed.warnings == (), feed.warnings
    return list(feed.entries)

"""Publications the writing tests share.

``GOLDEN`` are those whose bytes are kept in tests/data/writing. To accept a change of what is
written, look at it, then run this file: ``python tests/formats/writing/made_publications.py``.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from aggregator.formats.writing.jsonfeed import write_json
from aggregator.formats.writing.syndication import write_atom, write_rss
from aggregator.model.known import Article
from aggregator.model.parsed import CHAPTERS, TRANSCRIPT, Enclosure, Link, Person, Term
from aggregator.model.shown import Credit, Directory, FeedLine, Item, Publication, Via, Withdrawn

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAPER = Credit(
    name="paper",
    id="https://paper.example/feed",
    title="The Paper",
    link="https://paper.example/",
    feed_url="https://paper.example/feed",
    rights="© The Paper",
    updated=NOON,
    authors=(Person("Desk", "desk@paper.example"),),
    subtitle="News & views",
    icon="https://paper.example/icon.png",
    logo="https://paper.example/logo.png",
)
FOLDER = Credit(name="posts", id="tag:feeds.example,2026:source/posts", title="Posts")
ARTICLE = Article(title="", summary="<p>In short</p>", content="<p>At length</p>")


def render_atom(made: Publication) -> bytes:
    return write_atom(made).whole()


def render_rss(made: Publication) -> bytes:
    return write_rss(made).whole()


def render_json(made: Publication) -> bytes:
    return write_json(made).whole()


RENDERERS = {"atom": render_atom, "rss": render_rss, "json": render_json}
FOLDER_OF_BYTES = Path(__file__).parent.parent.parent / "data" / "writing"


def item(number: int = 1, article: Article = ARTICLE, **changes: object) -> Item:
    link = f"https://paper.example/{number}"
    whole = Item(
        id=link,
        title=f"Story {number}",
        link=link,
        published=NOON,
        updated=NOON,
        article=article,
        source=PAPER,
        terms=("News",),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def publication(*items: Item, **changes: object) -> Publication:
    whole = Publication(
        slug="news",
        id="tag:feeds.example,2026:feed/news",
        title="News",
        description="All that is new",
        language="en",
        home="https://feeds.example/feeds/news/",
        addresses=tuple((name, f"https://feeds.example/feeds/news.{name}") for name in RENDERERS),
        updated=max((one.updated for one in items), default=datetime(1970, 1, 1, tzinfo=UTC)),
        items=items,
        author="Example feeds",
        site_url="https://feeds.example/",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def line(slug: str, **changes: object) -> FeedLine:
    addresses = tuple((name, f"https://feeds.example/feeds/{slug}.{name}") for name in RENDERERS)
    home = f"https://feeds.example/feeds/{slug}/"
    whole = FeedLine(slug, slug.title(), None, 12, NOON, addresses, home)
    return replace(whole, **changes)  # type: ignore[arg-type]


def directory(*feeds: FeedLine, sources: tuple[Credit, ...] = ()) -> Directory:
    return Directory("Example feeds", "https://feeds.example/", "en", feeds, sources)


RICH = Article(
    title="",
    summary="<p>In <em>short</em></p>",
    content='<p>At <a href="https://paper.example/x?a=1&amp;b=2">length</a> ]]&gt; &amp; more</p>',
    authors=(Person("Ann", url="https://paper.example/ann"), Person("Bob")),
    contributors=(Person("Cleo"),),
    terms=(Term("py", "https://paper.example/tags", "Python"), Term("news")),
    enclosures=(
        Enclosure("https://cdn.example/1.mp3", "audio/mpeg", 48_000_000, "Episode", 3600),
        Enclosure("https://cdn.example/1.pdf"),
    ),
    links=(
        Link("https://elsewhere.example/", "related", "text/html", "About"),
        Link("https://cdn.example/1.vtt", TRANSCRIPT, "text/vtt"),
        Link("https://cdn.example/1.json", CHAPTERS),
        Link("https://paper.example/1.json", "self"),
    ),
    comments="https://paper.example/1#comments",
    rights="CC BY 4.0",
    language="de",
    image="https://cdn.example/1.jpg",
    explicit=False,
    season=2,
    episode=7,
)

GOLDEN = {
    "rich": publication(
        item(
            1,
            RICH,
            updated=NOON + HOUR,
            terms=("News", "Python", "news"),
            via=(Via("The Wire", "https://wire.example/1"),),
        ),
        hubs=("https://hub.example/",),
    ),
    "plain": publication(
        item(3, source=FOLDER, article=replace(ARTICLE, authors=(Person("Ann", "ann@e.example"),))),
        item(2, Article(title="", summary="<p>Only in short</p>")),
        item(1, Article(title="", content="<p>Only at length</p>"), id="urn:paper:1", terms=()),
    ),
    "bare": publication(
        item(4, Article(title=""), title=""),
        item(3, Article(title="", content="<p>A post without a title</p>"), title=""),
        item(2, Article(title=""), title="Nothing else", link=None, id="tag:feeds.example,2026:2"),
        item(1, Article(title="", summary="x"), title="", link=None, id="tag:feeds.example,2026:1"),
    ),
    "empty": publication(description=None),
    "archive": publication(
        item(1),
        archive=True,
        pages=(
            ("prev-archive", "atom", "https://feeds.example/feeds/news/1.atom"),
            ("prev-archive", "json", "https://feeds.example/feeds/news/1.json"),
            ("current", "atom", "https://feeds.example/feeds/news.atom"),
            ("current", "rss", "https://feeds.example/feeds/news.rss"),
        ),
    ),
    "complete": publication(
        item(1), complete=True, withdrawn=(Withdrawn("https://paper.example/9", NOON),)
    ),
    "scripts": publication(
        item(2, title="南昌：春节 🧧 & <b>“q”</b>", article=replace(ARTICLE, language="zh-CN")),
        item(1, title="عنوان", link="https://paper.example/é?q=ü#ñ", terms=("أخبار",)),
    ),
}

if __name__ == "__main__":
    for name, made in GOLDEN.items():
        for ending, render in RENDERERS.items():
            (FOLDER_OF_BYTES / f"{name}.{ending}").write_bytes(render(made))

"""A republisher's post, all the way: its folder, our feed, a Jekyll folder, and read back."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from engine_sites import build, prepare
from lxml import html
from publisher_cases import posts_in, read_back

from aggregator import app
from aggregator.core.html import plain_text, sanitize

NOW = datetime(2022, 2, 18, 12, 0, tzinfo=UTC)
DATE = datetime(2022, 2, 17, 0, 1, 58, tzinfo=UTC)
LINK = "http://news.example/NewsShare.html?infoCode=NW2022021700000001"

FEEDS = """
site: {url: "https://feeds.example/", title: Feeds, tag: "feeds.example,2026"}
sources:
  finews:
    posts: finews/_posts
    categories: front-matter
    timezone: Asia/Shanghai
    link: body
    id_pattern: 'infoCode=(\\w+)'
    source_name: '文章来源：\\s*(\\S+?)）'
    remove: [.em_media, '[style*="display:none"]', 'a[href*="finews.example"]']
publish:
  - posts: site/_posts
    engine: jekyll
    body: full
    front_matter: {layout: default}
"""
# The form of a republisher that pastes titles between quotes and the whole article behind them.
POST = (
    "---\nlayout: post\n"
    'title: "{title}"\n'
    "date: 2022-02-17 08:01:58 +0800\ncategories: nanchangribao\ntags: 南昌日报新闻\n---\n"
    "<p>□本报记者李明</p>\n <p>湖区{words}的目标，去年<!-- EM_StockImg_Start -->"
    '<span><a class="keytip" href="http://quote.example/1">某某股份</a></span>增长5.2%。</p>\n'
    " <p>　　新的一年，继续努力。</p>\n"
    '<p class="em_media">（文章来源：南昌<span>日报</span>）</p><p style="display:none">x</p>\n\n'
    "<http://news.example/NewsShare.html?infoCode={code}>\n\n"
    "[返回南昌日报新闻](//finews.example/category/nanchangribao.html)｜"
    "[返回首页](//finews.example/)"
)
TITLES = {
    "NW2022021700000001": "力争智能化应用率达55%",
    "NW2022021700000002": '他说"达标"了',
    "NW2022021700000003": '"达标"',
    "NW2022021700000004": r"C:\新\路径",
}
WORDS = ("应用率达百分之五十五", "他对记者说已经达标", "再谈新的标准和方法", "电脑里文件的位置")


@dataclass(frozen=True)
class Case:
    """A folder that was republished."""

    folder: Path
    feed: bytes

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def entries(self) -> dict[str, feedparser.FeedParserDict]:
        """Return what the feed says, by title."""
        return {entry.title: entry for entry in feedparser.parse(self.feed).entries}


@pytest.fixture
def case(tmp_path: Path, instance: Path) -> Iterator[Case]:
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    posts = tmp_path / "finews" / "_posts"
    posts.mkdir(parents=True)
    for (code, title), words in zip(TITLES.items(), WORDS, strict=True):
        path = posts / f"2022-02-17-{code}.md"
        path.write_text(POST.format(title=title, code=code, words=words), encoding="utf-8")
        os.utime(path, (DATE.timestamp(), DATE.timestamp()))
    pipeline = app.build(tmp_path / "feeds.yaml", instance, lambda: NOW)
    pipeline.poll_due()
    made = pipeline.store.artifact("feeds/nanchangribao.atom")
    pipeline.store.close()
    assert made is not None
    yield Case(tmp_path, made.body)


def test_the_feed_tells_the_article_and_where_it_is_from(case: Case) -> None:
    entry = case.entries()["力争智能化应用率达55%"]
    assert (entry.published, entry.link) == ("2022-02-17T00:01:58Z", LINK)
    assert {tag.term for tag in entry.tags} == {"nanchangribao", "南昌日报新闻"}
    assert entry.source.title == "南昌日报"
    text = plain_text(entry.content[0].value)
    assert "去年某某股份增长5.2%。" in text
    assert not [word for word in ("返回", "文章来源", "infoCode", "｜") if word in text]


def test_no_title_is_lost_to_bad_quoting(case: Case) -> None:
    assert case.entries().keys() == set(TITLES.values())


def test_what_goes_out_into_a_jekyll_folder_reads_back_the_same(case: Case) -> None:
    told = case.entries()
    back = {entry.title.value: entry for entry in read_back(case.site / "_posts", "jekyll")}
    assert back.keys() == told.keys()
    for title, entry in back.items():
        assert (entry.guid, entry.link) == (told[title].id, told[title].link)
        assert (entry.published, entry.categories) == (DATE, ("nanchangribao",))
        assert entry.content is not None
        assert plain_text(sanitize(entry.content.value)) == plain_text(told[title].content[0].value)


@pytest.mark.slow
def test_jekyll_itself_makes_a_page_of_each(case: Case) -> None:
    prepare("jekyll", case.site)
    pages = [
        html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        for path in build("jekyll", case.site).rglob("*.html")
    ]
    shown = [" ".join(page.text_content().split()) for page in pages]
    assert len(posts_in(case.site / "_posts")) == len(TITLES)
    for title, words in zip(TITLES.values(), WORDS, strict=True):
        assert [page for page in shown if title in page and words in page]

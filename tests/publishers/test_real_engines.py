"""What the engines themselves make of our posts: the site builds, its pages and feed show them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from engine_sites import SITES, build, prepare
from lxml import etree, html
from publisher_cases import (
    DAY,
    NASTY_BODY,
    NASTY_TITLES,
    NOW,
    SITE,
    article,
    item,
    publication,
    target,
)

from aggregator.model.parsed import Person, Term
from aggregator.publishers.posts import PostsPublisher

pytestmark = pytest.mark.slow

WORDS = (Term("all"), Term("../../up"), Term("a/b"), Term("C++"), Term("<i>x</i>"), Term("{{ x }}"))


@dataclass(frozen=True)
class Built:
    """A built site."""

    engine: str
    output: Path
    pages: dict[str, html.HtmlElement]
    """By the address of the story that their source line links to."""


@pytest.fixture(scope="module", params=SITES)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    engine = str(request.param)
    site = tmp_path_factory.mktemp(engine)
    real = prepare(engine, site)
    goal = target(
        site / real.posts,
        engine,
        front_matter=real.front_matter,
        index_pages=site / real.pages,
        timezone="Asia/Shanghai",
    )
    texts = article(NASTY_BODY, terms=WORDS, authors=(Person("Jane <b>Doe</b>"),))
    stories = [
        item(number, title=title, article=texts, updated=NOW)
        for number, title in enumerate(NASTY_TITLES, 1)
    ]
    feeds = (
        publication(*stories),
        publication(stories[0], slug="b-and-c", title="B & C: <i>news</i> {{ x }}"),
    )
    assert PostsPublisher(goal, SITE)(feeds, NOW + DAY).refused == ()
    output = build(engine, site)
    yield Built(engine, output, dict(_stories(output)))


def _stories(output: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    for path in sorted(output.rglob("*.html")):
        page = html.document_fromstring(
            path.read_bytes() or b"<p>", parser=html.HTMLParser(encoding="utf-8")
        )
        links = page.xpath("//p[@class='source']/a/@href")
        if len(links) == 1:
            yield str(links[0]), page


def shown(text: str) -> str:
    """Return a text as a person sees it: the joiner that keeps "<b" from being a tag is nothing.

    Quotes and dashes are made typographic by some, and entities are resolved by layouts that print
    a title as it is.
    """
    plain = unescape(text.replace("\u2060", ""))
    plain = re.sub("[“”]", '"', plain).replace("—", "---").replace("–", "--")
    return " ".join(plain.split())


def test_every_story_is_a_page_under_its_title(built: Built) -> None:
    titles = {
        link: [shown(" ".join(heading.itertext())) for heading in page.xpath("//h1 | //h2")]
        for link, page in built.pages.items()
    }
    for number, title in enumerate(NASTY_TITLES, 1):
        assert shown(title) in titles[f"https://paper.example/{number}"]


def instants(page: html.HtmlElement) -> set[datetime]:
    """Return the moments a page states: as a title, as a time, as seconds of the epoch."""
    stated = page.xpath("//time/@datetime | //abbr/@title | //time/text()")
    found = set()
    for text in map(str.strip, map(str, stated)):
        if text.isdigit():
            found.add(datetime.fromtimestamp(int(text), UTC))
        elif re.match(r"\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$", text):
            found.add(datetime.fromisoformat(text).astimezone(UTC))
    return found


def test_dates_are_the_same_instants_whatever_the_machines_zone(built: Built) -> None:
    for number in range(1, len(NASTY_TITLES) + 1):
        page = built.pages[f"https://paper.example/{number}"]
        assert NOW - number * timedelta(hours=1) in instants(page)


def test_template_code_is_shown_and_not_run(built: Built) -> None:
    for page in built.pages.values():
        text = shown(" ".join(page.text_content().split()))
        assert (
            "One {{ 7 | times: 6 }} {% unknown_tag %} {# gone? #} {{< figure >}} {{% x %}}" in text
        )
        assert "{: .class}" in text


def test_preformatted_text_is_kept_and_indented_html_is_no_code(built: Built) -> None:
    for page in built.pages.values():
        blocks = [block.text_content() for block in page.xpath("//pre")]
        assert [b.rstrip("\n") for b in blocks] == [
            "first\n\n    - indented\n\n```js\n{% endraw %}"
        ]
        assert page.xpath("//p[text()='Not code, though indented']")
        assert page.xpath("//ul/li[text()='point']")


def test_no_title_or_name_becomes_a_tag(built: Built) -> None:
    for path in built.output.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<b>bold" not in page, path
        assert "<b>Doe" not in page, path
        assert "<i>" not in page, path


def test_nothing_is_built_outside_of_the_output(built: Built) -> None:
    assert not (built.output.parent / "up").exists()
    assert not (built.output.parent.parent / "up").exists()


def test_the_engines_own_feed_tells_every_story(built: Built) -> None:
    body = (built.output / SITES[built.engine].feed).read_bytes()
    feed = etree.fromstring(body)
    titles = {shown("".join(one.itertext())) for one in feed.iterfind(".//{*}title")}
    # Some take what looks like a tag out of titles.
    assert titles >= {shown(title) for title in NASTY_TITLES if "<" not in title}


def test_the_page_of_a_category_is_built_and_links_to_its_feed(built: Built) -> None:
    pages = [path.read_text(encoding="utf-8") for path in built.output.rglob("*.html")]
    assert any("https://feeds.example/feeds/b-and-c.atom" in page for page in pages)

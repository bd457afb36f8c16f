"""From an address to feeds, over a web that is a dict."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from aggregator.errors import FetchError, ParseError
from aggregator.finding import Finder, Finding
from aggregator.formats.reading.feeds import read_feed
from aggregator.model.fetched import Answer, Document, Failed, Fetched, Request

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://example.org/"


def feed(title: str) -> str:
    return f"<rss><channel><title>{title}</title><item><title>1</title></item></channel></rss>"


def link(href: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}" title="{title}">'


@dataclass
class Web:
    """Answers by address; what a page moved to is asked there."""

    pages: dict[str, str]
    moved: dict[str, str] = field(default_factory=dict)
    for_good: bool = False
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = lambda: False,
        more: Callable[[], Sequence[Request]] = tuple,
    ) -> Iterator[Answer]:
        for request in () if self.silent else requests:
            self.asked.append(request.location)
            yield Answer(request, self.answer(request.location), NOW)

    def answer(self, url: str) -> Fetched | Failed:
        end = self.moved.get(url, url)
        if end not in self.pages:
            return Failed(FetchError("404 Not Found", status=404))
        document = Document(end, "", None, self.pages[end].encode())
        moved = end if end != url and self.for_good else None
        return Fetched(document, body_hash="", permanent_url=moved)

    def find(self, url: str = SITE) -> list[tuple[str, str, int]]:
        found: tuple[Finding, ...] = Finder(self, read_feed).find(url)
        return [(one.url, one.title, one.entries) for one in found]


def test_an_address_of_a_feed_is_that_feed() -> None:
    web = Web({SITE: feed("News")})
    assert web.find() == [(SITE, "News", 1)]
    assert web.asked == [SITE]


def test_a_page_has_the_feeds_it_links_to_and_comments_come_last() -> None:
    head = link("/comments/feed", "News » Comments") + link("/feed", "News") + link("/gone")
    web = Web(
        {
            SITE: f"<html><head>{head}</head></html>",
            f"{SITE}comments/feed": feed("Comments on News"),
            f"{SITE}feed": feed("News"),
        }
    )
    assert [url for url, _, _ in web.find()] == [f"{SITE}feed", f"{SITE}comments/feed"]


def test_a_link_that_leads_to_a_page_is_no_feed() -> None:
    web = Web({SITE: f"<html>{link('/page')}</html>", f"{SITE}page": "<html><p>no</p></html>"})
    assert web.find() == []


def test_a_page_that_names_none_may_show_one() -> None:
    page = '<html><body><a href="/notes/all.rss">Subscribe</a></body></html>'
    web = Web({SITE: page, f"{SITE}notes/all.rss": feed("Notes")})
    assert web.find() == [(f"{SITE}notes/all.rss", "Notes", 1)]


def test_a_page_without_links_has_its_feed_where_most_have_it() -> None:
    web = Web({SITE: "<html></html>", f"{SITE}feed.xml": feed("A"), f"{SITE}atom.xml": feed("A")})
    assert web.find() == [(f"{SITE}feed.xml", "A", 1)]


def test_a_site_with_a_rule_is_asked_by_it_and_its_page_is_not() -> None:
    feed_url = "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"
    web = Web({feed_url: feed("Videos")})
    assert web.find("https://www.youtube.com/channel/UC1") == [(feed_url, "Videos", 1)]
    assert web.asked == [feed_url]


def test_a_rule_holds_where_an_address_leads_to_too() -> None:
    channel, short = "https://www.youtube.com/channel/UC1", "https://short.example/x"
    feed_url = "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"
    web = Web({channel: "<html></html>", feed_url: feed("Videos")}, {short: channel})
    assert web.find(short) == [(feed_url, "Videos", 1)]


def test_a_rule_that_fails_leaves_the_page() -> None:
    page = "https://example.org/@someone"
    web = Web({page: f"<html>{link('/someone.xml')}</html>", f"{SITE}someone.xml": feed("S")})
    assert web.find(page) == [(f"{SITE}someone.xml", "S", 1)]


@pytest.mark.parametrize(("for_good", "kept"), [(False, SITE), (True, "https://b.example/feed")])
def test_an_address_is_kept_unless_it_moved_for_good(for_good: bool, kept: str) -> None:
    web = Web({"https://b.example/feed": feed("B")}, {SITE: "https://b.example/feed"}, for_good)
    assert web.find() == [(kept, "B", 1)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<opml version="2.0"><body/></opml>', "an OPML list of feeds"),
        ("<urlset><url/></urlset>", "a sitemap"),
        ('{"error": "no"}', "JSON that is no feed"),
    ],
)
def test_what_is_neither_page_nor_feed_is_told(body: str, said: str) -> None:
    with pytest.raises(ParseError, match=said):
        Web({SITE: body}).find()
    assert Web({SITE: body, f"{SITE}feed": feed("A")}).find() == [(f"{SITE}feed", "A", 1)]


def test_an_address_that_does_not_answer_is_told() -> None:
    with pytest.raises(FetchError, match="404 Not Found"):
        Web({}).find()


def test_a_host_that_gives_no_answer_is_told() -> None:
    with pytest.raises(FetchError, match="try again later"):
        Web({SITE: feed("News")}, silent=True).find()


def test_a_page_of_a_thousand_links_costs_a_dozen_requests_a_step() -> None:
    web = Web({SITE: "<html>" + "".join(link(f"/{n}") for n in range(1000)) + "</html>"})
    assert web.find() == []
    assert len(web.asked) <= 1 + 3 * 12

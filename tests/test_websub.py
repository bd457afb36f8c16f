"""Hubs: others' are told of changes, our own delivers; tried against a subscriber on loopback."""

import hmac
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import feedparser
import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from test_pipeline import HOUR, SETTINGS, START, A, Case, assemble, rss

from aggregator.core.hub import HubError, asked
from aggregator.formats.writing.pages import Pages
from aggregator.model.events import Undelivered
from aggregator.model.settings import (
    Category,
    FetchSettings,
    FilesTarget,
    HubTarget,
    PostsTarget,
    Secret,
    Site,
)
from aggregator.ports import Store
from aggregator.web import create_app

LOOPBACK = FetchSettings(allow_networks=(ip_network("127.0.0.0/8"),))
SITE = SETTINGS.site
TOPIC = f"{SITE.url}feeds/news.atom"
SECRET = "a secret of ours"


@dataclass
class Outside:
    """A server of somebody else: a hub, or a subscriber's callback."""

    url: str = ""
    status: int = 204
    agrees: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def outside() -> Iterator[Outside]:
    state = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            words = dict(parse_qsl(urlsplit(self.path).query))
            state.asked.append(words)
            body = words["hub.challenge"].encode() if state.agrees else b"no"
            self._answer(200, body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.posts.append((dict(self.headers.items()), body))
            self._answer(state.status)

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def published(store: Store, *targets: Any, fetch: FetchSettings = LOOPBACK) -> Case:
    case = assemble(store, replace(SETTINGS, publish=targets, fetch=fetch))
    case.world.bodies = {A.location: rss((1, "One"))}
    case.poll()
    deliver(case)
    return case


def deliver(case: Case, after: timedelta = timedelta(0)) -> None:
    case.clock.pass_by(after)
    case.pipeline.publishing.deliver(bool)


def edit(case: Case, title: str = "Two") -> None:
    case.world.bodies = {A.location: rss((2, title), (1, "One"))}
    case.poll(2 * HOUR)


# -- others' hubs --------------------------------------------------------------------------------


def told(outside: Outside) -> set[str]:
    return {parse_qs(body.decode())["hub.url"][0] for _, body in outside.posts}


def test_a_hub_is_told_what_changed_and_nothing_else(store: Store, outside: Outside) -> None:
    case = published(store, HubTarget(outside.url))
    assert {TOPIC, TOPIC.replace(".atom", ".rss"), TOPIC.replace(".atom", ".json")} <= told(outside)
    outside.posts.clear()
    deliver(case, HOUR)
    assert outside.posts == []
    edit(case)
    deliver(case)
    assert TOPIC in told(outside)
    assert not any("other" in url for url in told(outside))


def test_a_hub_that_fails_is_told_later_and_no_feed_is_built_for_it(
    store: Store, outside: Outside
) -> None:
    outside.status = 503
    case = published(store, HubTarget(outside.url))
    failing = [event for event in case.events if isinstance(event, Undelivered)]
    assert [event.reason for event in failing] == [
        f"the hub {outside.url} was not told: it answers 503"
    ]
    assert {one.target for one in store.undelivered()} == {f"hub {outside.url}"}
    outside.status = 204
    outside.posts.clear()
    deliver(case, timedelta(seconds=59))
    assert outside.posts == []
    assert case.pipeline.poll_due().built == ()
    deliver(case, timedelta(minutes=2))
    assert TOPIC in told(outside)
    assert store.undelivered() == ()


def test_a_hub_on_a_private_address_is_never_connected_to(store: Store, outside: Outside) -> None:
    published(store, HubTarget(outside.url), fetch=FetchSettings())
    assert outside.posts == []


def test_feeds_name_their_hubs(store: Store, outside: Outside) -> None:
    case = published(store, HubTarget(outside.url), HubTarget("self"))
    hubs = [outside.url, f"{SITE.url}hub"]
    feed = feedparser.parse(case.body("feeds/news.atom")).feed
    assert [link.href for link in feed.links if link.rel == "hub"] == hubs
    links = client(case).get("/feeds/news.rss").headers.getlist("Link")
    assert links == ['<news.rss>; rel="self"', *(f'<{hub}>; rel="hub"' for hub in hubs)]


# -- our own -------------------------------------------------------------------------------------


def client(case: Case) -> FlaskClient:
    return create_app(case.pipeline.store, Pages([]), case.clock, lambda: SITE).test_client()


def ask(case: Case, outside: Outside, mode: str = "subscribe", **words: str) -> int:
    form = {"hub.mode": mode, "hub.topic": TOPIC, "hub.callback": f"{outside.url}cb?a=1"}
    named = {f"hub.{key}": value for key, value in words.items()}
    return client(case).post("/hub", data=form | named).status_code


def subscribed(store: Store, outside: Outside, **words: str) -> Case:
    case = published(store, HubTarget("self"))
    assert ask(case, outside, **words) == 202
    assert outside.asked == []  # nobody is called on a request
    deliver(case)
    return case


def test_a_subscriber_is_asked_and_gets_each_edition_whole_and_signed(
    store: Store, outside: Outside
) -> None:
    case = subscribed(store, outside, secret=SECRET, lease_seconds="7200")
    (question,) = outside.asked
    assert question.pop("hub.challenge")
    assert question == {
        "a": "1",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.lease_seconds": "7200",
    }
    assert outside.posts == []  # it has this edition
    edit(case)
    deliver(case, -HOUR)  # 2 h later the lease would be over
    ((headers, body),) = outside.posts
    assert body == case.body("feeds/news.atom")
    assert headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert headers["Link"] == f'<{SITE.url}hub>; rel="hub", <{TOPIC}>; rel="self"'
    digest = hmac.new(SECRET.encode(), body, sha256).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha256={digest}"
    deliver(case)
    assert len(outside.posts) == 1


def test_who_does_not_agree_gets_nothing(store: Store, outside: Outside) -> None:
    outside.agrees = False
    case = subscribed(store, outside)
    edit(case)
    deliver(case)
    assert (len(outside.asked), outside.posts) == (1, [])


def test_a_lease_runs_out(store: Store, outside: Outside) -> None:
    case = subscribed(store, outside, lease_seconds="3600")
    edit(case)
    deliver(case)
    assert outside.posts == []


def test_who_unsubscribes_is_asked_too(store: Store, outside: Outside) -> None:
    case = subscribed(store, outside)
    outside.agrees = False
    assert ask(case, outside, "unsubscribe") == 202
    deliver(case)
    edit(case)
    deliver(case)
    assert len(outside.posts) == 1  # somebody else had asked
    outside.agrees = True
    ask(case, outside, "unsubscribe")
    deliver(case)
    edit(case, "Three")
    deliver(case)
    assert len(outside.posts) == 1


def test_what_cannot_be_delivered_is_tried_again_then_given_up(
    store: Store, outside: Outside
) -> None:
    case = subscribed(store, outside)
    outside.status = 500
    edit(case)
    deliver(case)
    deliver(case)
    assert len(outside.posts) == 1
    for _ in range(12):
        deliver(case, 12 * HOUR)
    assert len(outside.posts) == 8
    outside.status = 204
    edit(case, "Three")
    deliver(case)
    assert outside.posts[-1][1] == case.body("feeds/news.atom")


def test_who_subscribed_to_what_became_private_gets_nothing_and_holds_up_nobody(
    store: Store, outside: Outside
) -> None:
    case = subscribed(store, outside)
    hidden = Category("News", token=Secret("a-token-of-sixteen"))
    settings = replace(case.pipeline.settings, categories=(hidden,))
    case = assemble(store, settings, case.clock)
    edit(case)
    deliver(case)
    assert outside.posts == []
    assert store.unsent(case.clock(), 1) == ()


def test_who_is_gone_is_forgotten(store: Store, outside: Outside) -> None:
    case = subscribed(store, outside)
    outside.status = 410
    edit(case)
    deliver(case)
    edit(case, "Three")
    deliver(case)
    assert len(outside.posts) == 1


def test_a_callback_on_a_private_address_is_never_connected_to(
    store: Store, outside: Outside
) -> None:
    case = published(store, HubTarget("self"), fetch=FetchSettings())
    assert ask(case, outside) == 202
    for _ in range(5):
        deliver(case, HOUR)
    assert outside.asked == []
    assert store.questions(case.clock(), 10) == ()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"mode": "publish"}, 400),
        ({"topic": "https://other.example/feeds/news.atom"}, 400),
        ({"topic": f"{SITE.url}feeds/nothing.atom"}, 404),
        ({"topic": f"{SITE.url}feeds/news/"}, 404),
        ({"topic": SITE.url}, 404),
        ({"callback": "ftp://a.example/"}, 400),
        ({"callback": "https://u:p@a.example/"}, 400),
        ({"callback": "https://a.example/#x"}, 400),
        ({"callback": "https://a.example:0/"}, 400),
        ({"callback": "https://a.example/\r\nX: y"}, 400),
        ({"callback": "https://[::1"}, 400),
        ({"secret": "s" * 200}, 400),
        ({"secret": "s" * 20_000}, 413),
    ],
)
def test_what_cannot_be_meant_is_refused(
    store: Store, outside: Outside, words: dict[str, str], status: int
) -> None:
    case = published(store, HubTarget("self"))
    form = {"mode": "subscribe"} | words
    assert ask(case, outside, form.pop("mode"), **form) == status


def test_a_hub_takes_requests_only_while_the_settings_say_that_it_is_one(store: Store) -> None:
    now: list[Site] = []
    app = create_app(store, Pages([]), lambda: START, lambda: now[0] if now else None)
    client = app.test_client()
    assert client.post("/hub", data={}).status_code == 404
    now.append(SITE)
    assert client.post("/hub", data={}).status_code == 400
    now.clear()
    assert client.post("/hub", data={}).status_code == 404


@pytest.mark.parametrize(
    ("stated", "lease_s"),
    [("", 864_000), ("1", 3600), ("99999999", 2_592_000), ("-5", 864_000), ("9" * 5000, 864_000)],
)
def test_a_lease_is_bounded(stated: str, lease_s: int) -> None:
    form = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "https://a.example/"}
    assert asked(form | {"hub.lease_seconds": stated}, SITE).lease_s == lease_s


def test_an_empty_request_is_one_line() -> None:
    with pytest.raises(HubError, match=r"^hub\.mode"):
        asked({}, SITE)


# -- folders -------------------------------------------------------------------------------------


def test_feeds_are_written_as_files_and_taken_away_again(store: Store, tmp_path: Path) -> None:
    case = published(store, FilesTarget(tmp_path / "public"))
    written = tmp_path / "public/feeds/news.atom"
    assert written.read_bytes() == case.body("feeds/news.atom")
    assert (tmp_path / "public/index.html").read_bytes() == case.body("")
    assert (tmp_path / "public/feeds/all.rss").exists()
    fewer = replace(case.pipeline.settings, feeds=())
    assemble(store, fewer, case.clock).poll(HOUR)
    assert written.exists()
    assert not (tmp_path / "public/feeds/all.rss").exists()


def test_a_folder_that_cannot_be_written_is_tried_again(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "public"
    place.write_text("not a folder")
    case = published(store, FilesTarget(place))
    assert [event for event in case.events if isinstance(event, Undelivered)]
    assert case.entries() == [("https://a.example/1", "One")]
    place.unlink()
    case.clock.pass_by(timedelta(seconds=10))
    assert case.pipeline.poll_due().built == ()
    assert (place / "feeds/news.atom").read_bytes() == case.body("feeds/news.atom")


def test_a_new_target_gets_what_is_there(store: Store, tmp_path: Path) -> None:
    case = published(store)
    target = PostsTarget(tmp_path / "posts", "jekyll")
    later = assemble(store, replace(case.pipeline.settings, publish=(target,)), case.clock)
    later.poll()
    assert len(list((tmp_path / "posts").glob("*.md"))) == 1

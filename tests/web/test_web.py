"""Saved bytes over HTTP."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import unquote

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient

from aggregator.core.artifacts import artifact
from aggregator.errors import StoreError
from aggregator.formats.writing.pages import Pages
from aggregator.model.settings import Source
from aggregator.model.shown import Artifact, Build, HeldFeed
from aggregator.store import SqlStore, open_store
from aggregator.store.database import Database
from aggregator.web import create_app
from aggregator.web.codings import Packer

CHANGED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EARLIER = "Sun, 01 Mar 2026 12:00:00 GMT"
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
ATOM = artifact(
    "feeds/python.atom",
    "application/atom+xml; charset=utf-8",
    b"<feed>" + b"x" * 1000 + b"</feed>",
    CHANGED,
    "python",
)
PAGE = artifact("feeds/python/", "text/html; charset=utf-8", b"<p>page", CHANGED, "python")
INDEX = artifact("", "text/html; charset=utf-8", b"<p>index", CHANGED)
OPML = artifact("opml.xml", "text/x-opml; charset=utf-8", b"<opml/>", CHANGED)
GZIP_ETAG = ATOM.etag[:-1] + '-gzip"'
NOT_MODIFIED = 304
UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
}
PAGES = Pages([Path(__file__).parent.parent.parent / "templates"])


def clock() -> datetime:
    return CHANGED


@pytest.fixture
def store(sqlite_url: str, opened: Callable[[str], Database]) -> SqlStore:
    store = SqlStore(opened(sqlite_url))
    store.save(Build(slug="python", recipe="", artifacts=(ATOM, PAGE)))
    store.save_pages((INDEX, OPML))
    return store


@pytest.fixture
def client(store: SqlStore) -> FlaskClient:
    return create_app(store, PAGES, clock).test_client()


class Broken(SqlStore):
    """A store whose database is gone."""

    def __init__(self) -> None:
        pass

    def artifact(self, path: str) -> Artifact | None:
        raise StoreError("the database /srv/secret/aggregator.db is locked")

    def check(self) -> None:
        raise StoreError("the database /srv/secret/aggregator.db is locked")


class Faulty(Broken):
    """A store with a fault of ours."""

    def artifact(self, path: str) -> Artifact | None:
        raise ZeroDivisionError("a detail")


@pytest.mark.parametrize(
    ("path", "saved"),
    [("/", INDEX), ("/feeds/python.atom", ATOM), ("/feeds/python/", PAGE), ("/opml.xml", OPML)],
)
def test_the_saved_bytes_are_served(client: FlaskClient, path: str, saved: Artifact) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.data) == (200, saved.body)
    assert answer.headers["Content-Type"] == saved.media_type
    assert answer.headers["ETag"] == saved.etag
    assert answer.headers["Last-Modified"] == DATE
    assert answer.headers["Content-Length"] == str(len(saved.body))
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Encoding" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_nothing_that_is_served_can_run(client: FlaskClient) -> None:
    for path in ("/", "/feeds/python.atom", "/nowhere", "/healthz"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "script-src" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_feed_names_its_own_address(client: FlaskClient) -> None:
    assert client.get("/feeds/python.atom?x=1").headers["Link"] == '<python.atom>; rel="self"'
    assert "Link" not in client.get("/feeds/python/").headers
    assert "Link" not in client.get("/").headers


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate", True),
        ("*", True),
        ("gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *;q=1", False),
        ("*;q=1, gzip;q=0.0", False),
        ("identity, gzip;q=0.5", False),
        ("identity;q=0.5, gzip;q=0.8", True),
        ("identity;q=0", False),
        ("identity;q=0, *", True),
        ("compress", False),
        ("gzip;q=banana", False),
        (";;;,,,", False),
    ],
)
def test_it_is_compressed_where_the_client_likes_that_best(
    client: FlaskClient, accepted: str | None, zipped: bool
) -> None:
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    answer = client.get("/feeds/python.atom", headers=headers)
    body = gzip.decompress(answer.data) if zipped else answer.data
    assert body == ATOM.body
    assert answer.headers.get("Content-Encoding") == ("gzip" if zipped else None)
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == (GZIP_ETAG if zipped else ATOM.etag)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, zstd;q=0, gzip", "gzip"),
        ("*", "gzip"),
    ],
)
def test_a_better_coding_is_used_where_it_is_named(
    client: FlaskClient, accepted: str, coding: str
) -> None:
    for _ in range(2):
        answer = client.get("/feeds/python.atom", headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert UNPACK[coding](answer.data) == ATOM.body
        etag = answer.headers["ETag"]
        assert etag == f'{ATOM.etag[:-1]}-{coding}"'
    again = client.get(
        "/feeds/python.atom", headers={"Accept-Encoding": accepted, "If-None-Match": etag}
    )
    assert (again.status_code, again.headers["ETag"]) == (NOT_MODIFIED, etag)


def test_a_short_body_is_packed_in_no_coding_that_was_not_prepared(client: FlaskClient) -> None:
    answer = client.get("/feeds/python/", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_what_is_packed_is_kept_within_bounds() -> None:
    packer = Packer(room_bytes=2000)
    bodies = [Random(number).randbytes(1500) for number in range(9)]
    made = [artifact(f"{number}", "x/y", body, CHANGED) for number, body in enumerate(bodies)]
    for one in (*made, *made):
        assert UNPACK["br"](packer.pack(one, "br")) == one.body
    assert packer.held_bytes <= 2000


@pytest.mark.parametrize(
    ("headers", "etag"),
    [
        ({"If-None-Match": ATOM.etag}, ATOM.etag),
        ({"If-None-Match": f"W/{ATOM.etag}"}, ATOM.etag),
        ({"If-None-Match": f'"other", {ATOM.etag} , W/"third"'}, ATOM.etag),
        ({"If-None-Match": "*"}, ATOM.etag),
        ({"If-None-Match": GZIP_ETAG, "Accept-Encoding": "gzip"}, GZIP_ETAG),
        ({"If-None-Match": ATOM.etag, "Accept-Encoding": "gzip"}, ATOM.etag),
        ({"If-None-Match": GZIP_ETAG}, GZIP_ETAG),
        ({"If-None-Match": "*", "Accept-Encoding": "gzip"}, GZIP_ETAG),
        ({"If-None-Match": ATOM.etag, "If-Modified-Since": EARLIER}, ATOM.etag),
        ({"If-Modified-Since": DATE}, ATOM.etag),
        ({"If-Modified-Since": "Tue, 03 Mar 2026 12:00:00 GMT"}, ATOM.etag),
        ({"If-Modified-Since": "Monday, 02-Mar-26 12:00:00 GMT"}, ATOM.etag),
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_already_is_told_so(
    client: FlaskClient, method: str, headers: dict[str, str], etag: str
) -> None:
    answer = client.open("/feeds/python.atom", method=method, headers=headers)
    assert (answer.status_code, answer.data) == (NOT_MODIFIED, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not {"Content-Length", "Content-Type", "Content-Encoding"} & set(answer.headers.keys())


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": DATE},
        {"If-None-Match": ""},
        {"If-None-Match": '"' + "x" * 4000},
        {"If-None-Match": ATOM.etag.upper()},
        {"If-Modified-Since": "Mon, 02 Mar 2026 11:59:59 GMT"},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 02 Mar 99999 12:00:00 GMT"},
        {"If-Match": '"other"'},
        {"Range": "bytes=0-9"},
        {"Range": "bytes=0-9", "If-Range": ATOM.etag},
    ],
)
def test_everybody_else_gets_the_whole(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/feeds/python.atom", headers=headers)
    assert (answer.status_code, answer.data) == (200, ATOM.body)


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    for path in ("/feeds/python.atom", "/", "/nowhere"):
        head, got = client.head(path), client.get(path)
        assert (head.status_code, head.data) == (got.status_code, b"")
        assert dict(head.headers) == dict(got.headers)


def test_a_page_without_its_slash_is_sent_there(client: FlaskClient) -> None:
    answer = client.get("/feeds/python", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, "python/")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/feeds/",
        "/feeds/rust",
        "/feeds/rust.atom",
        "/feeds/python.atom/",
        "/feeds/python/index.html",
        "//evil.example/",
        "/feeds/../feeds/python.atom",
        "/feeds/%2e%2e/%2e%2e/etc/passwd",
        "/feeds/python.atom%00",
        "/feeds/%ff%fe",
        "/feeds/Python.atom",
        "/" + "x" * 10_000,
        "/<script>alert(1)</script>",
        "/static/x",
    ],
)
def test_what_is_not_there_is_one_line(client: FlaskClient, path: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": unquote(path, "latin-1")})
    assert answer.status_code == 404
    assert answer.text == "There is nothing at this address. All feeds are listed at /\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_is_named_below_the_path_we_are_served_under(client: FlaskClient) -> None:
    answer = client.get("/nowhere", environ_overrides={"SCRIPT_NAME": "/planet"})
    assert answer.text.endswith(" /planet/\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_nothing_is_taken(client: FlaskClient, method: str) -> None:
    answer = client.open("/feeds/python.atom", method=method, data=b"x")
    assert (answer.status_code, answer.text) == (405, "Only GET and HEAD are answered here.\n")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_the_host_header_is_never_believed(client: FlaskClient) -> None:
    for path in ("/", "/nowhere", "/feeds/python", "/healthz", "/feeds/python.atom", "//x"):
        answer = client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        assert "evil" not in answer.text + str(answer.headers)


def test_health_is_whether_the_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, json.loads(answer.data)) == (200, {"status": "ok"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_readiness_is_whether_there_is_something_to_serve(
    client: FlaskClient, instance: Path
) -> None:
    assert client.get("/readyz").status_code == 200
    empty = open_store(f"sqlite:///{instance / 'aggregator.db'}")
    guest = create_app(empty, PAGES, clock).test_client()
    answer, home = guest.get("/readyz"), guest.get("/")
    empty.close()
    assert (answer.status_code, json.loads(answer.data)["status"]) == (503, "waiting")
    assert (home.status_code, home.text.partition(".")[0]) == (404, "Nothing is published yet")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_lost_database_is_no_health(path: str) -> None:
    answer = create_app(Broken(), PAGES, clock).test_client().get(path)
    assert (answer.status_code, json.loads(answer.data)["status"]) == (503, "failing")
    assert "secret" not in answer.text


def test_a_lost_database_is_one_line_and_a_time_to_come_back() -> None:
    answer = create_app(Broken(), PAGES, clock).test_client().get("/feeds/python.atom")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert answer.text == "The database cannot be used just now; try again in a moment.\n"


def test_a_fault_of_ours_is_one_line() -> None:
    answer = create_app(Faulty(), PAGES, clock).test_client().get("/feeds/python.atom")
    assert (answer.status_code, answer.text) == (
        500,
        "A fault of the aggregator's own; it is in its log.\n",
    )


def test_robots_may_come_in(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.text) == (200, "User-agent: *\nAllow: /\n")


def test_browsers_that_ask_for_an_icon_are_told_at_once(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.data) == (204, b"")


def feed(name: str, title: str | None = None) -> Source:
    return Source(name, "feed", f"https://me:secret@{name}.example/feed", title=title)


def test_the_status_page_says_how_every_source_does(store: SqlStore) -> None:
    store.sync([feed("planet"), feed("<b>")], CHANGED)
    store.hide(())
    answer = create_app(store, PAGES, clock).test_client().get("/status")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "2 in all · 2 new · " in answer.text
    assert "not polled yet" in answer.text
    assert "<b>" not in answer.text
    assert "secret" not in answer.text


def test_a_program_gets_the_status_as_json(store: SqlStore) -> None:
    store.sync([feed("planet")], CHANGED)
    store.hide(())
    answer = create_app(store, PAGES, clock).test_client().get("/status.json")
    (source,) = answer.get_json()["sources"]
    assert (source["name"], source["standing"]) == ("planet", "new")
    assert source["next_poll_at"] == "2026-03-02T12:00:00+00:00"


def test_the_status_names_feeds_that_are_held_and_targets_that_fail(store: SqlStore) -> None:
    client = create_app(store, PAGES, clock).test_client()
    assert "waiting" not in client.get("/status").text
    store.save(Build("python", "recipe", (ATOM,)))
    store.outdate(["python"])
    store.hold(HeldFeed("python", "it is <suddenly> empty", CHANGED), until_marked=True, told=())
    hub = "hub https://hub.example/"
    store.sync_targets({hub: ["python"]})
    store.put_off(hub, CHANGED, "no answer of <hub.example>")
    page = client.get("/status").text
    assert 'The feed <a href="feeds/python/">python</a> is held since' in page
    assert "it is &lt;suddenly&gt; empty" in page
    assert f"{hub}</bdi> does not have the newest of 1 feed (python):" in page
    assert "&lt;hub.example&gt;" in page
    data = client.get("/status.json").get_json()
    (held,), (undelivered,) = data["held"], data["undelivered"]
    assert (held["feed"], held["reason"]) == ("python", "it is <suddenly> empty")
    assert held["since"] == CHANGED.isoformat()
    assert (undelivered["target"], undelivered["attempts"]) == (hub, 1)


def test_a_broken_status_template_is_one_line(store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "status.html").write_text("{{ nothing.at.all }}")
    answer = create_app(store, Pages([tmp_path]), clock).test_client().get("/status")
    assert (answer.status_code, answer.text) == (
        500,
        "The page cannot be shown; why is in the log.\n",
    )

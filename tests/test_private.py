"""Private feeds: who has the token gets all of the feed, and nobody else a sign of it."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_gone import filed_under
from test_history import mistaken, news, told
from test_pipeline import HOUR, SETTINGS, A, Case, assemble, rss
from werkzeug.test import TestResponse

from aggregator.core.select import token_digest
from aggregator.errors import FetchError
from aggregator.formats.writing.pages import Pages
from aggregator.model.known import DuplicateLink
from aggregator.model.settings import (
    Category,
    Feed,
    FilesTarget,
    HubTarget,
    Match,
    Secret,
    Settings,
    Source,
)
from aggregator.ports import Store
from aggregator.web import create_app

TOKEN = "mDkW3nPq_8fXz-27"
OTHER = "another-token-000"
INNER = Feed("inner", "Inner", Match(), newest=3, token=Secret(TOKEN))
OPENED = replace(INNER, token=None, public=True)
PRIVATE = replace(SETTINGS, feeds=(*SETTINGS.feeds, INNER))
PATHS = ["inner.atom", "inner.rss", "inner.json", "inner/", "inner/archive/1.atom"]


def published(store: Store, settings: Settings = PRIVATE) -> Case:
    case = assemble(store, settings)
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    return case


def get(case: Case, path: str) -> TestResponse:
    pages = Pages([Path(__file__).parents[1] / "templates"])
    app = create_app(case.pipeline.store, pages, case.clock, lambda: SETTINGS.site)
    return app.test_client().get(path)


@pytest.mark.parametrize("path", PATHS)
def test_only_who_knows_the_token_gets_it(store: Store, path: str) -> None:
    case = published(store)
    assert get(case, f"/feeds/{path}?token={TOKEN}").status_code == 200
    nothing = get(case, "/feeds/nothing.atom")
    for query in ("", "?token=", f"?token={OTHER}", f"?token={token_digest(TOKEN)}", "?token=%00"):
        refused = get(case, f"/feeds/{path}{query}")
        assert (refused.status_code, refused.data) == (404, nothing.data)
    assert get(case, "/feeds/inner").status_code == 404
    assert get(case, f"/feeds/inner?token={TOKEN}").headers["Location"] == f"inner/?token={TOKEN}"


def test_its_links_carry_the_token_so_that_it_can_be_walked(store: Store) -> None:
    case = published(store)
    path: str | None = f"/feeds/inner.json?token={TOKEN}"
    found = []
    while path:
        document = json.loads(get(case, path).data)
        found += [item["id"] for item in document["items"]]
        path = document.get("next_url", "").removeprefix(SETTINGS.site.url[:-1])
    assert found == told(range(9, 0, -1))


def test_no_cache_and_no_robot_keeps_it(store: Store) -> None:
    headers = get(published(store), f"/feeds/inner.atom?token={TOKEN}").headers
    assert headers["Cache-Control"].startswith("private")
    assert headers["X-Robots-Tag"] == "noindex"
    assert "Access-Control-Allow-Origin" not in headers
    assert "Link" not in headers


def test_another_token_ends_the_old_one_before_anything_is_built(store: Store) -> None:
    case = published(store)
    inner = replace(INNER, token=Secret(OTHER))
    again = assemble(store, replace(PRIVATE, feeds=(*SETTINGS.feeds, inner)), case.clock)
    assert get(again, f"/feeds/inner.atom?token={TOKEN}").status_code == 404
    assert get(again, f"/feeds/inner.atom?token={OTHER}").status_code == 200
    again.pipeline.publishing.publish(bool)
    body = get(again, f"/feeds/inner.atom?token={OTHER}").data
    assert OTHER.encode() in body
    assert TOKEN.encode() not in body
    open_to_all = assemble(store, replace(PRIVATE, feeds=(*SETTINGS.feeds, OPENED)), case.clock)
    open_to_all.pipeline.publishing.publish(bool)
    assert get(open_to_all, "/feeds/inner.atom").status_code == 200
    assert b"token=" not in get(open_to_all, "/feeds/inner.atom").data


def test_it_stands_in_no_list_no_folder_and_no_hub(store: Store, tmp_path: Path) -> None:
    targets = (FilesTarget(tmp_path), HubTarget("self"))
    case = published(store, replace(PRIVATE, publish=targets))
    for path in ("/", "/opml.xml", "/status", "/status.json", "/operator.atom"):
        body = get(case, path).data
        assert b"inner" not in body, path
        assert TOKEN.encode() not in body, path
    assert not [path for path in tmp_path.rglob("*") if "inner" in path.name]
    assert b'rel="hub"' not in get(case, f"/feeds/inner.atom?token={TOKEN}").data
    lines = case.pipeline.publishing.directory().feeds
    assert not [line for line in lines if any(TOKEN in url for _, url in line.addresses)]


def test_what_ails_it_is_told_to_nobody_outside(store: Store) -> None:
    case = published(store, replace(PRIVATE, feeds=(replace(INNER, newest=50),)))
    bad = mistaken(case)
    bad.world.bodies = {A.location: news(1, 10)}
    bad.poll(2 * HOUR)
    bad.poll(timedelta(minutes=1))
    store.sync_targets({"posts of ours": ["inner"]})
    store.put_off("posts of ours", case.clock(), "a full disk")
    assert "inner" in {one.slug for one in store.held()}
    for _ in range(2):
        for path in ("/status", "/status.json", "/operator.atom"):
            assert b"inner" not in get(case, path).data, path
        after(case)


def test_what_ailed_it_before_it_was_private_is_told_no_longer(store: Store) -> None:
    case = published(store, replace(PRIVATE, feeds=(replace(OPENED, newest=50),)))
    bad = mistaken(case)
    bad.world.bodies = {A.location: news(1, 10)}
    bad.poll(2 * HOUR)
    bad.poll(timedelta(minutes=1))
    assert b"feed inner is held" in get(case, "/operator.atom").data
    again = assemble(store, replace(PRIVATE, feeds=(replace(INNER, newest=50),)), case.clock)
    again.pipeline.publishing.publish(bool)
    assert b"inner" not in get(again, "/operator.atom").data
    assert b"feed news is held" in get(again, "/operator.atom").data


def test_no_entry_says_that_it_is_in_a_private_category(store: Store) -> None:
    named = replace(SETTINGS, feeds=(replace(INNER, slug="all", title="All", token=None),))
    case = published(store, named)
    assert b"News" in case.body("feeds/all.atom")
    hidden = Category("News", token=Secret(TOKEN))
    again = assemble(store, replace(named, categories=(hidden,)), case.clock)
    again.pipeline.publishing.publish(bool)
    for path in ("all.atom", "all.rss", "all.json", "all/", "all/archive/1.atom"):
        answer = get(again, f"/feeds/{path}")
        assert (answer.status_code, b"News" in answer.data) == (200, False), path
    assert b"News" in get(again, f"/feeds/news.atom?token={TOKEN}").data  # its title


def test_a_hub_of_ours_takes_no_subscription_to_it(store: Store) -> None:
    case = published(store, replace(PRIVATE, publish=(HubTarget("self"),)))
    pages = Pages([Path(__file__).parents[1] / "templates"])
    client = create_app(store, pages, case.clock, lambda: SETTINGS.site).test_client()
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": f"{SETTINGS.site.url}feeds/inner.atom",
        "hub.callback": "https://reader.example/callback",
    }
    assert client.post("/hub", data=asked).status_code == 404


def test_its_token_is_logged_nowhere_and_kept_only_as_a_hash(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = published(store)
    for path in PATHS:
        get(case, f"/feeds/{path}?token={TOKEN}")
        get(case, f"/feeds/{path}?token={OTHER}")
    told = [line for line in caplog.text.splitlines() if "sqlalchemy" not in line]
    assert not [line for line in told if TOKEN in line or OTHER in line]
    assert TOKEN not in repr(case.pipeline.settings)
    assert not [event for event in case.events if TOKEN in repr(event)]
    saved = store.artifact("feeds/inner.atom")
    assert saved
    assert saved.digest == token_digest(TOKEN)


def after(case: Case, *feeds: Feed) -> Case:
    """Start under other settings, without building anything."""
    settings = replace(SETTINGS, feeds=(*SETTINGS.feeds, *feeds))
    return assemble(case.pipeline.store, settings, case.clock)


def test_one_that_is_removed_is_gone_for_who_had_it_and_nothing_for_others(store: Store) -> None:
    again = after(published(store))
    for path in PATHS:
        assert get(again, f"/feeds/{path}").status_code == 404
        assert get(again, f"/feeds/{path}?token={OTHER}").status_code == 404
        assert get(again, f"/feeds/{path}?token={TOKEN}").status_code == 410
    assert get(after(again), f"/feeds/inner.atom?token={TOKEN}").status_code == 410
    assert get(after(again), "/feeds/inner.atom").status_code == 404


def test_the_name_it_has_now_is_told_to_nobody_without_its_token(store: Store) -> None:
    hidden = replace(INNER, slug="hidden", moved_from=("inner", "all"))
    case = assemble(store, PRIVATE)
    case.world.bodies = {A.location: news(1, 9)}
    case.poll()
    settings = replace(SETTINGS, feeds=(hidden,))
    again = assemble(store, settings, case.clock)
    assert get(again, "/feeds/inner.atom").status_code == 404
    assert get(again, "/feeds/all.atom").status_code == 410
    for old in ("inner", "all"):
        led = get(again, f"/feeds/{old}.atom?token={TOKEN}")
        assert (led.status_code, led.headers["Location"]) == (301, f"hidden.atom?token={TOKEN}")


def test_what_was_written_for_some_is_never_open_to_all(store: Store) -> None:
    """Its links hold a token, which may be another feed's, too, until it is written again."""
    again = after(published(store), OPENED)
    for path in PATHS:
        assert get(again, f"/feeds/{path}").status_code == 404
    again.pipeline.publishing.publish(bool)
    assert get(again, "/feeds/inner.atom").status_code == 200


@pytest.mark.parametrize(("slug", "old"), [("inner", ()), ("outer", ("inner",))])
def test_an_edit_that_loses_the_token_opens_nothing(
    store: Store, slug: str, old: tuple[str, ...]
) -> None:
    feed = replace(INNER, token=None, slug=slug, moved_from=old)
    again = after(published(store), feed)
    again.world.bodies = {A.location: news(1, 12)}
    again.poll(2 * HOUR)
    for path in PATHS:
        for name in ("inner", "outer"):
            assert get(again, f"/feeds/{path.replace('inner', name)}").status_code == 404
    for path in ("/", "/opml.xml", "/status", "/status.json", "/operator.atom"):
        assert slug.encode() not in get(again, path).data
    assert any(getattr(event, "slug", "") == slug for event in again.events)


def test_what_stays_closed_is_there_as_it_was_for_who_knows_the_token(store: Store) -> None:
    case = published(store)
    before = {path: get(case, f"/feeds/{path}?token={TOKEN}").data for path in PATHS}
    again = after(case, replace(INNER, token=None))
    again.world.bodies = {A.location: news(1, 12)}
    again.poll(2 * HOUR)
    assert {path: get(again, f"/feeds/{path}?token={TOKEN}").data for path in PATHS} == before
    assert not again.pipeline.publishing.publish(bool)
    mended = after(again, INNER)
    mended.pipeline.publishing.publish(bool)
    assert b"https://a.example/12" in get(mended, f"/feeds/inner.atom?token={TOKEN}").data
    assert get(mended, "/feeds/inner.atom").status_code == 404


def test_a_category_whose_block_is_edited_away_stays_closed(store: Store) -> None:
    hidden = replace(SETTINGS, categories=(Category("News", token=Secret(TOKEN)),))
    case = published(store, hidden)
    for now in ((), (Category("Newz", token=Secret(TOKEN)),)):
        again = assemble(store, replace(SETTINGS, categories=now), case.clock)
        again.pipeline.publishing.publish(bool)
        assert get(again, "/feeds/news.atom").status_code == 404
        assert get(again, f"/feeds/news.atom?token={TOKEN}").status_code == 200
        assert b"News" not in get(again, "/").data
        assert b"News" not in get(again, "/feeds/all.atom").data
    opened = replace(SETTINGS, categories=(Category("News", public=True),))
    again = assemble(store, opened, case.clock)
    again.pipeline.publishing.publish(bool)
    assert get(again, "/feeds/news.atom").status_code == 200
    for later in (opened, SETTINGS):
        again = assemble(store, later, case.clock)
        assert not again.pipeline.publishing.publish(bool)
        assert get(again, "/feeds/news.atom").status_code == 200


def test_one_that_went_and_comes_back_without_its_token_stays_closed(store: Store) -> None:
    gone = after(published(store))
    for _ in range(2):
        back = after(gone, replace(INNER, token=None))
        back.pipeline.publishing.publish(bool)
        assert get(back, "/feeds/inner.atom").status_code == 404
        assert get(back, f"/feeds/inner.atom?token={TOKEN}").status_code == 410
    opened = after(gone, OPENED)
    opened.pipeline.publishing.publish(bool)
    assert get(opened, "/feeds/inner.atom").status_code == 200


def twice(number: int, source: Source) -> bytes:
    """Write a feed of one long story that both sources tell."""
    host = source.location.split("/")[2]
    words = " ".join(f"word{one} of a story that is told in two places" for one in range(60))
    return news(number, number, host, "Story").replace(
        b"<description>About", f"<description>{words} About".encode()
    )


NOTES = Source("b", "feed", "https://b.example/feed", slowest=HOUR)
OF_NOTES = replace(INNER, match=Match(sources=("b",)))
WITH_NOTES = replace(
    SETTINGS,
    sources=(A, NOTES),
    feeds=(Feed("sport", "Sport", Match(sources=("a",)), newest=2), OF_NOTES),
)


def test_a_source_of_private_feeds_alone_is_named_to_nobody(store: Store) -> None:
    case = assemble(store, WITH_NOTES)
    case.world.bodies = {NOTES.location: rss((9, "One story"), host="b.example")}
    case.poll()
    case.world.bodies |= {A.location: rss(*((one, f"{one} of a") for one in range(9)))}
    case.poll(2 * HOUR)
    case.world.bodies[NOTES.location] = FetchError("404 Not Found", status=404)
    for _ in range(9):
        case.poll(24 * HOUR)
    assert [one.source for one in store.notices(9)] == ["b"]
    public = [path for path in store.artifacts() if "inner" not in path]
    for path in (*public, "status", "status.json"):
        assert b"b.example" not in get(case, f"/{path}").data, path
        assert b'id="b"' not in get(case, f"/{path}").data, path
        assert b"b keeps failing" not in get(case, f"/{path}").data, path
    assert b"b.example" in get(case, f"/feeds/inner.atom?token={TOKEN}").data
    open_to_all = replace(WITH_NOTES, feeds=(*WITH_NOTES.feeds, Feed("all", "All", Match())))
    again = assemble(store, open_to_all, case.clock)
    again.pipeline.publishing.publish(bool)
    for path in ("", "opml.xml", "feeds/all.atom"):
        assert b"b.example" in get(again, f"/{path}").data, path
    assert b'id="b"' in get(again, "/status").data
    assert b"b keeps failing" in get(again, "/operator.atom").data


def test_a_copy_that_only_private_feeds_may_show_is_shown_by_no_other(store: Store) -> None:
    case = assemble(store, WITH_NOTES)
    case.world.bodies = {NOTES.location: twice(1, NOTES)}
    case.poll()
    case.world.bodies |= {A.location: twice(2, A)}
    case.poll(2 * HOUR)
    hidden, shown = store.find("https://b.example/1"), store.find("https://a.example/2")
    link = DuplicateLink(hidden[0].key, shown[0].key, "by hand", 1.0)
    store.join(link, case.clock())
    case.pipeline.publishing.publish(bool)
    assert b"https://a.example/2" in case.body("feeds/sport.atom")
    for path in store.artifacts():
        if "inner" not in path:
            assert b"b.example" not in get(case, f"/{path}").data, path
    inner = get(case, f"/feeds/inner.atom?token={TOKEN}").data
    assert b"https://b.example/1" in inner
    assert b"https://a.example/2" in inner


def test_a_private_feed_names_no_source_of_another_one(store: Store) -> None:
    outer = Feed("outer", "Outer", Match(sources=("a",)), newest=2, token=Secret(OTHER))
    sources = (replace(A, categories=()), NOTES)
    case = assemble(store, replace(SETTINGS, sources=sources, feeds=(OF_NOTES, outer)))
    case.world.bodies = {NOTES.location: twice(1, NOTES), A.location: twice(2, A)}
    case.poll()
    notes, other = store.find("https://b.example/1"), store.find("https://a.example/2")
    store.join(DuplicateLink(notes[0].key, other[0].key, "by hand", 1.0), case.clock())
    case.pipeline.publishing.publish(bool)
    for ending in ("atom", "rss", "json"):
        assert b"a.example" not in case.body(f"feeds/inner.{ending}")
        assert b"https://b.example/1" in case.body(f"feeds/inner.{ending}")
        assert b"b.example" not in case.body(f"feeds/outer.{ending}")
        assert b"https://a.example/2" in case.body(f"feeds/outer.{ending}")


def test_a_folder_that_files_its_posts_under_private_categories_alone_is_named_to_nobody(
    store: Store,
) -> None:
    own = replace(A, categories=(), own_categories=True)
    diary = replace(
        SETTINGS, sources=(own,), feeds=(), categories=(Category("Tales", token=Secret(TOKEN)),)
    )
    case = assemble(store, diary, parse=filed_under("Tales"))
    case.world.bodies = {A.location: news(1, 2)}
    case.poll()
    for path in ("", "opml.xml", "status"):
        assert b"a.example" not in get(case, f"/{path}").data
        assert b'id="a"' not in get(case, f"/{path}").data
    again = assemble(store, diary, case.clock, parse=filed_under("Other"))
    again.world.bodies = {A.location: news(1, 4)}
    again.poll(2 * HOUR)
    assert b"a.example/4" in get(again, "/feeds/other.atom").data
    assert b"a.example" in get(again, "/").data


def test_a_source_that_is_new_has_no_feed_written_that_is_not_its_own(store: Store) -> None:
    case = published(store, SETTINGS)
    notes = replace(NOTES, name="notes", categories=("Notes",))
    again = assemble(store, replace(SETTINGS, sources=(*SETTINGS.sources, notes)), case.clock)
    assert not {"news", "other"} & set(again.pipeline.publishing.publish(bool))

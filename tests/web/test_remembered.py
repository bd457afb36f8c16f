"""An answer that is given again is the one that was given, and the one that would be given now."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from aggregator.core.artifacts import artifact
from aggregator.formats.writing.pages import Pages
from aggregator.model.shown import Build
from aggregator.store import SqlStore
from aggregator.store.database import Database
from aggregator.web import Remembered, create_app, remembered

CHANGED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
PAGES = Pages([Path(__file__).parent.parent.parent / "templates"])
PATH = "feeds/python.atom"


def feed(body: bytes) -> Build:
    made = artifact(PATH, "application/atom+xml; charset=utf-8", body, CHANGED, "python")
    return Build(slug="python", recipe="", artifacts=(made,))


OLD, NEW = feed(b"<feed>old</feed>" * 99), feed(b"<feed>new</feed>" * 99)
TAG = OLD.artifacts[0].etag


@pytest.fixture
def store(sqlite_url: str, opened: Callable[[str], Database]) -> SqlStore:
    store = SqlStore(opened(sqlite_url))
    store.save(OLD)
    return store


class Counting:
    """A WSGI application that counts what it is asked."""

    def __init__(self, application: Any) -> None:
        self.asked = 0
        self._application = application

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer


@pytest.fixture
def flask(store: SqlStore) -> Counting:
    return Counting(create_app(store, PAGES, lambda: CHANGED))


Answer = tuple[str, list[tuple[str, str]], bytes]


def ask(application: Any, path: str = f"/{PATH}", method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(path, method=method, headers=named).get_environ()
    body, status, got = run_wsgi_app(application, environ, buffered=True)
    return status, list(got), b"".join(body)


REQUESTS: list[dict[str, str]] = [
    {},
    {"method": "HEAD"},
    {"Accept_Encoding": "gzip"},
    {"Accept_Encoding": "gzip", "method": "HEAD"},
    {"If_None_Match": TAG},
    {"If_None_Match": TAG, "method": "HEAD"},
    {"If_None_Match": TAG, "Accept_Encoding": "gzip"},
    {"If_None_Match": f'{TAG[:-1]}-gzip"', "Accept_Encoding": "gzip"},
    {"If_None_Match": '"other"', "If_Modified_Since": DATE},
    {"If_Modified_Since": DATE},
    {"If_None_Match": TAG, "Authorization": "Bearer secret"},
    {"path": f"/{PATH}?token=secret", "If_None_Match": TAG},
    {"path": "/feeds/nobody.atom", "If_None_Match": "*"},
    {"path": "/status"},
    {"path": "/healthz", "method": "HEAD"},
    {"path": "/favicon.ico"},
    {"method": "POST"},
    {"method": "OPTIONS"},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_every_answer_is_the_one_of_the_application(
    store: SqlStore, flask: Counting, request_: dict[str, str]
) -> None:
    front = Remembered(flask, store.written)
    for one in (*REQUESTS, request_, request_):
        assert ask(front, **one) == ask(flask, **one)


def test_the_application_is_asked_once_for_what_has_no_body(
    store: SqlStore, flask: Counting
) -> None:
    front = Remembered(flask, store.written)
    for words in ({"If_None_Match": TAG}, {"method": "HEAD"}):
        flask.asked = 0
        assert len({str(ask(front, **words)) for _ in range(3)}) == 1
        assert flask.asked == 1


@pytest.mark.parametrize("path", ["/status", "/healthz", "/feeds/nobody.atom", "/favicon.ico"])
def test_what_is_of_this_moment_is_never_remembered(
    store: SqlStore, flask: Counting, path: str
) -> None:
    front = Remembered(flask, store.written)
    for _ in range(3):
        ask(front, path, "HEAD")
    assert flask.asked == 3


def test_a_feed_that_was_built_anew_is_no_longer_what_it_was(
    store: SqlStore, flask: Counting
) -> None:
    front = Remembered(flask, store.written)
    assert ask(front, If_None_Match=TAG)[0].startswith("304")
    store.save(NEW)
    assert ask(front, If_None_Match=TAG)[2] == NEW.artifacts[0].body
    store.save(OLD)
    assert ask(front, If_None_Match=TAG)[0].startswith("304")


def test_a_write_while_an_answer_is_made_is_seen_by_the_next(
    store: SqlStore, flask: Counting
) -> None:
    def slow(environ: Any, start_response: Any) -> Iterable[bytes]:
        body = list(flask(environ, start_response))
        store.save(NEW)
        return body

    front = Remembered(slow, store.written)
    assert ask(front, If_None_Match=TAG)[0].startswith("304")
    assert ask(front, If_None_Match=TAG)[2] == NEW.artifacts[0].body


def test_a_guest_who_varies_a_header_makes_us_forget_and_not_grow(
    store: SqlStore, flask: Counting
) -> None:
    def small(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("304 NOT MODIFIED", [("Cache-Control", "public")])
        return ()

    front = Remembered(small, store.written)
    for number in range(remembered._MANY + 10):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_IF_NONE_MATCH": str(number)}
        front(environ, lambda *words: None)
        assert len(front._heads) <= remembered._MANY
    long = Remembered(flask, store.written)
    ask(long, If_None_Match=f'{TAG}, "{"x" * 3000}"')
    assert not long._heads


def nothing() -> Callable[[], None]:
    """Tell what PostgreSQL tells."""
    return lambda: None


def test_where_nobody_can_tell_whether_somebody_wrote_nothing_is_remembered(
    flask: Counting,
) -> None:
    front = Remembered(flask, nothing)
    for _ in range(3):
        assert ask(front, If_None_Match=TAG)[0].startswith("304")
    assert flask.asked == 3


def test_a_number_changes_when_somebody_writes(store: SqlStore) -> None:
    number = store.written()
    before = number()
    assert before is not None
    assert number() == before
    store.save(NEW)
    assert number() != before


def test_of_a_database_that_is_gone_nobody_can_tell(tmp_path: Path) -> None:
    assert Database(f"sqlite:///{tmp_path / 'nowhere' / 'aggregator.db'}").written()() is None

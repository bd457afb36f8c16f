"""The WSGI application: addresses, headers, and errors in one line of text."""

import json
import logging
import re
from collections.abc import Callable
from hmac import compare_digest
from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import Gone, HTTPException, NotFound

from aggregator.core.select import token_digest
from aggregator.errors import RenderError, StoreError
from aggregator.formats.writing.pages import CONTENT_SECURITY_POLICY, Pages
from aggregator.model.settings import Site
from aggregator.model.shown import Artifact
from aggregator.ports import Clock, Store
from aggregator.web.codings import Packer
from aggregator.web.conditions import choose
from aggregator.web.hub import HubDesk
from aggregator.web.status import StatusPage

_PATH = re.compile(r"[a-z0-9][a-z0-9./-]{0,199}|")
"""What a saved path can be: anything else is answered without asking the database."""
_FEED = re.compile(r"feeds/([a-z0-9-]+)((?:\.[a-z]+|/[a-z0-9./]*)?)")
"""Any address of a feed, of its page and its archive."""
_PAGE = re.compile(r"feeds/[a-z0-9-]+")
_RETRY_S = 30
_FRESH = "public, max-age=300"
_PRIVATE = "private, max-age=300"
_ROBOTS = "User-agent: *\nAllow: /\n"
_TEXT = "text/plain; charset=utf-8"
_WORDS = {
    404: "There is nothing at this address. All feeds are listed at {root}",
    405: "Only GET and HEAD are answered here.",
    410: "This feed is no more. All feeds are listed at {root}",
    500: "A fault of the aggregator's own; it is in its log.",
}
_NOTHING_YET = "Nothing is published yet. The feeds will be listed here."

_log = logging.getLogger("aggregator")


def create_app(
    store: Store, pages: Pages, clock: Clock, hub_of: Callable[[], Site | None] = lambda: None
) -> Flask:
    """Return the application that serves what a store holds.

    ``hub_of`` names the site whose hub it is just now; None: it is no hub.
    """
    app = Flask(__name__, static_folder=None)
    # Flask would send "//" and "" to "/" with the Host header in the address.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    site = _Site(store)
    app.add_url_rule("/", view_func=site.saved, defaults={"path": ""}, endpoint="index")
    app.add_url_rule("/<path:path>", view_func=site.saved, endpoint="saved")
    status = StatusPage(store, pages, clock)
    app.add_url_rule("/status", view_func=status.page)
    app.add_url_rule("/status.json", view_func=status.data)
    app.add_url_rule("/hub", view_func=HubDesk(store, hub_of).take, methods=["POST"])
    app.add_url_rule("/healthz", view_func=site.healthz)
    app.add_url_rule("/readyz", view_func=site.readyz)
    app.add_url_rule("/robots.txt", view_func=_robots)
    app.add_url_rule("/favicon.ico", view_func=_favicon)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(StoreError, _without_store)
    app.register_error_handler(RenderError, _without_template)
    app.after_request(_secured)
    return app


class _Site:
    """Answers from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._packer = Packer()

    def saved(self, path: str) -> Response:
        artifact = self._store.artifact(path) if _PATH.fullmatch(path) else None
        if artifact and _may_read(artifact.digest):
            return _answer(artifact, self._packer)
        page = self._store.artifact(f"{path}/") if _PAGE.fullmatch(path) else None
        if page and _may_read(page.digest):
            # Relative, so that it holds behind a proxy that serves us under a path of its own.
            return _led(308, f"{path.rpartition('/')[2]}/")
        if artifact or page:
            # Who has no token is not told that there is a feed.
            raise NotFound
        found = _FEED.fullmatch(path)
        gone = self._store.gone(found[1]) if found else None
        if found is None or gone is None or not _may_read(gone.digest):
            raise NotFound
        if gone.moved_to and _may_read(gone.moved_digest):
            up = "../" * found[2].count("/")
            return _led(301, f"{up}{gone.moved_to}{found[2]}")
        raise Gone

    def healthz(self) -> Response:
        """Tell whether the database answers."""
        try:
            self._store.check()
        except StoreError as error:
            _log.error("%s", error)
            return _state("failing", 503, "the database cannot be used")
        return _state("ok", 200)

    def readyz(self) -> Response:
        """Tell whether there is something to serve."""
        try:
            ready = self._store.artifact("") is not None
        except StoreError as error:
            _log.error("%s", error)
            return _state("failing", 503, "the database cannot be used")
        return _state("ready", 200) if ready else _state("waiting", 503, "nothing is published yet")


def _may_read(digest: str | None) -> bool:
    """Tell whether the request may know of a feed: of a private one it must bring the token."""
    if digest is None:
        return True
    return compare_digest(token_digest(request.args.get("token", "")), digest)


def _led(status: int, location: str) -> Response:
    """Lead to another address of ours, and take a token along."""
    token = request.args.get("token")
    query = f"?token={quote(token, safe='')}" if token else ""
    return Response(status=status, headers={"Location": f"{location}{query}"})


def _answer(artifact: Artifact, packer: Packer) -> Response:
    choice = choose(artifact, request, packer.codings(artifact))
    response = Response(
        status=304 if choice.known else 200,
        response=None if choice.known else _body(artifact, choice.form.encoding, packer),
        content_type=artifact.media_type,
    )
    response.headers.update(
        {
            "ETag": choice.form.etag,
            "Cache-Control": _PRIVATE if artifact.digest else _FRESH,
            "Vary": "Accept-Encoding",
        }
    )
    if artifact.digest is None:
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.last_modified = artifact.last_modified
    if choice.form.encoding:
        response.headers["Content-Encoding"] = choice.form.encoding
    if artifact.feed and not artifact.digest and not artifact.path.endswith("/"):
        response.headers["Link"] = f'<{artifact.path.rpartition("/")[2]}>; rel="self"'
    for name, value in artifact.headers:
        response.headers.add(name, value)
    return response


def _body(artifact: Artifact, coding: str | None, packer: Packer) -> bytes:
    if coding is None:
        return artifact.body
    return artifact.gzip if coding == "gzip" else packer.pack(artifact, coding)


def _state(state: str, status: int, reason: str | None = None) -> Response:
    words = {"status": state} | ({"reason": reason} if reason else {})
    return Response(
        f"{json.dumps(words)}\n",
        status,
        {"Cache-Control": "no-store"},
        content_type="application/json",
    )


def _robots() -> Response:
    return Response(_ROBOTS, content_type=_TEXT, headers={"Cache-Control": _FRESH})


def _favicon() -> Response:
    """Pages carry their icon in themselves; browsers that ask all the same are told at once."""
    return Response(status=204, headers={"Cache-Control": "public, max-age=86400"})


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    words = _WORDS.get(status, f"{error.name}.").format(root=f"{request.script_root}/")
    if status == HTTPStatus.NOT_FOUND and request.path == "/":
        words = _NOTHING_YET
    # A set of methods, whose order differs between processes.
    allowed = {
        name: ", ".join(sorted(value.split(", ")))
        for name, value in error.get_headers()
        if name == "Allow"
    }
    return _line(words, status, allowed)


def _without_store(error: StoreError) -> Response:
    _log.error("%s", error)
    words = "The database cannot be used just now; try again in a moment."
    return _line(words, 503, {"Retry-After": str(_RETRY_S)})


def _without_template(error: RenderError) -> Response:
    _log.error("%s", error)
    return _line("The page cannot be shown; why is in the log.", 500, {})


def _line(words: str, status: int, headers: dict[str, str]) -> Response:
    return Response(
        f"{words}\n", status, {"Cache-Control": "no-store", **headers}, content_type=_TEXT
    )


def _secured(response: Response) -> Response:
    """Nothing that is served can run in a browser, be framed, or be taken for another type."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

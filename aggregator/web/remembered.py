"""Answers without a body, remembered until the database changes: most readers have what we serve.

A reader asks every half an hour for what has not changed. Such an answer follows from the request
and the saved bytes alone, so it is given again, exactly as Flask made it, while both are the same:
there is one implementation of the rules (``conditions``), and this one of not applying them twice.

1. What is remembered is public and was made by a saved artifact: ``/status``, errors and what only
   some may read are made anew each time.
2. All of a request that the application looks at is in the key.
3. Each thread asks its own connection whether anybody has written since; a few µs in SQLite. Where
   the database cannot tell, nothing is remembered.
"""

import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Written = Callable[[], int | None]
"""Tells, in one thread, whether the database changed: equal numbers, equal content."""

_MANY = 4096
"""Requests remembered in a thread; a guest who varies a header makes us forget, not grow."""
_LONG = 2048
"""Characters of one key."""
_ASKED = (
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_AUTHORIZATION", "HTTP_ACCEPT_ENCODING"),
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_COOKIE", "HTTP_RANGE"),
)
_METHODS = frozenset(("GET", "HEAD"))
_PUBLIC = "public"

Headers = list[tuple[str, str]]
Head = tuple[str, Headers]
Key = tuple[str | None, ...]


class Remembered(threading.local):
    """A WSGI application before another one, which is asked what is not remembered."""

    def __init__(self, application: WSGIApplication, written: Callable[[], Written]) -> None:
        self._application = application
        self._written = written()
        self._number: int | None = None
        self._heads: dict[Key, Head] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = _key(environ)
        if key is None or not self._is_current():
            return self._application(environ, start_response)
        head = self._heads.get(key)
        if head is None:
            return self._application(environ, self._listening(key, environ, start_response))
        start_response(head[0], list(head[1]))
        return ()

    def _is_current(self) -> bool:
        """Look whether anybody wrote; what was remembered before is forgotten then."""
        number = self._written()
        if number != self._number or len(self._heads) >= _MANY:
            self._heads.clear()
            self._number = number
        return number is not None

    def _listening(
        self, key: Key, environ: WSGIEnvironment, start_response: StartResponse
    ) -> StartResponse:
        """Remember the head of an answer while it passes.

        The database was looked at before it was made: if it changes meanwhile, the next look tells.
        """

        def start(status: str, headers: Headers, *more: object) -> Callable[[bytes], object]:
            if _is_to_remember(environ["REQUEST_METHOD"], status, headers):
                self._heads[key] = status, list(headers)
            return start_response(status, headers, *more)  # type: ignore[arg-type]

        return start


def _key(environ: WSGIEnvironment) -> Key | None:
    """Return all of a request that its answer depends on; nothing where it is not to be kept."""
    method = environ["REQUEST_METHOD"]
    if method not in _METHODS:
        return None
    asked = tuple(environ.get(name) for name in _ASKED)
    if sum(len(value) for value in asked if value) > _LONG:
        return None
    return (method, *asked)


def _is_to_remember(method: str, status: str, headers: Headers) -> bool:
    bare = status.startswith("304") or (method == "HEAD" and status.startswith("200"))
    return bare and any(
        name == "Cache-Control" and value.startswith(_PUBLIC) for name, value in headers
    )

"""Our own WebSub hub, as far as it is called: a request is checked and noted, nobody is called.

What was noted is followed up by the daemon (``publishers.hub``).
"""

from collections.abc import Callable

from flask import Response, request
from werkzeug.exceptions import NotFound

from aggregator.core.hub import HubError, asked
from aggregator.model.settings import Site
from aggregator.ports import Store

_TEXT = "text/plain; charset=utf-8"
_FORM_BYTES = 16 * 1024
_RETRY_S = 3600


class HubDesk:
    """Takes requests to subscribe and to unsubscribe."""

    def __init__(self, store: Store, hub_of: Callable[[], Site | None]) -> None:
        self._store = store
        self._hub_of = hub_of

    def take(self) -> Response:
        """Note a request (WebSub 5.1)."""
        site = self._hub_of()
        if site is None:
            raise NotFound
        if (request.content_length or 0) > _FORM_BYTES:
            return _line("That is more than a subscription needs.", 413)
        request.max_content_length = _FORM_BYTES
        try:
            wish = asked(request.form, site)
        except HubError as error:
            return _line(f"{error}.", 400)
        if wish.mode == "subscribe" and not self._is_feed(wish.topic):
            return _line("hub.topic is no feed of this site.", 404)
        if not self._store.ask(wish):
            answer = _line("This hub has no room for more subscriptions just now.", 503)
            answer.headers["Retry-After"] = str(_RETRY_S)
            return answer
        return _line("It is noted; you will be asked whether you meant it.", 202)

    def _is_feed(self, topic: str) -> bool:
        artifact = self._store.artifact(topic)
        if artifact is None or artifact.digest:
            return False
        return bool(artifact.feed and artifact.page is None and topic[-1:] != "/")


def _line(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, headers={"Cache-Control": "no-store"}, content_type=_TEXT)

"""How the sources do, and the feeds and targets that wait, at this moment.

The one page that is made on request: it is about now, and saving it would write at every poll. It
reads the database, asks nobody and keeps nothing.
"""

import json

from flask import Response
from msgspec.structs import asdict

from aggregator.core.health import Health, examine
from aggregator.formats.writing.pages import Pages
from aggregator.model.shown import Delivery, HeldFeed
from aggregator.ports import Clock, Store

_ORDER = ("failing", "stopped", "new", "ok", "removed")
"""What needs looking after comes first."""
_FRESH = {"Cache-Control": "no-cache"}


class StatusPage:
    """Answers with the health of all sources, feeds that are held and targets that fail."""

    def __init__(self, store: Store, pages: Pages, clock: Clock) -> None:
        self._store = store
        self._pages = pages
        self._clock = clock

    def page(self) -> Response:
        """Show it to a person."""
        body = self._pages.status(self._health(), *self._trouble(), self._clock())
        return Response(body, content_type="text/html; charset=utf-8", headers=_FRESH)

    def data(self) -> Response:
        """Give it to a program."""
        held, undelivered = self._trouble()
        found = {
            "sources": [one.plain() for one in self._health()],
            "held": [_held(one) for one in held],
            "undelivered": [asdict(one) for one in undelivered],
        }
        body = json.dumps(found, ensure_ascii=False, indent=1)
        return Response(f"{body}\n", content_type="application/json", headers=_FRESH)

    def _trouble(self) -> tuple[list[HeldFeed], list[Delivery]]:
        """Look up feeds that are held and targets that fail; private feeds are named to nobody."""
        secluded = self._store.secluded()
        return (
            [one for one in self._store.held() if one.slug not in secluded],
            [one for one in self._store.undelivered() if one.feed not in secluded],
        )

    def _health(self) -> list[Health]:
        now = self._clock()
        told = (source for source in self._store.sources() if not source.hidden)
        found = [examine(source, now) for source in told]
        return sorted(found, key=lambda one: (_ORDER.index(one.standing), one.name))


def _held(feed: HeldFeed) -> dict[str, str]:
    return {
        "feed": feed.slug,
        "since": feed.at.isoformat(timespec="seconds"),
        "reason": feed.reason,
    }

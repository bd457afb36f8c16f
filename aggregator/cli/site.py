"""What is served over HTTP, put together."""

from collections.abc import Callable
from wsgiref.types import WSGIApplication

from aggregator import app
from aggregator.core.select import is_hub
from aggregator.model.settings import Settings, Site
from aggregator.ports import Store


def site_of(store: Store, settings: Callable[[], Settings]) -> WSGIApplication:
    """Return what answers from a store.

    The settings are asked for at each request that depends on them.
    """
    # Imported here: a poll need not pay for what only a server needs.
    from aggregator.formats.writing.pages import Pages
    from aggregator.web import Remembered, create_app

    def hub_of() -> Site | None:
        now = settings()
        return now.site if is_hub(now) else None

    pages = Pages(app.template_folders(settings()))
    return Remembered(create_app(store, pages, app.utc_now, hub_of), store.written)

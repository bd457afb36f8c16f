"""Serving with several processes: granian, where it is installed.

Each worker opens the database for itself and answers what ``serve`` answers.
"""

from collections.abc import Callable
from functools import partial
from wsgiref.types import WSGIApplication

from aggregator.cli.context import Place
from aggregator.cli.site import site_of
from aggregator.errors import UsageError

_BACKLOG = 1024
_GRACE_S = 2


def serve(place: Place, host: str, port: int, workers: int, greet: Callable[[], None]) -> None:
    """Serve what is published until SIGTERM or SIGINT; greets once nothing is missing.

    :raises UsageError: granian is not installed
    """
    try:
        from granian import Granian
        from granian.constants import HTTPModes, Interfaces
    except ImportError:
        raise UsageError(
            "--workers needs granian: pip install 'feed-aggregator[workers]'"
        ) from None

    server = Granian(
        "aggregator",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=1,
        backlog=_BACKLOG,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE_S,
    )
    greet()
    server.serve(target_loader=partial(_application, place), wrap_loader=False)


def _application(place: Place) -> WSGIApplication:
    """Open the database in a worker; the operating system closes it when that ends."""
    settings = place.settings()
    return site_of(place.store(), lambda: settings)

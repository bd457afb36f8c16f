"""The rules of our own WebSub hub (W3C WebSub, sections 5 to 8).

1. A request is only noted; the subscriber is asked whether it meant it by whoever delivers, never
   while somebody waits for the answer.
2. A lease is between an hour and thirty days, ten days where none is asked for.
3. What was delivered in vain is tried again for about a day; then this edition is given up, the
   next one is tried. A subscriber that answers 410 is gone at once.
4. Numbers are bounded: strangers may fill neither the database nor the line.
5. Whoever asks names somebody else's address: a host is asked whether it meant it once in a turn,
   however many subscriptions name it, and never is this site itself.
"""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlencode, urlsplit, urlunsplit

from aggregator.core.hosts import plain_host, registrable_domain
from aggregator.errors import AggregatorError
from aggregator.model.settings import Site
from aggregator.model.shown import Asked
from aggregator.ports import Call

ALL, OF_HOST, UNVERIFIED, UNVERIFIED_OF_HOST = 20_000, 5_000, 2_000, 20
"""Most subscriptions kept: in all, of one registrable domain, and of both the not verified ones."""

_SHORTEST_S, _LONGEST_S, _USUAL_S = 3600, 30 * 86_400, 10 * 86_400
_SECRET_BYTES = 200
_CALLBACK_LIMIT = 2000
_RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
_VERIFY_RETRIES = _RETRIES[:3]


class HubError(AggregatorError):
    """A request to the hub that cannot be meant."""


def asked(form: Mapping[str, str], site: Site) -> Asked:
    """Read a request.

    :raises HubError: it is none, with what is wrong in one line
    """
    mode = form.get("hub.mode", "")
    if mode not in ("subscribe", "unsubscribe"):
        raise HubError("hub.mode must be subscribe or unsubscribe")
    topic = form.get("hub.topic", "")
    if not topic.startswith(site.url):
        raise HubError(f"hub.topic must be the address of a feed below {site.url}")
    callback = form.get("hub.callback", "")
    if callback.startswith(site.url):
        raise HubError("hub.callback must not be an address of this site")
    secret = form.get("hub.secret") or None
    if secret and len(secret.encode("utf-8", "replace")) >= _SECRET_BYTES:
        raise HubError(f"hub.secret must be shorter than {_SECRET_BYTES} bytes")
    return Asked(
        mode=mode,
        topic=topic.removeprefix(site.url),
        callback=callback,
        host=_host_of(callback),
        lease_s=_lease(form.get("hub.lease_seconds", "")),
        secret=secret,
    )


def question(asked: Asked, site: Site, challenge: str) -> Call:
    """Return the call that asks a subscriber whether it meant it (5.3)."""
    words = {
        "hub.mode": asked.mode,
        "hub.topic": site.url + asked.topic,
        "hub.challenge": challenge,
    }
    if asked.mode == "subscribe":
        words["hub.lease_seconds"] = str(asked.lease_s)
    parts = urlsplit(asked.callback)
    query = "&".join(filter(None, (parts.query, urlencode(words))))
    return Call(urlunsplit(parts._replace(query=query)), method="GET")


def edition(
    callback: str, secret: str | None, media_type: str, body: bytes, links: Mapping[str, str]
) -> Call:
    """Return the call that delivers a feed whole (7), signed where there is a secret (7.1)."""
    named = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
    headers = [("Content-Type", media_type), ("Link", named)]
    if secret:
        digest = hmac.new(secret.encode("utf-8", "replace"), body, sha256).hexdigest()
        headers.append(("X-Hub-Signature", f"sha256={digest}"))
    return Call(callback, headers=tuple(headers), body=body)


def wait_after(attempts: int, *, verifying: bool = False) -> timedelta | None:
    """Return how long to wait after so many attempts in vain; None: it is given up."""
    waits = _VERIFY_RETRIES if verifying else _RETRIES
    return waits[attempts - 1] if attempts <= len(waits) else None


def _lease(stated: str) -> int:
    if not stated.isascii() or not stated.isdigit() or len(stated) > 12:
        return _USUAL_S
    return min(max(int(stated), _SHORTEST_S), _LONGEST_S)


def _host_of(callback: str) -> str:
    """Return whose host a callback is at; where that is, is looked at when it is called."""
    wrong = HubError("hub.callback must be a public http or https address")
    try:
        parts = urlsplit(callback)
        host = plain_host(parts.hostname or "")
        good = parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError as error:
        raise wrong from error
    plain = callback.isascii() and callback.isprintable() and " " not in callback
    if not good or not plain or len(callback) > _CALLBACK_LIMIT or "#" in callback:
        raise wrong
    if parts.username is not None:
        raise HubError("hub.callback must not hold a name and password")
    return registrable_domain(host)

"""Telling a WebSub hub which feeds changed (WebSub 7, "publish").

A hub is told every time anew: it asks for the feed itself, and one word too many does no harm.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from aggregator.errors import PublishError
from aggregator.ports import Call, Caller, Release, Reply

_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


class HubPublisher:
    """Tells one hub."""

    def __init__(self, hub: str, call: Caller) -> None:
        self._hub = hub
        self._call = call

    def __call__(self, release: Release) -> Sequence[str]:
        """Tell it of every address that changed.

        :raises PublishError: it does not take one of them
        """
        calls = [Call(self._hub, headers=_FORM, body=_body(topic)) for topic in release.topics]
        wrong = [reply for reply in self._call(calls) if not 200 <= reply.status < 300]
        if wrong:
            raise PublishError(f"the hub {self._hub} was not told: {_words(wrong[0])}")
        return ()


def _body(topic: str) -> bytes:
    # Hubs of the older PubSubHubbub read hub.url, some of them hub.topic.
    return urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()


def _words(reply: Reply) -> str:
    return reply.fault or f"it answers {reply.status}"

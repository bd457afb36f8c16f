"""Saved bytes over HTTP: a request polls nothing, parses nothing, renders nothing, writes nothing
but who subscribes at our hub.

What is served, and with which headers, follows from the saved artifact alone. The Host header is
never believed: no answer holds an address made from it.
"""

from aggregator.web.application import create_app
from aggregator.web.remembered import Remembered

__all__ = ["Remembered", "create_app"]

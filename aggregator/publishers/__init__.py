"""Targets outside the database: folders that static sites are built from, folders to serve, hubs.

Those that write folders keep a manifest of what is theirs; a file that is not in it is never
touched. Hubs and subscribers are strangers: ``calls`` bounds what they can do to us.
"""

from aggregator.publishers.calls import HttpCaller
from aggregator.publishers.files import FilesPublisher
from aggregator.publishers.hub import OwnHub
from aggregator.publishers.keeping import Published
from aggregator.publishers.posts import PostsPublisher
from aggregator.publishers.websub import HubPublisher

__all__ = [
    "FilesPublisher",
    "HttpCaller",
    "HubPublisher",
    "OwnHub",
    "PostsPublisher",
    "Published",
]

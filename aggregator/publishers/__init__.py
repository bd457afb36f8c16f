"""Targets outside the database: folders that static sites are built from, and folders to serve.

Both keep a manifest of what is theirs; a file that is not in it is never touched.
"""

from aggregator.publishers.files import FilesPublisher
from aggregator.publishers.keeping import Published
from aggregator.publishers.posts import PostsPublisher

__all__ = ["FilesPublisher", "PostsPublisher", "Published"]

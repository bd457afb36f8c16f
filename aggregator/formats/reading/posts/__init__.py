"""Folders of posts: what nine static site generators, and people without one, write.

``PostReader`` is the parser: bytes in, records out, nothing opened, nothing run. It remembers the
last scan of each folder. ``docs/post-folders.md`` says what it reads, engine by engine.
"""

from aggregator.formats.reading.posts.reader import PostReader, read_posts
from aggregator.formats.reading.posts.scan import Reading

__all__ = ["PostReader", "Reading", "read_posts"]

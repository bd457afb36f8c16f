"""Stories as posts of a static site: seven engines, one post per story, names that never move.

``docs/publishing-folders.md`` says how a site is set up for it.
"""

from aggregator.publishers.posts.publisher import PostsPublisher

__all__ = ["PostsPublisher"]

"""The parser of post folders: what it may be asked, and what it remembers between scans."""

from datetime import datetime

from aggregator.errors import ParseError
from aggregator.formats.reading.posts.memo import Memo
from aggregator.formats.reading.posts.scan import Reading, Scan
from aggregator.model.fetched import Document, PostFolder
from aggregator.model.parsed import ParsedFeed


class PostReader:
    """Reads folders of posts; remembers the last scan of each, so that a change costs one file.

    Posts that were written under ``own_tag`` (``Site.tag``) are ours, and not read again.
    """

    def __init__(self, own_tag: str = "") -> None:
        self._own_tag = own_tag
        self._memo = Memo()

    def __call__(self, document: Document | PostFolder) -> ParsedFeed:
        """Read a folder.

        :raises ParseError: it is none, or a pattern of its options is none
        """
        if isinstance(document, Document):
            raise ParseError(f"{document.url} is a document, no folder of posts")
        return self.read(document).feed

    def next_due(self, folder: PostFolder) -> datetime | None:
        """Return when the first post that waits for its day is due; None where none waits."""
        try:
            return Scan(folder, self._memo, self._own_tag).choice.next_due
        except ParseError:
            return None

    def read(self, folder: PostFolder) -> Reading:
        """Read a folder, and tell what was found.

        :raises ParseError: a pattern of its options is none
        """
        return Scan(folder, self._memo, self._own_tag).reading()


def read_posts(document: Document | PostFolder) -> ParsedFeed:
    """Read a folder once, remembering nothing.

    :raises ParseError: it is none, or a pattern of its options is none
    """
    return PostReader()(document)

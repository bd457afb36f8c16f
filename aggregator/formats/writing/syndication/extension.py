"""The one feedgen extension of ours: hands every element feedgen made to ``atom`` or ``rss``."""

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import _Element

from aggregator.formats.writing.syndication import atom, rss
from aggregator.formats.writing.syndication.names import PREFIXES, SELDOM
from aggregator.model.shown import Item, Publication

NAME = "mended"
"""feedgen hangs the extension on its feed and its entries under this attribute."""


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """Completes the feed's own elements."""

    feed: Publication

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes of the namespaces the extension writes in."""
        if self.feed.noindex:
            return PREFIXES | {"indexing": SELDOM["indexing"]}
        return PREFIXES

    def extend_atom(self, feed: _Element) -> _Element:
        """Complete <feed>."""
        atom.complete_feed(feed, self.feed)
        return feed

    def extend_rss(self, feed: _Element) -> _Element:
        """Complete <channel>."""
        rss.complete_channel(feed[0], self.feed)
        return feed


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Completes one entry."""

    feed: Publication
    item: Item

    def extend_atom(self, feed: _Element) -> _Element:
        """Complete <entry>."""
        atom.complete_entry(feed, self.item, self.feed)
        return feed

    def extend_rss(self, feed: _Element) -> _Element:
        """Complete <item>."""
        rss.complete_item(feed, self.item, self.feed)
        return feed

"""From the address of a page to its feeds: what `aggregator add` offers.

rule of the site ▶ the address itself ▶ the page's links ▶ links in its text ▶ the usual paths

Every address that is offered was asked and answered with a feed. Requests go through the same
fetcher as polls, one after the other per host, and no more than ``_ASKED`` are made at one step.
An address that is asked for is kept as it is unless it has moved for good.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from aggregator.core.normalise import normalise_info
from aggregator.core.wellknown import feeds_by_rule, usual_feeds
from aggregator.errors import FetchError, ParseError
from aggregator.formats.reading.discovery import FoundFeed, feeds_of_page, likely_feeds
from aggregator.formats.reading.encoding import decode
from aggregator.model.fetched import Document, Failed, Fetched, Request
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Source
from aggregator.ports import Fetcher, Parser

_ASKED = 12
_HEAD_BYTES = 4096


class Finding(Struct, frozen=True):
    """A feed that is there."""

    url: str
    title: str
    """"" where it has none."""
    entries: int
    version: str
    """As ``ParsedFeed.version``."""


class Finder(Struct, frozen=True):
    """Asks addresses and reads what comes."""

    fetch: Fetcher
    parse: Parser

    def find(self, url: str) -> tuple[Finding, ...]:
        """Return the feeds at or behind an address, the likeliest first; empty if there is none.

        :raises FetchError: the address itself gives no usable answer, and no rule knows its feeds
        :raises ParseError: it is neither page nor feed; the message says what it is
        """
        by_rule = self._all(feeds_by_rule(url))
        if by_rule:
            return by_rule
        fetched, document = self._ask(url)
        try:
            feed = self.parse(document)
        except ParseError:
            found = self._behind(document, url)
            if found or _is_page(document):
                return found
            raise
        return (_finding(fetched.permanent_url or url, feed),)

    def _behind(self, document: Document, url: str) -> tuple[Finding, ...]:
        """Look behind a page: by the rule of the site it led to, by what it links, by guesses."""
        at, page = document.url, decode(document.body, document.charset).text
        by_rule = () if at == url else feeds_by_rule(at)
        return (
            self._all(by_rule)
            or self._all(found.url for found in _comments_last(feeds_of_page(page, at)))
            or self._all(found.url for found in _comments_last(likely_feeds(page, at)))
            or self._first(usual_feeds(at))
        )

    def _all(self, urls: Iterable[str]) -> tuple[Finding, ...]:
        return tuple(self._findings(urls))

    def _first(self, urls: Iterable[str]) -> tuple[Finding, ...]:
        """Guesses end at the first that is right: the others are the same feed in other clothes."""
        found = next(self._findings(urls), None)
        return (found,) if found else ()

    def _findings(self, urls: Iterable[str]) -> Iterator[Finding]:
        for url in islice(urls, _ASKED):
            try:
                fetched, document = self._ask(url)
            except FetchError:
                continue
            feed = self._feed(document)
            if feed:
                yield _finding(fetched.permanent_url or url, feed)

    def _ask(self, url: str) -> tuple[Fetched, Document]:
        request = Request(Source("add", "feed", url), url)
        outcome = next((answer.outcome for answer in self.fetch([request])), None)
        if isinstance(outcome, Failed):
            raise outcome.error
        if isinstance(outcome, Fetched) and isinstance(outcome.document, Document):
            return outcome, outcome.document
        raise FetchError("its host asks to be left alone for now; try again later")

    def _feed(self, document: Document) -> ParsedFeed | None:
        try:
            return self.parse(document)
        except ParseError:
            return None


def _is_page(document: Document) -> bool:
    return b"<html" in document.body[:_HEAD_BYTES].lower() or "html" in document.media_type


def _finding(url: str, feed: ParsedFeed) -> Finding:
    title = normalise_info(feed.info, url).title
    return Finding(url, title or "", len(feed.entries), feed.version)


def _comments_last(feeds: Sequence[FoundFeed]) -> list[FoundFeed]:
    """Put feeds of comments, which every WordPress page links, behind the others."""
    return sorted(feeds, key=lambda feed: "comment" in f"{feed.title} {feed.url}".lower())

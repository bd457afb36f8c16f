"""A source's older entries, from the archive of its feed (RFC 5005 4, "next", JSON next_url).

1. The archive is walked from the current document back, one page after the other, by the fetcher of
   polls: its host is spared as ever, and no page is asked for twice.
2. Entries that are known stay as they are: an old page may hold an old state of them.
3. Old entries stand where their own date puts them; those without a date stay out, for they would
   be taken for news.
4. The source counts as polled: its next poll keeps its distance.
"""

from collections.abc import Iterator
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core import plan, schedule
from aggregator.core.hosts import domain_of
from aggregator.errors import FetchError, ParseError, UsageError
from aggregator.model.events import Backfilled
from aggregator.model.fetched import Answer, Failed, Fetched, Request
from aggregator.model.known import Due, EntryKey, NewEntry, PollPlan
from aggregator.model.parsed import ParsedFeed
from aggregator.model.settings import Settings, Source
from aggregator.pipeline.deciding import Decider
from aggregator.pipeline.intake import Kind
from aggregator.ports import Clock, Store

_LEASE = timedelta(hours=2)


class _Page(Struct, frozen=True):
    """A document of the archive, or the current one."""

    answer: Answer
    fetched: Fetched
    feed: ParsedFeed


class Backfill(Struct, frozen=True):
    """Walks one source's archive."""

    settings: Settings
    store: Store
    source: Source
    kind: Kind
    clock: Clock

    def run(self, pages: int) -> Backfilled:
        """Take in at most so many pages.

        :raises UsageError: it is a folder, was asked within the floor, or is being asked
        """
        if self.source.local:
            raise UsageError(f"{self.source.name} is a folder: it is read whole by every poll")
        due = self._claim()
        taken = new = 0
        try:
            for page in self._walk(schedule.address(self.source, due.state), pages):
                made = self._plan(due, page)
                self.store.apply(made)
                taken, new = taken + 1, new + len(made.new)
        except (FetchError, ParseError) as error:
            return Backfilled(taken, new, str(error))
        finally:
            self.store.release([self.source.name])
        return Backfilled(taken, new)

    def _claim(self) -> Due:
        now = self.clock()
        found = self.store.claim(
            now,
            _LEASE,
            limit=1,
            per_host=1,
            names=[self.source.name],
            asked_before=now - self.settings.fetch.floor,
        )
        if not found:
            raise UsageError(f"{self.source.name} was asked a moment ago, try again later")
        return replace(found[0], state=schedule.belongs_to(found[0].state, self.source))

    def _walk(self, address: str, pages: int) -> Iterator[_Page]:
        """Yield the pages behind the current document, each once."""
        older = self._ask(address).feed.older
        seen = {address}
        while older and older not in seen and len(seen) <= pages:
            if not _same_house(address, older):
                raise FetchError(f"its archive is at another site: {older}")
            seen.add(older)
            page = self._ask(older)
            yield page
            older = page.feed.older

    def _ask(self, address: str) -> _Page:
        answer = next(iter(self.kind.fetch([Request(self.source, address)])), None)
        outcome = answer.outcome if answer else None
        if isinstance(outcome, Failed):
            raise outcome.error
        if answer is None or not isinstance(outcome, Fetched):
            raise FetchError("no answer")
        return _Page(answer, outcome, self.kind.parse(outcome.document))

    def _plan(self, due: Due, page: _Page) -> PollPlan:
        answer = page.answer
        # As of a first poll: an entry's own date says where it stands.
        poll = plan.Poll(self.settings, self.source, replace(due, first=True), answer)
        made = Decider(self.settings, self.store).decide(poll, page.fetched, page.feed)
        new = tuple(entry for entry in made.new if _dated(entry))
        floor = answer.at + self.settings.fetch.floor
        state = replace(
            due.state,
            last_poll_at=answer.at,
            next_poll_at=max(due.state.next_poll_at or floor, floor),
        )
        left_out = (entry for entry in made.new if not _dated(entry))
        dropped = {EntryKey(self.source.name, entry.guid) for entry in left_out}
        return replace(
            made,
            record=replace(made.record, outcome="older", new=len(new), changed=0),
            state=state,
            info=None,
            new=new,
            changed=(),
            links=tuple(link for link in made.links if not dropped.intersection((link.a, link.b))),
            notices=(),
        )


def _same_house(address: str, other: str) -> bool:
    """Tell whether an archive lies with its feed: no feed sends us about to others' servers."""
    return domain_of(address) == domain_of(other)


def _dated(entry: NewEntry) -> bool:
    return bool(entry.article.published or entry.article.updated)

"""One poll's plan: for no answer, for an unchanged one, for a document that was read."""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.core import dedupe, health, operator, schedule
from aggregator.core.normalise import normalise_info
from aggregator.core.plan.entries import Reading, Sorted, sort
from aggregator.core.plan.places import outdated
from aggregator.core.plan.records import Memory, Poll, Search
from aggregator.model.fetched import Document, Failed, Fetched, NotModified, Validators
from aggregator.model.known import (
    Candidate,
    DuplicateLink,
    EntryKey,
    Identified,
    NewEntry,
    PollPlan,
    PollRecord,
    PollState,
)
from aggregator.model.parsed import ParsedFeed

_MESSAGE_LIMIT = 1000


def unchanged(poll: Poll, outcome: Fetched | NotModified) -> PollPlan:
    """Plan for a 304, or for a body equal to the last one."""
    before = poll.due.state
    state = schedule.after_read(
        poll.source, before, outcome, before.rhythm, poll.answer.at, poll.settings.fetch
    )
    said = "not-modified" if isinstance(outcome, NotModified) else "unchanged"
    return _plan(poll, _record(poll, said), state)


def failed(poll: Poll, failure: Failed, outcome: str = "failed") -> PollPlan:
    """Plan for no answer ("failed"), or for one that was no feed ("broken")."""
    state = schedule.after_failure(
        poll.source, poll.due.state, failure, poll.answer.at, poll.settings.fetch
    )
    record = replace(
        _record(poll, outcome),
        message=state.last_error,
        paused_host=state.paused_host,
        paused_until=state.paused_until,
    )
    return _plan(poll, record, state)


def called_off(poll: Poll) -> PollPlan:
    """Plan for a request that was broken off because the round was stopped."""
    before, now = poll.due.state, poll.answer.at
    state = schedule.after_calling_off(poll.source, before, now, poll.settings.fetch)
    return _plan(poll, _record(poll, "called-off"), state)


def read(
    poll: Poll,
    fetched: Fetched,
    feed: ParsedFeed,
    entries: Sequence[Identified],
    policy: str,
    memory: Memory,
    search: Search,
) -> PollPlan:
    """Plan for a document that was read: what is new, what changed, what tells a known story.

    ``policy`` is the one by which ``entries`` were identified.
    """
    base = fetched.document.url if isinstance(fetched.document, Document) else ""
    live = [entry for entry in entries if entry.guid not in memory.buried]
    info = normalise_info(feed.info, base)
    found = sort(Reading(poll, feed, base), live, memory)
    links, others = _links(poll.source.name, found.new, search)
    record = replace(
        _record(poll, "new" if found.new or found.changed else "unchanged"),
        new=len(found.new),
        changed=len(found.changed),
        duplicates=len(links),
        message="; ".join(feed.warnings)[:_MESSAGE_LIMIT] or None,
    )
    made = _plan(poll, record, replace(_state(poll, fetched, feed, found), identity=policy))
    return replace(
        made,
        info=info if info != memory.info else None,
        new=found.new,
        changed=found.changed,
        seen=found.seen,
        aliases=found.aliases,
        links=links,
        outdated=(*made.outdated, *outdated(poll, memory.info, info, found, others)),
    )


def _plan(poll: Poll, record: PollRecord, state: PollState) -> PollPlan:
    notices = health.notices(poll.source, poll.due.state, state, poll.answer.at)
    told = (operator.SLUG,) if notices else ()
    return PollPlan(record=record, state=state, notices=notices, outdated=told)


def _record(poll: Poll, outcome: str) -> PollRecord:
    return PollRecord(
        source=poll.source.name,
        at=poll.answer.at,
        outcome=outcome,
        traffic=poll.answer.outcome.traffic,
    )


def _state(poll: Poll, fetched: Fetched, feed: ParsedFeed, found: Sorted) -> PollState:
    """Keep no validators of a document that broke off: the rest of it must be asked for again."""
    believed = fetched if feed.whole else replace(fetched, validators=Validators(), body_hash="")
    now = poll.answer.at
    stated = (one.article.published for one in found.new)
    news = schedule.News(
        new=len(found.new), dates=tuple(date for date in stated if date and date <= now)
    )
    return schedule.after_read(
        poll.source, poll.due.state, believed, feed.rhythm, now, poll.settings.fetch, news
    )


def _links(
    source: str, new: Sequence[NewEntry], search: Search
) -> tuple[tuple[DuplicateLink, ...], tuple[Candidate, ...]]:
    """Match new entries with kept ones and with those before them in the same document."""
    marks = tuple({mark for entry in new for mark in entry.fingerprints})
    kept = tuple(search(marks)) if marks else ()
    pool = [*kept]
    links = []
    for entry in new:
        key = EntryKey(source, entry.guid)
        link = dedupe.match(key, entry.article.title, entry.fingerprints, pool)
        if link:
            links.append(link)
        pool.append(_as_candidate(key, entry))
    linked = {link.a for link in links}
    return tuple(links), tuple(candidate for candidate in kept if candidate.key in linked)


def _as_candidate(key: EntryKey, entry: NewEntry) -> Candidate:
    return Candidate(
        key=key,
        title=entry.article.title,
        link=entry.article.link,
        fingerprints=entry.fingerprints,
        categories=tuple(filed.slug for filed in entry.filed),
    )

"""One poll's plan where a document was read."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core import flood, schedule, select
from aggregator.core.loop_guard import is_own_feed, minted_here
from aggregator.core.normalise import normalise_info
from aggregator.core.plan.answers import plan_of, record_of
from aggregator.core.plan.entries import Reading, Sorted, sort
from aggregator.core.plan.missing import missing
from aggregator.core.plan.places import outdated
from aggregator.core.plan.records import Memory, Poll
from aggregator.core.stories import Arrival, Desk, Features, features, keeping
from aggregator.model.fetched import Document, Fetched
from aggregator.model.known import (
    Article,
    ChangedEntry,
    DuplicateLink,
    EntryKey,
    Identified,
    NewEntry,
    Notice,
    PollPlan,
    PollState,
)
from aggregator.model.parsed import ParsedFeed

_MESSAGE_LIMIT = 1000
_OWN = "it is a feed of this site: nothing is taken from it"


def read(
    poll: Poll,
    fetched: Fetched,
    feed: ParsedFeed,
    entries: Sequence[Identified],
    policy: str,
    memory: Memory,
    desk: Desk,
) -> PollPlan:
    """Plan for a document that was read: what is new, what changed, what tells a known story.

    ``policy`` is the one by which ``entries`` were identified.
    """
    base = fetched.document.url if isinstance(fetched.document, Document) else ""
    ours = is_own_feed(base, poll.settings.site) or is_own_feed(
        feed.info.feed_url, poll.settings.site
    )
    minted = minted_here((entry.guid for entry in entries), poll.settings)
    live = [
        entry
        for entry in ([] if ours else entries)
        if entry.guid not in memory.buried and entry.guid not in minted
    ]
    info = normalise_info(feed.info, base)
    shelves = select.shelves(poll.settings)
    found = sort(Reading(poll, feed, base, shelves), live, memory)
    came = flood.place(poll.source, poll.due, found.new, memory.log, poll.answer.at)
    found = replace(found, new=came.new)
    less = missing(poll, feed, found, memory)
    stories = _stories(poll, found, desk)
    record = replace(
        record_of(poll, _outcome(found, came)),
        new=len(found.new),
        changed=len(found.changed),
        duplicates=len({link.b for link in stories.links}),
        message="; ".join((*feed.warnings, *([_OWN] if ours else ())))[:_MESSAGE_LIMIT] or None,
    )
    state = replace(
        _state(poll, fetched, feed, _news(poll, came)), identity=policy, missing=less.held
    )
    made = plan_of(poll, record, state, _told(poll, came, memory))
    return replace(
        made,
        info=info if info != memory.info else None,
        new=tuple(came.stand(entry) for entry in stories.new),
        changed=stories.changed,
        seen=found.seen,
        gone=less.gone,
        returning=_listed(found) if poll.source.local else (),
        aliases=found.aliases,
        shelves=tuple(shelves),
        links=stories.links,
        cut=stories.cut,
        outdated=(*made.outdated, *outdated(poll, memory.info, info, found)),
    )


def _outcome(found: Sorted, came: flood.Came) -> str:
    if came.flooded:
        return flood.OUTCOME
    return "new" if found.new or found.changed else "unchanged"


def _told(poll: Poll, came: flood.Came, memory: Memory) -> tuple[Notice, ...]:
    """Tell of a flood, unless an earlier one still waits for the operator's word."""
    if not came.flooded or any(record.outcome == flood.OUTCOME for record in memory.log()):
        return ()
    name = poll.source.name
    return (Notice(name, flood.OUTCOME, poll.answer.at, flood.words(name, came)),)


def _listed(found: Sorted) -> tuple[str, ...]:
    return (*found.seen, *(one.guid for one in found.changed))


def _state(poll: Poll, fetched: Fetched, feed: ParsedFeed, news: schedule.News) -> PollState:
    """Keep no validators of a document that broke off, but those of the last whole one.

    The rest of it must be asked for again, and a 304 then speaks of what was read whole.
    """
    before = poll.due.state
    last = replace(fetched, validators=before.validators, body_hash=before.body_hash or "")
    believed = fetched if feed.whole else last
    now, fetch = poll.answer.at, poll.settings.fetch
    return schedule.after_read(poll.source, poll.due.state, believed, feed.rhythm, now, fetch, news)


def _news(poll: Poll, came: flood.Came) -> schedule.News:
    """Return what tells how often a source publishes; a flood says nothing of it."""
    if came.flooded and not poll.due.first:
        return schedule.News()
    stated = (one.article.published for one in came.new)
    dates = tuple(date for date in stated if date and date <= poll.answer.at)
    return schedule.News(new=len(came.new), dates=dates)


class _Stories(Struct, frozen=True):
    """What the entries of a document turned out to tell."""

    new: tuple[NewEntry, ...]
    changed: tuple[ChangedEntry, ...]
    links: tuple[DuplicateLink, ...]
    cut: tuple[DuplicateLink, ...]


def _stories(poll: Poll, found: Sorted, desk: Desk) -> _Stories:
    """Put new entries to the stories they tell, the earliest first; judge edits again."""
    source = poll.source.name
    said = {entry.guid: _features(entry.article) for entry in found.new}
    arrivals = [
        _arrival(poll, entry, said[entry.guid], entry.sort_at)
        for entry in sorted(found.new, key=lambda entry: entry.sort_at)
    ]
    desk.expect(arrivals)
    for arrival in arrivals:
        desk.take(arrival)
    edits = {entry.guid: _edit(poll, entry, found) for entry in found.changed}
    desk.edit(edits.values())
    usual = desk.habits(source).marks if found.new or found.changed else ()
    return _Stories(
        new=tuple(
            replace(entry, traces=keeping.traces(said[entry.guid], usual)) for entry in found.new
        ),
        changed=tuple(
            replace(entry, traces=keeping.traces(desk.said(edits[entry.guid]), usual))
            for entry in found.changed
        ),
        links=tuple(map(keeping.link, desk.made.values())),
        cut=tuple(map(keeping.link, desk.cut.values())),
    )


def _arrival(poll: Poll, entry: NewEntry | ChangedEntry, said: Features, at: datetime) -> Arrival:
    filed = [place.slug for place in entry.filed]
    level = select.dedupe_level(poll.settings, poll.source, filed)
    keep_scripts = select.keeps_scripts(poll.settings, poll.source, filed)
    return Arrival(EntryKey(poll.source.name, entry.guid), at, said, level, keep_scripts)


def _edit(poll: Poll, entry: ChangedEntry, found: Sorted) -> Arrival:
    """Date an edit by our clock: what a feed says of it could make it look older."""
    edit = _arrival(poll, entry, _features(entry.article), poll.answer.at)
    return replace(edit, reworded=entry.words_hash != found.known[entry.guid].words_hash)


def _features(article: Article) -> Features:
    return features(article.title, article.summary, article.content, article.link)

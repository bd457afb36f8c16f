"""Records as words for a terminal."""

from datetime import datetime

from aggregator.model.events import Polled, Round
from aggregator.model.shown import FeedLine


def count(number: int, word: str) -> str:
    """Return "1 feed", "2 feeds", "0 entries", "1 category"."""
    if number == 1:
        return f"1 {word}"
    return f"{number:,} {word[:-1]}ies" if word.endswith("y") else f"{number:,} {word}s"


def harmless(line: str) -> str:
    """Take out what steers a terminal: ids and texts hold what a feed said."""
    if line.isprintable():
        return line
    return "".join(map(_harmless, line))


def _harmless(sign: str) -> str:
    if sign.isprintable():
        return sign
    # No-break spaces are many in French; Python calls no space but one printable.
    return " " if sign.isspace() else "\ufffd"


def clock_time(moment: datetime | None, now: datetime) -> str:
    """Return the local time of day, with the date unless it is today's."""
    if moment is None:
        return "never"
    local = moment.astimezone()
    same_day = local.date() == now.astimezone().date()
    return local.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")


def round_summary(done: Round, seconds: float) -> str:
    """Return "3 ok, 1 failed · 58 new entries, 2 duplicates · 2.3 s"."""
    failed = len(done.failed) + done.bugs
    polls = f"{len(done.polls) - len(done.failed)} ok" + (f", {failed} failed" if failed else "")
    found = count(done.new, "new entry")
    edits = f", {count(done.changed, 'edit')}" if done.changed else ""
    copies = f", {count(done.duplicates, 'duplicate')}" if done.duplicates else ""
    return f"{polls} · {found}{edits}{copies} · {seconds:.1f} s"


def failure(poll: Polled, now: datetime) -> str:
    """Return one line on a source that gave nothing, with the next try."""
    name, why = poll.record.source, poll.record.message or "failed"
    again = f"again {clock_time(poll.next_poll_at, now)}" if poll.next_poll_at else "not again"
    return harmless(f"  ! {name}  {why} · {again} · aggregator show {name}")


def feed_line(line: FeedLine, width: int) -> str:
    """Return a feed's name, first address and size, and its title where that is another word."""
    address = line.addresses[0][1] if line.addresses else line.home
    token = "?token=…" if line.private else ""
    title = f"   {line.title}" if line.title.casefold() != line.slug else ""
    size = count(line.entries, "entry")
    return harmless(f"  {line.slug.ljust(width)}  {address}{token}   {size}{title}")

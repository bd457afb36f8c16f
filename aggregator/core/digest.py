"""Digests: one entry for each day or week that is over, which lists its stories (``digest:``).

1. A period begins at midnight in the site's time zone, a week on Monday. Its digest is made once it
   is over, and some minutes more: what came shortly before the end may be kept shortly after it.
2. A digest's id is made of its feed and its period, its date is the period's end: neither depends
   on what it lists, so a story that is withdrawn leaves it, and no reader sees it as new.
3. A story stands in the period in which the feed got its first copy, be an older one in feeds that
   are not of this match. It is told as everywhere (``compose``), but no more than begun.
4. A period in which nothing came has no digest.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from html import escape

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core.compose import EPOCH
from aggregator.core.html import plain_text
from aggregator.core.republishing import beginning
from aggregator.model.known import Article
from aggregator.model.parsed import Person
from aggregator.model.settings import Feed
from aggregator.model.shown import Credit, Item, Publication

MOST = 100
"""Stories that one digest lists, the newest."""
WORDS = 40
"""Of a story, as an excerpt."""
GRACE = timedelta(minutes=5)
"""A poll that began before the end of a period is kept by then."""

_DAY = timedelta(days=1)
_TITLE_WORDS = 12


class Period(Struct, frozen=True):
    """A day or a week, from its first moment to that of the next."""

    name: str
    """"2026-03-02", or "2026-W10" (ISO 8601)."""
    words: str
    """"2026-03-02", or "2026-03-02 – 2026-03-08"."""
    since: datetime
    until: datetime


def period_of(moment: datetime, digest: str, zone: tzinfo) -> Period:
    """Return the day or week that a moment is in; ``digest`` is "daily" or "weekly"."""
    day = _day_of(moment, zone)
    if digest == "daily":
        return Period(day.isoformat(), day.isoformat(), _start(day, zone), _start(day + _DAY, zone))
    year, week, weekday = day.isocalendar()
    monday = day - (weekday - 1) * _DAY
    words = f"{monday.isoformat()} – {(monday + 6 * _DAY).isoformat()}"
    until = _start(monday + 7 * _DAY, zone)
    return Period(f"{year}-W{week:02}", words, _start(monday, zone), until)


def open_period(now: datetime, digest: str, zone: tzinfo) -> Period:
    """Return the first period of which no digest is made yet."""
    return period_of(now - GRACE, digest, zone)


def closes_at(now: datetime, digest: str, zone: tzinfo) -> datetime:
    """Return when the next digest is made."""
    return open_period(now, digest, zone).until + GRACE


def digest_of(period: Period, told: Publication, feed: Feed) -> Item:
    """Return the entry for a period of which ``told`` has the stories, one more than it lists."""
    title = f"{told.title}, {period.words}"
    # The token of a private feed stands in its home, and entries are handed on as posts, too.
    home = None if feed.private else told.home
    return Item(
        id=f"{told.id}/{period.name}",
        title=title,
        link=f"{home}#{period.name}" if home else None,
        published=period.until,
        updated=period.until,
        article=Article(title=title, content=_content(period, told.items)),
        source=Credit(
            name=told.slug,
            id=told.id,
            title=told.title,
            link=home,
            updated=period.until,
            authors=(Person(told.author, url=told.site_url),),
        ),
    )


def publication_of(frame: Publication, digests: Sequence[Item], *, noindex: bool) -> Publication:
    """Return the feed of these digests, the newest first; ``frame`` is the feed without items.

    ``noindex``: one of their stories is of a source that asks search engines to keep out.
    """
    return replace(
        frame,
        items=tuple(digests),
        updated=max((one.updated for one in digests), default=EPOCH),
        noindex=frame.noindex or noindex,
    )


def _day_of(moment: datetime, zone: tzinfo) -> date:
    """Return the day that a moment is in: the last one that has begun.

    Where clocks went back over midnight (St. John's, until 2011), the calendar says a day twice.
    """
    day = moment.astimezone(zone).date()
    return next(one for one in (day + _DAY, day, day - _DAY) if _start(one, zone) <= moment)


def _start(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _content(period: Period, stories: Sequence[Item]) -> str:
    listed = "".join(map(_story, stories[:MOST]))
    more = "<p>There were more.</p>" if len(stories) > MOST else ""
    return f'<section id="{period.name}">{listed}{more}</section>'


def _story(item: Item) -> str:
    """List a story: its title with its link, how it begins, who told it, and its rights."""
    title = item.title or beginning(plain_text(item.article.summary), _TITLE_WORDS)
    by = ", ".join(
        [
            _linked(item.source.title, item.source.link),
            *(_linked(via.title, via.link) for via in item.via),
        ]
    )
    rights = item.article.rights or item.source.rights
    terms = f" · {escape(rights)}" if rights else ""
    heading = _linked(title or item.link or item.source.title, item.link)
    return f"<h3>{heading}</h3>{item.article.summary}<p>{by}{terms}</p>"


def _linked(words: str, url: str | None) -> str:
    return f'<a href="{escape(url)}">{escape(words)}</a>' if url else escape(words)

"""Who subscribed to which feed at our own hub, and who is still to get its present edition.

There is no queue: what a subscriber has is the ETag it got last, and whoever has another one than
the feed's is to get it. So a kill loses no delivery, and ten edits in a minute are one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from aggregator.core.hub import ALL, OF_HOST, UNVERIFIED, UNVERIFIED_OF_HOST
from aggregator.model.shown import Asked, Question, Subscriber
from aggregator.store.database import parts
from aggregator.store.schema import artifact, private, subscription
from aggregator.store.types import bounded

_OF = subscription.c


def ask(connection: Connection, asked: Asked) -> bool:
    """Note what somebody asks for; False where there is no room for it."""
    wish = {
        "asked": asked.mode,
        "asked_secret": asked.secret,
        "asked_lease_s": asked.lease_s,
        "asked_attempts": 0,
        "asked_due_at": None,
    }
    key = bounded(asked.callback)
    known = (_OF.topic == asked.topic) & (_OF.callback_key == key)
    if connection.execute(update(subscription).where(known).values(wish)).rowcount:
        return True
    if asked.mode == "unsubscribe":
        return True
    if _is_full(connection, asked.host):
        return False
    place = {"topic": asked.topic, "callback": asked.callback, "callback_key": key}
    connection.execute(
        insert(subscription).values(**place, host=bounded(asked.host), attempts=0, **wish)
    )
    return True


def questions(connection: Connection, now: datetime, limit: int) -> tuple[Question, ...]:
    """Return whom to ask now, who asked first first."""
    due = _OF.asked.is_not(None) & or_(_OF.asked_due_at.is_(None), _OF.asked_due_at <= now)
    chosen = select(subscription).where(due).order_by(_OF.id).limit(limit)
    return tuple(_question(row) for row in connection.execute(chosen))


def answered(connection: Connection, question: Question, meant: bool, now: datetime) -> None:
    """Do what was asked, or forget it."""
    asked = question.asked
    if meant and asked.mode == "unsubscribe":
        remove(connection, question.id)
        return
    here = (_OF.id == question.id) & (_OF.asked == asked.mode)
    if not meant:
        connection.execute(delete(subscription).where(here, _OF.expires_at.is_(None)))
        connection.execute(update(subscription).where(here).values(asked=None, asked_secret=None))
        return
    present = select(artifact.c.etag).where(artifact.c.path == asked.topic).scalar_subquery()
    connection.execute(
        update(subscription)
        .where(here)
        .values(
            secret=asked.secret,
            expires_at=now + timedelta(seconds=asked.lease_s),
            sent_etag=func.coalesce(_OF.sent_etag, present),
            asked=None,
            asked_secret=None,
        )
    )


def ask_again(connection: Connection, question: Question, at: datetime) -> None:
    """Note that a subscriber could not be asked."""
    attempts = _OF.asked_attempts + 1
    later = update(subscription).where(_OF.id == question.id)
    connection.execute(later.values(asked_attempts=attempts, asked_due_at=at))


def unsent(connection: Connection, now: datetime, limit: int) -> tuple[Subscriber, ...]:
    """Return who is to get the present edition of a feed now, feed by feed.

    Those of a feed that became private get none, and hold up nobody.
    """
    columns = (_OF.id, _OF.topic, _OF.callback, _OF.secret, _OF.attempts)
    chosen = (
        select(*columns)
        .select_from(
            subscription.join(artifact, artifact.c.path == _OF.topic).outerjoin(
                private, private.c.feed == artifact.c.feed
            )
        )
        .where(
            private.c.feed.is_(None),
            _OF.expires_at > now,
            _OF.sent_etag != artifact.c.etag,
            or_(_OF.due_at.is_(None), _OF.due_at <= now),
        )
        .order_by(_OF.topic, _OF.id)
        .limit(limit)
    )
    return tuple(Subscriber(*row) for row in connection.execute(chosen))


def sent(connection: Connection, subscribers: Sequence[Subscriber], etag: str) -> None:
    """Note that subscribers have an edition, or that it was given up."""
    for part in parts(one.id for one in subscribers):
        connection.execute(
            update(subscription)
            .where(_OF.id.in_(part))
            .values(sent_etag=etag, attempts=0, due_at=None)
        )


def send_again(connection: Connection, subscriber: Subscriber, at: datetime) -> None:
    """Note that an edition could not be delivered."""
    later = update(subscription).where(_OF.id == subscriber.id)
    connection.execute(later.values(attempts=_OF.attempts + 1, due_at=at))


def remove(connection: Connection, row: int) -> None:
    """Forget a subscription."""
    connection.execute(delete(subscription).where(_OF.id == row))


def expired(connection: Connection, now: datetime) -> bool:
    """Tell whether a lease has run out."""
    return connection.scalar(select(_OF.id).where(_run_out(now)).limit(1)) is not None


def expire(connection: Connection, now: datetime) -> None:
    """Forget subscriptions whose lease has run out, unless they are being renewed."""
    connection.execute(delete(subscription).where(_run_out(now)))


def _run_out(now: datetime) -> ColumnElement[bool]:
    return (_OF.expires_at <= now) & _OF.asked.is_(None)


def _is_full(connection: Connection, host: str) -> bool:
    counts = select(
        func.count(),
        func.count().filter(_OF.host == bounded(host)),
        func.count().filter(_OF.expires_at.is_(None)),
        func.count().filter(_OF.expires_at.is_(None), _OF.host == bounded(host)),
    ).select_from(subscription)
    found = connection.execute(counts).one()
    most = (ALL, OF_HOST, UNVERIFIED, UNVERIFIED_OF_HOST)
    return any(count >= bound for count, bound in zip(found, most, strict=True))


def _question(row: Row[Any]) -> Question:
    asked = Asked(
        mode=row.asked,
        topic=row.topic,
        callback=row.callback,
        host=row.host,
        lease_s=row.asked_lease_s,
        secret=row.asked_secret,
    )
    return Question(row.id, asked, row.asked_attempts)

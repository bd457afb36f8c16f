"""Who is still to be told of which feed: targets beside the database, as ``feeds.yaml`` names them.

Wishes are numbered like marks (``marks``): a feed that changes while it is delivered is delivered
once more. What failed is tried again after a while, whichever process comes by.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from aggregator.model.shown import Delivery
from aggregator.store.database import insert, insert_new
from aggregator.store.schema import artifact, delivery


def want(connection: Connection, targets: Iterable[str], feeds: Iterable[str]) -> None:
    """Ask for feeds to be delivered to targets, at once."""
    listed = sorted(set(feeds))
    rows = [_row(target, feed, wanted=1) for target in sorted(set(targets)) for feed in listed]
    if not rows:
        return
    statement = insert(connection, delivery)
    again = {"wanted": delivery.c.wanted + 1, "attempts": 0, "due_at": None}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["target", "feed"], set_=again), rows
    )


def sync(connection: Connection, targets: Mapping[str, Collection[str]]) -> None:
    """Make the targets exactly these, each with the feeds it is to have.

    A feed it never had is to be delivered, and one it had and is no more, too: it takes that away.
    """
    connection.execute(delete(delivery).where(delivery.c.target.not_in(targets)))
    published = set(connection.scalars(select(artifact.c.feed).distinct()))
    for target, feeds in targets.items():
        chosen = select(delivery.c.feed).where(delivery.c.target == target)
        had = set(connection.scalars(chosen))
        want(connection, (target,), had - set(feeds))
        new = sorted(published & set(feeds) - had)
        if new:
            rows = [_row(target, feed, wanted=1) for feed in new]
            connection.execute(insert_new(connection, delivery), rows)


def pending(connection: Connection, target: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Return what is to be delivered to a target now."""
    due = or_(delivery.c.due_at.is_(None), delivery.c.due_at <= now)
    chosen = select(delivery).where(
        delivery.c.target == target, delivery.c.wanted > delivery.c.done, due
    )
    ordered = chosen.order_by(delivery.c.feed).limit(limit)
    return tuple(
        Delivery(row.target, row.feed, row.wanted, row.attempts, row.error)
        for row in connection.execute(ordered)
    )


def failing(connection: Connection) -> tuple[Delivery, ...]:
    """Return all that could not be delivered so far."""
    chosen = select(delivery).where(delivery.c.wanted > delivery.c.done, delivery.c.attempts > 0)
    return tuple(
        Delivery(row.target, row.feed, row.wanted, row.attempts, row.error)
        for row in connection.execute(chosen.order_by(delivery.c.target, delivery.c.feed))
    )


def done(connection: Connection, delivered: Iterable[Delivery]) -> None:
    """Note what was delivered, as of the moment it was looked up."""
    for one in delivered:
        connection.execute(
            update(delivery)
            .where(_of(one))
            .values(done=one.wanted, attempts=0, due_at=None, error=None)
        )


def forget(connection: Connection, delivered: Iterable[Delivery]) -> None:
    """Note that a target has nothing of these feeds any more."""
    for one in delivered:
        connection.execute(delete(delivery).where(_of(one), delivery.c.wanted == one.wanted))


def want_later(connection: Connection, target: str, feed: str, at: datetime) -> None:
    """Ask for a feed to be delivered once more then; what is wanted sooner is not put off."""
    served = (delivery.c.target == target) & (delivery.c.feed == feed)
    connection.execute(
        update(delivery)
        .where(served, delivery.c.wanted == delivery.c.done)
        .values(wanted=delivery.c.wanted + 1, due_at=at)
    )


def put_off(connection: Connection, target: str, until: datetime, error: str) -> None:
    """Note that a target could not be served, and when it is tried again."""
    waiting = (delivery.c.target == target) & (delivery.c.wanted > delivery.c.done)
    connection.execute(
        update(delivery)
        .where(waiting)
        .values(attempts=delivery.c.attempts + 1, due_at=until, error=error)
    )


def _of(one: Delivery) -> ColumnElement[bool]:
    return (delivery.c.target == one.target) & (delivery.c.feed == one.feed)


def _row(target: str, feed: str, wanted: int) -> dict[str, object]:
    return {
        "target": target,
        "feed": feed,
        "wanted": wanted,
        "done": 0,
        "attempts": 0,
        "due_at": None,
        "error": None,
    }

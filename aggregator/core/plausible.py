"""Whether what a feed is about to say can be right, seen from what it said last.

Three things are held back, all of them faults of ours and none of them news: a feed that lost
everything, one whose entries are all others though none is newer, and known entries under new ids.
A burst of news that pushes out all that was there is let through, for its entries came later: by
their own dates they need not be newer than what another source had said.

Where entries went on purpose (another recipe, a withdrawal, ``max_age``) there is nothing to
compare with: hand in None.
"""

from collections.abc import Sequence
from datetime import datetime

from aggregator.model.shown import Slot, Summary

_FEW = 5
"""Of fewer entries than this, losing or changing all is an ordinary day."""


def said_by(slots: Sequence[Slot]) -> Summary:
    """Return what a feed of these items says."""
    return Summary(
        ids=tuple(one.id for one in slots),
        links={one.link: one.id for one in slots if one.link},
        newest=max((_came(one) for one in slots), default=None),
    )


def plausible(before: Summary | None, now: Summary) -> str | None:
    """Return why a feed cannot be right, seen from what it said last; None where it can."""
    if before is None or len(before.ids) < _FEW:
        return None
    if not now.ids:
        return f"it is suddenly empty: it had {_counted(before.ids)}"
    changed = [link for link, given in now.links.items() if before.links.get(link, given) != given]
    if len(changed) >= _FEW and len(changed) * 2 > len(now.ids):
        return f"{len(changed)} known entries would be announced again under new ids"
    if set(before.ids).isdisjoint(now.ids) and not _newer(now, before):
        return f"none of the {_counted(before.ids)} it had is left, and nothing is newer"
    return None


def _came(slot: Slot) -> datetime:
    return (slot.came or slot.published).replace(microsecond=0)


def _newer(now: Summary, before: Summary) -> bool:
    return now.newest is not None and (before.newest is None or now.newest > before.newest)


def _counted(ids: tuple[str, ...]) -> str:
    return f"{len(ids)} entries"

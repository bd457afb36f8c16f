"""Decide what one poll changes; nothing is done here.

1. An entry's place in time is set once: its own date on the source's first successful poll, its
   arrival afterwards. A feed that re-dates its archive moves nothing.
2. No entry stands in the future: a stated date later than now counts as now.
3. Entries of one document keep its order among equals, a microsecond apart.
4. ``updated`` moves only when the words did: not for another address, not for another date.
5. A document without entries, or with fewer, takes nothing away.
6. An unknown guid is no news where the entry is known under another one (``kinship``).

What reads a document is ``reading``, by itself: a round of 304s need not import it.
"""

from aggregator.core.plan.answers import called_off, failed, unchanged
from aggregator.core.plan.records import Memory, Poll

__all__ = ["Memory", "Poll", "called_off", "failed", "unchanged"]

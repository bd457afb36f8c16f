"""Which entries tell one story: copies of a text, cut, set anew, with another frame around it.

``features`` makes of an entry what it is recognised by, ``Desk`` puts entries to stories in order
of arrival, ``judge`` decides on two of them, ``explain`` says why.
"""

from aggregator.core.stories.desk import Arrival, Desk
from aggregator.core.stories.habits import WINDOW, Usual
from aggregator.core.stories.index import KEPT_FOR, PER_KEY, Index, Nothing, Whole
from aggregator.core.stories.matching import Standing, judge
from aggregator.core.stories.reading import features, index_keys
from aggregator.core.stories.records import Evidence, Features, Sketch, Tie, Told, Verdict
from aggregator.core.stories.sketch import pack, unpack
from aggregator.core.stories.titles import read_title
from aggregator.core.stories.words import explain

__all__ = [
    "KEPT_FOR",
    "PER_KEY",
    "WINDOW",
    "Arrival",
    "Desk",
    "Evidence",
    "Features",
    "Index",
    "Nothing",
    "Sketch",
    "Standing",
    "Tie",
    "Told",
    "Usual",
    "Verdict",
    "Whole",
    "explain",
    "features",
    "index_keys",
    "judge",
    "pack",
    "read_title",
    "unpack",
]

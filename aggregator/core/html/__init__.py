"""HTML of strangers: made safe, made text, made from text.

1. What may stay is listed (``allowed``); everything else goes, its text stays.
2. Time is linear in the length, whatever stands in it: large documents are put in order first
   (``tame``), because the parser's own time is not.
3. What leaves holds no character that XML forbids.
"""

from aggregator.core.html.cleaning import sanitize
from aggregator.core.html.pixels import without_tracking_pixels
from aggregator.core.html.text import clean, escape, folded, paragraphs, plain_text, shown_text

__all__ = [
    "clean",
    "escape",
    "folded",
    "paragraphs",
    "plain_text",
    "sanitize",
    "shown_text",
    "without_tracking_pixels",
]

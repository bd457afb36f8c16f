"""The outgo: from kept entries to saved bytes, one feed at a time.

outdated ▶ newest ▶ collapse ▶ compose ▶ archive ▶ render ▶ check ▶ compare ▶ save

``outgo`` says what is built and when, ``gathering`` which stories a feed shows, ``building`` makes
one feed of them, ``listing`` what belongs to no single one.

Only feeds that are marked as outdated are built, and of those only the items are written that no
earlier document has (``core.fragments``). A feed that cannot be built, or whose new rendering is
not plausible beside the last one, keeps its last good bytes and its mark, and its operator is told
once. What is only implausible is not tried again before there is another mark.
"""

from aggregator.publishing.outgo import Publishing

__all__ = ["Publishing"]

"""What a source says again and again: footers, notices, the frame of its daily bulletin.

A statement that at least two other stories of a source hold is its boilerplate and proves nothing;
so does one that four stories hold, whoever tells them. A title or an address that two stories bore
is a standing one.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable

from msgspec import Struct

from aggregator.core.stories.records import Told

WINDOW = 50
"""Newest entries of a source that are looked at."""
_OTHER_STORIES = 2
_STORIES = 4


class Usual(Struct, frozen=True):
    """The boilerplate of a source at one moment: a few kilobytes."""

    marks: frozenset[int] = frozenset()
    titles: frozenset[str] = frozenset()
    """Standing ones, in letters."""
    links: frozenset[int] = frozenset()
    """Keys of addresses that lead to several of its stories."""

    def is_standing(self, title: str) -> bool:
        """Tell whether a title, in letters, names more than one story."""
        return title in self.titles

    def is_shared(self, link: int | None) -> bool:
        """Tell whether an address leads to more than one story: a home page, a thread."""
        return link in self.links


class Habits:
    """The boilerplate of a source, kept up to date entry by entry."""

    def __init__(self, recent: Iterable[Told] = ()) -> None:
        self._window: deque[tuple[frozenset[int], str, int | None]] = deque()
        self._stories: dict[int, set[int]] = {}
        self._counts: Counter[int] = Counter()
        self._titles: Counter[str] = Counter()
        self._links: Counter[int] = Counter()
        self.marks: set[int] = set()
        """Of boilerplate."""
        for told in recent:
            self.add(told)

    def add(self, told: Told) -> frozenset[int]:
        """Take in the newest entry; return what it made boilerplate."""
        known = self._stories.get(told.cluster)
        fresh = frozenset(told.sketch.marks).difference(known or ())
        self._stories.setdefault(told.cluster, set()).update(fresh)
        first = known is None
        title = told.title.letters if first else ""
        link = told.link_key if first else None
        self._window.append((fresh, title, link))
        self._counts.update(fresh)
        self._titles[title] += 1
        if link is not None:
            self._links[link] += 1
        learned = frozenset(
            mark for mark in fresh if self._counts[mark] >= _OTHER_STORIES
        ).difference(self.marks)
        self.marks |= learned
        if len(self._window) > WINDOW:
            self._forget()
        return learned

    def is_standing(self, title: str) -> bool:
        """Tell whether a title, in letters, names more than one story."""
        return self._titles[title] > 1

    def is_shared(self, link: int | None) -> bool:
        """Tell whether an address leads to more than one story: a home page, a thread."""
        return link is not None and self._links[link] > 1

    def usual(self) -> Usual:
        """Return what is known by now."""
        return Usual(
            marks=frozenset(self.marks),
            titles=frozenset(title for title, count in self._titles.items() if count > 1),
            links=frozenset(link for link, count in self._links.items() if count > 1),
        )

    def _forget(self) -> None:
        marks, title, link = self._window.popleft()
        self._counts.subtract(marks)
        self._titles[title] -= 1
        if link is not None:
            self._links[link] -= 1
        self.marks.difference_update(mark for mark in marks if self._counts[mark] < _OTHER_STORIES)


def common(marks: frozenset[int], told: Collection[Told]) -> frozenset[int]:
    """Return which of the marks stand in four stories, whoever tells them."""
    if len(told) < _STORIES:
        return frozenset()
    stories: dict[int, set[int]] = {}
    for one in told:
        stories.setdefault(one.cluster, set()).update(marks.intersection(one.sketch.marks))
    counts = Counter(mark for of_one in stories.values() for mark in of_one)
    return frozenset(mark for mark, number in counts.items() if number >= _STORIES)

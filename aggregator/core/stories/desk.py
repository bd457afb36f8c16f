"""Where stories are put together, entry by entry, in order of arrival.

1. An entry looks up who bears its keys, judges each, and joins the best one's story.
2. It never joins a story in which its own source has an unlike entry, nor one that the operator
   parted it from; nor does it bring two such stories together.
3. When a source is found to repeat itself, the links that rested on it are judged again.

What is kept is asked through ``Index``; nothing is written: ``ties`` and ``cut`` say what changed.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from aggregator.core.stories.habits import WINDOW, Habits, common
from aggregator.core.stories.index import KEPT_FOR, PER_KEY, Index, Nothing
from aggregator.core.stories.matching import Standing, judge
from aggregator.core.stories.reading import index_keys
from aggregator.core.stories.records import Features, Tie, Title, Told, Verdict
from aggregator.core.stories.titles import title_parts
from aggregator.core.stories.words import with_samples
from aggregator.model.known import EntryKey

_MOST_MEMBERS = 200
"""Entries of one story: what more tell is a flood of one text, and nobody's news."""
_MOST_TIES = 6
"""Links an entry gets: enough that a story holds together when one is cut."""
_MOST_BEARERS = 200
"""Entries that are looked at, those that share most keys first."""
_ENOUGH = 12
"""Entries found to tell the same after which nobody else is looked at."""
_PLENTY = 150
"""Shared units, boilerplate left out, with which a link needs no second look."""
_WORTH = 16
"""Shared units below which only the titles or addresses could say something."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new entry."""

    key: EntryKey
    at: datetime
    features: Features
    level: str = "text+short"


class Desk:
    """Puts new entries to the stories they tell."""

    def __init__(self, index: Index | None = None, habits: dict[str, Habits] | None = None) -> None:
        self._index = index or Nothing()
        self._habits = {} if habits is None else habits
        self._told: dict[EntryKey, Told] = {}
        self._members: dict[int, set[EntryKey]] = {}
        self._ties: dict[EntryKey, dict[EntryKey, Tie]] = {}
        self._apart: set[frozenset[EntryKey]] = set()
        self._by_key: dict[int, list[EntryKey]] = {}
        self._windows: dict[str, list[EntryKey]] = {}
        self._recent: dict[str, Sequence[Told]] = {}
        self._fresh = 0
        self.made: dict[frozenset[EntryKey], Tie] = {}
        """Links to keep."""
        self.cut: dict[frozenset[EntryKey], Tie] = {}
        """Links that were kept and no longer hold."""

    # -- taking in -------------------------------------------------------------------------------

    def take(self, arrival: Arrival) -> tuple[Tie, ...]:
        """Put a new entry to the story it tells, if anybody told it before; return its links."""
        features = arrival.features
        self._fresh -= 1
        new = Told(
            key=arrival.key,
            cluster=self._fresh,
            at=arrival.at,
            title=features.title,
            sketch=features.sketch,
            link_key=features.link_key,
            level=arrival.level,
        )
        keys = index_keys(features, self.habits(new.key.source).marks)
        found = [] if new.level in ("off", "identity") else self._search(new, keys)
        self._put(new)
        made = self._join(new, found, features)
        for key in keys:
            self._by_key.setdefault(key, []).append(new.key)
        self._learn(new.key)
        return made

    def cluster(self, key: EntryKey) -> int:
        """Return the number of an entry's story; below zero where it is a new one."""
        return self._told[key].cluster

    def habits(self, source: str) -> Habits:
        """Return what is known of a source's boilerplate."""
        if source not in self._habits:
            self._habits[source] = Habits(self._recent_of(source))
        return self._habits[source]

    def compare(self, one: Told, other: Told) -> Verdict:
        """Tell whether two kept entries tell one story, by what is known now."""
        return judge(one, other, self._standing(one, other))

    def _recent_of(self, source: str) -> Sequence[Told]:
        if source not in self._recent:
            self._recent[source] = self._index.recent(source)
        return self._recent[source]

    def _search(self, new: Told, keys: Sequence[int]) -> list[tuple[float, Told, Tie]]:
        told = self._bearers(new, keys)
        units = new.sketch.by_mark()
        everywhere = common(frozenset(units), told)
        mine = frozenset(units) - everywhere
        found = []
        for old in told:
            shared = self._proving(new, old, mine)
            if not _is_worth_it(new, old, sum(units[mark] for mark in shared)):
                continue
            verdict = judge(new, old, self._standing(new, old, everywhere))
            if verdict.same:
                found.append((verdict.score, old, Tie(old.key, new.key, verdict)))
            if len(found) >= _ENOUGH:
                break
        return sorted(found, key=lambda one: (-one[0], one[1].at, one[1].key))

    def _proving(self, new: Told, old: Told, marks: frozenset[int]) -> frozenset[int]:
        """Return those of the marks that the other has and that are boilerplate to neither."""
        mine, theirs = self.habits(new.key.source), self.habits(old.key.source)
        return marks.intersection(old.sketch.marks).difference(mine.marks, theirs.marks)

    def _bearers(self, new: Told, keys: Sequence[int]) -> list[Told]:
        """Return who bears the keys, of those on the desk the ones that bear most of them first."""
        since = new.at - KEPT_FOR
        kept = [self._told.get(one.key, one) for one in self._index.bearers(keys, since)]
        hits = Counter(entry for key in keys for entry in self._by_key.get(key, ())[-PER_KEY:])
        here = (self._told[entry] for entry, _ in hits.most_common(_MOST_BEARERS))
        found = (*kept, *(told for told in here if told.at > since))
        return list({told.key: told for told in found}.values())

    def _standing(self, new: Told, old: Told, everywhere: frozenset[int] = frozenset()) -> Standing:
        mine, theirs = self.habits(new.key.source), self.habits(old.key.source)
        marks = frozenset(new.sketch.marks).union(old.sketch.marks)
        return Standing(
            marks=(marks & mine.marks) | (marks & theirs.marks) | everywhere,
            title=mine.is_standing(new) or theirs.is_standing(old),
            link=mine.is_shared(new.link_key) or theirs.is_shared(old.link_key),
        )

    # -- stories ---------------------------------------------------------------------------------

    def _join(
        self, new: Told, found: Sequence[tuple[float, Told, Tie]], features: Features
    ) -> tuple[Tie, ...]:
        made: list[Tie] = []
        self._fetch(old for _, old, _ in found)
        for _, old, tie in found:
            if not self._may_join(new.key, old.key):
                continue
            tie = replace(tie, verdict=with_samples(tie.verdict, features, old.sketch))
            self._tie(tie)
            made.append(tie)
            if len(made) == _MOST_TIES:
                break
        return tuple(made)

    def _may_join(self, a: EntryKey, b: EntryKey) -> bool:
        mine, theirs = self._told[a].cluster, self._told[b].cluster
        if mine == theirs:
            return True
        if len(self._members[mine]) + len(self._members[theirs]) > _MOST_MEMBERS:
            return False
        return all(
            frozenset((one, other)) not in self._apart and self._is_one(one, other)
            for one, other in product(self._members[mine], self._members[theirs])
        )

    def _is_one(self, a: EntryKey, b: EntryKey) -> bool:
        """Tell whether entries may stand in one story: those of one source only if alike."""
        if a.source != b.source:
            return True
        one, other = self._told[a], self._told[b]
        return self.compare(one, other).same

    def _fetch(self, told: Iterable[Told]) -> None:
        """Take kept entries' whole stories on the desk, all with one look."""
        asked = {one.key: one for one in told if one.key not in self._told}
        if not asked:
            return
        members = self._index.members({one.cluster for one in asked.values()})
        found = asked | {one.key: one for one in members if one.key not in self._told}
        for one in sorted(found.values(), key=lambda one: (one.at, one.key)):
            self._put(one)
            self._windows.setdefault(one.key.source, []).append(one.key)
        keys = list(found)
        for tie in self._index.ties(keys):
            if tie.a in self._told and tie.b in self._told:
                self._ties[tie.a][tie.b] = self._ties[tie.b][tie.a] = tie
        self._apart.update(self._index.apart(keys))

    def _put(self, told: Told) -> None:
        self._told[told.key] = told
        self._members.setdefault(told.cluster, set()).add(told.key)
        self._ties.setdefault(told.key, {})

    def _tie(self, tie: Tie) -> None:
        self._ties[tie.a][tie.b] = self._ties[tie.b][tie.a] = tie
        pair = frozenset((tie.a, tie.b))
        self.cut.pop(pair, None)
        self.made[pair] = tie
        clusters = {self._told[tie.a].cluster, self._told[tie.b].cluster}
        if len(clusters) > 1:
            self._rename(clusters, _oldest(clusters))

    def _rename(self, clusters: Collection[int], name: int) -> None:
        keys = set().union(*(self._members.pop(cluster) for cluster in clusters))
        self._members[name] = keys
        for key in keys:
            self._told[key] = replace(self._told[key], cluster=name)

    # -- second thoughts -------------------------------------------------------------------------

    def _learn(self, key: EntryKey) -> None:
        self._windows.setdefault(key.source, []).append(key)
        learned = self.habits(key.source).add(self._told[key])
        if learned:
            self.judge_again(key.source, learned)

    def judge_again(self, source: str, learned: frozenset[int]) -> tuple[Tie, ...]:
        """Cut the links of a source's newest entries that rested on what is now boilerplate."""
        recent = self._recent_of(source)
        self._fetch(one for one in recent if not learned.isdisjoint(one.sketch.marks))
        gone: list[Tie] = []
        for key in self._windows.get(source, ())[-WINDOW:]:
            gone.extend(self._doubt(self._told[key], learned))
        return tuple(gone)

    def _doubt(self, told: Told, learned: frozenset[int]) -> list[Tie]:
        doubtful = learned.intersection(told.sketch.marks)
        if not doubtful or not self._ties[told.key]:
            return []
        units = told.sketch.by_mark()
        gone = [
            tie
            for other, tie in self._ties[told.key].items()
            if not tie.by_user
            and not doubtful.isdisjoint(self._told[other].sketch.marks)
            and not self._holds(told, self._told[other], units)
        ]
        for tie in gone:
            self._cut(tie)
        if gone:
            self._split(self._told[told.key].cluster)
        return gone

    def _holds(self, told: Told, old: Told, units: Mapping[int, int]) -> bool:
        """Tell whether a link still rests on something."""
        proving = self._proving(told, old, frozenset(units))
        if sum(units[mark] for mark in proving) >= _PLENTY:
            return True
        return judge(told, old, self._standing(told, old)).same

    def _cut(self, tie: Tie) -> None:
        del self._ties[tie.a][tie.b], self._ties[tie.b][tie.a]
        pair = frozenset((tie.a, tie.b))
        if self.made.pop(pair, None) is None:
            self.cut[pair] = tie

    def _split(self, cluster: int) -> None:
        """Give each part of a story that no longer holds together its own number."""
        left = self._members.pop(cluster)
        name = cluster
        while left:
            part = self._reach(min(left, key=lambda key: (self._told[key].at, key)))
            left -= part
            self._members[name] = part
            for key in part:
                self._told[key] = replace(self._told[key], cluster=name)
            self._fresh -= 1
            name = self._fresh

    def _reach(self, start: EntryKey) -> set[EntryKey]:
        found: set[EntryKey] = set()
        ahead = [start]
        while ahead:
            key = ahead.pop()
            if key not in found:
                found.add(key)
                ahead.extend(self._ties[key])
        return found


def _oldest(clusters: Collection[int]) -> int:
    """Return the number that a kept story has; of new ones the first."""
    kept = [cluster for cluster in clusters if cluster >= 0]
    return min(kept) if kept else max(clusters)


def _is_worth_it(new: Told, old: Told, shared: int) -> bool:
    """Tell whether a closer look could find anything: most candidates share a footer."""
    if shared >= _WORTH or (new.link_key is not None and new.link_key == old.link_key):
        return True
    if _is_begun(new.title, old.title) or _is_begun(old.title, new.title):
        return True
    return not set(title_parts(new.title)).isdisjoint(title_parts(old.title))


def _is_begun(one: Title, other: Title) -> bool:
    """Tell whether a title is the other, or the beginning of it."""
    if one.cut and one.letters:
        return other.letters.startswith(one.letters)
    return one.letters == other.letters

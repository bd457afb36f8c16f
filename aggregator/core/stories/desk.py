"""Where stories are put together, entry by entry, in order of arrival.

1. An entry looks up who bears its keys, judges each, and joins the best one's story.
2. It never joins a story in which its own source has an unlike entry, nor one that the operator
   parted it from; nor does it bring two such stories together.
3. When a source is found to repeat itself, the links that rested on it are judged again.

What is kept is asked through ``Index``; nothing is written: ``ties`` and ``cut`` say what changed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from heapq import nlargest
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from aggregator.core.stories.habits import WINDOW, Habits, Usual, common
from aggregator.core.stories.index import KEPT_FOR, PER_KEY, Index, Nothing
from aggregator.core.stories.matching import (
    Standing,
    is_another,
    is_hopeless,
    is_other_script,
    is_rewritten,
    judge,
)
from aggregator.core.stories.reading import index_keys
from aggregator.core.stories.records import Features, Tie, Told, Verdict
from aggregator.core.stories.titles import SAME, is_begun, longest_piece, relation, title_parts
from aggregator.core.stories.words import with_samples
from aggregator.model.known import EntryKey

_MOST_MEMBERS = 200
"""Entries of one story: what more tell is a flood of one text, and nobody's news."""
_MOST_TIES = 6
"""Links an entry gets: enough that a story holds together when one is cut."""
_MOST_BEARERS = 30
"""Entries that are looked at, those that share most keys first."""
_ENOUGH = 12
"""Entries found to tell the same after which nobody else is looked at."""
_PLENTY = 150
"""Shared units, boilerplate left out, with which a link needs no second look."""
_WORTH, _WORTH_SAME_TITLE = 24, 16
"""Shared units below which only the titles or addresses could say something."""


class Arrival(Struct, frozen=True):
    """A new entry, or an edit of a kept one."""

    key: EntryKey
    at: datetime
    """Where a new entry stands in time; when an edit was seen."""
    features: Features
    level: str = "text+short"
    keep_scripts: bool = False
    reworded: bool = True
    """False for a kept entry that says the same under another address."""

    @property
    def is_compared(self) -> bool:
        """Tell whether others are looked for that tell the same."""
        return self.level not in ("off", "identity")


class Desk:
    """Puts new entries to the stories they tell."""

    def __init__(self, index: Index | None = None, usual: dict[str, Usual] | None = None) -> None:
        """``usual`` is what is known of other sources; the desk adds what it learns of them."""
        self._index = index or Nothing()
        self._usual = {} if usual is None else usual
        self._habits: dict[str, Habits] = {}
        self._told: dict[EntryKey, Told] = {}
        self._members: dict[int, set[EntryKey]] = {}
        self._ties: dict[EntryKey, dict[EntryKey, Tie]] = {}
        self._apart: set[frozenset[EntryKey]] = set()
        self._by_number: dict[int, Told] = {}
        self._kept: dict[int, Sequence[int]] = {}
        self._here: dict[int, list[int]] = {}
        self._windows: dict[str, list[EntryKey]] = {}
        self._recent: dict[str, Sequence[Told]] = {}
        self._fresh = 0
        self.made: dict[frozenset[EntryKey], Tie] = {}
        """Links to keep."""
        self.cut: dict[frozenset[EntryKey], Tie] = {}
        """Links that were kept and no longer hold."""

    # -- taking in -------------------------------------------------------------------------------

    def expect(self, arrivals: Iterable[Arrival]) -> None:
        """Look up for all of a document at once what is asked for each of its entries."""
        keys = [self._keys(arrival) for arrival in arrivals if arrival.is_compared]
        self._look_up(key for of_one in keys for key in of_one)
        self._load(number for of_one in keys for number in self._ranked(of_one))

    def take(self, arrival: Arrival) -> tuple[Tie, ...]:
        """Put a new entry to the story it tells, if anybody told it before; return its links."""
        features = arrival.features
        self._fresh -= 1
        new = Told(
            key=arrival.key,
            number=self._fresh,
            cluster=self._fresh,
            at=arrival.at,
            title=features.title,
            sketch=features.sketch,
            link_key=features.link_key,
            level=arrival.level,
            keep_scripts=arrival.keep_scripts,
        )
        keys = self._keys(arrival)
        found = self._search(new, keys) if arrival.is_compared else []
        self._put(new)
        made = self._join(new, found, features)
        for key in keys:
            self._here.setdefault(key, []).append(new.number)
        self._learn(new.key)
        return made

    def edit(self, arrivals: Iterable[Arrival]) -> None:
        """Judge kept entries again that say something else now.

        One that made another article of itself leaves its story; one that nobody else tells joins
        the story it tells now, if that was told before it came: it would else be the first copy,
        and take the story down to where it stands. Neither does anything newer join it then. A
        correction changes nothing, nor does a text that was taken away.
        """
        edited = {one.key: one for one in arrivals if one.is_compared}
        kept = self._index.named(edited) if edited else ()
        self._fetch(kept)
        for key in sorted(one.key for one in kept):
            self._edit(edited[key])

    def _edit(self, arrival: Arrival) -> None:
        said = arrival.features
        told = self._told[arrival.key]
        now = replace(told, title=said.title, sketch=said.sketch, link_key=said.link_key)
        if told.sketch.rewritten or is_rewritten(now, told, arrival.at):
            now = replace(now, sketch=replace(said.sketch, rewritten=True))
        self._told[now.key] = self._by_number[now.number] = now
        if not arrival.reworded:
            return
        gone = [
            tie
            for other, tie in self._ties[now.key].items()
            if not tie.by_user and self._became_another(now, self._told[other])
        ]
        for tie in gone:
            self._cut(tie)
        if gone:
            self._split(now.cluster)
        if not self._ties[now.key]:
            now = self._told[now.key]
            found = self._search(now, self._keys(arrival))
            self._join(now, [one for one in found if one[1].at <= now.at], said)

    def _became_another(self, now: Told, other: Told) -> bool:
        return is_another(now, other, self.compare(now, other))

    def said(self, arrival: Arrival) -> Features:
        """Return the features of an edit, with what is known of the text that it replaced."""
        told = self._told.get(arrival.key)
        return replace(arrival.features, sketch=told.sketch) if told else arrival.features

    def cluster(self, key: EntryKey) -> int:
        """Return the number of an entry's story; below zero where it is a new one."""
        return self._told[key].cluster

    def habits(self, source: str) -> Habits:
        """Return what is known of the boilerplate of a source that brings entries."""
        if source not in self._habits:
            self._habits[source] = Habits(self._recent_of(source))
        return self._habits[source]

    def learned(self) -> dict[str, Usual]:
        """Return the boilerplate of all sources that brought entries, for the next desk."""
        return {source: habits.usual() for source, habits in self._habits.items()}

    def compare(self, one: Told, other: Told) -> Verdict:
        """Tell whether two kept entries tell one story, by what is known now."""
        return judge(one, other, self._standing(one, other))

    def _recent_of(self, source: str) -> Sequence[Told]:
        if source not in self._recent:
            self._recent[source] = self._index.recent(source)
        return self._recent[source]

    # -- who may tell the same -------------------------------------------------------------------

    def _keys(self, arrival: Arrival) -> tuple[int, ...]:
        return index_keys(arrival.features, self.habits(arrival.key.source).marks)

    def _look_up(self, keys: Iterable[int]) -> None:
        unknown = {key for key in keys if key not in self._kept}
        if unknown:
            found = self._index.bearers(unknown)
            self._kept.update((key, found.get(key, ())) for key in unknown)

    def _load(self, numbers: Iterable[int]) -> None:
        unknown = {number for number in numbers if number not in self._by_number}
        if unknown:
            self._by_number.update((one.number, one) for one in self._index.told(unknown))

    def _ranked(self, keys: Collection[int]) -> list[int]:
        """Return the numbers of who bears most of the keys; a key that few bear counts for more."""
        weights: dict[int, float] = {}
        for key in keys:
            bearers = (*self._kept[key], *self._here.get(key, ())[: -PER_KEY - 1 : -1])
            for number in bearers:
                weights[number] = weights.get(number, 0.0) + 1 / len(bearers)
        return nlargest(_MOST_BEARERS, weights, key=weights.__getitem__)

    def _bearers(self, new: Told, keys: Collection[int]) -> list[Told]:
        """Return who bears the keys and stands in the same two weeks."""
        self._look_up(keys)
        numbers = self._ranked(keys)
        self._load(numbers)
        found = (self._by_number[number] for number in numbers if number in self._by_number)
        return [self._told.get(one.key, one) for one in found if abs(new.at - one.at) < KEPT_FOR]

    def _search(self, new: Told, keys: Collection[int]) -> list[tuple[float, Told, Tie]]:
        told = self._bearers(new, keys)
        if not told:
            return []
        units = new.sketch.by_mark()
        everywhere = common(frozenset(units), told)
        usual = everywhere.union(self._known(new.key.source).marks)
        mine = {mark: amount for mark, amount in units.items() if mark not in usual}
        found: list[tuple[float, Told, Tie]] = []
        for old in told:
            if old.key == new.key or not self._is_worth_it(new, old, mine, usual):
                continue
            verdict = judge(new, old, self._standing(new, old, everywhere))
            if verdict.same:
                found.append((verdict.score, old, Tie(old.key, new.key, verdict)))
            if len(found) >= _ENOUGH:
                break
        return sorted(found, key=lambda one: (-one[0], one[1].at, one[1].key))

    def _is_worth_it(
        self, new: Told, old: Told, mine: Mapping[int, int], usual: frozenset[int]
    ) -> bool:
        """Tell whether a closer look could find anything: most candidates share a footer.

        The other's boilerplate is asked for last: its source may have to be looked up.
        """
        shared = mine.keys() & old.sketch.marks
        if not _could_be_one(new, old, sum(mine[mark] for mark in shared)):
            return False
        theirs = self._known(old.key.source).marks
        amount = sum(mine[mark] for mark in shared if mark not in theirs)
        if amount >= _PLENTY:
            return True
        left = {
            mark: units
            for mark, units in old.sketch.by_mark().items()
            if mark not in usual and mark not in theirs
        }
        own = sum(units for mark, units in mine.items() if mark not in theirs)
        shorter = min(own, sum(left.values()))
        return not is_hopeless(amount, shorter) and _could_be_one(new, old, amount)

    def _known(self, source: str) -> Habits | Usual:
        """Return what is known of the boilerplate of any source."""
        if source in self._habits:
            return self._habits[source]
        if source not in self._usual:
            self._usual[source] = Habits(self._recent_of(source)).usual()
        return self._usual[source]

    def _standing(self, new: Told, old: Told, everywhere: frozenset[int] = frozenset()) -> Standing:
        mine, theirs = self._known(new.key.source), self._known(old.key.source)
        return Standing(
            marks=everywhere.union(
                mine.marks.intersection(new.sketch.marks),
                mine.marks.intersection(old.sketch.marks),
                theirs.marks.intersection(new.sketch.marks),
                theirs.marks.intersection(old.sketch.marks),
            ),
            title=mine.is_standing(new.title.letters) or theirs.is_standing(old.title.letters),
            link=mine.is_shared(new.link_key) or theirs.is_shared(old.link_key),
        )

    # -- stories ---------------------------------------------------------------------------------

    def _join(
        self, new: Told, found: Sequence[tuple[float, Told, Tie]], features: Features
    ) -> tuple[Tie, ...]:
        made: list[Tie] = []
        self._fetch(old for _, old, _ in found)
        for _, old, tie in found:
            if self._pulls_down(new, old) or not self._may_join(new.key, old.key):
                continue
            tie = replace(tie, verdict=with_samples(tie.verdict, features, old.sketch))
            self._tie(tie)
            made.append(tie)
            if len(made) == _MOST_TIES:
                break
        return tuple(made)

    def _pulls_down(self, new: Told, old: Told) -> bool:
        """Tell whether a story would begin with an older entry that an edit made tell it.

        Who edits old entries could hide the news of a day; one that joined a story that was told
        before it came takes nobody's place.
        """
        if not old.sketch.rewritten or old.at >= new.at:
            return False
        return len(self._members[self._told[old.key].cluster]) == 1

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
        one, other = self._told[a], self._told[b]
        if a.source != b.source:
            return not is_other_script(one, other)
        return self.compare(one, other).same

    def _fetch(self, told: Iterable[Told]) -> None:
        """Take kept entries' whole stories on the desk, all with one look."""
        asked = {one.key: one for one in told if one.key not in self._told}
        if not asked:
            return
        whole = self._index.stories({one.cluster for one in asked.values()})
        found = asked | {one.key: one for one in whole.members if one.key not in self._told}
        for one in sorted(found.values(), key=lambda one: (one.at, one.key)):
            self._put(one)
            self._windows.setdefault(one.key.source, []).append(one.key)
        for tie in whole.ties:
            if tie.a in found and tie.b in found:
                self._ties[tie.a][tie.b] = self._ties[tie.b][tie.a] = tie
        self._apart.update(whole.apart)

    def _put(self, told: Told) -> None:
        self._told[told.key] = told
        self._by_number[told.number] = told
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
        joined = (one for one in self._recent_of(source) if one.joined)
        self._fetch(one for one in joined if not learned.isdisjoint(one.sketch.marks))
        gone: list[Tie] = []
        for key in self._windows.get(source, ())[-WINDOW:]:
            gone.extend(self._doubt(self._told[key], learned))
        return tuple(gone)

    def _doubt(self, told: Told, learned: frozenset[int]) -> list[Tie]:
        if not self._ties[told.key]:
            return []
        if learned.isdisjoint(told.sketch.marks):
            return []
        doubtful = learned.intersection(told.sketch.marks)
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
        shared = frozenset(units).intersection(old.sketch.marks)
        proving = shared.difference(
            self._known(told.key.source).marks, self._known(old.key.source).marks
        )
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


def _could_be_one(new: Told, old: Told, shared: int) -> bool:
    """Tell whether two entries that share so many units could be one: no rule asks for less."""
    if shared >= _WORTH or (new.link_key is not None and new.link_key == old.link_key):
        return True
    if is_begun(new.title, old.title) or is_begun(old.title, new.title):
        return True
    if new.title.letters == old.title.letters:
        return True
    if shared >= _WORTH_SAME_TITLE:
        return relation(new.title, old.title) == SAME
    theirs = (old.title.letters, longest_piece(old.title))
    return any(part in theirs for part in title_parts(new.title))

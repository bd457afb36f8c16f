"""How good a division into stories is, measured against the true one."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping

from msgspec import Struct

from aggregator.core.stories.desk import Arrival

NEGATIVE = "neg"
"""What the families of hard negatives, stories that look alike, are named with."""


TRUNCATED = "truncated_summary"
"""The edit that leaves the head of a text."""
_ORIGINAL = "original"
_LONG_UNITS = 200


class Label(Struct, frozen=True):
    """What is true of one entry."""

    cluster: str
    family: str = ""
    edits: frozenset[str] = frozenset()
    """What was done to this copy."""


class Family(Struct, frozen=True):
    """How the entries of one family fared."""

    entries: int
    wrongly_merged: int
    """Entries that share a story with one of another true cluster."""
    copies: int
    """All but one of each true cluster."""
    removed: int
    """Copies that are told no more."""


class Score(Struct, frozen=True):
    """The figures of one division."""

    pairs: int
    pairs_true: int
    pairs_right: int
    copies: int
    removed: int
    negatives: int
    negatives_merged: int
    families: Mapping[str, Family]

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together."""
        return self.pairs_right / self.pairs if self.pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together."""
        return self.pairs_right / self.pairs_true if self.pairs_true else 1.0


def score(truth: Mapping[str, Label], predicted: Mapping[str, Hashable]) -> Score:
    """Compare stories with the truth, both by id; who has no story stands alone."""
    found = {one: predicted.get(one, (one,)) for one in truth}
    both = Counter((label.cluster, found[one]) for one, label in truth.items())
    clusters = Counter(label.cluster for label in truth.values())
    stories = Counter(found.values())
    mixed = {story for (_, story), number in both.items() if number < stories[story]}
    families = _families(truth, found, both, mixed)
    negative = [family for name, family in families.items() if name.startswith(NEGATIVE)]
    return Score(
        pairs=_pairs(stories),
        pairs_true=_pairs(clusters),
        pairs_right=_pairs(both),
        copies=len(truth) - len(clusters),
        removed=len(truth) - len(both),
        negatives=sum(family.entries for family in negative),
        negatives_merged=sum(family.wrongly_merged for family in negative),
        families=families,
    )


def subsets(truth: Mapping[str, Label], arrivals: Iterable[Arrival]) -> dict[str, list[str]]:
    """Return the copies of stories that several tell: cut to their head, and long and whole."""
    clusters = Counter(label.cluster for label in truth.values())
    sketches = {arrival.key.guid: arrival.features.sketch for arrival in arrivals}
    units = {guid: sketch.units + sketch.rest for guid, sketch in sketches.items()}
    copies = [
        one
        for one, label in truth.items()
        if clusters[label.cluster] > 1 and label.edits and _ORIGINAL not in label.edits
    ]
    return {
        "summaries attached": [one for one in copies if TRUNCATED in truth[one].edits],
        "long attached": [
            one
            for one in copies
            if TRUNCATED not in truth[one].edits and units.get(one, 0) >= _LONG_UNITS
        ],
    }


def attached(
    truth: Mapping[str, Label], predicted: Mapping[str, Hashable], chosen: Collection[str]
) -> tuple[int, int]:
    """Count those of the chosen that share a story with a copy of theirs, and the chosen."""
    both = Counter((label.cluster, predicted.get(one, (one,))) for one, label in truth.items())
    held = sum(both[truth[one].cluster, predicted.get(one, (one,))] > 1 for one in chosen)
    return held, len(chosen)


def _families(
    truth: Mapping[str, Label],
    found: Mapping[str, Hashable],
    both: Counter[tuple[str, Hashable]],
    mixed: set[Hashable],
) -> dict[str, Family]:
    """Count by family; a cluster belongs to the family of its first entry."""
    entries = Counter(label.family for label in truth.values())
    merged = Counter(label.family for one, label in truth.items() if found[one] in mixed)
    of_cluster: dict[str, str] = {}
    for label in truth.values():
        of_cluster.setdefault(label.cluster, label.family)
    sizes = Counter(label.cluster for label in truth.values())
    parts = Counter(cluster for cluster, _ in both)
    copies: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for cluster, family in of_cluster.items():
        copies[family] += sizes[cluster] - 1
        removed[family] += sizes[cluster] - parts[cluster]
    return {
        family: Family(entries[family], merged[family], copies[family], removed[family])
        for family in sorted(entries)
    }


def _pairs(counted: Counter[Hashable] | Counter[str] | Counter[tuple[str, Hashable]]) -> int:
    return sum(number * (number - 1) // 2 for number in counted.values())

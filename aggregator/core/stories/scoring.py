"""How good a division into stories is, measured against the true one."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

NEGATIVE = "neg"
"""What the families of hard negatives, stories that look alike, are named with."""


@dataclass(frozen=True, slots=True)
class Family:
    """How the entries of one family fared."""

    entries: int
    wrongly_merged: int
    """Entries that share a story with one of another true cluster."""
    copies: int
    """All but one of each true cluster."""
    removed: int
    """Copies that are told no more."""


@dataclass(frozen=True, slots=True)
class Score:
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


def score(truth: Mapping[str, tuple[str, str]], predicted: Mapping[str, Hashable]) -> Score:
    """Compare stories with the truth: (cluster, family) by id; who has no story stands alone."""
    found = {one: predicted.get(one, (one,)) for one in truth}
    both = Counter((cluster, found[one]) for one, (cluster, _) in truth.items())
    clusters = Counter(cluster for cluster, _ in truth.values())
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


def _families(
    truth: Mapping[str, tuple[str, str]],
    found: Mapping[str, Hashable],
    both: Counter[tuple[str, Hashable]],
    mixed: set[Hashable],
) -> dict[str, Family]:
    """Count by family; a cluster belongs to the family of its first entry."""
    entries = Counter(family for _, family in truth.values())
    merged = Counter(family for one, (_, family) in truth.items() if found[one] in mixed)
    of_cluster: dict[str, str] = {}
    for cluster, family in truth.values():
        of_cluster.setdefault(cluster, family)
    sizes = Counter(cluster for cluster, _ in truth.values())
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

"""What is said to a person about two entries."""

from msgspec.structs import replace

from aggregator.core.stories.records import UNITS, Features, Sketch, Verdict
from aggregator.core.stories.text import written
from aggregator.core.stories.titles import EXCHANGED, SAME, UNLIKE

_SAMPLES = 3


def with_samples(verdict: Verdict, features: Features, old: Sketch) -> Verdict:
    """Return a verdict with the longest statements that both texts hold, as they were written."""
    theirs = frozenset(old.marks)
    sketch = features.sketch
    shared = [
        (-(trait & UNITS), place)
        for place, (mark, trait) in enumerate(zip(sketch.marks, sketch.traits, strict=True))
        if mark in theirs
    ]
    places = sorted(place for _, place in sorted(shared)[:_SAMPLES])
    shown = written(features.text)
    samples = tuple(shown[features.said[place]] for place in places)
    return replace(verdict, evidence=replace(verdict.evidence, samples=samples))


BY_HAND = "by hand"

_FOR = {
    BY_HAND: "The operator joined them.",
    "link": "They give the same address, and their titles agree.",
    "text": "They have the same text.",
    "whole text": "Their texts are usual for their sources, but agree word for word.",
    "title": "One of them has no text of its own, and their titles agree within three days.",
    "same source": "The source lists it again: the same text under the same title or address.",
}
_AGAINST = {
    "other title and address": "One source lists both, under other titles and addresses.",
    "figures differ": "Statements that are otherwise the same give other figures.",
    "no text": "There is no text to tell them by.",
    "texts differ": "Their texts differ.",
    "only boilerplate in common": "They share only what their sources say again and again.",
    "titles differ": "One of them has no text of its own, and their titles differ.",
    "days apart": "One of them has no text of its own, and they came more than three days apart.",
    "title too short": "One of them has no text of its own, and the title is too short to tell.",
    "standing title": "One of them has no text of its own, and the title returns in its source.",
    "too little in common": "They have too little in common.",
    "a notice, not a story": "What they share says nothing of what their titles say.",
    "one denies the other": "One says what the other denies.",
    "statements exchanged": "Too many statements stand in the place of others.",
    "titles exchanged": "Their titles differ in a few words only, as a template's do.",
    "in the middle of the other": "The shorter stands amid the longer, as in a digest.",
    "one text inside another": "The shorter is whole; the longer says more, under another title.",
    "other characters": "Their characters are simplified and traditional (`keep_scripts`).",
    "not asked for": "The setting `dedupe` of their categories does not go that far.",
}


_TITLES = {
    SAME: "agree",
    EXCHANGED: "differ in a few words or figures",
    UNLIKE: "have little in common",
}


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def explain(verdict: Verdict) -> list[str]:
    """Return a verdict in sentences, the decisive one first."""
    evidence = verdict.evidence
    lines = [(_FOR if verdict.same else _AGAINST)[verdict.rule]]
    if evidence.statements:
        lines.append(
            f"They share {_count(evidence.statements, 'statement')}, {evidence.contained:.0%} of"
            f" the shorter text; {evidence.altered:.0%} of that stands in the place of others."
        )
    if evidence.figures_agree or evidence.figures_differ:
        lines.append(
            f"Of statements with figures {evidence.figures_agree} agree and"
            f" {evidence.figures_differ} differ in nothing but those."
        )
    lines.append(
        f"Their titles {_TITLES[evidence.titles]};"
        f" their addresses are {'the same' if evidence.same_link else 'not the same'}."
    )
    lines.extend(f"Both say: {sample}" for sample in evidence.samples)
    return lines

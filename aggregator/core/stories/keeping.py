"""Stories as they are kept: from what the store holds to what the desk works on, and back."""

import json
from collections.abc import Container

from msgspec.structs import asdict, fields

from aggregator.core.stories.reading import index_keys
from aggregator.core.stories.records import Evidence, Features, Tie, Told, Verdict
from aggregator.core.stories.sketch import pack, unpack
from aggregator.core.stories.titles import read_title
from aggregator.model.known import DuplicateLink, Teller, Traces

_SAMPLE_CHARS = 300
"""Of a statement that is shown to a person: one may be a megabyte long."""


def traces(features: Features, boilerplate: Container[int]) -> Traces:
    """Return what is kept of an entry's features."""
    return Traces(
        sketch=pack(features.sketch),
        link_key=features.link_key,
        keys=index_keys(features, boilerplate),
    )


def told(teller: Teller, level: str, *, keep_scripts: bool) -> Told:
    """Return a kept entry as it is compared."""
    return Told(
        key=teller.key,
        number=teller.number,
        cluster=teller.cluster,
        at=teller.at,
        title=read_title(teller.title),
        sketch=unpack(teller.sketch),
        link_key=teller.link_key,
        level=level,
        keep_scripts=keep_scripts,
        joined=teller.joined,
    )


def link(tie: Tie) -> DuplicateLink:
    """Return a link as it is kept."""
    said = asdict(tie.verdict.evidence)
    said["samples"] = [sample[:_SAMPLE_CHARS] for sample in tie.verdict.evidence.samples]
    return DuplicateLink(
        a=tie.a,
        b=tie.b,
        rule=tie.verdict.rule,
        score=tie.verdict.score,
        evidence=json.dumps(said, ensure_ascii=False),
        by_user=tie.by_user,
    )


def tie(kept: DuplicateLink) -> Tie:
    """Return a link that was kept, as the desk has it."""
    said = json.loads(kept.evidence)
    names = {line.name for line in fields(Evidence)}
    words = {name: value for name, value in said.items() if name in names}
    words["samples"] = tuple(words.get("samples", ()))
    verdict = Verdict(same=True, rule=kept.rule, score=kept.score, evidence=Evidence(**words))
    return Tie(kept.a, kept.b, verdict, kept.by_user)

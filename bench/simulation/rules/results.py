"""Rules about what became of it: stories, outputs, the log."""

import json
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bench.simulation.asked import Case, Evidence
from bench.simulation.rules.verdict import Finding


def lost(evidence: Evidence) -> Iterator[Finding]:
    """Every story that a whole feed listed is kept."""
    for case in _tellers(evidence):
        kept = set(evidence.kept.titles[case.source.name])
        for title in sorted(_shown(evidence, case)):
            yield None if title in kept else f"lost: {title}"


def twice(evidence: Evidence) -> Iterator[Finding]:
    """No story is kept, and so announced, twice."""
    for case in _tellers(evidence):
        counts = Counter(evidence.kept.titles[case.source.name])
        for title in sorted(_shown(evidence, case)):
            yield None if counts[title] <= 1 else f"{counts[title]} times: {title}"


def _tellers(evidence: Evidence) -> list[Case]:
    return [case for case in evidence.cases if case.kind and case.kind.tells]


def _shown(evidence: Evidence, case: Case) -> set[str]:
    said = (evidence.said.get(poll.visits[-1]) for poll in case.polls if poll.heard)
    return {title for one in said if one and one.good for title in one.shown}


def outputs(evidence: Evidence) -> Iterator[Finding]:
    """Everything published can be read."""
    for path, body in evidence.kept.pages:
        yield _fault(path, body)


def _fault(path: str, body: bytes) -> Finding:
    try:
        if path.endswith(".json"):
            json.loads(body)
        elif path.endswith((".atom", ".rss", ".xml")):
            etree.fromstring(body)
    except (ValueError, etree.XMLSyntaxError) as error:
        return f"{path}: {error}"
    return None


def bugs(evidence: Evidence) -> Iterator[Finding]:
    """No answer makes our own code fail."""
    polls = sum(len(case.log) for case in evidence.cases)
    ours = [
        f"{case.source.name}: {record.message}"
        for case in evidence.cases
        for record in case.log
        if "fault of the aggregator" in (record.message or "")
    ]
    yield from [*evidence.kept.bugs, *ours]
    yield from [None] * polls


def logged(evidence: Evidence) -> Iterator[Finding]:
    """Every request that came stands in the poll log, but for those of a killed round."""
    for case in evidence.cases:
        noted = {record.at: record.traffic.requests for record in case.log}
        for poll in case.polls:
            if poll.when not in evidence.kept.killed:
                fine = noted.get(poll.when, 0) >= len(poll.visits)
                yield None if fine else f"{case.source.name} {poll.when:%d %H:%M}: not logged"

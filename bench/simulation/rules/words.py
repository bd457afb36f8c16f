"""Rules about what is asked, and with which words."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from bench.servers.misbehaving import CATALOGUE
from bench.servers.misbehaving.behaviours import NOT_MODIFIED
from bench.simulation.asked import Case, Evidence, Poll
from bench.simulation.rules.verdict import Finding
from bench.simulation.speaking import Marks
from bench.simulation.world import BAD_CERTIFICATES, CONTACT, source_of

_HEADERS = frozenset(
    (b"host", b"user-agent", b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since")
)
_CROSS = (b"500 You sent something else", b"400 A cookie came back")
_CONDITIONAL = frozenset(row.name for row in CATALOGUE if row.then == NOT_MODIFIED)
_SIGHTINGS = 3
_DAY = timedelta(hours=24)
_PERMANENT = (301, 308)


def validators(evidence: Evidence) -> Iterator[Finding]:
    """Both validators echoed byte for byte, the newest of a whole feed or a 304, else none."""
    for case in evidence.cases:
        if case.kind:
            yield from _echoes(evidence, case)
        else:
            yield from _pleases(case)


def _pleases(case: Case) -> Iterator[Finding]:
    """Look for cross answers, and for a whole one where a 304 was to be had."""
    kept = False
    for poll in case.polls:
        head = poll.visits[-1].head
        cross = any(words in visit.head for visit in poll.visits for words in _CROSS)
        forgot = kept and case.source.name in _CONDITIONAL and poll.visits[-1].status == 200
        yield f"{case.source.name} {poll.when:%d %H:%M}: {head[:60]!r}" if cross or forgot else None
        kept = kept or poll.heard


def _echoes(evidence: Evidence, case: Case) -> Iterator[Finding]:
    """Follow what should be echoed; what was not heard changes nothing."""
    right = Marks()
    for poll in case.polls:
        for visit in poll.visits:
            sent = Marks(
                _only(visit.values("If-None-Match")), _only(visit.values("If-Modified-Since"))
            )
            fine = sent == right
            yield None if fine else f"{case.source.name} {poll.when:%d %H:%M}: sent {sent}"
        if poll.heard:
            right = _renewed(evidence, poll, right)


def _renewed(evidence: Evidence, poll: Poll, before: Marks) -> Marks:
    said = evidence.said.get(poll.visits[-1])
    if said is None or not said.good or said.marks is None:
        return before
    if said.status.startswith("304"):
        return Marks(
            said.marks.etag or before.etag, said.marks.last_modified or before.last_modified
        )
    return said.marks


def _only(values: list[bytes]) -> bytes | None:
    if len(values) > 1:
        return b"sent twice"
    return values[0] if values else None


def headers(evidence: Evidence) -> Iterator[Finding]:
    """No cookie, no referer, no credentials: nothing but what a conditional GET needs."""
    for visit in evidence.visits:
        names = [line.partition(b":")[0].lower() for line in visit.lines]
        strange = sorted(set(names) - _HEADERS)
        twice = len(names) != len(set(names))
        fine = visit.method == "GET" and not strange and not twice
        yield None if fine else f"{visit.method} {visit.target}: {names}"


def user_agent(evidence: Evidence) -> Iterator[Finding]:
    """One User-Agent, with a way to reach us."""
    agents = [b"".join(visit.values("User-Agent")) for visit in evidence.visits]
    for agent in agents:
        fine = agent == agents[0] and CONTACT.encode() in agent
        yield None if fine else repr(agent)


def paths(evidence: Evidence) -> Iterator[Finding]:
    """Nothing but the source's own address, and where redirects led."""
    redirecting = {row.name for row in CATALOGUE if row.group in ("redirect", "ssrf")}
    hosts = evidence.world.house.hosts
    astray = {hosts[name] for name in redirecting & hosts.keys()}
    led = {_path(line) for said in evidence.said.values() for line in said.headers}
    for visit in evidence.visits:
        name = source_of(visit)
        own = f"/{name}"
        sent = visit.target in led or name in redirecting or visit.host in astray
        yield None if sent or visit.target == own else visit.target


def _path(line: bytes) -> str:
    name, _, value = line.partition(b": ")
    return urlsplit(value.decode("latin-1")).path if name == b"Location" else ""


def moves(evidence: Evidence) -> Iterator[Finding]:
    """A new address is learned after three sightings over a day with a feed there, never else."""
    for case in evidence.cases:
        if case.kind is None or case.kind.moves is None:
            continue
        own = urlsplit(case.source.location).path
        seen: list[Poll] = []
        learned = False
        for poll in case.polls:
            if poll.visits[0].target == own:
                seen = _sighted(evidence, seen, poll)
                continue
            learned = True
            fine = case.kind.moves is True and _is_sure(seen, poll)
            yield None if fine else f"{case.source.name} {poll.when:%d %H:%M}: moved too soon"
        if case.kind.moves is True and evidence.kept.until - case.polls[0].when > 3 * _DAY:
            yield None if learned else f"{case.source.name}: its new address was not learned"
        elif not learned:
            yield None


def _sighted(evidence: Evidence, seen: list[Poll], poll: Poll) -> list[Poll]:
    """Add a sighting with a feed behind it; a feed elsewhere begins the row anew.

    What failed, or was not heard, says nothing of where the feed is: it is no sighting.
    """
    last = evidence.said.get(poll.visits[-1])
    if not poll.heard or last is None or not last.good:
        return seen
    if not _leads_for_good(poll):
        return []
    return [*seen, poll] if seen and _target(seen[-1]) == _target(poll) else [poll]


def _is_sure(seen: list[Poll], direct: Poll) -> bool:
    """Tell whether enough was seen to ask a new address directly, and whether it is that one."""
    if len(seen) < _SIGHTINGS or seen[-1].when - seen[0].when < _DAY:
        return False
    return direct.visits[0].target == _target(seen[-1])


def _target(poll: Poll) -> str:
    return poll.visits[-1].target


def _leads_for_good(poll: Poll) -> bool:
    hops = [visit.status for visit in poll.visits[:-1]]
    return bool(hops) and all(hop in _PERMANENT for hop in hops)


def certificates(evidence: Evidence) -> Iterator[Finding]:
    """No request to a server whose certificate is wrong."""
    for name in BAD_CERTIFICATES:
        asked = evidence.world.locked[name].visits
        tried = evidence.world.locked[name].connections
        if asked or not tried:
            yield f"{name}: {tried} connections, {len(asked)} requests"
        else:
            yield None
    yield None if evidence.world.locked["good"].visits else "the good certificate is refused"


def forbidden(evidence: Evidence) -> Iterator[Finding]:
    """Nobody connects to the canary."""
    leading = sum(1 for visit in evidence.visits if b"127.9.9.9" in visit.head)
    yield from evidence.world.canary
    yield from [None] * leading

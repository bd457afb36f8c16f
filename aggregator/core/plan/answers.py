"""One poll's plan where nothing was read: for no answer, for an unchanged one."""

from msgspec.structs import replace

from aggregator.core import health, schedule
from aggregator.core.plan.records import Poll
from aggregator.model.fetched import Failed, Fetched, NotModified
from aggregator.model.known import Notice, PollPlan, PollRecord, PollState


def unchanged(poll: Poll, outcome: Fetched | NotModified) -> PollPlan:
    """Plan for a 304, or for a body equal to the last one."""
    before = poll.due.state
    state = schedule.after_read(
        poll.source, before, outcome, before.rhythm, poll.answer.at, poll.settings.fetch
    )
    said = "not-modified" if isinstance(outcome, NotModified) else "unchanged"
    return plan_of(poll, record_of(poll, said), state)


def failed(poll: Poll, failure: Failed, outcome: str = "failed") -> PollPlan:
    """Plan for no answer ("failed"), or for one that was no feed ("broken")."""
    state = schedule.after_failure(
        poll.source, poll.due.state, failure, poll.answer.at, poll.settings.fetch
    )
    record = replace(
        record_of(poll, outcome),
        message=state.last_error,
        paused_host=state.paused_host,
        paused_until=state.paused_until,
    )
    return plan_of(poll, record, state)


def called_off(poll: Poll) -> PollPlan:
    """Plan for a request that was broken off because the round was stopped."""
    before, now = poll.due.state, poll.answer.at
    state = schedule.after_calling_off(poll.source, before, now, poll.settings.fetch)
    return plan_of(poll, record_of(poll, "called-off"), state)


def plan_of(
    poll: Poll, record: PollRecord, state: PollState, more: tuple[Notice, ...] = ()
) -> PollPlan:
    """Return the plan that keeps a state and a line of the log, and tells the operator of both."""
    notices = health.notices(poll.source, poll.due.state, state, poll.answer.at) + more
    told = (health.TOLD_IN,) if notices else ()
    return PollPlan(record=record, state=state, notices=notices, outdated=told)


def record_of(poll: Poll, outcome: str) -> PollRecord:
    """Return a line of the log."""
    return PollRecord(
        source=poll.source.name,
        at=poll.answer.at,
        outcome=outcome,
        traffic=poll.answer.outcome.traffic,
    )

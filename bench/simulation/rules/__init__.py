"""The rules, each judged by what the servers saw."""

from bench.simulation.rules import results, times, words
from bench.simulation.rules.verdict import Rule, Verdict, judge

RULES: dict[str, Rule] = {
    "at least floor and interval between two polls": times.floor,
    "Retry-After, freshness, ttl, sy:update* waited for": times.wishes,
    "skipHours and skipDays left out": times.skipped,
    "back-off 1, 2, 4, 8, 12 h": times.backoff,
    "asked daily, never given up": times.never_given_up,
    "410 confirmed once, then never asked": times.gone,
    "429 and 503 pause the whole host": times.paused,
    "one request of a host at a time": times.one_at_a_time,
    "spacing between two requests of a host": times.spaced,
    "validators echoed byte for byte, the newest": words.validators,
    "no cookie, referer or other header": words.headers,
    "one User-Agent, with contact": words.user_agent,
    "no address but the source's own": words.paths,
    "moves learned after 3 sightings over a day": words.moves,
    "bad certificates refused": words.certificates,
    "forbidden addresses never connected to": words.forbidden,
    "no story lost": results.lost,
    "no story twice": results.twice,
    "everything published can be read": results.outputs,
    "no answer trips our own code": results.bugs,
    "every request is in the poll log": results.logged,
}

__all__ = ["RULES", "Verdict", "judge"]

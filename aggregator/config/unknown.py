"""What was meant by a key that is not known."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from aggregator.config import schema
from aggregator.config.keys import Part
from aggregator.config.targets import Keep, Target

_PARTS: Mapping[str, type[Part]] = {
    "site": schema.Site,
    "defaults": schema.Defaults,
    "fetch": schema.Fetch,
    "sources": schema.Source,
    "categories": schema.Category,
    "feeds": schema.Feed,
    "publish": Target,
}
_HABITS = {
    "url": "feed",
    "interval": "every",
    "refresh": "every",
    "folder": "posts",
    "path": "posts",
    "dir": "posts",
    "category": "categories",
    "tags": "categories",
    "name": "title",
    "auth": "username",
    "token": "bearer",
    "max_items": "newest",
    "count": "newest",
    "limit": "newest",
    "not": "without",
    "query": "words",
    "search": "words",
}
"""Words of other programs for keys of ours."""


def remedy_for(at: Sequence[str | int]) -> str:
    """Name the nearest known key, or say where all are listed."""
    known = sorted(_part(at).model_fields)
    word = str(at[-1]).lower().replace("-", "_")
    near = get_close_matches(word, known, n=1)
    meant = near[0] if near else _HABITS.get(word)
    if meant in known:
        return f"did you mean {meant}?"
    return f"the keys here are {', '.join(known)}" if len(known) <= 8 else "see `aggregator schema`"


def _part(at: Sequence[str | int]) -> type[Part]:
    if at[0] == "publish" and "keep" in at[:-1]:
        return Keep
    if "without" in at[:-1]:
        return schema.Marks
    if "match" in at[:-1]:
        return schema.Match
    return _PARTS.get(str(at[0]), schema.Document) if len(at) > 1 else schema.Document

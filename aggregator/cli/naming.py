"""Which entries a person means by a word: an id, a link, a guid, or SOURCE:GUID."""

from aggregator.errors import UsageError
from aggregator.model.shown import Found
from aggregator.ports import Store


def meant(store: Store, entry: str) -> tuple[Found, ...]:
    """Return the entries that may be meant, the earliest first.

    :raises UsageError: none is
    """
    found = store.find(entry)
    if not found:
        source, _, rest = entry.partition(":")
        found = tuple(one for one in store.find(rest) if one.key.source == source)
    if not found:
        raise UsageError(f"no entry has the id, link or guid {entry}")
    return found


def the_one_meant(store: Store, entry: str, *, otherwise: str = "") -> Found:
    """Return the one entry that is meant; ``otherwise`` is what else could be said.

    :raises UsageError: none or several are meant
    """
    found = meant(store, entry)
    if len(found) > 1:
        names = ", ".join(name(one) for one in found)
        raise UsageError(
            f"{len(found)} entries are meant by {entry}; say {otherwise}which: {names}"
        )
    return found[0]


def name(found: Found) -> str:
    """Return SOURCE:GUID, by which an entry is meant and no other."""
    return f"{found.key.source}:{found.key.guid}"

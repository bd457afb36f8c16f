"""Authors: names and pages. An address of mail is nobody's name, and is not published."""

import re
from collections.abc import Iterable

from aggregator.core.normalise.texts import line
from aggregator.core.urls import absolute
from aggregator.model.parsed import Person

_MOST = 30
_NAME_LIMIT = 200
_MAIL = re.compile(
    r"(?<![^\s<(\[\"',;:])(?:mailto:)?([^\s<>()\[\]@,;:\"]{1,64})@[^\s<>()\[\]@,;:\"]{1,255}"
)
_AROUND = re.compile(r"^[\s,;:<>()\[\]\"'–—-]+|[\s,;:<>()\[\]\"'–—-]+$")
_EMPTY = re.compile(r"<\s*>|\(\s*\)|\[\s*\]")
# "mail (Name)", as RSS wants authors.
_IN_BRACKETS = re.compile(r"[\s<>\"]*\(\s*([^()]+?)\s*\)\s*")


def people(persons: Iterable[Person], root: str) -> tuple[Person, ...]:
    """Return the persons that have a name or a page, each once."""
    found = dict.fromkeys(_person(person, root) for person in persons)
    return tuple(person for person in found if person is not None)[:_MOST]


def _person(person: Person, root: str) -> Person | None:
    url = absolute(person.url or "", root)
    name = _name(person.name or "") or _name(person.email or "")
    return Person(name=name, url=url) if name or url else None


def _name(text: str) -> str | None:
    """Return a name without the mail beside it; of a bare address what stands before the "@"."""
    plain = line(text, _NAME_LIMIT)
    # "Jane Doe (@jane)" holds no address.
    if "@" not in plain or not _MAIL.search(plain):
        return plain or None
    rest = _EMPTY.sub(" ", _MAIL.sub(" ", plain))
    bracketed = _IN_BRACKETS.fullmatch(rest)
    bare = " ".join(rest.split()).replace(" ,", ",")
    name = _AROUND.sub("", bracketed[1] if bracketed else bare)
    local = _MAIL.search(plain)
    return name or (local[1] if local else None)

"""Single values that feeds spell in many ways: people, numbers, durations, flags, links.

Every one is bounded: a name of a megabyte or a number of a thousand digits costs nothing.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from aggregator.model.parsed import Enclosure, Person, Term

_LONGEST_NAME = 1000
_LONGEST_S = 10_000_000
_EMAIL = re.compile(r"[^\s<>()\[\]\",;:@]{1,100}@[^\s<>()\[\]\",;:@]{1,200}")
_NUMBER = re.compile(r"\d{1,15}")
_MANY_DIGITS = re.compile(r"[1-9]\d{15,99}")
_YEAR_MINUTES = 366 * 24 * 60
_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,5}):(\d{1,5})(?:[.,]\d{1,9})?")
_SECONDS = re.compile(r"(\d{1,9})(?:[.,]\d{1,9})?\s*(?:s|sec|secs|seconds?)?")
_WORDS = re.compile(
    r"(?:p(?:0d)?t?)?\s*(?:(\d{1,5})\s*(?:h|std)[a-z]*\.?,?)?\s*(?:and )?"
    r"(?:(\d{1,5})\s*m[a-z]*\.?,?)?\s*(?:and )?(?:(\d{1,7})(?:\.\d{1,9})?\s*s[a-z]*\.?)?"
)
_YES = frozenset({"yes", "true", "explicit", "adult", "1"})
_NO = frozenset({"no", "false", "clean", "nonadult", "0"})


def person(text: str) -> Person | None:
    """Read "name", "email", "email (name)", "name <email>" or "name (email)" (RFC 5322 3.4).

    A bare "mailto:" goes; None where nothing is left.
    """
    words = " ".join(text[:_LONGEST_NAME].split()).removeprefix("mailto:")
    found = _EMAIL.search(words)
    if found is None:
        return Person(name=words) if words else None
    name = words.replace(found[0], " ").replace("mailto:", " ")
    name = re.sub(r"\(\s*\)|<\s*>|&lt;\s*&gt;|\[\s*\]", " ", name).strip(" ,;:\"'")
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    return Person(name=" ".join(name.split()) or None, email=found[0])


def unique_people(people: Iterable[Person | None]) -> tuple[Person, ...]:
    """Return each person once, in order."""
    return tuple(dict.fromkeys(one for one in people if one is not None and one != Person()))


def whole_number(text: str) -> int | None:
    """Read a count of bytes, minutes or episodes; thousands may be separated."""
    digits = text.strip().replace(",", "").replace(" ", "")
    return int(digits) if _NUMBER.fullmatch(digits) else None


def length_bytes(text: str) -> int | None:
    """Read the length of a file; 0 and 1 stand for "unknown" in most feeds that say so."""
    number = whole_number(text)
    return number if number else None


def duration_s(text: str) -> int | None:
    """Read "1:02:03", "62:03", "3723", "1h 2m 3s" or "PT1H2M3S" as seconds."""
    words = text.strip().lower()[:40]
    if clock := _CLOCK.fullmatch(words):
        return _seconds(clock.groups())
    if plain := _SECONDS.fullmatch(words):
        return _seconds((None, None, plain[1]))
    spelled = _WORDS.fullmatch(words)
    if spelled and any(spelled.groups()):
        return _seconds(spelled.groups())
    return None


def _seconds(parts: Iterable[str | None]) -> int | None:
    hours, minutes, seconds = (int(part or 0) for part in parts)
    total = hours * 3600 + minutes * 60 + seconds
    return total if 0 < total <= _LONGEST_S else None


def flag(text: str) -> bool | None:
    """Read an explicit flag; None where it says neither."""
    word = text.strip().lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def minutes(text: str) -> timedelta | None:
    """Read RSS ttl: whole minutes, above nothing; more than a year is a year."""
    number = _YEAR_MINUTES if _MANY_DIGITS.fullmatch(text.strip()) else whole_number(text)
    return timedelta(minutes=min(number, _YEAR_MINUTES)) if number else None


def is_url(text: str) -> bool:
    """Tell whether a text is an absolute http(s) address without white space."""
    return text.lower().startswith(("http://", "https://")) and not re.search(r"\s", text)


def unique_terms(found: Iterable[Term]) -> tuple[Term, ...]:
    """Return each term once, in order; nameless ones are left out."""
    terms: dict[tuple[str, str | None], Term] = {}
    for term in found:
        if term.term:
            terms.setdefault((term.term, term.scheme), term)
    return tuple(terms.values())


def split_terms(text: str, scheme: str | None = None) -> list[Term]:
    """Read keywords separated by commas."""
    return [Term(word.strip(), scheme) for word in text.split(",") if word.strip()]


def unique_enclosures(found: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Return each file once, with all that its several mentions say of it."""
    files: dict[str, Enclosure] = {}
    for enclosure in found:
        known = files.get(enclosure.url)
        files[enclosure.url] = _merged(known, enclosure) if known else enclosure
    return tuple(files.values())


def _merged(a: Enclosure, b: Enclosure) -> Enclosure:
    return Enclosure(
        url=a.url,
        media_type=a.media_type or b.media_type,
        length_bytes=a.length_bytes or b.length_bytes,
        title=a.title or b.title,
        duration_s=a.duration_s or b.duration_s,
    )

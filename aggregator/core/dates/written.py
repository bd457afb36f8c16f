"""Dates in words and numbers: RFC 822 and what becomes of it, asctime, local languages.

One time at most; before and after it a day (with a month's name, or three numbers), names of days,
zones and words that say nothing, in any order that leaves one reading. A word that is not known
means that the text is not understood: nothing is skipped over.
"""

import re
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct, field

from aggregator.core.dates.moment import full_year, instant, time_of_day
from aggregator.core.dates.words import DAYS, FILLERS, MONTHS
from aggregator.core.dates.zones import is_unknown, named_zone, offset_zone

Match = re.Match[str]
Triple = tuple[str, str, str, str]
"""Three numbers and the sign between them: ("2012", "-", "12", "16")."""

_TIME = re.compile(
    r"(?<![\d:+-])"
    r"(?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,18}))?)?|(\d{1,2})(?= ?[ap]\.?m\b))"
    r"(?![\d:])(?: ?([ap]\.? ?m\b\.?|[μπ]\.? ?μ\.?|[مص](?!\w)|مساء|صباحا))?"
)
_TOKENS = (
    r"(?P<triple>(?<!\d)(\d{1,4})([-/.])(\d{1,2})[-/.](\d{1,4})(?!\d))"
    r"|(?P<offset>(?:(?<![^\W\d_])(?:utc|gmt) ?)?[+-]%s(?!\d))"
    r"|(?P<number>\d+)"
    r"|(?P<place>[a-z]+/[a-z_/]+(?:[+-]\d{1,2})?)"
    r"|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)"
    r"|(?P<gap>[ ,،;./_|'\"–—-])"
)
# "-05" before a time is no zone: "2012-12-05 10:00".
_BEFORE = re.compile(_TOKENS % r"\d{2}:\d{2}")
_AFTER = re.compile(_TOKENS % r"\d{1,2}(?::?\d{2})?")
# "9.05.07" after a year, as Italian and Danish programs write it, and "9.05 pm".
_DOTTED = re.compile(
    r"(?<=\d{4} )(\d{1,2})\.(\d{2})\.(\d{2})(?![.\d])|(?<![\d.])(\d{1,2})\.(\d{2})(?= ?[ap]\.?m\b)"
)
# "14 uhr", "14.30 uhr", "kl. 14.30", "14h30", "14 h".
_SPOKEN = re.compile(
    r"\b(?:(?:kl\.?|klo|klokka|klockan|um|ore|om) (\d{1,2})\.(\d{2})"
    r"|(\d{1,2})(?:[.:](\d{2}))? uhr|(\d{1,2}) ?h ?(\d{2})?)(?![\d:.]\d|\d|[^\W\d_])"
)


class _Parts(Struct):
    """What a text is made of, in its order."""

    triples: list[Triple] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Of months and days."""
    zones: list[str] = field(default_factory=list)
    offsets: list[str] = field(default_factory=list)

    def read(self, text: str, *, timed: bool) -> bool:
        """Add the parts of a text that stands after (``timed``) or before the time.

        False where something is no part of a date.
        """
        position, pattern = 0, _AFTER if timed else _BEFORE
        while position < len(text):
            match = pattern.match(text, position)
            if match is None or not self._add(match, timed):
                return False
            position = match.end()
        return True

    def _add(self, match: Match, timed: bool) -> bool:
        kind, text = match.lastgroup, match[0]
        if kind == "triple":
            self.triples.append((match[2], match[3], match[4], match[5]))
        elif kind == "number":
            is_offset = timed and len(text) == 4 and self._states_day()
            (self.offsets if is_offset else self.numbers).append(f"+{text}" if is_offset else text)
        elif kind == "offset":
            self.offsets.append(text)
        elif kind == "place":
            self.zones.append(text)
        elif kind == "word":
            return self._add_word(text, timed, at_once=match.start() <= 1)
        return True

    def _add_word(self, word: str, timed: bool, at_once: bool) -> bool:
        """Tell what a word is: "et" is Eastern Time after a time, "pt" a Friday before it.

        A single letter is a zone right after the time only: in "10:00, 13 stycznia 2025 r." it is
        the year's, and "h" is the hour's.
        """
        if timed and word != "h" and (at_once or len(word) > 1) and named_zone(word):
            self.zones.append(word)
        elif word in MONTHS or word in DAYS:
            self.names.append(word)
        elif word not in FILLERS and not (timed and at_once and is_unknown(word)):
            self.zones.append(word)
            return (len(word) > 1 or word == "z") and named_zone(word) is not None
        return True

    def _states_day(self) -> bool:
        """Tell whether day and year stand already: what follows the time is a zone whose "+" was
        decoded to a space, as in "09:05:07 0200"."""
        return bool(self.triples) or len(self.numbers) > 1


def written(text: str, default: tzinfo) -> datetime | None:
    """Return the instant of a folded text, None where it has not the parts of a date.

    :raises ValueError: it has, but there is no such day, time or zone
    """
    plain = _SPOKEN.sub(_with_colon, _DOTTED.sub(_with_colons, text))
    clock = _TIME.search(plain)
    before, after = (plain[: clock.start()], plain[clock.end() :]) if clock else (plain, "")
    parts = _Parts()
    if not (parts.read(before, timed=False) and parts.read(after, timed=True)):
        return None
    day = _day(parts, clock)
    return instant(day, _since_midnight(clock), _zone(parts, default)) if day else None


def _with_colons(match: Match) -> str:
    return ":".join(part for part in match.groups() if part)


def _with_colon(match: Match) -> str:
    hour = match[1] or match[3] or match[5]
    return f"{hour}:{match[2] or match[4] or match[6] or '00'}"


def _since_midnight(clock: Match | None) -> timedelta:
    if clock is None:
        return timedelta(0)
    hour, minute, second, fraction, bare_hour, half = clock.groups()
    return time_of_day(_hour(hour or bare_hour, half), minute or "0", second, (fraction or ""))


def _hour(hour: str, half: str | None) -> str:
    """Turn "12 am" into 0 and "3 pm" into 15; "15:00 pm" says the same twice."""
    if half is None:
        return hour
    afternoon = half[0] in "pμم"
    if int(hour) > 12:
        if not afternoon:
            raise ValueError(f"no hour: {hour} {half}")
        return hour
    return str(int(hour) % 12 + (12 if afternoon else 0))


def _zone(parts: _Parts, default: tzinfo) -> tzinfo:
    """Return the zone stated, a number before a name."""
    if parts.offsets:
        zone = offset_zone(parts.offsets[0].replace(" ", ""))
    elif parts.zones:
        zone = named_zone(parts.zones[0])
    else:
        return default
    if zone is None:
        raise ValueError("no such zone")
    return zone


def _day(parts: _Parts, clock: Match | None) -> date | None:
    month = _month(parts.names)
    if month and not parts.triples:
        return _named_day(month, parts.numbers, timed=clock is not None)
    # "mar, 04/03/2025" is a Tuesday.
    if len(parts.triples) > 1 or any(name not in DAYS for name in parts.names):
        return None
    weekdays = {DAYS.get(name) for name in parts.names}
    american = clock is not None and clock[6] is not None
    if parts.triples and not parts.numbers:
        return _numbered_day(parts.triples[0], weekdays, american)
    if len(parts.numbers) == 3 and not parts.triples:
        first, second, third = parts.numbers
        return _numbered_day((first, " ", second, third), weekdays, american)
    return None


def _month(names: list[str]) -> int | None:
    """Return the month; of "mar. 03 mar. 2020" the first name is a Tuesday."""
    months = [name for name in names if name in MONTHS]
    if len(months) == 2 and months[0] in DAYS:
        del months[0]
    return MONTHS[months[0]] if len(months) == 1 else None


def _named_day(month: int, numbers: list[str], *, timed: bool) -> date | None:
    if len(numbers) == 1 and len(numbers[0]) == 4 and not timed:
        return date(int(numbers[0]), month, 1)
    if len(numbers) != 2:
        return None
    day, year = numbers if len(numbers[0]) <= 2 else reversed(numbers)
    if len(day) > 2 or not 2 <= len(year) <= 4:
        return None
    return date(full_year(year), month, int(day))


def _numbered_day(triple: Triple, weekdays: set[int | None], american: bool) -> date | None:
    """Read three numbers: the year first; else the only order that is a day, or the day's name
    fits; else, as PHP reads them, month first where slashes stand, day first elsewhere."""
    first, sign, second, third = triple
    if len(first) == 4:
        return date(int(first), int(second), int(third)) if len(third) <= 2 else None
    if len(first) > 2 or len(second) > 2 or len(third) not in (2, 4):
        return None
    year = full_year(third)
    orders = [(int(second), int(first)), (int(first), int(second))]
    if sign == "/" or american:
        orders.reverse()
    days = [date(year, month, day) for month, day in orders if _is_day(year, month, day)]
    fitting = [day for day in days if day.weekday() in weekdays]
    return next(iter(fitting or days), None)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

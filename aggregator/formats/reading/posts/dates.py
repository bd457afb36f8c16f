"""One strict grammar of the dates people type into posts; the rest is a warning, never a guess.

Narrower than ``core.dates``, which takes feeds as they come: a wrong date in front matter can be
mended by who sees the warning. ``dateutil`` reads "12", "May" and "2022" as days near today,
"UTC-03:00" with the sign turned, "11-9-2017" month first; "CST" is China's zone and Chicago's.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo

EARLIEST_YEAR = 1990
YEARS_AHEAD = 10

_ZONE = r"(?P<zone>Z|UT|UTC|GMT|(?:UTC|GMT)?\s?(?P<sign>[+-])(?P<oh>\d{1,2})(?::?(?P<om>\d{2}))?)?"
_ISO = re.compile(
    r"(?P<y>\d{4})(?P<sep>[-/.年])(?P<m>\d{1,2})(?:(?P=sep)|月)(?P<d>\d{1,2})日?"
    r"(?:[T_\s-]\s*(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    rf"\s*{_ZONE}",
    re.IGNORECASE,
)
_RFC822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},?\s+)?(?P<d>\d{1,2})\s+(?P<mon>[a-z]{3})[a-z]{0,6}\s+"
    rf"(?P<y>\d{{4}})\s+(?P<h>\d{{1,2}}):(?P<min>\d{{2}})(?::(?P<s>\d{{2}}))?\s*{_ZONE}",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ORG = re.compile(
    r"[<\[](\d{4}-\d{2}-\d{2})(?:\s+[^\W\d]{2,10}\.?)?(?:\s+(\d{1,2}:\d{2}))?[^>\]]{0,20}[>\]]"
)
_IN_NAME = re.compile(r"(?:^|/)(\d{4})[-_.](\d{1,2})[-_.](\d{1,2})(?![\d])")
_IN_FOLDERS = re.compile(r"(?:^|[/_-])(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=[/_.-]|$)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEXT_LIMIT = 64


class Calendar:
    """Reads dates by one source's rules: its zones, its odd formats, its believable years."""

    def __init__(
        self, zone: tzinfo, day_zone: tzinfo, formats: Sequence[str], newest_year: int
    ) -> None:
        self._zone = zone
        """Of date-times that state none."""
        self._day_zone = day_zone
        """Of days without a time."""
        self._formats = formats
        self._newest_year = newest_year

    def read(self, text: str) -> datetime | None:
        """Return the instant a text states, in UTC; None where it states none we believe."""
        value = text.strip()
        if not value or len(value) > _TEXT_LIMIT:
            return None
        for reader in (self._iso, self._rfc822, self._epoch, self._org, self._odd):
            if moment := _tried(reader, value):
                return self._believed(moment)
        return None

    def in_path(self, path: str) -> datetime | None:
        """Return the day a file's name states, else its folders', at midnight."""
        name = path.rsplit("/", 1)[-1]
        for pattern, place in ((_IN_NAME, name), (_IN_FOLDERS, path)):
            for match in pattern.finditer(place):
                if day := self._day(match):
                    return day
        return None

    def local(self, moment: datetime) -> datetime:
        """Return an instant as the site's clock shows it."""
        return moment.astimezone(self._day_zone)

    def _day(self, match: "re.Match[str]") -> datetime | None:
        year, month, day = (int(part) for part in match.groups())
        try:
            return self._believed(datetime(year, month, day, tzinfo=self._day_zone))
        except (ValueError, OverflowError):
            return None

    def _believed(self, moment: datetime) -> datetime | None:
        return moment.astimezone(UTC) if EARLIEST_YEAR <= moment.year <= self._newest_year else None

    def _iso(self, text: str) -> datetime | None:
        match = _ISO.fullmatch(text)
        return self._moment(match, int(match["m"])) if match else None

    def _rfc822(self, text: str) -> datetime | None:
        match = _RFC822.fullmatch(text)
        if not match or match["mon"].lower() not in _MONTHS:
            return None
        return self._moment(match, _MONTHS.index(match["mon"].lower()) + 1)

    def _epoch(self, text: str) -> datetime | None:
        if not _EPOCH.fullmatch(text):
            return None
        return datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC)

    def _org(self, text: str) -> datetime | None:
        match = _ORG.fullmatch(text)
        return self._iso(" ".join(part for part in match.groups() if part)) if match else None

    def _odd(self, text: str) -> datetime | None:
        for pattern in self._formats:
            try:
                moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone follows
            except ValueError:
                continue
            return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
        return None

    def _moment(self, match: "re.Match[str]", month: int) -> datetime:
        parts = match.groupdict()
        hour, minute, second = (int(parts[name] or 0) for name in ("h", "min", "s"))
        fraction = int(((parts.get("f") or "") + "000000")[:6])
        year, day = int(parts["y"]), int(parts["d"])
        zone = self._stated_zone(parts)
        return datetime(year, month, day, hour, minute, second, fraction, tzinfo=zone)

    def _stated_zone(self, parts: dict[str, str | None]) -> tzinfo:
        if not parts["zone"]:
            return self._zone if parts["h"] else self._day_zone
        if not parts["sign"]:
            return UTC
        offset = timedelta(hours=int(parts["oh"] or 0), minutes=int(parts["om"] or 0))
        return timezone(-offset if parts["sign"] == "-" else offset)


def _tried(reader: Callable[[str], datetime | None], text: str) -> datetime | None:
    """Let one grammar try: 29 February 2017 and hour 25 are nothing, not an error."""
    try:
        return reader(text)
    except (ValueError, OverflowError, OSError):
        return None

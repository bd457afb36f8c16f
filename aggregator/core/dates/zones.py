"""Zones as dates state them: offsets, the names that feeds really carry, IANA names.

1. A number outranks a name: "+0200 GMT" and "GMT+0200 (CET)" are two hours east.
2. RSS dates are RFC 822 dates, so single letters mean what RFC 822 5.1 says ("A" is an hour west
   of Greenwich), not what soldiers mean.
3. Of names that several zones bear the one stands that PHP, in which most feeds are written,
   takes ("IST" is Israel's, "BST" Britain's, "CST" Chicago's).
4. A name states its own offset, whatever the season: "CEST" in January is two hours east.
5. A name of letters that nobody knows says nothing about the zone (RFC 5322 4.3).
"""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FARTHEST = timedelta(hours=14)
"""Kiribati; west it is twelve."""

_BY_OFFSET = {
    "+0000": "z ut utc gmt wet azost egst",
    "+0100": "cet met mez bst west wedt wat wez",
    "+0200": "cest cedt mest mesz eet ist sast cat wast",
    "+0300": "eest eedt msk мск trt idt eat",
    "+0330": "irst",
    "+0400": "msd gst samt azt get mut ret sct",
    "+0500": "pkt uzt yekt mvt tjt tmt",
    "+0530": "slst",
    "+0545": "npt",
    "+0630": "mmt",
    "+0600": "omst almt",
    "+0700": "wib ict novt krat",
    "+0800": "hkt sgt pht phst myt wita awst irkt cct ulat",
    "+0900": "jst kst wit yakt awdt tlt",
    "+0930": "acst",
    "+1000": "aest vlat chst jdt kdt pgt",
    "+1030": "acdt",
    "+1100": "aedt magt vut",
    "+1200": "nzst pett fjt",
    "+1300": "nzdt",
    "-0100": "azot cvt egt",
    "-0200": "brst wgst",
    "-0230": "ndt",
    "-0300": "adt brt art clst uyt pyst gft srt",
    "-0330": "nst",
    "-0400": "at ast edt clt vet bot pyt gyt",
    "-0500": "et est cdt cot pet ect",
    "-0600": "ct cst mdt",
    "-0700": "mt mst pdt",
    "-0800": "pt pst akdt",
    "-0900": "akst hadt",
    "-1000": "hst hast",
    "-1100": "sst",
}
_LONG = {
    "greenwich mean time": "gmt",
    "coordinated universal time": "utc",
    "universal time": "utc",
    "eastern standard time": "est",
    "eastern daylight time": "edt",
    "eastern time": "et",
    "central standard time": "cst",
    "central daylight time": "cdt",
    "central time": "ct",
    "mountain standard time": "mst",
    "mountain daylight time": "mdt",
    "mountain time": "mt",
    "pacific standard time": "pst",
    "pacific daylight time": "pdt",
    "pacific time": "pt",
    "atlantic standard time": "ast",
    "atlantic daylight time": "adt",
    "alaskan standard time": "akst",
    "hawaiian standard time": "hst",
    "british summer time": "bst",
    "gmt standard time": "gmt",
    "gmt daylight time": "bst",
    "western european time": "wet",
    "western european summer time": "west",
    "central european time": "cet",
    "central european standard time": "cet",
    "central european summer time": "cest",
    "central europe standard time": "cet",
    "w. europe standard time": "cet",
    "w. europe daylight time": "cest",
    "central europe daylight time": "cest",
    "romance standard time": "cet",
    "romance daylight time": "cest",
    "eastern european time": "eet",
    "eastern european standard time": "eet",
    "eastern european summer time": "eest",
    "moscow standard time": "msk",
    "russian standard time": "msk",
    "india standard time": "slst",
    "indian standard time": "slst",
    "china standard time": "hkt",
    "singapore standard time": "sgt",
    "tokyo standard time": "jst",
    "japan standard time": "jst",
    "korea standard time": "kst",
    "korean standard time": "kst",
    "australian eastern standard time": "aest",
    "australian eastern daylight time": "aedt",
    "new zealand standard time": "nzst",
    "new zealand daylight time": "nzdt",
}
# Of three digits that begin with 0 nobody knows where the minutes are; "-010:00" is ten hours.
_OFFSET = re.compile(
    r"(?:utc|gmt|z)?\s?([+-])(?!0\d{2}(?![\d:]))(?:0(?=\d\d:))?(\d{1,2})(?::?(\d{2}))?"
)
_UNKNOWN = re.compile(r"[a-z]{3,5}")
_LONG_NAME = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(_LONG, key=len)[::-1])) + r")\b")
_IANA = re.compile(
    r"(?:africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|etc|europe|indian"
    r"|pacific|us)/[a-z0-9_+/-]{2,30}"
)


def _fixed(sign: str, hours: int, minutes: int) -> tzinfo | None:
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > FARTHEST:
        return None
    return timezone(-offset if sign == "-" else offset)


def _names() -> dict[str, tzinfo]:
    names: dict[str, tzinfo] = {}
    for offset, listed in _BY_OFFSET.items():
        zone = _fixed(offset[0], int(offset[1:3]), int(offset[3:]))
        names.update((name, zone) for name in listed.split() if zone)
    for letters, sign in (("abcdefghiklm", "-"), ("nopqrstuvwxy", "+")):
        for hours, letter in enumerate(letters, start=1):
            names[letter] = timezone(timedelta(hours=-hours if sign == "-" else hours))
    return names


_NAMED = _names()


def offset_zone(text: str) -> tzinfo | None:
    """Return the zone of "+0200", "-5", "+05:45" or "utc+2"; None where it is none on Earth."""
    match = _OFFSET.fullmatch(text)
    return _fixed(match[1], int(match[2]), int(match[3] or 0)) if match else None


def named_zone(name: str) -> tzinfo | None:
    """Return the zone of a name in lower case: "cest", "etc/gmt", "europe/berlin"."""
    if name in _NAMED:
        return _NAMED[name]
    return _iana(name) if _IANA.fullmatch(name) else None


def is_unknown(name: str) -> bool:
    """Tell whether a word in lower case may be the name of a zone that is not known here."""
    return _UNKNOWN.fullmatch(name) is not None


def shortened(text: str) -> str:
    """Put "pst" for "pacific standard time"; text is in lower case."""
    return _LONG_NAME.sub(lambda match: _LONG[match[0]], text) if " time" in text else text


def _iana(name: str) -> tzinfo | None:
    """Look a name up in the zone database, whose names are written "America/New_York"."""
    if name.startswith(("etc/utc", "etc/gmt")):
        key = "Etc/" + name[4:].upper()
    elif name.startswith("us/"):
        key = "US/" + name[3:].title()
    else:
        key = "/".join(_capitals(part) for part in name.split("/"))
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _capitals(part: str) -> str:
    small = {"of", "es", "au"}
    words = re.split(r"([_-])", part)
    return "".join(word if word in small else word.capitalize() for word in words)

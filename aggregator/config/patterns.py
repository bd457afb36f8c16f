"""What one value of a post folder may be: patterns, zones and formats, tried before they run.

What tries them is imported for the first of them: most files have none.
"""

import codecs
import re
from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from aggregator.config.values import fault, text

_SAMPLE = datetime(2024, 11, 23, 13, 45, 30, tzinfo=UTC)
_LINK = re.compile(r"permalink|body|front-matter:[^\s:]{1,60}")
_PATTERN_LIMIT = 1000


def zone(value: object) -> str:
    """Read an IANA time zone."""
    found = text(value)
    try:
        return ZoneInfo(found).key
    except (OSError, ValueError, LookupError):
        # A region alone is a folder of the data: ZoneInfo("Europe") is an OSError.
        raise fault("{value} is no time zone", _zone_remedy(found)) from None


def encoding(value: object) -> str:
    """Read the name of a character encoding."""
    found = text(value)
    try:
        "".encode(found)
        return codecs.lookup(found).name
    except (LookupError, ValueError):
        raise fault(
            "{value} is no encoding", "write it like utf-8, gb18030 or windows-1252"
        ) from None


def date_format(value: object) -> str:
    """Read a strptime pattern by trying it on a date."""
    found = text(value)
    try:
        datetime.strptime(_SAMPLE.strftime(found), found)  # noqa: DTZ007 - only tried
    except (ValueError, re.error):
        raise fault("{value} is no pattern of a date", "write it like %d.%m.%Y %H:%M") from None
    if "%" not in found:
        raise fault("{value} has no field of a date in it", "write it like %d.%m.%Y %H:%M")
    return found


def regex(value: object) -> str:
    """Read an RE2 expression with a group."""
    found = text(value)
    if len(found) > _PATTERN_LIMIT:
        raise fault("is too long", f"{_PATTERN_LIMIT} characters are enough for anything")
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(found, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args else "it has a mistake"
        raise fault(
            f"{{value}} is no RE2 expression: {reason}", "RE2 has no look-around and no \\1"
        ) from None
    if not compiled.groups:
        raise fault("{value} has no group", "put round brackets around the part that is meant")
    return found


def selector(value: object) -> str:
    """Read a CSS selector."""
    import cssselect

    found = text(value)
    try:
        cssselect.HTMLTranslator().css_to_xpath(found)
    except (cssselect.SelectorError, RecursionError) as error:
        raise fault(f"{{value}} is no CSS selector: {error}", "write it like p.footer") from None
    return found


def path_pattern(value: object) -> str:
    """Read a gitignore pattern."""
    from pathspec import GitIgnoreSpec

    found = text(value)
    try:
        GitIgnoreSpec.from_lines([found])
    except ValueError:
        raise fault("{value} is no pattern of paths", "write it like drafts/** or *.md") from None
    if not found.strip():
        raise fault("is empty", "leave it out")
    return found


def link(value: object) -> str:
    """Read where the link of an entry is."""
    found = text(value)
    if not _LINK.fullmatch(found):
        raise fault("{value} is no place of a link", "permalink, body, or front-matter:KEY")
    return found


def _zone_remedy(found: str) -> str:
    """Find what was meant: another case, a city without its region, a slip of the pen."""
    known = sorted(available_timezones())
    wanted = found.lower().replace(" ", "_")
    same = [name for name in known if wanted in (name.lower(), name.lower().rpartition("/")[2])]
    near = same or get_close_matches(found, known, n=1)
    return f"did you mean {near[0]}?" if near else "write it like Europe/Berlin or UTC"

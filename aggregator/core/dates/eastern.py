"""Chinese, Japanese and Korean dates, put into the words that the written grammar reads.

"2025年1月13日 下午2:30" becomes "2025-1-13 2:30 pm"; "周一, 13 1月 2025", which is what Java makes
of RFC 822 for Chinese readers, "13 jan 2025".
"""

import re
from datetime import timedelta, timezone

KOREA = timezone(timedelta(hours=9))
"""Korean words state no zone, and the whole language has one."""

_EASTERN = re.compile(r"[年月日时時点點午早晚凌년월일시오]|^[火水木金土화수목금토]")
_DAY = re.compile(
    r"(\d{2,4})\s*[年년][,\s]*(\d{1,2})\s*[月월][,\s]*(\d{1,2})\s*(?:[日号號일]|(?![\d]))"
)
_MONTH = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]")
_COUNTED = " 一二三四五六七八九十"
_COUNTED_MONTH = re.compile(rf"(?<![{_COUNTED[1:]}])(十?[一二]|[三四五六七八九十])(?=月)")
_LONE_MONTH = re.compile(r"(\d{1,2})\s*[月월]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Among Chinese words it is China's, elsewhere Chicago's.
_CHINA = re.compile(r"\bcst\b")
_TIME = re.compile(r"(\d{1,2})\s*[时時点點시](?:\s*(\d{1,2})\s*[分분]?)?(?:\s*(\d{1,2})\s*[秒초])?")
_HALF = re.compile(
    r"(?:(上午|午前|오전|凌晨|清晨|早上|am)|(下午|午後|午后|오후|晚上|傍晚|pm))\s*"
    r"(\d{1,2}:\d{1,2}(?::\d{1,2})?)"
)
_WEEKDAY = re.compile(
    r"(?:星期|周|週|礼拜)[一二三四五六日天]|\(\s*[月火水木金土日월화수목금토일]\s*\)|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|^[月火水木金土日월화수목금토일](?=[,\s])"
)


def is_korean(text: str) -> bool:
    """Tell whether a date is written in Korean."""
    return any("가" <= character <= "힣" for character in text)


def westernised(text: str) -> str:
    """Return the date in digits and western signs; other texts stay as they are."""
    if not _EASTERN.search(text):
        return text
    plain = _COUNTED_MONTH.sub(_counted, _WEEKDAY.sub(" ", _CHINA.sub("+0800", text)))
    plain = _MONTH.sub(r"\2月 \1", _DAY.sub(r"\1-\2-\3 ", plain))
    plain = _LONE_MONTH.sub(_named, plain)
    plain = _TIME.sub(lambda match: ":".join(part or "00" for part in match.groups()), plain)
    return _HALF.sub(lambda match: f"{match[3]} {'am' if match[1] else 'pm'} ", plain).strip()


def _counted(month: "re.Match[str]") -> str:
    return str(sum(map(_COUNTED.index, month[1])))


def _named(month: "re.Match[str]") -> str:
    """Name a month that stands apart from its day: "13 1月 2025"."""
    number = int(month[1])
    return f" {_MONTHS[number - 1]} " if 1 <= number <= 12 else month[0]

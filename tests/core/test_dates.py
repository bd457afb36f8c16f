"""Dates as feeds write them: one strict grammar, listed fallbacks, no guess."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.dates import parse_date


def read(text: str) -> str | None:
    moment = parse_date(text)
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else None


RFC822 = {
    "Tue, 04 Mar 2025 09:05:07 GMT": "2025-03-04 09:05:07",
    "Tue, 4 Mar 2025 09:05:07 +0130": "2025-03-04 07:35:07",
    "Tue, 04 Mar 2025 09:05:07 -05:30": "2025-03-04 14:35:07",
    "4 March 2025 9:05 UT": "2025-03-04 09:05:00",
    "Tuesday, 04-Mar-25 09:05:07 GMT": "2025-03-04 09:05:07",
    "Tue,04 Mar 2025 09:05:07GMT": "2025-03-04 09:05:07",
    "Tue, 4 Mar 99 9:5:7 GMT": "1999-03-04 09:05:07",
    "Tue, 04 Mar 104 09:05:07 GMT": "2004-03-04 09:05:07",
    "Tues., 4th Mar., 2025, 09:05:07": "2025-03-04 09:05:07",
    "Tue, 04 Mar 2025 09:05:07 (a comment)": "2025-03-04 09:05:07",
    "Tue, 04 Mar 2025 09:05:07 (EST)": "2025-03-04 14:05:07",
    "Tue, 04 Mar 2025": "2025-03-04 00:00:00",
    "March 4, 2025 at 9:05 PM EST": "2025-03-05 02:05:00",
    "Tue, March 4, 2025 - 9pm": "2025-03-04 21:00:00",
    "12:30 a.m., March 4th, 2025": "2025-03-04 00:30:00",
    "09:05, 4 March 2025 (UTC)": "2025-03-04 09:05:00",
    "March 2025": "2025-03-01 00:00:00",
    "Tue, 04 Mar 2025 9.05.07 GMT": "2025-03-04 09:05:07",
    "Tue, 04 Mar 2025 09:05:07 0130": "2025-03-04 07:35:07",
    "4 March 2025 9.05pm": "2025-03-04 21:05:00",
    "4 mar. 2025, 9:05 p. m.": "2025-03-04 21:05:00",
    "Tue, 31 Dec 2024 23:59:60 GMT": "2025-01-01 00:00:00",
    "Tue, 31 Dec 2024 24:00:00 GMT": "2025-01-01 00:00:00",
}
ZONES = {
    "CET": 1,
    "CEST": 2,
    "CEDT": 2,
    "EEDT": 3,
    "MMT": 6.5,
    "FJT": 12,
    "CVT": -1,
    "MEZ": 1,
    "BST": 1,
    "EET": 2,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "IST": 2,
    "EDT": -4,
    "ET": -5,
    "CST": -6,
    "PDT": -7,
    "AKST": -9,
    "HST": -10,
    "NZDT": 13,
    "AEST": 10,
    "Z": 0,
    "A": -1,
    "N": 1,
    "M": -12,
    "Y": 12,
    "GMT+2": 2,
    "UTC-3": -3,
    "+0200 GMT": 2,
    "GMT-0400 (EDT)": -4,
    "Etc/GMT": 0,
    "Europe/Madrid": 1,
    "America/New_York": -5,
    "Pacific Standard Time": -8,
    "Central European Summer Time": 2,
    "GMT Daylight Time": 1,
    "XYZT": 0,
    "Etc/": 0,
    "+130": 1.5,
}
ISO = {
    "2025-03-04T09:05:07Z": "2025-03-04 09:05:07",
    "2025-03-04t09:05:07.123456789z": "2025-03-04 09:05:07",
    "2025-03-04T09:05:07,5+02": "2025-03-04 07:05:07",
    "2025-03-04 09:05:07 -0030": "2025-03-04 09:35:07",
    "2025-03-04T09:05": "2025-03-04 09:05:00",
    "2025-03-04T09Z": "2025-03-04 09:00:00",
    "20250304T090507Z": "2025-03-04 09:05:07",
    "20250304090507": "2025-03-04 09:05:07",
    "20250304": "2025-03-04 00:00:00",
    "2025-03": "2025-03-01 00:00:00",
    "2025": "2025-01-01 00:00:00",
    "2025-W10-2": "2025-03-04 00:00:00",
    "2025W10": "2025-03-03 00:00:00",
    "2025-063": "2025-03-04 00:00:00",
    "25-03-04": "2025-03-04 00:00:00",
    "250304": "2025-03-04 00:00:00",
    "-2503": "2025-03-01 00:00:00",
    "2025-03-04+01:00": "2025-03-03 23:00:00",
    "2025-03-04T24:00:00Z": "2025-03-05 00:00:00",
    "2025-03-04T09:05:07+01:00Z": "2025-03-04 08:05:07",
    "2025-03-04T09:05:07 CET": "2025-03-04 08:05:07",
    "2025-03-04T09:05:07 0100": "2025-03-04 08:05:07",
    "2025-03-04T9:05:07-010:00": "2025-03-04 19:05:07",
    "2025-03-04T09:05:07[Europe/Paris]": "2025-03-04 08:05:07",
    "2025-03-04T09:05:07+02:00[Europe/Paris][u-ca=gregory]": "2025-03-04 07:05:07",
}
NUMBERS = {
    "2025/3/4 9:05": "2025-03-04 09:05:00",
    "2025.03.04": "2025-03-04 00:00:00",
    "4.3.2025 9:05": "2025-03-04 09:05:00",
    "04.03.25": "2025-03-04 00:00:00",
    "03/04/2025": "2025-03-04 00:00:00",
    "14/03/2025": "2025-03-14 00:00:00",
    "4/3/2025 9:05 PM": "2025-04-03 21:05:00",
    "Tue, 04/03/2025": "2025-03-04 00:00:00",
    "mar. 04/03/2025": "2025-03-04 00:00:00",
    "mar. 03/04/2025": "2025-03-04 00:00:00",
    "Tue, 04 03 2025 10:00": "2025-03-04 10:00:00",
    "1741079107": "2025-03-04 09:05:07",
    "1741079107000": "2025-03-04 09:05:07",
    "Tue Mar  4 09:05:07 2025": "2025-03-04 09:05:07",
    "Tue Mar 4 09:05:07 +0200 2025": "2025-03-04 07:05:07",
    "Tue Mar 4 09:05:07 PST 2025": "2025-03-04 17:05:07",
}
LANGUAGES = [
    "Dienstag, 4. März 2025, 9.05 Uhr",
    "Di, 04 Mär 2025 09:05:00",
    "mardi 4 mars 2025 à 9h05",
    "mar., 04 mars 2025 09:05:00",
    "martes, 4 de marzo de 2025 9:05",
    "mar 4 mar 2025 09:05:00",
    "terça-feira, 4 de março de 2025 às 9h05",
    "martedì 4 marzo 2025 ore 9:05",
    "dinsdag 4 maart 2025 09:05",
    "wtorek, 4 marca 2025 r., 9:05",
    "9:05, 4 marca 2025 r.",
    "Вт, 04 мар 2025 09:05:00",
    "Втр, 04 Мар 2025 09:05:00",
    "antradienis, 04 kovo 2025 09:05",
    "otrdiena, 4. marts 2025 9:05",
    "Salı, 04 Mar 2025 09:05",
    "4 آذار 2025 9:05",
    "вторник, 4 марта 2025 г. в 9:05",
    "вівторок, 4 березня 2025 09:05",
    "Τρίτη, 4 Μαρτίου 2025 09:05",
    "Τρι, 04 Μάρ 2025 9:05 π.μ.",
    "2025. március 4. 9:05",
    "2025-március-04T9:05",
    "úterý 4. března 2025 9:05",
    "tisdag 4 mars 2025 kl. 09.05",
    "d. 4. marts 2025 kl. 9.05",
    "tirsdag 4. mars 2025 09:05",
    "4. maaliskuuta 2025 klo 9.05",
    "4 Mart 2025 Salı 09:05",
    "marți, 4 martie 2025 09:05",
    "4 مارس 2025 9:05",
    "٤/٣/٢٠٢٥ ٩:٠٥ Tue",
    "الثلاثاء، 4 مارس 2025 9:05 ص",
    "יום שלישי, 4 במרץ 2025 9:05",
    "2025年3月4日 上午9:05",
    "2025年3月4日(火) 午前9時05分",
    "2025/03/04 (火) 9:05",
    "火, 04 3 2025 09:05:00",
    "周二, 4 3月 2025 09:05:00",
    "星期二, 04 三月 2025 09:05:00",
    "2025年三月4日 9:05",
    "２０２５年３月４日 ９：０５",
]


@pytest.mark.parametrize(("text", "instant"), (RFC822 | ISO | NUMBERS).items())
def test_a_date_is_read(text: str, instant: str) -> None:
    assert read(text) == instant


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_a_zone_is_read(zone: str, hours: float) -> None:
    expected = datetime(2025, 1, 15, 12, tzinfo=UTC) - timedelta(hours=hours)
    assert parse_date(f"Wed, 15 Jan 2025 12:00:00 {zone}") == expected


@pytest.mark.parametrize("text", LANGUAGES)
def test_a_date_is_read_in_the_languages_of_feeds(text: str) -> None:
    assert read(text) == "2025-03-04 09:05:00"


def test_the_half_of_a_day_is_read_in_arabic() -> None:
    assert read("4/3/2025 9:05:07 م") == "2025-04-03 21:05:07"
    assert read("4 مارس 2025 9:05 مساءً") == "2025-03-04 21:05:00"


def test_among_chinese_words_cst_is_chinas() -> None:
    assert read("星期二 三月 04 09:05:07 CST 2025") == "2025-03-04 01:05:07"
    assert read("周六, 20 12月 2025 09:05:07 CST") == "2025-12-20 01:05:07"
    assert read("20 十二月 2025") == "2025-12-20 00:00:00"
    assert read("2025年3月") == "2025-03-01 00:00:00"


def test_korean_words_mean_korean_time() -> None:
    assert read("화, 4 3월 2025 09:05:07") == "2025-03-04 00:05:07"
    assert read("2025년 3월 4일 오후 6:05") == "2025-03-04 09:05:00"
    assert read("2025-03-04 오후 6:05:00") == "2025-03-04 09:05:00"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "12", "May", "12 May", "May 12", "now", "yesterday", "3 hours ago", "-1", "0"),
        *("Tue, 04 2025", "Tue, 04 09:05:07 GMT", "09:05", "Tue", "2025-", "--03-04", "--03"),
        *("30 Feb 2025", "2025-02-29", "Tue, 32 Mar 2025 09:05:07 GMT", "2025-13-01", "2025-366"),
        *("2025-03-04T25:00:00Z", "2025-03-04T09:60:00Z", "2025-03-04T09:05:61Z", "2025-W54-1"),
        *("Tue, 04 Xyz 2025 09:05:07 GMT", "Tue, 04 Mar 2025 09:05:07 +zz:00"),
        *("Tue, 04 Mar 2025 9:5:7:9 GMT", "4 Mar 2025 13:05 am", "2025-03-04T09:05:07+25:00"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00 00:00:00", "1403-12-14"),
        *("Wed, 30 Nov -0001 00:00:00 +0000", "2568-03-04", "99999999999999999999", "2025030409"),
        *("Mar 04/03/2025 May", "April 04/03/2025"),
        *("4 Mar 2025 5 Mar 2025", "10:00 11:00 4 Mar 2025", "the quick brown fox", "4 Mar 2025 x"),
        *("Tue, 04 Mar 2025 09:05:07 +050", "Tue, 04 Mar 2025 09:05:07 GMT-050"),
        *("Tue, 04 Mar 2025 09:05:07 +00200", "Tue, 04 Mar 2025 09:05:07 +010:"),
        *("Tue, 04 Mar 2025 09:05:07 xyz abc", "Tue, 04 Mar 2025 09:05:07 2026"),
        *("Tue, 04 Mar 2025 09:05:07 Europe/Nowhere", "2025-03-04T09:05:07 ../../etc/passwd"),
    ],
)
def test_what_states_no_day_that_was_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_what_states_no_zone_takes_the_callers() -> None:
    east = timezone(timedelta(hours=2))
    for text in ("2025-03-04T09:05:07", "4 Mar 2025 09:05:07", "2025-03-04 9:05:07 AM"):
        assert parse_date(text, east) == datetime(2025, 3, 4, 7, 5, 7, tzinfo=UTC)
    assert parse_date("2025-03-04T09:05:07Z", east) == datetime(2025, 3, 4, 9, 5, 7, tzinfo=UTC)


def test_a_fraction_of_a_second_is_kept() -> None:
    moment = parse_date("2025-03-04T09:05:07.25Z")
    assert moment is not None
    assert moment.microsecond == 250_000


@given(st.datetimes(datetime(1583, 1, 2), datetime(2200, 12, 30)), st.integers(-720, 840))  # noqa: DTZ001
@settings(max_examples=200, deadline=None)
def test_every_instant_survives_being_written(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    zone = f"{sign}{hours:02}{rest:02}"
    day = f"{moment.year:04}-{moment:%m-%d}"
    written = (
        f"{day}T{moment:%H:%M:%S}{zone[:3]}:{zone[3:]}",
        f"{moment:%a, %d %b} {moment.year:04} {moment:%H:%M:%S} {zone}",
        f"{moment:%d %B} {moment.year:04} {moment:%I:%M:%S %p} UTC{zone}",
    )
    assert [parse_date(text) for text in written] == [moment.astimezone(UTC)] * 3


_PARTS = [
    *("Mon", "mar", "Mär", "2025", "4", "31", "09:05", "9:05 pm", "+0200", "GMT", "年", "月", "日"),
    *(
        "오후",
        "T",
        "Z",
        "-",
        "/",
        ".",
        ",",
        " ",
        "(",
        ")",
        "Uhr",
        "kl. 9.05",
        "de",
        "W10",
        "²",
        "٣",
    ),
]


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_PARTS), max_size=12).map("".join))
)
@settings(max_examples=500, deadline=None)
def test_whatever_the_text_it_is_a_believable_instant_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or (moment.tzinfo is UTC and 1582 <= moment.year <= 2201)


@pytest.mark.parametrize(
    "part", ["1", "1:", "1 ", "a", "(", "a-", "1-", "年1", "pacific ", " ", "+1"]
)
def test_a_long_text_is_no_date_and_takes_no_time(part: str) -> None:
    assert parse_date(part * 100_000) is None
    assert parse_date(part * (120 // len(part))) is None

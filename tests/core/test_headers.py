"""What the headers of an answer say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core import headers as read
from aggregator.model.fetched import Validators

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DATE = "Mon, 02 Mar 2026 12:00:00 GMT"
HOUR = timedelta(hours=1)
TEN_YEARS = timedelta(days=3650)


def test_lines_are_split_and_only_outer_space_goes() -> None:
    lines = [b'ETag: \t"a  b" \r\n', b"X-EMPTY:\r\n", b"nonsense\r\n", b"A:b:c\n"]
    assert read.read_headers(lines) == (("etag", '"a  b"'), ("x-empty", ""), ("a", "b:c"))


def test_a_folded_line_goes_on() -> None:
    lines = [b" lost\r\n", b"A: b\r\n", b"\t c\r\n", b"D: e\r\n"]
    assert read.read_headers(lines) == (("a", "b c"), ("d", "e"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60).filter(lambda value: not set(value) & set(b"\r\n")))
def test_every_byte_of_a_value_survives(value: bytes) -> None:
    ((_, text),) = read.read_headers([b"X: " + value + b"\r\n"])
    assert text.encode("latin-1") == value.strip(b" \t")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=40))
def test_what_can_be_sent_is_one_line(text: str) -> None:
    if read.sendable(text):
        assert not set(text) & set("\r\n\0")
        assert text.encode("latin-1")


def test_validators_that_could_not_be_sent_back_are_none() -> None:
    assert read.validators([("etag", '"a\x01"'), ("last-modified", "x" * 5000)]) == Validators()


def test_of_two_validators_the_first_counts() -> None:
    assert read.validators([("etag", '"1"'), ("etag", '"2"')]) == Validators(etag='"1"')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("application/rss+xml", ("application/rss+xml", None)),
        ("Text/XML; Charset=UTF-8", ("text/xml", "utf-8")),
        ('text/xml; a=b; charset="gb2312"; c=d', ("text/xml", "gb2312")),
        ("text/xml;charset='utf-8'", ("text/xml", "utf-8")),
        ("text/xml; charset=", ("text/xml", None)),
        ("text/xml; charset=../../etc", ("text/xml", "..")),
        ("nonsense", ("", None)),
        ("text/<script>", ("", None)),
        ("", ("", None)),
        ("; charset=utf-8", ("", "utf-8")),
    ],
)
def test_content_type(value: str, expected: tuple[str, str | None]) -> None:
    assert read.content_type([("content-type", value)]) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": "public, MAX-AGE=3600, s-maxage=9"}, HOUR),
        ({"cache-control": 'max-age="3600"'}, HOUR),
        ({"cache-control": "max-age=3600, max-age=9"}, HOUR),
        ({"cache-control": "max-age = 3600"}, HOUR),
        ({"cache-control": "s-maxage=3600"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=1e9"}, None),
        ({"cache-control": "max-age=٣٦٠٠"}, None),
        ({"cache-control": "max-age="}, None),
        ({"cache-control": "max-age=" + "9" * 20}, TEN_YEARS),
        ({"cache-control": "max-age=" + "9" * 5000}, TEN_YEARS),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": "no-store, max-age=3600"}, None),
        ({"cache-control": ",;=,,=x, max-age"}, None),
        ({"cache-control": "max-age=3600", "age": "600"}, timedelta(minutes=50)),
        ({"cache-control": "max-age=3600", "age": "9999"}, None),
        ({"cache-control": "max-age=3600", "age": "-1"}, HOUR),
        ({"cache-control": "max-age=60", "expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, HOUR / 60),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT", "date": DATE}, HOUR),
        (
            {
                "expires": "Mon, 02 Mar 2026 23:00:00 GMT",
                "date": "Mon, 02 Mar 2026 22:00:00 GMT",
            },
            HOUR,
        ),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, HOUR),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT", "date": "nonsense"}, HOUR),
        ({"expires": "Fri, 31 Dec 9999 23:59:59 GMT"}, TEN_YEARS),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": "Mon, 02 Mar 2026 11:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], expected: timedelta | None) -> None:
    assert read.fresh_for(list(headers.items()), NOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3600", HOUR),
        ("00003600", HOUR),
        ("Mon, 02 Mar 2026 13:00:00 GMT", HOUR),
        ("Monday, 02-Mar-26 13:00:00 GMT", HOUR),
        ("Mon Mar  2 13:00:00 2026", HOUR),
        ("0", None),
        ("-3600", None),
        ("+3600", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Mon, 02 Mar 2026 11:00:00 GMT", None),
        ("Mon, 32 Mar 2026 13:00:00 GMT", None),
        ("Mon, 02 Mar 0000 13:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", TEN_YEARS),
        ("9" * 20, TEN_YEARS),
        ("9" * 4096, TEN_YEARS),
        ("²", None),
        ("١٢", None),
    ],
)
def test_when_to_come_back(value: str, expected: timedelta | None) -> None:
    assert read.retry_after([("retry-after", value)], NOW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DATE, NOW),
        ("02 Mar 2026 12:00:00 GMT", NOW),
        ("Mon, 2 Mar 2026 12:00:00 UTC", NOW),
        ("Monday, 02-Mar-26 12:00:00 GMT", NOW),
        ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 12:00:60 GMT", datetime(2026, 3, 2, 12, 0, 59, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 24:00:00 GMT", None),
        ("Mon, 02 Xxx 2026 12:00:00 GMT", None),
        ("Mon, 02 Mar 2026 12:00:00 PST", None),
        ("2026-03-02T12:00:00Z", None),
        ("12", None),
        (DATE + " " * 100, None),
    ],
)
def test_a_date_of_http(text: str, expected: datetime | None) -> None:
    assert read.http_date(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["cache-control", "expires", "age", "date"]), st.text())))
def test_no_header_makes_a_wish_that_is_no_length_of_time(headers: list[tuple[str, str]]) -> None:
    wish = read.fresh_for(headers, NOW)
    assert wish is None or timedelta(0) < wish <= TEN_YEARS

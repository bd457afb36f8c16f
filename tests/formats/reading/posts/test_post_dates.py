"""When a post is of: one grammar, the engine's zones, the file's name, the operator's policy."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from post_cases import NOW, folder, one, post, read, titles

from aggregator.formats.reading.posts import PostReader
from aggregator.formats.reading.posts.dates import Calendar
from aggregator.model.fetched import PostFile, PostFolder
from aggregator.model.settings import PostsOptions

MORNING = datetime(2022, 2, 17, 8, 1, 58, tzinfo=timezone(timedelta(hours=8)))
SHANGHAI = {"timezone": "Asia/Shanghai"}


@pytest.mark.parametrize(
    "value",
    [
        "2022-02-17 08:01:58 +0800",
        "2022-02-17 08:01:58 +08:00",
        "2022-02-17T08:01:58+08:00",
        "2022-02-17 08:01:58",
        "2022/2/17 8:01:58",
        "2022.02.17 08:01:58.000000000",
        "2022年2月17日 8:01:58",
        "2022-02-17 00:01:58 UTC",
        "2022-02-17T00:01:58Z",
        "2022-02-17 08:01:58 UTC+8",
        "2022-02-17 08:01:58 GMT+08:00",
        "Thu, 17 Feb 2022 00:01:58 GMT",
        "17 Feb 2022 08:01:58 +0800",
        "1645056118",
        "1645056118000",
    ],
)
def test_one_instant_in_all_its_spellings(value: str) -> None:
    assert one(post(date=f'"{value}"'), **SHANGHAI).published == MORNING


def test_a_day_is_midnight_in_the_source_s_zone() -> None:
    midnight = datetime(2022, 2, 16, 16, tzinfo=UTC)
    assert one(post(date="2022-02-17"), **SHANGHAI).published == midnight
    assert one(post(), "2022-2-17-a.md", **SHANGHAI).published == midnight


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2022-02-17-a.md", 17),
        ("news/2022-02-17_a.md", 17),
        ("2022/02/17/a.md", 17),
        ("2022-02-17-a/index.md", 17),
        ("2022-02-31-a/2022-02-17.md", 17),
        ("weekly-update.2022-02-17.md", None),
        ("202202172206717618.md", None),
        ("a.md", None),
    ],
)
def test_the_path_dates_a_post(path: str, day: int | None) -> None:
    published = one(post(), path).published
    assert published == (datetime(2022, 2, day, tzinfo=UTC) if day else None)


def test_the_address_dates_a_post_that_nothing_else_dates() -> None:
    entry = one('+++\npath = "2022/02/17/a"\ntitle = "A"\n+++\n', "a.md", engine="zola")
    assert entry.published == datetime(2022, 2, 17, tzinfo=UTC)


def test_jekyll_takes_a_time_without_a_zone_for_utc_and_a_day_for_the_site_s() -> None:
    config = {"_config.yml": "timezone: Asia/Shanghai"}
    assert one(post(date="2022-02-17 00:01:58"), configs=config).published == MORNING
    midnight = datetime(2022, 2, 16, 16, tzinfo=UTC)
    assert one(post(date="2022-02-17"), configs=config).published == midnight


def test_the_operator_s_zone_goes_before_the_engine_s() -> None:
    config = {"_config.yml": "timezone: Europe/London"}
    text = post(date="2022-02-17 08:01:58")
    assert one(text, configs=config, **SHANGHAI).published == MORNING


def test_an_unknown_zone_of_a_site_is_told_of() -> None:
    config = {"_config.yml": "timezone: ../../etc/passwd"}
    assert read({"2026-01-02-a.md": post()}, configs=config).feed.warnings == (
        "the time zone ../../etc/passwd is not known; UTC is taken",
    )


def test_odd_dates_are_read_by_the_operator_s_pattern() -> None:
    entry = one(post(date="17-02-2022"), date_formats=("%d-%m-%Y",))
    assert entry.published == datetime(2022, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "key", ["date", "publishDate", "pubDate", "revdate", "created", "published", "Publish-Date"]
)
def test_where_a_date_may_stand(key: str) -> None:
    assert one(post(**{key: "2022-02-17"}), "a.md").published == datetime(2022, 2, 17, tzinfo=UTC)


def test_published_may_be_a_state() -> None:
    assert one(post(published="true"), "a.md").published is None


@pytest.mark.parametrize("key", ["updated", "lastmod", "modified", "last_modified_at"])
def test_when_a_post_was_updated(key: str) -> None:
    assert one(post(**{key: "2026-01-05"})).updated == datetime(2026, 1, 5, tzinfo=UTC)


def test_docusaurus_says_who_updated_it() -> None:
    assert one(post(last_update="{date: 2026-01-05, author: Ann}")).updated == datetime(
        2026, 1, 5, tzinfo=UTC
    )


# -- policies ------------------------------------------------------------------------------------


def fallen_back(undated: str) -> list[datetime | None]:
    file = PostFile("a.md", b"words", datetime(2020, 5, 5, tzinfo=UTC))
    made = PostFolder("blog", (file,), PostsOptions(undated=undated), now=NOW)
    return [entry.published for entry in PostReader()(made).entries]


def test_what_dates_a_post_without_a_date() -> None:
    assert fallen_back("mtime") == [datetime(2020, 5, 5, tzinfo=UTC)]
    assert fallen_back("git") == [datetime(2020, 5, 5, tzinfo=UTC)]
    assert [entry.published for entry in read({"a.md": "words"}).feed.entries] == [None]
    assert read({"a.md": "words"}, undated="skip").feed.entries == ()


def test_a_future_post_waits_and_appears_when_it_is_due() -> None:
    files = {"2026-03-09-later.md": post(title="Later"), "2026-03-01-now.md": post(title="Now")}
    reader = PostReader()
    early = reader.read(folder(dict(files)))
    assert (titles(early), early.next_due) == (["Now"], datetime(2026, 3, 9, tzinfo=UTC))
    due = reader.read(folder(dict(files), now=datetime(2026, 3, 9, tzinfo=UTC)))
    assert (titles(due), due.next_due) == (["Later", "Now"], None)


def test_the_next_of_several_waiting_posts_is_told() -> None:
    files: dict[str, str | bytes] = {f"2026-0{month}-01-a.md": post() for month in (6, 4, 5)}
    assert PostReader().next_due(folder(files)) == datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(("policy", "shown"), [("hold", []), ("skip", []), ("show", ["Later"])])
def test_what_becomes_of_future_posts(policy: str, shown: list[str]) -> None:
    reading = read({"2026-03-09-a.md": post(title="Later")}, future=policy)
    assert titles(reading) == shown
    assert (reading.next_due is not None) == (policy == "hold")


def test_hugo_s_date_of_publication_and_of_expiry() -> None:
    files: dict[str, str | bytes] = {
        "waits.md": post(title="Waits", date="2026-01-01", publishDate="2026-03-05"),
        "past.md": post(title="Past", date="2026-01-01", expiryDate="2026-02-01"),
        "lives.md": post(title="Lives", date="2026-01-01", expiryDate="2026-04-01"),
    }
    reading = read(files, engine="hugo")
    assert titles(reading) == ["Lives"]
    assert reading.next_due == datetime(2026, 3, 5, tzinfo=UTC)
    del files["waits.md"]
    assert read(files, engine="hugo").next_due == datetime(2026, 4, 1, tzinfo=UTC)


def test_the_newest_files_are_looked_at() -> None:
    files: dict[str, str | bytes] = {
        f"{number}.md": post(title=str(number), date=f"2026-01-0{number}") for number in range(1, 7)
    }
    assert titles(read(files, limit=2)) == ["5", "6"]
    assert not read(files, limit=2).feed.complete
    assert read(files, limit=6).feed.complete


def test_entries_come_newest_first_and_undated_ones_last() -> None:
    files = {
        "a.md": post(title="?"),
        "b.md": post(title="1", date="2026-01-01"),
        "c.md": post(title="2", date="2026-01-02"),
    }
    assert [entry.title.value for entry in read(files).feed.entries] == ["2", "1", "?"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=70))
def test_no_text_stops_the_reading_of_dates(text: str) -> None:
    read_date = Calendar(UTC, UTC, ("%d-%m-%Y",), 2036).read(text)
    assert read_date is None or 1989 < read_date.year < 2037


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_what_is_written_with_its_offset_is_read_back(moment: datetime, minutes: int) -> None:
    written = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    calendar = Calendar(UTC, UTC, (), 2036)
    assert calendar.read(written.isoformat()) == written
    assert calendar.read(written.strftime("%Y-%m-%d %H:%M:%S %z")) == written

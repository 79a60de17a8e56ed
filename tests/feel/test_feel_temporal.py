"""Dates, times and durations beside Python's own."""

import datetime as host
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import feel
from feel import iso
from feel.temporal import DAY, Date, DateTime, DayTimeDuration, from_python, month_days

DAYS = st.dates()
MOMENTS = st.datetimes(timezones=st.sampled_from([host.UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")]))


@given(DAYS)
def test_a_date_counts_like_pythons(day: host.date) -> None:
    date = Date(day.year, day.month, day.day)
    assert date.days == (day - host.date(1970, 1, 1)).days
    assert Date.from_days(date.days) == date
    assert (date.weekday, date.day_of_year) == (day.isoweekday(), day.timetuple().tm_yday)
    assert date.week == day.isocalendar()[1]
    assert (str(date), date.python(), iso.date(str(date))) == (day.isoformat(), day, date)


@given(st.integers(-300_000_000_000, 300_000_000_000))
def test_every_day_number_is_one_day(days: int) -> None:
    date = Date.from_days(days)
    assert date.days == days
    assert iso.date(str(date)) == date
    assert 1 <= date.day <= month_days(date.year, date.month)


@given(MOMENTS)
@example(host.datetime(3, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")))  # by the sun, 8 hours 5 minutes 43 seconds
def test_a_moment_keeps_its_instant(moment: host.datetime) -> None:
    value = from_python(moment)
    assert value.offset == (moment.utcoffset() or host.timedelta()).total_seconds()
    assert value.python().astimezone(host.UTC) == moment.astimezone(host.UTC)
    assert iso.date_time(str(value)).key == value.key


@given(MOMENTS.filter(lambda m: 1900 < m.year < 2100), st.integers(-(10**6), 10**6))
def test_adding_seconds_moves_along_the_time_line(moment: host.datetime, seconds: int) -> None:
    value = from_python(moment).plus(seconds * 10**9)
    later = (moment.astimezone(host.UTC) + host.timedelta(seconds=seconds)).astimezone(moment.tzinfo)
    assert value.key == from_python(later).key


@given(st.integers(-(10**24), 10**24))
def test_a_duration_reads_as_it_is_written(nanos: int) -> None:
    duration = DayTimeDuration(nanos)
    assert iso.duration(str(duration)) == duration


@given(DAYS, st.integers(-1200, 1200))
def test_months_keep_the_day_or_take_the_last(day: host.date, months: int) -> None:
    start = Date(day.year, day.month, day.day)
    moved = start.plus_months(months)
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months
    assert moved.day == min(start.day, month_days(moved.year, moved.month))


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-13-01", "26-01-01", "2026-1-1", "+2026-01-01", "2026-11-30T25:00:00", "10:61:00", "10"]
    + ["P", "PT", "P1Y2D", "1D", "P1H", "10:00:00+19:00", "10:00:00@Nowhere/City", "２０２６-01-01"],
)
def test_what_is_no_time_is_null(text: str) -> None:
    assert feel.evaluate(f'@"{text}"') is None


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('@"2026-11-30T24:00:00"', "2026-12-01T00:00:00"),
        ('@"-0044-03-15"', "-0044-03-15"),
        ('@"999999999-12-31"', "999999999-12-31"),
        ('@"2026-11-30T10:00:00[Europe/Berlin]"', "2026-11-30T10:00:00@Europe/Berlin"),
        ('@"10:00:00.123456789"', "10:00:00.123456789"),
        ('@"2026-03-29T01:30:00@Europe/Berlin" + @"PT1H"', "2026-03-29T03:30:00@Europe/Berlin"),
        ('@"23:00:00" + @"PT2H"', "01:00:00"),
        ('@"2026-11-30" - @"P1Y2M"', "2025-09-30"),
        ('@"P1Y" + @"P6M"', "P1Y6M"),
        ('@"-PT90M"', "-PT1H30M"),
        ('@"P0D"', "PT0S"),
        ('@"PT36H" * 2', "P3D"),
    ],
)
def test_a_time_reads(expression: str, text: str) -> None:
    assert str(feel.evaluate(expression)) == text


def test_pythons_times_come_in() -> None:
    context: dict[str, Any] = {
        "day": host.date(2026, 11, 30),
        "at": host.datetime(2026, 11, 30, 9, tzinfo=host.UTC),
        "clock": host.time(9, 30),
        "span": host.timedelta(days=3),
    }
    assert feel.evaluate("string(day + span)", context) == "2026-12-03"
    assert feel.evaluate("at.hour + clock.minute", context) == 39
    assert feel.to_json(feel.evaluate("{a: at, c: clock, s: span}", context)) == {
        "a": "2026-11-30T09:00:00Z",
        "c": "09:30:00",
        "s": "P3D",
    }


def test_a_named_zone_goes_out_with_its_offset_and_comes_back() -> None:
    text = feel.to_json(feel.evaluate('@"2026-11-30T09:00:00@Asia/Shanghai"'))
    assert text == "2026-11-30T09:00:00+08:00[Asia/Shanghai]"
    assert feel.evaluate("string(date and time(x))", {"x": text}) == "2026-11-30T09:00:00@Asia/Shanghai"
    assert feel.to_json(feel.evaluate('@"09:00:00@Asia/Shanghai"')) == "09:00:00+08:00[Asia/Shanghai]"


def test_a_value_goes_out_to_python() -> None:
    moment = feel.evaluate('@"2026-11-30T09:00:00@Asia/Shanghai"')
    assert isinstance(moment, DateTime)
    assert moment.python() == host.datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert DayTimeDuration(DAY).python() == host.timedelta(days=1)
    with pytest.raises(ValueError, match="year"):
        Date(12026, 1, 1).python()


def test_a_zone_has_its_first_and_last_rule_beyond_the_years_that_python_knows() -> None:
    said = feel.evaluate('string(date and time("-0005-07-01T00:00:00@Asia/Shanghai").time offset)', {})
    assert said == "PT8H5M43S"
    late = feel.evaluate('string(date and time("12026-07-01T00:00:00@Europe/Berlin").time offset)', {})
    assert late == "PT2H"

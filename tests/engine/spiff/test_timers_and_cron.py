"""Timers: ISO 8601 dates, durations and cycles, and cron texts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spiff.cron import next_match
from engine.spiff.expression import Fault
from engine.spiff.timers import FOR_EVER, add_duration, first_due, read_date

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
FIRST, LAST = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT30M", "2026-11-02T01:30"),
        ("P1D", "2026-11-03T01:00"),
        ("P1W", "2026-11-09T01:00"),
        ("P1M", "2026-12-02T01:00"),
        ("P1Y2M3DT4H5M6.5S", "2028-01-05T05:05:06.500"),
        ("PT0S", "2026-11-02T01:00"),
    ],
)
def test_durations(text, due):
    assert add_duration(NOW, text) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_a_month_is_cut_to_its_last_day():
    assert add_duration(datetime(2027, 1, 31, tzinfo=UTC), "P1M").date().isoformat() == "2027-02-28"


@pytest.mark.parametrize("text", ["", "P", "PT", "1D", "-PT1H", "P1.5D", "PT1H ", "P9999999Y", "P99999999999D"])
def test_no_durations(text):
    with pytest.raises(Fault):
        add_duration(NOW, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T09:00:00+08:00",
        "2026-11-21T01:00:00Z",
        "2026-11-21T09:00:00[Asia/Shanghai]",
        "2026-11-21T09:00:00+08:00[Asia/Shanghai]",
    ],
)
def test_dates(text):
    assert read_date(text) == datetime(2026, 11, 21, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-11-21", "2026-11-21T09:00:00", "tomorrow", "2026-11-21T09:00:00[Mars/Base]", ""]
)
def test_no_dates(text):
    with pytest.raises(Fault):
        read_date(text)


def firings(text: str, count: int) -> list[str]:
    found, due = [], first_due("cycle", text, NOW)
    while due is not None and len(found) < count:
        found.append(due.at.isoformat()[:16])
        due = due.next(NOW)
    return found


def test_cycles():
    assert firings("R3/PT1H", 9) == ["2026-11-02T02:00", "2026-11-02T03:00", "2026-11-02T04:00"]
    assert len(firings("R/PT1H", 9)) == 9
    assert firings("R0/PT1H", 9) == []
    assert firings("R2/2026-12-01T00:00:00Z/P1D", 9) == ["2026-12-01T00:00", "2026-12-02T00:00"]
    assert firings("0 0 9 * * MON", 2) == ["2026-11-02T09:00", "2026-11-09T09:00"]


@pytest.mark.parametrize(
    "text", ["R/PT0S", "PT1H", "R-1/PT1H", "R3", "R/2026-01-01T00:00:00/P1D", "0 0 9 * *", "@never"]
)
def test_no_cycles(text):
    with pytest.raises(Fault):
        first_due("cycle", text, NOW)


def test_a_value_that_is_no_text_is_no_timer():
    for value in (None, 5, ["PT1H"], True):
        with pytest.raises(Fault):
            first_due("duration", value, NOW)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("0 0 9-17 * * MON-FRI", "2026-11-02T10:00"),
        ("*/10 * * * * *", "2026-11-02T09:00:10"),
        ("0 30 8 * * ?", "2026-11-03T08:30"),
        ("0 0 0 29 2 ?", "2028-02-29T00:00"),
        ("0 0 0 1 JAN,JUL *", "2027-01-01T00:00"),
        ("0 0 12 * * 7", "2026-11-08T12:00"),
        ("0 5/20 * * * *", "2026-11-02T09:05"),
        ("@monthly", "2026-12-01T00:00"),
        ("@hourly", "2026-11-02T10:00"),
    ],
)
def test_cron_reads_the_clock_of_its_zone(text, due):
    assert next_match(text, NOW, SHANGHAI) == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    ["0 0 0 30 2 *", "60 * * * * *", "* * * * * MOON", "0 0 0 L * *", "0 0 17-9 * * *", "* * * 0 * *", "*/0 * * * * *"],
)
def test_no_cron(text):
    with pytest.raises(ValueError, match="."):
        next_match(text, NOW)


@given(st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC)))
def test_a_cycle_always_moves_on(moment):
    due = first_due("cycle", "0 15 9 * * *", moment)
    assert due is not None
    assert due.left == FOR_EVER
    assert moment < due.at < add_duration(moment, "P1DT1S")
    following = due.next(moment)
    assert following is not None
    assert following.at > due.at

"""Which days are worked."""

import logging
from datetime import date

import pytest

from hr.people import calendar
from hr.people.calendar import WorkCalendar
from kernel.db import Unit

PUBLISHED = {
    date(2026, 1, 1): False,  # New Year
    date(2026, 1, 4): True,  # a Sunday worked for it
    date(2026, 2, 14): True,  # a Saturday worked for Spring Festival
    date(2026, 2, 17): False,  # Spring Festival
    date(2026, 5, 9): True,  # a Saturday worked for Labour Day
    date(2026, 10, 1): False,  # National Day
    date(2026, 10, 10): True,  # a Saturday worked for it
    date(2026, 10, 11): False,  # a plain Sunday
    date(2026, 11, 2): True,  # a plain Monday
}


@pytest.mark.requirement("F15")
@pytest.mark.parametrize(("day", "worked"), PUBLISHED.items())
def test_the_published_calendar_with_its_make_up_days(day: date, worked: bool) -> None:
    assert WorkCalendar().is_working_day(day) is worked


def test_a_year_that_is_not_published_counts_weekdays_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    days = WorkCalendar()
    assert days.known(2026)
    assert not days.known(2035)
    with caplog.at_level(logging.WARNING):
        assert days.is_working_day(date(2035, 1, 1))  # a Monday
        assert not days.is_working_day(date(2035, 1, 6))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "2035" in caplog.text


def test_the_organisations_own_days_come_first(unit: Unit) -> None:
    calendar.set_day(unit, date(2026, 11, 3), working=False, name="公司周年")
    calendar.set_day(unit, date(2035, 1, 1), working=False, name="元旦")
    days = WorkCalendar.load(unit)
    assert days.add_working_days(date(2026, 11, 2), 1) == date(2026, 11, 4)
    assert days.known(2035)
    assert calendar.own_days(unit, 2026) == [(date(2026, 11, 3), False, "公司周年")]
    calendar.clear_day(unit, date(2026, 11, 3))
    assert WorkCalendar.load(unit).is_working_day(date(2026, 11, 3))


def test_counting_forward_backward_and_between() -> None:
    days = WorkCalendar()
    assert days.add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)
    assert days.add_working_days(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert days.working_days_between(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert days.working_days_between(date(2026, 10, 12), date(2026, 9, 30)) == 0

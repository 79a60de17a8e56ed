"""Working days: the organisation's own days first, then the published calendar with its make-up days (调休), then
weekdays.
"""

import logging
from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

from hr.people.tables import Holiday
from kernel.db import Unit

log = logging.getLogger(__name__)

SATURDAY = 5


class WorkCalendar:
    """Which days are worked. `own` overrules the published calendar day by day.

    Beyond the years that the State Council has published, Monday to Friday count as worked: `known(year)` is False
    there, and the first question about such a year is told in the log. Calendars with the same own days are equal.
    """

    def __init__(self, own: Mapping[date, bool] | None = None) -> None:
        self._own = dict(own or {})
        self._own_years = {day.year for day in self._own}
        self._warned: set[int] = set()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkCalendar) and self._own == other._own

    def __hash__(self) -> int:
        return hash(frozenset(self._own.items()))

    @classmethod
    def load(cls, unit: Unit) -> "WorkCalendar":
        """The calendar with the organisation's own days as they stand now."""
        return cls(dict(unit.all("select day, working from holiday")))

    def known(self, year: int) -> bool:
        """True if the year's days off are published, or the organisation has entered days of its own for it."""
        return year in self._own_years or _published(date(year, 1, 1)) is not None

    def is_working_day(self, day: date) -> bool:
        own = self._own.get(day)
        if own is not None:
            return own
        published = _published(day)
        if published is not None:
            return published
        self._warn(day.year)
        return day.weekday() < SATURDAY

    def add_working_days(self, start: date, days: int) -> date:
        """The `days`-th working day after `start` (before it if negative); `start` itself is not counted. Zero gives
        `start`.
        """
        step = timedelta(days=1 if days > 0 else -1)
        day, left = start, abs(days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`. Zero if `end` is not later."""
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def _warn(self, year: int) -> None:
        if year not in self._warned and year not in self._own_years:
            self._warned.add(year)
            log.warning(
                "The days off of %s are not known: Monday to Friday count as working days. "
                "Enter the published days in the calendar.",
                year,
            )


def _published(day: date) -> bool | None:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def set_day(unit: Unit, day: date, *, working: bool, name: str = "") -> None:
    """Overrule the published calendar for one day."""
    unit.session.merge(Holiday(day=day, working=working, name=name))
    unit.flush()


def clear_day(unit: Unit, day: date) -> None:
    """Go back to the published calendar for one day."""
    unit.run("delete from holiday where day = %s", (day,))


def own_days(unit: Unit, year: int) -> list[tuple[date, bool, str]]:
    """The organisation's own days of a year: day, worked or not, name."""
    return unit.all(
        "select day, working, name from holiday where day between %s and %s order by day",
        (date(year, 1, 1), date(year, 12, 31)),
    )

"""What expressions and decision tables may ask about working days, beside FEEL's own functions."""

from datetime import date, datetime
from functools import lru_cache

import feel
from hr.people.calendar import WorkCalendar

_LONGEST = 4000  # working days, some sixteen years; a count beyond is a mistake
_STEPS_A_COUNT = 200


@lru_cache(8)
def functions(calendar: WorkCalendar) -> feel.Functions:
    """FEEL functions over the organisation's calendar with its make-up days (调休).

    Equal calendars have the same ones, so that a model that calls them is compiled once.
    """
    known = feel.Functions()

    @known.add(
        "working days after(day: day, count: number): date",
        "The so-manieth working day after a day, 调休 counted in; before it where the count is negative.",
        steps=_STEPS_A_COUNT,
    )
    def working_days_after(day: date, count: int) -> date:
        if count != int(count) or abs(count) > _LONGEST:
            raise feel.Unfit(feel.say("Working days are counted in whole days, {most} at most.", most=_LONGEST))
        return calendar.add_working_days(_day(day), int(count))

    @known.add(
        "working days between(from: day, to: day): number",
        "How many working days lie after the first day, up to and with the second; 0 if that is not later.",
        steps=_STEPS_A_COUNT,
    )
    def working_days_between(start: date, end: date) -> int:
        if (_day(end) - _day(start)).days > 2 * _LONGEST:
            raise feel.Unfit(feel.say("The days lie more than {most} days apart.", most=2 * _LONGEST))
        return calendar.working_days_between(_day(start), _day(end))

    @known.add("is working day(day: day): boolean", "Is the day worked, 调休 counted in?")
    def is_working_day(day: date) -> bool:
        return calendar.is_working_day(_day(day))

    return known


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value

"""Functions on dates and times (DMN 1.5, tables 79 and 80)."""

from feel.builtins.registry import builtin
from feel.run import Run
from feel.temporal import Date, DateTime, YearMonthDuration, from_python, month_days

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date


@builtin("now()")
def now(run: Run) -> DateTime:
    """The instant of the evaluation, in the zone of the clock."""
    return from_python(run.now())


@builtin("today()")
def today(run: Run) -> Date:
    return now(run).date


@builtin("day of year(date: day)")
def day_of_year(date: Date | DateTime) -> int:
    return _day(date).day_of_year


@builtin("day of week(date: day)")
def day_of_week(date: Date | DateTime) -> str:
    return _DAYS[_day(date).weekday - 1]


@builtin("month of year(date: day)")
def month_of_year(date: Date | DateTime) -> str:
    return _MONTHS[_day(date).month - 1]


@builtin("week of year(date: day)")
def week_of_year(date: Date | DateTime) -> int:
    """The week of ISO 8601."""
    return _day(date).week


@builtin("last day of month(date: day)")
def last_day_of_month(date: Date | DateTime) -> Date:
    day = _day(date)
    return Date(day.year, day.month, month_days(day.year, day.month))


@builtin("years and months duration(from: day, to: day)")
def years_and_months(start: Date | DateTime, end: Date | DateTime) -> YearMonthDuration:
    """Whole months between two days, negative where the second is earlier."""
    first, last = _day(start), _day(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearMonthDuration(months)

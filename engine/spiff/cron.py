"""Cron texts as Camunda 8 takes them: six fields from second to day of week, or a macro such as `@daily`.

The form is that of Spring's CronExpression: lists, ranges, steps, names of months and weekdays, `?` for any day. The
letters L, W and # are not supported.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from engine.spiff.numbers import whole_number

MACROS = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
RANGES = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
MOST = 999  # what a field may say; its own range is asked after it is read
YEARS_AHEAD = 8  # a leap day on a given weekday aside, every date that exists comes round in this time

Fields = tuple[frozenset[int], ...]


def reads_as_cron(text: str) -> bool:
    """True for a macro and for a text of five or more fields, readable or not."""
    return text.startswith("@") or len(text.split()) >= 5


@lru_cache(maxsize=256)
def read(text: str) -> Fields:
    """The allowed values of second, minute, hour, day, month and weekday (0 is Sunday). Raises ValueError."""
    fields = MACROS.get(text, text).upper().split()
    if len(fields) != 6:
        raise ValueError(f"six fields are needed (second minute hour day month weekday), {len(fields)} are given")
    *rest, weekdays = (_field(field, position) for position, field in enumerate(fields))
    return (*rest, frozenset(day % 7 for day in weekdays))


def _field(text: str, position: int) -> frozenset[int]:
    low, high = RANGES[position]
    allowed: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, last = _span(span, position, bool(step))
        if not low <= first <= last <= high:
            raise ValueError(f"{part} lies outside {low} to {high}")
        allowed.update(range(first, last + 1, _step(step)))
    return frozenset(allowed)


def _span(text: str, position: int, stepped: bool) -> tuple[int, int]:
    low, high = RANGES[position]
    if text in ("*", "?"):
        return low, high
    first, dash, last = text.partition("-")
    start = _number(first, position)
    if dash:
        return start, _number(last, position)
    return start, high if stepped else start


def _step(text: str) -> int:
    if not text:
        return 1
    step = whole_number(text, MOST, least=1)
    if step is None:
        raise ValueError(f"{text} is no step")
    return step


def _number(text: str, position: int) -> int:
    if position == 4 and text in MONTHS:
        return MONTHS.index(text) + 1
    if position == 5 and text in WEEKDAYS:
        return WEEKDAYS.index(text)
    number = whole_number(text, MOST)
    if number is None:
        raise ValueError(f"{text or 'nothing'} is no number here")
    return number


def next_match(text: str, after: datetime, zone: tzinfo = UTC) -> datetime:
    """The first instant later than `after` whose time on the clock of `zone` fits. Raises ValueError if none comes."""
    seconds, minutes, hours, days, months, weekdays = read(text)
    local = after.astimezone(zone).replace(microsecond=0) + timedelta(seconds=1)
    limit = local.year + YEARS_AHEAD
    while local.year <= limit:
        if local.month not in months:
            local = _midnight(local.replace(day=1) + timedelta(days=32), first=True)
        elif local.day not in days or (local.isoweekday() % 7) not in weekdays:
            local = _midnight(local + timedelta(days=1))
        elif local.hour not in hours:
            local = local.replace(minute=0, second=0) + timedelta(hours=1)
        elif local.minute not in minutes:
            local = local.replace(second=0) + timedelta(minutes=1)
        elif local.second not in seconds:
            local += timedelta(seconds=1)
        else:
            return local.astimezone(UTC)
    raise ValueError("no such date comes")


def _midnight(moment: datetime, *, first: bool = False) -> datetime:
    return moment.replace(day=1 if first else moment.day, hour=0, minute=0, second=0)

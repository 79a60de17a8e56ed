"""What can be asked of a value by `value.name` (DMN 1.5, tables 61 to 64)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel.run import Run
from feel.temporal import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
    Zone,
)
from feel.values.host import adopt
from feel.values.model import Range, Value
from feel.values.numbers import Number, shrink

ABSENT = object()


def _fraction(nanos: int) -> Number | None:
    return shrink(Decimal(nanos) / SECOND)


def _signed(total: int, part: Callable[[int], Any]) -> Any:
    """The part of a duration, with the duration's sign."""
    value = part(abs(total))
    return -value if total < 0 else value


def _offset(seconds: int | None) -> DayTimeDuration | None:
    return None if seconds is None else DayTimeDuration(seconds * SECOND)


def _key(zone: Zone | None) -> str | None:
    return zone.key or None if zone else None


_Properties = dict[str, Callable[[Any], Value]]
_CLOCK: _Properties = {
    "hour": lambda v: v.nanos // HOUR,
    "minute": lambda v: v.nanos // MINUTE % 60,
    "second": lambda v: _fraction(v.nanos % MINUTE),
    "time offset": lambda v: _offset(v.offset),
    "offset": lambda v: _offset(v.offset),
    "timezone": lambda v: _key(v.zone),
}
_TABLE: dict[type, _Properties] = {
    Date: {
        "year": lambda v: v.year,
        "month": lambda v: v.month,
        "day": lambda v: v.day,
        "weekday": lambda v: v.weekday,
    },
    DateTime: {
        "year": lambda v: v.date.year,
        "month": lambda v: v.date.month,
        "day": lambda v: v.date.day,
        "weekday": lambda v: v.date.weekday,
        **_CLOCK,
    },
    Time: _CLOCK,
    DayTimeDuration: {
        "days": lambda v: _signed(v.nanos, lambda n: n // DAY),
        "hours": lambda v: _signed(v.nanos, lambda n: n // HOUR % 24),
        "minutes": lambda v: _signed(v.nanos, lambda n: n // MINUTE % 60),
        "seconds": lambda v: _signed(v.nanos, lambda n: _fraction(n % MINUTE)),
    },
    YearMonthDuration: {
        "years": lambda v: _signed(v.months, lambda n: n // 12),
        "months": lambda v: _signed(v.months, lambda n: n % 12),
    },
    Range: {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}


def lookup(value: Value, name: str, run: Run) -> Value:
    """The entry of a context, the property of a temporal value or range, or those of every item of a list.

    ABSENT where the value has no such entry. An item of a list that has none gives null.
    """
    kind = type(value)
    if kind is dict:
        return adopt(value[name]) if name in value else ABSENT
    if kind is list:
        run.allow_items(len(value))
        found = [lookup(adopt(item), name, run) for item in value]
        return [None if item is ABSENT else item for item in found]
    read = _TABLE.get(kind, {}).get(name)
    return ABSENT if read is None else read(value)

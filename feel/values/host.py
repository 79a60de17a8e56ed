"""The border with Python, inwards: what a context may hold and what becomes of it."""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any

from feel.temporal import (
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
    clock_nanos,
    from_python,
    zone_of,
)
from feel.values.model import Function, Range, Value
from feel.values.numbers import from_float

TEMPORAL = (Date, Time, DateTime, DayTimeDuration, YearMonthDuration)
NATIVE = frozenset({NoneType, bool, int, Decimal, str, list, dict, Range, Function, *TEMPORAL})

_FOREIGN: list[tuple[type | tuple[type, ...], Callable[[Any], Value]]] = [
    (float, from_float),
    (str, str),
    (int, int),
    (Decimal, Decimal),
    (datetime.datetime, from_python),
    (datetime.date, lambda day: Date(day.year, day.month, day.day)),
    (datetime.time, lambda time: Time(clock_nanos(time), zone_of(time))),
    (datetime.timedelta, lambda span: DayTimeDuration(span // datetime.timedelta(microseconds=1) * 1000)),
    (Mapping, dict),
    ((list, tuple, set, frozenset), list),
]


def adopt(value: Any) -> Value:
    """The FEEL value of a Python value; null for an object that has none. Containers are adopted where they are read.

    A float becomes the shortest decimal, a timedelta a duration; enumerations of str or int their value.
    """
    if type(value) in NATIVE:
        return value
    for kind, convert in _FOREIGN:
        if isinstance(value, kind):
            return convert(value)
    return None

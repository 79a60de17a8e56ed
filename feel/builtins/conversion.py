"""From text to values and back: date, time, date and time, duration, number, string, JSON."""

import json
import re
from decimal import Decimal
from typing import Any

from feel import iso
from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.temporal import (
    HOUR,
    MINUTE,
    SECOND,
    UTC,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
    Zone,
)
from feel.values import numbers
from feel.values.compare import as_date_time
from feel.values.json import to_json
from feel.values.model import Value
from feel.values.numbers import Number
from feel.values.text import show

_NUMERAL = re.compile(r"-?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]{1,5})?")
_LONGEST_OFFSET = 18 * HOUR
_SHOWN = 40  # characters of a text in a sentence


@builtin("date(from: string)")
def date_of_text(text: str) -> Date:
    return iso.date(text)


@builtin("date(from: day)")
def date_of(value: Date | DateTime) -> Date:
    return value if isinstance(value, Date) else value.date


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Number, month: Number, day: Number) -> Date:
    return Date(int(year), int(month), int(day))


@builtin("date and time(from: string)")
def date_time_of_text(text: str) -> DateTime:
    return iso.date_time(text)


@builtin("date and time(from: day)")
def date_time_of(value: Date | DateTime) -> DateTime:
    return as_date_time(value)


@builtin("date and time(date: day, time: time)")
def date_time_of_parts(date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date_of(date), time.nanos, time.zone)


@builtin("date and time(date: date and time, timezone: string)")
def date_time_within(moment: DateTime, zone: str) -> DateTime:
    """The same instant in another zone; one without a zone is placed there."""
    return moment.within(iso.zone(zone if zone[:1] in ("+", "-", "@", "Z") else f"@{zone}"))


@builtin("time(from: string)")
def time_of_text(text: str) -> Time:
    return iso.time(text)


@builtin("time(from: time)")
def time_of_time(time: Time) -> Time:
    return time


@builtin("time(from: day)")
def time_of_day(value: Date | DateTime) -> Time:
    return Time(0, UTC) if isinstance(value, Date) else value.time


@builtin("time(hour: number, minute: number, second: number, [offset: days and time duration?])")
def time_of_parts(hour: Number, minute: Number, second: Number, offset: DayTimeDuration | None = None) -> Time:
    if not (0 <= minute < 60 and 0 <= second < 60):
        raise Unfit(say("Minutes and seconds lie between 0 and 59."))
    if offset is not None and abs(offset.nanos) > _LONGEST_OFFSET:
        raise Unfit(say("An offset is at most 18 hours."))
    nanos = int(hour) * HOUR + int(minute) * MINUTE + int(Decimal(second) * SECOND)
    return Time(nanos, None if offset is None else Zone(int(offset.nanos / SECOND)))


@builtin("duration(from: string)")
def duration_of_text(text: str) -> DayTimeDuration | YearMonthDuration:
    return iso.duration(text)


@builtin("duration(from: duration)")
def duration_of(value: DayTimeDuration | YearMonthDuration) -> DayTimeDuration | YearMonthDuration:
    return value


@builtin("number(from: string)")
def number_of_text(text: str) -> Number | None:
    if not _NUMERAL.fullmatch(text):
        raise Unfit(say("'{text}' is not a {kind}.", text=text[:_SHOWN], kind=say("number")))
    return numbers.read(text)


@builtin("number(from: string, grouping separator: string?, [decimal separator: string?])")
def number_of_parts(text: str, grouping: str | None, decimal: str | None = None) -> Number | None:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ".", ",") or grouping and grouping == decimal:
        raise Unfit(say("Separators are a space, a comma or a point, and two different ones."))
    plain = text.replace(grouping, "") if grouping else text
    return number_of_text(plain.replace(decimal, ".") if decimal else plain)


@builtin("string(from: any)")
def string_of(run: Run, value: Value) -> str:
    return show(value, run)


@builtin("to json(value: any?)")
def write_json(run: Run, value: Value) -> str:
    plain = to_json(value, run.steps)
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    run.allow_string(len(text))
    return text


@builtin("from json(value: string)")
def read_json(run: Run, text: str) -> Value:
    run.charge(len(text))
    try:
        found: Value = json.loads(text, parse_float=_decimal, parse_constant=_refuse, parse_int=_decimal)
    except json.JSONDecodeError as error:
        raise Unfit(say("The text is no JSON from its character {position} on.", position=error.pos + 1)) from error
    return found


def _decimal(text: str) -> Any:
    return numbers.shrink(numbers.CONTEXT.create_decimal(text))


def _refuse(text: str) -> None:
    raise Unfit(say("JSON has no {text}.", text=text))

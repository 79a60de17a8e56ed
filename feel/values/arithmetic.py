"""Plus, minus, times, divided, to the power (DMN 1.5, 10.3.2.13.4 and table 45).

The tables are keyed by the types of both sides; a pair that is not there makes null.
"""

from collections.abc import Callable
from decimal import Decimal

from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.temporal import DAY, Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from feel.values.compare import as_date_time
from feel.values.host import adopt
from feel.values.model import Value
from feel.values.numbers import BIG, CONTEXT, Number, as_decimal, finite, shrink

Operation = Callable[..., Value]
Table = dict[tuple[type, type], Operation]


def _exact(fast: Callable[[int, int], int], slow: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def operation(a: int, b: int) -> Number | None:
        result = fast(a, b)
        return result if -BIG < result < BIG else shrink(slow(Decimal(a), Decimal(b)))

    return operation


def _decimal(operation: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    return lambda a, b: finite(operation(as_decimal(a), as_decimal(b)))


def _divided(a: Number, b: Number) -> Number | None:
    if b == 0:
        raise Unfit(say("Division by zero."))
    return shrink(CONTEXT.divide(as_decimal(a), as_decimal(b)))


def _power(a: Number, b: Number) -> Number | None:
    return shrink(CONTEXT.power(as_decimal(a), as_decimal(b)))


def _whole(value: Number | None) -> int:
    """Cut towards zero; durations hold whole months and nanoseconds."""
    if value is None:
        raise Unfit(say("Division by zero."))
    return int(value)


def _times(a: int, b: Number) -> int:
    return _whole(finite(CONTEXT.multiply(Decimal(a), as_decimal(b))))


def _plus_span(day: Date, span: DayTimeDuration) -> Date:
    """A date plus a time is the date of the moment so much after its midnight."""
    return Date.from_days(day.days + span.nanos // DAY)


def _between(a: Value, b: Value) -> DayTimeDuration | None:
    left, right = as_date_time(a).key, as_date_time(b).key
    return DayTimeDuration(left[1] - right[1]) if left[0] == right[0] else None


def _between_times(a: Time, b: Time) -> DayTimeDuration | None:
    return DayTimeDuration(a.key[1] - b.key[1]) if a.key[0] == b.key[0] else None


def _numeric(table: Table, operation: Operation) -> None:
    for pair in ((int, Decimal), (Decimal, int), (Decimal, Decimal)):
        table[pair] = operation


def _swapped(table: Table, *pairs: tuple[type, type]) -> None:
    for left, right in pairs:
        table[right, left] = lambda a, b, operation=table[left, right]: operation(b, a)


ADD: Table = {
    (int, int): _exact(lambda a, b: a + b, CONTEXT.add),
    (DayTimeDuration, DayTimeDuration): lambda a, b: DayTimeDuration(a.nanos + b.nanos),
    (YearMonthDuration, YearMonthDuration): lambda a, b: YearMonthDuration(a.months + b.months),
    (DateTime, DayTimeDuration): lambda a, b: a.plus(b.nanos),
    (DateTime, YearMonthDuration): lambda a, b: a.plus_months(b.months),
    (Date, DayTimeDuration): _plus_span,
    (Date, YearMonthDuration): lambda a, b: a.plus_months(b.months),
    (Time, DayTimeDuration): lambda a, b: a.plus(b.nanos),
}
_numeric(ADD, _decimal(CONTEXT.add))
_swapped(
    ADD,
    (DateTime, DayTimeDuration),
    (DateTime, YearMonthDuration),
    (Date, DayTimeDuration),
    (Date, YearMonthDuration),
    (Time, DayTimeDuration),
)

SUBTRACT: Table = {
    (int, int): _exact(lambda a, b: a - b, CONTEXT.subtract),
    (DayTimeDuration, DayTimeDuration): lambda a, b: DayTimeDuration(a.nanos - b.nanos),
    (YearMonthDuration, YearMonthDuration): lambda a, b: YearMonthDuration(a.months - b.months),
    (DateTime, DayTimeDuration): lambda a, b: a.plus(-b.nanos),
    (DateTime, YearMonthDuration): lambda a, b: a.plus_months(-b.months),
    (Date, DayTimeDuration): lambda a, b: _plus_span(a, DayTimeDuration(-b.nanos)),
    (Date, YearMonthDuration): lambda a, b: a.plus_months(-b.months),
    (Time, DayTimeDuration): lambda a, b: a.plus(-b.nanos),
    (Date, Date): _between,
    (DateTime, DateTime): _between,
    (Date, DateTime): _between,
    (DateTime, Date): _between,
    (Time, Time): _between_times,
}
_numeric(SUBTRACT, _decimal(CONTEXT.subtract))

MULTIPLY: Table = {(int, int): _exact(lambda a, b: a * b, CONTEXT.multiply)}
DIVIDE: Table = {
    (int, int): _divided,
    (DayTimeDuration, DayTimeDuration): lambda a, b: _divided(a.nanos, b.nanos),
    (YearMonthDuration, YearMonthDuration): lambda a, b: _divided(a.months, b.months),
}
POWER: Table = {(int, int): _power}
_numeric(MULTIPLY, _decimal(CONTEXT.multiply))
_numeric(DIVIDE, _divided)
_numeric(POWER, _power)
for _kind in (int, Decimal):
    MULTIPLY[DayTimeDuration, _kind] = lambda a, b: DayTimeDuration(_times(a.nanos, b))
    MULTIPLY[YearMonthDuration, _kind] = lambda a, b: YearMonthDuration(_times(a.months, b))
    DIVIDE[DayTimeDuration, _kind] = lambda a, b: DayTimeDuration(_whole(_divided(a.nanos, b)))
    DIVIDE[YearMonthDuration, _kind] = lambda a, b: YearMonthDuration(_whole(_divided(a.months, b)))
    _swapped(MULTIPLY, (DayTimeDuration, _kind), (YearMonthDuration, _kind))

TABLES = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}


def calculate(table: Table, left: Value, right: Value, run: Run) -> Value:
    """Null where the types do not go together. Raises Unfit or OverflowError where values do not."""
    left, right = adopt(left), adopt(right)
    if type(left) is str and type(right) is str and table is ADD:
        run.allow_string(len(left) + len(right))
        return left + right
    operation = table.get((type(left), type(right)))
    return None if operation is None else operation(left, right)


def negate(value: Value) -> Value:
    value = adopt(value)
    if type(value) is int or type(value) is Decimal:
        return -value
    if type(value) is DayTimeDuration:
        return DayTimeDuration(-value.nanos)
    return YearMonthDuration(-value.months) if type(value) is YearMonthDuration else None

"""Equality and order (DMN 1.5, 10.3.2.13, table 54). Each answers true, false, or null where the two do not compare."""

import operator
from collections.abc import Callable
from decimal import Decimal

from feel.run import Run
from feel.sentences import Sentence, say
from feel.temporal import SECOND, Date, DateTime, DayTimeDuration, Time, YearMonthDuration, midnight
from feel.values.host import adopt
from feel.values.model import Function, Range, Value

_KINDS: dict[type, str] = {
    int: "number",
    Decimal: "number",
    str: "string",
    bool: "boolean",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DayTimeDuration: "days and time duration",
    YearMonthDuration: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
_PLAIN = frozenset({int, str, Decimal, Date, DayTimeDuration, YearMonthDuration})
_ORDERED = frozenset({"number", "string", "date", "days and time duration", "years and months duration"})


_TOLD = {
    told.template: told
    for told in (
        say("number"),
        say("string"),
        say("boolean"),
        say("date"),
        say("time"),
        say("date and time"),
        say("day"),
        say("duration"),
        say("days and time duration"),
        say("years and months duration"),
        say("list"),
        say("context"),
        say("range"),
        say("function"),
        say("Null"),
    )
}


def kind_of(value: Value) -> str:
    """The name of a value's type, for dispatch; `Null` for null."""
    return _KINDS.get(type(value), "Null")


def named_kind(name: str) -> Sentence:
    """The name of a type for a sentence."""
    return _TOLD.get(name) or Sentence(name)


def kind_told(value: Value) -> Sentence:
    """The name of a value's type for a sentence."""
    return named_kind(kind_of(value))


def equal(left: Value, right: Value, run: Run) -> bool | None:
    """Null where the two are of different kinds and neither is null."""
    left, right = adopt(left), adopt(right)
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    deep = _DEEP.get(kind)
    return deep(left, right, run) if deep else bool(left == right)


def _lists(left: list[Value], right: list[Value], run: Run) -> bool:
    run.touch(left)
    return len(left) == len(right) and all(equal(a, b, run) is True for a, b in zip(left, right, strict=True))


def _contexts(left: dict[str, Value], right: dict[str, Value], run: Run) -> bool:
    run.touch(left)
    return left.keys() == right.keys() and all(equal(left[name], right[name], run) is True for name in left)


def _instants(left: Time | DateTime, right: Time | DateTime, _run: Run) -> bool:
    """To the second: fractions order two instants but do not tell them apart."""
    (zoned, first), (also_zoned, second) = left.key, right.key
    return zoned == also_zoned and first // SECOND == second // SECOND


def _ranges(left: Range, right: Range, run: Run) -> bool:
    return (
        (left.start_included, left.end_included, left.operator)
        == (right.start_included, right.end_included, right.operator)
        and equal(left.start, right.start, run) is True
        and equal(left.end, right.end, run) is True
    )


_DEEP: dict[str, Callable[..., bool]] = {
    "list": _lists,
    "context": _contexts,
    "time": _instants,
    "date and time": _instants,
    "range": _ranges,
}


def comparable(left: Value, right: Value) -> tuple[Value, Value] | None:
    """The two as Python values that order like them; null where they have no order."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return left, right
    left, right = adopt(left), adopt(right)
    kinds = kind_of(left), kind_of(right)
    if kinds[0] == kinds[1] and kinds[0] in _ORDERED:
        return left, right
    if "date and time" in kinds and set(kinds) <= {"date", "date and time"}:
        left, right = as_date_time(left), as_date_time(right)
    elif kinds != ("time", "time"):
        return None
    a, b = left.key, right.key
    return (a, b) if a[0] == b[0] else None


def as_date_time(value: Date | DateTime) -> DateTime:
    return midnight(value) if type(value) is Date else value  # type: ignore[return-value]  # a Date was turned


def _ordering(holds: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool | None]:
    def compare(left: Value, right: Value) -> bool | None:
        pair = comparable(left, right)
        return None if pair is None else bool(holds(*pair))

    return compare


less = _ordering(operator.lt)
less_equal = _ordering(operator.le)
greater = _ordering(operator.gt)
greater_equal = _ordering(operator.ge)


def both(*tests: bool | None) -> bool | None:
    """Ternary and."""
    if any(test is False for test in tests):
        return False
    return None if any(test is None for test in tests) else True


def either(*tests: bool | None) -> bool | None:
    """Ternary or."""
    if any(test is True for test in tests):
        return True
    return None if any(test is None for test in tests) else False


def negated(test: bool | None) -> bool | None:
    return None if test is None else not test


PYTHON: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(operator_: str, left: Value, right: Value, run: Run) -> bool | None:
    """`left operator right` for the six comparison operators."""
    if operator_ == "=":
        return equal(left, right, run)
    if operator_ == "!=":
        return negated(equal(left, right, run))
    return _ORDERINGS[operator_](left, right)


_ORDERINGS = {"<": less, "<=": less_equal, ">": greater, ">=": greater_equal}


def within(value: Value, range_: Range, run: Run) -> bool | None:
    """Does the value lie in the range? Null where it does not compare with an end."""
    if range_.operator in ("=", "!="):
        return compare(range_.operator, value, range_.start, run)
    if range_.operator:
        end = range_.end if range_.operator[0] == "<" else range_.start
        return compare(range_.operator, value, end, run)
    if range_.start is None or range_.end is None:
        return None
    above = (greater_equal if range_.start_included else greater)(value, range_.start)
    below = (less_equal if range_.end_included else less)(value, range_.end)
    return None if above is None or below is None else above and below


def matches(value: Value, test: Value, run: Run) -> bool | None:
    """`value in test`: equal to it, in the range, or one of the list."""
    test = adopt(test)
    if type(test) is Range:
        return within(value, test, run)
    if type(test) is list:
        run.touch(test)
        return any(_matches_item(value, item, run) for item in [test, *test])
    return False if type(value) is Range else equal(value, test, run)


def _matches_item(value: Value, item: Value, run: Run) -> bool:
    item = adopt(item)
    if type(item) is Range:
        return within(value, item, run) is True
    if type(item) is list and type(value) is not list:
        return False
    return equal(value, item, run) is True

"""Functions that make one value of many: min, sum, mean, all, …"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.temporal import DayTimeDuration, YearMonthDuration
from feel.values.arithmetic import ADD, DIVIDE, MULTIPLY, calculate
from feel.values.compare import both, comparable, either, greater, less
from feel.values.model import Value
from feel.values.numbers import CONTEXT, Number, as_decimal, is_number, shrink

_DEVIATION_STEPS = 4  # a turn of a loop for the sum, the differences, their squares and their sum


@builtin("min(list...: list)")
def minimum(items: list[Value]) -> Value:
    return _extreme(items, less)


@builtin("max(list...: list)")
def maximum(items: list[Value]) -> Value:
    return _extreme(items, greater)


def _extreme(items: list[Value], better: Callable[[Value, Value], bool | None]) -> Value:
    if not items or comparable(items[0], items[0]) is None:
        raise Unfit(say("There are no values that have an order."))
    best = items[0]
    for item in items[1:]:
        verdict = better(item, best)
        if verdict is None:
            raise Unfit(say("The values have no order among each other."))
        if verdict:
            best = item
    return best


@builtin("sum(list...: list)")
def total(run: Run, items: list[Value]) -> Value:
    """Numbers, or durations of one kind."""
    if not items or not (is_number(items[0]) or isinstance(items[0], DayTimeDuration | YearMonthDuration)):
        raise Unfit(say("There are no numbers to add."))
    return _reduced(items, "+", run)


@builtin("product(list...: list)")
def product(run: Run, items: list[Value]) -> Value:
    return _reduced(_numbers(items), "*", run)


def _reduced(items: list[Value], symbol: str, run: Run) -> Value:
    table = ADD if symbol == "+" else MULTIPLY
    result = items[0]
    for item in items[1:]:
        result = calculate(table, result, item, run)
        if result is None:
            raise Unfit(say("The list holds values that do not go together."))
    return result


def _numbers(items: list[Value]) -> list[Number]:
    if not items or not all(is_number(item) for item in items):
        raise Unfit(say("The list holds something other than numbers, or nothing."))
    return items


@builtin("mean(list...: list)")
def mean(run: Run, items: list[Value]) -> Value:
    return calculate(DIVIDE, total(run, items), len(items), run)


@builtin("median(list...: list)")
def median(run: Run, items: list[Value]) -> Value:
    """The middle one, or the mean of the middle two."""
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return mean(run, ordered[middle - 1 : middle + 1])


@builtin("stddev(list...: list)")
def standard_deviation(run: Run, items: list[Value]) -> Number | None:
    """Of a sample: divided by n - 1."""
    run.charge(_DEVIATION_STEPS * len(items))
    if len(_numbers(items)) < 2:
        raise Unfit(say("A deviation needs two numbers at least."))
    values = [as_decimal(item) for item in items]
    average = CONTEXT.divide(_sum(values), Decimal(len(values)))
    squares = [CONTEXT.power(CONTEXT.subtract(value, average), 2) for value in values]
    return shrink(CONTEXT.sqrt(CONTEXT.divide(_sum(squares), Decimal(len(values) - 1))))


def _sum(values: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for value in values:
        result = CONTEXT.add(result, value)
    return result


@builtin("mode(list...: list)")
def mode(items: list[Value]) -> list[Number]:
    """The most frequent numbers, smallest first."""
    if not items:
        return []
    counts = Counter(_numbers(items))
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


@builtin("all(list...: list)", "and(list...: list)")
def every(items: list[Value]) -> bool | None:
    return both(*(item if type(item) is bool else None for item in items))


@builtin("any(list...: list)", "or(list...: list)")
def some(items: list[Value]) -> bool | None:
    return either(*(item if type(item) is bool else None for item in items))

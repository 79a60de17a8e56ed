"""Functions that build lists from lists (DMN 1.5, table 76). Positions count from 1, or from the end by -1."""

from functools import cmp_to_key

from feel.builtins.registry import builtin
from feel.errors import FeelLimitExceeded, Unfit
from feel.limits import NESTING
from feel.run import Run
from feel.sentences import say
from feel.values.compare import comparable, less
from feel.values.host import adopt
from feel.values.model import Function, Value
from feel.values.numbers import Number


def _index(items: list[Value], position: Number) -> int:
    index = int(position)
    if index == 0 or abs(index) > len(items):
        raise Unfit(say("A list of {count} items has no position {index}.", count=len(items), index=index))
    return index - 1 if index > 0 else len(items) + index


@builtin("count(list...: list)")
def count(items: list[Value]) -> int:
    return len(items)


@builtin("is empty(list: list)")
def is_empty(items: list[Value]) -> bool:
    return not items


@builtin("sublist(list: list, start position: number, [length: number?])")
def sublist(items: list[Value], start: Number, length: Number | None = None) -> list[Value]:
    begin = _index(items, start)
    end = len(items) if length is None else begin + int(length)
    if end < begin or end > len(items):
        raise Unfit(say("A list of {count} items does not reach so far.", count=len(items)))
    return items[begin:end]


@builtin("append(list: list?, item...: any)")
def append(run: Run, items: list[Value] | None, more: list[Value]) -> list[Value]:
    before = [None] if items is None else items
    run.allow_items(len(before) + len(more))
    return before + more


@builtin("concatenate(list...: any)", "concatenate(lists...: any)")
def concatenate(run: Run, lists: list[Value]) -> list[Value]:
    joined: list[Value] = []
    for part in lists:
        if part is None:
            raise Unfit(say("One of the lists is null."))
        joined.extend(part if type(part) is list else [part])
        run.allow_items(len(joined))
    return joined


@builtin("insert before(list: list, position: number, newItem: any?)")
def insert_before(items: list[Value], position: Number, item: Value) -> list[Value]:
    index = _index(items, position)
    return [*items[:index], item, *items[index:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Value], position: Number) -> list[Value]:
    index = _index(items, position)
    return items[:index] + items[index + 1 :]


@builtin("list replace(list: list, position: number, newItem: any?)")
def replace_at(items: list[Value], position: Number, item: Value) -> list[Value]:
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any?)")
def replace_where(run: Run, items: list[Value], match: Function, item: Value) -> list[Value]:
    replaced = []
    for old in items:
        verdict = _asked(run, match, old, item)
        if type(verdict) is not bool:
            raise Unfit(say("The match function does not answer true or false."))
        replaced.append(item if verdict else old)
    return replaced


def _asked(run: Run, function: Function, first: Value, second: Value) -> Value:
    if len(function.parameters) != 2:
        raise Unfit(say("The function must have two parameters."))
    run.enter()
    try:
        return function.call(run, [first, second])
    finally:
        run.leave()


@builtin("reverse(list: list)")
def reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    flat: list[Value] = []
    _flatten_into(run, flat, items, 0)
    return flat


def _flatten_into(run: Run, flat: list[Value], items: list[Value], depth: int) -> None:
    if depth > NESTING:
        raise FeelLimitExceeded(say("A list is nested more than {most} deep.", most=NESTING))
    run.allow_items(len(flat) + len(items))
    for raw in items:
        item = adopt(raw)
        if type(item) is list:
            _flatten_into(run, flat, item, depth + 1)
        else:
            run.charge(1)
            flat.append(item)


@builtin("partition(list: list, size: number)")
def partition(items: list[Value], size: Number) -> list[Value]:
    """Lists of that size, the last may be shorter."""
    length = int(size)
    if length < 1:
        raise Unfit(say("The size is at least 1."))
    return [items[begin : begin + length] for begin in range(0, len(items), length)]


@builtin("sort(list: list, [precedes: function?])")
def sort(run: Run, items: list[Value], precedes: Function | None = None) -> list[Value]:
    """By the function, or where there is none by the values' own order."""

    def compare(a: Value, b: Value) -> int:
        run.charge(1)
        if precedes is None:
            return -1 if less(a, b) else int(less(b, a) is True)
        if _asked(run, precedes, a, b) is True:
            return -1
        return int(_asked(run, precedes, b, a) is True)

    if precedes is None and any(comparable(items[0], item) is None for item in items):
        raise Unfit(say("The list holds values that have no order."))
    return sorted(items, key=cmp_to_key(compare))

"""The same search over what stands in memory: short lists that no table has as such."""

from collections.abc import Callable, Mapping, Sequence
from fnmatch import translate
from functools import cmp_to_key
from re import compile as compiled
from typing import Any, TypeVar

from engine.queries.search import Condition, Criterion, Either, Mark, Not, Order, Page, Related
from kernel.errors import Invalid
from kernel.text import say

T = TypeVar("T")
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: value == wanted,
    "neq": lambda value, wanted: value != wanted,
    "gt": lambda value, wanted: value is not None and value > wanted,
    "gte": lambda value, wanted: value is not None and value >= wanted,
    "lt": lambda value, wanted: value is not None and value < wanted,
    "lte": lambda value, wanted: value is not None and value <= wanted,
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value is not None and value not in wanted,
    "exists": lambda value, wanted: (value is not None) == wanted,
    "like": lambda value, wanted: (
        value is not None and bool(compiled(translate(wanted.replace("[", "[[]"))).match(value))
    ),
}


def listed(
    items: Sequence[T],
    conditions: Sequence[Criterion] = (),
    order: Order = (),
    limit: int = 100,
    offset: int = 0,
    *,
    after: Mark | None = None,
    before: Mark | None = None,
) -> Page[T]:
    """What of the items meets all conditions, by their attributes. Where `order` ties, they keep their own.

    A mark is the place in the list: these lists hardly change.
    """
    found = [item for item in items if all(_holds(item, condition) for condition in conditions)]
    for name, falling in reversed(order):
        found.sort(key=cmp_to_key(_by(name, falling=falling)))
    start = offset if after is None else _place(after) + 1
    if before is not None:
        end = _place(before)
        start = max(0, end - limit)
        limit = end - start
    shown = found[start : start + limit]
    first, last = ((start,), (start + len(shown) - 1,)) if shown else (None, None)
    return Page(items=shown, total=len(found), first=first, last=last)


def _place(mark: Mark) -> int:
    if len(mark) != 1 or not isinstance(mark[0], int) or mark[0] < 0:
        raise Invalid(say("The cursor is of another search. Send it with the sort that it came from."))
    return mark[0]


def _by(name: str, *, falling: bool) -> Callable[[Any, Any], int]:
    def compare(one: Any, other: Any) -> int:
        left, right = _value(one, name), _value(other, name)
        if left is None or right is None:
            return (left is None) - (right is None)
        return (int(left > right) - int(left < right)) * (-1 if falling else 1)

    return compare


def _value(item: Any, name: str) -> Any:
    """There is one tenant, as in every noun."""
    return "<default>" if name == "tenant" else getattr(item, name)


def _holds(item: Any, criterion: Criterion) -> bool:
    if isinstance(criterion, Condition):
        return _TESTS[criterion.operator](_value(item, criterion.field), criterion.value)
    if isinstance(criterion, Not):
        return not _holds(item, criterion.condition)
    if isinstance(criterion, Related):
        raise TypeError("nothing hangs on what is listed")
    some = any if isinstance(criterion, Either) else all
    return some(_holds(item, one) for one in criterion.conditions)

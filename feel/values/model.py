"""Ranges and functions: the two kinds of value that are FEEL's own and not about time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from feel.run import Run
from feel.values.types import Type

Value = Any  # None, bool, int, Decimal, str, list, dict, Range, Function or a class of feel.temporal
Operator = Literal["<", "<=", ">", ">=", "=", "!="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An interval. `operator` is set for a unary one, such as `(> 5)`; its open end is null."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    operator: Operator | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function:
    """Something that can be called with positional arguments.

    `call(run, arguments)` gets as many as there are `parameters`, or fewer where the built-in allows it.
    `types` and `result` are null where the author declared none. `overloads` holds the signatures of FEEL's own
    functions and of an application's, which bind arguments by them; it is empty for functions of expressions.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Run, list[Value]], Value]
    types: tuple[Type | None, ...] = ()
    result: Type | None = None
    overloads: Sequence[Any] = ()

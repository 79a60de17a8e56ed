"""The types that expressions and models declare (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feel.run import Run


@dataclass(frozen=True, slots=True)
class Named:
    """A built-in type, or an item definition of a model, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    item: "Type"


@dataclass(frozen=True, slots=True)
class RangeOf:
    item: "Type"


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context that has at least these entries."""

    entries: Mapping[str, "Type"]


@dataclass(frozen=True, slots=True)
class FunctionOf:
    parameters: tuple["Type", ...]
    result: "Type"


@dataclass(frozen=True, slots=True)
class Constrained:
    """A type whose values must pass a test besides: an item definition with allowed values."""

    base: "Type"
    allows: Callable[[Any, Run], bool]


Type = Named | ListOf | RangeOf | ContextOf | FunctionOf | Constrained
Registry = Mapping[str, Type]

ANY = Named("Any")
NULL = Named("Null")
_SAME = {
    "dateTime": "date and time",
    "date time": "date and time",
    "dayTimeDuration": "days and time duration",
    "day time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "year month duration": "years and months duration",
    "day-time-duration": "days and time duration",
    "year-month-duration": "years and months duration",
    "any": "Any",
    "null": "Null",
}


def named(name: str) -> Named:
    """The type of that name, older spellings included."""
    return Named(_SAME.get(name, name))


def resolve(type_: Type | None, registry: Registry) -> Type | None:
    """What a name stands for, constraints left out; null for a chain of names that bites its tail."""
    seen = set()
    while isinstance(type_, Named | Constrained):
        if isinstance(type_, Constrained):
            type_ = type_.base
        elif type_.name in registry and type_.name not in seen:
            seen.add(type_.name)
            type_ = registry[type_.name]
        else:
            return None if type_.name in seen else type_
    return type_


def is_subtype(left: Type | None, right: Type | None, registry: Registry) -> bool:
    """May a value of `left` stand where `right` is asked for (DMN 1.5, table 51)?"""
    left, right = resolve(left, registry), resolve(right, registry)
    if right is None or right == ANY or left == NULL:
        return True
    if left is None:
        return False
    match left, right:
        case (ListOf(item=a), ListOf(item=b)) | (RangeOf(item=a), RangeOf(item=b)):
            return is_subtype(a, b, registry)
        case ContextOf(entries=mine), ContextOf(entries=theirs):
            return all(name in mine and is_subtype(mine[name], theirs[name], registry) for name in theirs)
        case FunctionOf(), FunctionOf():
            return _is_subfunction(left, right, registry)
    return left == right or isinstance(right, Named) and right.name == _KIND.get(type(left))


_KIND = {ListOf: "list", RangeOf: "range", ContextOf: "context", FunctionOf: "function"}


def _is_subfunction(left: FunctionOf, right: FunctionOf, registry: Registry) -> bool:
    """Contravariant in the parameters, covariant in the result."""
    return (
        len(left.parameters) == len(right.parameters)
        and all(is_subtype(b, a, registry) for a, b in zip(left.parameters, right.parameters, strict=True))
        and is_subtype(left.result, right.result, registry)
    )

"""Does a value conform to a type, and what becomes of it where it does not (DMN 1.5, 10.3.2.9.4)."""

from collections.abc import Callable

from feel.errors import FeelError
from feel.run import Run
from feel.sentences import say
from feel.temporal import Date, midnight
from feel.values.compare import kind_of
from feel.values.host import adopt
from feel.values.model import Function, Range, Value
from feel.values.types import (
    ANY,
    NULL,
    Constrained,
    ContextOf,
    FunctionOf,
    ListOf,
    Named,
    RangeOf,
    Type,
    is_subtype,
    named,
    resolve,
)

BUILT_IN = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
    }
)
_DATE_TIME = named("date and time")


class UnknownType(FeelError):
    """An expression names a type that neither FEEL nor the model knows."""


def conforms(value: Value, type_: Type, run: Run, *, constrained: bool = True) -> bool:
    """Null conforms to `Null` and `Any` only; items and entries may be null. `constrained` minds allowed values.

    Raises UnknownType for a name that stands for nothing.
    """
    value = adopt(value)
    run.charge(1)
    if isinstance(type_, Constrained):
        return conforms(value, type_.base, run, constrained=constrained) and (
            not constrained or type_.allows(value, run)
        )
    if isinstance(type_, Named):
        return _is_named(value, type_, run, constrained)
    return value is not None and _STRUCTURES[type(type_)](value, type_, run)


def _is_named(value: Value, type_: Named, run: Run, constrained: bool) -> bool:
    if type_.name in run.types:
        run.enter()
        try:
            return conforms(value, run.types[type_.name], run, constrained=constrained)
        finally:
            run.leave()
    if type_ == ANY:
        return True
    if type_ == NULL or type_.name in BUILT_IN:
        return kind_of(value) == type_.name
    if type_.name == "duration":
        return kind_of(value).endswith("duration")
    raise UnknownType(say("There is no type '{name}'.", name=type_.name))


def _free(value: Value, type_: Type, run: Run) -> bool:
    return value is None or conforms(value, type_, run)


def _is_list(value: Value, type_: ListOf, run: Run) -> bool:
    return type(value) is list and all(_free(item, type_.item, run) for item in value)


def _is_range(value: Value, type_: RangeOf, run: Run) -> bool:
    if type(value) is not Range or value.start is None and value.end is None:
        return False
    return _free(value.start, type_.item, run) and _free(value.end, type_.item, run)


def _is_context(value: Value, type_: ContextOf, run: Run) -> bool:
    return type(value) is dict and all(
        name in value and _free(value[name], entry, run) for name, entry in type_.entries.items()
    )


def _is_function(value: Value, type_: FunctionOf, run: Run) -> bool:
    """What the author left undeclared is not held against the function."""
    if type(value) is not Function or len(value.parameters) != len(type_.parameters):
        return False
    types = value.types or (None,) * len(value.parameters)
    takes = all(is_subtype(asked, own, run.types) for asked, own in zip(type_.parameters, types, strict=True))
    return takes and (value.result is None or is_subtype(value.result, type_.result, run.types))


_STRUCTURES: dict[type, Callable[..., bool]] = {
    ListOf: _is_list,
    RangeOf: _is_range,
    ContextOf: _is_context,
    FunctionOf: _is_function,
}


def coerce(value: Value, type_: Type | None, run: Run) -> Value:
    """The value as that type, by the implicit conversions: `[a]` to a, a to `[a]`, a date to a date and time.

    Null where it does not conform even so. Raises UnknownType.
    """
    value = adopt(value)
    if value is None or type_ is None or conforms(value, type_, run):
        return value
    if type(value) is list and len(value) == 1 and conforms(value[0], type_, run):
        return adopt(value[0])
    target = resolve(type_, run.types)
    if isinstance(target, ListOf) and type(value) is not list and conforms(value, target.item, run):
        return [value]
    if target == _DATE_TIME and type(value) is Date:
        return midnight(value)
    return None

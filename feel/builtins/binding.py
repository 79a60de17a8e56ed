"""How a call finds its signature: arguments are bound to parameters, with the conversions that FEEL makes unasked."""

from collections.abc import Sequence
from typing import Any

from feel.builtins.signatures import Overload, Parameter
from feel.errors import reason_of
from feel.run import CHARACTERS_A_STEP, Run
from feel.sentences import Sentence, listed, say
from feel.temporal import Date
from feel.values.compare import as_date_time, kind_told
from feel.values.host import NATIVE, adopt
from feel.values.model import Value

_UNFIT = object()


def call(name: str, overloads: Sequence[Overload], run: Run, arguments: Sequence[Value], at: int) -> Value:
    """Call the first of the signatures that fits, with arguments by position."""
    values = [adopt(value) for value in arguments]
    _charge(run, values)
    for overload in overloads:
        bound = _bind(overload.parameters, values)
        if bound is not None:
            return _call(name, overload, run, bound, at)
    return _unfit(name, run, [kind_told(value) for value in values], at)


def call_named(name: str, overloads: Sequence[Overload], run: Run, arguments: dict[str, Value], at: int) -> Value:
    """Call with arguments by name; one that is left out is null where null may come in.

    `before(point, range)` and `before(range, point)` have the same names: the order that was written decides.
    """
    values = {key: adopt(value) for key, value in arguments.items()}
    _charge(run, list(values.values()))
    for overload in sorted(overloads, key=lambda overload: not _in_order(overload.parameters, values)):
        bound = _bind_named(overload.parameters, values)
        if bound is not None:
            return _call(name, overload, run, bound, at)
    return _unfit(
        name, run, [say("{name}: {kind}", name=key, kind=kind_told(value)) for key, value in values.items()], at
    )


def _charge(run: Run, values: list[Value]) -> None:
    """Every built-in pays for the size of what it is given."""
    steps = 1
    for value in values:
        kind = type(value)
        if kind is list or kind is dict:
            steps += len(value)
        elif kind is str:
            steps += len(value) // CHARACTERS_A_STEP
    run.charge(steps)


def _call(name: str, overload: Overload, run: Run, bound: list[Value], at: int) -> Value:
    try:
        if overload.wants_run:
            return overload.implementation(run, *bound)
        return overload.implementation(*bound)
    except (ValueError, ArithmeticError) as error:
        run.warn(
            "FUNCTION_INVOCATION_FAILURE", at, "'{name}' has no result: {reason}", name=name, reason=reason_of(error)
        )
        return None


def _unfit(name: str, run: Run, kinds: Sequence[Sentence], at: int) -> None:
    run.warn(
        "FUNCTION_INVOCATION_FAILURE", at, "'{name}' cannot be called with ({kinds}).", name=name, kinds=listed(kinds)
    )


def _bind(parameters: tuple[Parameter, ...], values: list[Value]) -> list[Value] | None:
    bound: list[Value] = []
    for index, parameter in enumerate(parameters):
        if parameter.variadic:
            return _bind_rest(parameter, bound, values[index:])
        if index >= len(values):
            return bound if parameter.optional else None
        value = _convert(values[index], parameter)
        if value is _UNFIT:
            return None
        bound.append(value)
    return bound if len(values) <= len(parameters) else None


def _bind_rest(parameter: Parameter, bound: list[Value], rest: list[Value]) -> list[Value] | None:
    """All the rest as one list; a single list stands for itself, except where lists are what is joined."""
    if not rest:
        return None
    if len(rest) == 1 and type(rest[0]) is list and parameter.kind != "any":
        return [*bound, _adopted(rest[0])]
    return [*bound, rest]


def _in_order(parameters: tuple[Parameter, ...], values: dict[str, Value]) -> bool:
    return all(parameter.name == key for parameter, key in zip(parameters, values, strict=False))


def _bind_named(parameters: tuple[Parameter, ...], values: dict[str, Value]) -> list[Value] | None:
    if not values.keys() <= {parameter.name for parameter in parameters}:
        return None
    bound: list[Value] = []
    for parameter in parameters:
        if parameter.name not in values and not (parameter.optional or parameter.nullable):
            return None
        value = _named_value(parameter, values)
        if value is _UNFIT:
            return None
        bound.append(value)
    while bound and parameters[len(bound) - 1].optional and parameters[len(bound) - 1].name not in values:
        bound.pop()
    return bound


def _named_value(parameter: Parameter, values: dict[str, Value]) -> Any:
    value = values.get(parameter.name)
    if parameter.name not in values:
        return None
    if parameter.variadic:
        return _adopted(value if type(value) is list else [value])
    return _convert(value, parameter)


def _convert(value: Value, parameter: Parameter) -> Any:
    """The argument as the parameter takes it, by the implicit conversions, or _UNFIT."""
    if value is None:
        return None if parameter.nullable else _UNFIT
    if type(value) in parameter.types:
        return _adopted(value) if type(value) is list else value
    if parameter.kind == "list":
        return [value]
    if type(value) is list and len(value) == 1:
        only = adopt(value[0])
        return only if type(only) in parameter.types and only is not None else _UNFIT
    if parameter.kind == "date and time" and type(value) is Date:
        return as_date_time(value)
    return _UNFIT


def _adopted(items: list[Any]) -> list[Value]:
    return items if all(type(item) in NATIVE for item in items) else [adopt(item) for item in items]

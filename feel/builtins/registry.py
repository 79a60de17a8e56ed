"""How a built-in function is declared, found and called.

A signature is written as in a manual: `substring(string: string, start position: number, [length: number?])`.
Brackets mean optional, `?` that null may come in, `...` that the parameter takes all the rest. A function whose
signature does not fit is passed over for the next of that name; where none fits the call is null, with a warning.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from feel.run import CHARACTERS_A_STEP, Run
from feel.temporal import Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from feel.values.compare import as_date_time, kind_of
from feel.values.host import NATIVE, adopt
from feel.values.model import Function, Range, Value

Implementation = Callable[..., Value]
Declared = TypeVar("Declared", bound=Implementation)

_KINDS: dict[str, frozenset[type]] = {
    "number": frozenset({int, Decimal}),
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "date": frozenset({Date}),
    "time": frozenset({Time}),
    "date and time": frozenset({DateTime}),
    "day": frozenset({Date, DateTime}),
    "duration": frozenset({DayTimeDuration, YearMonthDuration}),
    "days and time duration": frozenset({DayTimeDuration}),
    "range": frozenset({Range}),
    "point": NATIVE - {Range, type(None)},
    "function": frozenset({Function}),
    "any": NATIVE,
}
_SIGNATURE = re.compile(r"(?P<name>[^(]+)\((?P<parameters>.*)\)")
_PARAMETER = re.compile(r"(?P<name>[^:.?]+?)(?P<rest>\.\.\.)?: (?P<kind>[a-z ]+)(?P<null>\?)?")
_UNFIT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str
    kind: str
    types: frozenset[type]
    optional: bool
    variadic: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature of a built-in. `wants_run`: the implementation takes the `Run` before the arguments."""

    parameters: tuple[Parameter, ...]
    implementation: Implementation
    wants_run: bool


BUILT_INS: dict[str, list[Overload]] = {}


def builtin(*signatures: str) -> Callable[[Declared], Declared]:
    """Declare a function under each of the signatures. It raises ValueError with a sentence to become null."""

    def declare(implementation: Declared) -> Declared:
        wants_run = next(iter(inspect.signature(implementation).parameters), "") == "run"
        for signature in signatures:
            name, parameters = _read(signature)
            BUILT_INS.setdefault(name, []).append(Overload(parameters, implementation, wants_run))
        return implementation

    return declare


def _read(signature: str) -> tuple[str, tuple[Parameter, ...]]:
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise ValueError(f"Not a signature: {signature}")
    texts = [text.strip() for text in found["parameters"].split(",") if text.strip()]
    return found["name"], tuple(_parameter(text) for text in texts)


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text.strip("[]"))
    if found is None:
        raise ValueError(f"Not a parameter: {text}")
    return Parameter(
        name=found["name"],
        kind=found["kind"],
        types=_KINDS[found["kind"]],
        optional=text.startswith("["),
        variadic=bool(found["rest"]),
        nullable=bool(found["null"]),
    )


def invoke(name: str, run: Run, arguments: Sequence[Value], at: int) -> Value:
    """Call a built-in with arguments by position."""
    values = [adopt(value) for value in arguments]
    _charge(run, values)
    for overload in BUILT_INS[name]:
        bound = _bind(overload.parameters, values)
        if bound is not None:
            return _call(name, overload, run, bound, at)
    return _unfit(name, run, ", ".join(kind_of(value) for value in values), at)


def invoke_named(name: str, run: Run, arguments: dict[str, Value], at: int) -> Value:
    """Call a built-in with arguments by name; one that is left out is null where null may come in.

    `before(point, range)` and `before(range, point)` have the same names: the order that was written decides.
    """
    values = {key: adopt(value) for key, value in arguments.items()}
    _charge(run, list(values.values()))
    for overload in sorted(BUILT_INS[name], key=lambda overload: not _in_order(overload.parameters, values)):
        bound = _bind_named(overload.parameters, values)
        if bound is not None:
            return _call(name, overload, run, bound, at)
    return _unfit(name, run, ", ".join(f"{key}: {kind_of(value)}" for key, value in values.items()), at)


def as_function(name: str) -> Function:
    """The built-in as a value."""
    parameters = tuple(parameter.name for parameter in BUILT_INS[name][0].parameters)
    return Function(
        name=name,
        parameters=parameters,
        call=lambda run, arguments: invoke(name, run, arguments, 0),
        builtin=True,
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
        run.warn("FUNCTION_INVOCATION_FAILURE", at, f"'{name}' has no result: {error}")
        return None


def _unfit(name: str, run: Run, kinds: str, at: int) -> None:
    run.warn("FUNCTION_INVOCATION_FAILURE", at, f"'{name}' cannot be called with ({kinds}).")


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

"""How a function's signature is written and read, as in a manual: `substring(string: string, [length: number?])`.

Brackets mean optional, `?` that null may come in, `...` that the parameter takes all the rest; a result may follow:
`working days after(day: date, count: number): date`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from feel.temporal import Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from feel.values.host import NATIVE
from feel.values.model import Function, Range, Value

Implementation = Callable[..., Value]

KINDS: dict[str, frozenset[type]] = {
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
_SIGNATURE = re.compile(r"(?P<name>[^(]+)\((?P<parameters>.*)\)(?:: (?P<result>[a-z ]+)\??)?")
_PARAMETER = re.compile(r"(?P<name>[^:.?]+?)(?P<rest>\.\.\.)?: (?P<kind>[a-z ]+)(?P<null>\?)?")


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
    """One signature of a function. `wants_run`: the implementation takes the `Run` before the arguments."""

    signature: str
    parameters: tuple[Parameter, ...]
    implementation: Implementation
    wants_run: bool
    description: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """`result` is the kind of the result, or empty."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str


def read(signature: str) -> Signature:
    """Raises ValueError for what is not written as it should be."""
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise ValueError(f"Not a signature: {signature}")
    texts = [text.strip() for text in found["parameters"].split(",") if text.strip()]
    result = found["result"] or ""
    if result and result not in KINDS:
        raise ValueError(f"There is no kind '{result}' in {signature}. Choose one of {', '.join(KINDS)}.")
    return Signature(found["name"].strip(), tuple(_parameter(text) for text in texts), result)


def _parameter(text: str) -> Parameter:
    found = _PARAMETER.fullmatch(text.strip("[]"))
    if found is None or found["kind"] not in KINDS:
        raise ValueError(f"Not a parameter: {text}. Write `name: kind`, with a kind of {', '.join(KINDS)}.")
    return Parameter(
        name=found["name"],
        kind=found["kind"],
        types=KINDS[found["kind"]],
        optional=text.startswith("["),
        variadic=bool(found["rest"]),
        nullable=bool(found["null"]),
    )

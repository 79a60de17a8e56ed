"""Functions of an application, for its expressions and decisions, beside FEEL's own.

>>> functions = Functions()
>>> @functions.add("working days after(day: date, count: number): date", "The day so many working days later.")
... def working_days_after(day, count):
...     return calendar.after(day, int(count))
>>> feel.evaluate("working days after(leavingOn, 3)", {"leavingOn": "…"}, functions=functions)

A function gets Python's own dates, times and durations, numbers as int or Decimal, lists and dicts as they are. What
it returns becomes a FEEL value; a ValueError becomes null and a warning with its sentence (`Unfit` with one that can be
translated), any other exception is a mistake of the application and comes through.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from feel.builtins import BUILT_INS
from feel.builtins.binding import call
from feel.builtins.signatures import KINDS, Implementation, Overload, Signature, read
from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.values.compare import named_kind
from feel.values.host import TEMPORAL, adopt
from feel.values.model import Function, Value

Declared = TypeVar("Declared", bound=Implementation)


@dataclass(frozen=True, slots=True)
class Described:
    """A function as an editor shows it: one line for each signature."""

    name: str
    signatures: tuple[str, ...]
    parameters: tuple[str, ...]
    description: str

    def to_json(self) -> dict[str, Any]:
        """In the shape in which Camunda's FEEL editor takes functions."""
        lines = [f"{self.description}\n" if self.description else "", *self.signatures]
        params = [{"name": name} for name in self.parameters]
        return {"name": self.name, "type": "function", "params": params, "info": "\n".join(filter(None, lines))}


class Functions(Mapping[str, Function]):
    """The functions by name. A variable of the same name goes before a function."""

    def __init__(self) -> None:
        self._overloads: dict[str, list[Overload]] = {}
        self._functions: dict[str, Function] = {}

    def add(self, signature: str, description: str = "", *, steps: int = 1) -> Callable[[Declared], Declared]:
        """Declare a function; the same name with another signature is one more way to call it.

        `steps` is what a call costs of the budget besides the size of its arguments: about one a microsecond.
        Raises ValueError where the signature cannot be read, or the name is one of FEEL's own.
        """
        wanted = read(signature)
        if wanted.name in BUILT_INS:
            raise ValueError(f"FEEL has a function '{wanted.name}' of its own. Choose another name.")

        def declare(implementation: Declared) -> Declared:
            overload = Overload(
                signature, wanted.parameters, _adapted(implementation, wanted, steps), True, description
            )
            self._overloads.setdefault(wanted.name, []).append(overload)
            self._functions[wanted.name] = _function(wanted.name, self._overloads[wanted.name])
            return implementation

        return declare

    def __getitem__(self, name: str) -> Function:
        return self._functions[name]

    def __contains__(self, name: object) -> bool:
        return name in self._functions

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def described(self) -> tuple[Described, ...]:
        """For the documentation that an editor shows, by name."""
        return tuple(_described(name, overloads) for name, overloads in sorted(self._overloads.items()))


def built_in_functions() -> tuple[Described, ...]:
    """FEEL's own functions and Camunda's, as `Functions.described` tells an application's."""
    return tuple(_described(name, overloads) for name, overloads in sorted(BUILT_INS.items()))


def _described(name: str, overloads: list[Overload]) -> Described:
    longest = max(overloads, key=lambda overload: len(overload.parameters))
    sentences = dict.fromkeys(overload.description for overload in overloads if overload.description)
    return Described(
        name=name,
        signatures=tuple(overload.signature for overload in overloads),
        parameters=tuple(parameter.name for parameter in longest.parameters),
        description=" ".join(sentences),
    )


def _function(name: str, overloads: list[Overload]) -> Function:
    return Function(
        name=name,
        parameters=tuple(parameter.name for parameter in overloads[0].parameters),
        call=lambda run, arguments: call(name, overloads, run, arguments, 0),
        overloads=overloads,
    )


def _adapted(implementation: Implementation, signature: Signature, steps: int) -> Implementation:
    """The function between FEEL's values and Python's. Raises Unfit for a result of another kind than declared."""
    kinds = KINDS[signature.result or "any"]

    def adapted(run: Run, *arguments: Value) -> Value:
        run.charge(steps)
        result = adopt(implementation(*map(_outward, arguments)))
        if result is not None and type(result) not in kinds:
            raise Unfit(say("The result is no {kind}.", kind=named_kind(signature.result)))
        return result

    return adapted


def _outward(value: Value) -> Any:
    """Python's own value for a date, time or duration of days. Raises ValueError outside Python's range of years."""
    if isinstance(value, TEMPORAL) and hasattr(value, "python"):
        return value.python()
    return value

"""FEEL's built-in functions by name: declared under their signatures, and called.

A function whose signature does not fit is passed over for the next of that name; where none fits the call is null,
with a warning.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import TypeVar

from feel.builtins.binding import call, call_named
from feel.builtins.signatures import Implementation, Overload, read
from feel.run import Run
from feel.values.model import Function, Value

Declared = TypeVar("Declared", bound=Implementation)

BUILT_INS: dict[str, list[Overload]] = {}


def builtin(*signatures: str) -> Callable[[Declared], Declared]:
    """Declare a function under each of the signatures. It raises Unfit with a sentence to become null."""

    def declare(implementation: Declared) -> Declared:
        wants_run = next(iter(inspect.signature(implementation).parameters), "") == "run"
        description = " ".join((implementation.__doc__ or "").split())
        for text in signatures:
            signature = read(text)
            overload = Overload(text, signature.parameters, implementation, wants_run, description)
            BUILT_INS.setdefault(signature.name, []).append(overload)
        return implementation

    return declare


def invoke(name: str, run: Run, arguments: Sequence[Value], at: int) -> Value:
    """Call a built-in with arguments by position."""
    return call(name, BUILT_INS[name], run, arguments, at)


def invoke_named(name: str, run: Run, arguments: dict[str, Value], at: int) -> Value:
    """Call a built-in with arguments by name."""
    return call_named(name, BUILT_INS[name], run, arguments, at)


def as_function(name: str) -> Function:
    """The built-in as a value."""
    overloads = BUILT_INS[name]
    parameters = tuple(parameter.name for parameter in overloads[0].parameters)
    return Function(
        name=name,
        parameters=parameters,
        call=lambda run, arguments: call(name, overloads, run, arguments, 0),
        overloads=overloads,
    )

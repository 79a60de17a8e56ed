"""Expressions of the model, compiled once, and the fault that stops an element when one of them fails."""

import logging
from typing import Any, Protocol

import feel
from engine.model import Value
from engine.spiff.scope import Scope
from engine.spiff.values import unfit
from kernel.errors import Invalid
from kernel.text import Text, say

log = logging.getLogger(__name__)


class Fault(Exception):
    """The model or its variables are at fault at one element: it becomes an incident there.

    `kind` is an error type of the Camunda 8 API, such as `CONDITION_ERROR` or `EXTRACT_VALUE_ERROR`.
    """

    def __init__(self, kind: str, sentence: Text) -> None:
        self.kind = kind
        self.sentence = sentence
        super().__init__(str(sentence))


FAILURES = (Fault, Invalid, ValueError, TypeError, ArithmeticError, RecursionError)
"""What stops one element and leaves the rest of the case: faults of the model, values that nothing can be made of.

Anything else is a mistake of the program or an outage: it goes up, and the turn is not written.
"""


def as_fault(failure: Exception) -> Fault:
    """One of FAILURES as the fault that people read."""
    if isinstance(failure, Fault):
        return failure
    if isinstance(failure, Invalid):
        return Fault("EXTRACT_VALUE_ERROR", failure.message)
    log.warning("an element cannot be run", exc_info=failure)
    return Fault(
        "UNSPECIFIED",
        say(
            "The element cannot be run: {kind}: {reason}. Correct the model or its variables, then retry.",
            kind=type(failure).__name__,
            reason=str(failure) or "-",
        ),
    )


class Evaluates(Protocol):
    """What an element keeps of an expression: called with the scope that it sees, gives a JSON value."""

    text: str

    def __call__(self, scope: Scope) -> Value: ...


class Literal:
    """A text that stands for itself."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, scope: Scope) -> Value:
        return self.text


class Feel:
    """A FEEL expression; `text` is as in the file, with its leading `=`."""

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str, compiled: Any) -> None:
        self.text = text
        self._compiled = compiled

    def __call__(self, scope: Scope) -> Value:
        try:
            value = self._compiled.evaluate(scope, clock=scope.turn)
            return value if value is True or value is False else feel.to_json(value)
        except feel.FeelError as error:
            raise Fault(
                "EXTRACT_VALUE_ERROR", say("The expression {text} failed: {reason}", text=self.text, reason=str(error))
            ) from error


def expression(text: str, functions: feel.Functions | None = None) -> Literal | Feel:
    """The zeebe dialect's rule: a leading `=` makes it FEEL, otherwise it is a literal.

    `functions` are those of the application that FEEL may call.
    Raises feel.FeelSyntaxError, whose position counts from the first character after the `=`.
    """
    text = text.strip()
    return Feel(text, feel.compile(text[1:], functions=functions)) if text.startswith("=") else Literal(text)


def truth(condition: Evaluates, scope: Scope) -> bool:
    """A condition's value. Raises Fault where it is neither true nor false."""
    value = condition(scope)
    if value is True or value is False:
        return value
    raise Fault(
        "EXTRACT_VALUE_ERROR",
        say(
            "The condition {text} gave {value}, which is neither true nor false.",
            text=condition.text,
            value=shown(value),
        ),
    )


def shown(value: Value) -> str:
    """A value for a sentence, short enough to read."""
    text = "null" if value is None else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"

"""Expressions of the model, compiled once, and the fault that stops an element when one of them fails."""

import logging
from typing import Any, Protocol

import feel
from engine.model import Value
from engine.spiff.scope import Scope
from engine.spiff.values import unfit
from kernel.errors import Invalid, Refusal
from kernel.text import Text, say

LONGEST_NAME = 1_000

log = logging.getLogger(__name__)


class Fault(Exception):
    """The model or its variables are at fault at one element: it becomes an incident there.

    `kind` is an error type of the Camunda 8 API, such as `CONDITION_ERROR` or `EXTRACT_VALUE_ERROR`.
    """

    def __init__(self, kind: str, sentence: Text) -> None:
        self.kind = kind
        self.sentence = sentence
        super().__init__(str(sentence))


class Spent(Fault):
    """A turn or an instance has spent what it may: tokens, steps. The model goes round, or grows without bounds."""

    KINDS = frozenset({"STEP_LIMIT", "TOKEN_LIMIT"})


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


def told(error: Exception) -> Text | str:
    """What an exception says: a sentence of ours or of FEEL's in the reader's language, another's text as it is."""
    if isinstance(error, feel.FeelError):
        return error.whole.into(Text)
    return error.message if isinstance(error, Refusal) else str(error)


class Evaluates(Protocol):
    """What an element keeps of an expression: called with the scope that it sees, gives a JSON value."""

    text: str

    @property
    def names(self) -> frozenset[str]: ...

    def __call__(self, scope: Scope) -> Value: ...


class Literal:
    """A text that stands for itself."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def names(self) -> frozenset[str]:
        """It reads no variable."""
        return frozenset()

    def __call__(self, scope: Scope) -> Value:
        return self.text


class Feel:
    """A FEEL expression; `text` is as in the file, with its leading `=`."""

    __slots__ = ("_compiled", "text")

    def __init__(self, text: str, compiled: Any) -> None:
        self.text = text
        self._compiled = compiled

    @property
    def names(self) -> frozenset[str]:
        """The variables that it reads."""
        found: frozenset[str] = self._compiled.names
        return found

    def __call__(self, scope: Scope) -> Value:
        try:
            value = self._compiled.evaluate(scope, clock=scope.turn)
            if value is True or value is False:
                return value
            value = feel.to_json(value)
        except (feel.FeelError, Invalid, ValueError, TypeError, ArithmeticError) as error:
            raise self._failed(told(error)) from error
        except RecursionError as error:
            raise self._failed(say("its value nests too deep")) from error
        reason = unfit(value)
        if reason is not None:
            raise self._failed(reason)
        return value

    def _failed(self, reason: object) -> Fault:
        return Fault(
            "EXTRACT_VALUE_ERROR", say("The expression {text} failed: {reason}", text=self.text, reason=reason)
        )


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


def name(expression: Evaluates, scope: Scope, what: Text) -> str:
    """The text by which something is called. Raises Fault for nothing, for no text and for one that is too long: names
    lie in indexes of the database, which take LONGEST_NAME bytes.
    """
    value = expression(scope)
    if isinstance(value, str) and value and is_short(value):
        return value
    raise Fault(
        "EXTRACT_VALUE_ERROR",
        say(
            "{what} {text} gave {value}. Give a text of at most {most} bytes.",
            what=what,
            text=expression.text,
            value=shown(value),
            most=LONGEST_NAME,
        ),
    )


def is_short(text: str) -> bool:
    return len(text) <= LONGEST_NAME // 4 or len(text.encode()) <= LONGEST_NAME


def shown(value: Value) -> str:
    """A value for a sentence, short enough to read."""
    text = "null" if value is None else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"

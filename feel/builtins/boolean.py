"""not, is, get or else, assert, fromAi."""

from feel.builtins.registry import builtin
from feel.errors import FeelAssertionFailed
from feel.run import Run
from feel.sentences import say
from feel.temporal import DateTime, Time
from feel.values.compare import equal, kind_of, negated
from feel.values.model import Value


@builtin("not(negand: boolean?)")
def negation(negand: bool | None) -> bool | None:
    return negated(negand)


@builtin("is([value1: any?], [value2: any?])")
def identical(run: Run, value1: Value = None, value2: Value = None) -> bool:
    """The same value in the same form: an instant written in two zones is not identical."""
    if value1 is None or value2 is None or kind_of(value1) != kind_of(value2):
        return value1 is value2
    if isinstance(value1, Time | DateTime) and value1.zone != value2.zone:
        return False
    return equal(value1, value2, run) is True


@builtin("get or else(value: any?, default: any?)")
def get_or_else(value: Value, default: Value) -> Value:
    return default if value is None else value


@builtin("assert(value: any?, condition: boolean?, [cause: string])")
def assertion(value: Value, condition: bool | None, cause: str | None = None) -> Value:
    if condition is not True:
        raise FeelAssertionFailed(say("The condition is not fulfilled.") if cause is None else cause)
    return value


@builtin("fromAi(value: any?, [description: any?], [type: any?], [schema: any?], [options: any?])")
def from_ai(value: Value, *_described: Value) -> Value:
    """Marks a parameter for Camunda's agents; its value is the value."""
    return value

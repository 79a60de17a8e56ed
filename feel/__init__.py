"""FEEL 1.5 and DMN: expressions and decisions that cannot reach Python and cannot run for ever.

    >>> import feel
    >>> feel.evaluate('if days > 30 then "plan" else "now"', {"days": 12})
    'now'

Numbers are int or Decimal, times those of `feel.temporal`; `to_json` turns any value into JSON. What cannot be
computed is null, and `examine` tells why. `feel.dmn.load` reads decision models.
"""

from feel import dmn
from feel.errors import FeelAssertionFailed, FeelError, FeelLimitExceeded, FeelSyntaxError, Unfit
from feel.expression import (
    Expression,
    Result,
    UnaryExpression,
    compile,
    compile_unary,
    evaluate,
    evaluate_unary,
    examine,
)
from feel.functions import Described, Functions, built_in_functions
from feel.limits import Limits
from feel.sentences import Sentence, say
from feel.temporal import Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from feel.values.json import to_json
from feel.values.model import Function, Range
from feel.warnings import FeelWarning

__all__ = [
    "Date",
    "DateTime",
    "DayTimeDuration",
    "Described",
    "Expression",
    "FeelAssertionFailed",
    "FeelError",
    "FeelLimitExceeded",
    "FeelSyntaxError",
    "FeelWarning",
    "Function",
    "Functions",
    "Limits",
    "Range",
    "Result",
    "Sentence",
    "Time",
    "UnaryExpression",
    "Unfit",
    "YearMonthDuration",
    "built_in_functions",
    "compile",
    "compile_unary",
    "dmn",
    "evaluate",
    "evaluate_unary",
    "examine",
    "say",
    "to_json",
]

"""Expressions of a text: compiled with the names that they may use, evaluated within a budget, faults at their line."""

import re
import time
from collections.abc import Collection, Mapping
from typing import Any

import feel
from hr.agreements.parts import Fault, Formula
from kernel.clock import Clock
from kernel.text import Text, say

MOST = 400  # expressions of one text
LIMITS = feel.Limits(steps=20_000, seconds=0.05, string=20_000, items=2_000)
SECONDS = 1.0  # of the processor, for one filling

# What master data offer; a text may ask for nothing else.
CONTEXTS: dict[str, frozenset[str]] = {
    "employee": frozenset(
        ("login", "no", "name", "idNumber", "department", "position", "level", "family", "manager", "phone", "mail")
        + ("hiredOn", "contractStartsOn", "contractEndsOn", "secretContact", "secretSince")
    ),
    "company": frozenset(("name",)),
    "agreement": frozenset(("number", "date")),
    "case": frozenset(("number", "leavingOn", "filedOn", "recipient", "handoverVersion", "handoverHash", "handedOver")),
}
_PATH = re.compile(r"(?<![\w.\"])(" + "|".join(CONTEXTS) + r")\s*\.\s*(\w+)")
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')


def compiled(source: str, line: int, names: Collection[str], faults: list[Fault]) -> Formula | None:
    """The expression; None with a fault if it is none, or asks for what is not there."""
    try:
        expression = feel.compile(source)
    except feel.FeelSyntaxError as error:
        faults.append(Fault(line, _no_expression(source, error)))
        return None
    unknown = sorted(expression.names - set(names) - set(CONTEXTS))
    paths = _PATH.findall(_TEXTS.sub('""', source))
    unknown += sorted({f"{context}.{name}" for context, name in paths if name not in CONTEXTS[context]})
    if unknown:
        faults.append(Fault(line, _unknown(source, unknown)))
        return None
    return Formula(source, expression, line)


def _no_expression(source: str, error: feel.FeelSyntaxError) -> Text:
    return say("“{source}” is no expression: {reason}", source=source, reason=error.told.into(Text))


def _unknown(source: str, unknown: list[str]) -> Text:
    return say(
        "“{source}” asks for {names}, which there is not. Write a field of the head, or employee., company., "
        "agreement. or case. with a name of the master data.",
        source=source,
        names=", ".join(unknown),
    )


class Evaluation:
    """The formulas of one text on the facts of one person, on one budget. `context` grows as fields get values."""

    def __init__(self, facts: Mapping[str, Any], clock: Clock) -> None:
        self.context: dict[str, Any] = dict(facts)
        self._clock = clock
        self._began = time.thread_time()

    def value(self, formula: Formula, faults: list[Fault]) -> Any:
        """The value; None where there is none, with a fault where the budget is spent or an `assert` does not hold."""
        if time.thread_time() - self._began > SECONDS:
            faults.append(Fault(formula.line, say("The expressions of this text take too long. Make them simpler.")))
            return None
        try:
            return formula.expression.evaluate(self.context, clock=self._clock, limits=LIMITS)
        except feel.FeelError as error:
            sentence = say("“{source}” has no value: {reason}", source=formula.source, reason=error.whole.into(Text))
            faults.append(Fault(formula.line, sentence))
            return None

"""What a decision answered and why: the decisions that were made for it, their inputs, the rules that fired."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feel.limits import Limits
from feel.run import Clock, Run
from feel.values.json import to_json
from feel.values.model import Value
from feel.values.types import Type
from feel.warnings import FeelWarning


@dataclass(frozen=True, slots=True)
class Input:
    """One column's value. `name` is the label, or else the expression."""

    id: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Output:
    id: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fired; `index` counts from 1."""

    id: str
    index: int
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One decision that was made. `inputs` and `rules` are of its decision table, empty for other logic."""

    id: str
    name: str
    kind: str
    output: Value
    inputs: tuple[Input, ...] = ()
    rules: tuple[Rule, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """In the words of Camunda's REST API."""
        return {
            "decisionDefinitionId": self.id,
            "decisionDefinitionName": self.name,
            "decisionDefinitionType": self.kind,
            "output": to_json(self.output),
            "evaluatedInputs": [
                {"inputId": i.id, "inputName": i.name, "inputValue": to_json(i.value)} for i in self.inputs
            ],
            "matchedRules": [_rule_json(rule) for rule in self.rules],
        }


def _rule_json(rule: Rule) -> dict[str, Any]:
    outputs = [{"outputId": o.id, "outputName": o.name, "outputValue": to_json(o.value)} for o in rule.outputs]
    return {"ruleId": rule.id, "ruleIndex": rule.index, "evaluatedOutputs": outputs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The answer to a decision.

    `trace` lists the decisions made, required ones first. `failure` says why there is no answer although the model
    promises one: a hit policy that the rules break. `warnings` tell of every null that came from a mistake.
    """

    value: Value
    trace: tuple[Evaluated, ...]
    warnings: tuple[FeelWarning, ...]
    failure: str | None = None

    def trace_json(self) -> list[dict[str, Any]]:
        return [evaluated.to_json() for evaluated in self.trace]


@dataclass(slots=True)
class TableRun:
    """What the last decision table of a decision saw."""

    inputs: tuple[Input, ...] = ()
    rules: list[Rule] = field(default_factory=list)


class Inquiry(Run):
    """The evaluation of a decision: a Run that keeps the trace."""

    __slots__ = ("trace", "table", "failure")

    def __init__(self, limits: Limits | None, clock: Clock | None, types: Mapping[str, Type]) -> None:
        super().__init__(limits, clock, types)
        self.trace: list[Evaluated] = []
        self.table: TableRun | None = None
        self.failure: str | None = None

    def break_policy(self, sentence: str) -> None:
        """A hit policy is broken: the table has no answer."""
        self.failure = self.failure or sentence
        self.warn("HIT_POLICY_VIOLATED", 0, sentence)

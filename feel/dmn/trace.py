"""What a decision answered and why: the decisions that were made for it, their inputs, the rules that fired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from feel.dmn.elements import Decision
from feel.limits import Limits
from feel.run import Clock, Run
from feel.sentences import Sentence, say
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


class Recorded(Protocol):
    """A decision table, as far as a trace asks it."""

    def inputs_told(self, values: Sequence[Value]) -> tuple[Input, ...]: ...

    def rules_told(self, hits: Sequence[Any], rows: Sequence[Sequence[Value]]) -> tuple[Rule, ...]: ...


class Seen(NamedTuple):
    """What a decision table saw: the values of its inputs, the rules that fired, what each put out."""

    table: Recorded
    values: Sequence[Value]
    hits: Sequence[Any]
    rows: Sequence[Sequence[Value]]


class Note(NamedTuple):
    """A decision that was made, as it is kept until someone asks for the trace."""

    decision: Decision
    output: Value
    seen: Seen | None

    def told(self) -> Evaluated:
        element, seen = self.decision, self.seen
        return Evaluated(
            id=element.id,
            name=element.name,
            kind=element.kind,
            output=self.output,
            inputs=seen.table.inputs_told(seen.values) if seen else (),
            rules=seen.table.rules_told(seen.hits, seen.rows) if seen else (),
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Decided:
    """The answer to a decision.

    `failure_told`, and `failure` in English, says why there is no answer although the model promises one: a hit policy
    that the rules break.
    `warnings` tell of every null that came from a mistake; `notes` are what `trace` is made of when it is asked for.
    """

    value: Value
    notes: tuple[Note, ...] = field(repr=False)
    warnings: tuple[FeelWarning, ...]
    failure_told: Sentence | None = None

    @property
    def failure(self) -> str | None:
        return None if self.failure_told is None else str(self.failure_told)

    @property
    def trace(self) -> tuple[Evaluated, ...]:
        """The decisions that were made, required ones first, with their inputs and the rules that fired."""
        return tuple(note.told() for note in self.notes)

    def trace_json(self) -> list[dict[str, Any]]:
        return [evaluated.to_json() for evaluated in self.trace]


class Inquiry(Run):
    """The evaluation of a decision: a Run that keeps notes. `seen` is of the last decision table that answered."""

    __slots__ = ("notes", "seen", "failure")

    def __init__(self, limits: Limits | None, clock: Clock | None, types: Mapping[str, Type]) -> None:
        super().__init__(limits, clock, types)
        self.notes: list[Note] = []
        self.seen: Seen | None = None
        self.failure: Sentence | None = None

    def break_policy(self, place: Sentence, told: Sentence) -> None:
        """A hit policy is broken: the table has no answer."""
        self.failure = self.failure or say("In {place}: {sentence}", place=place, sentence=told)
        self.note("HIT_POLICY_VIOLATED", 0, told, place)

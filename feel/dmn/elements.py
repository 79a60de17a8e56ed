"""The elements of a decision requirements graph, compiled (DMN 1.5, clause 6). `requires` and the like hold hrefs."""

from dataclasses import dataclass

from feel.compiler import Closure
from feel.sentences import Sentence
from feel.values.types import Type

KINDS = {
    "decisionTable": "DECISION_TABLE",
    "literalExpression": "LITERAL_EXPRESSION",
    "context": "CONTEXT",
    "invocation": "INVOCATION",
    "list": "LIST",
    "relation": "RELATION",
    "functionDefinition": "FUNCTION_DEFINITION",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputData:
    """`variable` names its value, mostly its own name; empty where it declares none, as in Camunda's models.

    There the name is a label, and expressions read the process variables themselves. `place` is for warnings.
    """

    id: str
    name: str
    variable: str
    type: Type | None
    place: Sentence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decision:
    """`kind` is its logic in Camunda's words. `variable` names its result, mostly the decision's own name.

    `place` is for warnings.
    """

    id: str
    name: str
    variable: str
    kind: str
    type: Type | None
    place: Sentence
    requires: tuple[str, ...]
    logic: Closure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """A business knowledge model. `logic` makes its function in the environment of what it requires."""

    id: str
    name: str
    requires: tuple[str, ...]
    logic: Closure | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecisionService:
    id: str
    name: str
    type: Type | None
    input_data: tuple[str, ...]
    input_decisions: tuple[str, ...]
    outputs: tuple[str, ...]


Drg = InputData | Decision | Knowledge | DecisionService

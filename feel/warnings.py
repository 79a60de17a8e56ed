"""Why a value became null: what a designer reads beside the result."""

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "NO_VARIABLE_FOUND",
    "NO_CONTEXT_ENTRY_FOUND",
    "NO_PROPERTY_FOUND",
    "NO_FUNCTION_FOUND",
    "NOT_COMPARABLE",
    "INVALID_TYPE",
    "OUT_OF_BOUNDS",
    "FUNCTION_INVOCATION_FAILURE",
    "INVALID_EXPRESSION",
    "VALUE_NOT_ALLOWED",
    "HIT_POLICY_VIOLATED",
]


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Where the evaluation went on with null. `position` is the offset in the source, from 0.

    `place` names decision, rule and cell in a decision model; it is empty for an expression by itself.
    """

    code: Code
    position: int
    sentence: str
    place: str = ""

    def __str__(self) -> str:
        within = f"In {self.place}: " if self.place else ""
        return f"{self.code} at {self.position + 1}: {within}{self.sentence}"

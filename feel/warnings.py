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
    """One place where the evaluation went on with null. `position` is the offset in the source, from 0."""

    code: Code
    position: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.code} at {self.position + 1}: {self.sentence}"

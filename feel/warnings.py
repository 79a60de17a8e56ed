"""Why a value became null: what a designer reads beside the result."""

from typing import Literal, NamedTuple

from feel.sentences import Sentence, say

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


class FeelWarning(NamedTuple):
    """Where the evaluation went on with null. `position` is the offset in the source, from 0.

    `told` is the sentence, `sentence` the same in English. `where`, and `place` in English, names decision, rule and
    cell in a decision model; an expression by itself has none.
    """

    code: Code
    position: int
    told: Sentence
    where: Sentence | None = None

    def __str__(self) -> str:
        return str(self.whole)

    @property
    def sentence(self) -> str:
        return str(self.told)

    @property
    def place(self) -> str:
        return str(self.where or "")

    @property
    def whole(self) -> Sentence:
        """Code, position and place with the sentence."""
        told = self.told
        if self.where:
            told = say("In {place}: {sentence}", place=self.where, sentence=told)
        return say("{code} at {position}: {sentence}", code=self.code, position=self.position + 1, sentence=told)

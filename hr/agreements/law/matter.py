"""An agreement as the rules of non-compete look at it (LCL 23, 24)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hr.agreements.law.wording import LEAVING, STAFF, Finding, Sentence
from kernel.text import Text

BIT = 0.01  # periods are counted in months with a rest

COMPETES = re.compile(r"竞业|竞争业务|同类业务|同类产品|竞争关系|同业")
_BOUND = re.compile(
    rf"{LEAVING}[^。；]{{0,50}}(?:不得|不能|禁止|不应)[^。；]{{0,50}}(?:竞争|同类|同业|同行业)"
    rf"|{STAFF}[^。；]{{0,24}}(?:承担|负有|履行|遵守)[^。；]{{0,8}}竞业(?:限制|禁止)(?:义务|约定|条款)"
)
_ELSEWHERE = re.compile(r"另行|另有|单独|《[^》]*竞业[^》]*》|如(?:有|双方)")


@dataclass(frozen=True, slots=True)
class Matter:
    """An agreement as these rules look at it. `person` are the facts of who would be bound, None while unknown."""

    sentences: Sequence[Sentence]
    is_one: bool
    person: Mapping[str, Any] | None
    minimum_wage: float | None

    def about(self, sentence: Sentence) -> bool:
        return self.is_one or COMPETES.search(sentence.whole) is not None


def binds(sentences: Sequence[Sentence], kind: str) -> bool:
    """True if the agreement binds the employee not to compete after leaving."""
    if kind == "non-compete":
        return True
    return any(_BOUND.search(s.text) and not _ELSEWHERE.search(s.text) for s in sentences)


def tell(rule: str, article: Text, told: Text, sentence: Sentence, words: str, *, error: bool = True) -> Finding:
    return Finding(rule, "error" if error else "warning", article, told, sentence.line, words)


def where(matter: Matter) -> int:
    """The line at which the agreement first speaks of competing."""
    return next((s.line for s in matter.sentences if COMPETES.search(s.text)), 0)

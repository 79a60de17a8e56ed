"""Ad-hoc sub-processes: which of the activities inside start, and when it is over (BPMN 2.0.2, 13.3.5)."""

from dataclasses import dataclass
from typing import Any

from engine.spiff.expression import Evaluates, Fault, shown, truth
from engine.spiff.scope import Scope
from kernel.text import say


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """`active` gives the ids of the activities to start; without it all start that no flow leads to (`starters`)."""

    activities: tuple[str, ...]
    starters: tuple[str, ...]
    active: Evaluates | None = None
    until: Evaluates | None = None
    sequential: bool = False
    cancel_remaining: bool = True

    def begin(self, scope: Any, names: list[str]) -> None:
        """Start the activities, in sequence one of them."""
        scope.owner.internal_data["todo"] = names[1:] if self.sequential else []
        for name in names[:1] if self.sequential else names:
            scope.token(scope.model.nodes[name])
        scope.settle()

    def names(self, scope: Scope) -> list[str]:
        """The activities to start."""
        if self.active is None:
            return list(self.starters)
        found = self.active(scope)
        if not isinstance(found, list) or any(name not in self.activities for name in found):
            raise Fault(
                "EXTRACT_VALUE_ERROR",
                say(
                    "The elements to start, {text}, gave {value}. Give a list of ids of activities inside: {ids}.",
                    text=self.active.text,
                    value=shown(found),
                    ids=", ".join(self.activities),
                ),
            )
        return found

    def is_over(self, scope: Any) -> bool:
        """Whether the completion condition holds, asked as a branch ends."""
        return self.until is not None and truth(self.until, scope.scope)

    def branch_ended(self, scope: Any, *, over: bool) -> None:
        """A branch has come to its end."""
        waiting = scope.owner.internal_data["todo"]
        if over:
            waiting.clear()
            if self.cancel_remaining:
                scope.clear()
        elif scope.alive == 0 and waiting:
            scope.token(scope.model.nodes[waiting.pop(0)])

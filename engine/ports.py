"""What the engine asks of others. `api/bootstrap.py` joins them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.model import Problem, Reference, Resource, Value, Values
from kernel.db import Unit
from kernel.text import Text


class Decisions(Protocol):
    """Evaluates a decision for a process of a deployment, within a unit of work, at an instant."""

    def decide(
        self, unit: Unit, decision: Reference, deployment: int, inputs: Values, now: datetime
    ) -> tuple[Value, Values]:
        """The decision's result, and a trace for the journal: decision, version, rules that fired, inputs, outputs.

        Raises kernel.errors.NotFound with a sentence where there is no such decision.
        """
        ...


FormCheck = Callable[[Resource], list[Problem]]

# Raises kernel.errors.Conflict, in words, where something outside depends on this instance and forbids ending it.
CancelCheck = Callable[[Unit, int], None]

# Raises kernel.errors.Conflict, in words, where something outside forbids that this instance stands still.
SuspendCheck = Callable[[Unit, int], None]

# Removes what others keep by these instances, which are about to leave: in the transaction in which they do.
Removal = Callable[[Unit, Sequence[int]], None]


@dataclass(frozen=True, slots=True)
class Floor:
    """The least time, in days from their end, for which the law wants instances kept, and where it says so."""

    days: int
    why: Text


# The floor of a process, by its id; None where the law asks for nothing.
RetentionFloor = Callable[[str], Floor | None]

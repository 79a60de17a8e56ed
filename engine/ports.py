"""What the engine asks of others. `api/bootstrap.py` joins them."""

from collections.abc import Callable
from typing import Protocol

from engine.model import Problem, Reference, Resource, Value, Values


class Decisions(Protocol):
    """Evaluates a deployed decision."""

    def decide(self, decision: Reference, deployment: int, inputs: Values) -> tuple[Value, Values]:
        """The decision's result, and a trace for the journal: decision, version, rules that fired, inputs, outputs.

        Raises LookupError with a sentence where there is no such decision.
        """
        ...


FormCheck = Callable[[Resource], list[Problem]]

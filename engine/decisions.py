"""Decisions by the DMN models that are deployed."""

from datetime import UTC, datetime

import feel
from engine.definitions import Definitions, Loaded
from engine.model import Reference, Value, Values
from kernel.clock import ManualClock, ZonedClock
from kernel.db import Unit
from kernel.errors import Invalid
from kernel.text import Text, say


class DeployedDecisions:
    """The port `Decisions` over deployed `.dmn` files."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def decide(
        self, unit: Unit, decision: Reference, deployment: int, inputs: Values, now: datetime
    ) -> tuple[Value, Values]:
        """As `engine.ports.Decisions` has it. Raises Invalid where the table has no answer and must have one."""
        return answer(self._definitions.bound(unit, "decision", decision, deployment), inputs, now)


def answer(found: Loaded, inputs: Values, now: datetime) -> tuple[Value, Values]:
    """A deployed decision's result for these inputs, and the trace of how it came to be.

    `today()` is the date of `now` in the zone that it is given in.
    """
    try:
        decided = found.compiled.decide(found.id, inputs, clock=ZonedClock(ManualClock(now), now.tzinfo or UTC))
    except feel.FeelError as error:
        raise Invalid(
            say("Decision {name} cannot be made: {reason}", name=found.name, reason=error.whole.into(Text))
        ) from error
    if decided.failure_told is not None:
        reason = decided.failure_told.into(Text)
        raise Invalid(say("Decision {name} has no answer: {reason}", name=found.name, reason=reason))
    value = feel.to_json(decided.value)
    trace = {
        "decision": found.id,
        "name": found.name,
        "version": found.version,
        "key": found.key,
        "inputs": feel.to_json(dict(inputs)),
        "output": value,
        "evaluated": decided.trace_json(),
    }
    return value, trace

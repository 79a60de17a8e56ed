"""Decisions by the DMN models that are deployed."""

from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import feel
from engine.definitions import Definitions
from engine.model import Reference, Value, Values
from kernel.clock import ManualClock
from kernel.db import Unit


class DeployedDecisions:
    """The port `Decisions` over deployed `.dmn` files."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def decide(
        self, unit: Unit, decision: Reference, deployment: int, inputs: Values, now: datetime
    ) -> tuple[Value, Values]:
        """As `engine.ports.Decisions` has it."""
        found = self._definitions.bound(unit, "decision", decision, deployment)
        decided = found.compiled.decide(decision.id, inputs, clock=ManualClock(now))
        value = feel.to_json(decided.value)
        trace = {
            "decision": found.id,
            "name": found.name,
            "version": found.version,
            "key": found.key,
            "inputs": inputs,
            "output": value,
            "trace": _plain(decided.trace),
        }
        return value, trace


def _plain(trace: Any) -> Any:
    if is_dataclass(trace) and not isinstance(trace, type):
        return {name: _plain(value) for name, value in asdict(trace).items()}
    if isinstance(trace, list | tuple):
        return [_plain(value) for value in trace]
    if isinstance(trace, dict):
        return {str(name): _plain(value) for name, value in trace.items()}
    return feel.to_json(trace)

"""A case that is played and written down as its journal would have it."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from engine.model import Outcome, Subscription, Timer, UserTask, Values
from engine.spiff.model import Model
from engine.spiff.moves.suggest import suggested
from engine.spiff.replay import Line, Replayed, replay
from engine.spiff.runtime import Run
from tests.engine.spiff.play import Play, drawn

KINDS = {
    "call_ended": "CALL_RETURNED",
    "throw_error": "JOB_ERROR_THROWN",
    "set_variables": "VARIABLES_SET",
    "retry": "INCIDENT_RETRIED",
    "cancel": "INSTANCE_CANCELED",
}


class Recorded(Play):
    """`lines` is the journal so far: every turn's act, then what followed of itself."""

    watchful = False
    returns: Mapping[int, Values] = {}

    def __init__(self, xml: str | Model, **more: Any) -> None:
        self.lines: list[Line] = []
        super().__init__(xml, stepped=False, **more)

    def turn(self, command: str, *args: Any) -> Outcome:
        self._write_down(command, *args)
        return super().turn(command, *args)

    def _take(self, run: Run) -> Outcome:
        outcome = super()._take(run)
        now = self.clock.now()
        self.lines += [Line(now, event.kind, event.element, event.token, event.data) for event in outcome.events]
        return outcome

    def _write_down(self, command: str, token: Any = 0, *args: Any) -> None:
        index = args[0] if command == "trigger" and args else 0
        work = None if command == "set_variables" else self.work.get((token, index))
        kind, data = KINDS.get(command, ""), {"type": getattr(work, "type", "")}
        if command == "complete":
            kind = "USER_TASK_COMPLETED" if isinstance(work, UserTask) else "JOB_COMPLETED"
            data["variables"] = args[0]
        elif command == "call_ended":
            self.returns = {**self.returns, token: args[0]}
        elif command == "throw_error":
            data |= {"code": args[0], "message": args[1], "variables": args[2]}
        elif command == "set_variables":
            token, data = 0, {"variables": token}
        elif isinstance(work, Timer):
            kind, data = "TIMER_FIRED", {"due_at": work.due_at.isoformat()}
        elif isinstance(work, Subscription):
            kind = f"{work.kind.upper()}_RECEIVED"
            data = {"name": work.name, "variables": args[1] if len(args) > 1 else {}}
        self.lines.append(Line(self.clock.now(), kind, getattr(work, "element", ""), token, data))

    def on(self, other: str | Model, **decisions: Any) -> Replayed:
        """The case replayed on another version."""
        new = other if isinstance(other, Model) else drawn(other)
        answers = {**self.decisions, **decisions}

        def decide(reference: Any, inputs: Values, now: Any) -> tuple[Any, Values]:
            return answers[reference.id](inputs), {"decision": reference.id}

        images = {mapping.source: mapping.target for mapping in suggested(self.model, new)}
        return replay(self.lines, self.model, new, images, decide=decide, zone=UTC, returns=self.returns)

    def decide(self, reference: Any, inputs: Values) -> tuple[Any, Values]:
        value, trace = super().decide(reference, inputs)
        return value, {**trace, "output": value}

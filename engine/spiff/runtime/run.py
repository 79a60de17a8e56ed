"""The commands that change an instance. Each advances it until it waits; `outcome` tells what happened."""

from datetime import datetime
from typing import Any

from engine.model import InstanceState, Outcome, Thrown, Values
from engine.spiff.expression import FAILURES, Fault, Spent
from engine.spiff.model import Model
from engine.spiff.runtime.bubble import catcher, throw, unhandled
from engine.spiff.runtime.codec import dump, load
from engine.spiff.runtime.instance import Instance
from engine.spiff.runtime.token import FINISHED, Token
from engine.spiff.scope import Scope
from engine.spiff.turn import Host, Turn
from kernel.errors import Conflict, NotFound
from kernel.text import say


def start(
    model: Model, *, host: Host, variables: Values, start_element: str | None = None, payload: Values | None = None
) -> Outcome:
    """A new instance. `start_element` is the start event where it is not the plain one; `payload` comes with it."""
    run = Run(model, Instance(model, Turn(host)))
    run.begin(variables, start_element, payload)
    return run.outcome()


class Run:
    """An instance in memory for one turn. Used by one thread, then thrown away.

    A command for a token that is gone, or that does not wait for it, raises Conflict and changes nothing.
    """

    def __init__(self, model: Model, instance: Instance) -> None:
        self.model = model
        self.instance = instance

    @classmethod
    def load(cls, state: bytes, model: Model, host: Host) -> "Run":
        """An instance from the state that its last outcome gave."""
        return cls(model, load(state, model, Turn(host)))

    def begin(self, variables: Values, start_element: str | None = None, payload: Values | None = None) -> None:
        """Put the first tokens."""
        if start_element is None and self.model.spec.plain_start is None:
            raise Conflict(
                say(
                    "{process} has no plain start event. Start it by its message, signal or timer.",
                    process=self.model.process_id,
                )
            )
        if start_element is not None and all(start.element != start_element for start in self.model.starts):
            raise NotFound(
                say("{process} has no start event {element}.", process=self.model.process_id, element=start_element)
            )
        self.instance.turn.event("ELEMENT_ACTIVATED", self.model.process_id, 0)
        self.instance.scope.assign_all(variables)
        self.instance.begin(start_element, payload)
        self.advance()

    def advance(self, nodes: int = 0) -> bool:
        """Run until every token waits, or until so many nodes have run: then it is False, and READY tokens are left."""
        return self.instance.advance(nodes)

    def complete(self, token: int, variables: Values) -> None:
        """A user task or job is done. Its variables go to where they live, or stay local if a mapping chooses."""
        waiting = self._open(token)
        waiting.task_spec.finish(waiting, variables)
        self.advance()

    def call_ended(self, token: int, variables: Values) -> None:
        """The called process has completed with these variables."""
        waiting = self._open(token)
        waiting.task_spec.returned(waiting, variables)
        self.advance()

    def throw_error(self, token: int, code: str, message: str = "", variables: Values | None = None) -> None:
        """A handler or called process throws a BPMN error. What nothing catches becomes an incident at the element."""
        waiting = self._open(token)
        if not throw(waiting, "error", code, dict(variables or {})):
            waiting.park(waiting.task_spec.restart, unhandled(waiting, code, message, dict(variables or {})))
        self.advance()

    def throw_escalation(self, token: int, code: str, variables: Values | None = None) -> None:
        """A called process throws an escalation. What nothing catches is told to the next caller, else ignored."""
        waiting = self._open(token)
        if not throw(waiting, "escalation", code, dict(variables or {})):
            self.instance.turn.thrown.append(
                Thrown(token=token, kind="escalation", code=code, variables=dict(variables or {}))
            )
        self.advance()

    def catches(self, token: int, kind: str, code: str) -> bool:
        """Whether an error or escalation from this token's work would be caught in this instance."""
        return catcher(self._open(token), kind, code) is not None

    def trigger(self, token: int, index: int = 0, variables: Values | None = None) -> None:
        """A timer is due, or a message or signal has come."""
        waiting = self._live(token)
        waits = waiting.internal_data.get("w", ())
        if index >= len(waits) or waits[index][0] not in ("t", "m", "s"):
            raise _gone(token)
        try:
            waiting.task_spec.caught(waiting, index, dict(variables or {}))
        except FAILURES as failure:
            self.instance.stop_waiting(waiting, failure)
        self.advance()

    def move_timer(self, token: int, index: int, due_at: datetime) -> datetime:
        """A timer is due at another instant, which the state keeps to the millisecond. Tells it as kept."""
        waiting = self._live(token)
        waits = waiting.internal_data.get("w", ())
        if index >= len(waits) or waits[index][0] != "t":
            raise _gone(token)
        return self.instance.set_due(waits[index], due_at)

    def fail(self, token: int, kind: str, message: str) -> None:
        """Open an incident at an element whose work cannot be done. A retry opens the work anew."""
        waiting = self._live(token)
        fault = Fault(kind, say("{message}", message=message))
        if "w" in waiting.internal_data:
            self.instance.stop_waiting(waiting, fault)
        elif "o" in waiting.internal_data:
            waiting.park(waiting.task_spec.restart, fault)
        else:
            raise _gone(token)

    def retry(self, token: int) -> None:
        """Try again what stopped with an incident."""
        waiting = self._live(token)
        if "x" not in waiting.internal_data:
            raise _gone(token)
        spent = waiting.internal_data["x"][1] in Spent.KINDS
        resume = self.instance.retry_last if spent else self.instance.resume
        resume(waiting, waiting.mend())
        self.advance()

    def cancel(self) -> None:
        """End the instance from outside."""
        self._running()
        instance = self.instance
        instance.terminated = True
        instance.clear()
        instance.completed = True
        instance.turn.event("ELEMENT_TERMINATED", self.model.process_id, 0)

    def set_variables(self, variables: Values, scope: int = 0, local: bool = False) -> None:
        """Set variables as seen from a scope: at that very level if `local`, else each where it lives."""
        self._running()
        found = self.instance.scope
        if scope:
            token = self._live(scope)
            found = token.open_scope() if local else token.scope
        if local:
            found.assign_all(variables)
        else:
            found.merge(variables)
        self.advance()

    def variables(self, scope: int = 0) -> dict[str, Any]:
        """All that can be read at a scope."""
        return self._live(scope).scope.visible() if scope else self.instance.scope.visible()

    def scopes(self, token: int) -> list[int]:
        """The levels of variables that a step sees, by the tokens that own them: from its own to the process's, 0."""
        level: Scope | None = self._live(token).scope
        found = [token] if level is None or level.id != token else []
        while level is not None:
            found.append(level.id)
            level = level.parent
        return found

    def element(self, token: int) -> str:
        """The element that a token is at."""
        return str(self._live(token).task_spec.name)

    def outcome(self) -> Outcome:
        """What happened since loading, and the state to keep."""
        instance, turn = self.instance, self.instance.turn
        ended: InstanceState | None = None
        if instance.completed:
            ended = "TERMINATED" if instance.terminated else "COMPLETED"
        return Outcome(
            state=dump(instance),
            ended=ended,
            opened=turn.opened,
            closed=turn.closed,
            events=turn.events,
            variables=list(turn.variables.values()),
            signals=turn.signals,
            thrown=turn.thrown,
            result=instance.scope.own if ended == "COMPLETED" else {},
        )

    def _running(self) -> None:
        if self.instance.completed:
            raise Conflict(say("The instance has ended. Start a new one."))

    def _live(self, token: int) -> Token:
        found: Token | None = self.instance.tasks.get(token) or self.instance.find(token)
        if found is None or found._state & FINISHED:
            raise _gone(token)
        return found

    def _open(self, token: int) -> Token:
        found = self._live(token)
        if "o" not in found.internal_data:
            raise _gone(token)
        return found


def _gone(token: int) -> Conflict:
    return Conflict(say("Step {token} does not wait for this any more. Reload and look again.", token=token))

"""One process instance in memory: the outermost scope, and the loop that moves tokens until all of them wait."""

from collections import deque
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.spiff.expression import Fault
from engine.spiff.model import Model, ProcessSpec
from engine.spiff.runtime.scopes import RunningScope, SubScope
from engine.spiff.runtime.subscriptions import Subscriptions
from engine.spiff.runtime.token import READY, RUN, Token
from engine.spiff.scope import Scope
from engine.spiff.turn import Turn
from kernel.text import say

STEPS_A_TURN = 10_000


class Instance(RunningScope, Subscriptions, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Changed by a command of run.py, then advanced. It has no script engine: no text of a model can reach Python."""

    subprocesses: dict[int, SubScope]

    def __init__(self, model: Model, turn: Turn, variables: dict[str, Any] | None = None) -> None:
        self.last_id = 0
        self.turn = turn
        self.terminated = False
        self.ready: deque[Token] = deque()
        Subscriptions.__init__(self)
        self.subprocesses = {}
        self.prepare(model, model.spec, Scope(0, None, turn, variables))

    def advance(self, stop_after: int = 0) -> bool:
        """Run until every token waits. Returns False if it stopped before, after `stop_after` nodes.

        A token that is still on its way when the turn has spent its steps stops with an incident, so a model that
        goes round for ever ends, and its other branches stay as they are.
        """
        steps = 0
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token._state != READY:
                    continue
                steps += 1
                self._step(token, spent=steps > STEPS_A_TURN)
                if self.conditions:
                    self.check_conditions()
                if steps == stop_after:
                    return False
            if self.conditions:
                self.check_conditions()
            if not self.ready and not ((self.joins or self.subprocesses) and self._fire_joins()):
                return True

    def _step(self, token: Token, *, spent: bool) -> None:
        try:
            if spent:
                raise Fault(
                    "STEP_LIMIT",
                    say(
                        "More than {limit} elements ran in one turn. The model may go round without waiting.",
                        limit=STEPS_A_TURN,
                    ),
                )
            token.run()
        except Fault as fault:
            token.park(RUN, fault)

    def _fire_joins(self) -> bool:
        """Inclusive joins are decided when nothing else moves."""
        fired = False
        for scope in (self, *list(self.subprocesses.values())):
            for name, waiting in list(scope.joins.items()):
                node = scope.model.nodes[name]
                if waiting and node.joins:
                    fired |= node.try_fire(scope, waiting)
        return fired

    def find(self, token: int) -> Token | None:
        """A live token by its id, in any scope."""
        found: Token | None = self.tasks.get(token)
        if found is not None:
            return found
        for scope in self.subprocesses.values():
            if token in scope.tasks:
                inside: Token = scope.tasks[token]
                return inside
        return None

    def scope_ended(self, scope: Any) -> None:
        """A scope has nothing left that could go on."""
        if scope is self:
            if not self.terminated:
                self.turn.event("ELEMENT_COMPLETED", self.model.process_id, 0)
            return
        self.subprocesses.pop(scope.owner.id)
        scope.owner.task_spec.inside_ended(scope.owner, scope)

    def open_sub_scope(self, owner: Token, spec: ProcessSpec, scope: Scope) -> SubScope:
        """An embedded sub-process starts."""
        sub = self.subprocesses[owner.id] = SubScope(spec, owner, self, self.model, scope)
        return sub

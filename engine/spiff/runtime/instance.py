"""One process instance in memory: the outermost scope, and the loop that moves tokens until all of them wait."""

from collections import deque
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.spiff.expression import FAILURES
from engine.spiff.model import Model, ProcessSpec
from engine.spiff.runtime.budget import STEPS_A_TURN, TOKENS_A_TURN, Budget
from engine.spiff.runtime.scopes import RunningScope, SubScope
from engine.spiff.runtime.standing import tell_if_standing
from engine.spiff.runtime.subscriptions import Subscriptions
from engine.spiff.runtime.token import ARRIVE, COMPLETE, ENTER, LEAVE, READY, RUN, WAIT, Token
from engine.spiff.scope import Scope
from engine.spiff.turn import Turn


class Instance(RunningScope, Subscriptions, Budget, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """Changed by a command of run.py, then advanced. It has no script engine: no text of a model can reach Python."""

    subprocesses: dict[int, SubScope]
    top_workflow: Any = None  # the base computes it at every look

    def __init__(self, model: Model, turn: Turn, variables: dict[str, Any] | None = None, last_id: int = 0) -> None:
        self.top_workflow = self
        self.turn = turn
        self.terminated = False
        self.ready: deque[Token] = deque()
        self.waiting = {}
        self.conditions = {}
        self.last_id = last_id
        self.most_id = last_id + TOKENS_A_TURN
        self.subprocesses = {}
        self.prepare(model, model.spec, Scope(0, None, turn, variables))

    def advance(self, stop_after: int = 0) -> bool:
        """Run until every token waits. Returns False if it stopped before, after `stop_after` nodes.

        A model that goes round for ever spends its steps: one incident tells it, and the tokens that are on their way
        stand still until it is retried.
        """
        steps = 0
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token._state != READY:
                    continue
                steps += 1
                if steps > STEPS_A_TURN:
                    return self.run_out(token)
                self._step(token)
                if self.conditions:
                    self.check_conditions()
                if steps == stop_after:
                    return False
            if not self._moves_again():
                return True

    def _moves_again(self) -> bool:
        """Whether a condition or a join makes a token go on, once all that were ready have run."""
        if self.conditions:
            self.check_conditions()
            if self.ready:
                return True
        if not (self.joins or self.subprocesses):
            return False
        if self._fire_joins():
            return True
        if not self.turn.opened:
            tell_if_standing(self)
        return False

    def _step(self, token: Token) -> None:
        try:
            if token.internal_data and "z" in token.internal_data:
                self.resume(token, token.internal_data.pop("z"))
            else:
                token.run()
        except FAILURES as failure:
            token.park(RUN, failure)

    def resume(self, token: Token, step: int) -> None:
        """Try again the step at which a token had stopped."""
        node = token.task_spec
        if step == RUN:
            token._state = READY
            self.ready.append(token)
        elif step == WAIT:
            self.wait_again(token)
        else:
            {ENTER: node.attempt, COMPLETE: node._on_complete, LEAVE: node.depart, ARRIVE: node._update}[step](token)

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

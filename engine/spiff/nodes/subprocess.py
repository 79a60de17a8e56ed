"""Embedded sub-processes, transactions and event sub-processes (BPMN 2.0.2, 13.3.4, 13.5.4)."""

from typing import Any

from engine.model import Value
from engine.spiff.nodes.activities import Activity
from engine.spiff.runtime.subscriptions import resolve
from engine.spiff.runtime.token import FUTURE, STARTED, Token


class SubProcess(Activity):
    """Runs a scope of tokens of its own and ends with it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inside = self.name
        self.start_event: str | None = None
        self.transaction = False

    def perform(self, token: Token) -> None:
        workflow = token.workflow
        spec = workflow.model.scopes[self.inside]
        activities = spec.adhoc.names(token.scope) if spec.adhoc is not None else None
        if activities:
            workflow.top_workflow.reserve(len(activities))
        token._state = STARTED
        scope = workflow.top_workflow.open_sub_scope(token, spec, token.open_scope())
        if "r" in token.internal_data:
            scope.compensations = token.internal_data.pop("r")
        scope.begin(self.start_event, token.internal_data.pop("v", None), activities)

    def inside_ended(self, token: Token, scope: Any) -> None:
        """The scope has nothing left; what was done in it can be undone from around it."""
        inside, own = scope.compensations, scope.spec.compensation_handler
        if (inside or own) and not self.handler and not self.is_listener:
            token.workflow.compensations.append([self.name, own, inside])
        token.complete()

    def _on_cancel(self, token: Token) -> None:
        scope = token.workflow.top_workflow.subprocesses.pop(token.id, None)
        if scope is not None:
            scope.completed = True
            scope.clear()


class EventSubProcess(SubProcess):
    """Listens while the scope around it runs; an interrupting one ends everything else in that scope."""

    is_listener = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interrupting = True

    def waiter(self, index: int) -> str:
        return self.start_event or self.name

    def enter(self, token: Token) -> bool:
        if not token.triggered:
            return super().enter(token)
        token.workflow.top_workflow.arm(token, resolve(self.events, token.scope))
        return False

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        scope = token.workflow
        if not self.interrupting:
            scope.token(self, v=variables)
            if token.id in scope.top_workflow.waiting:
                scope.top_workflow.rearm(token, index)
            return
        scope.top_workflow.disarm(token)
        scope.adopt(token)
        scope.clear(keep=token)
        token.internal_data["v"] = variables
        token._state = FUTURE
        self._update(token)

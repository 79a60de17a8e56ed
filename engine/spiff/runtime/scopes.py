"""What the process instance and its embedded sub-processes share: tokens that live in a scope, joins, the end."""

from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task

from engine.model import Values
from engine.spiff.model import Model, ProcessSpec
from engine.spiff.runtime.token import ROOT, STARTED, Token
from engine.spiff.scope import Scope


class Root(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The token that all others hang from."""

    id = ROOT
    triggered = False
    _parent = None
    _state = STARTED

    def __init__(self, workflow: Any, scope: Scope) -> None:
        self.workflow = workflow
        self.task_spec = workflow.spec.start
        self.scope = scope
        self._children: list[int] = []
        workflow.tasks[ROOT] = self


class RunningScope:
    """Mixed into SpiffWorkflow's workflow containers, which bring `tasks`, `spec`, `completed` and `top_workflow`."""

    tasks: dict[Any, Any]
    spec: ProcessSpec
    completed: bool
    top_workflow: Any

    def prepare(self, model: Model, spec: ProcessSpec, scope: Scope) -> None:
        """Take the place of the library's constructors, which predict paths and make parts that nothing here uses."""
        self.tasks = {}
        self.completed = False
        self.model = model
        self.spec = spec
        self.scope = scope
        self.alive = 0
        self.joins: dict[str, list[Token]] = {}
        self.compensations: list[list[Any]] = []
        self.task_tree = Root(self, scope)

    def token(
        self, node: Any, parent: Any = None, *, scope: Scope | None = None, triggered: bool = False, **internal: Any
    ) -> Token:
        """A token comes to a node."""
        token = Token(self, node, parent or self.task_tree, scope or self.scope, triggered)
        if internal:
            token.internal_data = internal
        node._update(token)
        return token

    def remove(self, token: Token) -> None:
        """The token is gone, with the work that it waited for."""
        if self.tasks.pop(token.id, None) is None:
            return
        parent = self.tasks.get(token._parent)
        if parent is not None:
            parent._children.remove(token.id)
        if not token.triggered:
            self.alive -= 1
        if token.internal_data:
            self._give_up(token)
        if self.joins:
            waiting = self.joins.get(token.task_spec.name)
            if waiting and token in waiting:
                waiting.remove(token)

    def _give_up(self, token: Token) -> None:
        token.answered()
        if "w" in token.internal_data:
            self.top_workflow.disarm(token)
        if "x" in token.internal_data:
            token.mend()

    def adopt(self, token: Token) -> None:
        """A listener that has fired becomes a token of this scope."""
        self.tasks[token._parent]._children.remove(token.id)
        token._parent = ROOT
        self.task_tree._children.append(token.id)
        token.scope = self.scope
        if token.triggered:
            token.triggered = False
            self.alive += 1

    def clear(self, keep: Token | None = None) -> None:
        """Cancel every token but one."""
        for token in list(self.tasks.values()):
            if token is not keep and token.id != ROOT:
                token.cancel()

    def settle(self) -> None:
        """End the scope if nothing in it can go on. Listeners do not keep it open."""
        if self.alive == 0 and not self.completed:
            self.completed = True
            self.clear()
            self.top_workflow.scope_ended(self)

    def begin(
        self, start: str | None = None, payload: Values | None = None, activities: list[str] | None = None
    ) -> None:
        """The start event first, or the activities of an ad-hoc sub-process; then the listeners: one whose condition
        holds already may interrupt what has begun.
        """
        if activities is not None:
            self.spec.adhoc.begin(self, activities)
        else:
            node = self.model.nodes[start] if start else self.spec.plain_start
            self.token(node, go=1, v=dict(payload or {}))
        for listener in self.spec.event_subprocesses:
            if not self.completed:
                self.token(listener, triggered=True)


class SubScope(RunningScope, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """An embedded sub-process that runs; `owner` is the token of its activity."""

    def __init__(self, spec: ProcessSpec, owner: Token, top: Any, model: Model, scope: Scope) -> None:
        self.owner = owner
        self.top_workflow = top
        self.depth = owner.workflow.depth + 1
        self.prepare(model, spec, scope)

    @property
    def parent_workflow(self) -> Any:
        return self.owner.workflow

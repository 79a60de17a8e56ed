"""A token at a node: SpiffWorkflow's task without copied data and log records, with an int id and a scope of ours.

Only live tokens exist: one that is done leaves the tree at once, and its successors hang from the root. Boundary events
and event sub-processes that listen are tokens with `triggered` set: they do not keep their scope alive.

`internal_data` is what the state remembers of a token. Its keys are short because every token has them:

    w     what it waits for, one list for each event definition (see subscriptions.py)
    o     1 while a user task, job or call is open
    x     [step, kind, message] of an open incident;   h  the waits that it has stopped
    z     the step at which it stands still until an incident about a spent budget is retried
    f     the flow by which it came to a join
    i     the number of an iteration;   mi  [iterations, started, ended] of a multi-instance body;   n  what comes next
    go    1 for an event that has happened already;   v  the variables that came with it
    c     how many compensation handlers still run;   k  1 for a handler's own token;   r  the records it undoes
    seen  which of several parallel events have happened;   todo  what an ad-hoc sub-process still starts
    d     1 for a token that keeps a complex gateway closed until the late ones have come
"""

from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.model import Work
from engine.spiff.expression import Spent, as_fault
from engine.spiff.scope import Scope
from engine.spiff.values import clean

FUTURE = TaskState.FUTURE
WAITING = TaskState.WAITING
READY = TaskState.READY
STARTED = TaskState.STARTED
CANCELLED = TaskState.CANCELLED
FINISHED = TaskState.FINISHED_MASK
ROOT = "root"

# The step of a token's way through a node at which an incident stopped it, and at which a retry goes on.
ENTER, RUN, COMPLETE, LEAVE, WAIT, ARRIVE = range(6)
LONGEST = 2_000  # characters of an incident's message


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A task as SpiffWorkflow knows it: `task_spec` is the node, `workflow` the scope that it runs in."""

    id: int
    workflow: Any
    task_spec: Any
    _state: int
    _parent: int | str
    _children: list[int]

    def __init__(
        self,
        workflow: Any,
        node: Any,
        parent: Any,
        scope: Scope,
        triggered: bool = False,
        id: int = 0,
        state: int = FUTURE,
    ) -> None:
        """Hang a token into its scope: a new one, or with `id` and `state` one that was saved.

        The base's constructor is passed over: it draws a random id and reads the machine's clock.
        """
        if not id:
            top = workflow.top_workflow
            top.last_id = id = top.last_id + 1
        self.id = id
        self.workflow = workflow
        self.task_spec = node
        self.scope = scope
        self.internal_data: dict[str, Any] = {}
        self._parent = parent.id
        self._children = []
        self._state = state
        self.triggered = triggered
        workflow.tasks[id] = self
        parent._children.append(id)
        if not triggered:
            workflow.alive += 1

    @property
    def data(self) -> dict[str, Any]:
        """The variables that the token sees. The base copies data from task to task; here nothing is copied."""
        return self.scope.visible()

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        pass

    def _inherit_data(self) -> None:
        pass

    def _ready(self) -> None:
        if not self._state & FINISHED:
            self._state = READY
            self.workflow.top_workflow.ready.append(self)

    def _set_state(self, value: int) -> None:
        if not self._state & FINISHED:
            self._state = value

    @property
    def inner(self) -> bool:
        """True for an iteration of a multi-instance or loop activity."""
        return self._parent != ROOT and not self.triggered and self.parent.task_spec is self.task_spec

    @property
    def stopped_at(self) -> int | None:
        """The step at which an incident stopped it."""
        return self.internal_data["x"][0] if "x" in self.internal_data else None

    def open_scope(self) -> Scope:
        """Give the token variables of its own, which die with it."""
        if self.scope.id != self.id:
            self.scope = Scope(self.id, self.scope, self.scope.turn)
        return self.scope

    def wait_for(self, work: Work) -> None:
        """Open a piece of work that the outside completes."""
        self.internal_data["o"] = 1
        self.scope.turn.open(work)

    def answered(self) -> None:
        """The open work is over."""
        if self.internal_data.pop("o", None):
            self.scope.turn.close(self.id)

    def park(self, step: int, failure: Exception) -> None:
        """Stop here with an incident until someone retries. Nothing happens to a token that is gone.

        A budget that is spent is told once in a turn; whoever comes after stands still until that incident is retried.
        """
        if self.id not in self.workflow.tasks:
            return
        self.answered()
        self._state = WAITING
        fault = as_fault(failure)
        if isinstance(fault, Spent) and not self.workflow.top_workflow.spend(fault):
            self.internal_data["z"] = step
            return
        message = clean(str(fault), LONGEST)
        self.internal_data["x"] = [step, fault.kind, message]
        self.scope.turn.incident(self.id, self.task_spec.name, fault.kind, message)

    def mend(self) -> int:
        """Close the incident. Returns the step at which to go on."""
        step: int
        step, kind, _ = self.internal_data.pop("x")
        self.scope.turn.close(self.id)
        self.scope.turn.event("INCIDENT_RESOLVED", self.task_spec.name, self.id)
        if kind in Spent.KINDS:
            self.workflow.top_workflow.release()
        return step

    def cancel(self) -> None:
        """End the token and all that hangs on it."""
        if self.id not in self.workflow.tasks:
            return
        tasks = self.workflow.tasks
        for child in list(self._children):
            if child in tasks:
                tasks[child].cancel()
        self._state = CANCELLED
        self.task_spec._on_cancel(self)
        if self.task_spec.announced(self):
            self.scope.turn.event("ELEMENT_TERMINATED", self.task_spec.name, self.id)
        self.workflow.remove(self)

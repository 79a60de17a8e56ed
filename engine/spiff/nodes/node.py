"""What every flow node does: enter, run, complete, leave. A fault at any step stops the token there by an incident."""

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.model import Value, Values
from engine.spiff.expression import FAILURES, Evaluates, Fault, truth
from engine.spiff.model import EventDefinition, Flow, ProcessSpec
from engine.spiff.runtime.token import COMPLETE, ENTER, LEAVE, ROOT, Token
from engine.spiff.scope import Scope, put
from kernel.text import say

Mapping = tuple[Evaluates, str]


def none_holds(element: str) -> Fault:
    """The token has no way out: to end there in silence would be to complete what nobody decided."""
    return Fault(
        "CONDITION_ERROR",
        say("No condition of the flows out of {element} holds, and none of them is the default.", element=element),
    )


class Node(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A flow node, shared by all instances and never changed at run time.

    SpiffWorkflow's life cycle calls `_update`, `_run`, `_on_complete` and `_on_cancel`. Nothing is
    predicted.
    """

    name: str
    joins = False  # tokens wait here for each other
    is_listener = False  # an event sub-process
    restart = ENTER  # the step at which a retry opens failed work anew

    def __init__(self, spec: ProcessSpec, bpmn_id: str, bpmn_name: str = "") -> None:
        super().__init__(spec, bpmn_id, inputs=[], outputs=[], bpmn_name=bpmn_name)
        self.flows: list[Flow] = []
        self.incoming: list[Flow] = []
        self.default: Flow | None = None
        self.takes: Sequence[Mapping] = ()  # input mappings
        self.gives: Sequence[Mapping] = ()  # output mappings
        self.events: list[EventDefinition] = []
        self.boundaries: list[Any] = []

    # -- the library's life cycle

    def _update(self, token: Token) -> None:
        if not token.triggered:
            token.scope.turn.event("ELEMENT_ACTIVATED", self.name, token.id)
        self.attempt(token)

    def _run(self, token: Token) -> bool | None:
        return self.perform(token)

    def _on_complete(self, token: Token) -> None:
        if token.id not in token.workflow.tasks:
            return
        try:
            self.conclude(token)
        except FAILURES as failure:
            token.park(COMPLETE, failure)
        else:
            self.depart(token)

    def _on_cancel(self, token: Token) -> None:
        pass

    # -- the steps, each tried again by a retry

    def attempt(self, token: Token) -> None:
        """Enter. A token that need not wait becomes ready."""
        try:
            go = self.enter(token)
        except FAILURES as failure:
            token.park(ENTER, failure)
        else:
            if go:
                token._ready()

    def depart(self, token: Token) -> None:
        """Choose the flows and leave by them."""
        scope = token.workflow
        try:
            flows = self.choose(token) if token._parent == ROOT else ()
            adhoc = scope.spec.adhoc if not flows and token._parent == ROOT else None
            over = adhoc is not None and adhoc.is_over(scope)
            if len(flows) > 1:
                scope.top_workflow.reserve(len(flows))
        except FAILURES as failure:
            token.park(LEAVE, failure)
            return
        self.leave(token, flows)
        if adhoc is not None:
            adhoc.branch_ended(scope, over=over)
        if scope.alive == 0:
            scope.settle()

    # -- what the kinds of nodes replace

    def enter(self, token: Token) -> bool:
        """Prepare. False if the token waits."""
        if self.takes:
            self.map_in(token)
        return True

    def perform(self, token: Token) -> bool | None:
        """Do the work. True if it is done, None if the token waits for its end."""
        return True

    def conclude(self, token: Token) -> None:
        """Bring the results home."""
        if self.gives:
            self.map_out(token)

    def choose(self, token: Token) -> Sequence[Flow]:
        """The flows that a node takes which is no gateway: those without a condition always, the others where it holds,
        the default where none of them does (BPMN 2.0.2, 13.3.2). Raises Fault where nothing is left to take.
        """
        flows = self.flows
        if not flows or (len(flows) == 1 and flows[0].condition is None):
            return flows
        scope = token.workflow.scope
        held = [flow.id for flow in flows if flow.condition is not None and truth(flow.condition, scope)]
        taken = [
            flow for flow in flows if (not held if flow is self.default else flow.condition is None or flow.id in held)
        ]
        if not taken:
            raise none_holds(self.name)
        return taken

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        """The event that the token waited for has happened."""
        raise NotImplementedError(f"{self.name} waits for no event")

    def waiter(self, index: int) -> str:
        """The element that a wait belongs to, where it is told to people."""
        return self.name

    # -- common to all

    def announce(self, token: Token) -> None:
        token.scope.turn.event("ELEMENT_ACTIVATED", self.name, token.id)

    def announced(self, token: Token) -> bool:
        """Whether history knows of the token. It does not of a listener."""
        return not token.triggered

    def leave(self, token: Token, flows: Sequence[Flow]) -> None:
        """The token ends here; one goes out by each flow."""
        scope, turn = token.workflow, token.scope.turn
        owner = None if token._parent == ROOT else token.parent
        turn.event("ELEMENT_COMPLETED", self.name, token.id)
        scope.remove(token)
        for flow in flows:
            turn.event("SEQUENCE_FLOW_TAKEN", flow.id, token.id)
            if flow.target.joins:
                scope.token(flow.target, f=flow.id)
            else:
                scope.token(flow.target)
        if owner is not None:
            owner.task_spec.child_ended(owner, token)

    def map_in(self, token: Token) -> None:
        """Input mappings make variables of the element's own. Each sees the ones before it; a fault writes none."""
        scope = token.scope
        taken: dict[str, Value] = {}
        for source, target in self.takes:
            seen = Scope(token.id, scope, scope.turn, taken) if taken else scope
            put(taken, target, source(seen))
        token.open_scope().assign_all(taken)

    def map_out(self, token: Token) -> None:
        """Output mappings write to the scope around the element; nothing else of its own gets out."""
        inner = token.open_scope()
        outer = inner.parent
        assert outer is not None
        given: dict[str, Value] = {}
        for source, target in self.gives:
            head = target.partition(".")[0]
            if head != target and head not in given:
                given[head] = outer.get(head)
            put(given, target, source(inner))
        outer.merge(given)

    def receive(self, token: Token, variables: Values) -> None:
        """Variables that come with an event or a job: local where an output mapping chooses among them."""
        if self.gives:
            token.open_scope().assign_all(variables)
        elif variables:
            token.scope.merge(variables)

"""Gateways (BPMN 2.0.2, 13.4). Tokens are counted on incoming flows, so joins hold in loops and in any graph."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.model import Value
from engine.spiff.expression import FAILURES, Evaluates, truth
from engine.spiff.model import Flow
from engine.spiff.nodes.node import Node, none_holds
from engine.spiff.runtime.subscriptions import resolve
from engine.spiff.runtime.token import ARRIVE, ROOT, WAITING, Token
from engine.spiff.scope import Scope
from kernel.text import Text, say


class ExclusiveGateway(Node):
    """The first flow whose condition holds, else the default."""

    def choose(self, token: Token) -> Sequence[Flow]:
        scope = token.workflow.scope
        for flow in self.flows:
            if flow is not self.default and (flow.condition is None or truth(flow.condition, scope)):
                return [flow]
        if self.default is not None:
            return [self.default]
        if self.flows:
            raise none_holds(self.name)
        return []


class JoiningGateway(Node):
    """Tokens wait here one by one; the gateway uses up one of each incoming flow when it fires."""

    joins = True

    def _update(self, token: Token) -> None:
        if len(self.incoming) < 2:
            super()._update(token)
            return
        waiting = token.workflow.joins.setdefault(self.name, [])
        waiting.append(token)
        token._state = WAITING
        self.arrived(token.workflow, waiting)

    def announced(self, token: Token) -> bool:
        return not (token.stopped_at == ARRIVE or token in token.workflow.joins.get(self.name, ()))

    def waits_in_vain(self, token: Token) -> Text:
        """The sentence for a token that waits here while nothing in the instance moves any more."""
        firsts = self.firsts([token, *token.workflow.joins[self.name]])
        missing = [f"{flow.id} ({flow.source.name})" for flow in self.incoming if flow.id not in firsts]
        return say(
            "{element} waits for a token on {flows}, and nothing in the case can bring one there. Where only one of the"
            " ways is taken, join them by an exclusive gateway; where they wait for each other, take one of them away.",
            element=self.name,
            flows=", ".join(missing),
        )

    def arrived(self, scope: Any, waiting: list[Token]) -> None:
        """A token has come to wait."""

    def try_fire(self, scope: Any, waiting: list[Token]) -> bool:
        """Decide, once nothing else in the instance moves."""
        return False

    def firsts(self, waiting: Iterable[Token]) -> dict[str, Token]:
        """The first waiting token of each incoming flow."""
        found: dict[str, Token] = {}
        for token in waiting:
            found.setdefault(token.internal_data["f"], token)
        return found

    def fire(self, scope: Any, used: Sequence[Token]) -> None:
        """One token goes on for all that are used up."""
        kept, *merged = used
        waiting = scope.joins[self.name]
        waiting.remove(kept)
        for token in merged:
            scope.remove(token)
        self.announce(kept)
        self.attempt(kept)


class ParallelGateway(JoiningGateway):
    """Waits for a token on every incoming flow, then sends one out on every outgoing flow."""

    def arrived(self, scope: Any, waiting: list[Token]) -> None:
        if len(waiting) >= len(self.incoming):
            firsts = self.firsts(waiting)
            if len(firsts) == len(self.incoming):
                self.fire(scope, list(firsts.values()))

    def choose(self, token: Token) -> Sequence[Flow]:
        return self.flows


class InclusiveGateway(JoiningGateway):
    """Waits while a token elsewhere can still reach an empty incoming flow without passing this gateway, unless that
    token can as well reach a flow that already has one (BPMN 2.0.2, table 13.3). This holds for graphs of any shape.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reach: Mapping[str, frozenset[str]] = {}  # node: the incoming flows that a token there can come to

    def try_fire(self, scope: Any, waiting: list[Token]) -> bool:
        firsts = self.firsts(waiting)
        empty = {flow.id for flow in self.incoming} - firsts.keys()
        if empty and self.expects_more(scope, empty, set(firsts)):
            return False
        self.fire(scope, list(firsts.values()))
        return True

    def expects_more(self, scope: Any, empty: set[str], filled: set[str]) -> bool:
        """True while a token is on its way to an empty flow."""
        for token in scope.tasks.values():
            if token.task_spec is not self and token._parent == ROOT and not token.triggered:
                flows = self.reach.get(token.task_spec.name)
                if flows and not flows.isdisjoint(empty) and flows.isdisjoint(filled):
                    return True
        return False

    def choose(self, token: Token) -> Sequence[Flow]:
        scope = token.workflow.scope
        if len(self.flows) < 2 and not (self.flows and self.flows[0].condition):
            return self.flows
        taken = [
            flow
            for flow in self.flows
            if flow is not self.default and (flow.condition is None or truth(flow.condition, scope))
        ]
        if taken:
            return taken
        if self.default is None:
            raise none_holds(self.name)
        return [self.default]


class ComplexGateway(InclusiveGateway):
    """Fires once its activation condition holds over `activationCount`, then takes in the tokens that still come and
    opens again when all have (BPMN 2.0.2, 13.4.5).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activation: Evaluates | None = None

    def _update(self, token: Token) -> None:
        if "go" in token.internal_data:
            self.announce(token)
            self.attempt(token)
        else:
            super()._update(token)

    def waits_in_vain(self, token: Token) -> Text:
        if self.activation is None:
            return super().waits_in_vain(token)
        return say(
            "{element} waits until {condition} holds. {count} tokens have come, and nothing in the case can bring"
            " another one. Correct the activation condition, or lead more ways there.",
            element=self.name,
            condition=self.activation.text,
            count=len(self.firsts([token, *token.workflow.joins[self.name]])),
        )

    def try_fire(self, scope: Any, waiting: list[Token]) -> bool:
        if self.activation is None:
            return super().try_fire(scope, waiting)
        firsts = self.firsts(waiting)
        if any("d" in token.internal_data for token in waiting):
            return self._reopen(scope, waiting, firsts)
        counted = Scope(0, scope.scope, scope.scope.turn, {"activationCount": len(firsts)})
        try:
            if not truth(self.activation, counted):
                return False
        except FAILURES as failure:
            first = waiting.pop(0)
            first.park(ARRIVE, failure)
            return False
        waiting[0].internal_data["d"] = 1
        scope.token(self, go=1)
        return True

    def _reopen(self, scope: Any, waiting: list[Token], firsts: dict[str, Token]) -> bool:
        empty = {flow.id for flow in self.incoming} - firsts.keys()
        if empty and self.expects_more(scope, empty, set(firsts)):
            return False
        for token in list(waiting):
            scope.remove(token)
        scope.settle()
        return True


class EventBasedGateway(Node):
    """Waits for all of its events at once; the first to happen decides the way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch: list[Flow] = []  # of each event, the flow that it takes

    def enter(self, token: Token) -> bool:
        token.workflow.top_workflow.arm(token, resolve(self.events, token.scope))
        return False

    def waiter(self, index: int) -> str:
        return str(self.branch[index].target.name)

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        scope, flow, turn = token.workflow, self.branch[index], token.scope.turn
        scope.top_workflow.disarm(token)
        turn.event("ELEMENT_COMPLETED", self.name, token.id)
        turn.event("SEQUENCE_FLOW_TAKEN", flow.id, token.id)
        scope.token(flow.target, go=1, v=variables)
        scope.remove(token)

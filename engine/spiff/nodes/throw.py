"""Throw events: intermediate and end (BPMN 2.0.2, 10.5.3 and 10.5.6)."""

from collections.abc import Callable
from typing import Any

from engine.model import Signal, Thrown, Value
from engine.spiff.expression import name
from engine.spiff.model import EventDefinition
from engine.spiff.nodes.compensation import Compensating
from engine.spiff.nodes.node import Node
from engine.spiff.runtime.bubble import throw, unhandled
from engine.spiff.runtime.token import RUN, Token
from kernel.text import say

Variables = dict[str, Value]


class ThrowEvent(Compensating, Node):
    """Throws its events one after the other. Where it starts compensation it waits for the handlers."""

    restart = RUN

    def perform(self, token: Token) -> bool | None:
        variables = dict(token.scope.own) if self.takes else {}
        waits = False
        for event in self.events:
            waits |= bool(THROW[event.kind](self, token, event, variables))
            if token.id not in token.workflow.tasks:
                return None
        return None if waits else True


class EndEvent(ThrowEvent):
    """A throw event without a way out."""


def _signal(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> None:
    assert event.name is not None
    signal = name(event.name, token.scope, say("The signal name"))
    token.scope.turn.signals.append(Signal(name=signal, variables=variables))
    token.workflow.top_workflow.broadcast(signal, variables)


def _escalation(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> None:
    if not throw(token, "escalation", event.code, variables):
        thrown = Thrown(token=token.id, kind="escalation", code=event.code or "", variables=variables)
        token.scope.turn.thrown.append(thrown)


def _error(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> None:
    if not throw(token, "error", event.code, variables):
        raise unhandled(token, event.code or "", variables=variables)


def _terminate(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> None:
    token.workflow.clear(keep=token)


def _compensate(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> bool:
    return node.compensate(token, event.code)


def _cancel(node: ThrowEvent, token: Token, event: EventDefinition, variables: Variables) -> bool:
    token.workflow.clear(keep=token)
    waits = node.compensate(token, None)
    if not waits:
        node.cancel_transaction(token)
    return waits


THROW: dict[str, Callable[[ThrowEvent, Token, EventDefinition, Variables], Any]] = {
    "signal": _signal,
    "escalation": _escalation,
    "error": _error,
    "terminate": _terminate,
    "compensate": _compensate,
    "cancel": _cancel,
}

"""Gateways to nodes."""

from collections.abc import Callable

from engine.spiff.compile.draft import Draft
from engine.spiff.nodes.gateways import (
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from engine.spiff.nodes.node import Node
from kernel.text import say


def complex_gateway(draft: Draft) -> Node:
    node = draft.make(ComplexGateway)
    node.activation = draft.child_feel("activationCondition")
    return node


def event_based_gateway(draft: Draft) -> Node:
    if draft.flag("instantiate", "false"):
        draft.refuse(
            "unsupported-element",
            say("An event-based gateway cannot start a process here. Use a start event for each message."),
        )
    return draft.make(EventBasedGateway)


BUILD: dict[str, Callable[[Draft], Node]] = {
    "exclusiveGateway": lambda draft: draft.make(ExclusiveGateway),
    "parallelGateway": lambda draft: draft.make(ParallelGateway),
    "inclusiveGateway": lambda draft: draft.make(InclusiveGateway),
    "complexGateway": complex_gateway,
    "eventBasedGateway": event_based_gateway,
}

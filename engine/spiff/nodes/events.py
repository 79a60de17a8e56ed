"""Catch events: start, intermediate and boundary (BPMN 2.0.2, 10.5)."""

from typing import Any

from engine.model import Value
from engine.spiff.nodes.node import Node
from engine.spiff.runtime.subscriptions import resolve
from engine.spiff.runtime.token import Token


class CatchEvent(Node):
    """Waits for one of its events, or for all of them where `parallel` is set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parallel = False

    def enter(self, token: Token) -> bool:
        if "go" in token.internal_data:
            self.receive(token, token.internal_data.get("v", {}))
            del token.internal_data["go"]
            token.internal_data.pop("v", None)
            return True
        if not token.triggered:
            super().enter(token)
            token.workflow.top_workflow.arm(token, resolve(self.events, token.scope))
        return False

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        top = token.workflow.top_workflow
        if self.parallel and not self._complete_set(token, index, variables):
            return
        if token.internal_data["w"][index][0] == "t" and top.next_firing(token, index):
            token.workflow.token(self, go=1)
            return
        top.disarm(token)
        if not self.parallel:
            self.receive(token, variables)
        token._ready()

    def _complete_set(self, token: Token, index: int, variables: dict[str, Value]) -> bool:
        seen = token.internal_data.setdefault("seen", [])
        if index not in seen:
            seen.append(index)
            self.receive(token, variables)
        return len(seen) == len(self.events)


class StartEvent(CatchEvent):
    """Its scope puts a token here when the event has happened."""


class LinkCatchEvent(Node):
    """Where a link throw event of the same name goes on. The compiler turns links into flows."""


class BoundaryEvent(CatchEvent):
    """Listens while its activity runs; the activity arms it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interrupting = True

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        scope = token.workflow
        if not self.interrupting:
            scope.token(self, go=1, v=variables)
            if token.id in scope.top_workflow.waiting:
                scope.top_workflow.rearm(token, index)
            return
        host = token.parent
        scope.top_workflow.disarm(token)
        scope.adopt(token)
        host.cancel()
        self.announce(token)
        self.receive(token, variables)
        token._ready()

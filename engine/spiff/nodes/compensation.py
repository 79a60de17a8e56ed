"""Compensation: what is done is undone, the latest first (BPMN 2.0.2, 10.7 and 13.5.5).

A scope keeps a record of each completed activity that can be undone: `[activity, handler, records inside]`. A handler
is the activity that a compensation boundary event is associated with; a sub-process without one is undone from inside,
or by its own compensation event sub-process.
"""

from collections.abc import Iterator
from typing import Any

from engine.spiff.model import EventDefinition
from engine.spiff.runtime.token import Token

Record = list[Any]


class Compensating:
    """The part of a throw event that starts handlers and waits for them."""

    events: list[EventDefinition]

    def compensate(self, token: Token, activity: str | None) -> bool:
        """Start the handlers of completed activities, of one or of all. True if there are any to wait for."""
        scope = token.workflow
        while scope.depth and scope.owner.task_spec.is_listener and not scope.compensations:
            scope = scope.parent_workflow
        records = [record for record in scope.compensations if activity in (None, record[0])]
        scope.compensations = [record for record in scope.compensations if record not in records]
        handlers = list(_handlers(records))
        token.internal_data["c"] = len(handlers)
        for name, inside in handlers:
            internal = {"k": 1, "r": inside} if inside else {"k": 1}
            token.workflow.token(token.workflow.model.nodes[name], token, **internal)
        return bool(handlers)

    def child_ended(self, token: Token, child: Token) -> None:
        """A handler is through; after the last of them the event goes on."""
        token.internal_data["c"] -= 1
        if token.internal_data["c"]:
            return
        if any(event.kind == "cancel" for event in self.events):
            self.cancel_transaction(token)
        else:
            token.complete()

    def cancel_transaction(self, token: Token) -> None:
        """All is undone: the cancel boundary event of the transaction goes on, else the cancel end event just ends."""
        owner, top = token.workflow.owner, token.workflow.top_workflow
        host = owner.parent if owner.inner else owner
        hit = top.listener([owner.workflow.tasks[child] for child in host._children], "cancel", None)
        if hit is None:
            token.complete()
        else:
            hit[0].task_spec.caught(*hit, {})


def _handlers(records: list[Record]) -> Iterator[tuple[str, list[Record] | None]]:
    for _, handler, inside in reversed(records):
        if handler:
            yield handler, inside
        elif inside:
            yield from _handlers(inside)

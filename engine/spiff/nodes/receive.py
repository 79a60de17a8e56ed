"""Receive tasks: an activity that waits for a message."""

from engine.model import Value
from engine.spiff.nodes.activities import Activity
from engine.spiff.runtime.subscriptions import resolve
from engine.spiff.runtime.token import Token


class ReceiveTask(Activity):
    """Waits for its message."""

    def perform(self, token: Token) -> None:
        token.workflow.top_workflow.arm(token, resolve(self.events, token.scope))

    def caught(self, token: Token, index: int, variables: dict[str, Value]) -> None:
        token.workflow.top_workflow.disarm(token)
        self.finish(token, variables)

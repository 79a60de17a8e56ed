"""What all activities share: boundary events, multi-instance and loops, compensation, results (BPMN 2.0.2, 13.3)."""

from typing import Any

from engine.model import Values
from engine.spiff.nodes.multi_instance import Repeats
from engine.spiff.nodes.node import Node
from engine.spiff.runtime.subscriptions import resolve
from engine.spiff.runtime.token import ARRIVE, FINISHED, FUTURE, RUN, STARTED, WAITING, Token
from kernel.text import Text, say


class Activity(Node):
    """A task or sub-process. With `loop` its first token is the body, which holds one token for each iteration."""

    restart = RUN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loop: Repeats | None = None
        self.handler: str | None = None  # the activity that undoes this one
        self.start_quantity = 1
        self.completion_quantity = 1  # its flows stand in `flows` so many times

    def _update(self, token: Token) -> None:
        if self.start_quantity > 1 and "i" not in token.internal_data and not self._gather(token):
            return
        super()._update(token)

    def _gather(self, token: Token) -> bool:
        """Wait until enough tokens have come (startQuantity); the last of them goes on."""
        waiting: list[Token] = token.workflow.joins.setdefault(self.name, [])
        waiting.append(token)
        if len(waiting) < self.start_quantity:
            token._state = WAITING
            return False
        waiting.remove(token)
        for other in list(waiting):
            token.workflow.remove(other)
        return True

    def announced(self, token: Token) -> bool:
        gathering = token.stopped_at == ARRIVE or token in token.workflow.joins.get(self.name, ())
        return super().announced(token) and not gathering

    def waits_in_vain(self, token: Token) -> Text:
        """The sentence for a token that waits for others to start with."""
        return say(
            "{element} starts with {quantity} tokens. {count} have come, and nothing in the case can bring more. Lower"
            " its startQuantity, or lead more ways there.",
            element=self.name,
            quantity=self.start_quantity,
            count=len(token.workflow.joins[self.name]) + 1,
        )

    def enter(self, token: Token) -> bool:
        internal = token.internal_data
        if self.loop is None and not self.boundaries:
            if self.takes:
                self.map_in(token)
            return True
        if self.loop is not None and "i" not in internal:
            return self._enter_body(token, self.loop)
        super().enter(token)
        if self.boundaries and "i" not in internal:
            self._listen(token)
        return bool(token._state in (FUTURE, WAITING))

    def _enter_body(self, token: Token, loop: Repeats) -> bool:
        token.workflow.top_workflow.may_multiply()
        plan = loop.plan(token)
        self._listen(token)
        if token._state & FINISHED:
            return False
        if not plan:
            loop.finish(token)
            token.complete()
            return False
        token._state = STARTED
        loop.begin(token, plan)
        return False

    def _listen(self, token: Token) -> None:
        """Arm the boundary events. Every wait is read before the first is armed, so a fault arms none."""
        resolved = [(boundary, resolve(boundary.events, token.scope)) for boundary in self.boundaries]
        for boundary, waits in resolved:
            if token._state & FINISHED:
                return
            listener = token.workflow.token(boundary, token, triggered=True)
            token.workflow.top_workflow.arm(listener, waits)

    def finish(self, token: Token, variables: Values) -> None:
        """The work is done outside."""
        token.answered()
        self.receive(token, variables)
        token.complete()

    def conclude(self, token: Token) -> None:
        internal, tasks = token.internal_data, token.workflow.tasks
        if not internal and not token._children and not self.handler:
            if self.gives:
                self.map_out(token)
            return
        if "mi" in internal:
            assert self.loop is not None
            self.loop.finish(token)
        else:
            super().conclude(token)
            if "i" in internal and self.loop is not None:
                internal["n"] = self.loop.next_of(token.parent, token)
        for child in list(token._children):
            if child in tasks:
                tasks[child].cancel()
        if self.handler and "i" not in internal:
            token.workflow.compensations.append([self.name, self.handler, None])

    def child_ended(self, token: Token, child: Token) -> None:
        """An iteration is through."""
        assert self.loop is not None
        self.loop.ended(token, child)


class PassTask(Activity):
    """A manual task or a task of no kind: nothing to wait for."""

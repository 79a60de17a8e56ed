"""Tasks whose work a handler does: service and send task, others with a job type, message throw and end event."""

from collections.abc import Mapping
from typing import Any

from engine.model import Job
from engine.spiff.expression import Evaluates, Fault, Literal, name, shown
from engine.spiff.nodes.activities import Activity
from engine.spiff.numbers import whole_number
from engine.spiff.runtime.token import Token
from kernel.text import say

MOST_RETRIES = 1_000


class JobTask(Activity):
    """Opens a job and waits until it is done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type: Evaluates = Literal("")
        self.retries: Evaluates = Literal("3")
        self.headers: Mapping[str, str] = {}

    def perform(self, token: Token) -> None:
        scope = token.scope
        kind = name(self.type, scope, say("The job type"))
        job = Job(
            token=token.id,
            element=self.name,
            type=kind,
            retries=self._retries(token),
            headers=self.headers,
            variables=scope.visible(),
        )
        token.wait_for(job)

    def _retries(self, token: Token) -> int:
        found = self.retries(token.scope)
        count = whole_number(found, MOST_RETRIES) if isinstance(found, str) else found
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_RETRIES:
            return count
        raise Fault(
            "EXTRACT_VALUE_ERROR",
            say("The retries {text} gave {value}, which is no count.", text=self.retries.text, value=shown(found)),
        )

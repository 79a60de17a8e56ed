"""Script tasks: one FEEL expression, one result."""

from typing import Any

from engine.spiff.expression import Evaluates, Literal
from engine.spiff.nodes.activities import Activity
from engine.spiff.runtime.token import Token


class ScriptTask(Activity):
    """Evaluates and goes on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.script: Evaluates = Literal("")
        self.result = ""

    def perform(self, token: Token) -> bool:
        self.receive(token, {self.result: self.script(token.scope)})
        return True

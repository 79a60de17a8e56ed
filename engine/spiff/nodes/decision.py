"""Business rule tasks: a deployed decision."""

from dataclasses import replace
from typing import Any

import feel
from engine.model import Reference
from engine.spiff.expression import Evaluates, Fault, Literal, name, told
from engine.spiff.nodes.activities import Activity
from engine.spiff.runtime.token import Token
from kernel.errors import Refusal
from kernel.text import Text, say


class DecisionTask(Activity):
    """Asks the host for the decision and goes on with its result."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision: Evaluates = Literal("")
        self.reference = Reference(id="")
        self.result = ""

    def perform(self, token: Token) -> bool:
        turn = token.scope.turn
        called = name(self.decision, token.scope, say("The decision id"))
        try:
            value, trace = turn.host.decide(replace(self.reference, id=called), token.scope)
        except LookupError as error:
            raise Fault("CALLED_DECISION_ERROR", say("{reason}", reason=_sentence(error))) from error
        except (feel.FeelError, Refusal, ValueError) as error:
            raise Fault("DECISION_EVALUATION_ERROR", say("{reason}", reason=_sentence(error))) from error
        turn.event("DECISION_EVALUATED", self.name, token.id, trace)
        self.receive(token, {self.result: value})
        return True


def _sentence(error: Exception) -> Text | str:
    return str(error.args[0]) if isinstance(error, LookupError) and error.args else told(error)

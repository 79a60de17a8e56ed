"""Call activities: another process as an instance of its own, which the host starts and answers for."""

from dataclasses import replace
from typing import Any

from engine.model import Call, Reference, Values
from engine.spiff.expression import Evaluates, Literal, name
from engine.spiff.nodes.activities import Activity
from engine.spiff.runtime.token import Token
from kernel.text import say


class CallActivity(Activity):
    """Opens the call and waits until the called instance has completed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.called: Evaluates = Literal("")
        self.reference = Reference(id="")
        self.all_in = True
        self.all_out = True

    def perform(self, token: Token) -> None:
        process = name(self.called, token.scope, say("The called process"))
        variables = token.scope.visible() if self.all_in else dict(token.open_scope().own)
        token.wait_for(
            Call(token=token.id, element=self.name, process=replace(self.reference, id=process), variables=variables)
        )

    def returned(self, token: Token, variables: Values) -> None:
        """The called instance has completed with these variables."""
        self.finish(token, variables if self.all_out or self.gives else {})

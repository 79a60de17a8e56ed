"""Errors and escalations go from the inside out (BPMN 2.0.2, 10.5.6 and 10.5.7)."""

from typing import Any

from engine.model import Thrown
from engine.spiff.expression import Fault
from engine.spiff.runtime.token import ROOT, Token
from kernel.text import say


def catcher(token: Token, kind: str, code: str | None) -> tuple[Token, int] | None:
    """Who catches what a token throws: boundary events of its activity, event sub-processes of its scope, then the
    same one scope further out. None where nothing in the instance does.
    """
    top: Any = token.workflow.top_workflow
    while True:
        scope: Any = token.workflow
        host = token.parent if token.inner else token
        hit: tuple[Token, int] | None = top.listener([scope.tasks[child] for child in host._children], kind, code)
        if hit is None and not token.task_spec.is_listener:
            hit = top.listener([other for other in scope.tasks.values() if other._parent == ROOT], kind, code)
        if hit is not None or scope is top:
            return hit
        token = scope.owner


def throw(token: Token, kind: str, code: str | None, variables: dict[str, Any]) -> bool:
    """Hand an error or escalation to its catcher. False where there is none."""
    hit = catcher(token, kind, code)
    if hit is None:
        return False
    listener, index = hit
    listener.task_spec.caught(listener, index, variables)
    return True


def unhandled(token: Token, code: str, message: str = "", variables: dict[str, Any] | None = None) -> Fault:
    """Tell the caller of an error that nothing here catches. Returns the fault that stops its element."""
    thrown = Thrown(token=token.id, kind="error", code=code, message=message, variables=variables or {})
    token.scope.turn.thrown.append(thrown)
    if message:
        return Fault(
            "UNHANDLED_ERROR_EVENT",
            say("No catch event takes the error {code}: {message}", code=code, message=message),
        )
    return Fault("UNHANDLED_ERROR_EVENT", say("No catch event takes the error {code}.", code=code))

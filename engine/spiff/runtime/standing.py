"""A case that stands: it is not over, and nothing that could still happen would move it.

Told once no token can move: every ready token has run, every condition has been looked at, every join has been asked.
What is left waits either for the world (open work, a timer, a message, a signal, a condition over variables, the retry
of an incident) or for other tokens of the instance. If none waits for the world, none ever comes to those who wait for
each other; then, and only then, is there an alarm. A listener for errors and escalations is no such wait: only a token
of the instance could throw them.
"""

from collections.abc import Iterator
from typing import Any

from engine.spiff.expression import Fault
from engine.spiff.runtime.token import ARRIVE, ROOT, Token

WORLD = "tmsc"  # kinds of waits that something outside ends


def tell_if_standing(instance: Any) -> None:
    """Raise an incident where the case stands: at the longest waiting of those that wait for other tokens.

    Asked at the end of a turn that opened no work.
    """
    if instance.completed or _hears_the_world(instance):
        return
    stuck = [token for scope in _scopes(instance) for waiting in scope.joins.values() for token in waiting]
    if stuck:
        token = min(stuck, key=_age)
        fault = Fault("DEADLOCK", token.task_spec.waits_in_vain(token))
        token.workflow.joins[token.task_spec.name].remove(token)
        token.park(ARRIVE, fault)


def _scopes(instance: Any) -> Iterator[Any]:
    yield instance
    yield from instance.subprocesses.values()


def _hears_the_world(instance: Any) -> bool:
    if any(wait[0] in WORLD for token in instance.waiting.values() for wait in token.internal_data["w"]):
        return True
    return any(
        token.id != ROOT and ("o" in token.internal_data or "x" in token.internal_data)
        for scope in _scopes(instance)
        for token in scope.tasks.values()
    )


def _age(token: Token) -> int:
    return token.id
